"""From addresses to adapters."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sangdam.backoffice.writes import Key, Put
from sangdam_adapters import memory, stores
from sangdam_adapters.dynamodb_backoffice import DynamoBackOffice
from sangdam_adapters.dynamodb_conversations import DynamoConversations
from sangdam_adapters.dynamodb_feedback import DynamoFeedback
from sangdam_adapters.file_releases import FileRegistry
from sangdam_adapters.memory import MemoryConversations, MemoryFeedback, MemoryRegistry
from sangdam_adapters.memory_backoffice import MemoryBackOffice
from sangdam_adapters.onnx_encoder import EncoderError
from sangdam_adapters.s3_releases import S3Registry
from sangdam_adapters.settings import Address, SettingsError
from sangdam_adapters.yaml_bots import YamlPacks
from scripts.local.intrinsics import REGION
from tests.adapters.samples import a_greeting, a_release, a_session, a_turn

MEMORY = Address("memory", "here", "")
TABLE = Address("dynamodb", "table", "")
ORDER = Key("shop#order#20261118-0001", "order")

OPENERS: dict[str, Callable[[Address], object]] = {
    "conversations": stores.open_conversations,
    "feedback": stores.open_feedback,
    "backoffice": stores.open_backoffice,
    "registry": stores.open_registry,
}


@pytest.fixture(autouse=True)
def _fresh_memory(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    stores.forget_memory()
    yield
    stores.forget_memory()


@pytest.mark.parametrize(
    ("opener", "address", "kind"),
    [
        ("conversations", MEMORY, MemoryConversations),
        ("conversations", TABLE, DynamoConversations),
        ("feedback", MEMORY, MemoryFeedback),
        ("feedback", TABLE, DynamoFeedback),
        ("backoffice", MEMORY, MemoryBackOffice),
        ("backoffice", TABLE, DynamoBackOffice),
        ("registry", MEMORY, MemoryRegistry),
        ("registry", Address("file", "", "/releases"), FileRegistry),
        ("registry", Address("s3", "bucket", "/releases"), S3Registry),
    ],
)
def test_an_address_leads_to_its_adapter(opener: str, address: Address, kind: type) -> None:
    assert isinstance(OPENERS[opener](address), kind)


@pytest.mark.parametrize("opener", OPENERS)
def test_functions_given_one_address_share_one_store(opener: str) -> None:
    opened = OPENERS[opener](MEMORY)
    assert OPENERS[opener](MEMORY) is opened
    assert OPENERS[opener](Address("memory", "there", "")) is not opened


def test_first_requests_at_the_same_time_share_one_store(monkeypatch: pytest.MonkeyPatch) -> None:
    class SlowFeedback(MemoryFeedback):
        def __init__(self) -> None:
            time.sleep(0.01)  # long enough for every other thread to come by
            super().__init__()

    monkeypatch.setattr(memory, "MemoryFeedback", SlowFeedback)
    with ThreadPoolExecutor(8) as threads:
        opened = list(threads.map(lambda _: stores.open_feedback(MEMORY), range(8)))
    assert len(set(map(id, opened))) == 1


def test_stores_of_one_address_are_of_their_own_kind() -> None:
    assert len({id(opener(MEMORY)) for opener in OPENERS.values()}) == 4


def test_conversations_in_memory_write_to_the_back_office_of_their_address() -> None:
    conversations = stores.open_conversations(MEMORY, backoffice=MEMORY)
    assert conversations is stores.open_conversations(MEMORY)
    conversations.open(a_session(), a_greeting())
    conversations.commit(
        a_session(turn=1), a_turn(1), expected_version=1, writes=[Put(ORDER, "{}")]
    )
    assert stores.open_backoffice(MEMORY).get(ORDER) is not None
    assert stores.open_backoffice(Address("memory", "there", "")).get(ORDER) is None


@pytest.mark.parametrize(
    ("conversations", "backoffice"),
    [(MEMORY, TABLE), (TABLE, MEMORY), (MEMORY, Address("memory", "there", ""))],
)
def test_what_cannot_be_written_together_is_told(
    conversations: Address, backoffice: Address
) -> None:
    with pytest.raises(SettingsError, match="SANGDAM_BACKOFFICE"):
        stores.open_conversations(conversations, backoffice=backoffice)


def test_forgotten_memory_is_empty() -> None:
    stores.open_conversations(MEMORY).open(a_session(), a_greeting())
    stores.open_backoffice(MEMORY).apply([Put(ORDER, "{}")])
    stores.open_registry(MEMORY).publish(a_release())
    stores.forget_memory()
    assert stores.open_conversations(MEMORY).load("s1") is None
    assert stores.open_backoffice(MEMORY).get(ORDER) is None
    assert list(stores.open_registry(MEMORY).releases("shop")) == []


def test_packs_stand_in_a_folder(tmp_path: Path) -> None:
    packs = stores.open_packs(Address.of_folder(tmp_path))
    assert isinstance(packs, YamlPacks)
    assert list(packs.names()) == []


def test_there_may_be_no_encoder() -> None:
    assert stores.open_encoder(Address("none", "", "")) is None
    assert stores.open_first_encoder(Address("none", "", "")) is None


def test_an_encoder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=str(tmp_path)):
        stores.open_encoder(Address.of_folder(tmp_path))


def test_the_clock_knows_its_zone() -> None:
    assert stores.now().tzinfo is not None


def test_memory_needs_neither_boto3_nor_onnxruntime() -> None:
    """A cold start pays for what it uses."""
    code = """
import sys
from sangdam_adapters import stores
from sangdam_adapters.settings import Address, SettingsError
stores.open_conversations(Address("memory", "", ""))
stores.open_feedback(Address("memory", "", ""))
heavy = {"boto3", "botocore", "onnxruntime", "numpy", "yaml"} & set(sys.modules)
sys.exit(f"imported {heavy}" if heavy else 0)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
