"""What to expect of the chosen model, from sentences it has not learnt from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sangdam.learning.dataset import Dataset
from sangdam.learning.metrics import accuracy, auroc, calibration_error, confusions, macro_f1
from sangdam.learning.thresholds import Choice, Judged
from sangdam_training.folds import HeldOut
from sangdam_training.material import Material
from sangdam_training.scope import ScopeRule, fit_scope
from sangdam_training.selection import Setting, Tried, combined

Matrix = NDArray[np.float32]
Vector = NDArray[np.float32]

LISTED = 20
"""So many contradictions and confused pairs are named in the metrics."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Held-out sentences as the chosen setting judges them."""

    expected: tuple[str, ...]
    predicted: tuple[str, ...]
    judged: tuple[Judged, ...]
    scope: ScopeRule
    rows: NDArray[np.int64]

    def less(self, taken: Vector) -> Estimate:
        """Return the estimate with something taken off each row's in-scope score."""
        judged = (
            replace(one, in_scope=one.in_scope - float(less))
            for one, less in zip(self.judged, taken, strict=True)
        )
        return replace(self, judged=tuple(judged))


def estimate(held_out: HeldOut, setting: Setting, material: Material) -> Estimate:
    """Judge the held-out rows by the chosen setting and standardise the in-scope score on them."""
    rows = held_out.rows()
    combination = setting.combination
    if not len(rows):
        return Estimate(
            (),
            (),
            (),
            fit_scope(np.empty((0, material.intents), np.float32), combination, None),
            rows,
        )
    logits = combined(held_out, setting, rows)
    nearness = None if held_out.nearness is None else held_out.nearness[rows]
    scope = fit_scope(logits, combination, nearness)
    in_scope = scope(logits, combination, nearness)
    probabilities = combination.probabilities(logits)
    truth = material.labels[rows]
    right = probabilities[np.arange(len(rows)), truth]
    ranks = (probabilities > right[:, None]).sum(axis=1)
    return Estimate(
        expected=tuple(material.names[label] for label in truth),
        predicted=tuple(material.names[label] for label in probabilities.argmax(axis=1)),
        judged=tuple(
            Judged(confidence=float(top), in_scope=float(score), rank=int(rank))
            for top, score, rank in zip(probabilities.max(axis=1), in_scope, ranks, strict=True)
        ),
        scope=scope,
        rows=rows,
    )


def metrics_of(
    dataset: Dataset,
    material: Material,
    found: Estimate,
    setting: Setting,
    tried: Sequence[Tried],
    choice: Choice,
    *,
    outsiders: Sequence[float],
    finished: bool,
) -> dict[str, Any]:
    """Return all cross-validated figures as plain JSON; None where there is nothing to measure."""
    hits = [one == other for one, other in zip(found.expected, found.predicted, strict=True)]
    return {
        "accuracy": _rounded(accuracy(found.expected, found.predicted)),
        "macro_f1": _rounded(macro_f1(found.expected, found.predicted)),
        "expected_calibration_error": _rounded(
            calibration_error([one.confidence for one in found.judged], hits)
        ),
        "out_of_scope_auroc": _rounded(
            auroc([one.in_scope for one in found.judged], list(outsiders))
        ),
        "held_out": len(found.judged),
        "folds": material.folds,
        "paraphrased": material.paraphrased,
        "finished": finished,
        "data": {
            "rows": len(dataset),
            "intents": len(dataset.names),
            "titles": len(material.texts) - len(dataset),
            "out_of_scope": len(dataset.out_of_scope),
            "duplicates": dataset.duplicates,
            "empty": dataset.empty,
            "contradictions": len(dataset.contradictions),
            "contradictory_texts": list(dataset.contradictions[:LISTED]),
        },
        "setting": asdict(setting),
        "thresholds": asdict(choice),
        "search": [
            {"name": one.name, "accuracy": _rounded(one.accuracy), "loss": _rounded(one.loss)}
            for one in tried
        ],
        "confused": [
            {"expected": one, "predicted": other, "rows": count}
            for one, other, count in confusions(found.expected, found.predicted)[:LISTED]
        ],
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 5)
