"""What every encoder keeps to, whichever stands behind the port."""

from __future__ import annotations

import io
import json
from itertools import pairwise
from typing import Any, cast

import numpy as np
import pytest

from sangdam.bots.definition import Reading
from sangdam.ports import Encoder
from sangdam.text.korean import has_hangul
from sangdam_adapters import stores
from sangdam_adapters.encoders import Encoders
from sangdam_adapters.lambda_encoder import LambdaEncoder, answer_encode
from sangdam_adapters.settings import Address
from scripts.commands import encoder as command

TEXTS = ("배송이 언제 와요?", "refund", "", "가", "😀 hello", "주문번호 20261122-0001", "?" * 400)


@pytest.fixture(scope="module")
def encoders() -> Encoders:
    assert command.main([]) == 0
    return stores.open_encoders(Address.of_folder(command.DEFAULT_OUT))


class Service:
    """The ``lambda`` service, with the function ``encode`` in it."""

    def __init__(self, encoders: Encoders) -> None:
        self._encoders = encoders

    def invoke(self, *, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803 -- as AWS names them
        answer = answer_encode(self._encoders, json.loads(Payload))
        return {"Payload": io.BytesIO(json.dumps(answer).encode())}


LARGE = pytest.mark.nightly  # its packages are 405 MB


@pytest.fixture(params=["here", "in a function"])
def place(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["fast", "accurate", pytest.param("accurate-english", marks=LARGE)])
def reading(request: pytest.FixtureRequest) -> Reading:
    if request.param == "accurate-english":
        assert command.main(["--profile", request.param]) == 0
    return cast(Reading, request.param)


@pytest.fixture
def encoder(reading: Reading, place: str, encoders: Encoders) -> Encoder:
    if place == "in a function":
        service = cast(Any, Service(encoders))
        return LambdaEncoder(service, function="encode", reading=reading)
    opened = encoders.of(reading)
    assert opened is not None
    return opened


def test_every_part_of_every_vector_has_length_one_or_is_zero(
    encoder: Encoder, reading: Reading
) -> None:
    others = {"fast": 1, "accurate": 2, "accurate-english": 1}[reading]
    vectors = np.asarray(encoder.encode(TEXTS))
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(TEXTS), encoder.dimensions)
    assert sum(encoder.parts) <= encoder.dimensions
    ends = np.cumsum((0, *encoder.parts)).tolist()
    for number, (start, end) in enumerate(pairwise(ends)):
        is_english = number >= others
        expected = np.array([not (is_english and has_hangul(text)) for text in TEXTS])
        assert np.abs(np.linalg.norm(vectors[:, start:end], axis=1) - expected).max() < 1e-5
        assert not vectors[~expected, start:end].any()


def test_the_last_layers_make_the_first_part_of_what_follows_the_parts(encoder: Encoder) -> None:
    rows = np.asarray(encoder.encode(TEXTS))
    layers = {name: np.asarray(one, np.float32) for name, one in encoder.last_layers().items()}
    both = rows[:, sum(encoder.parts) :] @ layers["sum"] @ layers["down"]
    hidden, straight = np.split(both, 2, axis=1)
    middle = np.maximum(straight + np.maximum(hidden, 0) @ layers["across"], 0)
    tall, straight = np.split(middle @ layers["up"], 2, axis=1)
    last = np.tanh(straight + np.maximum(tall, 0) @ layers["skip"])
    last /= np.linalg.norm(last, axis=1, keepdims=True)
    # The layers are stored in 16 bits; the vectors come of layers in 7.
    assert np.sum(last * rows[:, : encoder.parts[0]], axis=1).min() > 0.99


def test_no_texts_have_no_vectors(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.dimensions)


def test_the_name_tells_the_encoders_apart(
    encoders: Encoders, encoder: Encoder, reading: Reading
) -> None:
    names = encoder.name.split("+")
    assert len(encoder.parts) == len(names) + 1, "the English one gives two"
    assert encoders.like(encoder.name) is encoders.of(reading)
