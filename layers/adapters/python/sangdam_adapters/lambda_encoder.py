"""The encoder in a Lambda function of its own: for retraining, which has no room for it."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import boto3
import numpy as np
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from numpy.typing import NDArray

from sangdam.bots.definition import READINGS, Reading
from sangdam.ports import StorageUnavailableError
from sangdam_adapters.encoders import Encoders

if TYPE_CHECKING:
    from mypy_boto3_lambda.client import LambdaClient

CHUNK = 320
"""Texts in one invocation: 4.3 MB of the widest float32 rows, base64 5.7 MB, of 6 MB allowed."""

CHUNK_BYTES = 4_000_000
"""Bytes of JSON in one invocation, of 6 MB allowed: a Korean letter takes six."""


class LambdaEncoder:
    """Port ``Encoder`` over the function ``encode``; its name and parts are asked for once."""

    def __init__(self, client: LambdaClient, *, function: str, reading: Reading = "fast") -> None:
        self._client = client
        self._function = function
        self._reading = reading
        about = self._invoke([])
        self._name = str(about["encoder"])
        self._parts = tuple(map(int, about["parts"]))
        self._dimensions = int(about["dimensions"])

    @property
    def name(self) -> str:
        return self._name

    @property
    def dimensions(self) -> int:
        return self._dimensions

    @property
    def parts(self) -> tuple[int, ...]:
        return self._parts

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.empty((len(texts), self.dimensions), dtype=np.float32)
        start = 0
        for part in chunks(texts):
            answer = self._invoke(part)
            if answer["encoder"] != self._name:
                raise StorageUnavailableError(
                    f"lambda://{self._function}: the encoder changed from {self._name} to "
                    f"{answer['encoder']} while encoding; run the retrain again"
                )
            rows[start : start + len(part)] = unpack(answer)
            start += len(part)
        return rows

    def last_layers(self) -> dict[str, NDArray[np.float16]]:
        layers = self._invoke([], layers=True).get("layers", {})
        return {
            name: np.frombuffer(base64.b64decode(one["weights"]), dtype="<f2").reshape(one["shape"])
            for name, one in layers.items()
        }

    def _invoke(self, texts: list[str], *, layers: bool = False) -> Mapping[str, Any]:
        event = {"texts": texts, "reading": self._reading, "layers": layers}
        answer = invoke_json(self._client, function=self._function, event=event)
        if "vectors" not in answer:
            raise StorageUnavailableError(f"lambda://{self._function}: {str(answer)[:500]}")
        return answer


def chunks(texts: Sequence[str]) -> Iterator[list[str]]:
    """Split texts, in order, into lists that one invocation can take."""
    part: list[str] = []
    room = CHUNK_BYTES
    for text in texts:
        size = len(json.dumps(text)) + 2
        if part and (len(part) == CHUNK or size > room):
            yield part
            part, room = [], CHUNK_BYTES
        part.append(text)
        room -= size
    if part:
        yield part


def invoke_json(
    client: LambdaClient, *, function: str, event: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Invoke a function and return its JSON answer; StorageUnavailableError if it fails."""
    where = f"lambda://{function}"
    try:
        answer = client.invoke(FunctionName=function, Payload=json.dumps(event).encode())
        document = json.loads(answer["Payload"].read())
    except (BotoCoreError, ClientError, ValueError) as error:
        raise StorageUnavailableError(f"{where}: {error}") from error
    if "FunctionError" in answer or not isinstance(document, dict):
        raise StorageUnavailableError(f"{where} failed: {str(document)[:2000]}")
    return document


def lambda_client(seconds: int = 120) -> LambdaClient:
    """Return a client that waits a little longer than a function of that time-out may run.

    Nothing is tried again: a function that ran into its time-out would only run into it twice.
    """
    config = Config(connect_timeout=2, read_timeout=seconds + 10, retries={"total_max_attempts": 1})
    return boto3.client("lambda", config=config)


def answer_encode(encoders: Encoders, event: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the function ``encode`` answers to ``{"texts": […], "reading": "fast"}``.

    ``vectors`` is base64 of little-endian float32, row by row; ``parts`` are the widths of the
    spaces that a row begins with. With ``"layers": true`` the weights of the last layers come
    along: ``{"NAME": {"shape": […], "weights": base64 of little-endian float16}}``. A request that
    is none is answered with ``{"error": …}``, which the caller reports.
    """
    texts = event.get("texts")
    reading = event.get("reading", "fast")
    if (
        not isinstance(texts, list)
        or not all(isinstance(text, str) for text in texts)
        or reading not in READINGS
    ):
        kinds = ", ".join(READINGS)
        return {"error": f'the event must be {{"texts": ["…", …], "reading": one of {kinds}}}'}
    if len(texts) > CHUNK:
        return {"error": f"{len(texts)} texts at once; at most {CHUNK}"}
    encoder = encoders.of(reading)
    if encoder is None:
        return {"error": f"there is no encoder for the reading {reading}"}
    rows = np.asarray(encoder.encode(texts), dtype="<f4")
    answer: dict[str, Any] = {
        "encoder": encoder.name,
        "dimensions": encoder.dimensions,
        "parts": list(encoder.parts),
        "vectors": base64.b64encode(rows.tobytes()).decode("ascii"),
    }
    if event.get("layers") is True:
        found = {name: np.asarray(one, "<f2") for name, one in encoder.last_layers().items()}
        answer["layers"] = {
            name: {
                "shape": list(layer.shape),
                "weights": base64.b64encode(layer.tobytes()).decode("ascii"),
            }
            for name, layer in found.items()
        }
    return answer


def unpack(answer: Mapping[str, Any]) -> NDArray[np.float32]:
    """Return the matrix in an answer of :func:`answer_encode`."""
    data = base64.b64decode(answer["vectors"])
    return np.frombuffer(data, dtype="<f4").reshape(-1, int(answer["dimensions"]))
