"""Labelled sentences in any number, made of a pack's: enough to train a bot larger than any pack.

A row is the opening words of one sentence and the closing words of another in the same language.
Both sentences are of one intent, so that its words, its endings and its politeness are those that
customers use: ``[환불은 언제쯤] 되나요`` and ``카드 취소는 [언제 들어와요]`` give ``환불은 언제쯤
언제 들어와요``. Where more intents are wanted than the pack has, the rows of a further one open
with one intent and close with another (``order_cancel_then_points``): what distinguishes it is the
pair, which makes it harder than a real one. No two rows are the same text.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sangdam.bots.definition import OUT_OF_SCOPE, Example
from sangdam.text.normalise import normalise

_DRAWS = 40
"""A row that is new is looked for so many times; then the sentences are called too few."""


class TooFewSentencesError(ValueError):
    """More rows or intents are wanted than the sentences can give; the message says which."""


@dataclass(frozen=True, slots=True)
class _Theme:
    """An intent of the rows: sentences they open with, and sentences they close with."""

    name: str
    openings: tuple[Example, ...]
    closings: tuple[Example, ...]


def synthetic_rows(
    examples: Sequence[Example], *, rows: int, intents: int, seed: int
) -> tuple[Example, ...]:
    """Return that many rows, as evenly spread over that many intents as they can be.

    The same arguments give the same rows.

    Raises
    ------
    TooFewSentencesError
        If the examples do not have so many different rows or intents in them.
    """
    draw = random.Random(seed)  # noqa: S311 -- reproducible draws, no secrets
    themes = _themes(examples, intents)
    taken: set[str] = set()
    result = []
    for number in range(rows):
        theme = themes[number % intents]
        row = _new_row(theme, taken, draw)
        taken.add(normalise(row.text))
        result.append(row)
    return tuple(result)


def _new_row(theme: _Theme, taken: set[str], draw: random.Random) -> Example:
    for _ in range(_DRAWS):
        first = draw.choice(theme.openings)
        others = [
            one
            for one in theme.closings
            if one.language == first.language and one.text != first.text
        ]
        if not others:
            continue
        text = f"{_opening(first.text)} {_closing(draw.choice(others).text)}"
        if normalise(text) not in taken:
            return Example(text, theme.name, first.language)
    raise TooFewSentencesError(
        f"intent '{theme.name}': {len(theme.openings)} sentences to open with and"
        f" {len(theme.closings)} to close with give no further row; ask for fewer rows"
    )


def _themes(examples: Sequence[Example], intents: int) -> list[_Theme]:
    """Return the intents of the rows: those of the pack, evenly picked or followed by pairs."""
    sentences: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        if example.intent != OUT_OF_SCOPE and normalise(example.text):
            sentences[example.intent].append(example)
    names = list(sentences)
    if intents <= len(names):
        chosen = [(names[at * len(names) // intents],) * 2 for at in range(intents)]
    else:
        chosen = [(name, name) for name in names]
        for pair in _pairs(names):
            if len(chosen) == intents:
                break
            chosen.append(pair)
    if len(chosen) < intents:
        raise TooFewSentencesError(
            f"{intents} intents cannot be made of {len(names)}; ask for at most {len(chosen)}"
        )
    return [
        _Theme(
            first if first == second else f"{first}_then_{second}",
            tuple(sentences[first]), tuple(sentences[second]),
        )
        for first, second in chosen
    ]  # fmt: skip


def _pairs(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield every ordered pair; those that share no name come first."""
    for distance in range(1, len(names)):
        for at, name in enumerate(names):
            yield name, names[(at + distance) % len(names)]


def _opening(text: str) -> str:
    words = text.split()
    return " ".join(words[: (len(words) + 1) // 2])


def _closing(text: str) -> str:
    words = text.split()
    return " ".join(words[len(words) // 2 :])
