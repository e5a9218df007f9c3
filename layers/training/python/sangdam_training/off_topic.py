"""What people ask any chatbot, whatever it is for: outsiders for bots that have none of their own.

Trivia, small talk, household, homework: sentences that hardly any company's bot is there for. A few
hundred of them tell what lies outside better than distance from the known sentences alone does,
because the questions nobody wrote down for a bot resemble each other. (Hendrycks et al., "Deep
Anomaly Detection with Outlier Exposure", 2019.)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from sangdam.bots.definition import LANGUAGES, Language
from sangdam.learning.metrics import auroc
from sangdam.text.korean import language_of
from sangdam_training.outsiders import ENOUGH, Learnt, find_direction

Matrix = NDArray[np.float32]
Vector = NDArray[np.float32]

OFTEN = 0.1
"""Sentences of a language are taken where so many of the bot's own are in it: else the direction
would be that of the language."""

FAMILIAR = 0.25
"""Left out is what lies nearer than this share of the known sentences: a bot that plays riddles
knows the riddles on the list."""

START = 1.0
"""So many deviations out of the known sentences the direction begins to count.

Counted from there on, it costs little where outsiders are near: sentences about a bot's subject
that no intent is for lie on the known side of it. Counted on both sides it gains more on off-topic
sentences and loses 0.01 to 0.05 of the area under the ROC curve on intents held out."""

STEEP, MOST = 30.0, 0.6
"""It counts so much times the area under the ROC curve that is missing between known sentences and
the list without it, at most ``MOST``: where distance tells them apart already, as it does for a bot
of general knowledge (ParaKQC), there is nothing to gain and known sentences to lose. What was
measured stands in infra/decisions.md."""


def off_topic(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the list's sentences in the languages of these texts."""
    heard = Counter(language_of(text) for text in texts)
    return tuple(
        line
        for language in LANGUAGES
        if heard[language] >= OFTEN * len(texts) and heard[language]
        for line in listed(language)
    )


def listed(language: Language) -> tuple[str, ...]:
    """Return the whole list of a language."""
    file = resources.files("sangdam_training") / f"off_topic.{language}.txt"
    return tuple(file.read_text(encoding="utf-8").splitlines())


def is_unfamiliar(in_scope: Vector, known: Vector) -> NDArray[np.bool_]:
    """Tell which sentences are less in scope than most of the known ones; scores of both."""
    return np.asarray(in_scope < np.quantile(known, FAMILIAR), np.bool_)


def learn_off_topic(
    units: Matrix,
    in_scope: Vector,
    common: Matrix,
    common_in_scope: Vector,
    own: Matrix,
    *,
    seed: int,
) -> Learnt | None:
    """Learn from sentences of the list, and from a bot's own outsiders, too few to stand alone.

    Parameters
    ----------
    units, in_scope
        Unit vectors ``[rows, dimensions]`` of known sentences and their held-out in-scope scores.
    common, common_in_scope
        The same of unfamiliar sentences of the list.
    own
        The bot's own out-of-scope sentences, which ``outside`` of the result speaks of.

    Returns
    -------
    Learnt or None
        None with too few sentences.
    """
    if min(len(units), len(common)) < ENOUGH:
        return None
    area = auroc(in_scope.tolist(), common_in_scope.tolist()) or 0.0
    weight = min(MOST, STEEP * (1.0 - area))
    direction = find_direction(units, np.concatenate([own, common]), seed=seed)
    learnt = direction.weighing(weight, start=START)
    return Learnt(learnt.rule, learnt.inside, learnt.outside[: len(own)])
