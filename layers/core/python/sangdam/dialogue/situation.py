"""All that a rule may look at when it decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sangdam.bots.definition import Bot, Intent, Language
from sangdam.bots.quick_reply import SYSTEM_BUTTONS, read_quick_reply
from sangdam.dialogue.decision import Facts
from sangdam.dialogue.session import Session
from sangdam.nlu.understanding import Understanding

ANSWERED = ("answer", "smalltalk", "complaint")
"""Kinds of intents that a reply answers, with nothing to do."""


def always() -> bool:
    """Tell that it is so."""
    return True


@dataclass(frozen=True, slots=True)
class Situation:
    """A message in its conversation.

    ``people_answer`` tells whether somebody is there to take the conversation over, if that is
    asked: whoever knows must look holidays up; ``has_secret`` whether the message held something
    that must not be typed (it is masked already).
    """

    bot: Bot
    session: Session
    understanding: Understanding
    language: Language
    facts: Facts
    people_answer: Callable[[], bool] = always
    has_secret: bool = False

    @property
    def intent(self) -> Intent | None:
        """The intent the message surely means; None if the understanding is not sure."""
        if self.understanding.decision != "answer" or self.understanding.intent is None:
            return None
        return self.bot.intents.get(self.understanding.intent)

    @property
    def is_typed(self) -> bool:
        """Whether the message was written, and not pressed."""
        return self.understanding.source != "quick_reply"

    @property
    def button(self) -> str | None:
        """The system button that was pressed, if it was one."""
        name = None if self.is_typed else self.understanding.intent
        return name if name in SYSTEM_BUTTONS else None

    @property
    def carried(self) -> Mapping[str, str]:
        """What a pressed system button carries besides its name."""
        pressed = None if self.is_typed else read_quick_reply(self.understanding.text)
        return {} if pressed is None else pressed.slots

    @property
    def question(self) -> Intent | None:
        """The intent of a message that surely asks something, and offers no value for a form."""
        intent = self.intent
        if intent is None or intent.kind not in ANSWERED or not self.is_typed:
            return None
        return intent if self.understanding.asks else None
