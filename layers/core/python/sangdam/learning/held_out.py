"""What a report is made of: rows the model has not learnt from, and what was tried."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from sangdam.nlu.understanding import OUT_OF_SCOPE, Decision
from sangdam.text.normalise import MAX_LENGTH

SHOWN = 140
"""An example sentence is shown up to this many characters."""


@dataclass(frozen=True, slots=True)
class HeldOutRow:
    """One sentence as the model judged it without having learnt from it.

    ``predicted`` is the best intent whatever the thresholds, ``confidence`` its probability;
    ``ranked`` the best few (intent, probability) pairs, five are enough; ``in_scope`` as in
    ``Scores``; ``decision`` what the chosen thresholds make of it. A sentence that must not be
    answered has ``out_of_scope`` as ``expected``.
    """

    text: str
    language: str | None
    expected: str
    predicted: str
    confidence: float
    in_scope: float
    ranked: tuple[tuple[str, float], ...]
    decision: Decision

    @property
    def is_known(self) -> bool:
        return self.expected != OUT_OF_SCOPE

    @property
    def is_right(self) -> bool:
        return self.expected == self.predicted

    def probability(self, intent: str) -> float:
        """Return the probability of an intent; 0 if it is not among the ranked ones."""
        return next((share for name, share in self.ranked if name == intent), 0.0)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One line of the model search, or of what augmentation brings.

    ``accuracy`` and ``loss`` (mean negative log-likelihood) are cross-validated and None where not
    measured; ``kept`` marks what the release was made with.
    """

    name: str
    accuracy: float | None
    loss: float | None
    seconds: float | None = None
    kept: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class DataSummary:
    """What was learnt from; 0 is "not known".

    ``off_topic`` counts sentences that every bot starts with, learnt from where there are too few
    ``out_of_scope`` of its own; ``contradictory`` are texts given several intents.
    """

    rows: int = 0
    intents: int = 0
    titles: int = 0
    out_of_scope: int = 0
    off_topic: int = 0
    duplicates: int = 0
    empty: int = 0
    contradictions: int = 0
    contradictory: tuple[str, ...] = ()

    @classmethod
    def of_metrics(cls, data: Mapping[str, Any]) -> DataSummary:
        """Return what a release's metrics say under ``data``; releases of old say less."""
        counts = (one.name for one in fields(cls) if one.name != "contradictory")
        known = {name: int(data[name]) for name in counts if name in data}
        return cls(**known, contradictory=tuple(data.get("contradictory_texts", ())))


def tidied(rows: Iterable[HeldOutRow]) -> tuple[HeldOutRow, ...]:
    """Return rows whose numbers can be counted with: finite, probabilities within 0 and 1."""
    return tuple(
        replace(
            row,
            confidence=_within(row.confidence, 0.0, 1.0),
            in_scope=_within(row.in_scope, -1e9, 1e9),
            ranked=tuple((name, _within(share, 0.0, 1.0)) for name, share in row.ranked),
        )
        for row in rows
    )


def shown(text: str) -> str:
    """Return a sentence as a report quotes it: one line, not endless."""
    line = " ".join(text[:MAX_LENGTH].split())
    return line if len(line) <= SHOWN else line[: SHOWN - 1] + "…"


def _within(value: float, low: float, high: float) -> float:
    return low if math.isnan(value) else float(min(high, max(low, value)))
