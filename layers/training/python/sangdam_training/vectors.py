"""Sentence vectors made comparable, and what they are measured by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sangdam.ports import Encoder

Matrix = NDArray[np.float32]
Vector = NDArray[np.float32]

BATCH = 256
TINY = 1e-6
"""Vectors are divided by their length, but never by less than this."""

CROWDED = 0.7
"""Where the mean of unit vectors is longer than this, all of them crowd around one direction, and
a few dimensions hold most of what varies: each dimension is then scaled by its deviation."""


def encode(
    encoder: Encoder, texts: Sequence[str], *, tell: Callable[[int], None] = lambda done: None
) -> Matrix:
    """Return float32 ``[texts, dimensions]``, encoded in batches of texts of like length."""
    order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
    vectors = np.empty((len(texts), encoder.dimensions), np.float32)
    for start in range(0, len(order), BATCH):
        batch = order[start : start + BATCH]
        vectors[batch] = np.asarray(encoder.encode([texts[index] for index in batch]))
        tell(start + len(batch))
    return vectors


@dataclass(frozen=True, slots=True)
class Centring:
    """Vectors minus the mean of the training texts, times a scale, divided by their length.

    All sentences of one bot point the same way; what is left without that tells them apart.
    """

    mean: Vector
    scale: Vector

    def __call__(self, vectors: Matrix) -> Matrix:
        moved = (vectors - self.mean) * self.scale
        length = np.sqrt((moved * moved).sum(axis=1, keepdims=True))
        return np.asarray(moved / np.maximum(length, np.float32(TINY)), np.float32)


def fit_centring(vectors: Matrix) -> Centring:
    """Return the centring of training vectors ``[texts, dimensions]``, each of length 1."""
    mean = vectors.mean(axis=0, dtype=np.float64)
    scale = np.ones(vectors.shape[1], np.float32)
    if np.sqrt((mean * mean).sum()) > CROWDED and len(vectors) > 1:
        deviation = vectors.std(axis=0, dtype=np.float64)
        typical = max(float(np.median(deviation)), TINY)
        scale = np.asarray(typical / np.maximum(deviation, typical / 10), np.float32)
    return Centring(mean.astype(np.float32), scale)


def centres(units: Matrix, labels: NDArray[np.int64], *, intents: int) -> Matrix:
    """Return the mean direction of each intent, ``[intents, dimensions]``, rows of length 1."""
    members = np.zeros((intents, len(labels)), np.float32)
    members[labels, np.arange(len(labels))] = 1
    sums = (members @ units).astype(np.float64)
    length = np.sqrt((sums * sums).sum(axis=1, keepdims=True))
    return np.asarray(sums / np.maximum(length, 1e-6), np.float32)


def in_half(weights: Matrix) -> Matrix:
    """Return weights rounded to what 16 bits hold, as they are stored."""
    return np.asarray(weights.astype(np.float16), np.float32)


def nearness(units: Matrix, centres_: Matrix) -> Vector:
    """Return the cosine of each row with the centre nearest to it."""
    return np.asarray((units @ centres_.T).max(axis=1), np.float32)
