"""What to expect of the chosen models, from sentences they have not learnt from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sangdam.learning.classifier_card import Glance
from sangdam.learning.dataset import Dataset
from sangdam.learning.held_out import HeldOutRow
from sangdam.learning.metrics import accuracy, auroc, calibration_error, confusions, macro_f1
from sangdam.learning.thresholds import Choice, Judged
from sangdam.nlu.understanding import Scores, Thresholds
from sangdam.text.korean import language_of
from sangdam_training.classifier import Member
from sangdam_training.glance import choose_glance
from sangdam_training.material import Material
from sangdam_training.pool import fit_scale, fit_weights, log_softmax, pooled, sharpening
from sangdam_training.scope import PartlyRead, ScopeRule, fit_scope
from sangdam_training.spaces import is_partial, read_in
from sangdam_training.tournament import HeldOut, Tried

Matrix = NDArray[np.float32]
Vector = NDArray[np.float32]

LISTED = 20
"""So many contradictions and confused pairs are named in the metrics."""

RANKED = 5
"""So many of the best intents are kept of each held-out sentence."""

ENOUGH_READ = 30
"""From so many sentences on a scale of their own is fitted."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """The pool, and held-out sentences as it judges them.

    ``spared`` is the share of sentences that have a part they can be spared, and are spared it.
    """

    members: tuple[Member, ...]
    expected: tuple[str, ...]
    ranked: tuple[tuple[tuple[str, float], ...], ...]
    judged: tuple[Judged, ...]
    scope: ScopeRule
    partly: PartlyRead | None
    glance: Glance | None
    spared: float
    rows: NDArray[np.int64]

    @property
    def predicted(self) -> tuple[str, ...]:
        return tuple(best[0][0] for best in self.ranked)

    def less(self, taken: Vector) -> Estimate:
        """Return the estimate with something taken off each row's in-scope score."""
        judged = (
            replace(one, in_scope=one.in_scope - float(less))
            for one, less in zip(self.judged, taken, strict=True)
        )
        return replace(self, judged=tuple(judged))

    def rows_for_report(self, material: Material, thresholds: Thresholds) -> tuple[HeldOutRow, ...]:
        """Return every held-out sentence with what was made of it."""
        return tuple(
            HeldOutRow(
                text=material.texts[row],
                language=language_of(material.texts[row]),
                expected=expected,
                predicted=ranked[0][0],
                confidence=one.confidence,
                in_scope=one.in_scope,
                ranked=ranked,
                decision=thresholds.decide(Scores(ranked, one.in_scope)),
            )
            for row, expected, ranked, one in zip(
                self.rows, self.expected, self.ranked, self.judged, strict=True
            )
        )


