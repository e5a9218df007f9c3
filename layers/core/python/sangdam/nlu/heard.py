"""A message as it was heard, and the ways it can come to mean something."""

from __future__ import annotations

from dataclasses import dataclass

from sangdam.bots.definition import Bot, Language
from sangdam.nlu.model import IntentModel
from sangdam.nlu.phrases import match_phrase
from sangdam.nlu.understanding import CANCEL, Decision, Entity, Scores, Source, Understanding

ALTERNATIVES = 5
"""How many of the model's candidates are kept with an understanding."""


LEAST_URGENT = 0.5
"""Below this probability a message is not taken for urgent: a person is called at once for it."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A message, the values in it, and whom to ask what it means.

    ``meant`` is the text as the keyboard should have written it, ``plain`` that one normalised,
    ``language`` the language to answer in, and ``why`` what is known about it so far.
    """

    bot: Bot
    model: IntentModel
    text: str
    meant: str
    plain: str
    language: Language
    entities: tuple[Entity, ...]
    why: tuple[str, ...]

    def means(
        self,
        intent: str | None,
        source: Source,
        reason: str,
        *,
        entities: tuple[Entity, ...] | None = None,
    ) -> Understanding:
        """Return a meaning that is certain; that there is none, if ``source`` is so."""
        is_none = source == "none"
        return Understanding(
            self.text, self.language, intent,
            0.0 if is_none else 1.0, "fallback" if is_none else "answer", source,
            self.entities if entities is None else entities, why=(*self.why, reason),
        )  # fmt: skip

    def phrase(self, *, gives_up: bool) -> Understanding | None:
        """Return the meaning of a message that is a phrase of the pack; None if it is none.

        ``gives_up`` tells whether there is something to give up.
        """
        if not self.bot.scripts:
            return None
        named = match_phrase(self.bot.script(self.language), self.meant)
        for name in named:
            if name.startswith("intent/"):
                intent = name.removeprefix("intent/")
                return self.means(intent, "phrase", f"phrase of {intent}")
        if "cancel" in named and gives_up:
            return self.means(CANCEL, "phrase", "phrase that gives up a form", entities=())
        return None

    def scored(self, words: str) -> Understanding:
        """Return what the model makes of the words of the message."""
        scores = self.model.score(words)
        thresholds = self.model.thresholds
        choices = self.bot.policy.clarify_choices
        intent, confidence = scores.intents[0]
        decision: Decision = thresholds.decide(scores, choices=choices)
        why = [
            f"model: {intent} {confidence:.3f} (answers from {thresholds.answer:.3f}, "
            f"asks from {thresholds.clarify:.3f})",
            f"in scope: {scores.in_scope:.3f} (answers from {thresholds.in_scope:.3f}, "
            f"asks from {thresholds.clarify_in_scope:.3f})",
        ]
        if decision != "answer" and self._is_urgent(scores):
            decision = "answer"
            why.append("urgent: answered where others are asked about")
        asked = thresholds.asked(scores, choices=choices) if decision == "clarify" else ()
        return Understanding(
            self.text, self.language, intent, confidence, decision, "model", self.entities,
            alternatives=scores.intents[:ALTERNATIVES], asked=asked, why=(*self.why, *why),
        )  # fmt: skip

    def _is_urgent(self, scores: Scores) -> bool:
        """Tell whether the likeliest intent is urgent: rather once too often than too late."""
        intent, confidence = scores.intents[0]
        known = self.bot.intents.get(intent)
        thresholds = self.model.thresholds
        return (
            known is not None
            and known.kind == "urgent"
            and confidence >= max(thresholds.clarify, LEAST_URGENT)
            and scores.in_scope >= thresholds.clarify_in_scope
        )
