"""What a classifier's graph cannot say of itself: intents, vocabulary, thresholds, encoder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from sangdam.learning.vocabulary import Vocabulary
from sangdam.nlu.understanding import Thresholds
from sangdam.text.features import VERSION as FEATURES
from sangdam.text.orthography import Orthography

FORMAT = 4
GRAPH = "classifier.onnx"
CARD = "classifier.json"


class ClassifierError(ValueError):
    """The classifier of a release cannot be opened; says what is wrong and the way out."""


@dataclass(frozen=True, slots=True)
class Glance:
    """From which scores on a first look at a text will do.

    The first look leaves out the parts of the sentence vector that are dear to read. It will do
    where its best probability is at least ``confidence`` and its in-scope score ``in_scope``.
    """

    confidence: float
    in_scope: float

    def will_do(self, confidence: float, in_scope: float) -> bool:
        return confidence >= self.confidence and in_scope >= self.in_scope


@dataclass(frozen=True, slots=True)
class ClassifierCard:
    """Travels beside the graph as ``classifier.json``.

    ``intents`` are in the order of the graph's probabilities. ``encoder`` names the encoder whose
    vectors the graph was trained on, None if it takes none. ``metrics`` are plain JSON. Texts are
    put right by the ``orthography`` before anything looks at them. Without a ``glance`` every text
    is read in full at once.
    """

    intents: tuple[str, ...]
    vocabulary: Vocabulary
    thresholds: Thresholds
    encoder: str | None
    metrics: Mapping[str, Any]
    orthography: Orthography = field(default_factory=Orthography)
    glance: Glance | None = None

    def to_json(self) -> bytes:
        """Return the card as canonical JSON: equal cards give equal bytes."""
        document = {
            "format": FORMAT,
            "features": FEATURES,
            "encoder": self.encoder,
            "intents": list(self.intents),
            "thresholds": asdict(self.thresholds),
            "metrics": dict(self.metrics),
            "vocabulary": self.vocabulary.to_text(),
            "orthography": self.orthography.to_json(),
            "glance": None if self.glance is None else asdict(self.glance),
        }
        return json.dumps(document, ensure_ascii=False, indent=1).encode()

    @staticmethod
    def from_json(data: bytes) -> ClassifierCard:
        """Read a card back.

        Raises
        ------
        ClassifierError
            If the bytes are damaged, or of another format or other features than this code's.
        """
        try:
            top = json.loads(data)
            top = _upgraded(top)
            _same("format", top["format"], FORMAT)
            _same("features", top["features"], FEATURES)
            thresholds, glance = top["thresholds"], top["glance"]
            return ClassifierCard(
                intents=tuple(map(str, top["intents"])),
                vocabulary=Vocabulary.from_text(top["vocabulary"]),
                thresholds=Thresholds(
                    answer=float(thresholds["answer"]),
                    clarify=float(thresholds["clarify"]),
                    in_scope=float(thresholds["in_scope"]),
                    clarify_in_scope=float(thresholds["clarify_in_scope"]),
                    rule=str(thresholds["rule"]),
                    asked_mass=float(thresholds["asked_mass"]),
                ),
                encoder=None if top["encoder"] is None else str(top["encoder"]),
                metrics=dict(top["metrics"]),
                orthography=Orthography.from_json(top["orthography"]),
                glance=None
                if glance is None
                else Glance(float(glance["confidence"]), float(glance["in_scope"])),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            if isinstance(error, ClassifierError):
                raise
            raise ClassifierError(
                f"{CARD} cannot be read ({error!r}): train and publish the bot again"
            ) from error


def _upgraded(top: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a card of any former format as one of this.

    Format 1 knew no prediction sets: its questions offered as many intents as they might. Formats 1
    and 2 put nothing right, and formats up to 3 read every text in full.
    """
    if top["format"] == 1:
        top = {**top, "format": 2, "thresholds": {**top["thresholds"], "asked_mass": 1.0}}
    if top["format"] == 2:
        top = {**top, "format": 3, "orthography": Orthography().to_json()}
    if top["format"] == 3:
        top = {**top, "format": FORMAT, "glance": None}
    return top


def _same(what: str, found: object, expected: int) -> None:
    if found != expected:
        raise ClassifierError(
            f"{CARD} has {what} version {found}, this code reads {expected}:"
            " train and publish the bot again with this version"
        )
