"""AWS's stores in this process, made from template.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from moto import mock_aws
from moto.backends import get_backend

from sangdam_adapters.dynamodb_client import dynamodb_client
from sangdam_adapters.s3_client import s3_client
from scripts.local.intrinsics import REGION
from scripts.local.moto_lock import lock_moto
from scripts.local.stack import create_stores
from scripts.local.template import Template, load_template

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_s3.client import S3Client

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Aws:
    """Clients of empty stores, and the names of what template.yaml makes in them."""

    dynamodb: DynamoDBClient
    s3: S3Client
    conversations: str
    feedback: str
    backoffice: str
    bucket: str


@pytest.fixture(scope="session")
def template() -> Template:
    return load_template(ROOT / "template.yaml")


@pytest.fixture(scope="session")
def aws_clients() -> Iterator[tuple[DynamoDBClient, S3Client]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", REGION)
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        patch.delenv("AWS_PROFILE", raising=False)
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        lock_moto()
        with mock_aws():
            yield dynamodb_client(), s3_client()


@pytest.fixture
def aws(aws_clients: tuple[DynamoDBClient, S3Client], template: Template) -> Aws:
    """Empty tables and an empty bucket."""
    dynamodb, s3 = aws_clients
    for service in ("dynamodb", "s3"):
        get_backend(service).reset()
    create_stores(template, dynamodb=dynamodb, s3=s3)
    tables = {table.logical_id: table.name for table in template.tables}
    (bucket,) = template.buckets
    return Aws(
        dynamodb,
        s3,
        tables["ConversationsTable"],
        tables["FeedbackTable"],
        tables["BackofficeTable"],
        bucket.name,
    )
