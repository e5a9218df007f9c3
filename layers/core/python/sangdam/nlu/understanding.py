"""What a message means: the value that travels from language understanding to dialogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sangdam.bots.definition import OUT_OF_SCOPE as OUT_OF_SCOPE
from sangdam.bots.definition import Language

Decision = Literal["answer", "clarify", "fallback"]

CANCEL = "cancel"
"""The intent of a phrase or button that gives up a form; no pack may define one of this name."""


@dataclass(frozen=True, slots=True)
class Scores:
    """A classifier's opinion of one text.

    ``intents`` are (name, calibrated probability) pairs, best first, summing to 1;
    ``in_scope`` is a score that grows with how much the text looks like what the bot was trained on
    (any real number; only its order and the threshold chosen with it mean something).
    """

    intents: tuple[tuple[str, float], ...]
    in_scope: float


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where answering stops and asking begins; chosen at training time from the error budget.

    A message is answered when its best probability is at least ``answer`` and its in-scope score
    at least ``in_scope``; otherwise clarified when the best probability is at least ``clarify``
    and the in-scope score at least ``clarify_in_scope``; otherwise it is a fallback.
    ``rule`` says in words how they were chosen.
    """

    answer: float
    clarify: float
    in_scope: float
    clarify_in_scope: float
    rule: str = ""

    def decide(self, scores: Scores) -> Decision:
        """Return what these scores allow: answer, clarify or fall back."""
        best = scores.intents[0][1] if scores.intents else 0.0
        if best >= self.answer and scores.in_scope >= self.in_scope:
            return "answer"
        if best >= self.clarify and scores.in_scope >= self.clarify_in_scope:
            return "clarify"
        return "fallback"


@dataclass(frozen=True, slots=True)
class Entity:
    """A value found in a message: kind, canonical value and where it stands (``[start, end)``)."""

    name: str
    value: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Understanding:
    """The meaning of one message, and the reasons for it, in the order they were found."""

    text: str
    language: Language
    intent: str | None
    confidence: float
    decision: Decision
    source: Literal["quick_reply", "phrase", "model", "entity", "none"]
    entities: tuple[Entity, ...] = ()
    alternatives: tuple[tuple[str, float], ...] = ()
    slots: Mapping[str, str] | None = None
    why: tuple[str, ...] = ()
