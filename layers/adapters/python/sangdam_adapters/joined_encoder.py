"""Several encoders as one: a text's vectors side by side, each of length one.

What last layers are given stands behind all vectors; only one of the encoders may have any. The
first encoder alone gives a first look at a text, with zeros where the others would stand; the rest
can be read later, and only of texts that are worth it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sangdam.ports import Encoder, Vectors


class JoinedEncoder:
    """Port ``Encoder`` over others; as safe for concurrent use as they are."""

    def __init__(self, *encoders: Encoder) -> None:
        self._encoders = encoders

    @property
    def first(self) -> Encoder:
        """The encoder that reads whatever is written, and quickly."""
        return self._encoders[0]

    @property
    def name(self) -> str:
        return "+".join(encoder.name for encoder in self._encoders)

    @property
    def dimensions(self) -> int:
        return sum(encoder.dimensions for encoder in self._encoders)

    @property
    def parts(self) -> tuple[int, ...]:
        return tuple(width for encoder in self._encoders for width in encoder.parts)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.complete(texts, self.glance(texts))

    def glance(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return rows that only the first encoder has read the texts for."""
        rows = np.zeros((len(texts), self.dimensions), np.float32)
        self._read(0, texts, rows)
        return rows

    def complete(self, texts: Sequence[str], glanced: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the rows of :meth:`encode`, given those of a :meth:`glance` at the same texts."""
        rows = glanced.copy()
        for number in range(1, len(self._encoders)):
            self._read(number, texts, rows)
        return rows

    def _read(self, number: int, texts: Sequence[str], rows: NDArray[np.float32]) -> None:
        """Let one of the encoders write what it says into the rows."""
        before, encoder = self._encoders[:number], self._encoders[number]
        said, width = np.asarray(encoder.encode(texts), np.float32), sum(encoder.parts)
        at = sum(sum(one.parts) for one in before)
        rows[:, at : at + width] = said[:, :width]
        at = sum(self.parts) + sum(one.dimensions - sum(one.parts) for one in before)
        rows[:, at : at + said.shape[1] - width] = said[:, width:]

    def last_layers(self) -> Mapping[str, Vectors]:
        return next((found for one in self._encoders if (found := one.last_layers())), {})
