"""Learns a classifier from examples: what stands behind the ``Trainer`` port."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types

from sangdam.bots.definition import Example
from sangdam.learning.classifier_card import CARD, GRAPH, ClassifierCard
from sangdam.learning.dataset import Dataset, clean
from sangdam.learning.thresholds import choose_thresholds
from sangdam.nlu.understanding import Thresholds
from sangdam.ports import Encoder, Progress, TrainedModel, TrainingPlan
from sangdam.text.features import lexical_features
from sangdam.text.normalise import normalise
from sangdam_training.classifier import Classifier, fit_classifier
from sangdam_training.combination import Combination
from sangdam_training.cross_validation import Estimate, estimate, metrics_of
from sangdam_training.errors import TrainingError
from sangdam_training.folds import judge_held_out
from sangdam_training.material import Material, encode_all, prepare
from sangdam_training.outsiders import learn_outsiders
from sangdam_training.parity import HOSTILE, BatchOpener, Expected, check_parity
from sangdam_training.selection import Setting, choose

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
    the serving side does: training ends with a comparison against what it opened.
    """

    def __init__(self, *, encoder: Encoder | None, open_model: BatchOpener) -> None:
        self._encoder = encoder
        self._open_model = open_model

    def train(
        self, examples: Sequence[Example], plan: TrainingPlan, *, progress: Progress
    ) -> TrainedModel:
        """Return a calibrated model with its thresholds; the port says what is raised.

        The same examples, seed and encoder give the same files, unless the seconds of the plan
        end the search early (``finished`` in the metrics).
        """
        # One thread for linear algebra: on matrices of this size more threads wait for each other
        # (30 times slower on a busy machine), and sums would depend on how many there are.
        with threadpool_limits(1):
            return self._train(examples, plan, progress)

    def _train(
        self, examples: Sequence[Example], plan: TrainingPlan, progress: Progress
    ) -> TrainedModel:
        seed = plan.seed % 2**32  # what scikit-learn takes for a seed
        deadline = time.monotonic() + plan.seconds * SEARCH_SHARE
        dataset = clean(examples)
        _check(dataset)
        material = prepare(
            dataset, titles=plan.titles, encoder=self._encoder, seed=seed, progress=progress
        )
        vector_strengths, lexical_strengths = (
            MANY_STRENGTHS if len(dataset) > MANY_ROWS else FEW_STRENGTHS
        )
        held_out = judge_held_out(
            material,
            vector_strengths=vector_strengths,
            lexical_strengths=lexical_strengths,
            seed=seed,
            deadline=deadline,
            tell=lambda done, total: progress("comparing models", done, total),
        )
        usual = Setting(
            None if self._encoder is None else vector_strengths[0],
            lexical_strengths[0],
            Combination(0.5, 1.0),
        )
        setting, tried = choose(held_out, material.labels, usual=usual)
        found = estimate(held_out, setting, material)
        progress("learning from all sentences", 0, 1)
        classifier = fit_classifier(material, setting, found.scope, seed=seed)
        progress("learning from all sentences", 1, 1)
        found, classifier, outsiders = self._outsiders(
            found, classifier, material, dataset.out_of_scope, seed, progress
        )
        choice = choose_thresholds(
            found.judged, error_budget=plan.error_budget, outsiders=outsiders
        )
        metrics = metrics_of(
            dataset, material, found, setting, tried, choice,
            outsiders=outsiders, finished=held_out.finished,
        )  # fmt: skip
        return self._export(classifier, material, choice.thresholds, metrics, progress)

    def _outsiders(
        self,
        found: Estimate,
        classifier: Classifier,
        material: Material,
        texts: Sequence[str],
        seed: int,
        progress: Progress,
    ) -> tuple[Estimate, Classifier, list[float]]:
        """Learn from out-of-scope sentences, if there are any, and return their own scores."""
        if not texts:
            return found, classifier, []
        task = "encoding out-of-scope sentences"
        vectors = encode_all(self._encoder, texts, progress=progress, task=task)
        _, scores = classifier.judge(
            classifier.features([lexical_features(text) for text in texts]), vectors
        )
        if vectors is not None and material.vectors is not None and classifier.vector is not None:
            known = np.asarray([one.in_scope for one in found.judged], np.float32)
            learnt = learn_outsiders(
                classifier.units(material.vectors[found.rows]), known,
                classifier.units(vectors), scores, seed=seed,
            )  # fmt: skip
            if learnt is not None:
                found = found.less(learnt.inside)
                classifier = replace(classifier, outsiders=learnt.rule)
                scores = scores - learnt.outside
        return found, classifier, [float(score) for score in scores]

    def _export(
        self,
        classifier: Classifier,
        material: Material,
        thresholds: Thresholds,
        metrics: dict[str, Any],
        progress: Progress,
    ) -> TrainedModel:
        card = ClassifierCard(
            intents=classifier.names,
            vocabulary=classifier.vocabulary,
            thresholds=thresholds,
            encoder=None if self._encoder is None else self._encoder.name,
            metrics={name: metrics[name] for name in ("accuracy", "held_out")},
        )
        files = {GRAPH: classifier.to_onnx(), CARD: card.to_json()}
        model = self._open_model.open(files)
        hostile = [normalise(text) for text in HOSTILE]
        encoded = encode_all(self._encoder, hostile, progress=progress, task="encoding odd texts")
        features = classifier.features(material.counts)
        gaps = []
        for number, (texts, known, vectors) in enumerate(
            (
                (material.texts, features, material.vectors),
                (HOSTILE, classifier.features(list(map(lexical_features, hostile))), encoded),
            )
        ):
            progress("comparing the exported model", number, 2)
            probabilities, in_scope = classifier.judge(known, vectors)
            expected = Expected(classifier.names, probabilities, in_scope)
            gaps.append(check_parity(model, texts, expected, vectors=vectors))
        progress("comparing the exported model", 2, 2)
        metrics["parity"] = {
            "texts": len(material.texts) + len(HOSTILE),
            "largest_difference": max(gaps),
            "rounding": round(classifier.drift(features, material.vectors), 5),
        }
        return TrainedModel(files, metrics)


def _check(dataset: Dataset) -> None:
    if len(dataset.names) >= 2:
        return
    if not dataset.names:
        raise TrainingError(
            "there is nothing to learn from: no usable example is left"
            f" ({dataset.empty} empty, {len(dataset.contradictions)} contradictory);"
            " add examples for at least two intents"
        )
    raise TrainingError(
        f"only one intent has usable examples, '{dataset.names[0]}':"
        " add examples of at least one more, a classifier needs two to tell apart"
    )
