"""Matrices in 7 bits: how far from the real ones, and the same result on every processor."""

from __future__ import annotations

import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray

from sangdam_training.encoder_draft import CONTRIBUTED, EncoderDraft
from sangdam_training.seven_bits import MOST, Steps, in_seven_bits, in_steps, side_by_side

Matrix = NDArray[np.float32]


@pytest.fixture
def matrix() -> Matrix:
    draw = np.random.default_rng(0)
    return draw.normal(size=(64, 48)).astype(np.float32) * np.linspace(0.1, 9, 48, dtype=np.float32)


def test_no_weight_is_further_away_than_half_a_step(matrix: Matrix) -> None:
    found = in_steps(matrix)
    assert found.values.dtype == np.int8
    assert found.scales.dtype == np.float32
    assert (np.abs(found.values).max(axis=0) == MOST).all(), "each output uses its whole range"
    assert (np.abs(found.dense() - matrix) <= 0.5001 * found.scales).all()
    again = in_steps(matrix)
    assert again.values.tobytes() == found.values.tobytes()
    assert again.scales.tobytes() == found.scales.tobytes()


def test_an_output_of_zeros_stays_one(matrix: Matrix) -> None:
    matrix[:, 3] = 0
    found = in_steps(matrix)
    assert np.isfinite(found.scales).all()
    assert not found.dense()[:, 3].any()


def test_whole_numbers_that_fit_stay_as_they_are() -> None:
    draw = np.random.default_rng(0)
    numbers = draw.integers(-127, 128, size=(64, 48), dtype=np.int32)
    numbers[:, ::2] //= 3
    numbers[:, 0] = 0
    found = in_seven_bits(numbers, np.float32(0.013))
    assert np.abs(found.values).max() == MOST
    away = np.abs(found.dense() - numbers.astype(np.float32) * np.float32(0.013))
    assert not away[:, ::2].any()
    assert (away[:, 1::2] <= 0.5001 * found.scales[1::2]).all()


def test_two_products_fit_in_sixteen_bits() -> None:
    assert 2 * 255 * MOST <= np.iinfo(np.int16).max < 2 * 255 * (MOST + 2)


def test_matrices_side_by_side_are_their_products_side_by_side(matrix: Matrix) -> None:
    left, right = in_steps(matrix[:, :20]), in_steps(matrix[:, 20:])
    assert (side_by_side([left, right]).dense() == in_steps(matrix).dense()).all()


def _run(steps: Steps, rows: Matrix, bias: Matrix | None = None) -> Matrix:
    draft = EncoderDraft("data")
    number = draft.node("Cast", ["pieces"], to=1)
    draft.add("Identity", [draft.rounded_dense(number, "x", steps, bias)], ["y"], {})
    graph = draft.finish(outputs={"y": steps.values.shape[1]}, domains=(CONTRIBUTED,))
    session = onnxruntime.InferenceSession(graph.model)
    return np.asarray(session.run(None, {"pieces": rows.astype(np.int32)})[0])


def test_the_graph_multiplies_without_cutting_anything_off() -> None:
    # All products are as large as they can be: with 8 bits a processor without VNNI would cut.
    steps = Steps(np.full((64, 3), MOST, np.int8), np.ones(3, np.float32))
    found = _run(steps, np.full((2, 64), 255, np.float32))
    assert found == pytest.approx(np.full((2, 3), 255.0 * 64 * MOST), rel=1e-6)


def test_whole_numbers_of_one_scale_are_multiplied_exactly() -> None:
    draw = np.random.default_rng(1)
    values = draw.integers(-MOST, MOST + 1, size=(16, 4)).astype(np.int8)
    steps = Steps(values, np.asarray([1, 0.5, 2, 4], np.float32))
    rows = draw.integers(-128, 128, size=(5, 16)).astype(np.float32)
    rows[0, :2] = -128, 127
    bias = np.asarray([1, -2, 0, 3], np.float32)
    assert _run(steps, rows, bias) == pytest.approx(rows @ steps.dense() + bias, abs=1e-3)
