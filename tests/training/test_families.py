"""Every family says what its textbook form says, as weights of one table."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression
from sklearn.metrics.pairwise import cosine_similarity
from sklearn.naive_bayes import ComplementNB
from sklearn.svm import LinearSVC

from sangdam_training.families import (
    ABSENT,
    COPIED,
    MARGIN_SCALE,
    Candidate,
    Family,
    Linear,
    fit_linear,
)
from sangdam_training.pool import log_softmax

STRENGTHS: dict[Family, float] = {
    "logistic": 3.0,
    "svm": 0.5,
    "bayes": 0.3,
    "discriminant": 0.3,
    "centroid": 15.0,
}
EACH = 20
"""Rows of an intent."""


def rows_of(intents: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return rows of length 1, no number below 0, and the intent of each."""
    draw = np.random.default_rng(intents)
    middles = draw.random((intents, 12))
    rows = np.repeat(middles, EACH, axis=0) + 0.4 * draw.random((intents * EACH, 12))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows.astype(np.float32), np.repeat(np.arange(intents), EACH)


def fit(family: Family, rows: Any, labels: NDArray[np.int64], *, intents: int) -> Linear:
    candidate = Candidate("vector1", family, STRENGTHS[family])
    return fit_linear(candidate, rows, labels, intents=intents, seed=0, partial=False)


@pytest.mark.parametrize("intents", [2, 4])
def test_logistic_regression_gives_the_probabilities_of_scikit_learn(intents: int) -> None:
    rows, labels = rows_of(intents)
    known = LogisticRegression(C=STRENGTHS["logistic"], max_iter=5000, tol=1e-9).fit(rows, labels)
    logits = fit("logistic", rows, labels, intents=intents).logits(rows)
    np.testing.assert_allclose(np.exp(log_softmax(logits)), known.predict_proba(rows), atol=2e-3)


@pytest.mark.parametrize("intents", [2, 4])
def test_support_vector_machines_give_the_margins_of_scikit_learn(intents: int) -> None:
    rows, labels = rows_of(intents)
    known = LinearSVC(C=STRENGTHS["svm"], random_state=0, max_iter=2000).fit(rows, labels)
    margins = known.decision_function(rows)
    if intents == 2:
        margins = np.stack([-margins, margins], axis=1)
    logits = fit("svm", rows, labels, intents=intents).logits(rows)
    np.testing.assert_allclose(logits, MARGIN_SCALE * margins, atol=1e-4)


@pytest.mark.parametrize("intents", [2, 4])
def test_complement_bayes_gives_the_probabilities_of_scikit_learn(intents: int) -> None:
    rows, labels = rows_of(intents)
    known = ComplementNB(alpha=STRENGTHS["bayes"]).fit(rows, labels)
    logits = fit("bayes", rows, labels, intents=intents).logits(rows)
    np.testing.assert_allclose(np.exp(log_softmax(logits)), known.predict_proba(rows), atol=1e-5)


@pytest.mark.parametrize("intents", [2, 4])
def test_the_discriminant_gives_the_decision_of_scikit_learn(intents: int) -> None:
    rows, labels = rows_of(intents)
    rows = 4 * rows
    shrunk = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=STRENGTHS["discriminant"])
    known = shrunk.fit(rows.astype(np.float64), labels)
    logits = fit("discriminant", rows, labels, intents=intents).logits(rows)
    # Theirs divides the covariance by all rows, and adds the logarithm of the intents' shares.
    ours = logits * len(rows) / (len(rows) - intents) + np.log(1 / intents)
    if intents == 2:
        ours = ours[:, 1] - ours[:, 0]
    np.testing.assert_allclose(ours, known.decision_function(rows), rtol=1e-3, atol=1e-2)
    assert (logits.argmax(axis=1) == known.predict(rows)).all()


@pytest.mark.parametrize("intents", [2, 4])
def test_the_centroid_gives_the_cosine_with_each_intents_mean(intents: int) -> None:
    rows, labels = rows_of(intents)
    means = np.stack([rows[labels == intent].mean(axis=0) for intent in range(intents)])
    logits = fit("centroid", rows, labels, intents=intents).logits(rows)
    expected = STRENGTHS["centroid"] * cosine_similarity(rows, means)
    np.testing.assert_allclose(logits, expected, atol=1e-4)


