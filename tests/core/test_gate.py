"""The promotion gate: what a challenger must show."""

from __future__ import annotations

import pytest

from sangdam.learning.gate import TOLERANCE, judge


def passes(
    *differences: str, accuracy: float | None = 0.9, champion_accuracy: float | None = 0.9
) -> bool:
    return judge(
        conversations_played=3,
        differences=differences,
        accuracy=accuracy,
        champion_accuracy=champion_accuracy,
    ).passed


def test_as_good_as_the_champion_is_good_enough() -> None:
    assert passes()
    assert passes(accuracy=0.95)
    assert passes(accuracy=1.0, champion_accuracy=1.0)


def test_a_small_fall_is_within_the_noise() -> None:
    assert passes(accuracy=0.9 - TOLERANCE / 2)


def test_a_larger_fall_is_refused() -> None:
    verdict = judge(
        conversations_played=3, differences=(), accuracy=0.8, champion_accuracy=0.9
    )  # fmt: skip
    assert not verdict.passed
    assert "accuracy 0.800 is more than 0.02 below the champion's 0.900" in verdict.reasons[0]


def test_the_first_release_has_nobody_to_be_compared_with() -> None:
    assert passes(champion_accuracy=None)
    assert passes(accuracy=None, champion_accuracy=None)


@pytest.mark.parametrize("accuracy", [float("nan"), float("inf"), -1.0, 1.5])
def test_an_accuracy_that_is_none_is_refused(accuracy: float) -> None:
    assert not passes(accuracy=accuracy)
    assert not passes(accuracy=accuracy, champion_accuracy=None)


def test_a_champion_without_a_sane_accuracy_is_no_measure() -> None:
    assert passes(champion_accuracy=float("nan"))


def test_every_difference_is_a_reason() -> None:
    verdict = judge(
        conversations_played=3, differences=("a", "b"), accuracy=0.5, champion_accuracy=0.9
    )
    assert verdict.reasons[:2] == ("conversation differs: a", "conversation differs: b")
    assert len(verdict.reasons) == 3


def test_a_pass_says_what_was_checked() -> None:
    verdict = judge(conversations_played=3, differences=(), accuracy=None, champion_accuracy=None)
    assert verdict.reasons == ("all 3 conversations answered as expected",)
