"""The intents a question offers: conformal prediction sets, and what they promise."""

from __future__ import annotations

import random
from itertools import accumulate

from hypothesis import given, settings
from hypothesis import strategies as st

from sangdam.learning.thresholds import Judged, mass_that_holds
from sangdam.nlu.understanding import FEWEST, Scores, Thresholds

SHARES = st.lists(st.floats(0.001, 1), min_size=1, max_size=12)


def scores_of(shares: list[float], *, in_scope: float = 0.0) -> Scores:
    whole = sum(shares)
    ranked = sorted((one / whole for one in shares), reverse=True)
    return Scores(tuple((f"intent {at}", one) for at, one in enumerate(ranked)), in_scope)


def asking(mass: float, *, clarify: float = 0.3) -> Thresholds:
    return Thresholds(
        answer=2.0, clarify=clarify, in_scope=0.0, clarify_in_scope=0.0, asked_mass=mass
    )


@given(shares=SHARES, mass=st.floats(0, 1), choices=st.integers(2, 5))
def test_a_question_offers_two_intents_at_least_and_no_more_than_it_may(
    shares: list[float], mass: float, choices: int
) -> None:
    scores = scores_of(shares)
    asked = asking(mass).asked(scores, choices=choices)
    assert min(FEWEST, len(shares)) <= len(asked) <= choices
    assert asked == tuple(name for name, _ in scores.intents[: len(asked)])


@given(shares=SHARES, one=st.floats(0, 1), other=st.floats(0, 1), choices=st.integers(2, 5))
def test_the_set_of_a_larger_mass_holds_that_of_a_smaller(
    shares: list[float], one: float, other: float, choices: int
) -> None:
    scores = scores_of(shares)
    smaller = asking(min(one, other)).asked(scores, choices=choices)
    larger = asking(max(one, other)).asked(scores, choices=choices)
    assert set(smaller) <= set(larger)


@given(shares=SHARES, mass=st.floats(0, 1), choices=st.integers(2, 5))
def test_a_set_that_fits_is_always_worth_a_question(
    shares: list[float], mass: float, choices: int
) -> None:
    scores = scores_of(shares)
    held = list(accumulate(share for _, share in scores.intents[:choices]))
    fits = mass < 1.0 and held[-1] > mass
    decision = asking(mass, clarify=2.0).decide(scores, choices=choices)
    assert decision == ("clarify" if fits else "fallback")


def test_a_set_too_large_is_asked_about_only_when_that_is_worth_it() -> None:
    scores = scores_of([0.4, 0.2, 0.2, 0.2])
    assert asking(0.9, clarify=0.35).decide(scores) == "clarify"
    assert asking(0.9, clarify=0.35).asked(scores) == ("intent 0", "intent 1", "intent 2")
    assert asking(0.9, clarify=0.45).decide(scores) == "fallback"
    assert asking(0.7, clarify=0.45).decide(scores) == "clarify"


def test_no_set_is_asked_about_that_looks_out_of_scope() -> None:
    assert asking(0.5).decide(scores_of([0.9, 0.1], in_scope=-1.0)) == "fallback"


@settings(max_examples=15, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 10_000),
    rows=st.sampled_from([20, 99, 200]),
    share=st.sampled_from([0.8, 0.9, 0.95]),
    flatness=st.floats(0.3, 3),
)
def test_the_right_intent_is_in_the_set_as_often_as_promised(
    seed: int, rows: int, share: float, flatness: float
) -> None:
    """Over draws, on new rows like the old; the model need not be calibrated for that."""
    draw = random.Random(seed)

    def row() -> Judged:
        weights = sorted((draw.random() ** 4 for _ in range(6)), reverse=True)
        masses = [one / sum(weights) for one in accumulate(weights)]
        rank = draw.choices(range(6), [one**flatness for one in weights])[0]
        return Judged(masses[0], 0.0, rank, before=(0.0, *masses)[rank])

    draws = 40
    held = 0
    for _ in range(draws):
        mass = mass_that_holds([row().ahead for _ in range(rows)], share)
        held += sum(one.ahead <= mass for one in (row() for _ in range(40)))
    # Of the mean share over draws: new rows, and draws of the mass (a Beta distribution).
    deviation = (share * (1 - share) * (1 / (draws * 40) + 1 / (draws * rows))) ** 0.5
    assert held / (draws * 40) >= share - 4.5 * deviation


def test_too_few_rows_give_no_smaller_set() -> None:
    assert mass_that_holds([], 0.9) == 1.0
    assert mass_that_holds([0.0] * 8, 0.9) == 1.0
    assert mass_that_holds([0.0] * 9, 0.9) < 0.01


def test_masses_tell_what_is_ahead_of_the_right_intent_as_far_as_they_go() -> None:
    assert Judged(0.5, 0.0, 2, masses=(0.5, 0.7, 0.8)).ahead == 0.7
    assert Judged(0.5, 0.0, 4, masses=(0.5, 0.7, 0.8)).ahead == 1.0
    assert Judged(0.5, 0.0, 4, before=0.85, masses=(0.5, 0.7, 0.8)).ahead == 0.85
    assert Judged(0.5, 0.0, 0).ahead == 0.0
