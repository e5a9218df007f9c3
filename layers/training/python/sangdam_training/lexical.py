"""Lexical features as a sparse matrix, and the table of whole numbers that is released."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from sangdam.learning.vocabulary import Vocabulary, learn_vocabulary
from sangdam_training.families import Linear

Counts = Mapping[int, int]
Matrix = NDArray[np.float32]

MANY_TEXTS = 1500
"""From here on a feature must occur in two texts to be known."""

MAX_FEATURES = 120_000
TABLE_BYTES = 4_900_000
"""Bounds of the table: features x intents, one byte each."""


@dataclass(frozen=True, slots=True)
class LexicalHead:
    """Weights ``[features, intents]`` in whole steps of one scale per intent, and the intercept."""

    steps: NDArray[np.int8]
    scales: Matrix
    intercept: Matrix

    def logits(self, features: Any) -> Matrix:
        """Return ``[rows, intents]`` logits of a sparse matrix of features."""
        table = self.steps.astype(np.float32)
        sums = np.asarray(features @ table, dtype=np.float32)
        return np.asarray(sums * self.scales + self.intercept, np.float32)


def vocabulary_of(texts: Sequence[Counts], *, intents: int) -> Vocabulary:
    """Return the features worth a row of the table, given how many intents a row holds."""
    return learn_vocabulary(
        texts,
        min_frequency=2 if len(texts) >= MANY_TEXTS else 1,
        max_size=min(MAX_FEATURES, TABLE_BYTES // intents),
    )


def feature_matrix(texts: Sequence[Counts], vocabulary: Vocabulary) -> Any:
    """Return the weights of known features as a sparse ``[texts, features]`` matrix, float32."""
    ends, rows, weights = [0], list[int](), list[float]()
    for counts in texts:
        known, values = vocabulary.weigh(counts)
        rows += known
        weights += values
        ends.append(len(rows))
    return csr_matrix(
        (np.asarray(weights, np.float32), np.asarray(rows, np.int32), np.asarray(ends, np.int64)),
        shape=(len(texts), len(vocabulary)),
    )


def frequencies_of(texts: Sequence[Counts]) -> Any:
    """Return sparse ``[texts, features]`` of 1 + log count over all features of the texts."""
    columns: dict[int, int] = {}
    indices: list[int] = []
    values: list[int] = []
    ends = [0]
    for counts in texts:
        for feature, count in counts.items():
            indices.append(columns.setdefault(feature, len(columns)))
            values.append(count)
        ends.append(len(indices))
    data = (1 + np.log(np.asarray(values, np.float32))).astype(np.float32)
    return csr_matrix(
        (data, np.asarray(indices, np.int32), np.asarray(ends, np.int64)),
        shape=(len(texts), max(1, len(columns))),
    )


def weighted(frequencies: Any, learnt: NDArray[np.bool_]) -> Any:
    """Return features weighted and scaled as a vocabulary of the learnt rows would do it."""
    counts = np.asarray((frequencies[learnt] > 0).sum(axis=0)).ravel()
    texts = int(learnt.sum())
    known = counts >= (2 if texts >= MANY_TEXTS else 1)
    rarity = np.where(known, np.log((1 + texts) / (1 + counts)) + 1, 0.0).astype(np.float32)
    features = frequencies.copy()
    features.data = features.data * rarity[features.indices]
    squares = features.multiply(features).sum(axis=1)
    length = np.sqrt(np.asarray(squares, np.float32)).ravel()
    length[length == 0] = 1.0
    features.data = features.data / np.repeat(length, np.diff(features.indptr))
    features.eliminate_zeros()
    return features


def round_lexical(table: Linear) -> LexicalHead:
    """Return the table with its weights rounded to 8 bits, a scale for each intent."""
    scales = np.maximum(np.abs(table.weights).max(axis=0, initial=0.0), 1e-12) / 127
    return LexicalHead(
        steps=np.ascontiguousarray(np.rint(table.weights / scales).astype(np.int8)),
        scales=scales.astype(np.float32),
        intercept=table.intercept,
    )
