"""Rewordings are kept together; sentences that merely resemble each other are not."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sangdam_training.near_copies import near_copy_groups


def units(rows: NDArray[np.float64]) -> NDArray[np.float32]:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def test_rewordings_of_one_sentence_are_one_group() -> None:
    draw = np.random.default_rng(0)
    sentences = draw.standard_normal((12, 64))
    reworded = np.repeat(sentences, 4, axis=0) + 0.1 * draw.standard_normal((48, 64))
    groups = near_copy_groups(units(reworded), np.repeat(np.arange(3), 16))
    assert groups is not None
    for sentence in range(12):
        assert len(set(groups[4 * sentence : 4 * sentence + 4])) == 1
    assert len(set(groups)) == 12


def test_copies_across_intents_are_no_group() -> None:
    draw = np.random.default_rng(0)
    sentences = np.repeat(draw.standard_normal((6, 64)), 4, axis=0)
    rows = units(sentences + 0.05 * draw.standard_normal((24, 64)))
    groups = near_copy_groups(rows, np.arange(24) % 2)
    assert groups is not None
    assert len(set(groups)) == 12


def test_sentences_of_many_people_are_not_grouped() -> None:
    draw = np.random.default_rng(0)
    assert near_copy_groups(units(draw.standard_normal((40, 64))), np.arange(40) % 2) is None
