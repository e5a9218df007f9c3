"""From examples to numbers: cleaned, encoded, and dealt into folds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from sangdam.learning.dataset import Dataset, title_examples
from sangdam.learning.splits import ALWAYS_TRAINING, stratified_folds
from sangdam.ports import Encoder, Progress
from sangdam.text.features import lexical_features
from sangdam_training.near_copies import near_copy_groups
from sangdam_training.vectors import encode, fit_centring

Matrix = NDArray[np.float32]
Counts = Mapping[int, int]

FEW_ROWS = 3000
"""Up to here every fold holds a fifth of the rows, beyond a third: fits are dear then."""


@dataclass(frozen=True, slots=True)
class Material:
    """Everything there is to learn from, as numbers; titles stand after the examples.

    ``vectors`` is ``[rows, dimensions]`` or None; ``frequencies`` sparse ``[rows, all features]``
    of 1 + log count; ``fold`` is negative for rows that are only ever learnt from (titles, single
    examples of an intent); folds are numbered from 0 without gaps.
    """

    names: tuple[str, ...]
    texts: tuple[str, ...]
    counts: Sequence[Counts]
    vectors: Matrix | None
    frequencies: Any
    labels: NDArray[np.int64]
    fold: NDArray[np.int64]
    paraphrased: bool

    @property
    def intents(self) -> int:
        return len(self.names)

    @property
    def folds(self) -> int:
        return int(self.fold.max(initial=-1)) + 1


def prepare(
    dataset: Dataset,
    *,
    titles: Mapping[str, Sequence[str]] | None,
    encoder: Encoder | None,
    seed: int,
    progress: Progress,
) -> Material:
    """Return the material of a dataset with at least two intents."""
    extra = title_examples(dataset, titles)
    texts = (*dataset.texts, *(text for text, _ in extra))
    number = {name: index for index, name in enumerate(dataset.names)}
    labels = np.asarray(
        [number[intent] for intent in (*dataset.intents, *(intent for _, intent in extra))],
        np.int64,
    )
    vectors = encode_all(encoder, texts, progress=progress, task="encoding sentences")
    rows = len(dataset)
    groups = None
    if vectors is not None:
        units = fit_centring(vectors[:rows])(vectors[:rows])
        groups = near_copy_groups(units, labels[:rows])
    dealt = stratified_folds(
        labels[:rows].tolist(),
        folds=5 if rows <= FEW_ROWS else 3,
        seed=seed,
        groups=None if groups is None else groups.tolist(),
    )
    fold = np.asarray(dealt + [ALWAYS_TRAINING] * len(extra), np.int64)
    used = np.unique(fold[fold >= 0])
    fold[fold >= 0] = np.searchsorted(used, fold[fold >= 0])
    counts = [lexical_features(text) for text in texts]
    return Material(
        names=dataset.names,
        texts=texts,
        counts=counts,
        vectors=vectors,
        frequencies=frequencies_of(counts),
        labels=labels,
        fold=fold,
        paraphrased=groups is not None,
    )


def encode_all(
    encoder: Encoder | None, texts: Sequence[str], *, progress: Progress, task: str
) -> Matrix | None:
    """Return the vectors of texts, or None where there is no encoder."""
    if encoder is None:
        return None
    return encode(encoder, texts, tell=lambda done: progress(task, done, len(texts)))


def frequencies_of(texts: Sequence[Counts]) -> Any:
    """Return sparse ``[texts, features]`` of 1 + log count over all features of the texts."""
    columns: dict[int, int] = {}
    indices: list[int] = []
    values: list[int] = []
    ends = [0]
    for counts in texts:
        for feature, count in counts.items():
            indices.append(columns.setdefault(feature, len(columns)))
            values.append(count)
        ends.append(len(indices))
    data = (1 + np.log(np.asarray(values, np.float32))).astype(np.float32)
    return csr_matrix(
        (data, np.asarray(indices, np.int32), np.asarray(ends, np.int64)),
        shape=(len(texts), max(1, len(columns))),
    )
