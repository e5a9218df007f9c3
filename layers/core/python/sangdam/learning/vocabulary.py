"""Which features a lexical model knows, and how much each says: hash -> row of its table."""

from __future__ import annotations

import math
import sys
from array import array
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Counts = Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The known features in the order of their rows, and in how many of ``texts`` each occurs."""

    hashes: array[int]
    frequencies: array[int]
    texts: int
    _rows: dict[int, int] = field(init=False, repr=False, compare=False)
    _rarity: array[float] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_rows", dict(zip(self.hashes, range(len(self)), strict=True)))
        # Inverse document frequency, smoothed as if one more text held every feature.
        above = math.log(1 + self.texts) + 1
        rarity = array("d", [above - math.log(1 + count) for count in self.frequencies])
        object.__setattr__(self, "_rarity", rarity)

    def __len__(self) -> int:
        return len(self.hashes)

    def weigh(self, counts: Counts) -> tuple[list[int], list[float]]:
        """Return the rows of the known features and their weights, a vector of length 1.

        A weight is (1 + log count) x inverse document frequency. Nothing known: two empty lists.
        """
        found = self._rows.get
        rarity = self._rarity
        rows: list[int] = []
        weights: list[float] = []
        square = 0.0
        for feature, count in counts.items():
            row = found(feature)
            if row is None:
                continue
            weight = rarity[row] if count == 1 else rarity[row] * (1 + math.log(count))
            rows.append(row)
            weights.append(weight)
            square += weight * weight
        if not rows:
            return rows, weights
        scale = 1 / math.sqrt(square)
        return rows, [weight * scale for weight in weights]

    def to_text(self) -> dict[str, str | int]:
        """Return a form that JSON can carry: little-endian unsigned 32-bit numbers in base64."""
        return {
            "texts": self.texts,
            "hashes": _write(self.hashes),
            "frequencies": _write(self.frequencies),
        }

    @staticmethod
    def from_text(top: Mapping[str, str | int]) -> Vocabulary:
        """Read that form back; ValueError, KeyError or TypeError if it is damaged."""
        hashes, frequencies = _read(str(top["hashes"])), _read(str(top["frequencies"]))
        if len(hashes) != len(frequencies):
            raise ValueError("vocabulary has hashes and frequencies of different lengths")
        return Vocabulary(hashes, frequencies, int(top["texts"]))


def learn_vocabulary(texts: Iterable[Counts], *, min_frequency: int, max_size: int) -> Vocabulary:
    """Return the vocabulary of texts given by their features.

    Features that occur in fewer than ``min_frequency`` texts are left out; of the others the
    ``max_size`` most frequent are kept, ties by hash so that the same data gives the same bytes.
    """
    frequency: Counter[int] = Counter()
    total = 0
    for counts in texts:
        frequency.update(counts.keys())
        total += 1
    known = [item for item in frequency.items() if item[1] >= min_frequency]
    if len(known) > max_size:
        known = sorted(known, key=lambda item: (-item[1], item[0]))[:max_size]
    known.sort()
    return Vocabulary(
        array("I", [feature for feature, _ in known]),
        array("I", [count for _, count in known]),
        total,
    )


def _write(numbers: array[int]) -> str:
    ordered = numbers[:]
    if sys.byteorder == "big":
        ordered.byteswap()
    return b64encode(ordered.tobytes()).decode("ascii")


def _read(text: str) -> array[int]:
    numbers = array("I")
    numbers.frombytes(b64decode(text, validate=True))
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
