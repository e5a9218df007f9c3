"""What went differently in a conversation, as its author reads it: the talk, and a diff below."""

from __future__ import annotations

from collections.abc import Iterator

from sangdam.services.rehearse import Difference, Heard, Problem

CUSTOMER = "  > "
BOT = "    "
WANTED = "  - "
CAME = "  + "


def lines_of(difference: Difference) -> list[str]:
    """Return a difference line by line: where, the talk so far, what was expected and what came.

    Lines that begin with ``  - `` are what was expected, those with ``  + `` what came instead.
    """
    where = f"{difference.file}: '{difference.conversation}', turn {difference.turn}"
    lines = [where]
    for message, heard in (
        (None, difference.greeted),
        *((one.message, one.heard) for one in difference.talk),
    ):
        lines += [f"{CUSTOMER}{message}"] if message is not None else []
        lines += _said(heard)
    lines.append(f"{CUSTOMER}{difference.message}")
    for problem in difference.problems:
        lines += _compared(problem)
    if all(problem.kind != "button" for problem in difference.problems):
        understood = difference.heard.intent or "nothing"
        lines += [*_said(difference.heard), f"{BOT}(understood: {understood})"]
    return lines


def _said(heard: Heard) -> Iterator[str]:
    """Yield what the bot said: the key of each message after its text, then the buttons."""
    keys = heard.keys or ("",) * len(heard.texts)
    for text, key in zip(heard.texts, keys, strict=True):
        first, *others = text.splitlines() or [""]
        yield f"{BOT}{first}" + (f"  ({key})" if key else "")
        yield from (f"{BOT}{line}" for line in others)
    if not heard.texts:
        yield f"{BOT}(nothing)"
    if heard.quick_replies:
        yield BOT + " ".join(f"[{one.label}]" for one in heard.quick_replies)


def _compared(problem: Problem) -> Iterator[str]:
    if problem.kind == "lacks":
        yield f"{WANTED}lacks: {problem.wanted}"
        yield f"{CAME}lacks: it was said"
    elif problem.kind == "contains":
        yield f"{WANTED}contains: {problem.wanted}"
        yield f"{CAME}contains: it was not said"
    else:
        yield f"{WANTED}{problem.kind}: {problem.wanted}"
        yield f"{CAME}{problem.kind}: {problem.came}"
