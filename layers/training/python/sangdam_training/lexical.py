"""Lexical features as a sparse matrix, and the linear model over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from sangdam.learning.vocabulary import Vocabulary, learn_vocabulary
from sangdam_training.convergence import quietly

Counts = Mapping[int, int]
Matrix = NDArray[np.float32]

MANY_TEXTS = 1500
"""From here on a feature must occur in two texts to be known."""

MAX_FEATURES = 120_000
TABLE_BYTES = 6_000_000
"""Bounds of the table: features x intents, one byte each."""

MARGIN_SCALE = 4.0
"""Margins are multiplied by this before the softmax: 1 apart on the margin is quite sure."""


@dataclass(frozen=True, slots=True)
class LexicalHead:
    """Weights ``[features, intents]`` in whole steps of one scale per intent, and the intercept."""

    steps: NDArray[np.int8]
    scales: Matrix
    intercept: Matrix

    def logits(self, features: Any) -> Matrix:
        """Return ``[rows, intents]`` logits of a sparse matrix of features."""
        table = self.steps.astype(np.float32)
        margins = np.asarray(features @ table, dtype=np.float32) * self.scales + self.intercept
        return (margins * np.float32(MARGIN_SCALE)).astype(np.float32)


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


def fit_lexical(
    features: Any, labels: NDArray[np.int64], *, strength: float, seed: int
) -> LinearSVC:
    """Fit one-against-the-rest support vector machines with squared hinge loss."""
    with quietly():
        return LinearSVC(C=strength, random_state=seed, max_iter=2000).fit(features, labels)


def lexical_logits(model: LinearSVC, features: Any) -> Matrix:
    """Return ``[rows, intents]`` logits of the unrounded model."""
    margins = two_sided(model.decision_function(features))
    return (margins * MARGIN_SCALE).astype(np.float32)


def round_lexical(model: LinearSVC) -> LexicalHead:
    """Return the model with its weights rounded to 8 bits, a scale for each intent."""
    weights, intercept = model.coef_, model.intercept_
    if len(weights) == 1:
        weights, intercept = np.vstack([-weights, weights]), np.hstack([-intercept, intercept])
    scales = np.maximum(np.abs(weights).max(axis=1), 1e-12) / 127
    return LexicalHead(
        steps=np.ascontiguousarray(np.rint(weights / scales[:, None]).T.astype(np.int8)),
        scales=scales.astype(np.float32),
        intercept=intercept.astype(np.float32),
    )


def two_sided(decision: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    """Return decisions as one column per intent; scikit-learn gives one column for two intents."""
    return np.stack([-decision, decision], axis=1) if decision.ndim == 1 else decision
