"""Two opinions become one, and its confidence comes true."""

from __future__ import annotations

import numpy as np
import pytest

from sangdam_training.combination import (
    Combination,
    energy,
    fit_temperature,
    log_softmax,
    minimum,
)


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


def test_a_weight_of_nothing_leaves_the_lexical_opinion_out() -> None:
    vector = np.array([[2.0, 1.0]], np.float32)
    lexical = np.array([[0.0, 9.0]], np.float32)
    alone = Combination(0.0, 1.0)
    np.testing.assert_allclose(
        alone.probabilities(alone.logits(vector, lexical)), np.exp(log_softmax(vector)), rtol=1e-6
    )
    assert Combination(1.0, 1.0).logits(vector, lexical).argmax() == 1


def test_the_product_of_probabilities_is_the_sum_of_logits() -> None:
    vector = np.array([[2.0, 1.0, 0.0]], np.float32)
    lexical = np.array([[0.0, 3.0, 1.0]], np.float32)
    both = Combination(0.5, 1.0)
    product = np.exp(log_softmax(vector)) * np.exp(log_softmax(lexical)) ** 0.5
    np.testing.assert_allclose(
        both.probabilities(both.logits(vector, lexical)), product / product.sum(), rtol=1e-5
    )


def test_the_lowest_point_of_a_valley_is_found() -> None:
    assert minimum(lambda at: (at - 0.7) ** 2) == pytest.approx(0.7, abs=1e-3)
