"""What a wish in free words names outright: options of facets, an amount of money, and the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sangdam.nlu.entities import choice, money
from sangdam.nlu.entities.reading import Found
from sangdam.text.korean import has_hangul
from sangdam.text.lazy import lazy_pattern
from sangdam.text.normalise import normalise
from sangdam.text.wishes import bare_wish

Words = Mapping[str, Sequence[str]]
"""The words of each option of a choice."""

_FOR_SOMEBODY = lazy_pattern(
    "(?:분|분들|들|님)?(?:한테|에게|께|께서|꺼|거|용|복|옷)?(?:도|는|은|가|이|을|를|의|로|만)?(?:요)?"
)
"""What may follow a word of an option in a wish: 엄마한테, 어머니께, 여성용, 아동복."""

_LEAST = 2

_NO_SLIP = 0.9
"""A word that is only nearly one of an option filters nothing away."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a wish asks for.

    ``named`` are the options that will do, by facet; ``money`` is a canonical amount, or None;
    ``words`` says what is wished for without the asking and the money, and ``rest`` what of that
    names nothing.
    """

    named: Mapping[str, tuple[str, ...]]
    money: str | None
    words: str
    rest: str


def read_wish(text: str, facets: Mapping[str, Words]) -> Wish:
    """Return what a wish asks for; ``facets`` are the options with their words, by facet.

    >>> read_wish("엄마한테 5만원 이하 따뜻한 거요", {"for_whom": {"women": ("엄마",)}}).rest
    '따뜻한'
    """
    plain = normalise(text)
    spans: list[tuple[int, int]] = []
    named: dict[str, tuple[str, ...]] = {}
    for facet, words in facets.items():
        found = [*_sure(choice.find(plain, words))] or [*_beginning(plain, words)]
        if found:
            named[facet] = tuple(dict.fromkeys(option for option, _, _ in found))
            spans += [(start, end) for _, start, end in found]
    amounts = money.find(plain)
    amount = amounts[0].readings[0].value if len(amounts) == 1 else None
    priceless = _without(plain, [(one.start, one.end) for one in amounts])
    return Wish(named, amount, bare_wish(priceless), bare_wish(_without(priceless, spans)))


def _sure(found: Sequence[Found]) -> Iterator[tuple[str, int, int]]:
    for one in found:
        if not one.is_ambiguous and one.readings[0].confidence >= _NO_SLIP:
            yield one.readings[0].value, one.start, one.end


def _beginning(plain: str, options: Words) -> Iterator[tuple[str, int, int]]:
    """Yield the options whose words begin a word of the wish that goes on as people are named."""
    for match in re.finditer(r"[가-힣]+", plain):
        for option, words in options.items():
            for word in words:
                if len(word) < _LEAST or not has_hangul(word) or not match[0].startswith(word):
                    continue
                if not _FOR_SOMEBODY.fullmatch(match[0], len(word)):
                    continue
                if not choice.is_denied(plain, match.start(), match.end()):
                    yield option, match.start(), match.end()


def _without(plain: str, spans: Sequence[tuple[int, int]]) -> str:
    letters = list(plain)
    for start, end in spans:
        letters[start:end] = " " * (end - start)
    return "".join(letters)
