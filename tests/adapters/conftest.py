"""Every adapter of a port in turn."""

from __future__ import annotations

from pathlib import Path

import pytest

from sangdam.ports import BackOffice, Conversations, FeedbackStore, Registry
from sangdam_adapters.dynamodb_backoffice import DynamoBackOffice
from sangdam_adapters.dynamodb_conversations import DynamoConversations
from sangdam_adapters.dynamodb_feedback import DynamoFeedback
from sangdam_adapters.file_releases import FileRegistry
from sangdam_adapters.memory import MemoryConversations, MemoryFeedback, MemoryRegistry
from sangdam_adapters.memory_backoffice import MemoryBackOffice
from sangdam_adapters.s3_releases import S3Registry
from tests.adapters.aws import Aws, aws, aws_clients, template
from tests.adapters.samples import HandClock

__all__ = ["aws", "aws_clients", "template"]


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture(params=["memory", "dynamodb"])
def conversations(request: pytest.FixtureRequest, clock: HandClock) -> Conversations:
    """Each adapter of the port; ``lifetime`` is 30 days."""
    if request.param == "memory":
        return MemoryConversations(clock=clock)
    aws: Aws = request.getfixturevalue("aws")
    return DynamoConversations(aws.dynamodb, table=aws.conversations, clock=clock)


@pytest.fixture(params=["memory", "dynamodb"])
def feedback_store(request: pytest.FixtureRequest) -> FeedbackStore:
    if request.param == "memory":
        return MemoryFeedback()
    aws: Aws = request.getfixturevalue("aws")
    return DynamoFeedback(aws.dynamodb, table=aws.feedback)


@pytest.fixture(params=["memory", "dynamodb"])
def backoffice(request: pytest.FixtureRequest) -> BackOffice:
    if request.param == "memory":
        return MemoryBackOffice()
    aws: Aws = request.getfixturevalue("aws")
    return DynamoBackOffice(aws.dynamodb, table=aws.backoffice)


@pytest.fixture(params=["memory", "dynamodb"])
def turns_and_business(
    request: pytest.FixtureRequest, clock: HandClock
) -> tuple[Conversations, BackOffice]:
    """Conversations, and the back office that their commits write to."""
    if request.param == "memory":
        store = MemoryBackOffice()
        return MemoryConversations(clock=clock, backoffice=store), store
    aws: Aws = request.getfixturevalue("aws")
    conversations = DynamoConversations(
        aws.dynamodb, table=aws.conversations, clock=clock, backoffice=aws.backoffice
    )
    return conversations, DynamoBackOffice(aws.dynamodb, table=aws.backoffice)


@pytest.fixture(params=["memory", "file", "s3", "s3 without a prefix"])
def registry(request: pytest.FixtureRequest, clock: HandClock, tmp_path: Path) -> Registry:
    if request.param == "memory":
        return MemoryRegistry(clock=clock)
    if request.param == "file":
        return FileRegistry(tmp_path, clock=clock)
    aws: Aws = request.getfixturevalue("aws")
    prefix = "releases" if request.param == "s3" else ""
    return S3Registry(aws.s3, bucket=aws.bucket, prefix=prefix, clock=clock)
