"""One wrong key in a word, put right from the words that a bot has been taught."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import log

from sangdam.text.english_words import is_english_word
from sangdam.text.keyboard import english_cost, korean_cost
from sangdam.text.korean import keys_from_hangul
from sangdam.text.lazy import lazy_pattern
from sangdam.text.odds import SYLLABLES_BY_COST

SHORTEST = 4
"""Words of fewer keys are left alone: one wrong key makes another word of them."""

LONGEST = 40
MOST_WORDS = 6000

KOREAN_GAIN = 4.0
"""How much likelier, in nats, a Korean word's syllables must become for it to be taken as mistyped:
words have many forms that no bot was taught, and what gives a slip away are syllables that hardly
occur and loose letters. English words are known by themselves."""

_LIKELIEST = 4
_USUAL = frozenset(
    letter
    for cost, letters in SYLLABLES_BY_COST.items()
    if cost < KOREAN_GAIN + _LIKELIEST
    for letter in letters
)
"""Syllables that no other one is so much likelier than."""

_AFFIX = 2
_MOST_REPAIRS = 20
_WORD = lazy_pattern("[가-힣ㄱ-ㅣ]+|[a-z]+")
_LOOSE = lazy_pattern("[ㄱ-ㅎㅏ-ㅣ]+")


@dataclass(frozen=True, slots=True)
class Spelling:
    """Words that were taught, with how often; without words nothing is put right.

    What is needed to find a word that is nearly typed is made when the first one comes up.
    """

    words: Mapping[str, int] = field(default_factory=dict)
    _near: dict[str, list[tuple[str, str]]] = field(default_factory=dict, repr=False, compare=False)

    def __call__(self, text: str) -> str:
        """Return a normalised text with mistyped words as they were taught.

        A word is put right if one slip of the hand (a key wrong, missing, too many, or two swapped)
        makes a taught one of it, and if it is none itself: not taught, no everyday English word,
        or of Korean syllables much less likely than those of the taught one.
        """
        if not self.words:
            return text
        left = _MOST_REPAIRS
        parts, at = [], 0
        for run in _WORD.finditer(text):
            if run[0] in self.words or not left:
                continue
            right = self._repaired(run[0])
            if right is not None:
                left -= 1
                parts += [text[at : run.start()], right]
                at = run.end()
        return "".join(parts) + text[at:] if parts else text

    def _repaired(self, word: str) -> str | None:
        if len(word) > LONGEST or _LOOSE.fullmatch(word):
            return None
        english = word.isascii()
        keys = word if english else keys_from_hangul(word)
        is_usual = is_english_word(word) if english else _USUAL.issuperset(word)
        if is_usual or len(keys) < SHORTEST:
            return None
        if not self._near:
            self._near.update(_near(self.words))
        cost = english_cost if english else korean_cost
        typed = cost(word)
        best: tuple[float, str] | None = None
        around = range(len(keys) - 1, len(keys) + 2)
        places = [place for length in around for place in _places(keys, length)]
        for other, other_keys in {one for place in places for one in self._near.get(place, ())}:
            if other.isascii() != english:
                continue
            if keys != other_keys and not is_one_slip(keys, other_keys):
                continue
            gain = typed - cost(other)
            if gain < KOREAN_GAIN and not english:
                continue
            found = (gain + 2 * log(self.words[other]), other)
            best = found if best is None else max(best, found)
        return None if best is None else best[1]


def learn_spelling(texts: Iterable[str]) -> Spelling:
    """Return the spelling of normalised texts: their words, the most frequent ones of very many."""
    counts = Counter(word for text in texts for word in _WORD.findall(text) if len(word) <= LONGEST)
    return Spelling(dict(sorted(counts.most_common(MOST_WORDS))))


def _near(words: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    """Return words and their keys by how long they are and how they begin and end."""
    near: dict[str, list[tuple[str, str]]] = {}
    for word in words:
        keys = keys_from_hangul(word)
        if len(keys) >= SHORTEST - 1:
            for place in _places(keys, len(keys)):
                near.setdefault(place, []).append((word, keys))
    return near


def is_one_slip(one: str, other: str) -> bool:
    """Tell whether one key wrong, missing or too many, or two swapped, makes one of the other.

    >>> is_one_slip("order", "ordre"), is_one_slip("order", "oder"), is_one_slip("order", "older")
    (True, True, True)
    >>> is_one_slip("order", "order"), is_one_slip("order", "rdoer")
    (False, False)
    """
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    at, least = 0, min(len(one), len(other))
    while at < least and one[at] == other[at]:
        at += 1
    if len(one) < len(other):
        return one[at:] == other[at + 1 :]
    if len(one) > len(other):
        return one[at + 1 :] == other[at:]
    if one[at + 1 :] == other[at + 1 :]:
        return True
    return one[at : at + 2] == other[at : at + 2][::-1] and one[at + 2 :] == other[at + 2 :]


def _places(keys: str, length: int) -> tuple[str, str]:
    """Return where words of so many keys stand that begin or end as these keys do.

    One slip nearly always spares the one or the other.
    """
    return f"{length}<{keys[:_AFFIX]}", f"{length}>{keys[-_AFFIX:]}"
