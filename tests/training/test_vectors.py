"""Vectors made comparable: encoded in any order, centred, measured by their nearest centre."""

from __future__ import annotations

import numpy as np

from sangdam_training.vectors import BATCH, centres, encode, fit_centring, nearness
from tests.training.sentences import WordEncoder


def test_texts_encoded_by_length_come_back_in_their_order() -> None:
    encoder = WordEncoder(dimensions=8)
    texts = [f"{'가' * (number % 7)} {number}" for number in range(BATCH + 9)]
    told: list[int] = []
    rows = encode(encoder, texts, tell=told.append)
    np.testing.assert_array_equal(rows, encoder.encode(texts))
    assert told == [BATCH, BATCH + 9]


def test_centred_vectors_have_length_one_and_point_everywhere() -> None:
    draw = np.random.default_rng(0)
    rows = draw.standard_normal((200, 16)) + 1
    unit = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    assert np.linalg.norm(unit.mean(axis=0)) > 0.5
    centred = fit_centring(unit)(unit)
    np.testing.assert_allclose(np.linalg.norm(centred, axis=1), 1, rtol=1e-5)
    assert np.linalg.norm(centred.mean(axis=0)) < 0.1


def test_dimensions_are_levelled_only_where_vectors_crowd() -> None:
    draw = np.random.default_rng(0)
    spread = draw.standard_normal((300, 8)) * ([5.0] + [1.0] * 7)
    apart = (spread / np.linalg.norm(spread, axis=1, keepdims=True)).astype(np.float32)
    assert (fit_centring(apart).scale == 1).all()
    moved = spread + 40
    crowded = (moved / np.linalg.norm(moved, axis=1, keepdims=True)).astype(np.float32)
    scale = fit_centring(crowded).scale
    assert scale[0] < 0.5 * scale[1:].min()


def test_a_vector_that_is_the_mean_itself_stays_a_number() -> None:
    rows = np.full((3, 4), 0.5, np.float32)
    assert np.isfinite(fit_centring(rows)(rows)).all()


def test_a_centre_is_the_mean_direction_of_its_intent() -> None:
    units = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1]], np.float32)
    middle = centres(units, np.array([0, 0, 1]), intents=2)
    np.testing.assert_allclose(middle, [[0.5**0.5, 0.5**0.5, 0], [0, 0, 1]], atol=1e-6)
    np.testing.assert_allclose(nearness(units, middle), [0.5**0.5, 0.5**0.5, 1], atol=1e-6)
