"""Train bots from their packs into a folder of releases: the baseline that is deployed."""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from sangdam.bots.definition import Profile
from sangdam.bots.reading import PackError
from sangdam.learning.release import ReleaseError
from sangdam.ports import PackMissingError, Progress, TrainingPlan
from sangdam.services.retrain import Night, Report, School, retrain
from sangdam_adapters import stores
from sangdam_adapters.encoders import Encoders
from sangdam_adapters.file_releases import FileRegistry
from sangdam_adapters.memory import MemoryFeedback
from sangdam_adapters.nightly import demo_of
from sangdam_adapters.onnx_classifier import OnnxModelOpener
from sangdam_adapters.onnx_encoder import EncoderError
from sangdam_adapters.rehearsal import rehearser
from sangdam_adapters.report_page import render
from sangdam_adapters.settings import Address
from sangdam_adapters.yaml_bots import YamlPacks
from sangdam_training.errors import TrainingError
from sangdam_training.trainer import SklearnTrainer
from scripts.local import progress
from scripts.local.paths import ENCODER, PACKS, RELEASES, ROOT

CODE = "code.sha256"
_LEARNS = (
    "layers/core/python/sangdam/text",
    "layers/core/python/sangdam/learning",
    "layers/core/python/sangdam/nlu",
    "layers/training/python/sangdam_training",
    "layers/adapters/python/sangdam_adapters/onnx_classifier.py",
)


def main(argv: Sequence[str] | None = None) -> int:
    """Train; returns 0 if every bot has a release that passed its conversations."""
    parser = argparse.ArgumentParser(prog="scripts/train", description=__doc__)
    parser.add_argument("bots", nargs="*", metavar="BOT", help="which bots (default: all)")
    parser.add_argument("--all", action="store_true", help="all bots; what no name means too")
    parser.add_argument("--out", type=Path, default=RELEASES, help="folder of the releases")
    parser.add_argument("--packs", type=Path, default=PACKS, help="folder of the bot packs")
    parser.add_argument("--seconds", type=float, default=300, help="bound of each model search")
    parser.add_argument("--seed", type=int, default=0, help="fixes every draw")
    parser.add_argument("--force", action="store_true", help="also where nothing has changed")
    parser.add_argument("--no-encoder", action="store_true", help="lexical features alone")
    options = parser.parse_args(argv)
    console = Console()
    code = code_digest()
    with progress.shown(console) as report:
        night = open_night(
            options.packs, options.out, encoder=not options.no_encoder, report=report,
            plan=TrainingPlan(seed=options.seed, seconds=options.seconds),
        )  # fmt: skip
        good = True
        for bot in options.bots or night.packs.names():
            console.print(f"[bold]{bot}[/bold]")
            changed = _read(options.out / bot / CODE) != code
            try:
                result = retrain(bot, night=night, force=options.force or changed)
            except (
                PackError,
                PackMissingError,
                TrainingError,
                ReleaseError,
                EncoderError,
            ) as error:
                print(error, file=sys.stderr)
                good = False
                continue
            _tell(console, result, night)
            if result.result == "refused":
                good = False
            else:
                (options.out / bot / CODE).write_text(code, encoding="utf-8")
    return 0 if good else 1


def open_night(
    packs: Path, out: Path, *, encoder: bool, report: Progress, plan: TrainingPlan
) -> Night:
    """Return the nightly job with a folder in place of the bucket and no feedback."""
    encoders = Encoders(None)
    if encoder:
        encoders = stores.open_encoders(Address("file", "", str(ENCODER)))
    opener = OnnxModelOpener(encoders)

    def school(profile: Profile) -> School:
        opened = encoders.of(profile)
        trainer = SklearnTrainer(encoder=opened, open_model=opener)
        return School(trainer, opened.name if opened is not None else None)

    return Night(
        packs=YamlPacks(packs),
        feedback=MemoryFeedback(),
        registry=FileRegistry(out, clock=stores.now),
        school=school,
        rehearser=rehearser(
            opener, demo_of(Address("file", "", str(packs))), stores.open_holidays()
        ),
        clock=stores.now,
        progress=report,
        plan=plan,
        page=render,
    )


def code_digest() -> str:
    """Return the digest of the code that learns: a change of it asks for new releases."""
    digest = hashlib.sha256()
    for place in _LEARNS:
        path = ROOT / place
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _tell(console: Console, report: Report, night: Night) -> None:
    if report.result == "refused":
        console.print(f"  [red]refused[/red]: {len(report.reasons)} reasons")
        for reason in report.reasons:
            console.print(f"  - {reason}", highlight=False, markup=False)
        return
    release = night.registry.load(report.bot, report.release or "")
    accuracy = release.manifest.metrics.get("accuracy")
    shown = f", cross-validated accuracy {accuracy:.1%}" if isinstance(accuracy, float) else ""
    console.print(
        f"  {report.result}: {report.release} ({release.size / 1e6:.1f} MB{shown})",
        highlight=False,
    )
    for reason in report.reasons:
        console.print(f"  {reason}", highlight=False)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


if __name__ == "__main__":
    raise SystemExit(main())
