"""Train on CSV files as the nightly job does, and measure the release on other ones.

Files have the columns text, intent and, if known, lang; the folder of a bot pack stands for its
examples. The intent out_of_scope marks rows that must not be answered; for training they are
optional. OUT.json holds the figures and every row.
With --perturb the test files are measured once more, with a slip of the hand in every row.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console

from sangdam.bots.compiled import bot_of_intents
from sangdam.bots.definition import (
    LANGUAGES,
    PROFILES,
    Example,
    Profile,
    Reading,
    reading_of,
)
from sangdam.learning.classifier_card import CARD, ClassifierCard
from sangdam.learning.held_out import HeldOutRow
from sangdam.learning.release import Release
from sangdam.learning.thresholds import Judged
from sangdam.nlu.model import IntentModel
from sangdam.nlu.understand import ANY_DAY, understand, words_of
from sangdam.nlu.understanding import OUT_OF_SCOPE, Scores, Thresholds, Understanding
from sangdam.ports import Encoder, TrainingPlan
from sangdam.services.build_release import build_release
from sangdam.services.shelf import OpenRelease, Shelf
from sangdam_adapters import stores
from sangdam_adapters.memory import MemoryRegistry
from sangdam_adapters.onnx_classifier import OnnxModelOpener
from sangdam_adapters.onnx_encoder import EncoderError
from sangdam_adapters.settings import Address
from sangdam_training.errors import TrainingError
from sangdam_training.trainer import SklearnTrainer
from scripts.evaluation.page import write_page
from scripts.evaluation.perturbation import NAMES, losses, perturbed, write_losses
from scripts.evaluation.report import (
    Judgement,
    Measured,
    draw_confusions,
    figures,
    together,
    with_rows,
    write_table,
)
from scripts.evaluation.resampling import resample
from scripts.evaluation.rows import Rows, RowsError, read_rows, read_tests, spoken_in
from scripts.local import progress
from scripts.local.paths import ENCODER

BOT = "evaluation"
WARM_UP = 20
BAD_INPUT = 2
RESAMPLINGS = 200
RANKED = 5
"""So many of the best intents of each row are kept for the page."""


def main(argv: Sequence[str] | None = None) -> int:
    """Evaluate; returns 2, with one line on standard error, for input that cannot be used."""
    options = _parser().parse_args(argv)
    try:
        train = tuple(
            example
            for path in options.train
            for example in spoken_in(read_rows(path), options.train_language, where=str(path))
        )
        tests = [
            Rows(one.name, spoken_in(one.examples, options.test_language, where=one.name))
            for one in read_tests(options.test)
        ]
        folder = options.report or options.json.parent
        _check_target(options.json, folder)
        rows = [*train, *(one for test in tests for one in test.examples)]
        reading = reading_of(options.profile, {one.language for one in rows})
        encoder = None if options.no_encoder else open_encoder(reading)
        result, measured = evaluate(
            train, tests, encoder=encoder, seed=options.seed, seconds=options.time_budget,
            perturb=options.perturb, resamplings=options.resample, profile=options.profile,
        )  # fmt: skip
    except (RowsError, TrainingError, EncoderError) as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    options.json.write_text(
        json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    console = Console()
    write_table(console, result, measured)
    write_losses(console, result, tests=list(measured))
    if result["resampled"]:
        console.print(result["resampled"]["words"], highlight=False, markup=False)
    written = write_report(result, measured, folder=folder, stem=options.json.stem)
    for path in (options.json, *written):
        console.print(f"wrote {path}", highlight=False, markup=False, soft_wrap=True)
    return 0


def open_encoder(reading: Reading) -> Encoder | None:
    """Open the encoder of bots that are read in a way."""
    return stores.open_encoders(Address.of_folder(ENCODER)).of(reading)


def evaluate(
    train: Sequence[Example],
    tests: Sequence[Rows],
    *,
    encoder: Encoder | None,
    seed: int,
    seconds: float,
    perturb: Sequence[str] = (),
    resamplings: int = RESAMPLINGS,
    profile: Profile = "fast",
) -> tuple[dict[str, Any], dict[str, Measured]]:
    """Return the result as written to OUT.json, and the judged rows of each test file.

    ``perturb`` names the kinds of slip that the test files are measured with once more;
    ``resamplings`` is how often the held-out judgements are halved to see whether thresholds chosen
    on one half keep the error budget on the other.

    Raises
    ------
    TrainingError
        If the rows cannot be learnt from.
    """
    opener = OnnxModelOpener(encoder)
    judged: list[Judged] = []
    plan = TrainingPlan(seed=seed, seconds=seconds)
    with progress.shown(Console(stderr=True)) as report:
        bot = bot_of_intents(BOT, sorted({one.intent for one in train}), LANGUAGES)
        begun = time.perf_counter()
        release = build_release(
            replace(bot, profile=profile),
            train,
            trainer=SklearnTrainer(encoder=encoder, open_model=opener, tell_judged=judged.extend),
            plan=plan,
            now=stores.now(),
            encoder=None if encoder is None else encoder.name,
            progress=report,
        )
        train_seconds = time.perf_counter() - begun
        opened = open_as_served(release, opener)
        milliseconds: list[float] = []
        measured = {}
        for rows in tests:
            report(f"measuring {rows.name}", 0, 1)
            measured[rows.name] = measure(opened, rows.examples, milliseconds)
            report(f"measuring {rows.name}", 1, 1)
        slipped = {}
        for name in dict.fromkeys(perturb):
            report(f"measuring slips: {name}", 0, 1)
            after = {
                rows.name: measure(opened, perturbed(rows, name, seed=seed).examples, [])
                for rows in tests
            }
            slipped[name] = losses(measured, after)
            report(f"measuring slips: {name}", 1, 1)
        resampled = None
        if resamplings and len(judged) > 1:
            report("halving the held-out judgements", 0, 1)
            found = resample(judged, error_budget=plan.error_budget, times=resamplings, seed=seed)
            resampled = {**found.to_plain(), "words": found.words()}
            report("halving the held-out judgements", 1, 1)
    milliseconds.sort()
    thresholds = ClassifierCard.from_json(release.files[CARD]).thresholds
    result: dict[str, Any] = {
        "tests": {name: with_rows(one) for name, one in measured.items()},
        "train_seconds": train_seconds,
        "release_bytes": release.size,
        "p50_ms": milliseconds[len(milliseconds) // 2],
        "p99_ms": milliseconds[int(len(milliseconds) * 0.99)],
        "together": figures(together(list(measured.values()))),
        "perturbed": slipped,
        "thresholds": {
            "answer": thresholds.answer,
            "clarify": thresholds.clarify,
            "in_scope": thresholds.in_scope,
            "clarify_in_scope": thresholds.clarify_in_scope,
            "rule": thresholds.rule,
            "asked_mass": thresholds.asked_mass,
        },
        "resampled": resampled,
        "training": dict(release.manifest.metrics),
        "seed": seed,
        "encoder": None if encoder is None else encoder.name,
    }
    return result, measured


def open_as_served(release: Release, opener: OnnxModelOpener) -> OpenRelease:
    """Open a release from a registry, as the chat function does."""
    registry = MemoryRegistry(clock=stores.now)
    registry.publish(release)
    registry.move(release.bot, to=release.name, expected=None)
    nothing = MemoryRegistry(clock=stores.now)
    shelf = Shelf(registry, nothing, opener, clock=stores.now, warn=_fail)
    return shelf.current(release.bot)


def measure(
    opened: OpenRelease, examples: Sequence[Example], milliseconds: list[float]
) -> Measured:
    """Judge rows one by one; how long understanding each took is added to ``milliseconds``."""
    model = _Overheard(opened.model)
    for example in examples[:WARM_UP]:
        _understood(opened, model, example)
    rows, in_scope, held_out = list[Judgement](), list[float](), list[HeldOutRow]()
    for example in examples:
        begun = time.perf_counter()
        understood = _understood(opened, model, example)
        milliseconds.append((time.perf_counter() - begun) * 1000)
        scores = model.said or opened.model.score(words_of(opened.bot, example.text))
        predicted, confidence = scores.intents[0]
        rows.append(
            Judgement(example.text, example.intent, predicted, confidence, understood.decision)
        )
        in_scope.append(scores.in_scope)
        held_out.append(
            HeldOutRow(
                example.text, example.language, example.intent, predicted, confidence,
                scores.in_scope, scores.intents[:RANKED], understood.decision,
            )
        )  # fmt: skip
    return Measured(tuple(rows), tuple(in_scope), tuple(held_out))


class _Overheard:
    """A model that keeps what it said last, so that no message is scored twice."""

    def __init__(self, model: IntentModel) -> None:
        self._model = model
        self.said: Scores | None = None

    @property
    def thresholds(self) -> Thresholds:
        return self._model.thresholds

    def score(self, text: str) -> Scores:
        self.said = self._model.score(text)
        return self.said

    def vectors(self, texts: Sequence[str]) -> Sequence[Sequence[float]] | None:
        return self._model.vectors(texts)


def _understood(opened: OpenRelease, model: _Overheard, example: Example) -> Understanding:
    model.said = None
    return understand(opened.bot, model, example.text, language=example.language, now=ANY_DAY.now)


def write_report(
    result: Mapping[str, Any], measured: Mapping[str, Measured], *, folder: Path, stem: str
) -> list[Path]:
    """Write the table as text, a picture for each file with known intents and a page of all rows.

    Returns the paths.
    """
    table = folder / f"{stem}.txt"
    with table.open("w", encoding="utf-8") as file:
        console = Console(file=file, width=120)
        write_table(console, result, measured)
        write_losses(console, result, tests=list(measured))
    written = [table]
    for name, one in measured.items():
        if all(row.expected == OUT_OF_SCOPE for row in one.rows):
            continue
        path = folder / f"{stem}.{name.replace('/', '.')}.png"
        draw_confusions(one, path, title=f"{name}: the intents with most mistakes")
        written.append(path)
    return [*written, _page(result, measured, folder / f"{stem}.html")]


def _page(result: Mapping[str, Any], measured: Mapping[str, Measured], path: Path) -> Path:
    """Write the page that releases carry, of the test rows."""
    return write_page(
        together(list(measured.values())).held_out,
        path,
        thresholds=Thresholds(**result["thresholds"]),
        training=result["training"],
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/evaluate", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument(
        "--train", type=Path, action="append", required=True, metavar="FILE.csv",
        help="rows to learn from; may be given again",
    )  # fmt: skip
    parser.add_argument(
        "--test", type=Path, action="append", required=True, metavar="FILE.csv",
        help="rows to measure on; may be given again, each is reported under its file's stem",
    )  # fmt: skip
    for which, done in (("train", "learnt from"), ("test", "measured")):
        parser.add_argument(
            f"--{which}-language", choices=LANGUAGES,
            help=f"only the rows in this language are {done}",
        )  # fmt: skip
    parser.add_argument("--json", type=Path, required=True, metavar="OUT.json", help="the result")
    parser.add_argument("--seed", type=int, default=0, help="fixes every draw (default: 0)")
    parser.add_argument(
        "--time-budget", type=_seconds, default=600.0, metavar="SECONDS",
        help="bound of the training (default: 600); half of it may go into the search",
    )  # fmt: skip
    parser.add_argument(
        "--report", type=Path, metavar="DIR",
        help="folder of the table and the pictures (default: beside OUT.json)",
    )  # fmt: skip
    parser.add_argument(
        "--perturb", choices=NAMES, action="append", default=[], metavar="NAME",
        help="measure again with slips of the hand in the test rows, drawn with the seed: "
        f"{', '.join(NAMES)}; may be given again",
    )  # fmt: skip
    parser.add_argument(
        "--profile", choices=PROFILES, default="fast",
        help="what a bot's profile says: accurate reads with three encoders (default: fast)",
    )  # fmt: skip
    parser.add_argument(
        "--resample", type=_count, default=RESAMPLINGS, metavar="N",
        help=f"halve the held-out judgements N times to see whether thresholds chosen on one half"
        f" keep the error budget on the other (default: {RESAMPLINGS}, 0: not at all)",
    )  # fmt: skip
    parser.add_argument("--no-encoder", action="store_true", help="lexical features alone")
    return parser


def _count(text: str) -> int:
    count = int(text)
    if count < 0:
        raise argparse.ArgumentTypeError(f"{text} is no number of times")
    return count


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds < 1e9:
        raise argparse.ArgumentTypeError(f"{text} is no number of seconds above 0")
    return seconds


def _check_target(out: Path, folder: Path) -> None:
    """Make the folders written to, so that a wrong path is known before the training."""
    for one in (folder, out.parent):
        try:
            one.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RowsError(f"{one}: cannot be made ({error.strerror}); choose another") from error
    if out.is_dir():
        raise RowsError(f"{out}: is a folder; --json names the file to write")


def _fail(trouble: str) -> None:
    raise TrainingError(trouble)


if __name__ == "__main__":
    raise SystemExit(main())
