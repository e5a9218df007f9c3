"""From addresses to ports: which adapter stands behind which setting."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from sangdam.bots.definition import READINGS, Reading
from sangdam.ports import (
    BackOffice,
    Conversations,
    Encoder,
    FeedbackStore,
    Holidays,
    Packs,
    Registry,
)
from sangdam_adapters.encoders import (
    Encoders,
    Opener,
    accurate_folder,
    english_folder,
    large_english_folder,
)
from sangdam_adapters.settings import Address, SettingsError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

    from sangdam.services.outside import Partner
    from sangdam_adapters.memory_backoffice import MemoryBackOffice

# Imports inside functions: a function that keeps nothing in DynamoDB must not pay for boto3, nor
# one that encodes nothing for onnxruntime.


def now() -> datetime:
    """The clock of the real world."""
    return datetime.now(UTC)


class Aws:
    """The clients of one function, each made when first needed and then shared."""

    @cached_property
    def dynamodb(self) -> DynamoDBClient:
        from sangdam_adapters.dynamodb_client import dynamodb_client

        return dynamodb_client()


def open_conversations(
    address: Address, aws: Aws | None = None, *, backoffice: Address | None = None
) -> Conversations:
    """Open conversations; ``backoffice`` is where the writes of their actions go.

    Both stand in one transaction, so that they must be of one kind: two tables, or one memory.

    Raises SettingsError if they are not.
    """
    if backoffice is not None and _is_apart(address, backoffice):
        raise SettingsError(
            f"SANGDAM_CONVERSATIONS is {address} and SANGDAM_BACKOFFICE {backoffice}; they are"
            " written to in one transaction: give both a dynamodb:// table, or the same memory://"
        )
    if address.scheme == "memory":
        return _shared_conversations(address.place)
    from sangdam_adapters.dynamodb_conversations import DynamoConversations

    client = (aws or Aws()).dynamodb
    table = backoffice.place if backoffice is not None else None
    return DynamoConversations(client, table=address.place, clock=now, backoffice=table)


def _is_apart(one: Address, other: Address) -> bool:
    return one.scheme != other.scheme or (one.scheme == "memory" and one.place != other.place)


def open_feedback(address: Address, aws: Aws | None = None) -> FeedbackStore:
    if address.scheme == "memory":
        return _shared_feedback(address.place)
    from sangdam_adapters.dynamodb_feedback import DynamoFeedback

    return DynamoFeedback((aws or Aws()).dynamodb, table=address.place)


def open_backoffice(address: Address, aws: Aws | None = None) -> BackOffice:
    if address.scheme == "memory":
        return _shared_backoffice(address.place)
    from sangdam_adapters.dynamodb_backoffice import DynamoBackOffice

    return DynamoBackOffice((aws or Aws()).dynamodb, table=address.place)


def open_registry(address: Address) -> Registry:
    if address.scheme == "memory":
        return _shared_registry(address.place)
    if address.scheme == "file":
        from sangdam_adapters.file_releases import FileRegistry

        return FileRegistry(Path(address.path), clock=now)
    from sangdam_adapters.s3_client import s3_client
    from sangdam_adapters.s3_releases import S3Registry

    prefix = address.path.strip("/")
    return S3Registry(s3_client(), bucket=address.place, prefix=prefix, clock=now)


def open_packs(address: Address) -> Packs:
    from sangdam_adapters.yaml_bots import YamlPacks

    return YamlPacks(Path(address.path))


def open_holidays() -> Holidays:
    """Open the public holidays of Korea."""
    from sangdam_adapters.public_holidays import KoreanHolidays

    return KoreanHolidays()


def open_partner(secret: str, warn: Callable[[str], None]) -> Callable[[], Partner]:
    """Return what gives the one that calls the team's own systems and tells people.

    It is made when it is first needed, for most turns call nobody, and then shared: it remembers
    who does not answer.
    """

    @cache
    def partner() -> Partner:
        from sangdam.services.outside import Partner
        from sangdam_adapters.outside import AnyOutside

        return Partner(AnyOutside(), secret, now, time.sleep, warn)

    return partner


def open_notify(address: Address) -> str | None:
    """Return the address of the people who are told who waits for them; None if nobody is."""
    return None if address.scheme == "none" else f"{address.scheme}:{address.place}"


def open_encoder(address: Address) -> Encoder | None:
    """Open the encoder of the fast profile; see :func:`open_encoders`."""
    return open_encoders(address).of("fast")


def open_first_encoder(address: Address) -> Encoder | None:
    """Open the encoder that reads whatever is written; see :func:`open_encoders`."""
    from sangdam_adapters.joined_encoder import JoinedEncoder

    encoder = open_encoder(address)
    return encoder.first if isinstance(encoder, JoinedEncoder) else encoder


def open_encoders(address: Address) -> Encoders:
    """Open the encoders; ``none://`` trains and answers on lexical features alone."""
    if address.scheme == "none":
        return Encoders(None)
    if address.scheme == "lambda":
        from sangdam_adapters.lambda_encoder import LambdaEncoder, lambda_client

        client = lambda_client()

        def invoke(reading: Reading) -> Opener:
            return lambda: LambdaEncoder(client, function=address.place, reading=reading)

        return Encoders(
            LambdaEncoder(client, function=address.place),
            accurate={one: invoke(one) for one in READINGS if one != "fast"},
        )
    from sangdam_adapters.joined_encoder import JoinedEncoder
    from sangdam_adapters.onnx_encoder import EncoderError, OnnxEncoder

    folder = Path(address.path)
    first = OnnxEncoder.open(folder)
    # Later, for a first answer need not wait for what most answers do without.
    english = OnnxEncoder.open(english_folder(folder), later=True)

    def added(place: Path, reading: Reading, *, bot: str) -> Encoder:
        try:
            return OnnxEncoder.open(place)
        except EncoderError as error:
            raise EncoderError(
                f"{error} with --profile {reading}. In AWS it goes along where a bot of"
                f" layers/content/bots {bot}: deploy once more"
            ) from error

    def accurate() -> Encoder:
        second = added(accurate_folder(folder), "accurate", bot="says 'profile: accurate'")
        return JoinedEncoder(first, second, english)

    def accurate_english() -> Encoder:
        bot = "says 'profile: accurate' and speaks English alone"
        large = added(large_english_folder(folder), "accurate-english", bot=bot)
        return JoinedEncoder(first, english, large)

    return Encoders(
        JoinedEncoder(first, english),
        accurate={"accurate": accurate, "accurate-english": accurate_english},
    )


