"""What looks like nothing that was learnt scores low."""

from __future__ import annotations

import numpy as np
import pytest

from sangdam_training.scope import fit_scope


def test_the_in_scope_score_of_usual_sentences_is_around_nought() -> None:
    draw = np.random.default_rng(0)
    logits = draw.normal(0, 3, (5000, 6)).astype(np.float32)
    near = {"vector1": draw.normal(0.6, 0.1, 5000).astype(np.float32)}
    for measured in ({}, near):
        scores = fit_scope(logits, measured)(logits, measured)
        assert scores.mean() == pytest.approx(0, abs=1e-3)
        assert 0.5 < scores.std() <= 1.001


def test_a_text_like_no_intent_scores_low() -> None:
    usual = np.array([[9.0, 0.0, 0.0], [0.0, 8.0, 0.0], [0.0, 1.0, 10.0]], np.float32)
    odd = np.array([[1.0, 0.0, 0.0], [0.0, 0.5, 0.0]], np.float32)
    rule = fit_scope(usual, {})
    assert rule(odd, {}).max() < rule(usual, {}).min()


def test_a_text_far_from_all_centres_scores_low() -> None:
    logits = np.array([[5.0, 0.0], [0.0, 5.0], [5.2, 0.0]], np.float32)
    rule = fit_scope(logits, {"vector1": np.array([0.7, 0.6, 0.8], np.float32)})
    near, far = rule(logits[:2], {"vector1": np.array([0.7, 0.1], np.float32)})
    assert far < near - 0.5


def test_every_space_of_vectors_counts() -> None:
    draw = np.random.default_rng(0)
    logits = draw.normal(0, 3, (200, 4)).astype(np.float32)
    near = {space: draw.normal(0.6, 0.1, 200).astype(np.float32) for space in ("vector1", "layers")}
    rule = fit_scope(logits, near)
    usual = rule(logits, near)
    for space in near:
        assert (rule(logits, near | {space: near[space] - np.float32(0.5)}) < usual).all()


def test_with_nothing_held_out_the_rule_still_orders_texts() -> None:
    rule = fit_scope(np.empty((0, 3), np.float32), {})
    low, high = rule(np.array([[0.0, 0.0, 0.0], [9.0, 0.0, 0.0]], np.float32), {})
    assert np.isfinite([low, high]).all()
    assert low < high
