"""The DynamoDB client, with time-outs that fit an interactive turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


def dynamodb_client() -> DynamoDBClient:
    """Return a client; region, endpoint and credentials are taken as boto3 takes them."""
    # Three tries and the pauses between them end before the function's own 10 seconds do.
    config = Config(
        connect_timeout=1,
        read_timeout=2,
        retries={"mode": "standard", "total_max_attempts": 3},
        max_pool_connections=50,
    )
    return boto3.client("dynamodb", config=config)
