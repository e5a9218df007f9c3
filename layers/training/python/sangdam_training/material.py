"""From examples to numbers: cleaned, encoded, and dealt into folds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sangdam.learning.augmentation import Copy
from sangdam.learning.dataset import Dataset, title_examples
from sangdam.learning.splits import ALWAYS_TRAINING, stratified_folds
from sangdam.ports import Encoder, Progress
from sangdam.text.features import lexical_features
from sangdam.text.orthography import Orthography, learn_orthography
from sangdam_training.lexical import frequencies_of
from sangdam_training.near_copies import near_copy_groups
from sangdam_training.vectors import encode, fit_centring

Matrix = NDArray[np.float32]
Counts = Mapping[int, int]
Rows = NDArray[np.bool_]

FEW_ROWS = 3000
"""Up to here every fold holds a fifth of the rows, beyond a third: fits are dear then."""

OTHER_LETTERS = ("말", "слово", "كلمة", "言葉")
"""An encoder that does not read all letters leaves zeros for some of these."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """What the encoder says of texts: its rows, and of these the unit vectors of each part and the
    input of the last layers."""

    rows: Matrix | None = None
    parts: tuple[Matrix, ...] = ()
    layers: Matrix | None = None

    def read(self, part: int) -> Rows:
        """Return which texts the encoder of a part reads; of others it has zeros to say."""
        return np.asarray(self.parts[part].any(axis=1), np.bool_)


@dataclass(frozen=True, slots=True)
class Material:
    """Everything there is to learn from, as numbers: examples, then titles, then altered copies.

    ``texts`` are as given; everything else is of the texts as the ``orthography`` puts them right.
    ``frequencies`` are sparse ``[rows, all features]`` of 1 + log count. ``fold`` is negative for
    rows that are only ever learnt from (titles, single examples of an intent); folds are numbered
    from 0 without gaps. A copy has its parent's fold, so that nothing is tested on what was made
    from it. ``groups`` tell which examples are rewordings of each other, None if none are.
    ``partial`` are the parts of a sentence vector that some texts have none of.
    """

    names: tuple[str, ...]
    texts: tuple[str, ...]
    counts: Sequence[Counts]
    encoded: Encoded
    pretrained: Mapping[str, Matrix] | None
    orthography: Orthography
    frequencies: Any
    labels: NDArray[np.int64]
    fold: NDArray[np.int64]
    is_copy: Rows
    groups: NDArray[np.int64] | None
    partial: frozenset[int] = frozenset()

    @property
    def intents(self) -> int:
        return len(self.names)

    @property
    def folds(self) -> int:
        return int(self.fold.max(initial=-1)) + 1

    @property
    def has_copies(self) -> bool:
        return bool(self.is_copy.any())

    def learnt(self, fold: int | None, *, copies: bool) -> Rows:
        """Return the rows to learn from when a fold is held out; None holds out nothing."""
        rows = np.ones(len(self.labels), np.bool_) if fold is None else self.fold != fold
        return rows if copies else rows & ~self.is_copy

    def asked(self, fold: int) -> Rows:
        """Return the rows to be judged in a fold: never a copy."""
        return np.asarray((self.fold == fold) & ~self.is_copy, np.bool_)


def prepare(
    dataset: Dataset,
    *,
    titles: Mapping[str, Sequence[str]] | None,
    copies: Sequence[Copy] = (),
    encoder: Encoder | None,
    seed: int,
    progress: Progress,
) -> Material:
    """Return the material of a dataset with at least two intents."""
    extra = title_examples(dataset, titles)
    texts = (
        *dataset.texts, *(text for text, _ in extra), *(one.text for one in copies)
    )  # fmt: skip
    number = {name: index for index, name in enumerate(dataset.names)}
    rows = len(dataset)
    named = [number[intent] for intent in (*dataset.intents, *(intent for _, intent in extra))]
    named += [named[one.parent] for one in copies]
    labels = np.asarray(named, np.int64)
    orthography = learn_orthography(texts[: len(texts) - len(copies)], seed=seed)
    seen = [orthography(text) for text in texts]
    encoded = encode_all(encoder, seen, progress=progress, task="encoding sentences")
    groups = None
    if encoded.parts:
        units = fit_centring(encoded.parts[0][:rows])(encoded.parts[0][:rows])
        groups = near_copy_groups(units, labels[:rows])
    dealt = stratified_folds(
        labels[:rows].tolist(),
        folds=5 if rows <= FEW_ROWS else 3,
        seed=seed,
        groups=None if groups is None else groups.tolist(),
    )
    dealt += [ALWAYS_TRAINING] * len(extra) + [dealt[one.parent] for one in copies]
    fold = np.asarray(dealt, np.int64)
    used = np.unique(fold[fold >= 0])
    fold[fold >= 0] = np.searchsorted(used, fold[fold >= 0])
    counts = [lexical_features(text) for text in seen]
    is_copy = np.zeros(len(texts), np.bool_)
    is_copy[len(texts) - len(copies) :] = bool(copies)
    return Material(
        names=dataset.names,
        texts=texts,
        counts=counts,
        encoded=encoded,
        pretrained=None if encoder is None else pretrained_of(encoder),
        orthography=orthography,
        frequencies=frequencies_of(counts),
        labels=labels,
        fold=fold,
        is_copy=is_copy,
        groups=groups,
        partial=_partial(encoder, encoded),
    )


def _partial(encoder: Encoder | None, encoded: Encoded) -> frozenset[int]:
    """Return the parts that are zero for some texts, given or to come."""
    if encoder is None:
        return frozenset()
    others = split_encoded(encode(encoder, OTHER_LETTERS), parts=encoder.parts)
    return frozenset(
        part
        for part in range(len(encoded.parts))
        if not (encoded.read(part).all() and others.read(part).all())
    )


def pretrained_of(encoder: Encoder) -> dict[str, Matrix] | None:
    """Return the encoder's own last layers, None if it has none to give."""
    layers = encoder.last_layers()
    if not layers:
        return None
    return {name: np.asarray(layer, np.float32) for name, layer in layers.items()}


def encode_all(
    encoder: Encoder | None, texts: Sequence[str], *, progress: Progress, task: str
) -> Encoded:
    """Return what the encoder says of texts; nothing where there is no encoder."""
    if encoder is None:
        return Encoded()
    rows = encode(encoder, texts, tell=lambda done: progress(task, done, len(texts)))
    return split_encoded(rows, parts=encoder.parts)


def split_encoded(rows: Matrix, *, parts: Sequence[int]) -> Encoded:
    """Return rows of an encoder taken apart; what is wider than all parts feeds the last layers."""
    found, start = [], 0
    for width in parts:
        found.append(np.ascontiguousarray(rows[:, start : start + width]))
        start += width
    rest = rows[:, start:]
    return Encoded(rows, tuple(found), np.ascontiguousarray(rest) if rest.shape[1] else None)
