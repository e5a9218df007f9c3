"""Whether the error budget is kept on sentences that the thresholds were not chosen on."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from sangdam.learning.thresholds import Choice, Judged, choose_thresholds


@dataclass(frozen=True, slots=True)
class Trial:
    """One resampling: what thresholds chosen on one half did on the other.

    ``wrong`` is the share of wrong ones among the answered; ``asked_right`` how often a question
    offered the right intent (None where none was asked), ``asked_size`` how many it offered.
    """

    guaranteed: bool
    answered: float
    wrong: float
    asked: float
    asked_right: float | None
    asked_size: float | None


@dataclass(frozen=True, slots=True)
class Resampled:
    """All trials of one set of judgements."""

    budget: float
    rows: int
    trials: tuple[Trial, ...]

    @property
    def kept(self) -> float:
        """In what share of the trials the budget was kept on the other half."""
        return _mean([one.wrong <= self.budget for one in self.trials])

    def to_plain(self) -> dict[str, Any]:
        """Return the figures as plain JSON."""
        asked = [one for one in self.trials if one.asked_right is not None]
        return {
            "resamplings": len(self.trials),
            "rows_chosen_on": self.rows,
            "error_budget": self.budget,
            "budget_kept": self.kept,
            "guaranteed": _mean([one.guaranteed for one in self.trials]),
            "answered": _mean([one.answered for one in self.trials]),
            "wrong_among_answered": _mean([one.wrong for one in self.trials]),
            "worst": max((one.wrong for one in self.trials), default=0.0),
            "asked": _mean([one.asked for one in self.trials]),
            "asked_right": _mean([one.asked_right or 0.0 for one in asked]),
            "asked_size": _mean([one.asked_size or 0.0 for one in asked]),
        }

    def words(self) -> str:
        """Return the figures in one line."""
        plain = self.to_plain()
        return (
            f"budget {self.budget:.1%} kept in {self.kept:.1%} of {len(self.trials)} resamplings"
            f" (thresholds chosen on {self.rows} held-out sentences, measured on the others):"
            f" answers {plain['answered']:.1%}, {plain['wrong_among_answered']:.2%} of them wrong"
            f" (worst {plain['worst']:.2%}); asks about {plain['asked']:.1%},"
            f" offering {plain['asked_size']:.1f} intents, the right one among them in"
            f" {plain['asked_right']:.1%}; guaranteed in {plain['guaranteed']:.0%}"
        )


def resample(
    judged: Sequence[Judged],
    *,
    error_budget: float,
    times: int,
    seed: int,
    rows: int | None = None,
    outsiders: Sequence[float] = (),
) -> Resampled:
    """Choose thresholds on a drawn part of held-out judgements, measure them on the rest.

    Parameters
    ----------
    judged
        Held-out judgements of one model; rewordings of one sentence (same ``group``) are never
        on both sides.
    times, seed
        How many draws, and what fixes them.
    rows
        How many are drawn to choose on, about (default: half).
    outsiders
        In-scope scores of out-of-scope sentences, if thresholds are to be chosen with them.
    """
    if len(judged) < 2:
        raise ValueError(f"{len(judged)} held-out sentences cannot be halved: train on more rows")
    wanted = len(judged) // 2 if rows is None else min(max(1, rows), len(judged) - 1)
    groups: dict[Hashable, list[Judged]] = defaultdict(list)
    for at, one in enumerate(judged):
        groups[("alone", at) if one.group is None else ("group", one.group)].append(one)
    draw = random.Random(seed)  # noqa: S311 -- reproducible draws, no secrets
    dealt = list(groups.values())
    trials = []
    for _ in range(times):
        draw.shuffle(dealt)
        chosen, others = list[Judged](), list[Judged]()
        for group in dealt:
            (chosen if len(chosen) < wanted else others).extend(group)
        choice = choose_thresholds(chosen, error_budget=error_budget, outsiders=outsiders)
        trials.append(measure(choice, others))
    return Resampled(error_budget, wanted, tuple(trials))


def measure(choice: Choice, judged: Sequence[Judged]) -> Trial:
    """Return what thresholds do on judgements that they were not chosen on."""
    thresholds = choice.thresholds
    decided = [(thresholds.decide(one.scores()), one) for one in judged]
    answered = [one for what, one in decided if what == "answer"]
    asked = [one for what, one in decided if what == "clarify"]
    sizes = [len(thresholds.asked(one.scores())) for one in asked]
    held = [one.rank < size for one, size in zip(asked, sizes, strict=True)]
    return Trial(
        guaranteed=choice.guaranteed,
        answered=_share(len(answered), len(judged)),
        wrong=_share(sum(one.rank > 0 for one in answered), len(answered)),
        asked=_share(len(asked), len(judged)),
        asked_right=_mean(held) if asked else None,
        asked_size=_mean(sizes) if asked else None,
    )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
