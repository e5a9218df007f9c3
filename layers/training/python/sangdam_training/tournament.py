"""Candidates judged on sentences they have not learnt from, the worse half leaving each round.

Successive halving (Jamieson and Talwalkar, "Non-stochastic Best Arm Identification and
Hyperparameter Optimization", 2016), where what is spent on a candidate are folds.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sangdam_training.families import ABSENT, Candidate, fit_linear
from sangdam_training.lexical import weighted
from sangdam_training.material import Material, Rows
from sangdam_training.pool import fit_temperature, negative_likelihood
from sangdam_training.spaces import (
    VECTOR,
    is_learnable,
    is_measured,
    is_partial,
    part_of,
    read_in,
)
from sangdam_training.tuned import fit_tuned
from sangdam_training.vectors import centres, fit_centring, nearness

Matrix = NDArray[np.float32]
Vector = NDArray[np.float32]

FINALISTS = 2
"""So many of each space are judged on all folds, each of another family where there are several:
two alike have little to add to each other."""

THREADS = 2
"""Spaces are judged side by side: the solvers work outside the interpreter's lock."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One candidate and what it did on the held-out sentences of the folds it was judged on."""

    name: str
    accuracy: float
    loss: float
    folds: int
    kept: bool = False


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What the finalists said of rows they had not learnt from.

    ``tables`` are logits ``[rows, intents]``, NaN in rows that were not reached; ``near`` the
    cosine to the nearest intent's centre in each space where that is measured. ``finished``
    tells whether time allowed for all that was planned.
    """

    tables: Mapping[Candidate, Matrix]
    near: Mapping[str, Vector]
    tried: tuple[Tried, ...]
    finished: bool

    def rows(self) -> NDArray[np.int64]:
        """Return the rows that every finalist has judged."""
        judged = [np.isfinite(table[:, 0]) for table in self.tables.values()]
        return np.flatnonzero(np.all(judged, axis=0)) if judged else np.empty(0, np.int64)


def compete(
    material: Material,
    candidates: Sequence[Candidate],
    *,
    seed: int,
    deadline: float,
    tell: Callable[[int, int], None],
) -> HeldOut:
    """Let the candidates of each space compete; the first of each is judged before the others.

    After ``deadline`` (of ``time.monotonic``) nothing new is begun, but the first candidate of
    every space is judged on at least one fold however late it is.
    """
    spaces = [
        space
        for space in dict.fromkeys(one.space for one in candidates)
        if is_learnable(space, material)
    ]
    rounds = {space: [one for one in candidates if one.space == space] for space in spaces}
    told = _Counted(tell, sum(_planned(len(some), material.folds) for some in rounds.values()))
    contests = [
        _Contest(material, space, rounds[space], seed=seed, deadline=deadline, told=told)
        for space in spaces
    ]
    # A space in a thread of its own, and within it one after the other: the random numbers of
    # liblinear are global, and only one space uses them.
    with ThreadPoolExecutor(max_workers=THREADS) as beside:
        list(beside.map(_Contest.hold, contests))
    tables: dict[Candidate, Matrix] = {}
    for contest in contests:
        tables.update(contest.finalists())
    return HeldOut(
        tables=tables,
        near={one.space: one.near for one in contests if one.near is not None},
        tried=tuple(tried for one in contests for tried in one.tried()),
        finished=all(one.finished for one in contests),
    )


def _planned(candidates: int, folds: int) -> int:
    """Return how many fits a contest of so many takes."""
    alive, fits = candidates, 0
    for fold in range(folds):
        fits += alive
        alive = _survivors(alive, fold)
    return fits


def _survivors(alive: int, fold: int) -> int:
    final = min(alive, FINALISTS)
    return max(final, (alive + 1) // 2) if fold == 0 else final


class _Counted:
    """Counts finished fits of all spaces and tells of each."""

    def __init__(self, tell: Callable[[int, int], None], total: int) -> None:
        self._tell, self._total = tell, total
        self._done = 0
        self._lock = Lock()

    def one_more(self) -> None:
        with self._lock:
            self._done += 1
            self._tell(self._done, self._total)


@dataclass(slots=True)
class _Record:
    """What is known so far of one candidate."""

    table: Matrix
    folds: int = 0
    seconds: float = 0.0
    accuracy: float = 0.0
    loss: float = field(default=float("inf"))


class _Contest:
    """The candidates of one space."""

    def __init__(
        self,
        material: Material,
        space: str,
        candidates: Sequence[Candidate],
        *,
        seed: int,
        deadline: float,
        told: _Counted,
    ) -> None:
        self.space = space
        self.finished = True
        self.near: Vector | None = None
        self._material = material
        self._read = read_in(space, material)
        self._partial = is_partial(space, material)
        self._seed, self._deadline, self._told = seed, deadline, told
        shape = (len(material.labels), material.intents)
        self._records = {one: _Record(np.full(shape, np.nan, np.float32)) for one in candidates}
        self._alive = list(candidates)
        self._ground: dict[bool, tuple[Any, Rows]] = {}

    def hold(self) -> None:
        for fold in range(self._material.folds):
            self._ground.clear()
            asked = self._material.asked(fold)
            if self.space.startswith(VECTOR) and is_measured(self.space, self._material):
                rows, learnt = self._shown(fold, copies=False)
                learnt = learnt & self._read
                self._measure(rows[learnt], self._material.labels[learnt], rows[asked], asked)
            for candidate in tuple(self._alive):
                record = self._records[candidate]
                dearest = max((one.seconds / one.folds for one in self._judged()), default=0.0)
                begun = time.monotonic()
                if begun + dearest > self._deadline and self._judged():
                    self.finished = False
                    self._weigh()
                    return
                record.table[asked] = self._judge(candidate, fold, asked)
                record.seconds += time.monotonic() - begun
                record.folds = fold + 1
                self._told.one_more()
            self._weigh()
            left = _survivors(len(self._alive), fold)
            best = self._best(self._alive)
            self._alive = self._diverse(best) if left <= FINALISTS else best[:left]

    def finalists(self) -> dict[Candidate, Matrix]:
        """Return the tables of those judged on most folds, the best first.

        Where nothing can be held out, the first candidate stands for its space.
        """
        most = max((one.folds for one in self._records.values()), default=0)
        through = [one for one, record in self._records.items() if record.folds == most]
        if not most:
            through = through[:1]
        best = self._diverse(self._best(through))
        return {one: self._records[one].table for one in best}

    def tried(self) -> list[Tried]:
        finalists = self.finalists()
        return [
            Tried(one.name, record.accuracy, record.loss, record.folds, kept=one in finalists)
            for one, record in self._records.items()
            if record.folds
        ]

    def _judged(self) -> list[_Record]:
        return [one for one in self._records.values() if one.folds]

    def _best(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        return sorted(candidates, key=lambda one: self._records[one].loss)

    def _diverse(self, ordered: Sequence[Candidate]) -> list[Candidate]:
        """Return the finalists: the best of each family first, then whoever is left."""
        firsts = {one.family: one for one in reversed(ordered)}
        leaders = [one for one in ordered if firsts[one.family] is one]
        return [*leaders, *(one for one in ordered if one not in leaders)][:FINALISTS]

    def _weigh(self) -> None:
        labels = self._material.labels
        for record in (self._records[one] for one in self._alive if self._records[one].folds):
            rows = np.flatnonzero(np.isfinite(record.table[:, 0]) & self._read)
            if not len(rows):
                continue
            logits, truth = record.table[rows], labels[rows]
            cooled = logits / np.float32(fit_temperature(logits, truth))
            record.accuracy = float((logits.argmax(axis=1) == truth).mean())
            record.loss = negative_likelihood(cooled, truth)

    def _judge(self, candidate: Candidate, fold: int, asked: Rows) -> Matrix:
        """Return logits ``[rows asked, intents]``, learnt from all other folds."""
        material = self._material
        copies = candidate.augmented
        rows, learnt = self._shown(fold, copies=copies)
        labels = material.labels[learnt]
        if candidate.family == "tuned":
            assert material.pretrained is not None
            head = fit_tuned(
                rows[learnt], labels, material.pretrained,
                intents=material.intents, rate=candidate.strength, seed=self._seed,
            )  # fmt: skip
            units = head.units(rows[asked])
            if not copies:
                self._measure(head.units(rows[learnt]), labels, units, asked)
            logits = head.logits(units)
            logits[:, np.setdiff1d(np.arange(material.intents), labels)] = ABSENT
            return logits
        learnt = learnt & self._read
        fitted = fit_linear(
            candidate, rows[learnt], material.labels[learnt],
            intents=material.intents, seed=self._seed, partial=self._partial,
        )  # fmt: skip
        logits = fitted.logits(rows[asked])
        logits[~self._read[asked]] = 0
        return logits

    def _shown(self, fold: int, *, copies: bool) -> tuple[Any, Rows]:
        """Return all rows as the space shows them, and which of them are learnt from."""
        if copies not in self._ground:
            learnt = self._material.learnt(fold, copies=copies)
            self._ground[copies] = self._rows(learnt), learnt
        return self._ground[copies]

    def _rows(self, learnt: Rows) -> Any:
        """Return all rows as the space shows them to who has seen only the learnt ones."""
        material = self._material
        if self.space == "lexical":
            return weighted(material.frequencies, learnt)
        if self.space == "layers":
            return material.encoded.layers
        part = material.encoded.parts[part_of(self.space)]
        return fit_centring(part[learnt & self._read & ~material.is_copy])(part)

    def _measure(
        self, learnt: Matrix, labels: NDArray[np.int64], units: Matrix, asked: Rows
    ) -> None:
        if self.near is None:
            self.near = np.full(len(self._material.labels), np.nan, np.float32)
        middle = centres(learnt, labels, intents=self._material.intents)
        self.near[asked] = nearness(units, middle)
