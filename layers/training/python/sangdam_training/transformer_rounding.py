"""Weights rounded to 4 bits, 32 of them to a scale, with the scale of least squared error.

That scale cannot be told beforehand, for it decides what the weights are rounded to. So some are
tried around the one that takes the largest weight to the end of the range, of either sign (it
reaches from -8 to 7), and of the best one the weights' own answer to it: the scale that fits what
they were rounded to (least squares), twice over.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sangdam_training.transformer_weights import BLOCK, Blocks

_LOWEST, _HIGHEST = -8, 7
_TRIED = tuple(np.float32(sign * part / 20) for part in range(15, 23) for sign in (1, -1))
_REFINED = 2
# So many blocks at once stay in the cache.
_BLOCKS = 8192
_SMALLEST = np.finfo(np.float16).smallest_subnormal


def packed(matrix: NDArray[np.float32]) -> Blocks:
    """Round a matrix, float32 [rows, inputs]; the same one gives the same bytes everywhere."""
    flat = matrix.reshape(-1, BLOCK)
    found = [_rounded(flat[start : start + _BLOCKS]) for start in range(0, len(flat), _BLOCKS)]
    values = np.concatenate([values for values, _ in found]).reshape(len(matrix), -1, BLOCK)
    scales = np.concatenate([scales for _, scales in found]).reshape(len(matrix), -1)
    half = BLOCK // 2
    return Blocks(values[:, :, :half] | values[:, :, half:] << 4, scales)


def _rounded(weights: NDArray[np.float32]) -> tuple[NDArray[np.uint8], NDArray[np.float16]]:
    """Return the nibbles, uint8 [blocks, 32], and scales, float16 [blocks], of some blocks."""
    search = _Search(weights)
    for part in _TRIED:
        search.consider(search.largest * (part / _LOWEST))
    for _ in range(_REFINED):
        search.consider(search.fitting())
    return (search.values - _LOWEST).astype(np.uint8).T, search.scales


class _Search:
    """The best scale so far of each of some blocks, and what it rounds their weights to.

    A column for each block: sums are then made weight by weight, in the same order on every
    machine.
    """

    def __init__(self, weights: NDArray[np.float32]) -> None:
        self._weights = np.ascontiguousarray(weights.T)
        places = np.abs(self._weights).argmax(axis=0)[None]
        self.largest = np.take_along_axis(self._weights, places, axis=0)[0]
        self.values = np.zeros_like(self._weights)
        self.scales = np.zeros(len(weights), np.float16)
        self._errors = np.full(len(weights), np.inf, np.float32)

    def consider(self, scales: NDArray[np.float32]) -> None:
        """Take those of the scales that are better."""
        kept = scales.astype(np.float16)
        kept[kept == 0] = _SMALLEST
        wide = kept.astype(np.float32)
        values = np.clip(np.rint(self._weights / wide), _LOWEST, _HIGHEST)
        away = values * wide - self._weights
        errors = np.add.reduce(away * away, axis=0)
        better = errors < self._errors
        self._errors[better], self.scales[better] = errors[better], kept[better]
        self.values[:, better] = values[:, better]

    def fitting(self) -> NDArray[np.float32]:
        """Return the scales of least squared error, given what the weights are rounded to."""
        along = np.add.reduce(self.values * self._weights, axis=0)
        squares = np.add.reduce(self.values * self.values, axis=0)
        return np.asarray(along / np.maximum(squares, 1), np.float32)
