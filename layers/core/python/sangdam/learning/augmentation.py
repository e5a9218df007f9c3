"""Copies of training sentences, as customers would have put or mistyped them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal, get_args

from sangdam.bots.definition import Language
from sangdam.text.english_phrasing import asked_otherwise, contracted
from sangdam.text.korean import has_hangul, language_of
from sangdam.text.korean_phrasing import agreeing, other_ending, other_particles
from sangdam.text.normalise import normalise
from sangdam.text.slips import other_keyboard, typo, without_spaces

Kind = Literal[
    "synonym", "spaces", "typo", "particle", "ending", "contraction", "request", "keyboard"
]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""What a copy differs in: a word of the same meaning, spaces left out, one slip of the hand,
Korean particles and endings, English contractions and requests, the mode of the keyboard."""

_TRIES = 3

Change = Callable[[str, Random], str]


@dataclass(frozen=True, slots=True)
class Copy:
    """A sentence made from the one at index ``parent``, and what it differs in."""

    text: str
    parent: int
    kind: Kind


def augment(
    texts: Sequence[str],
    languages: Sequence[Language] | None = None,
    *,
    kinds: Sequence[Kind],
    copies: int,
    seed: int,
    synonyms: Mapping[str, Sequence[str]] | None = None,
) -> tuple[Copy, ...]:
    """Return up to ``copies`` copies of each text, in the order of their parents.

    No copy says the same as a parent or another copy, none is empty; texts are the same when they
    are equal after normalisation. A text gets fewer copies, or none, where the kinds find nothing
    to change. The same arguments give the same copies, and those of a text depend on the texts
    before it only where two would be the same.

    Parameters
    ----------
    languages
        Of the texts, in their order; told from each text if missing.
    kinds
        What the copies may differ in; each copy differs in one.
    synonyms
        Words and what may stand in their place. Korean words are found inside longer ones, and the
        particle behind is made to agree; English words are found as words.
    """
    changes = _changes(synonyms or {})
    known = {normalise(text) for text in texts}
    made: list[Copy] = []
    for parent, text in enumerate(texts):
        language = languages[parent] if languages is not None else language_of(text)
        draw = Random(f"{seed} {text}")  # noqa: S311 -- reproducible draws, no secrets
        open_ = [kind for kind in dict.fromkeys(kinds) if _fits(kind, language, text)]
        draw.shuffle(open_)
        left = copies
        while left > 0 and open_:
            kind = open_.pop(0)
            copy = _one(text, changes[kind], draw, known)
            if copy is not None:
                made.append(Copy(copy, parent, kind))
                open_.append(kind)
                left -= 1
    return tuple(made)


def _one(text: str, change: Change, draw: Random, known: set[str]) -> str | None:
    """Return a copy that is new, and remember it; None if none is found in a few tries."""
    for _ in range(_TRIES):
        copy = change(text, draw)
        key = normalise(copy)
        if key and key not in known:
            known.add(key)
            return copy
    return None


def _changes(synonyms: Mapping[str, Sequence[str]]) -> dict[Kind, Change]:
    return {
        "synonym": lambda text, draw: _with_a_synonym(text, draw, synonyms),
        "spaces": without_spaces,
        "typo": typo,
        "particle": other_particles,
        "ending": other_ending,
        "contraction": contracted,
        "request": asked_otherwise,
        "keyboard": other_keyboard,
    }


def _fits(kind: Kind, language: Language | None, text: str) -> bool:
    if kind in ("particle", "ending", "spaces"):
        return language == "ko" and has_hangul(text)
    if kind in ("contraction", "request"):
        return language == "en"
    return True


def _with_a_synonym(text: str, draw: Random, synonyms: Mapping[str, Sequence[str]]) -> str:
    found = [(word, run) for word in synonyms if synonyms[word] for run in _places(word, text)]
    if not found:
        return text
    word, at = draw.choice(found)
    other = draw.choice(list(synonyms[word]))
    changed = text[:at] + other + text[at + len(word) :]
    return agreeing(changed, at + len(other)) if has_hangul(other) else changed


def _places(word: str, text: str) -> list[int]:
    """Return where a word begins: anywhere in a Korean text, between other letters nowhere."""
    if not word:
        return []
    pattern = re.escape(word) if has_hangul(word) else rf"(?<!\w){re.escape(word)}(?!\w)"
    return [run.start() for run in re.finditer(pattern, text, re.IGNORECASE)]
