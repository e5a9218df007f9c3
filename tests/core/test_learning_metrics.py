"""Figures that can be checked by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangdam.learning.metrics import accuracy, auroc, calibration_error, confusions, macro_f1


def test_accuracy_is_the_share_of_hits() -> None:
    assert accuracy(["a", "b", "b"], ["a", "b", "a"]) == pytest.approx(2 / 3)


def test_macro_f1_counts_every_expected_class_alike() -> None:
    # a: precision 1/2, recall 1 -> 2/3; b: precision 1, recall 1/2 -> 2/3; c: never right -> 0
    assert macro_f1(["a", "b", "b", "c"], ["a", "b", "a", "d"]) == pytest.approx((2 + 2 + 0) / 9)


def test_confidence_that_comes_true_is_calibrated() -> None:
    assert calibration_error([0.75] * 4, [True, True, True, False]) == pytest.approx(0)
    assert calibration_error([1.0] * 4, [True, True, True, False]) == pytest.approx(0.25)


def test_calibration_errors_of_different_bins_do_not_cancel() -> None:
    assert calibration_error([0.9, 0.1], [False, True]) == pytest.approx(0.9)


def test_auroc_counts_pairs_in_the_right_order_and_ties_half() -> None:
    assert auroc([3.0, 2.0], [1.0]) == 1.0
    assert auroc([1.0], [3.0, 1.0]) == pytest.approx(0.25)


@given(
    st.lists(st.integers(0, 9), min_size=1, max_size=20),
    st.lists(st.integers(0, 9), min_size=1, max_size=20),
)
def test_auroc_equals_counting_all_pairs(positive: list[int], negative: list[int]) -> None:
    pairs = [(one > other) + 0.5 * (one == other) for one in positive for other in negative]
    assert auroc(positive, negative) == pytest.approx(sum(pairs) / len(pairs))


def test_without_rows_there_is_no_figure() -> None:
    assert accuracy([], []) is None
    assert macro_f1([], []) is None
    assert calibration_error([], []) is None
    assert auroc([], [1.0]) is None


def test_a_score_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="NaN"):
        auroc([1.0, float("nan")], [0.0])


def test_confusions_name_the_most_frequent_mistake_first() -> None:
    assert confusions(["a", "b", "b", "a"], ["a", "a", "a", "b"]) == [("b", "a", 2), ("a", "b", 1)]
