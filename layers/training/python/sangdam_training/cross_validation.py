"""What to expect of the chosen models, from sentences they have not learnt from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
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
from sangdam_training.families import Candidate
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


ENOUGH_APART = 200
"""From so many sentences on that a space has no vector of, the models that speak of these too are
weighed by them alone, and otherwise beside that space: letters, half of what tells Korean sentences
apart, are worth next to nothing beside an encoder of English."""


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
    partial = {one.space for one in candidates if is_partial(one.space, material)}
    whole = np.all([read_in(space, material)[rows] for space in partial] or [rows >= 0], axis=0)
    weighed = _weigh(dict(zip(candidates, tables, strict=True)), truth, partial, whole)
    logits = _either(whole, weighed.in_full, weighed.spared)
    sharper = sharpening(logits, truth, folds=material.folds)
    logits = logits * np.float32(sharper)
    members = tuple(Member(one, weighed.weights[one] * sharper) for one in candidates)
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
        first = weighed.spared * np.float32(sharper)
        close = {space: values for space, values in near.items() if space not in partial}
        partly = PartlyRead(weighed.beside, fit_scope(first, close))
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


@dataclass(frozen=True, slots=True)
class _Weighed:
    """Weights of the candidates, and the rows' logits with all of them and without the spaces that
    some texts have no vector in; ``beside`` as in ``PartlyRead``."""

    weights: Mapping[Candidate, float]
    beside: Mapping[str, float]
    in_full: Matrix
    spared: Matrix


def _weigh(
    tables: Mapping[Candidate, Matrix],
    truth: NDArray[np.int64],
    partial: AbstractSet[str],
    whole: NDArray[np.bool_],
) -> _Weighed:
    """Weigh the candidates; ``whole`` are the rows that have a vector in all ``partial`` spaces."""
    base = {one: table for one, table in tables.items() if one.space not in partial}
    if partial and (~whole).sum() >= ENOUGH_APART:
        return _weigh_apart(tables, base, truth, whole)
    weights = _fitted(tables, truth)
    spared = _added(base, weights)
    if not partial:
        return _Weighed(weights, {}, spared, spared)
    of_whole = fit_scale(_added(tables, weights)[whole], truth[whole])
    scale = fit_scale(spared, truth)
    weights = {
        one: weight * (scale if one in base else of_whole) for one, weight in weights.items()
    }
    beside = dict.fromkeys((one.space for one in base), of_whole / scale)
    in_full = _added(tables, {one: weights[one] * beside.get(one.space, 1.0) for one in tables})
    return _Weighed(weights, beside, in_full, spared * np.float32(scale))


def _weigh_apart(
    tables: Mapping[Candidate, Matrix],
    base: Mapping[Candidate, Matrix],
    truth: NDArray[np.int64],
    whole: NDArray[np.bool_],
) -> _Weighed:
    """Weigh the candidates that speak of every text by the rows that no others speak of, and what
    they say together in each space once more beside the others, by the rows that these do."""
    alone = ~whole
    weights = _fitted({one: table[alone] for one, table in base.items()}, truth[alone])
    spaces = list(dict.fromkeys(one.space for one in base))
    said = [
        _added({one: table for one, table in base.items() if one.space == space}, weights)
        for space in spaces
    ]
    others = {one: table for one, table in tables.items() if one not in base}
    together = [*said, *others.values()]
    found = fit_weights([table[whole] for table in together], truth[whole])
    weights |= dict(zip(others, found[len(said) :].tolist(), strict=True))
    beside = dict(zip(spaces, found[: len(said)].tolist(), strict=True))
    return _Weighed(weights, beside, pooled(together, found), _added(base, weights))


def _fitted(tables: Mapping[Candidate, Matrix], truth: NDArray[np.int64]) -> dict[Candidate, float]:
    return dict(zip(tables, fit_weights(list(tables.values()), truth).tolist(), strict=True))


def _added(tables: Mapping[Candidate, Matrix], weights: Mapping[Candidate, float]) -> Matrix:
    counted = np.asarray([weights[one] for one in tables])
    return pooled(list(tables.values()), counted)


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
