"""Several encoders as one: a text's vectors side by side, each of length one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sangdam.ports import Encoder


class JoinedEncoder:
    """Port ``Encoder`` over others; as safe for concurrent use as they are."""

    def __init__(self, *encoders: Encoder) -> None:
        self._encoders = encoders

    @property
    def name(self) -> str:
        return "+".join(encoder.name for encoder in self._encoders)

    @property
    def dimensions(self) -> int:
        return sum(self.parts)

    @property
    def parts(self) -> tuple[int, ...]:
        return tuple(width for encoder in self._encoders for width in encoder.parts)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = [np.asarray(encoder.encode(texts), np.float32) for encoder in self._encoders]
        return np.concatenate(rows, axis=1)
