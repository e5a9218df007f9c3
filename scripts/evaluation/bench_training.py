"""Time and memory of training on rows in any number, each case in a process of its own."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console

from sangdam.bots.compiled import bot_of_intents
from sangdam.bots.definition import LANGUAGES, Example
from sangdam.learning.classifier_card import CARD, GRAPH
from sangdam.ports import Encoder, PackMissingError, TrainingPlan
from sangdam.services.build_release import build_release
from sangdam_adapters import stores
from sangdam_adapters.onnx_classifier import OnnxModelOpener
from sangdam_adapters.onnx_encoder import EncoderError
from sangdam_adapters.settings import Address
from sangdam_adapters.yaml_bots import YamlPacks
from sangdam_training.errors import TrainingError
from sangdam_training.trainer import SklearnTrainer
from scripts.evaluation.bench_figures import Figures
from scripts.evaluation.bench_rows import TooFewSentencesError, synthetic_rows
from scripts.local import progress
from scripts.local.bench_memory import peak_memory
from scripts.local.paths import ENCODER, PACKS, ROOT

MODULE = "scripts.evaluation.bench_training"


@dataclass(frozen=True, slots=True)
class Case:
    """How much is learnt from, and what that may take."""

    rows: int
    intents: int
    seconds: float
    megabytes: float | None = None

    @property
    def name(self) -> str:
        return f"training, {self.rows:,} rows x {self.intents} intents"

    def goals(self) -> dict[tuple[str, str], float]:
        """Return the most that each figure should be."""
        found = {(self.name, "seconds"): self.seconds, (self.name, "classifier_mb"): 10.0}
        if self.megabytes is not None:
            found[self.name, "peak_mb"] = self.megabytes
        return found


CASES = (Case(500, 50, seconds=30), Case(10_000, 77, seconds=600, megabytes=2000))


class TrainingFailedError(RuntimeError):
    """The process that trains ended badly; it has said why."""


def in_own_process(bot: str, case: Case, *, seed: int) -> Figures:
    """Train in a fresh process, whose memory is that of training alone, and return its figures.

    Raises
    ------
    TrainingFailedError
        If the process fails; it tells why on standard error, as it tells how far it is.
    """
    given = [bot, str(case.rows), str(case.intents), "--seed", str(seed)]
    done = subprocess.run(  # noqa: S603 -- our own interpreter and module
        [sys.executable, "-P", "-m", MODULE, *given],
        cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise TrainingFailedError(f"{case.name}: ended with status {done.returncode}, see above")
    found: Figures = json.loads(done.stdout.splitlines()[-1])
    return found


def train(
    examples: Sequence[Example], *, rows: int, intents: int, seed: int, encoder: Encoder | None
) -> Figures:
    """Train in this process, on rows made of the examples, and return what it took.

    ``seconds`` is everything from rows to a release: vectors, search, export and parity check.
    ``cross_validated_percent`` shows that the rows can be learnt. A MB is a million bytes.
    """
    made = synthetic_rows(examples, rows=rows, intents=intents, seed=seed)
    names = list(dict.fromkeys(one.intent for one in made))
    with progress.shown(Console(stderr=True)) as report:
        begun = time.perf_counter()
        release = build_release(
            bot_of_intents("bench", names, LANGUAGES),
            made,
            trainer=SklearnTrainer(encoder=encoder, open_model=OnnxModelOpener(encoder)),
            plan=TrainingPlan(seed=seed),
            now=stores.now(),
            encoder=None if encoder is None else encoder.name,
            progress=report,
        )
        seconds = time.perf_counter() - begun
    return {
        "seconds": seconds,
        "peak_mb": peak_memory() * 1024 / 1e6,
        "classifier_mb": sum(len(release.files[name]) for name in (GRAPH, CARD)) / 1e6,
        "release_mb": release.size / 1e6,
        "cross_validated_percent": 100 * float(release.manifest.metrics["accuracy"]),
    }


def main(argv: Sequence[str] | None = None) -> int:
    """Train once and print the figures as one line of JSON."""
    parser = argparse.ArgumentParser(prog=f"python -m {MODULE}", description=__doc__)
    parser.add_argument("bot", help="whose sentences the rows are made of")
    parser.add_argument("rows", type=int)
    parser.add_argument("intents", type=int)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(argv)
    try:
        found = train(
            YamlPacks(PACKS).load(options.bot).examples,
            rows=options.rows, intents=options.intents, seed=options.seed,
            encoder=stores.open_encoder(Address.of_folder(ENCODER)),
        )  # fmt: skip
    except (TooFewSentencesError, PackMissingError, TrainingError, EncoderError) as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
