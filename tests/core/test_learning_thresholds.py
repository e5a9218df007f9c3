"""Thresholds from the error budget."""

from __future__ import annotations

import random
from itertools import accumulate

import pytest

from sangdam.learning.risk import LEVEL
from sangdam.learning.thresholds import (
    CLEAR,
    ENOUGH_ROWS,
    LOST,
    LOST_RANGE,
    Choice,
    Judged,
    choose_thresholds,
)
from sangdam.nlu.understanding import Scores

ROWS = ENOUGH_ROWS + 200


def drawn(
    seed: int, rows: int, *, boast: float = 1.0, hidden: float = 0.0, group: int = 1
) -> list[Judged]:
    """Sentences of a model that is right as often as its confidence says.

    Unless it boasts: then its mistakes are so many times as frequent. ``hidden`` is how much more
    often sentences that look less in scope are mistaken; each comes in ``group`` rewordings.
    """
    draw = random.Random(seed)
    judged = []
    for number in range(rows // group):
        doubt = draw.random() ** 3 * 0.9
        in_scope = draw.gauss(0, 1)
        wrong = draw.random() < min(0.99, doubt * boast * (1 + hidden * (in_scope < -1)))
        rank = draw.choice([1, 1, 2, 5]) if wrong else 0
        shares = [1 - doubt, doubt * 0.6, doubt * 0.2, doubt * 0.1, doubt * 0.05]
        masses = tuple(accumulate(shares))
        before = (0.0, *masses)[rank]
        label = None if group == 1 else number
        one = Judged(1 - doubt, in_scope, rank, before, masses, label)
        judged += [one] * group
    return judged


def wrong_share(choice: Choice, rows: list[Judged]) -> float:
    """Share of wrong ones among the rows that a choice answers."""
    thresholds = choice.thresholds
    answered = [
        one.rank > 0
        for one in rows
        if one.confidence >= thresholds.answer and one.in_scope >= thresholds.in_scope
    ]
    return sum(answered) / max(1, len(answered))


def test_the_budget_is_kept_on_new_sentences_in_nearly_all_draws() -> None:
    new = drawn(1000, 40_000, hidden=2.0)
    choices = [
        choose_thresholds(drawn(seed, 1500, hidden=2.0), error_budget=0.05) for seed in range(40)
    ]
    assert all(choice.guaranteed for choice in choices)
    assert sum(wrong_share(choice, new) <= 0.05 for choice in choices) >= 38


@pytest.mark.nightly
@pytest.mark.parametrize("budget", [0.05, 0.1])
@pytest.mark.parametrize("boast", [0.7, 1.5])
@pytest.mark.parametrize(("rows", "least"), [(1500, 0.95), (400, 0.8)])
def test_over_200_draws_the_budget_is_kept_as_often_as_promised(
    budget: float, boast: float, rows: int, least: float
) -> None:
    new = drawn(12_345, 30_000, boast=boast, hidden=2.0)
    kept = sum(
        wrong_share(
            choose_thresholds(drawn(seed, rows, boast=boast, hidden=2.0), error_budget=budget),
            new,
        )
        <= budget
        for seed in range(200)
    )
    assert kept >= 200 * least


def test_rewordings_do_not_make_a_guarantee_out_of_few_sentences() -> None:
    copied = drawn(0, 3000, group=6)
    as_if_alone = [Judged(one.confidence, one.in_scope, one.rank) for one in copied]
    assert choose_thresholds(as_if_alone, error_budget=0.05).guaranteed
    assert not choose_thresholds(copied, error_budget=0.05).guaranteed


def test_with_rewordings_the_budget_is_kept_on_other_sentences() -> None:
    new = drawn(1000, 40_000)
    choices = [
        choose_thresholds(drawn(seed, 8000, group=6), error_budget=0.05) for seed in range(12)
    ]
    assert all(choice.guaranteed for choice in choices)
    assert "6.0 rewordings counted as one" in choices[0].thresholds.rule
    assert sum(wrong_share(choice, new) <= 0.05 for choice in choices) >= 11


def test_a_guarantee_says_so_in_words_and_what_it_costs() -> None:
    choice = choose_thresholds(drawn(0, ROWS), error_budget=0.05)
    assert choice.guaranteed
    assert f"{1 - LEVEL:.0%} confidence" in choice.thresholds.rule
    assert 0.3 < choice.answered < 1
    assert 0 < choice.cost < 0.2
    assert f"certainty costs {choice.cost:.1%} of the answers" in choice.thresholds.rule


def test_few_sentences_give_a_cautious_estimate_instead() -> None:
    choice = choose_thresholds(drawn(0, 300), error_budget=0.05)
    assert not choice.guaranteed
    assert "99% confidence" in choice.thresholds.rule
    assert "too few" in choice.thresholds.rule
    assert choice.answered > 0.3
    assert choice.cost > 0


def test_a_question_offers_no_more_intents_than_it_needs() -> None:
    choice = choose_thresholds(drawn(0, 4000), error_budget=0.05)
    assert choice.asked_right is not None
    assert choice.asked_size is not None
    assert choice.asked_right >= CLEAR
    assert 2 <= choice.asked_size < 3


def test_without_the_masses_of_held_out_sentences_a_question_offers_all_it_may() -> None:
    bare = [Judged(one.confidence, one.in_scope, one.rank) for one in drawn(0, 2000)]
    thresholds = choose_thresholds(bare, error_budget=0.05).thresholds
    assert thresholds.asked_mass == 1.0
    scores = Scores((("a", 0.9), ("b", 0.08), ("c", 0.01), ("d", 0.01)), 0.0)
    assert thresholds.asked(scores) == ("a", "b", "c")


def test_a_larger_budget_answers_more() -> None:
    rows = drawn(3, 1000)
    strict = choose_thresholds(rows, error_budget=0.02)
    lenient = choose_thresholds(rows, error_budget=0.15)
    assert strict.thresholds.answer > lenient.thresholds.answer
    assert strict.answered < lenient.answered


def lost(choice: Choice, rows: list[Judged]) -> float:
    """Share of the right answers that a choice refuses as out of scope."""
    right = [one.in_scope < choice.thresholds.in_scope for one in rows if one.rank == 0]
    return sum(right) / len(right)


def test_without_outsiders_a_fixed_share_of_right_answers_is_given_up() -> None:
    rows = drawn(0, 8000)
    choice = choose_thresholds(rows, error_budget=0.05)
    assert lost(choice, rows) == pytest.approx(LOST, abs=0.004)
    assert choice.thresholds.clarify_in_scope <= choice.thresholds.in_scope


def test_a_poor_model_refuses_more_because_less_is_lost_by_it() -> None:
    def tangled(share: float) -> list[Judged]:
        draw = random.Random(5)
        rows = []
        for _ in range(5000):
            doubtful = draw.random() < share
            rows.append(
                Judged(0.4 if doubtful else 0.98, draw.gauss(-2 * doubtful, 1), int(doubtful))
            )
        return rows

    refused = []
    for share in (0.05, 0.4):
        rows = tangled(share)
        in_scope = choose_thresholds(rows, error_budget=0.05).thresholds.in_scope
        refused.append(sum(one.in_scope < in_scope for one in rows))
    assert refused[0] < refused[1]


def test_outsiders_move_the_threshold_between_them_and_the_rest() -> None:
    rows = drawn(0, 8000)
    far = choose_thresholds(rows, error_budget=0.05, outsiders=[-9.0] * 50)
    near = choose_thresholds(rows, error_budget=0.05, outsiders=[-1.95] * 50)
    assert lost(far, rows) == pytest.approx(LOST_RANGE[0], abs=0.003)
    assert lost(near, rows) > LOST


def test_a_hopeless_model_hardly_answers() -> None:
    rows = [Judged(0.5, 0.0, 1)] * ROWS
    choice = choose_thresholds(rows, error_budget=0.05)
    assert choice.answered == 0
    assert choice.thresholds.decide(Scores((("a", 0.5),), 0.0)) != "answer"


def test_a_perfect_model_answers_all_but_the_refused() -> None:
    rows = [Judged(0.97, float(number), 0) for number in range(ROWS)]
    choice = choose_thresholds(rows, error_budget=0.05)
    assert choice.guaranteed
    assert choice.answered == pytest.approx(1 - LOST)
    assert choice.cost == 0


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
