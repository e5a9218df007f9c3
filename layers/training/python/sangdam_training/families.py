"""The model families that compete, and what each is given.

All but one are linear in what they are given, so that any number of them, weighted and added, are
one table in the released model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import issparse
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import ComplementNB
from sklearn.svm import LinearSVC

from sangdam_training.convergence import quietly
from sangdam_training.vectors import centres

Matrix = NDArray[np.float32]
Labels = NDArray[np.int64]

Family = Literal["logistic", "discriminant", "centroid", "svm", "bayes", "tuned"]

MARGIN_SCALE = 4.0
"""Margins are multiplied by this before the softmax: 1 apart on the margin is quite sure."""

COPIED = " with altered copies"
"""What the name of a candidate ends in that learns from them too."""

LEAST_SPREAD = 0.1
"""Sentences of one intent are taken to differ by so much (the trace of their covariance, where
vectors have length 1) however alike those few are that were given."""

PASSES, LOOKS = 20, 200_000
"""The sparse solver of logistic regression looks at every row so many times at most, and more often
where that are fewer looks at rows altogether; more of them change nothing that can be measured."""

ABSENT = -60.0
"""The logit of an intent of which nothing was learnt."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A family with its strength, what it looks at, and whether it learns from altered copies.

    ``space`` is ``lexical``, ``layers`` (what the encoder's last layers are given) or ``vector1``,
    ``vector2`` ... for the parts of a sentence vector. ``strength`` is the inverse regularisation
    of ``logistic`` and ``svm``, the shrinkage of ``discriminant`` (0 to 1), the factor of the
    cosine for ``centroid``, the smoothing of ``bayes``, the learning rate of ``tuned``.
    """

    space: str
    family: Family
    strength: float
    augmented: bool = False

    @property
    def name(self) -> str:
        return f"{self.space}: {self.family} {self.strength:g}{COPIED if self.augmented else ''}"


@dataclass(frozen=True, slots=True)
class Linear:
    """Weights ``[features, intents]`` and intercept ``[intents]``, float32."""

    weights: Matrix
    intercept: Matrix

    def logits(self, rows: Any) -> Matrix:
        """Return ``[rows, intents]`` logits of a dense or sparse matrix of rows."""
        return np.asarray(rows @ self.weights + self.intercept, np.float32)


def fit_linear(
    candidate: Candidate, rows: Any, labels: Labels, *, intents: int, seed: int, partial: bool
) -> Linear:
    """Fit a linear family on rows ``[rows, features]``.

    Intents without rows stay ``ABSENT``; but where rows are ``partial``, for not every text has
    any, they get the mean of the others: nothing is known of them here, and others may know.
    """
    known = np.unique(labels)
    if candidate.family == "logistic":
        fitted = _logistic(rows, labels, candidate.strength, seed)
    elif candidate.family == "svm":
        fitted = _svm(rows, labels, candidate.strength, seed)
    elif candidate.family == "bayes":
        fitted = _bayes(rows, labels, candidate.strength)
    elif candidate.family == "discriminant":
        fitted = _discriminant(rows, labels, candidate.strength)
    elif candidate.family == "centroid":
        middle = centres(rows, np.searchsorted(known, labels), intents=len(known))
        fitted = Linear(middle.T * np.float32(candidate.strength), np.zeros(len(known), np.float32))
    else:
        raise ValueError(f"{candidate.family} is no linear family")
    if len(known) == intents:
        return fitted
    weights = np.zeros((fitted.weights.shape[0], intents), np.float32)
    intercept = np.full(intents, ABSENT, np.float32)
    if partial:
        weights[:] = fitted.weights.mean(axis=1, keepdims=True)
        intercept[:] = fitted.intercept.mean()
    weights[:, known], intercept[known] = fitted.weights, fitted.intercept
    return Linear(weights, intercept)


def _two_sided(weights: NDArray[Any], intercept: NDArray[Any], share: float) -> Linear:
    """Return one column per intent; scikit-learn gives a single one for two intents."""
    if len(weights) == 1:
        weights = np.vstack([-weights, weights]) * share
        intercept = np.hstack([-intercept, intercept]) * share
    return Linear(np.asarray(weights.T, np.float32), np.asarray(intercept, np.float32))


def _logistic(rows: Any, labels: Labels, strength: float, seed: int) -> Linear:
    """Multinomial logistic regression.

    The gradient that ``tol`` is compared with is a mean over rows, and with 150 intents it is small
    before the first step: with 1e-3 the solver would stop where it begins. Sparse rows are learnt
    from one by one (SAGA; Defazio et al., 2014), which touches only the features of a row: ten
    times faster than steps over all of them.
    """
    model = LogisticRegression(C=strength, max_iter=300, tol=1e-5)
    if issparse(rows):
        model = LogisticRegression(
            C=strength,
            solver="saga",
            max_iter=max(PASSES, LOOKS // len(labels)),
            tol=1e-5,
            random_state=seed,
        )
    with quietly():
        model.fit(rows, labels)
    return _two_sided(model.coef_, model.intercept_, 0.5)


def _svm(rows: Any, labels: Labels, strength: float, seed: int) -> Linear:
    """One-against-the-rest support vector machines with squared hinge loss."""
    with quietly():
        model = LinearSVC(C=strength, random_state=seed, max_iter=2000).fit(rows, labels)
    found = _two_sided(model.coef_, model.intercept_, 1.0)
    scale = np.float32(MARGIN_SCALE)
    return Linear(found.weights * scale, found.intercept * scale)


def _bayes(rows: Any, labels: Labels, strength: float) -> Linear:
    """Complement naive Bayes (Rennie et al., 2003), its scores in units of one feature's weight."""
    model = ComplementNB(alpha=strength).fit(rows, labels)
    weights = np.asarray(model.feature_log_prob_, np.float64)
    weights = weights - weights.mean(axis=0)
    if len(weights) == 1:
        weights = np.vstack([-weights, weights])
    return Linear(weights.T.astype(np.float32), np.zeros(len(weights), np.float32))


def _discriminant(rows: Matrix, labels: Labels, shrinkage: float) -> Linear:
    """Nearest centroid by Mahalanobis distance: linear discriminant analysis, shrunk covariance.

    Ledoit and Wolf's form of shrinkage, towards a multiple of the identity.
    """
    known, positions = np.unique(labels, return_inverse=True)
    means = np.zeros((len(known), rows.shape[1]))
    np.add.at(means, positions, rows)
    means /= np.bincount(positions)[:, None]
    moved = rows.astype(np.float64) - means[positions]
    covariance = moved.T @ moved / max(1, len(rows) - len(known))
    level = max(float(np.trace(covariance)), LEAST_SPREAD) / len(covariance)
    covariance *= 1 - shrinkage
    covariance[np.diag_indices_from(covariance)] += shrinkage * level
    weights = np.linalg.solve(covariance, means.T)
    intercept = -0.5 * (means.T * weights).sum(axis=0)
    return Linear(weights.astype(np.float32), intercept.astype(np.float32))
