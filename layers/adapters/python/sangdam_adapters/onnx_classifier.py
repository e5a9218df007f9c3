"""The classifier of a release, run by onnxruntime: the ``ModelOpener`` port."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
import onnxruntime

from sangdam.learning.classifier_card import (
    CARD,
    GRAPH,
    ClassifierCard,
    ClassifierError,
    Glance,
)
from sangdam.nlu.understanding import Scores, Thresholds
from sangdam.ports import Encoder, Vectors
from sangdam.text.features import lexical_features
from sangdam.text.normalise import normalise
from sangdam_adapters.encoders import Encoders
from sangdam_adapters.joined_encoder import JoinedEncoder
from sangdam_adapters.onnx_encoder import EncoderError

if TYPE_CHECKING:
    from numpy.typing import NDArray

_OUTPUTS = ["probabilities", "in_scope"]
_BATCH = 256
_PROBABILITY = itemgetter(1)

_Seen = Mapping[str, Any]
"""The known lexical features of a text, as the graph takes them."""


class OnnxClassifier:
    """Scores messages on one thread. Safe for concurrent use."""

    def __init__(
        self, session: onnxruntime.InferenceSession, card: ClassifierCard, encoder: Encoder | None
    ) -> None:
        self._session = session
        self._card = card
        self._encoder = encoder
        self._names = card.intents

    @property
    def card(self) -> ClassifierCard:
        return self._card

    @property
    def thresholds(self) -> Thresholds:
        return self._card.thresholds

    def score(self, text: str) -> Scores:
        """Score one message of any length and content; never raises on text."""
        return self.score_many([text])[0]

    def score_many(
        self, texts: Sequence[str], *, vectors: NDArray[np.float32] | None = None
    ) -> list[Scores]:
        """Score many messages; their vectors are made in batches, unless they are given.

        Where the card knows of a first look, only messages that stay in doubt are read in full;
        given vectors are taken as they are.

        Parameters
        ----------
        vectors
            float32 ``[len(texts), dimensions]`` of the normalised texts, put right.
        """
        plain = [self._card.orthography(normalise(text)) for text in texts]
        seen = [self._seen(text) for text in plain]
        encoder = self._encoder
        if encoder is None:
            return [self._score(one, None) for one in seen]
        if vectors is not None:
            return self._score_rows(seen, vectors)
        if self._card.glance is None:
            return self._score_rows(seen, _encoded(encoder.encode, plain))
        return self._score_glanced(encoder, self._card.glance, plain, seen)

    def vectors(self, texts: Sequence[str]) -> Sequence[Sequence[float]] | None:
        """Return the sentence vectors of texts, of length 1; None without an encoder.

        They are the first encoder's, in which texts of all languages can be compared.
        """
        encoder = self._encoder
        if encoder is None:
            return None
        if isinstance(encoder, JoinedEncoder):
            encoder = encoder.first
        width = encoder.parts[0]
        rows = np.asarray(encoder.encode([normalise(text) for text in texts]))[:, :width]
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        scaled: list[list[float]] = (rows / np.maximum(lengths, 1e-12)).tolist()
        return scaled

    def _score_glanced(
        self, encoder: Encoder, glance: Glance, plain: Sequence[str], seen: Sequence[_Seen]
    ) -> list[Scores]:
        rows, complete = _first_look(encoder, plain)
        scores = self._score_rows(seen, rows)
        doubtful = [
            at
            for at, one in enumerate(scores)
            if not glance.will_do(one.intents[0][1], one.in_scope)
        ]
        for start in range(0, len(doubtful), _BATCH):
            batch = doubtful[start : start + _BATCH]
            for at, row in zip(batch, complete(batch), strict=True):
                if not np.array_equal(row, rows[at]):
                    scores[at] = self._score(seen[at], row[None])
        return scores

    def _score_rows(self, seen: Sequence[_Seen], vectors: NDArray[np.float32]) -> list[Scores]:
        return [self._score(one, vectors[at : at + 1]) for at, one in enumerate(seen)]

    def _seen(self, plain: str) -> _Seen:
        rows, weights = self._card.vocabulary.weigh(lexical_features(plain))
        if not rows:
            # The graph sums over at least one row; this one counts nothing.
            rows, weights = [0], [0.0]
        return {"rows": np.array(rows, np.int64), "weights": np.array(weights, np.float32)}

    def _score(self, seen: _Seen, vector: NDArray[np.float32] | None) -> Scores:
        inputs = seen if vector is None else {**seen, "vector": vector}
        probabilities, in_scope = self._session.run(_OUTPUTS, inputs)
        pairs = zip(self._names, probabilities[0].tolist(), strict=True)
        # Equal probabilities stay in the order of the intents, on every machine.
        best_first = sorted(pairs, key=_PROBABILITY, reverse=True)
        return Scores(intents=tuple(best_first), in_scope=float(in_scope[0]))


class OnnxModelOpener:
    """Opens classifiers; all of one profile share one encoder."""

    def __init__(self, encoder: Encoder | Encoders | None) -> None:
        self._encoder = encoder

    def open(self, files: Mapping[str, bytes]) -> OnnxClassifier:
        """Open the classifier among the files of a release.

        Raises
        ------
        ClassifierError
            If a file is missing, damaged or of another format, or if the classifier was trained
            with another encoder than the one at hand.
        """
        for name in (CARD, GRAPH):
            if name not in files:
                raise ClassifierError(f"the release has no {name}: train and publish the bot again")
        card = ClassifierCard.from_json(files[CARD])
        encoder = self._encoder_for(card)
        try:
            session = onnxruntime.InferenceSession(
                files[GRAPH], _options(), providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime's errors have no common ancestor but this
            raise ClassifierError(
                f"{GRAPH} cannot be opened ({error}): train and publish the bot again"
            ) from error
        _check(session, card, encoder)
        return OnnxClassifier(session, card, encoder)

    def _encoder_for(self, card: ClassifierCard) -> Encoder | None:
        if card.encoder is None:
            return None
        encoder = self._encoder
        if isinstance(encoder, Encoders):
            try:
                encoder = encoder.like(card.encoder)
            except EncoderError as error:
                raise ClassifierError(
                    f"the classifier was trained with the encoder {card.encoder}: {error}"
                ) from error
        if encoder is None:
            raise ClassifierError(
                f"the classifier was trained with the encoder {card.encoder} and none is at hand:"
                " build it with scripts/encoder, or train without one"
            )
        if encoder.name != card.encoder:
            raise ClassifierError(
                f"the classifier was trained with the encoder {card.encoder}, at hand is"
                f" {encoder.name}: train and publish the bot again"
            )
        return encoder


def _encoded(
    encode: Callable[[Sequence[str]], Vectors], plain: Sequence[str]
) -> NDArray[np.float32]:
    if len(plain) <= _BATCH:
        return np.asarray(encode(plain), np.float32)
    parts = (encode(plain[at : at + _BATCH]) for at in range(0, len(plain), _BATCH))
    return np.concatenate([np.asarray(part, np.float32) for part in parts])


def _first_look(
    encoder: Encoder, plain: Sequence[str]
) -> tuple[NDArray[np.float32], Callable[[Sequence[int]], NDArray[np.float32]]]:
    """Return the rows of a first look at texts, and what completes some of them.

    An encoder that reads everything at once is taken to have glanced.
    """
    if isinstance(encoder, JoinedEncoder):
        rows = _encoded(encoder.glance, plain)
        return rows, lambda some: encoder.complete([plain[at] for at in some], rows[some])
    full = _encoded(encoder.encode, plain)
    rows = full.copy()
    rows[:, encoder.parts[0] : sum(encoder.parts)] = 0
    return rows, lambda some: np.asarray(full[some], np.float32)


def _options() -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return options


def _check(
    session: onnxruntime.InferenceSession, card: ClassifierCard, encoder: Encoder | None
) -> None:
    """Refuse a graph that does not belong to the card, before the first customer finds out."""
    inputs = {"rows": np.zeros(1, np.int64), "weights": np.zeros(1, np.float32)}
    if encoder is not None:
        inputs["vector"] = np.zeros((1, encoder.dimensions), np.float32)
    try:
        probabilities, _ = session.run(_OUTPUTS, inputs)
    except Exception as error:  # onnxruntime's errors have no common ancestor but this
        raise ClassifierError(
            f"{GRAPH} does not belong to its {CARD} ({error}): train and publish the bot again"
        ) from error
    if probabilities.shape != (1, len(card.intents)):
        raise ClassifierError(
            f"{GRAPH} knows {probabilities.shape[-1]} intents, {CARD} lists {len(card.intents)}:"
            " train and publish the bot again"
        )
