"""A classifier that can be checked by hand: a word that only one intent is taught with means it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sangdam.bots.definition import Example
from sangdam.learning.release import ReleaseDamagedError
from sangdam.nlu.understanding import Scores, Thresholds
from sangdam.ports import Progress, TrainedModel, TrainingPlan
from sangdam.text.normalise import normalise

FILE = "words.json"
THRESHOLDS = Thresholds(answer=0.8, clarify=0.3, in_scope=1.0, clarify_in_scope=1.0)


@dataclass(frozen=True, slots=True)
class WordModel:
    """Port ``IntentModel``: each word of a message that begins with a known word votes."""

    intents: Sequence[str]
    owners: Mapping[str, str]
    thresholds: Thresholds = THRESHOLDS

    def score(self, text: str) -> Scores:
        votes = dict.fromkeys(self.intents, 0.0)
        for word in normalise(text).split():
            for known, intent in self.owners.items():
                if word.startswith(known):
                    votes[intent] += 1.0
        found = sum(votes.values())
        share = 0.01
        whole = found + share * len(votes)
        ranked = sorted(votes.items(), key=lambda one: -one[1])
        return Scores(tuple((name, (vote + share) / whole) for name, vote in ranked), found)

    def vectors(self, texts: Sequence[str]) -> Sequence[Sequence[float]] | None:
        return None


@dataclass(slots=True)
class WordTrainer:
    """Port ``Trainer``. ``accuracy`` is what it claims; ``trained`` counts how often it was asked.

    ``forgets`` is an intent it is too dull to learn.
    """

    accuracy: float | None = 0.9
    forgets: str | None = None
    trained: int = 0
    seen: list[Example] = field(default_factory=list)

    def train(
        self, examples: Sequence[Example], plan: TrainingPlan, *, progress: Progress
    ) -> TrainedModel:
        self.trained += 1
        self.seen = list(examples)
        taught: dict[str, set[str]] = defaultdict(set)
        for example in examples:
            for word in normalise(example.text).split():
                taught[word].add(example.intent)
        owners = {
            word: next(iter(intents))
            for word, intents in sorted(taught.items())
            if len(intents) == 1 and intents != {self.forgets}
        }
        intents = sorted({example.intent for example in examples})
        progress("training", 1, 1)
        document = json.dumps({"intents": intents, "owners": owners}, ensure_ascii=False)
        metrics: dict[str, Any] = {} if self.accuracy is None else {"accuracy": self.accuracy}
        return TrainedModel({FILE: document.encode()}, metrics)


class WordOpener:
    """Port ``ModelOpener``. ``opened`` counts how often a model was opened."""

    def __init__(self) -> None:
        self.opened = 0

    def open(self, files: Mapping[str, bytes]) -> WordModel:
        self.opened += 1
        try:
            top = json.loads(files[FILE])
            return WordModel(top["intents"], top["owners"])
        except (KeyError, ValueError) as error:
            raise ReleaseDamagedError(f"{FILE}: is no word model; publish the bot again") from error
