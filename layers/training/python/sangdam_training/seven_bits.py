"""Weights in 7 bits: what processors multiply fastest, with the same result on all of them.

A matrix is rounded to whole steps, with a step size of its own for each output; what is multiplied
with it is rounded to 8 bits as it comes, one step size for all of a text. (Jacob et al. 2018,
"Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference".)

Seven bits and not eight: processors without VNNI add two products of bytes up in 16 bits and cut
off what goes beyond (VPMADDUBSW). 2 x 255 x 63 fits, 2 x 255 x 127 does not, and a text would have
another vector there than on a processor with VNNI.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MOST = 63


@dataclass(frozen=True, slots=True)
class Steps:
    """A matrix: weight = steps * scale of its output.

    `values` is int8 [inputs, outputs] from -63 to 63, `scales` float32 [outputs].
    """

    values: NDArray[np.int8]
    scales: NDArray[np.float32]

    def dense(self) -> NDArray[np.float32]:
        """Return the weights, float32 [inputs, outputs]."""
        return np.asarray(self.values * self.scales, np.float32)


def in_steps(matrix: NDArray[np.float32]) -> Steps:
    """Round a matrix, float32 [inputs, outputs]; the same one gives the same bytes everywhere.

    An output's largest weight goes to the end of the range.
    """
    scales = np.abs(matrix).max(axis=0, initial=0) / np.float32(MOST)
    scales[scales == 0] = 1
    values = np.rint(matrix / scales).astype(np.int8)
    return Steps(values, np.asarray(scales, np.float32))


def in_seven_bits(numbers: NDArray[np.int32], scale: np.float32) -> Steps:
    """Round whole numbers, int32 [inputs, outputs], of which each counts `scale`.

    Outputs whose numbers are small enough stay as they are, to the last bit.
    """
    largest = np.abs(numbers).max(axis=0, initial=0)
    shrunk = np.maximum(np.float32(1), largest.astype(np.float32) / np.float32(MOST))
    values = np.rint(numbers / shrunk).astype(np.int8)
    return Steps(values, np.asarray(shrunk * scale, np.float32))


def side_by_side(parts: list[Steps]) -> Steps:
    """Return matrices of the same inputs as one."""
    return Steps(
        np.concatenate([part.values for part in parts], axis=1),
        np.concatenate([part.scales for part in parts]),
    )
