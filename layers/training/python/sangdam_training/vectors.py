"""Sentence vectors made comparable, and the linear model over them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from sangdam.ports import Encoder
from sangdam_training.convergence import quietly
from sangdam_training.lexical import two_sided

Matrix = NDArray[np.float32]

BATCH = 256
TINY = 1e-6
"""Vectors are divided by their length, but never by less than this."""


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
    """Vectors minus the mean of the training texts, divided by their length.

    All sentences of one bot point the same way; what is left without that tells them apart.
    """

    mean: Matrix

    def __call__(self, vectors: Matrix) -> Matrix:
        moved = vectors - self.mean
        length = np.sqrt((moved * moved).sum(axis=1, keepdims=True))
        return np.asarray(moved / np.maximum(length, np.float32(TINY)), np.float32)


def fit_centring(vectors: Matrix) -> Centring:
    """Return the centring of training vectors ``[texts, dimensions]``."""
    return Centring(vectors.mean(axis=0, dtype=np.float64).astype(np.float32))


def fit_vector_head(
    units: Matrix, labels: NDArray[np.int64], *, strength: float
) -> LogisticRegression:
    """Fit multinomial logistic regression on centred vectors."""
    with quietly():
        return LogisticRegression(C=strength, max_iter=300).fit(units, labels)


def vector_logits(model: LogisticRegression, units: Matrix) -> Matrix:
    """Return ``[rows, intents]`` logits whose softmax is the model's probability."""
    decision = model.decision_function(units)
    logits: NDArray[np.floating[Any]] = two_sided(decision)
    return (logits * 0.5 if decision.ndim == 1 else logits).astype(np.float32)
