"""Expressions in a text: patterns swept over it once, and what surrounds a match."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Concatenate, Generic, ParamSpec, TypeVar

from sangdam.nlu.entities.reading import Found, Reading
from sangdam.text.lazy import lazy_pattern

LIMIT = 20
"""Most expressions taken from one text."""

_MOST_READINGS = 8
_NEAR = 16

Match = re.Match[str]
T = TypeVar("T")
P = ParamSpec("P")

_DIGIT = lazy_pattern(r"\d")

DIGIT_START = r"(?<![\da-z])(?<!\d[.,:/~-])(?<!\d[~,-] )"
"""A number that is not the rest of another one: ``2~4시``, ``010-1234``, ``v3``."""

_OPEN_AFTER = (
    r"(?:\)|날)? ?(?:이후|이전|전(?![가-힣])|전(?:에|까지|으로)|지나|넘)"
    r"| (?:onwards?|or (?:later|earlier)|at the latest)\b"
)
_DENIED_AFTER = (
    r"(?:날)?(?:은|는|이|가)? ?(?:말고|빼고|제외|아니고|아니라|마다)"
    r"|(?:날)?(?:은|는|에|에는|에는요)? ?(?:안 ?(?:돼|됩|되[고니는])|못 ?[가오해하]|불가"
    r"|어려워|힘들)"
    r"(?!\S{0,4}\?)"
    r"| (?:doesn'?t|does not|won'?t|isn'?t|is not) (?:work|good|possible|ok)"
)
_DENIED_BEFORE = (
    r"(?:매주|매월|매달|매년|매일|격주)(?:마다)? ?$"
    r"|\b(?:every|each|not|except|excluding|after|before|since|past|beyond)"
    r" (?:on |at |for |the )?$"
    r"|\bcan(?:no|')?t (?:do|make|come)(?: it)? (?:on |at )?$"
)
_JOIN = (
    r"(?:날)?(?:에|로|은|는)? ?(?:이나|나|또는|혹은|아니면|이랑|랑|하고|와|과|말고|빼고|,|/|·|및|&"
    r"|[~–—-]|부터|에서|,? ?\b(?:or|and|to|through|thru|until|till)\b(?: on| the| at)?) ?"
)


@lru_cache(maxsize=512)
def compiled(pattern: str) -> re.Pattern[str]:
    """Return a compiled pattern; only those that a text needs are ever compiled."""
    return re.compile(pattern)


@dataclass(frozen=True, slots=True)
class Rule(Generic[P, T]):
    """A pattern, the words of which at least one stands in every match, and what to make of it.

    ``#`` among the words is any digit.
    """

    needs: tuple[str, ...]
    pattern: str
    read: Callable[Concatenate[Match, P], T | None]


def rule(needs: str, pattern: str, read: Callable[Concatenate[Match, P], T | None]) -> Rule[P, T]:
    """Return a rule whose needed words are given with spaces between."""
    return Rule(tuple(needs.split()), pattern, read)


def nothing(match: Match, *context: object) -> None:
    """Read nothing out of a match: it only takes its place in the text."""


def sweep(
    text: str, rules: Sequence[Rule[P, T]], *args: P.args, **kwargs: P.kwargs
) -> Iterator[tuple[Match, T]]:
    """Yield the leftmost longest matches, none overlapping, with what their rules make of them.

    A rule may return None: then its match takes its place in the text and means nothing. So
    patterns can be wide, and ``30일`` is not read out of ``2월 30일``.
    """
    has_digit = _DIGIT.search(text) is not None
    matches = [
        (match.start(), -match.end(), index, match)
        for index, rule in enumerate(rules)
        if any(word in text or (word == "#" and has_digit) for word in rule.needs)
        for match in compiled(rule.pattern).finditer(text)
    ]
    matches.sort(key=_place)
    end = 0
    for start, minus_end, index, match in matches:
        if start < end:
            continue
        end = -minus_end
        try:
            meaning = rules[index].read(match, *args, **kwargs)
        except (OverflowError, ValueError):  # beyond the calendar
            continue
        if meaning is not None:
            yield match, meaning


def _place(one: tuple[int, int, int, Match]) -> tuple[int, int, int]:
    return one[:3]


def is_open(text: str, start: int, end: int) -> bool:
    """Tell whether an expression is only a bound, denied or a habit, and so no value.

    ``3시 이후``, ``after 3pm``; ``내일 말고``, ``not tomorrow``; ``매주 화요일``, ``every day``.
    """
    before = text[max(0, start - _NEAR) : start]
    after = text[end : end + _NEAR]
    return bool(
        compiled(_OPEN_AFTER).match(after)
        or compiled(_DENIED_AFTER).match(after)
        or compiled(_DENIED_BEFORE).search(before)
    )


def is_join(gap: str) -> bool:
    """Tell whether the text between two expressions makes the second go on with the first."""
    return len(gap) <= _NEAR and compiled(_JOIN).fullmatch(gap) is not None


def found(start: int, end: int, choices: Iterable[tuple[str, float]]) -> Found | None:
    """Return an expression with its distinct readings, the likeliest first; None without any."""
    best: dict[str, float] = {}
    for value, confidence in choices:
        best[value] = max(confidence, best.get(value, 0.0))
    readings = sorted(best.items(), key=lambda one: -one[1])[:_MOST_READINGS]
    if not readings:
        return None
    return Found(
        start, end, tuple(Reading(value, round(confidence, 4)) for value, confidence in readings)
    )
