"""The words of lists of options in one index: looked up once, a word is found in every list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_

from sangdam.text.korean import has_hangul, to_jamo
from sangdam.text.normalise import normalise

Words = tuple[tuple[str, tuple[str, ...]], ...]
"""The keys of a list of options, each with its synonyms."""

_MOST_WORDS = 4
"""Typos are looked for in names of up to so many words."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a place in a text chooses from one list: option keys, and how sure each is."""

    start: int
    end: int
    options: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Owner:
    """An option of the list ``of`` that a word names; ``place`` is the word's rank in that list.

    A typo of it is at most ``most_words`` words and ``longest`` characters.
    """

    of: int
    key: str
    place: int
    most_words: int
    longest: int


@dataclass(frozen=True, slots=True)
class Spelt:
    """A word of options, spelt in letters, that others may be a typo of with ``most`` slips."""

    letters: str
    digits: str
    most: int
    owners: Sequence[Owner]


Likely = tuple[int, int, Spelt]
"""The bits of a word's letters, how many of them a typo of so many letters may have otherwise, and
the word itself, which few comparisons get to look at.
"""


@dataclass(frozen=True, slots=True)
class Options:
    """Lists of options, known by their numbers.

    ``keys`` are the option keys of each word, by list; ``beginnings`` is what words begin with, up
    to the whole, and ``openings`` their first characters, by list. ``near`` is what a typo is
    compared with: by its first letter, or by its first two where they would be swapped, and then
    by how many letters it has. ``most_words`` is how many words a typo has at most.
    """

    keys: Mapping[str, Sequence[tuple[int, tuple[str, ...]]]]
    beginnings: frozenset[str]
    openings: Sequence[frozenset[str]]
    near: Mapping[str, Mapping[int, Sequence[Likely]]]
    most_words: int


@lru_cache(maxsize=64)
def read_options(lists: tuple[Words, ...]) -> Options:
    """Return the index of lists of options; a key counts as one of its option's words."""
    named: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
    owners: dict[str, list[Owner]] = {}
    openings = []
    most_words = 1
    for of, options in enumerate(lists):
        keys, words = _keys(options)
        most_words = max(most_words, words)
        openings.append(frozenset(word[0] for word in keys))
        for word, some in keys.items():
            named.setdefault(word, []).append((of, tuple(some)))
        for letters, owner in _owners(of, keys, words):
            owners.setdefault(letters, []).append(owner)
    beginnings = frozenset(word[:end] for word in named for end in range(1, len(word) + 1))
    return Options(named, beginnings, openings, _near(owners), most_words)


def letter_bits(letters: str) -> list[int]:
    """Return a number for each letter that has its bit; a few rare letters share one.

    >>> one, other, same = letter_bits("ada")
    >>> one == same, one == other, (one | other).bit_count()
    (True, False, 2)
    """
    return [1 << (ord(letter) & 63) for letter in letters]


def _keys(options: Words) -> tuple[dict[str, dict[str, None]], int]:
    """Return the option keys of each word of a list, and how many words a typo may have."""
    keys: dict[str, dict[str, None]] = {}
    most_words = 1
    for key, words in options:
        for word in (key.replace("_", " "), *words):
            plain = normalise(word)
            most_words = max(most_words, len(plain.split()))
            for form in (_dense(plain), _solid(plain)):
                if form and key:
                    keys.setdefault(form, {})[key] = None
    return keys, min(most_words, _MOST_WORDS)


def _dense(plain: str) -> str:
    """Return a text as words are looked up: spaces count only between Latin letters and digits."""
    return re.sub(r"(?<=[a-z0-9])[ -]+(?=[a-z0-9])", " ", re.sub(r"[ -]+(?![a-z0-9])", "", plain))


def _solid(plain: str) -> str:
    return plain.replace(" ", "").replace("-", "")


def _owners(
    of: int, keys: Mapping[str, Mapping[str, None]], most_words: int
) -> Iterator[tuple[str, Owner]]:
    """Yield the letters of each word of a list, with an option it names, once for each of both."""
    longest = 2 * max(map(len, keys), default=0) + 8  # with spaces and signs between its letters
    pairs = ((to_jamo(_solid(word)), key) for word in keys for key in keys[word])
    for place, (letters, key) in enumerate(dict.fromkeys(pairs)):
        yield letters, Owner(of, key, place, most_words, longest)


def _near(owners: Mapping[str, Sequence[Owner]]) -> dict[str, dict[int, list[Likely]]]:
    near: dict[str, dict[int, list[Likely]]] = {}
    for letters, some in owners.items():
        most = _bound(letters)
        if not most:
            continue
        bits = reduce(or_, letter_bits(letters))
        word = Spelt(letters, re.sub("[^0-9]", "", letters), most, some)
        first, second = letters[0], letters[1]
        for begun in (first, second + first) if first != second else (first,):
            lengths = near.setdefault(begun, {})
            for length in range(len(letters) - most, len(letters) + most + 1):
                # A wrong letter is one more and one less; one missing or too many is only that.
                otherwise = 2 * most - abs(length - len(letters))
                lengths.setdefault(length, []).append((bits, otherwise, word))
    return near


def _bound(letters: str) -> int:
    """Return how many slips a word may have: none in a short one, where each makes another word."""
    if has_hangul(letters):
        return (len(letters) >= 5) + (len(letters) >= 8)
    return (len(letters) >= 4) + (len(letters) >= 9)
