"""Several encoders as one: a text's vectors side by side, each of length one.

What last layers are given stands behind all vectors; only one of the encoders may have any.
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
    def name(self) -> str:
        return "+".join(encoder.name for encoder in self._encoders)

    @property
    def dimensions(self) -> int:
        return sum(encoder.dimensions for encoder in self._encoders)

    @property
    def parts(self) -> tuple[int, ...]:
        return tuple(width for encoder in self._encoders for width in encoder.parts)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors, layers = [], []
        for encoder in self._encoders:
            rows, width = np.asarray(encoder.encode(texts), np.float32), sum(encoder.parts)
            vectors.append(rows[:, :width])
            layers.append(rows[:, width:])
        return np.concatenate([*vectors, *layers], axis=1)

    def last_layers(self) -> Mapping[str, Vectors]:
        return next((found for one in self._encoders if (found := one.last_layers())), {})
