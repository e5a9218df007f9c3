"""Play a pack's conversations against a bot and say where it answers differently."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sangdam.bots.conversation import Conversation, Expectation, Step
from sangdam.bots.definition import QuickReply


@dataclass(frozen=True, slots=True)
class Heard:
    """What came back for one message, as far as expectations look at it."""

    intent: str | None
    decision: str | None
    keys: tuple[str, ...] | None
    texts: tuple[str, ...]
    quick_replies: tuple[QuickReply, ...]
    owner: str


class Line(Protocol):
    """A conversation with a bot, through whatever door."""

    def greet(self) -> Heard: ...

    def say(self, text: str) -> Heard: ...

    def press(self, button: QuickReply) -> Heard: ...


@dataclass(frozen=True, slots=True)
class Difference:
    """One answer that was not the expected one."""

    conversation: str
    file: str
    turn: int
    message: str
    problem: str
    heard: str
    talk: tuple[str, ...] = ()
    """Everything that was said up to there, a line each."""

    def __str__(self) -> str:
        return (
            f"{self.file}: '{self.conversation}' turn {self.turn} ({self.message!r}): "
            f"{self.problem}; the bot said: {self.heard}"
        )


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """How a rehearsal went: conversations played, and every difference."""

    played: int
    differences: tuple[Difference, ...]
    failed: tuple[str, ...]
    said: frozenset[str] = frozenset()
    """The keys of all replies that were said."""
    intents: frozenset[str] = frozenset()
    """The intents of all messages."""

    @property
    def passed(self) -> bool:
        return not self.differences


def rehearse(
    conversations: Iterable[Conversation], open_line: Callable[[Conversation], Line]
) -> Rehearsal:
    """Play every conversation on a line of its own; each stops at its first difference."""
    differences: list[Difference] = []
    failed: list[str] = []
    everything: list[Heard] = []
    played = 0
    for conversation in conversations:
        played += 1
        found, heard = _play(conversation, open_line(conversation))
        everything += heard
        if found:
            failed.append(conversation.name)
            differences.extend(found)
    return Rehearsal(
        played,
        tuple(differences),
        tuple(failed),
        said=frozenset(key for heard in everything for key in heard.keys or ()),
        intents=frozenset(heard.intent for heard in everything if heard.intent is not None),
    )


def _play(conversation: Conversation, line: Line) -> tuple[list[Difference], list[Heard]]:
    heard = line.greet()
    everything = [heard]
    talk: list[str] = []
    for number, step in enumerate(conversation.steps, start=1):
        message = step.user if step.user is not None else f"[{step.press}]"
        talk.append(f"> {message}")
        problems: Sequence[str]
        if step.press is not None:
            button = _button(step, heard.quick_replies)
            if button is None:
                offered = ", ".join(one.label for one in heard.quick_replies) or "no buttons"
                problems = [f"there is no button '{step.press}' to press ({offered})"]
                return [
                    _difference(conversation, number, message, one, heard, talk) for one in problems
                ], everything
            heard = line.press(button)
        else:
            heard = line.say(step.user or "")
        everything.append(heard)
        talk += _lines(heard)
        problems = compare(step.expect, heard)
        if problems:
            return [
                _difference(conversation, number, message, one, heard, talk) for one in problems
            ], everything
    return [], everything


def _lines(heard: Heard) -> list[str]:
    """Return what was heard as an author reads it: key and text of each message, then buttons."""
    keys = heard.keys if heard.keys is not None else ("",) * len(heard.texts)
    lines = [f"  {text}  ({key})" for key, text in zip(keys, heard.texts, strict=False)]
    if heard.quick_replies:
        lines.append("  " + " ".join(f"[{one.label}]" for one in heard.quick_replies))
    return lines or ["  (nothing)"]


def compare(expect: Expectation, heard: Heard) -> list[str]:
    """Return every way in which an answer is not the expected one."""
    problems: list[str] = []
    pairs: Mapping[str, tuple[str | None, str | None]] = {
        "intent": (expect.intent, heard.intent),
        "decision": (expect.decision, heard.decision),
        "owner": (expect.owner, heard.owner),
    }
    for name, (wanted, got) in pairs.items():
        if wanted is not None and wanted != got:
            problems.append(f"{name} should be {wanted} and is {got}")
    if expect.replies is not None and heard.keys is not None and expect.replies != heard.keys:
        wanted_keys = ", ".join(expect.replies) or "nothing"
        problems.append(f"reply should be {wanted_keys} and is {', '.join(heard.keys) or 'none'}")
    everything = "\n".join(heard.texts)
    problems += [f"'{one}' should be said" for one in expect.contains if one not in everything]
    problems += [f"'{one}' should not be said" for one in expect.lacks if one in everything]
    labels = {one.label for one in heard.quick_replies}
    problems += [
        f"button '{one}' should be offered" for one in expect.quick_replies if one not in labels
    ]
    return problems


def _button(step: Step, offered: Sequence[QuickReply]) -> QuickReply | None:
    return next((one for one in offered if one.label == step.press), None)


def _difference(
    conversation: Conversation,
    number: int,
    message: str,
    problem: str,
    heard: Heard,
    talk: Sequence[str],
) -> Difference:
    said = " / ".join(heard.texts) or "(nothing)"
    understood = f" [{heard.intent}, {heard.decision}]"
    return Difference(
        conversation.name,
        conversation.file,
        number,
        message,
        problem,
        said[:200] + understood,
        tuple(talk),
    )
