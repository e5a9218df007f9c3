"""The model trained on all rows: what is exported, and what the export must agree with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sangdam.learning.classifier_card import Glance
from sangdam.learning.vocabulary import Vocabulary
from sangdam_training.families import Candidate, Linear, fit_linear
from sangdam_training.graph import LayersPart, Released, VectorPart, build_graph
from sangdam_training.lexical import feature_matrix, round_lexical, vocabulary_of
from sangdam_training.material import Encoded, Material
from sangdam_training.outsiders import OutsiderRule
from sangdam_training.pool import log_softmax
from sangdam_training.scope import PartlyRead, ScopeRule
from sangdam_training.spaces import is_measured, is_partial, part_of, read_in, spaces_of
from sangdam_training.tuned import fit_tuned
from sangdam_training.vectors import centres, fit_centring, in_half, nearness

Matrix = NDArray[np.float32]
Vector = NDArray[np.float32]


BORDER = 0.01
"""So near to where a first look will do, a text may fall on either side of it."""


@dataclass(frozen=True, slots=True)
class Member:
    """A candidate of the pool and its weight in it."""

    candidate: Candidate
    weight: float


@dataclass(frozen=True, slots=True)
class Classifier:
    """All models with the rounded weights that are stored, and how they are put together."""

    names: tuple[str, ...]
    vocabulary: Vocabulary
    released: Released
    unrounded: Linear

    def features(self, counts: Sequence[Mapping[int, int]]) -> Any:
        """Return the sparse ``[texts, features]`` matrix of texts given by their features."""
        return feature_matrix(counts, self.vocabulary)

    def judge(self, features: Any, encoded: Encoded) -> tuple[Matrix, Vector]:
        """Return probabilities ``[texts, intents]`` and in-scope scores ``[texts]``."""
        return self._judge(self.released.lexical.logits(features), encoded)

    def judge_as_served(
        self, features: Any, encoded: Encoded, glance: Glance | None
    ) -> tuple[Matrix, Vector]:
        """Return the same, but of a first look where that will do."""
        probabilities, in_scope = self.judge(features, encoded)
        if glance is None:
            return probabilities, in_scope
        first, first_in_scope = self.judge(features, self._at_a_glance(encoded))
        will_do = (first.max(axis=1) >= glance.confidence) & (first_in_scope >= glance.in_scope)
        return (
            np.where(will_do[:, None], first, probabilities),
            np.where(will_do, first_in_scope, in_scope),
        )

    def is_borderline(
        self, features: Any, encoded: Encoded, glance: Glance | None
    ) -> NDArray[np.bool_]:
        """Tell of which texts the last digits decide whether a first look will do."""
        if glance is None:
            return np.zeros(features.shape[0], np.bool_)
        first, in_scope = self.judge(features, self._at_a_glance(encoded))
        close = np.abs(first.max(axis=1) - glance.confidence) < BORDER
        return np.asarray(close | (np.abs(in_scope - glance.in_scope) < BORDER), np.bool_)

    def _at_a_glance(self, encoded: Encoded) -> Encoded:
        partial = {one.part for one in self.released.vectors if one.partial}
        parts = (
            np.zeros_like(rows) if part in partial else rows
            for part, rows in enumerate(encoded.parts)
        )
        return replace(encoded, parts=tuple(parts))

    def drift(self, features: Any, encoded: Encoded) -> float:
        """Return how far rounding the weights to 8 bits moved any probability of these texts."""
        exact, _ = self._judge(self.unrounded.logits(features), encoded)
        stored, _ = self.judge(features, encoded)
        return float(np.abs(exact - stored).max(initial=0.0))

    def to_onnx(self) -> bytes:
        """Return the serialised graph."""
        return build_graph(self.released)

    def units(self, encoded: Encoded) -> Matrix:
        """Return vectors of the first part, centred and scaled as its model takes them."""
        first = self.released.vectors[0]
        return first.centring(encoded.parts[first.part])

    def with_outsiders(self, rule: OutsiderRule) -> Classifier:
        """Return the classifier with what out-of-scope sentences have taught."""
        return replace(self, released=replace(self.released, outsiders=rule))

    def _judge(self, lexical: Matrix, encoded: Encoded) -> tuple[Matrix, Vector]:
        said, near = {"lexical": lexical}, dict[str, Vector]()
        added = np.zeros_like(lexical)
        taken = None
        whole = np.ones((len(lexical), 1), np.bool_)
        for vector in self.released.vectors:
            units = vector.centring(encoded.parts[vector.part])
            logits = vector.head.logits(units)
            if vector.partial:
                read = encoded.read(vector.part)[:, None]
                added, whole = added + logits * read, whole & read
            else:
                said[vector.space] = logits
            if vector.centres is not None:
                near[vector.space] = nearness(units, vector.centres)
            if taken is None and self.released.outsiders is not None:
                taken = self.released.outsiders(units)
        layers = self.released.layers
        if layers is not None and encoded.layers is not None:
            units = layers.head.units(encoded.layers)
            said["layers"] = np.float32(layers.weight) * layers.head.logits(units)
            near["layers"] = nearness(units, layers.centres)
        partly = self.released.partly
        logits = sum(said.values(), np.zeros_like(lexical))
        if partly is not None:
            beside = (np.float32(partly.beside[one]) * table for one, table in said.items())
            logits = np.where(whole, sum(beside, added), logits)
        in_scope = self.released.scope(logits, near)
        if partly is not None:
            in_scope = np.where(whole[:, 0], in_scope, partly.scope(logits, near))
        probabilities = np.exp(log_softmax(logits))
        return probabilities, in_scope if taken is None else in_scope - taken


def fit_classifier(
    material: Material,
    members: Sequence[Member],
    scope: ScopeRule,
    partly: PartlyRead | None,
    *,
    seed: int,
) -> Classifier:
    """Learn every member from all rows and merge those that are given the same numbers."""
    lexical, vocabulary = _lexical(material, _of(members, "lexical"), seed=seed)
    vectors = tuple(
        _vector(material, space, _of(members, space), seed=seed)
        for space in spaces_of(len(material.encoded.parts))
        if _of(members, space) or space in scope.near
    )
    released = Released(
        lexical=round_lexical(lexical),
        vectors=vectors,
        layers=_layers(material, _of(members, "layers"), seed=seed),
        scope=scope,
        partly=partly,
        outsiders=None,
    )
    return Classifier(material.names, vocabulary, released, lexical)


def _of(members: Sequence[Member], space: str) -> list[Member]:
    return [one for one in members if one.candidate.space == space and one.weight]


def _lexical(
    material: Material, members: Sequence[Member], *, seed: int
) -> tuple[Linear, Vocabulary]:
    copies = any(one.candidate.augmented for one in members)
    learnt = np.flatnonzero(material.learnt(None, copies=copies)).tolist()
    vocabulary = vocabulary_of([material.counts[row] for row in learnt], intents=material.intents)
    if not members:
        # One feature that says nothing: the graph sums over at least one row of its table.
        vocabulary = Vocabulary(vocabulary.hashes[:1], vocabulary.frequencies[:1], vocabulary.texts)
        return _nothing(len(vocabulary), material.intents), vocabulary
    features = feature_matrix(material.counts, vocabulary)
    return _merged(material, members, features, "lexical", seed=seed), vocabulary


def _vector(material: Material, space: str, members: Sequence[Member], *, seed: int) -> VectorPart:
    part = part_of(space)
    learnt = material.learnt(None, copies=False) & read_in(space, material)
    vectors = material.encoded.parts[part]
    centring = fit_centring(vectors[learnt])
    units = centring(vectors)
    merged = _merged(material, members, units, space, seed=seed)
    middle = centres(units[learnt], material.labels[learnt], intents=material.intents)
    return VectorPart(
        space=space,
        part=part,
        start=sum(one.shape[1] for one in material.encoded.parts[:part]),
        centring=centring,
        head=Linear(in_half(merged.weights), merged.intercept),
        partial=is_partial(space, material),
        centres=in_half(middle) if is_measured(space, material) else None,
    )


def _layers(material: Material, members: Sequence[Member], *, seed: int) -> LayersPart | None:
    if not members or material.pretrained is None or material.encoded.layers is None:
        return None
    (member,) = members
    learnt = material.learnt(None, copies=member.candidate.augmented)
    labels = material.labels[learnt]
    rows = material.encoded.layers[learnt]
    head = fit_tuned(
        rows, labels, material.pretrained,
        intents=material.intents, rate=member.candidate.strength, seed=seed,
    )  # fmt: skip
    return LayersPart(
        start=sum(part.shape[1] for part in material.encoded.parts),
        head=head,
        weight=member.weight,
        centres=in_half(centres(head.units(rows), labels, intents=material.intents)),
    )


def _merged(
    material: Material, members: Sequence[Member], rows: Any, space: str, *, seed: int
) -> Linear:
    """Return the weighted sum of linear models of the same space, which is one such model."""
    read = read_in(space, material)
    merged = _nothing(rows.shape[1], material.intents)
    for member in members:
        learnt = material.learnt(None, copies=member.candidate.augmented) & read
        fitted = fit_linear(
            member.candidate, rows[learnt], material.labels[learnt],
            intents=material.intents, seed=seed, partial=is_partial(space, material),
        )  # fmt: skip
        weight = np.float32(member.weight)
        merged = Linear(
            merged.weights + weight * fitted.weights, merged.intercept + weight * fitted.intercept
        )
    return merged


def _nothing(features: int, intents: int) -> Linear:
    return Linear(np.zeros((features, intents), np.float32), np.zeros(intents, np.float32))
