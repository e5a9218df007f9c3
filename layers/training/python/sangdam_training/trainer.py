"""Learns a classifier from examples: the adapter of the ``Trainer`` port."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sangdam.bots.definition import Example
from sangdam.learning.classifier_card import CARD, GRAPH, ClassifierCard
from sangdam.learning.dataset import Dataset, clean
from sangdam.learning.thresholds import Judged, choose_thresholds
from sangdam.ports import Encoder, Progress, TrainedModel, TrainingPlan
from sangdam.text.features import lexical_features
from sangdam.text.normalise import normalise
from sangdam_training.classifier import Classifier, fit_classifier
from sangdam_training.combination import energy, fit_scope
from sangdam_training.cross_validation import Estimate, estimate, metrics_of
from sangdam_training.errors import TrainingError
from sangdam_training.folds import judge_held_out
from sangdam_training.material import Material, encode_all, prepare
from sangdam_training.parity import HOSTILE, BatchOpener, Expected, check_parity
from sangdam_training.selection import choose

Matrix = NDArray[np.float32]

SEARCH_SHARE = 0.5
"""Of the seconds of a plan, this share may pass before the search stops; the rest is for the
model itself, its export and the parity check."""

MANY_ROWS = 6000
FEW_STRENGTHS = (30.0, 10.0, 100.0, 3.0), (0.5, 0.2, 1.0, 2.0)
MANY_STRENGTHS = (30.0, 100.0), (0.5, 1.0)
"""Inverse regularisation tried for vectors and for lexical features, the usual winner first."""


class SklearnTrainer:
    """Linear models over sentence vectors and over lexical features, multiplied.

    Without an encoder the lexical model stands alone. ``open_model`` opens the exported files as
    the serving side does; training ends with a comparison against it.
    """

    def __init__(self, *, encoder: Encoder | None, open_model: BatchOpener) -> None:
        self._encoder = encoder
        self._open_model = open_model

    def train(
        self, examples: Sequence[Example], plan: TrainingPlan, *, progress: Progress
    ) -> TrainedModel:
        """Return a calibrated model with its thresholds; see the port for what is raised."""
        deadline = time.monotonic() + plan.seconds * SEARCH_SHARE
        dataset = clean(examples)
        _check(dataset)
        material = prepare(
            dataset, titles=plan.titles, encoder=self._encoder, seed=plan.seed, progress=progress
        )
        vector_strengths, lexical_strengths = (
            MANY_STRENGTHS if len(dataset) > MANY_ROWS else FEW_STRENGTHS
        )
        held_out = judge_held_out(
            material,
            vector_strengths=vector_strengths,
            lexical_strengths=lexical_strengths,
            seed=plan.seed,
            deadline=deadline,
            tell=lambda done, total: progress("comparing models", done, total),
        )
        setting, tried = choose(held_out, material.labels)
        found = estimate(held_out, setting, material)
        progress("learning from all sentences", 0, 1)
        classifier = fit_classifier(material, setting, found.scope, seed=plan.seed)
        progress("learning from all sentences", 1, 1)
        outsiders = self._outsiders(dataset, classifier, progress)
        choice = choose_thresholds(
            found.judged, error_budget=plan.error_budget, outsiders=outsiders
        )
        metrics = metrics_of(
            dataset, material, found, setting, tried, choice,
            outsiders=outsiders, finished=held_out.finished,
        )  # fmt: skip
        return self._export(classifier, material, choice.thresholds, metrics, progress)
