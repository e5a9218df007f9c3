"""The team's own system as a Lambda function: port ``Outside`` over its API."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from sangdam.ports import OutsideAnswer, OutsideError

if TYPE_CHECKING:
    from mypy_boto3_lambda.client import LambdaClient

SCHEME = "lambda:"

LIMIT = 256 * 1024
"""Longest answer that is read, in bytes."""


def lambda_client(*, seconds: float) -> LambdaClient:
    """Return a client that waits so long and leaves trying again to its caller."""
    config = Config(
        connect_timeout=seconds, read_timeout=seconds, retries={"total_max_attempts": 1}
    )
    return boto3.client("lambda", config=config)


class LambdaOutside:
    """Port ``Outside`` for ``lambda:NAME`` and ``lambda:ARN``.

    The function is given ``{"headers": …, "body": …}`` and returns the answer itself, as a JSON
    object. One that raises counts as status 500. The client has the time-out.
    """

    def __init__(self, client: LambdaClient) -> None:
        self._client = client

    def call(
        self, address: str, body: bytes, *, headers: Mapping[str, str], seconds: float
    ) -> OutsideAnswer:
        event = json.dumps({"headers": dict(headers), "body": body.decode()}).encode()
        try:
            answer = self._client.invoke(
                FunctionName=address.removeprefix(SCHEME),
                InvocationType="RequestResponse",
                Payload=event,
            )
            read = answer["Payload"].read(LIMIT + 1)
        except (BotoCoreError, ClientError, OSError) as error:
            raise OutsideError(f"{address}: {error}") from error
        if len(read) > LIMIT:
            raise OutsideError(f"{address}: answered more than {LIMIT} bytes")
        return OutsideAnswer(500 if "FunctionError" in answer else 200, read)
