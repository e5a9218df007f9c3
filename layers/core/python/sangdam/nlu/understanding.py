"""What a message means: the value that travels from language understanding to dialogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sangdam.bots.definition import OUT_OF_SCOPE as OUT_OF_SCOPE
from sangdam.bots.definition import Language

Decision = Literal["answer", "clarify", "fallback"]

Source = Literal["quick_reply", "guard", "phrase", "model", "entity", "none"]

CHOICES = 3
FEWEST = 2
"""A question offers so many intents at most, where a bot does not say otherwise, and at least."""

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
    at least ``in_scope``. Otherwise it is clarified, given an in-scope score of at least
    ``clarify_in_scope``, when its prediction set is no larger than the question may be or its best
    probability is at least ``clarify``. Otherwise it is a fallback. ``rule`` says in words how
    they were chosen.

    The prediction set holds the best intents up to the one whose probability takes their sum
    above ``asked_mass``; at 1 no sum does, and a question offers as many intents as it may.
    """

    answer: float
    clarify: float
    in_scope: float
    clarify_in_scope: float
    rule: str = ""
    asked_mass: float = 1.0

    def decide(self, scores: Scores, *, choices: int = CHOICES) -> Decision:
        """Return what these scores allow: answer, clarify (with so many choices) or fall back."""
        best = scores.intents[0][1] if scores.intents else 0.0
        if best >= self.answer and scores.in_scope >= self.in_scope:
            return "answer"
        worth_asking = best >= self.clarify or self._reached(scores, choices) is not None
        if worth_asking and scores.in_scope >= self.clarify_in_scope:
            return "clarify"
        return "fallback"

    def asked(self, scores: Scores, *, choices: int = CHOICES) -> tuple[str, ...]:
        """Return the intents a question offers, best first: the prediction set.

        At least ``FEWEST`` where there are so many, at most ``choices``.
        """
        size = self._reached(scores, choices)
        size = choices if size is None else max(size, FEWEST)
        return tuple(name for name, _ in scores.intents[:size])

    def _reached(self, scores: Scores, most: int) -> int | None:
        """Return the size of the prediction set; None if it is larger than ``most``."""
        mass = 0.0
        for size, (_, probability) in enumerate(scores.intents[:most], start=1):
            mass += probability
            if self.asked_mass < mass and self.asked_mass < 1.0:
                return size
        return None


@dataclass(frozen=True, slots=True)
class Entity:
    """A value found in a message: kind, canonical value and where it stands (``[start, end)``).

    ``readings`` are all the values that it can mean, the likeliest first, where there are several:
    then ``value`` is only the first of them, and ``confidence`` (0 to 1) is its. ``refused`` says
    that it is what is not wanted (``3시 말고``), ``questioned`` that it only stands in a question
    about something else (``내일도 영업하나요?``): neither is a value for a form.
    """

    name: str
    value: str
    start: int
    end: int
    text: str
    confidence: float = 1.0
    readings: tuple[str, ...] = ()
    refused: bool = False
    questioned: bool = False

    @property
    def is_given(self) -> bool:
        """Whether a customer gives this value, and not refuses it or asks about it."""
        return not self.refused and not self.questioned

    @property
    def is_ambiguous(self) -> bool:
        return len(self.readings) > 1


@dataclass(frozen=True, slots=True)
class Understanding:
    """The meaning of one message, and the reasons for it, in the order they were found.

    ``asked`` are the intents that a question offers where the decision is to clarify, and
    ``alternatives`` the model's best candidates with their probabilities; both best first.
    ``source`` is what told the intent: a pressed button, a guard of the pack, a phrase of it, the
    model, or nothing but a value. ``asks`` says that a message that
    surely means something is a question, and not only whether a value would do (``3시는 어때요?``).
    """

    text: str
    language: Language
    intent: str | None
    confidence: float
    decision: Decision
    source: Source
    entities: tuple[Entity, ...] = ()
    alternatives: tuple[tuple[str, float], ...] = ()
    asked: tuple[str, ...] = ()
    slots: Mapping[str, str] | None = None
    asks: bool = False
    why: tuple[str, ...] = ()
