"""The functions over memory and over AWS's stores."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sangdam_adapters import stores
from sangdam_adapters.dynamodb_backoffice import DynamoBackOffice
from sangdam_adapters.dynamodb_conversations import DynamoConversations
from sangdam_adapters.dynamodb_feedback import DynamoFeedback
from tests.adapters.aws import Aws, aws, aws_clients, template
from tests.adapters.conftest import clock
from tests.adapters.samples import HandClock
from tests.core import corner_shop
from tests.functions.edge import Edge, Talk, a_telemetry, memory_edge

__all__ = ["aws", "aws_clients", "clock", "template"]


@pytest.fixture(params=["memory", "dynamodb"])
def edge(request: pytest.FixtureRequest, clock: HandClock) -> Edge:
    """Both functions, over each kind of store."""
    if request.param == "memory":
        return memory_edge(clock)
    aws: Aws = request.getfixturevalue("aws")
    backoffice = DynamoBackOffice(aws.dynamodb, table=aws.backoffice)
    backoffice.apply(corner_shop.writes())
    return Edge(
        DynamoConversations(
            aws.dynamodb, table=aws.conversations, clock=clock, backoffice=aws.backoffice
        ),
        backoffice,
        DynamoFeedback(aws.dynamodb, table=aws.feedback),
        clock,
        a_telemetry("chat"),
        a_telemetry("feedback"),
    )


@pytest.fixture
def memory(clock: HandClock) -> Edge:
    """Both functions over memory: for what no store has a part in."""
    return memory_edge(clock)


@pytest.fixture
def talk(edge: Edge) -> Talk:
    return edge.open()


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """A fresh environment of addresses in memory."""
    for name in ("CONVERSATIONS", "FEEDBACK", "BACKOFFICE", "RELEASES", "BASELINE"):
        monkeypatch.setenv(f"SANGDAM_{name}", "memory://test")
    monkeypatch.setenv("SANGDAM_ENCODER", "none://")
    monkeypatch.setenv("SANGDAM_NOTIFY", "none://")
    stores.forget_memory()
    yield monkeypatch
    stores.forget_memory()
