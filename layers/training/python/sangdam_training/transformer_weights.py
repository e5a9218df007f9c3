"""The weights of a small transformer, however they are stored: what graph and pass are built of.

All of these models are BERTs (Devlin et al. 2019), of one size or another. Tensors have short
names: `emb.word` (a row for each piece), `emb.pos`, `emb.type`, and of layer 0 `l0.q`, `l0.k`,
`l0.v` and `l0.ao` (attention and its output), `l0.fi` and `l0.fo` (the dense layers); matrices end
in `.w` and biases in `.b`. `emb.ln`, `l0.aln` and `l0.oln` are the normalisations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sangdam_training.seven_bits import Steps

WIDTH = 384
INNER = 1536
HEADS = 12
BLOCK = 32
"""Weights to a scale, where they are in 4 bits."""


@dataclass(frozen=True, slots=True)
class Size:
    """How wide what flows between layers is, and what between the dense ones; and the heads."""

    width: int = WIDTH
    inner: int = INNER
    heads: int = HEADS


SMALL = Size()


class Weights(Protocol):
    """What a pass in single precision needs."""

    @property
    def layers(self) -> int: ...

    @property
    def size(self) -> Size: ...

    @property
    def epsilon(self) -> float: ...

    def floats(self, name: str) -> NDArray[np.float32]:
        """Return a tensor that is stored in full precision, flat."""

    def dense(
        self, name: str, *, inputs: int, rows: Sequence[int] | None = None
    ) -> NDArray[np.float32]:
        """Return a matrix, a row for each output, float32 [rows, inputs]; of `rows`, if given."""


class RoundedWeights(Weights, Protocol):
    """What the graph is built of: a table in 4 bits, and matrices in 4 or in 7."""

    def table(self) -> Blocks:
        """Return the table, a row for each piece."""

    def matrix(self, name: str, *, inputs: int) -> Blocks | Steps:
        """Return a matrix: in 4 bits with a row for each output, in 7 with a column for each."""


@dataclass(frozen=True, slots=True)
class OfWhole:
    """What a model whose matrices are rounded still has of the whole one."""

    whole: Weights

    @property
    def layers(self) -> int:
        return self.whole.layers

    @property
    def size(self) -> Size:
        return self.whole.size

    @property
    def epsilon(self) -> float:
        return self.whole.epsilon

    def floats(self, name: str) -> NDArray[np.float32]:
        return self.whole.floats(name)


@dataclass(frozen=True, slots=True)
class Blocks:
    """A matrix in 4 bits: weight = (nibble - 8) * scale of its block.

    `nibbles` is uint8 [rows, blocks, 16]: byte j holds weight j of the block in its low half and
    weight j + 16 in its high half. `scales` is float16 [rows, blocks].
    """

    nibbles: NDArray[np.uint8]
    scales: NDArray[np.float16]

    def values(self) -> NDArray[np.uint8]:
        """Return the nibbles in the order of the weights, uint8 [rows, blocks, 32]."""
        return np.concatenate([self.nibbles & 15, self.nibbles >> 4], axis=2)

    def dense(self, rows: Sequence[int] | None = None) -> NDArray[np.float32]:
        """Return the weights, float32 [rows, inputs]; those of `rows`, if given."""
        if rows is not None:
            return Blocks(self.nibbles[np.asarray(rows)], self.scales[np.asarray(rows)]).dense()
        weights = (self.values().astype(np.float32) - 8) * self.scales[:, :, None]
        return np.asarray(weights.reshape(len(self.nibbles), -1), np.float32)
