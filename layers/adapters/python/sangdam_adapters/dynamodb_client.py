"""The DynamoDB client, with time-outs that fit an interactive turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


def dynamodb_client() -> DynamoDBClient:
    """Return a client; region, endpoint and credentials are taken as boto3 takes them."""
    config = Config(
        connect_timeout=2,
        read_timeout=5,
        retries={"mode": "standard", "max_attempts": 3},
        max_pool_connections=50,
    )
    return boto3.client("dynamodb", config=config)
