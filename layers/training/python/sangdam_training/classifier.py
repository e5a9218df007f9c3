"""The model trained on all rows: what is exported, and what the export must agree with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.svm import LinearSVC

from sangdam.learning.vocabulary import Vocabulary
from sangdam_training.combination import Combination
from sangdam_training.graph import VectorPart, build_graph
from sangdam_training.lexical import (
    LexicalHead,
    feature_matrix,
    fit_lexical,
    lexical_logits,
    round_lexical,
    vocabulary_of,
)
from sangdam_training.material import Material
from sangdam_training.outsiders import OutsiderRule
from sangdam_training.scope import ScopeRule, centres, nearness
from sangdam_training.selection import Setting
from sangdam_training.vectors import fit_centring, fit_vector_head, vector_logits

Matrix = NDArray[np.float32]
Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Classifier:
    """Both models with the rounded weights that are stored, and how they are put together."""

    names: tuple[str, ...]
    vocabulary: Vocabulary
    vector: VectorPart | None
    lexical: LexicalHead
    unrounded: LinearSVC
    combination: Combination
    scope: ScopeRule
    outsiders: OutsiderRule | None = None

    def features(self, counts: Sequence[Mapping[int, int]]) -> Any:
        """Return the sparse ``[texts, features]`` matrix of texts given by their features."""
        return feature_matrix(counts, self.vocabulary)

    def judge(self, features: Any, vectors: Matrix | None) -> tuple[Matrix, Vector]:
        """Return probabilities ``[texts, intents]`` and in-scope scores ``[texts]``."""
        return self._judge(self.lexical.logits(features), vectors)

    def drift(self, features: Any, vectors: Matrix | None) -> float:
        """Return how far rounding the weights to 8 bits moved any probability of these texts."""
        exact, _ = self._judge(lexical_logits(self.unrounded, features), vectors)
        stored, _ = self.judge(features, vectors)
        return float(np.abs(exact - stored).max(initial=0.0))

    def to_onnx(self) -> bytes:
        """Return the serialised graph."""
        return build_graph(
            vector=self.vector, lexical=self.lexical, combination=self.combination,
            scope=self.scope, outsiders=self.outsiders,
        )  # fmt: skip

    def units(self, vectors: Matrix) -> Matrix:
        """Return vectors centred and scaled as the vector model takes them."""
        return vectors if self.vector is None else self.vector.centring(vectors)

    def _judge(self, lexical: Matrix, vectors: Matrix | None) -> tuple[Matrix, Vector]:
        if self.vector is None or vectors is None:
            logits = self.combination.logits(None, lexical)
            return self.combination.probabilities(logits), self.scope(
                logits, self.combination, None
            )
        units = self.vector.centring(vectors)
        logits = self.combination.logits(vector_logits(self.vector.head, units), lexical)
        in_scope = self.scope(logits, self.combination, nearness(units, self.vector.centres))
        if self.outsiders is not None:
            in_scope = in_scope - self.outsiders(units)
        return self.combination.probabilities(logits), in_scope


def fit_classifier(
    material: Material, setting: Setting, scope: ScopeRule, *, seed: int
) -> Classifier:
    """Learn both models from all rows with the chosen setting."""
    vocabulary = vocabulary_of(material.counts, intents=material.intents)
    features: Any = feature_matrix(material.counts, vocabulary)
    lexical = fit_lexical(features, material.labels, strength=setting.lexical_strength, seed=seed)
    vector = None
    if material.vectors is not None and setting.vector_strength is not None:
        centring = fit_centring(material.vectors)
        units = centring(material.vectors)
        vector = VectorPart(
            centring=centring,
            head=fit_vector_head(units, material.labels, strength=setting.vector_strength),
            centres=centres(units, material.labels, intents=material.intents),
        )
    return Classifier(
        names=material.names,
        vocabulary=vocabulary,
        vector=vector,
        lexical=round_lexical(lexical),
        unrounded=lexical,
        combination=setting.combination,
        scope=scope,
    )
