"""Play a pack's conversations against a bot and say where it answers differently."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sangdam.bots.conversation import Conversation, Expectation
from sangdam.bots.definition import QuickReply
from sangdam.services.coverage import Reached


@dataclass(frozen=True, slots=True)
class Heard:
    """What came back for one message, as far as expectations look at it."""

    intent: str | None
    decision: str | None
    keys: tuple[str, ...] | None
    texts: tuple[str, ...]
    quick_replies: tuple[QuickReply, ...]
    owner: str
    filled: tuple[tuple[str, str], ...] = ()
    """The slots that have a value by now: (form, slot) each."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One expectation that was not met: of which kind, what was wanted, and what came instead."""

    kind: str
    wanted: str
    came: str
    how: str = ""

    def __str__(self) -> str:
        match self.kind:
            case "contains" | "lacks":
                return f"'{self.wanted}' {self.how}"
            case "quick_replies":
                return f"button '{self.wanted}' {self.how} ({self.came})"
            case "button":
                return f"{self.how} '{self.wanted}' to press ({self.came})"
            case _:
                return f"{self.kind} should be {self.wanted} and is {self.came}"


class Line(Protocol):
    """A conversation with a bot, through whatever door."""

    def greet(self) -> Heard: ...

    def say(self, text: str) -> Heard: ...

    def press(self, button: QuickReply) -> Heard: ...


@dataclass(frozen=True, slots=True)
class Exchange:
    """What a customer sent, and what came back."""

    message: str
    heard: Heard


@dataclass(frozen=True, slots=True)
class Difference:
    """One answer that was not the expected one: all that is wrong with it, and the talk so far.

    ``heard`` is the answer (if a button was not there to be pressed, the one before);
    ``talk`` is everything before it, ``greeted`` what the conversation began with.
    """

    conversation: str
    file: str
    turn: int
    message: str
    problems: tuple[Problem, ...]
    heard: Heard
    greeted: Heard
    talk: tuple[Exchange, ...] = ()

    def __str__(self) -> str:
        said = " / ".join(self.heard.texts) or "(nothing)"
        return (
            f"{self.file}: '{self.conversation}' turn {self.turn} ({self.message!r}): "
            f"{'; '.join(map(str, self.problems))}; the bot said: {said[:200]}"
            f" [{self.heard.intent}, {self.heard.decision}]"
        )


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """How a rehearsal went: conversations played, every difference, and what was reached."""

    played: int
    differences: tuple[Difference, ...]
    reached: Reached = field(default_factory=Reached)

    @property
    def failed(self) -> tuple[str, ...]:
        """The names of the conversations that went differently."""
        return tuple(one.conversation for one in self.differences)

    @property
    def passed(self) -> bool:
        return not self.differences


def rehearse(
    conversations: Iterable[Conversation], open_line: Callable[[Conversation], Line]
) -> Rehearsal:
    """Play every conversation on a line of its own; each stops at its first difference."""
    differences: list[Difference] = []
    reached = Reached()
    played = 0
    for conversation in conversations:
        played += 1
        found, heard = _play(conversation, open_line(conversation))
        reached |= _reached(heard)
        differences += [found] if found is not None else []
    return Rehearsal(played, tuple(differences), reached)


def _play(conversation: Conversation, line: Line) -> tuple[Difference | None, list[Heard]]:
    greeted = heard = line.greet()
    talk: list[Exchange] = []
    for number, step in enumerate(conversation.steps, start=1):
        message = step.user if step.user is not None else f"[{step.press}]"
        button = None if step.press is None else _button(step.press, heard.quick_replies)
        if step.press is not None and button is None:
            offered = ", ".join(one.label for one in heard.quick_replies) or "no buttons"
            problems = [Problem("button", step.press, offered, "there is no button")]
        else:
            heard = line.press(button) if button is not None else line.say(step.user or "")
            problems = compare(step.expect, heard)
        if problems:
            found = Difference(
                conversation.name, conversation.file, number, message, tuple(problems), heard,
                greeted, tuple(talk),
            )  # fmt: skip
            return found, [greeted, *(one.heard for one in talk), heard]
        talk.append(Exchange(message, heard))
    return None, [greeted, *(one.heard for one in talk)]


def _reached(heard: Iterable[Heard]) -> Reached:
    heard = list(heard)
    sure = (one.intent for one in heard if one.decision == "answer")
    return Reached(
        said=frozenset(key for one in heard for key in one.keys or ()),
        intents=frozenset(intent for intent in sure if intent is not None),
        filled=frozenset(slot for one in heard for slot in one.filled),
    )


def compare(expect: Expectation, heard: Heard) -> list[Problem]:
    """Return every way in which an answer is not the expected one."""
    problems: list[Problem] = []
    pairs: Mapping[str, tuple[str | None, str | None]] = {
        "intent": (expect.intent, heard.intent),
        "decision": (expect.decision, heard.decision),
        "owner": (expect.owner, heard.owner),
    }
    for name, (wanted, got) in pairs.items():
        if wanted is not None and wanted != got:
            problems.append(Problem(name, wanted, str(got)))
    if expect.replies is not None and heard.keys is not None and expect.replies != heard.keys:
        wanted_keys = ", ".join(expect.replies) or "nothing"
        problems.append(Problem("reply", wanted_keys, ", ".join(heard.keys) or "nothing"))
    everything = "\n".join(heard.texts)
    problems += [
        Problem("contains", one, everything, "should be said")
        for one in expect.contains
        if one not in everything
    ]
    problems += [
        Problem("lacks", one, everything, "should not be said")
        for one in expect.lacks
        if one in everything
    ]
    labels = [one.label for one in heard.quick_replies]
    problems += [
        Problem("quick_replies", one, ", ".join(labels) or "no buttons", "should be offered")
        for one in expect.quick_replies
        if one not in labels
    ]
    return problems


def _button(label: str, offered: Sequence[QuickReply]) -> QuickReply | None:
    return next((one for one in offered if one.label == label), None)
