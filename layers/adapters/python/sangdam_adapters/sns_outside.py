"""People who are to be told of something, through an SNS topic: port ``Outside``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from sangdam.ports import OutsideAnswer, OutsideError

if TYPE_CHECKING:
    from mypy_boto3_sns.client import SNSClient

SCHEME = "sns:"
_SUBJECT_LIMIT = 100


def sns_client() -> SNSClient:
    """Return a client that leaves trying again to its caller."""
    config = Config(connect_timeout=2, read_timeout=4, retries={"total_max_attempts": 1})
    return boto3.client("sns", config=config)


class SnsOutside:
    """Port ``Outside`` for ``sns:TOPIC_ARN``; the body is ``{"subject", "message"}``."""

    def __init__(self, client: SNSClient) -> None:
        self._client = client

    def call(
        self, address: str, body: bytes, *, headers: Mapping[str, str], seconds: float
    ) -> OutsideAnswer:
        document = json.loads(body)
        subject = document["subject"].encode("ascii", "replace").decode()[:_SUBJECT_LIMIT]
        try:
            answer = self._client.publish(
                TopicArn=address.removeprefix(SCHEME),
                Subject=subject,
                Message=document["message"],
            )
        except (BotoCoreError, ClientError) as error:
            raise OutsideError(f"{address}: {error}") from error
        return OutsideAnswer(200, str(answer["MessageId"]).encode())
