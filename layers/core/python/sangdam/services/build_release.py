"""Build a release: train on examples, pack bot and classifier together, name the result."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sangdam import __version__
from sangdam.bots.compiled import compile_bot
from sangdam.bots.definition import Bot, Example
from sangdam.bots.synonyms import synonyms_of
from sangdam.learning.release import BOT, Manifest, Release, sha256
from sangdam.learning.report import DOCUMENT, PAGE, Report
from sangdam.nlu.understand import words_of
from sangdam.ports import Progress, ReportPage, Trainer, TrainingPlan


def build_release(
    bot: Bot,
    examples: Sequence[Example],
    *,
    trainer: Trainer,
    plan: TrainingPlan,
    now: datetime,
    encoder: str | None = None,
    labels: Sequence[Example] = (),
    parent: str | None = None,
    progress: Progress = lambda task, done, total: None,
    page: ReportPage | None = None,
) -> Release:
    """Train a bot and return the release; nothing is stored.

    Parameters
    ----------
    examples, labels
        What the pack teaches, and what was learnt from customers since.
    encoder
        Name of the encoder the trainer works with, for the manifest.
    page
        Makes the report something to look at; without it the release carries the figures alone.

    Raises
    ------
    TrainingError
        If the examples cannot be learnt from or the exported model is not the trained one.
    """
    lessons = [replace(one, text=words_of(bot, one.text)) for one in (*examples, *labels)]
    lessons = [one for one in lessons if one.text]
    plan = replace(
        plan,
        synonyms=plan.synonyms or synonyms_of(bot.scripts),
        glance=bot.profile == "fast",
    )
    trained = trainer.train(lessons, plan, progress=progress)
    files = {BOT: compile_bot(bot), **trained.files}
    inputs = inputs_digest(bot, examples, labels, encoder=encoder)
    stamp = now.astimezone(UTC).strftime("%Y%m%d-%H%M%S")  # so that names sort by age
    whole = sha256("".join(sha256(files[name]) for name in sorted(files)).encode())
    name = f"{stamp}-{whole[:8]}"
    attachments = _attachments(trained.report, bot, name, now, page)
    manifest = Manifest(
        bot=bot.name,
        release=name,
        created_at=now,
        files={name: sha256(data) for name, data in files.items()},
        inputs=inputs,
        pack=pack_digest(bot, examples),
        parent=parent,
        code_version=__version__,
        encoder=encoder,
        metrics=trained.metrics,
        attachments={name: sha256(data) for name, data in attachments.items()},
    )
    return Release(manifest, files, attachments)


def pack_digest(bot: Bot, examples: Sequence[Example]) -> str:
    """Return the digest of what a team edits: the compiled bot and its examples."""
    digest = hashlib.sha256(compile_bot(bot))
    _add(digest, examples)
    return digest.hexdigest()


def inputs_digest(
    bot: Bot, examples: Sequence[Example], labels: Sequence[Example], *, encoder: str | None
) -> str:
    """Return the digest of everything a release depends on; equal digests need no training."""
    digest = hashlib.sha256(pack_digest(bot, examples).encode())
    _add(digest, sorted(labels, key=lambda one: (one.text, one.intent)))
    digest.update(f"{__version__}\0{encoder}".encode())
    return digest.hexdigest()


def _attachments(
    report: Report | None, bot: Bot, release: str, now: datetime, page: ReportPage | None
) -> dict[str, bytes]:
    if report is None:
        return {}
    report = replace(report, bot=bot.name, release=release, created_at=now.isoformat())
    result = {DOCUMENT: report.to_json()}
    if page is not None:
        result[PAGE] = page(report, language=bot.languages[0])
    return result


def _add(digest: hashlib._Hash, examples: Sequence[Example]) -> None:
    for one in examples:
        line = f"{one.text}\0{one.intent}\0{one.language}\0"
        digest.update(line.encode("utf-8", "surrogatepass"))