# In memory, functions of one process that were given the same address share one store.

_Store = TypeVar("_Store")
_shared: dict[tuple[str, str], object] = {}
_lock = threading.Lock()


def _share(kind: str, place: str, make: Callable[[], _Store]) -> _Store:
    # Under a lock, for two first requests at once must not get two stores.
    with _lock:
        if (kind, place) not in _shared:
            _shared[kind, place] = make()
        return cast(_Store, _shared[kind, place])


def _shared_conversations(place: str) -> Conversations:
    from sangdam_adapters.memory import MemoryConversations

    backoffice = _shared_backoffice(place)
    return _share(
        "conversations", place, lambda: MemoryConversations(clock=now, backoffice=backoffice)
    )


def _shared_feedback(place: str) -> FeedbackStore:
    from sangdam_adapters.memory import MemoryFeedback

    return _share("feedback", place, MemoryFeedback)


def _shared_backoffice(place: str) -> MemoryBackOffice:
    from sangdam_adapters.memory_backoffice import MemoryBackOffice

    return _share("backoffice", place, MemoryBackOffice)


def _shared_registry(place: str) -> Registry:
    from sangdam_adapters.memory import MemoryRegistry

    return _share("registry", place, lambda: MemoryRegistry(clock=now))


def forget_memory() -> None:
    """Empty every in-memory store of this process, so that tests start from nothing."""
    with _lock:
        _shared.clear()
