"""A night: learn from what customers said since, and publish only what passes the gate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sangdam.bots.conversation import Conversation
from sangdam.bots.definition import Example, Reading
from sangdam.bots.parse import Pack
from sangdam.learning.feedback import Feedback
from sangdam.learning.gate import judge
from sangdam.learning.labels import accept_by_agreement, text_key
from sangdam.learning.release import Pointer, Release, ReleaseError
from sangdam.ports import (
    Clock,
    FeedbackStore,
    Packs,
    Progress,
    Registry,
    ReportPage,
    Trainer,
    TrainingPlan,
)
from sangdam.services.build_release import build_release, inputs_digest
from sangdam.services.rehearse import Line, rehearse

REVIEW_LIMIT = 10_000
"""How much unjudged feedback one night looks through."""

Rehearser = Callable[[Release], Callable[[Conversation], Line]]
"""Opens a release and gives lines to talk to it; the same opening as in production."""


@dataclass(frozen=True, slots=True)
class School:
    """What bots that are read alike learn with: a trainer, and the name of its encoder."""

    trainer: Trainer
    encoder: str | None


@dataclass(frozen=True, slots=True)
class Night:
    """What retraining needs from outside."""

    packs: Packs
    feedback: FeedbackStore
    registry: Registry
    school: Callable[[Reading], School]
    rehearser: Rehearser
    clock: Clock
    progress: Progress
    plan: TrainingPlan
    page: ReportPage | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What became of one bot's night."""

    bot: str
    result: Literal["published", "unchanged", "refused"]
    release: str | None
    champion: str | None
    labels: int
    reasons: tuple[str, ...]


def retrain(bot: str, *, night: Night, force: bool = False) -> Report:
    """Retrain one bot. Whatever fails leaves the champion where it is.

    With equal inputs (pack, labels, code, encoder) nothing is trained unless ``force``: neither
    what is published already, nor what somebody has rolled back from.

    Raises
    ------
    PackError
        If the pack is invalid.
    TrainingError
        If training refuses, parity included.
    PointerMovedError
        If somebody else published meanwhile; their release stays.
    """
    pack = night.packs.load(bot)
    school = night.school(pack.bot.reading)
    _accept_labels(pack, night)
    labels = _usable(pack, [label.example() for label in night.feedback.labels(bot)])
    champion = night.registry.current(bot)
    inputs = inputs_digest(pack.bot, pack.examples, labels, encoder=school.encoder)
    before = _champion(champion, night.registry)
    if before is not None and before.manifest.inputs == inputs and not force:
        reasons = ("nothing new since the current release",)
        return Report(bot, "unchanged", before.name, before.name, len(labels), reasons)
    undone = _taken_back(champion, inputs, night.registry)
    if champion is not None and undone is not None and not force:
        reasons = (f"release {undone} was made of the same and taken back; force to make it again",)
        return Report(bot, "unchanged", champion.release, champion.release, len(labels), reasons)
    plan = replace(
        night.plan,
        error_budget=pack.bot.policy.error_budget,
        titles={name: tuple(one.titles.values()) for name, one in pack.bot.intents.items()},
    )
    challenger = build_release(
        pack.bot, pack.examples, trainer=school.trainer, plan=plan, now=night.clock(),
        encoder=school.encoder, labels=labels, progress=night.progress,
        parent=champion.release if champion else None, page=night.page,
    )  # fmt: skip
    rehearsal = rehearse(pack.conversations, night.rehearser(challenger))
    verdict = judge(
        conversations_played=rehearsal.played,
        differences=tuple(str(one) for one in rehearsal.differences),
        accuracy=_accuracy(challenger),
        champion_accuracy=_accuracy(before),
    )
    name = champion.release if champion else None
    if not verdict.passed:
        return Report(bot, "refused", challenger.name, name, len(labels), verdict.reasons)
    night.registry.publish(challenger)
    night.registry.move(bot, to=challenger.name, expected=champion)
    return Report(bot, "published", challenger.name, name, len(labels), verdict.reasons)


def _accept_labels(pack: Pack, night: Night) -> None:
    pending = night.feedback.pending(pack.bot.name, limit=REVIEW_LIMIT)
    labels = accept_by_agreement(pending, pack.bot.intents, now=night.clock())
    if not labels:
        return
    known = {label.key: label for label in night.feedback.labels(pack.bot.name)}
    waiting: dict[str, list[Feedback]] = defaultdict(list)
    for one in pending:
        waiting[text_key(one.text)].append(one)
    for label in labels:
        judged = known.get(label.key)
        if judged is not None and judged.by == "operator" and judged.intent != label.intent:
            continue  # customers do not overrule an operator: this waits to be looked at again
        night.feedback.accept(label)
        for one in waiting[label.key]:
            night.feedback.settle(replace(one, status="accepted"))


def _usable(pack: Pack, labels: Sequence[Example]) -> tuple[Example, ...]:
    """Leave out labels of dropped intents, and of texts the pack teaches itself: it wins."""
    taught = {text_key(example.text) for example in pack.examples}
    return tuple(
        one for one in labels if one.intent in pack.bot.intents and text_key(one.text) not in taught
    )


def _champion(pointer: Pointer | None, registry: Registry) -> Release | None:
    if pointer is None:
        return None
    try:
        return registry.load(pointer.bot, pointer.release)
    except ReleaseError:
        return None  # a damaged champion is no reason not to train its successor


def _taken_back(pointer: Pointer | None, inputs: str, registry: Registry) -> str | None:
    """Return a newer release of the same inputs that the pointer was moved away from, if any."""
    if pointer is None:
        return None
    for name in registry.releases(pointer.bot):
        if name <= pointer.release:
            continue
        try:
            manifest = registry.load(pointer.bot, name).manifest
        except ReleaseError:
            continue
        # One made after the pointer was moved last has never been current: its night broke off.
        if manifest.inputs == inputs and manifest.created_at < pointer.moved_at:
            return name
    return None


def _accuracy(release: Release | None) -> float | None:
    value = release.manifest.metrics.get("accuracy") if release is not None else None
    return float(value) if isinstance(value, int | float) else None
