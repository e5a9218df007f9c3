"""People who are to be told of something, through an SNS topic: port ``Outside``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from sangdam.ports import OutsideAnswer, OutsideError
from sangdam_adapters.notice_words import subject_and_message

if TYPE_CHECKING:
    from mypy_boto3_sns.client import SNSClient

SCHEME = "sns:"


def sns_client(*, seconds: float) -> SNSClient:
    """Return a client that waits so long and leaves trying again to its caller."""
    config = Config(
        connect_timeout=seconds, read_timeout=seconds, retries={"total_max_attempts": 1}
    )
    return boto3.client("sns", config=config)


class SnsOutside:
    """Port ``Outside`` for ``sns:TOPIC_ARN``; the body is a notice (see ``services.notices``).

    The client has the time-out.
    """

    def __init__(self, client: SNSClient) -> None:
        self._client = client

    def call(
        self, address: str, body: bytes, *, headers: Mapping[str, str], seconds: float
    ) -> OutsideAnswer:
        try:
            subject, message = subject_and_message(json.loads(body))
        except (ValueError, LookupError, TypeError) as error:
            raise OutsideError(f"{address}: cannot be told: {error!r} is wrong with it") from error
        try:
            answer = self._client.publish(
                TopicArn=address.removeprefix(SCHEME), Subject=subject[:99], Message=message
            )
        except (BotoCoreError, ClientError) as error:
            raise OutsideError(f"{address}: {error}") from error
        return OutsideAnswer(200, str(answer["MessageId"]).encode())
