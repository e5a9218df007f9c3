"""Risk control: how many of the surest rows may be answered."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangdam.learning.risk import (
    Ordered,
    binomial_tail,
    estimated,
    inflation,
    observed,
    proven,
)


def surest_first(seed: int, rows: int) -> Ordered:
    draw = random.Random(seed)
    confidence = sorted((1 - draw.random() ** 3 for _ in range(rows)), reverse=True)
    return Ordered(confidence, [draw.random() > one for one in confidence])


def test_the_binomial_tail_is_the_textbook_one() -> None:
    assert binomial_tail(0, 59, 0.05) == pytest.approx(0.95**59)
    assert binomial_tail(1, 3, 0.5) == pytest.approx(0.5)
    assert binomial_tail(3, 3, 0.5) == 1.0
    assert binomial_tail(700, 15_000, 0.05) < 0.05 < binomial_tail(720, 15_000, 0.05)


@given(seed=st.integers(0, 999), rows=st.integers(0, 600), budget=st.floats(0.01, 0.3))
def test_more_certainty_never_answers_more(seed: int, rows: int, budget: float) -> None:
    ordered = surest_first(seed, rows)
    assert proven(ordered, budget) <= rows
    assert estimated(ordered, budget) <= observed(ordered, budget)
    assert estimated(ordered, budget, level=0.001) <= estimated(ordered, budget)


def test_a_guarantee_does_not_depend_on_which_of_equal_rows_was_wrong() -> None:
    wrong = [True] * 8 + [False] * 392
    shuffled = random.Random(0).sample(wrong, k=len(wrong))
    counts = [proven(Ordered([0.97] * 400, one), 0.05) for one in (wrong, shuffled)]
    assert counts[0] == counts[1] == 400


def test_testing_stops_at_the_first_threshold_that_fails() -> None:
    confidence = [0.99] * 500 + [0.96] * 200 + [0.955] * 5000
    rows = Ordered(confidence, [False] * 500 + [True] * 200 + [False] * 5000)
    assert proven(rows, 0.05) == 500
    assert observed(rows, 0.05) == 5700


def test_nothing_is_promised_of_a_model_that_expects_too_many_errors_itself() -> None:
    assert proven(Ordered([0.9] * 500, [False] * 500), 0.05) == 0


def test_rows_that_stand_alone_are_worth_one_each() -> None:
    draw = random.Random(1)
    wrong = [draw.random() < 0.2 for _ in range(3000)]
    assert inflation(wrong, range(3000)) == pytest.approx(1.0)


def test_copies_are_worth_one_together() -> None:
    draw = random.Random(1)
    wrong = [one for _ in range(500) for one in [draw.random() < 0.2] * 6]
    groups = [number // 6 for number in range(3000)]
    assert inflation(wrong, groups) == pytest.approx(6.0)
    assert inflation([False] * 12, groups[:12]) == 6.0
    assert inflation([], []) == 1.0
