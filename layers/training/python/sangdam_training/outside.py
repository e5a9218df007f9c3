"""What lies outside of a bot, learnt once its classifier is there to be asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sangdam.ports import Encoder, Progress
from sangdam.text.features import lexical_features
from sangdam.text.normalise import normalise
from sangdam_training.classifier import Classifier
from sangdam_training.cross_validation import Estimate
from sangdam_training.material import Material, encode_all
from sangdam_training.off_topic import is_unfamiliar, learn_off_topic, off_topic
from sangdam_training.outsiders import ENOUGH, learn_outsiders

Matrix = NDArray[np.float32]
Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Outside:
    """The estimate and the classifier with what was learnt.

    ``scores`` are how much in scope the sentences given are; ``listed`` counts the sentences of the
    common list that were learnt from.
    """

    found: Estimate
    classifier: Classifier
    scores: tuple[float, ...]
    listed: int = 0


def learn_outside(
    found: Estimate,
    classifier: Classifier,
    material: Material,
    texts: Sequence[str],
    *,
    encoder: Encoder | None,
    seed: int,
    progress: Progress,
) -> Outside:
    """Learn from out-of-scope texts, or from the common list while there are too few of them."""

    def look(texts: Sequence[str]) -> tuple[Matrix, Vector]:
        seen = [material.orthography(normalise(text)) for text in texts]
        task = "encoding out-of-scope sentences"
        encoded = encode_all(encoder, seen, progress=progress, task=task)
        _, scores = classifier.judge_as_served(
            classifier.features([lexical_features(text) for text in seen]), encoded, found.glance
        )
        if not encoded.parts:
            return np.empty((len(seen), 0), np.float32), scores
        return classifier.units(encoded), scores

    own, scores = look(texts)
    if not material.encoded.parts or not len(found.rows):
        return Outside(found, classifier, _floats(scores))
    known = np.asarray([one.in_scope for one in found.judged], np.float32)
    units = classifier.units(material.encoded)[found.rows]
    listed = 0
    if len(texts) >= ENOUGH:
        learnt = learn_outsiders(units, known, own, scores, seed=seed)
    else:
        common, likeness = look(off_topic([material.texts[row] for row in found.rows]))
        far = is_unfamiliar(likeness, known)
        learnt = learn_off_topic(units, known, common[far], likeness[far], own, seed=seed)
        listed = 0 if learnt is None else int(far.sum())
    if learnt is None:
        return Outside(found, classifier, _floats(scores))
    return Outside(
        found.less(learnt.inside),
        classifier.with_outsiders(learnt.rule),
        _floats(scores - learnt.outside),
        listed,
    )


def _floats(scores: Vector) -> tuple[float, ...]:
    return tuple(map(float, scores))