@pytest.mark.parametrize("family", ["logistic", "svm", "bayes"])
def test_sparse_rows_are_learnt_from_as_dense_ones(family: Family) -> None:
    rows, labels = rows_of(3)
    rows = np.where(rows > 0.2, rows, 0).astype(np.float32)
    dense = fit(family, rows, labels, intents=3).logits(rows)
    sparse = fit(family, csr_matrix(rows), labels, intents=3).logits(csr_matrix(rows))
    np.testing.assert_allclose(sparse, dense, atol=0.02)
    assert sparse.dtype == np.float32


@pytest.mark.parametrize("family", list(STRENGTHS))
def test_an_intent_of_which_nothing_was_learnt_stays_far_below(family: Family) -> None:
    rows, labels = rows_of(3)
    gap = np.array([0, 2, 4])[labels]
    fitted = fit(family, rows, gap, intents=5)
    logits = fitted.logits(rows)
    assert logits.shape == (len(rows), 5)
    assert (logits[:, [1, 3]] == ABSENT).all()
    assert np.exp(log_softmax(logits))[:, [1, 3]].max() < 1e-12
    np.testing.assert_allclose(
        logits[:, [0, 2, 4]], fit(family, rows, labels, intents=3).logits(rows), rtol=1e-6
    )


@pytest.mark.parametrize("family", list(STRENGTHS))
def test_one_row_of_each_intent_is_enough_and_gives_no_absurd_certainty(family: Family) -> None:
    rows = np.eye(4, 64, dtype=np.float32)
    logits = fit(family, rows, np.arange(4), intents=4).logits(rows)
    assert (logits.argmax(axis=1) == np.arange(4)).all()
    assert np.abs(logits).max() < 1e4


def test_the_last_layers_are_no_linear_family() -> None:
    rows, labels = rows_of(2)
    with pytest.raises(ValueError, match="tuned is no linear family"):
        fit_linear(
            Candidate("layers", "tuned", 1e-3), rows, labels, intents=2, seed=0, partial=False
        )


def test_a_name_tells_space_family_strength_and_copies() -> None:
    assert Candidate("lexical", "svm", 0.5).name == "lexical: svm 0.5"
    copied = Candidate("vector1", "logistic", 30.0, augmented=True)
    assert copied.name == f"vector1: logistic 30{COPIED}"


def test_logistic_regression_learns_many_evenly_spread_intents() -> None:
    draw = np.random.default_rng(5)
    middle = draw.normal(size=(120, 64))
    labels = np.repeat(np.arange(120), 6)
    rows = (middle[labels] + 0.8 * draw.normal(size=(720, 64))).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    strong = Candidate("vector1", "logistic", 30.0)
    fitted = fit_linear(strong, rows, labels, intents=120, seed=0, partial=False)
    logits = fitted.logits(rows)
    assert (logits.argmax(axis=1) == labels).mean() > 0.97
    # At the optimum, the mean gradient of the regularised loss is next to nothing.
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    shares[np.arange(len(labels)), labels] -= 1
    slope = rows.T @ shares / len(labels) + fitted.weights / (30.0 * len(labels))
    assert np.abs(slope).max() < 1e-4


@pytest.mark.parametrize("family", [family for family in STRENGTHS if family != "bayes"])
def test_of_an_intent_without_rows_nothing_is_known_where_not_every_text_has_any(
    family: Family,
) -> None:
    rows, labels = rows_of(4)
    seen = labels != 2
    candidate = Candidate("vector2", family, STRENGTHS[family])
    fitted = fit_linear(candidate, rows[seen], labels[seen], intents=4, seed=0, partial=True)
    logits = fitted.logits(rows)
    np.testing.assert_allclose(logits[:, 2], logits[:, [0, 1, 3]].mean(axis=1), atol=1e-4)
    assert (logits[seen].argmax(axis=1) == labels[seen]).mean() > 0.9
