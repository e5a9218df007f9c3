"""What looks like nothing that was learnt scores low."""

from __future__ import annotations

import numpy as np
import pytest

from sangdam_training.combination import Combination
from sangdam_training.scope import centres, fit_scope, nearness


def test_the_in_scope_score_of_usual_sentences_is_around_nought() -> None:
    logits = np.random.default_rng(0).normal(0, 3, (5000, 6)).astype(np.float32)
    combination = Combination(1.0, 1.5)
    scores = fit_scope(logits, combination, None)(logits, combination, None)
    assert scores.mean() == pytest.approx(0, abs=1e-3)
    assert 0.5 < scores.std() <= 1.001


def test_a_text_like_no_intent_and_a_text_between_intents_score_low() -> None:
    usual = np.array([[9.0, 0.0, 0.0], [0.0, 8.0, 0.0], [0.0, 1.0, 10.0]], np.float32)
    odd = np.array([[1.0, 0.0, 0.0], [8.0, 8.0, 0.0]], np.float32)
    combination = Combination(1.0, 1.0)
    rule = fit_scope(usual, combination, None)
    assert rule(odd, combination, None).max() < rule(usual, combination, None).min()


def test_a_text_far_from_all_centres_scores_low() -> None:
    logits = np.array([[5.0, 0.0], [0.0, 5.0], [5.2, 0.0]], np.float32)
    combination = Combination(1.0, 1.0)
    rule = fit_scope(logits, combination, np.array([0.7, 0.6, 0.8], np.float32))
    near, far = rule(logits[:2], combination, np.array([0.7, 0.1], np.float32))
    assert far < near - 0.5


def test_a_centre_is_the_mean_direction_of_its_intent() -> None:
    units = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1]], np.float32)
    middle = centres(units, np.array([0, 0, 1]), intents=2)
    np.testing.assert_allclose(middle, [[0.5**0.5, 0.5**0.5, 0], [0, 0, 1]], atol=1e-6)
    np.testing.assert_allclose(nearness(units, middle), [0.5**0.5, 0.5**0.5, 1], atol=1e-6)
