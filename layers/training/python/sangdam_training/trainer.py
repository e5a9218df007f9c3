"""Learns a classifier from examples: what stands behind the ``Trainer`` port."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types

from sangdam.bots.definition import Example
from sangdam.learning.augmentation import Copy, Kind, augment
from sangdam.learning.classifier_card import CARD, GRAPH, ClassifierCard, Glance
from sangdam.learning.dataset import Dataset, clean
from sangdam.learning.held_out import Comparison, DataSummary
from sangdam.learning.report import Report, build_report
from sangdam.learning.thresholds import Choice, Judged, choose_thresholds
from sangdam.nlu.understanding import Thresholds
from sangdam.ports import Encoder, Progress, TrainedModel, TrainingPlan
from sangdam.text.features import lexical_features
from sangdam.text.normalise import normalise
from sangdam_training.classifier import Classifier, fit_classifier
from sangdam_training.cross_validation import Estimate, estimate, metrics_of
from sangdam_training.errors import TrainingError
from sangdam_training.families import COPIED, Candidate
from sangdam_training.material import Material, encode_all, prepare
from sangdam_training.outside import learn_outside
from sangdam_training.parity import HOSTILE, BatchOpener, Expected, check_parity
from sangdam_training.spaces import spaces_of
from sangdam_training.tournament import HeldOut, Tried, compete

SEARCH_SHARE = 0.6
"""Of the seconds of a plan, this share may pass before the search stops; the rest is for the
models of the pool themselves, their export and the parity check."""

MANY_AN_INTENT = 150
"""From so many sentences an intent on logistic regression knows letters better than support vector
machines (StyleKQC: with 40 or 80 they lead by 2 to 4 points, with 200 and more it does by 1.4)."""

MANY_ROWS = 6000
COPIED_ROWS = 3000
"""Up to here candidates that learn from altered copies take part; beyond, the real sentences say
what copies could, and every fit is dear."""

COPIES = 2
KINDS: tuple[Kind, ...] = ("synonym", "particle", "ending", "contraction", "request")
"""What copies differ in. Spaces and slips of the hand are not among them: those are put right
before anything is learnt or judged, which costs clean sentences nothing."""


class SklearnTrainer:
    """Several families over sentence vectors, the encoder's last layers and lexical features.

    They compete on held-out sentences, and the best of each kind answer together. Without an
    encoder the lexical ones stand alone. ``open_model`` opens the exported files as the serving
    side does: training ends with a comparison against what it opened. ``tell_judged`` is told what
    was thought of the held-out sentences.
    """

    def __init__(
        self,
        *,
        encoder: Encoder | None,
        open_model: BatchOpener,
        tell_judged: Callable[[Sequence[Judged]], None] = lambda judged: None,
    ) -> None:
        self._encoder = encoder
        self._open_model = open_model
        self._tell_judged = tell_judged

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
            dataset, titles=plan.titles, copies=_copies(dataset, plan, seed=seed),
            encoder=self._encoder, seed=seed, progress=progress,
        )  # fmt: skip
        held_out = compete(
            material, candidates_for(material), seed=seed, deadline=deadline,
            tell=lambda done, total: progress("comparing models", done, total),
        )  # fmt: skip
        found = estimate(held_out, material, glance=plan.glance)
        progress("learning from all sentences", 0, 1)
        classifier = fit_classifier(material, found.members, found.scope, found.partly, seed=seed)
        progress("learning from all sentences", 1, 1)
        outside = learn_outside(
            found, classifier, material, dataset.out_of_scope,
            encoder=self._encoder, seed=seed, progress=progress,
        )  # fmt: skip
        found, classifier = outside.found, outside.classifier
        self._tell_judged(found.judged)
        choice = choose_thresholds(
            found.judged, error_budget=plan.error_budget, outsiders=outside.scores
        )
        metrics = metrics_of(
            dataset, material, found, held_out.tried, choice,
            outsiders=outside.scores, off_topic=outside.listed, finished=held_out.finished,
        )  # fmt: skip
        report = _report(material, found, held_out, choice, metrics, plan)
        return self._export(
            classifier, material, choice.thresholds, found.glance, metrics, report, progress
        )

    def _export(
        self,
        classifier: Classifier,
        material: Material,
        thresholds: Thresholds,
        glance: Glance | None,
        metrics: dict[str, Any],
        report: Report,
        progress: Progress,
    ) -> TrainedModel:
        card = ClassifierCard(
            intents=classifier.names,
            vocabulary=classifier.vocabulary,
            thresholds=thresholds,
            encoder=None if self._encoder is None else self._encoder.name,
            metrics={name: metrics[name] for name in ("accuracy", "held_out")},
            orthography=material.orthography,
            glance=glance,
        )
        files = {GRAPH: classifier.to_onnx(), CARD: card.to_json()}
        model = self._open_model.open(files)
        hostile = [material.orthography(normalise(text)) for text in HOSTILE]
        encoded = encode_all(self._encoder, hostile, progress=progress, task="encoding odd texts")
        features = classifier.features(material.counts)
        gaps = []
        for number, (texts, known, rows) in enumerate(
            (
                (material.texts, features, material.encoded),
                (HOSTILE, classifier.features(list(map(lexical_features, hostile))), encoded),
            )
        ):
            progress("comparing the exported model", number, 2)
            expected = Expected(classifier.names, *classifier.judge(known, rows))
            alone = Expected(classifier.names, *classifier.judge_as_served(known, rows, glance))
            clear = ~classifier.is_borderline(known, rows, glance)
            gaps.append(
                check_parity(model, texts, expected, vectors=rows.rows, alone=alone, sample=clear)
            )
        progress("comparing the exported model", 2, 2)
        metrics["parity"] = {
            "texts": len(material.texts) + len(HOSTILE),
            "largest_difference": max(gaps),
            "rounding": round(classifier.drift(features, material.encoded), 5),
        }
        return TrainedModel(files, metrics, report)


def candidates_for(material: Material) -> list[Candidate]:
    """Return who takes part; the usual winner of each space comes first."""
    many = len(material.labels) > MANY_ROWS
    logistic = (30.0, 100.0) if many else (30.0, 10.0, 100.0, 3.0)
    svm = (0.5, 1.0) if many else (0.5, 0.2, 1.0, 2.0)
    found = [Candidate("lexical", "svm", strength) for strength in svm]
    found += [Candidate("lexical", "bayes", strength) for strength in (0.3, 1.0)]
    if len(material.labels) >= MANY_AN_INTENT * material.intents:
        found.append(Candidate("lexical", "logistic", 30.0))
    for space in spaces_of(len(material.encoded.parts)):
        found += [Candidate(space, "logistic", strength) for strength in logistic]
        found += [Candidate(space, "discriminant", strength) for strength in (0.3, 0.7)]
        found.append(Candidate(space, "centroid", 15.0))
    if material.encoded.layers is not None and material.pretrained is not None:
        found.append(Candidate("layers", "tuned", 3e-4))
    if material.has_copies:
        found.append(Candidate("lexical", "svm", svm[0], augmented=True))
        if material.encoded.parts:
            found.append(Candidate("vector1", "logistic", logistic[0], augmented=True))
    return found


def _copies(dataset: Dataset, plan: TrainingPlan, *, seed: int) -> list[Copy]:
    if len(dataset) > COPIED_ROWS:
        return []
    made = augment(dataset.texts, kinds=KINDS, copies=COPIES, seed=seed, synonyms=plan.synonyms)
    return [replace(one, text=normalise(one.text)) for one in made]


def _report(
    material: Material,
    found: Estimate,
    held_out: HeldOut,
    choice: Choice,
    metrics: dict[str, Any],
    plan: TrainingPlan,
) -> Report:
    pool = {one.candidate.name: one.weight for one in found.members if one.weight}
    by_name = {one.name: one for one in held_out.tried}
    with_and_without = [
        by_name[name]
        for copied in by_name
        if copied.endswith(COPIED)
        for name in (copied.removesuffix(COPIED), copied)
    ]
    return build_report(
        found.rows_for_report(material, choice.thresholds),
        thresholds=choice.thresholds,
        names=material.names,
        error_budget=plan.error_budget,
        guaranteed=choice.guaranteed,
        comparisons=[_comparison(one, pool) for one in held_out.tried],
        augmentation=[_comparison(one, pool) for one in with_and_without],
        data=DataSummary.of_metrics(metrics["data"]),
    )


def _comparison(one: Tried, pool: dict[str, float]) -> Comparison:
    weight = pool.get(one.name, 0.0)
    note = f"{one.folds} folds" if not weight else f"{one.folds} folds, weight {weight:.2f}"
    return Comparison(one.name, one.accuracy, one.loss, kept=bool(weight), note=note)


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
