"""Which groups say the same, in other words or in the other language: told by the encoder.

Neither questions nor answers alone are enough: "how much is a return" and "how much is an exchange"
are near each other, and so are answers that differ in a figure. Both have to be near, and figures
and denials must agree. Measured on the example pack, with one to three questions a group: all pairs
within these bounds belong together, and they are a third of those that do. Two intents that should
be one still answer rightly; one that should be two does not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sangdam.ports import Encoder, Progress
from sangdam_training.vectors import fit_centring
from scripts.importing.group import Group

Matrix = NDArray[np.float32]

QUESTIONS, ANSWERS, BOTH = 0.2, 0.7, 1.1
"""Least cosines of centred vectors of questions, of answers, and least sum of the two."""

TRANSLATED = 0.25
"""Least mean cosine of two groups in different languages, each the other's nearest."""

ENCODED_ANSWER = 300
ENCODED_QUESTIONS = 20
"""So much of an answer, and so many questions of a group, say what it is about."""

_BATCH = 256
_BLOCK = 512
_TRIED = 5
_FIGURE = re.compile(r"\d[\d,.]*")
_DENIAL = re.compile(
    r"불가|않|못하|못 |없[이어는습으다]|안 ?(?:되|돼|됩)|아니[요오라]"
    r"|\b(?:no|not|never|cannot|can't|unable|without)\b|n't\b|unavailable",
    re.IGNORECASE,
)


class EncoderLikeness:
    """Port ``Likeness`` by sentence vectors. Up to 50,000 groups within 2 GB."""

    def __init__(self, encoder: Encoder, *, progress: Progress) -> None:
        self._encoder = encoder
        self._progress = progress

    def alike(self, groups: Sequence[Group]) -> list[tuple[int, int]]:
        """Give each group, in their order, to the nearest earlier one that says the same."""
        if len(groups) < 2:
            return []
        asked, said = self._vectors(groups)
        facts = [_facts(group) for group in groups]
        leaders = np.empty(0, np.int64)
        found: list[tuple[int, int]] = []
        for start in range(0, len(groups), _BLOCK):
            rows = np.arange(start, min(start + _BLOCK, len(groups)))
            self._progress("comparing answers", start, len(groups))
            # A group may also join one that begins in its own block.
            others = np.concatenate([leaders, rows])
            near = _nearness(asked, said, rows, others)
            is_leader = np.ones(len(others), np.bool_)
            for place, row in enumerate(rows):
                end = len(leaders) + place
                likely = np.flatnonzero((near[place, :end] > 0) & is_leader[:end])
                for other in likely[np.argsort(-near[place, likely], kind="stable")][:_TRIED]:
                    if _agree(facts[row], facts[others[other]]):
                        found.append((int(row), int(others[other])))
                        is_leader[end] = False
                        break
            leaders = others[is_leader]
        self._progress("comparing answers", len(groups), len(groups))
        return found

    def translations(
        self, groups: Sequence[Group], others: Sequence[Group]
    ) -> list[tuple[int, int]]:
        """Pair groups that are each other's nearest across the languages."""
        asked, said = self._vectors(groups)
        asked2, said2 = self._vectors(others)
        best, back = _nearest(asked, said, asked2, said2), _nearest(asked2, said2, asked, said)
        return [
            (one, other)
            for one, (other, nearness) in enumerate(best)
            if back[other][0] == one and nearness >= TRANSLATED
        ]

    def _vectors(self, groups: Sequence[Group]) -> tuple[Matrix, Matrix]:
        questions = [group.questions()[:ENCODED_QUESTIONS] for group in groups]
        owner = np.repeat(np.arange(len(groups)), [len(one) for one in questions])
        rows = _centred(self.encode([q for one in questions for q in one], "reading questions"))
        asked = np.zeros((len(groups), rows.shape[1]), np.float32)
        np.add.at(asked, owner, rows)
        said = _centred(
            self.encode(
                [group.answers()[0][:ENCODED_ANSWER] for group in groups], "reading answers"
            )
        )
        return _units(asked), said

    def encode(self, texts: Sequence[str], task: str) -> Matrix:
        """Return the first part of every text's vector, encoded in batches of like length."""
        width = self._encoder.parts[0]
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        rows = np.empty((len(texts), width), np.float32)
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            vectors = np.asarray(self._encoder.encode([texts[place] for place in batch]))
            rows[batch] = vectors[:, :width]
            self._progress(task, start + len(batch), len(order))
        return rows


def _nearness(
    asked: Matrix, said: Matrix, rows: NDArray[np.int64], others: NDArray[np.int64]
) -> Matrix:
    """Return the sum of both cosines where all bounds are kept, else 0."""
    questions = asked[rows] @ asked[others].T
    answers = said[rows] @ said[others].T
    both = questions + answers
    both[(questions < QUESTIONS) | (answers < ANSWERS) | (both < BOTH)] = 0
    return np.asarray(both, np.float32)


def _nearest(asked: Matrix, said: Matrix, asked2: Matrix, said2: Matrix) -> list[tuple[int, float]]:
    """Return for every row the nearest of the others, and its mean cosine."""
    found: list[tuple[int, float]] = []
    for start in range(0, len(asked), _BLOCK):
        block = slice(start, start + _BLOCK)
        both = (asked[block] @ asked2.T + said[block] @ said2.T) / 2
        found += [(int(row.argmax()), float(row.max())) for row in both]
    return found


def _centred(rows: Matrix) -> Matrix:
    return fit_centring(rows)(rows) if len(rows) > 1 else rows


def _units(rows: Matrix) -> Matrix:
    length = np.sqrt((rows * rows).sum(axis=1, keepdims=True))
    return np.asarray(rows / np.maximum(length, np.float32(1e-6)), np.float32)


def _facts(group: Group) -> tuple[frozenset[str], bool]:
    answer = group.answers()[0]
    figures = frozenset(one.strip(".,").replace(",", "") for one in _FIGURE.findall(answer))
    return figures, _DENIAL.search(answer) is not None


def _agree(one: tuple[frozenset[str], bool], other: tuple[frozenset[str], bool]) -> bool:
    """Tell whether neither answer names a figure or a denial that the other contradicts."""
    figures, others = one[0], other[0]
    return (figures <= others or others <= figures) and one[1] == other[1]
