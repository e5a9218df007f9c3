"""Labels: accepted verdicts on what a message meant, and the rules that accept one."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sangdam.bots.definition import Example, Intent, Language
from sangdam.learning.feedback import Feedback
from sangdam.text.normalise import normalise

AGREEMENT = 3
"""So many different sessions must say the same of the same text before nobody needs to look."""


@dataclass(frozen=True, slots=True)
class Label:
    """What a text means, who said so and when; ``by`` is ``operator`` or ``agreement``."""

    bot: str
    text: str
    intent: str
    language: Language
    by: str
    at: datetime

    @property
    def key(self) -> str:
        """Equal for texts that are the same once normalised."""
        return text_key(self.text)

    def example(self) -> Example:
        """Return the label as a training example."""
        return Example(self.text, self.intent, self.language)


def text_key(text: str) -> str:
    """Return a short digest of a normalised text."""
    return hashlib.sha256(normalise(text).encode("utf-8", "replace")).hexdigest()[:32]


def meant(feedback: Feedback) -> str | None:
    """Return the intent a feedback claims: the corrected one, or the predicted one if praised."""
    if feedback.intent is not None:
        return feedback.intent
    return feedback.predicted if feedback.rating > 0 else None


def accept_by_agreement(
    pending: Iterable[Feedback], intents: Mapping[str, Intent], *, now: datetime
) -> tuple[Label, ...]:
    """Return labels for the texts that enough different sessions agree on, without dissent.

    A text on which any session says something else, or complains of that very answer, stays in the
    review queue, and so does an intent the bot no longer has.
    """
    sessions: dict[tuple[str, str], set[str]] = defaultdict(set)
    claims: dict[str, set[str]] = defaultdict(set)
    denied: dict[str, set[str]] = defaultdict(set)
    sample: dict[tuple[str, str], Feedback] = {}
    for feedback in pending:
        intent = meant(feedback)
        key = text_key(feedback.text)
        if intent is None and feedback.rating < 0 and feedback.predicted is not None:
            denied[key].add(feedback.predicted)
        if intent is None or intent not in intents or not feedback.text.strip():
            continue
        claims[key].add(intent)
        sessions[key, intent].add(feedback.session_id)
        sample.setdefault((key, intent), feedback)
    return tuple(
        Label(one.bot, one.text, intent, one.language, "agreement", now)
        for (key, intent), one in sample.items()
        if len(sessions[key, intent]) >= AGREEMENT
        and len(claims[key]) == 1
        and intent not in denied[key]
    )
