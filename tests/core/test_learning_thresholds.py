"""Thresholds from the error budget."""

from __future__ import annotations

import random

import pytest

from sangdam.learning.thresholds import (
    REFUSAL_RANGE,
    REFUSED,
    Judged,
    binomial_tail,
    choose_thresholds,
)
from sangdam.nlu.understanding import Scores


def drawn(seed: int, rows: int) -> list[Judged]:
    """Sentences of a calibrated model: right as often as its confidence says."""
    draw = random.Random(seed)
    judged = []
    for _ in range(rows):
        confidence = 1 - draw.random() ** 3 * 0.9
        rank = 0 if draw.random() < confidence else draw.choice([1, 1, 2, 5])
        judged.append(Judged(confidence, draw.gauss(0, 1), rank))
    return judged


def test_the_binomial_tail_is_the_textbook_one() -> None:
    assert binomial_tail(0, 59, 0.05) == pytest.approx(0.95**59)
    assert binomial_tail(1, 3, 0.5) == pytest.approx(0.5)
    assert binomial_tail(3, 3, 0.5) == 1.0
    assert binomial_tail(700, 15_000, 0.05) < 0.05 < binomial_tail(720, 15_000, 0.05)


def test_the_budget_is_kept_on_new_sentences_in_nearly_all_draws() -> None:
    kept = 0
    for seed in range(40):
        thresholds = choose_thresholds(drawn(seed, 800), error_budget=0.05).thresholds
        answered = [
            one
            for one in drawn(1000 + seed, 20_000)
            if one.confidence >= thresholds.answer and one.in_scope >= thresholds.in_scope
        ]
        kept += sum(one.rank > 0 for one in answered) / len(answered) <= 0.05
    assert kept >= 37


def test_a_guarantee_says_so_in_words() -> None:
    choice = choose_thresholds(drawn(0, 1000), error_budget=0.05)
    assert choice.guaranteed
    assert "95% confidence" in choice.thresholds.rule
    assert 0.3 < choice.answered < 1


def test_few_sentences_give_a_cautious_estimate_instead() -> None:
    choice = choose_thresholds(drawn(0, 60), error_budget=0.05)
    assert not choice.guaranteed
    assert "too few" in choice.thresholds.rule


def test_a_larger_budget_answers_more() -> None:
    rows = drawn(3, 1000)
    strict = choose_thresholds(rows, error_budget=0.02)
    lenient = choose_thresholds(rows, error_budget=0.15)
    assert strict.thresholds.answer > lenient.thresholds.answer
    assert strict.answered < lenient.answered


def test_without_outsiders_a_fixed_share_is_refused() -> None:
    rows = drawn(0, 2000)
    thresholds = choose_thresholds(rows, error_budget=0.05).thresholds
    refused = sum(one.in_scope < thresholds.in_scope for one in rows) / len(rows)
    assert refused == pytest.approx(REFUSED, abs=0.002)
    assert thresholds.clarify_in_scope <= thresholds.in_scope


def test_outsiders_move_the_threshold_between_them_and_the_rest() -> None:
    rows = drawn(0, 2000)
    far = choose_thresholds(rows, error_budget=0.05, outsiders=[-9.0] * 50).thresholds
    near = choose_thresholds(rows, error_budget=0.05, outsiders=[-1.7] * 50).thresholds
    refused = [
        sum(one.in_scope < thresholds.in_scope for one in rows) / len(rows)
        for thresholds in (far, near)
    ]
    assert refused[0] == pytest.approx(REFUSAL_RANGE[0], abs=0.002)
    assert refused[1] > REFUSED


def test_a_hopeless_model_hardly_answers() -> None:
    rows = [Judged(0.5, 0.0, 1)] * 300
    choice = choose_thresholds(rows, error_budget=0.05)
    assert choice.answered == 0
    assert choice.thresholds.decide(Scores((("a", 0.5),), 0.0)) != "answer"


def test_a_perfect_model_answers_all_but_the_refused() -> None:
    rows = [Judged(0.9, float(number), 0) for number in range(1000)]
    assert choose_thresholds(rows, error_budget=0.05).answered == pytest.approx(1 - REFUSED)


def test_nothing_held_out_leaves_a_threshold_that_only_the_surest_pass() -> None:
    thresholds = choose_thresholds([], error_budget=0.05).thresholds
    assert thresholds.decide(Scores((("a", 0.999), ("b", 0.001)), -3.0)) == "answer"
    assert thresholds.decide(Scores((("a", 0.9), ("b", 0.1)), 3.0)) == "clarify"


def test_asking_goes_down_to_where_the_right_intent_is_still_among_the_choices() -> None:
    sure = [Judged(0.95, 0.0, 0)] * 300
    doubtful = [Judged(0.6, 0.0, 1)] * 50 + [Judged(0.1, 0.0, 7)] * 200
    thresholds = choose_thresholds(sure + doubtful, error_budget=0.02).thresholds
    decisions = [
        thresholds.decide(Scores((("a", confidence),), 0.0)) for confidence in (0.95, 0.6, 0.1)
    ]
    assert decisions == ["answer", "clarify", "fallback"]
