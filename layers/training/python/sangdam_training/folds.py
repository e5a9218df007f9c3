"""What each candidate says of sentences it has not learnt from: the ground of every choice."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sangdam_training.lexical import MANY_TEXTS, fit_lexical, lexical_logits
from sangdam_training.material import Material
from sangdam_training.scope import centres, nearness
from sangdam_training.vectors import (
    fit_centring,
    fit_vector_head,
    vector_logits,
)

Matrix = NDArray[np.float32]
Vector = NDArray[np.float32]
Rows = NDArray[np.bool_]

Judge = Callable[[float, Rows, Rows], Matrix]
"""Given a strength, the rows learnt from and the rows asked: logits of the rows asked."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One kind of model at several strengths: ``tables`` holds its logits ``[rows, intents]``.

    Rows of folds that were not reached are NaN. ``finished`` tells whether time allowed for all
    strengths.
    """

    tables: Mapping[float, Matrix]
    finished: bool


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What models said of rows they had not learnt from; nothing of vectors without an encoder.

    ``nearness`` is to the centres of the intents, where these were learnt without the row.
    """

    lexical: Lane
    vector: Lane | None
    nearness: Vector | None

    @property
    def finished(self) -> bool:
        return self.lexical.finished and (self.vector is None or self.vector.finished)

    def rows(self) -> NDArray[np.int64]:
        """Return the rows that every kept candidate has judged."""
        lanes = [self.lexical] if self.vector is None else [self.lexical, self.vector]
        judged = [np.isfinite(table[:, 0]) for lane in lanes for table in lane.tables.values()]
        return np.flatnonzero(np.all(judged, axis=0))


def judge_held_out(
    material: Material,
    *,
    vector_strengths: Sequence[float],
    lexical_strengths: Sequence[float],
    seed: int,
    deadline: float,
    tell: Callable[[int, int], None],
) -> HeldOut:
    """Judge every fold by models learnt from the others, the first strength of each kind first.

    Both kinds are tried side by side until ``deadline`` (of ``time.monotonic``); the first strength
    is judged on at least one fold however late it is. A later one that did not finish is dropped.
    """
    strengths = len(lexical_strengths) + len(vector_strengths) * (material.vectors is not None)
    told = Counted(tell, strengths * material.folds)

    def lexical(strength: float, learnt: Rows, asked: Rows) -> Matrix:
        features = weighted(material.frequencies, learnt)
        labels = material.labels[learnt]
        model = fit_lexical(features[learnt], labels, strength=strength, seed=seed)
        return _spread(lexical_logits(model, features[asked]), labels, material.intents)

    def lane(judge: Judge, strengths: Sequence[float]) -> Lane:
        return _lane(material, judge, strengths, deadline=deadline, told=told)

    if material.vectors is None:
        return HeldOut(lane(lexical, lexical_strengths), None, None)
    vectors = material.vectors
    near = np.full(len(material.labels), np.nan, np.float32)

    def vector(strength: float, learnt: Rows, asked: Rows) -> Matrix:
        units = fit_centring(vectors[learnt])(vectors)
        labels = material.labels[learnt]
        head = fit_vector_head(units[learnt], labels, strength=strength)
        if strength == vector_strengths[0]:
            middle = centres(units[learnt], labels, intents=material.intents)
            near[asked] = nearness(units[asked], middle)
        return _spread(vector_logits(head, units[asked]), labels, material.intents)

    # Each kind in a thread of its own: the solvers work outside the interpreter's lock. Within a
    # kind one after the other, because liblinear's random numbers are global.
    with ThreadPoolExecutor(max_workers=1) as beside:
        running = beside.submit(lane, vector, vector_strengths)
        first = lane(lexical, lexical_strengths)
        return HeldOut(first, running.result(), near)


class Counted:
    """Counts finished fits of both lanes and tells of each."""

    def __init__(self, tell: Callable[[int, int], None], total: int) -> None:
        self._tell, self._total = tell, total
        self._done = 0
        self._lock = Lock()

    def one_more(self) -> None:
        with self._lock:
            self._done += 1
            self._tell(self._done, self._total)


def _lane(
    material: Material,
    judge: Judge,
    strengths: Sequence[float],
    *,
    deadline: float,
    told: Counted,
) -> Lane:
    tables: dict[float, Matrix] = {}
    slowest = 0.0
    finished = True
    for strength in strengths:
        table = np.full((len(material.labels), material.intents), np.nan, np.float32)
        whole = True
        for fold in range(material.folds):
            if time.monotonic() + slowest > deadline and (tables or fold):
                whole = finished = False
                break
            begun = time.monotonic()
            asked = material.fold == fold
            table[asked] = judge(strength, ~asked, asked)
            slowest = max(slowest, time.monotonic() - begun)
            told.one_more()
        if whole or not tables:
            tables[strength] = table
    return Lane(tables, finished)


def _spread(logits: Matrix, labels: NDArray[np.int64], intents: int) -> Matrix:
    """Return logits with a column for every intent; one that was not learnt stays far below."""
    spread = np.full((len(logits), intents), -60.0, np.float32)
    spread[:, np.unique(labels)] = logits
    return spread


def weighted(frequencies: Any, learnt: NDArray[np.bool_]) -> Any:
    """Return features weighted and scaled as a vocabulary of the learnt rows would do it."""
    counts = np.asarray((frequencies[learnt] > 0).sum(axis=0)).ravel()
    texts = int(learnt.sum())
    known = counts >= (2 if texts >= MANY_TEXTS else 1)
    rarity = np.where(known, np.log((1 + texts) / (1 + counts)) + 1, 0.0).astype(np.float32)
    features = frequencies.copy()
    features.data = features.data * rarity[features.indices]
    squares = features.multiply(features).sum(axis=1)
    length = np.sqrt(np.asarray(squares, np.float32)).ravel()
    length[length == 0] = 1.0
    features.data = features.data / np.repeat(length, np.diff(features.indptr))
    return features