def estimate(held_out: HeldOut, material: Material, *, glance: bool = False) -> Estimate:
    """Weigh the finalists and judge the held-out rows by their pool.

    With a ``glance``, rows are judged without the parts that some texts have none of, where that
    will do.
    """
    rows = held_out.rows()
    truth = material.labels[rows]
    candidates = list(held_out.tables)
    tables = [held_out.tables[one][rows] for one in candidates]
    weights = fit_weights(tables, truth)
    partial = {one.space for one in candidates if is_partial(one.space, material)}
    whole = np.all([read_in(space, material)[rows] for space in partial] or [rows >= 0], axis=0)
    spared = [
        np.zeros_like(table) if one.space in partial else table
        for one, table in zip(candidates, tables, strict=True)
    ]
    scale = 1.0
    if partial and whole.sum() >= ENOUGH_READ:
        of_whole = fit_scale(pooled(tables, weights)[whole], truth[whole])
        scale = fit_scale(pooled(spared, weights), truth) / of_whole
        weights = weights * of_whole
    logits = _either(whole, pooled(tables, weights), pooled(spared, weights) * np.float32(scale))
    sharper = sharpening(logits, truth, folds=material.folds)
    weights, logits = weights * sharper, logits * np.float32(sharper)
    members = tuple(
        Member(one, float(weight)) for one, weight in zip(candidates, weights, strict=True)
    )
    used = {one.candidate.space for one in members if one.weight}
    near = {
        space: values[rows]
        for space, values in held_out.near.items()
        if space != "layers" or space in used
    }
    scope = fit_scope(logits[whole], {space: values[whole] for space, values in near.items()})
    in_scope = scope(logits, near) if len(rows) else np.empty(0, np.float32)
    partly = sure = None
    few = np.zeros(len(rows), np.bool_)
    if partial and len(rows):
        first = pooled(spared, weights) * np.float32(scale)
        close = {space: values for space, values in near.items() if space not in partial}
        partly = PartlyRead(scale, fit_scope(first, close))
        first_in_scope = partly.scope(first, close)
        few = ~whole
        if glance:
            confidence = np.exp(log_softmax(first)).max(axis=1)
            right, right_in_full = (one.argmax(axis=1) == truth for one in (first, logits))
            sure = choose_glance(
                confidence[whole], first_in_scope[whole], right[whole], right_in_full[whole]
            )
            few = few | (confidence >= sure.confidence) & (first_in_scope >= sure.in_scope)
        logits, in_scope = _either(few, first, logits), np.where(few, first_in_scope, in_scope)
    probabilities = np.exp(log_softmax(logits)) if len(rows) else logits
    right = probabilities[np.arange(len(rows)), truth]
    ranks = (probabilities > right[:, None]).sum(axis=1)
    before = np.where(probabilities > right[:, None], probabilities, 0).sum(axis=1)
    best = np.argsort(-probabilities, axis=1, kind="stable")[:, :RANKED]
    shares = np.take_along_axis(probabilities, best, axis=1)
    groups = [None] * len(rows) if material.groups is None else material.groups[rows].tolist()
    return Estimate(
        members=members,
        expected=tuple(material.names[label] for label in truth),
        ranked=tuple(
            tuple((material.names[index], float(share)) for index, share in zip(*pair, strict=True))
            for pair in zip(best, shares, strict=True)
        ),
        judged=tuple(
            Judged(
                confidence=float(top[0]),
                in_scope=float(score),
                rank=int(rank),
                before=float(ahead),
                masses=tuple(np.cumsum(top, dtype=np.float64).tolist()),
                group=group,
            )
            for top, score, rank, ahead, group in zip(
                shares, in_scope, ranks, before, groups, strict=True
            )
        ),
        scope=scope,
        partly=partly,
        glance=sure,
        spared=float((few & whole).sum() / max(1, whole.sum())) if sure else 0.0,
        rows=rows,
    )


def _either(rows: NDArray[np.bool_], one: Matrix, other: Matrix) -> Matrix:
    return np.asarray(np.where(rows[:, None], one, other), np.float32)


def metrics_of(
    dataset: Dataset,
    material: Material,
    found: Estimate,
    tried: Sequence[Tried],
    choice: Choice,
    *,
    outsiders: Sequence[float],
    off_topic: int,
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
        "paraphrased": material.groups is not None,
        "finished": finished,
        "data": {
            "rows": len(dataset),
            "intents": len(dataset.names),
            "titles": len(material.texts) - len(dataset) - int(material.is_copy.sum()),
            "copies": int(material.is_copy.sum()),
            "out_of_scope": len(dataset.out_of_scope),
            "off_topic": off_topic,
            "duplicates": dataset.duplicates,
            "empty": dataset.empty,
            "contradictions": len(dataset.contradictions),
            "contradictory_texts": list(dataset.contradictions[:LISTED]),
        },
        "spared_the_second_look": None if found.glance is None else round(found.spared, 4),
        "pool": {one.candidate.name: round(one.weight, 4) for one in found.members if one.weight},
        "thresholds": asdict(choice),
        "search": [_line(one) for one in tried],
        "confused": [
            {"expected": one, "predicted": other, "rows": count}
            for one, other, count in confusions(found.expected, found.predicted)[:LISTED]
        ],
    }


def _line(one: Tried) -> Mapping[str, Any]:
    # Seconds are not among them: a release is the same bytes however busy the machine was.
    return {
        "name": one.name,
        "accuracy": _rounded(one.accuracy),
        "loss": _rounded(one.loss),
        "folds": one.folds,
        "kept": one.kept,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 5)
