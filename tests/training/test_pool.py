"""Several opinions become one, better than the best of them, and its confidence comes true."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from sangdam_training.pool import (
    LEARNING,
    MOST_SHARPENED,
    PRIOR,
    energy,
    fit_temperature,
    fit_weights,
    log_softmax,
    minimum,
    negative_likelihood,
    pooled,
    sharpening,
)

Matrix = NDArray[np.float32]
Labels = NDArray[np.int64]

INTENTS = 5


def opinions(rows: int, *, seed: int = 0) -> tuple[list[Matrix], Labels]:
    """Return logits of three models, each of which sees the truth dimly, and the truth.

    The second is twice as sure as it should be, the third knows nothing.
    """
    draw = np.random.default_rng(seed)
    labels = draw.integers(0, INTENTS, rows)
    truth = np.eye(INTENTS)[labels]
    first = 2 * truth + draw.standard_normal((rows, INTENTS))
    second = 2 * (1.5 * truth + draw.standard_normal((rows, INTENTS)))
    third = draw.standard_normal((rows, INTENTS))
    return [np.asarray(table, np.float32) for table in (first, second, third)], labels


def test_log_probabilities_of_huge_logits_stay_finite() -> None:
    logits = np.array([[1e4, -1e4, 0.0]], np.float32)
    assert np.isfinite(log_softmax(logits)).all()
    assert energy(logits) == pytest.approx([1e4])


def test_temperature_undoes_a_scaling() -> None:
    draw = np.random.default_rng(0)
    true = draw.standard_normal((4000, 5)).astype(np.float32) * 2
    chances = np.exp(log_softmax(true))
    labels = np.array([draw.choice(5, p=row / row.sum()) for row in chances.astype(np.float64)])
    assert fit_temperature(true * 3, labels) == pytest.approx(3, rel=0.1)


def test_without_rows_the_temperature_is_one() -> None:
    assert fit_temperature(np.empty((0, 3), np.float32), np.empty(0, np.int64)) == 1


def test_the_lowest_point_of_a_valley_is_found() -> None:
    assert minimum(lambda at: (at - 0.7) ** 2) == pytest.approx(0.7, abs=1e-3)


def test_the_product_of_probabilities_is_the_sum_of_logits() -> None:
    one = np.array([[2.0, 1.0, 0.0]], np.float32)
    other = np.array([[0.0, 3.0, 1.0]], np.float32)
    product = np.exp(log_softmax(one)) * np.exp(log_softmax(other)) ** 0.5
    together = pooled([one, other], np.array([1.0, 0.5]))
    np.testing.assert_allclose(np.exp(log_softmax(together)), product / product.sum(), rtol=1e-5)


def test_a_weight_of_nothing_leaves_an_opinion_out() -> None:
    one = np.array([[2.0, 1.0]], np.float32)
    other = np.array([[0.0, np.inf]], np.float32)
    np.testing.assert_array_equal(pooled([one, other], np.array([1.0, 0.0])), one)


@pytest.mark.parametrize("seed", range(5))
def test_no_weight_is_negative_even_of_who_is_always_wrong(seed: int) -> None:
    tables, labels = opinions(300, seed=seed)
    weights = fit_weights([*tables, -tables[0]], labels)
    assert (weights >= 0).all()
    assert weights[3] == 0
    assert weights[0] > 0.3


@pytest.mark.parametrize("seed", range(5))
def test_together_they_are_more_likely_right_than_the_best_alone(seed: int) -> None:
    tables, labels = opinions(600, seed=seed)
    together = pooled(tables, fit_weights(tables, labels))
    alone = min(
        negative_likelihood(table / np.float32(fit_temperature(table, labels)), labels)
        for table in tables
    )
    assert negative_likelihood(together, labels) < alone
    assert (together.argmax(axis=1) == labels).mean() > (tables[0].argmax(axis=1) == labels).mean()


def test_the_pool_is_calibrated_however_loud_its_members_are() -> None:
    tables, labels = opinions(3000)
    loud = [tables[0] * np.float32(8), tables[1], tables[2]]
    weights = fit_weights(loud, labels)
    assert fit_temperature(pooled(loud, weights), labels) == pytest.approx(1, abs=0.03)
    unseen, truth = opinions(3000, seed=1)
    unseen[0] = unseen[0] * np.float32(8)
    assert fit_temperature(pooled(unseen, weights), truth) == pytest.approx(1, abs=0.1)


def test_without_rows_all_count_alike() -> None:
    nothing = np.empty((0, INTENTS), np.float32)
    weights = fit_weights([nothing] * 4, np.empty(0, np.int64))
    np.testing.assert_allclose(weights, 0.25)


def test_few_rows_move_the_weights_little_and_many_rows_a_lot() -> None:
    tables, labels = opinions(2000)
    # Two rows on which the first is perfectly right must not make it all there is.
    sure = np.asarray(20 * np.eye(INTENTS)[[0, 1]], np.float32)
    few = fit_weights([sure, np.zeros_like(sure)], np.array([0, 1]))
    np.testing.assert_allclose(few, PRIOR, atol=0.05)
    many = fit_weights(tables, labels)
    assert many[0] > 2 * PRIOR
    assert many[2] < 0.2


def test_a_model_of_all_rows_is_surer_by_as_much_as_it_errs_less() -> None:
    tables, labels = opinions(3000)
    logits = pooled(tables, fit_weights(tables, labels))

    def confidence(factor: float) -> float:
        return float(np.exp(log_softmax(logits * np.float32(factor))).max(axis=1).mean())

    errors = float((logits.argmax(axis=1) != labels).mean())
    factor = sharpening(logits, labels, folds=5)
    assert 1 < factor < 1.5
    assert confidence(factor) == pytest.approx(1 - errors * 0.8**LEARNING, abs=2e-3)
    assert sharpening(logits, labels, folds=2) > factor


def test_who_is_sure_enough_is_not_made_surer_and_nobody_without_bounds() -> None:
    tables, labels = opinions(300)
    assert sharpening(tables[0] * np.float32(20), labels, folds=5) == 1
    dim = np.asarray(1e-3 * np.eye(INTENTS)[labels], np.float32)
    assert sharpening(dim, labels, folds=5) <= MOST_SHARPENED
    assert sharpening(tables[0], labels, folds=1) == 1
    assert sharpening(np.empty((0, INTENTS), np.float32), labels[:0], folds=5) == 1
