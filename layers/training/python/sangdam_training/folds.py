"""What each candidate says of sentences it has not learnt from: the ground of every choice."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sangdam_training.lexical import MANY_TEXTS, fit_lexical, lexical_logits
from sangdam_training.material import Material
from sangdam_training.vectors import (
    centroids,
    fit_centring,
    fit_vector_head,
    vector_logits,
)

Matrix = NDArray[np.float32]


@dataclass(slots=True)
class HeldOut:
    """Logits on held-out rows by candidate strength; rows of folds not reached stay NaN."""

    vector: dict[float, Matrix] = field(default_factory=dict)
    lexical: dict[float, Matrix] = field(default_factory=dict)
    nearness: NDArray[np.float32] | None = None
    finished: bool = True

    def rows(self) -> NDArray[np.int64]:
        """Return the rows that every kept candidate has judged."""
        tables = [*self.vector.values(), *self.lexical.values()]
        return np.flatnonzero(np.all([np.isfinite(table[:, 0]) for table in tables], axis=0))


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

    Candidates are tried in order until ``deadline`` (of ``time.monotonic``); the first ones are
    judged on at least one fold however late it is. A candidate that did not finish is dropped.
    """
    held_out = HeldOut()
    jobs = list(_jobs(material, vector_strengths, lexical_strengths))
    slowest: dict[str, float] = {}
    dropped: set[tuple[str, float]] = set()
    for number, (kind, strength, fold) in enumerate(jobs):
        tell(number, len(jobs))
        first = strength == (vector_strengths if kind == "vector" else lexical_strengths)[0]
        late = time.monotonic() + slowest.get(kind, 0.0) > deadline
        if late and not (first and fold == 0):
            held_out.finished = False
            if not first:
                dropped.add((kind, strength))
            continue
        begun = time.monotonic()
        _judge_fold(material, held_out, kind=kind, strength=strength, fold=fold, seed=seed)
        slowest[kind] = max(slowest.get(kind, 0.0), time.monotonic() - begun)
    for kind, strength in dropped:
        _tables(held_out, kind).pop(strength, None)
    tell(len(jobs), len(jobs))
    return held_out


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


def _jobs(
    material: Material, vector_strengths: Sequence[float], lexical_strengths: Sequence[float]
) -> Iterator[tuple[str, float, int]]:
    kinds = [("lexical", lexical_strengths)]
    if material.vectors is not None:
        kinds.insert(0, ("vector", vector_strengths))
    for rank in range(max(len(strengths) for _, strengths in kinds)):
        for fold in range(material.folds):
            for kind, strengths in kinds:
                if rank < len(strengths):
                    yield kind, strengths[rank], fold


def _judge_fold(
    material: Material, held_out: HeldOut, *, kind: str, strength: float, fold: int, seed: int
) -> None:
    table = _tables(held_out, kind).setdefault(
        strength, np.full((len(material.labels), material.intents), np.nan, np.float32)
    )
    asked = material.fold == fold
    learnt = ~asked
    labels = material.labels[learnt]
    known = np.unique(labels)
    # An intent all of whose rows are asked cannot be named; far below the others it stays.
    logits = np.full((int(asked.sum()), material.intents), -60.0, np.float32)
    if kind == "vector" and material.vectors is not None:
        centring = fit_centring(material.vectors[learnt])
        units = centring(material.vectors)
        head = fit_vector_head(units[learnt], labels, C=strength)
        logits[:, known] = vector_logits(head, units[asked])
        if held_out.nearness is None:
            held_out.nearness = np.full(len(material.labels), np.nan, np.float32)
        centres = centroids(units[learnt], labels, intents=material.intents)
        held_out.nearness[asked] = (units[asked] @ centres.T).max(axis=1)
    else:
        features = weighted(material.frequencies, learnt)
        model = fit_lexical(features[learnt], labels, C=strength, seed=seed)
        logits[:, known] = lexical_logits(model, features[asked])
    table[asked] = logits


def _tables(held_out: HeldOut, kind: str) -> dict[float, Matrix]:
    return held_out.vector if kind == "vector" else held_out.lexical
