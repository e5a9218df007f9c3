"""The encoder behind a function of its own: split, invoked, put together again."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import pytest
from botocore.exceptions import ReadTimeoutError
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sangdam.ports import StorageUnavailableError
from sangdam_adapters import lambda_encoder
from sangdam_adapters.encoders import Encoders
from sangdam_adapters.joined_encoder import JoinedEncoder
from sangdam_adapters.lambda_encoder import (
    CHUNK,
    CHUNK_BYTES,
    LambdaEncoder,
    answer_encode,
    chunks,
    unpack,
)
from sangdam_training.encoder_graph import LAYERS


class LengthEncoder:
    """An encoder whose vectors say how long a text is."""

    name = "lengths-1"
    dimensions = 3
    parts = (3,)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = [[len(text), text.count("가"), 1.0] for text in texts]
        return np.array(rows, dtype=np.float32).reshape(-1, 3)

    def last_layers(self) -> dict[str, NDArray[np.float16]]:
        return {}


class LayeredEncoder(LengthEncoder):
    """One that also gives what its last layers take, and these layers."""

    dimensions = 5

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = super().encode(texts)
        return np.concatenate([rows, 10 * rows[:, :2]], axis=1)

    def last_layers(self) -> dict[str, NDArray[np.float16]]:
        return {"sum": np.array([[1, 2, 3], [4, 5, 0.5]], np.float16)}


class FakeLambda:
    """The ``lambda`` service, with one function in it."""

    def __init__(self, encoder: LengthEncoder | None = None) -> None:
        self.encoder = encoder or LengthEncoder()
        self.events: list[dict[str, Any]] = []
        self.sizes: list[int] = []

    def encoders(self) -> Encoders:
        both = JoinedEncoder(self.encoder, self.encoder)
        return Encoders(self.encoder, accurate={"accurate": lambda: both})

    def invoke(self, *, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803 -- as AWS names them
        assert FunctionName == "encode"
        self.sizes.append(len(Payload))
        self.events.append(json.loads(Payload))
        document = answer_encode(self.encoders(), self.events[-1])
        return {"Payload": io.BytesIO(json.dumps(document).encode())}


def opened(service: Any) -> LambdaEncoder:
    return LambdaEncoder(cast(Any, service), function="encode")


def test_vectors_are_those_of_the_encoder_itself() -> None:
    encoder = opened(FakeLambda())
    texts = ["가나다", "", "😀 hello", "\ud800"]
    assert encoder.name == "lengths-1"
    assert encoder.dimensions == 3
    assert np.array_equal(encoder.encode(texts), LengthEncoder().encode(texts))
    assert encoder.encode(texts).dtype == np.float32


def test_how_a_bot_is_read_chooses_the_encoder_and_its_parts_are_told() -> None:
    service = FakeLambda()
    fast = opened(service)
    accurate = LambdaEncoder(cast(Any, service), function="encode", reading="accurate")
    assert (fast.parts, accurate.parts, accurate.dimensions) == ((3,), (3, 3), 6)
    assert accurate.name == "lengths-1+lengths-1"
    assert accurate.encode(["가나"]).tolist() == [[2, 1, 1, 2, 1, 1]]
    assert [event["reading"] for event in service.events] == ["fast", "accurate", "accurate"]


def test_the_widest_answer_of_all_fits_into_an_invocation() -> None:
    # The first encoder, the English one's two vectors, and the large English one.
    widest = 512 + 2 * 384 + 768 + LAYERS
    assert CHUNK * widest * 4 * 4 / 3 < 6 * 1024 * 1024 - 100_000


def test_the_last_layers_come_along_when_they_are_asked_for() -> None:
    service = FakeLambda(LayeredEncoder())
    encoder = opened(service)
    assert (encoder.parts, encoder.dimensions) == ((3,), 5)
    assert encoder.encode(["가"]).tolist() == [[1, 1, 1, 10, 10]]
    (name,) = layers = encoder.last_layers()
    assert name == "sum"
    assert layers["sum"].tolist() == [[1, 2, 3], [4, 5, 0.5]]
    assert [event["layers"] for event in service.events] == [False, False, True]


def test_an_encoder_without_last_layers_gives_none() -> None:
    assert opened(FakeLambda()).last_layers() == {}


def test_no_texts_have_no_vectors() -> None:
    assert opened(FakeLambda()).encode([]).shape == (0, 3)


def test_many_texts_are_split_and_stay_in_order() -> None:
    service = FakeLambda()
    texts = ["가" * (number % 50) for number in range(2 * CHUNK + 7)]
    rows = opened(service).encode(texts)
    assert rows[:, 0].tolist() == [len(text) for text in texts]
    assert [len(event["texts"]) for event in service.events] == [0, CHUNK, CHUNK, 7]


def test_long_korean_texts_fit_into_an_invocation() -> None:
    service = FakeLambda()
    texts = ["가" * 3000] * CHUNK
    rows = opened(service).encode(texts)
    assert len(rows) == CHUNK
    assert max(service.sizes) < 6 * 1024 * 1024
    assert len(service.sizes) > 2


@given(st.lists(st.text(), max_size=30))
def test_chunks_hold_every_text_in_order(texts: list[str]) -> None:
    assert [text for part in chunks(texts) for text in part] == texts


def test_a_text_too_long_for_any_invocation_goes_alone() -> None:
    huge = "가" * CHUNK_BYTES
    assert [len(part) for part in chunks(["a", huge, "b"])] == [1, 1, 1]


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"texts": "안녕"},
        {"texts": [1]},
        {"texts": None},
        {"texts": ["a", None]},
        {"texts": [], "reading": "slow"},
        {"texts": [], "reading": ["fast"]},
    ],
)
def test_the_function_tells_what_it_takes(event: dict[str, Any]) -> None:
    assert answer_encode(Encoders(LengthEncoder()), event) == {
        "error": 'the event must be {"texts": ["…", …], "reading": one of '
        "fast, accurate, accurate-english}"
    }


def test_the_function_takes_no_more_than_it_can_answer() -> None:
    answer = answer_encode(Encoders(LengthEncoder()), {"texts": ["a"] * (CHUNK + 1)})
    assert f"at most {CHUNK}" in answer["error"]


def test_an_answer_survives_json() -> None:
    answer = json.loads(
        json.dumps(answer_encode(Encoders(LengthEncoder()), {"texts": ["가나", "다"]}))
    )
    assert unpack(answer).tolist() == [[2, 1, 1], [1, 0, 1]]


class Answering:
    """A ``lambda`` service that answers one and the same thing."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def invoke(self, **_: Any) -> Any:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class Breaking:
    def read(self) -> bytes:
        raise ReadTimeoutError(endpoint_url="https://aws.example")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (ReadTimeoutError(endpoint_url="https://aws.example"), "Read timeout"),
        ({"Payload": Breaking()}, "Read timeout"),
        ({"Payload": io.BytesIO(b"")}, "Expecting value"),
        ({"Payload": io.BytesIO(b"[]")}, "failed"),
        ({"Payload": io.BytesIO(b'{"error": "no"}')}, "no"),
        (
            {"FunctionError": "Unhandled", "Payload": io.BytesIO(b'{"errorMessage": "timed out"}')},
            "timed out",
        ),
    ],
)
def test_a_function_that_fails_is_named(answer: Any, said: str) -> None:
    with pytest.raises(StorageUnavailableError, match=f"lambda://encode.*{said}"):
        opened(Answering(answer))


def test_vectors_of_two_encoders_are_never_mixed() -> None:
    service = FakeLambda()
    encoder = opened(service)

    class Other(LengthEncoder):
        name = "lengths-2"

    service.encoder = Other()
    with pytest.raises(StorageUnavailableError, match="changed from lengths-1 to lengths-2"):
        encoder.encode(["안녕"])


def test_a_client_waits_for_the_function_and_never_asks_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-northeast-2")
    config: Any = lambda_encoder.lambda_client(seconds=120).meta.config
    assert config.read_timeout > 120
    assert config.retries["total_max_attempts"] == 1
