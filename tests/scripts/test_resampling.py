"""Whether the budget is kept: thresholds chosen on some judgements, measured on others."""

from __future__ import annotations

import random
from itertools import accumulate

import pytest

from sangdam.learning.thresholds import Choice, Judged
from sangdam.nlu.understanding import Thresholds
from scripts.evaluation.resampling import measure, resample


def drawn(seed: int, rows: int, *, group: int = 1) -> list[Judged]:
    """Sentences of a calibrated model, each in so many rewordings."""
    draw = random.Random(seed)
    judged = []
    for number in range(rows // group):
        doubt = draw.random() ** 3 * 0.9
        rank = draw.choice([1, 2, 4]) if draw.random() < doubt else 0
        masses = tuple(accumulate([1 - doubt, doubt * 0.7, doubt * 0.2, doubt * 0.1]))
        label = None if group == 1 else number
        before = (0.0, *masses)[rank]
        judged += [Judged(1 - doubt, draw.gauss(0, 1), rank, before, masses, label)] * group
    return judged


def test_the_budget_is_kept_in_nearly_all_resamplings() -> None:
    result = resample(drawn(0, 3000), error_budget=0.05, times=40, seed=0)
    assert result.kept >= 0.95
    assert result.rows == 1500
    plain = result.to_plain()
    assert plain["guaranteed"] == 1.0
    assert 0.4 < plain["answered"] < 1
    assert plain["wrong_among_answered"] < 0.05
    assert "kept in" in result.words()


def test_the_same_seed_draws_the_same() -> None:
    rows = drawn(0, 600)
    one, same, other = (resample(rows, error_budget=0.05, times=3, seed=seed) for seed in (1, 1, 2))
    assert one == same
    assert one != other


def test_rewordings_are_never_on_both_sides() -> None:
    copied = [Judged(0.97, 0.0, int(number < 5), group=number) for number in range(10)] * 8
    result = resample(copied, error_budget=0.05, times=20, seed=0, rows=40)
    shares = {round(trial.wrong, 6) for trial in result.trials if trial.answered}
    assert shares <= {round(wrong / 5, 6) for wrong in range(6)}


def test_what_is_measured_is_what_thresholds_decide() -> None:
    thresholds = Thresholds(0.8, 0.3, 0.0, -1.0, asked_mass=0.7)
    choice = Choice(
        thresholds, guaranteed=True, rows=9, answered=0, clarified=0, wrong_among_answered=0
    )
    trial = measure(
        choice,
        [
            Judged(0.9, 1.0, 0, masses=(0.9, 0.95, 1.0)),  # answered, right
            Judged(0.9, 1.0, 1, masses=(0.9, 0.95, 1.0)),  # answered, wrong
            Judged(
                0.9, -0.5, 1, masses=(0.9, 0.95, 1.0)
            ),  # asked with two, the right one among them
            Judged(
                0.4, 1.0, 2, masses=(0.4, 0.6, 0.75)
            ),  # asked with three, the right one among them
            Judged(0.4, 1.0, 2, masses=(0.4, 0.75, 0.8)),  # asked with two, in vain
            Judged(0.2, 1.0, 0, masses=(0.2, 0.3, 0.4)),  # neither
            Judged(0.9, -1.5, 0, masses=(0.9, 0.95, 1.0)),  # neither
            Judged(
                0.4, -0.5, 2, masses=(0.4, 0.6, 0.65)
            ),  # asked with three: more than fit, yet worth it
        ],
    )
    assert trial.answered == pytest.approx(2 / 8)
    assert trial.wrong == pytest.approx(1 / 2)
    assert trial.asked == pytest.approx(4 / 8)
    assert trial.asked_right == pytest.approx(3 / 4)
    assert trial.asked_size == pytest.approx((2 + 3 + 2 + 3) / 4)


def test_a_single_sentence_cannot_be_halved() -> None:
    with pytest.raises(ValueError, match="train on more rows"):
        resample(drawn(0, 1), error_budget=0.05, times=1, seed=0)
