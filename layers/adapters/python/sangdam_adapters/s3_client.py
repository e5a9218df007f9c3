"""The S3 client, with time-outs that fit reading a release."""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client


def s3_client() -> S3Client:
    """Return a client; region, endpoint and credentials are taken as boto3 takes them."""
    # If S3 is silent there must be time left, of the chat function's 10 seconds, for the baseline.
    config = Config(
        connect_timeout=1,
        read_timeout=3,
        retries={"mode": "standard", "total_max_attempts": 2},
        s3={"addressing_style": "path"},
    )
    return boto3.client("s3", config=config)
