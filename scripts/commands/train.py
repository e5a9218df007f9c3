"""Train bots from their packs into a folder of releases: the baseline that is deployed."""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rich.console import Console
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types

from sangdam.bots.definition import Reading
from sangdam.bots.reading import PackError
from sangdam.learning.release import ReleaseError
from sangdam.ports import PackMissingError, Progress, Registry, TrainingPlan
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
from scripts.local.crew import Lost, side_by_side
from scripts.local.paths import ENCODER, PACKS, RELEASES, ROOT

CODE = "code.sha256"
SECONDS = 900.0
"""Ten times what a bot of some thousand sentences takes on a quiet machine: which release comes out
must not depend on what else the machine does."""
MOST_JOBS = 3
MEMORY_OF_A_JOB = 2 * 1024**3
"""Bytes. Training takes up to half as many; the rest is for whatever else the machine does."""
_LEARNS = (
    "layers/core/python/sangdam/text",
    "layers/core/python/sangdam/learning",
    "layers/core/python/sangdam/nlu",
    "layers/training/python/sangdam_training",
    "layers/adapters/python/sangdam_adapters/onnx_classifier.py",
)


@dataclass(frozen=True, slots=True)
class Lesson:
    """What every bot is trained with."""

    packs: Path
    out: Path
    plan: TrainingPlan
    code: str
    with_encoder: bool
    is_forced: bool


def main(argv: Sequence[str] | None = None) -> int:
    """Train; returns 0 if every bot has a release that passed its conversations."""
    options = _parser().parse_args(argv)
    bots = tuple(dict.fromkeys(options.bots or YamlPacks(options.packs).names()))
    lesson = Lesson(
        options.packs, options.out, TrainingPlan(seed=options.seed, seconds=options.seconds),
        code_digest(), with_encoder=not options.no_encoder, is_forced=options.force,
    )  # fmt: skip
    jobs = min(options.jobs or usual_jobs(), max(1, len(bots)))
    console = Console()
    good = True
    with progress.shown(console, brief=len(bots) > 1) as report:
        results = side_by_side(partial(learn, lesson), bots, jobs=jobs, progress=report)
        for bot, result in zip(bots, results, strict=True):
            console.print(f"[bold]{bot}[/bold]")
            if isinstance(result, Report):
                _tell(console, result, FileRegistry(options.out, clock=stores.now))
            elif isinstance(result, Lost):
                print(
                    f"{bot}: its training ended without a word (status {result.status}). If the "
                    "machine was short of memory, train one bot at a time: --jobs 1",
                    file=sys.stderr,
                )
            else:
                print(result, file=sys.stderr)
            if isinstance(result, Report) and result.result != "refused":
                (options.out / bot / CODE).write_text(lesson.code, encoding="utf-8")
            else:
                good = False
    return 0 if good else 1


def learn(lesson: Lesson, bot: str, report: Progress) -> Report | str:
    """Train one bot; return what became of it, or in words why it could not be trained.

    One thread does the linear algebra, so that bots trained side by side do not wait for each other
    and come out as they do alone.
    """
    try:
        with threadpool_limits(1):
            night = open_night(
                lesson.packs, lesson.out, encoder=lesson.with_encoder, report=report,
                plan=lesson.plan,
            )  # fmt: skip
            changed = _read(lesson.out / bot / CODE) != lesson.code
            return retrain(bot, night=night, force=lesson.is_forced or changed)
    except (PackError, PackMissingError, TrainingError, ReleaseError, EncoderError) as error:
        return str(error)


def usual_jobs() -> int:
    """Return how many bots this machine can train at a time."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return max(1, min(MOST_JOBS, os.cpu_count() or 1, memory // MEMORY_OF_A_JOB))


def open_night(
    packs: Path, out: Path, *, encoder: bool, report: Progress, plan: TrainingPlan
) -> Night:
    """Return the nightly job with a folder in place of the bucket and no feedback."""
    encoders = Encoders(None)
    if encoder:
        encoders = stores.open_encoders(Address.of_folder(ENCODER))
    opener = OnnxModelOpener(encoders)

    def school(reading: Reading) -> School:
        opened = encoders.of(reading)
        trainer = SklearnTrainer(encoder=opened, open_model=opener)
        return School(trainer, opened.name if opened is not None else None)

    return Night(
        packs=YamlPacks(packs),
        feedback=MemoryFeedback(),
        registry=FileRegistry(out, clock=stores.now),
        school=school,
        rehearser=rehearser(opener, demo_of(Address.of_folder(packs)), stores.open_holidays()),
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


def _tell(console: Console, report: Report, registry: Registry) -> None:
    if report.result == "refused":
        console.print(f"  [red]refused[/red]: {len(report.reasons)} reasons")
        for reason in report.reasons:
            console.print(f"  - {reason}", highlight=False, markup=False)
        return
    release = registry.load(report.bot, report.release or "")
    accuracy = release.manifest.metrics.get("accuracy")
    shown = f", cross-validated accuracy {accuracy:.1%}" if isinstance(accuracy, float) else ""
    console.print(
        f"  {report.result}: {report.release} ({release.size / 1e6:.1f} MB{shown})",
        highlight=False,
    )
    if report.result == "published" and release.manifest.metrics.get("finished") is False:
        console.print("  its search was cut short: --seconds gives it more time", highlight=False)
    for reason in report.reasons:
        console.print(f"  {reason}", highlight=False)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/train", description=__doc__)
    parser.add_argument("bots", nargs="*", metavar="BOT", help="which bots (default: all)")
    parser.add_argument("--all", action="store_true", help="all bots; what no name means too")
    parser.add_argument("--out", type=Path, default=RELEASES, help="folder of the releases")
    parser.add_argument("--packs", type=Path, default=PACKS, help="folder of the bot packs")
    parser.add_argument(
        "--seconds", type=float, default=SECONDS, help="bound of each training (default: 900)"
    )
    parser.add_argument("--seed", type=int, default=0, help="fixes every draw")
    parser.add_argument("--force", action="store_true", help="also where nothing has changed")
    parser.add_argument("--no-encoder", action="store_true", help="lexical features alone")
    parser.add_argument(
        "--jobs", type=_count, help="how many bots at a time (default: what fits this machine)"
    )
    return parser


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of bots: 1, 2, 3 ...")
    return int(text)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


if __name__ == "__main__":
    raise SystemExit(main())
