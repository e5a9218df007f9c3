"""Payment cards, as far as a bot may know them: the last four digits, and whether it is blocked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sangdam.backoffice.documents import read_document, write_document
from sangdam.backoffice.identity import digest, phone_digits, plain_name
from sangdam.backoffice.writes import Key
from sangdam.bots.definition import Language


@dataclass(frozen=True, slots=True)
class Card:
    """A card, and the number of the report that blocked it.

    ``owners`` are digests of its holder's name and phone, one for each way to write the name.
    """

    last4: str
    name: Mapping[Language, str]
    owners: tuple[str, ...]
    blocked: str | None = None
    blocked_at: datetime | None = None

    def called(self, language: Language) -> str:
        """Return what a card is called, with its last digits: ``체크카드 (1234)``."""
        name = self.name.get(language) or next(iter(self.name.values()), "")
        return f"{name} ({self.last4})".strip()


def cards_pk(bot: str, phone: str) -> str:
    """Return where the cards of whoever has a phone stand; the number cannot be read from it."""
    return f"{bot}#cards#{digest(bot, phone_digits(phone))}"


def card_key(bot: str, phone: str, last4: str) -> Key:
    return Key(cards_pk(bot, phone), f"card#{last4}")


def owner_digest(name: str, phone: str) -> str:
    """Return what a card keeps of the customer it belongs to."""
    return digest(plain_name(name), phone_digits(phone))


def write_card(card: Card) -> str:
    return write_document(asdict(card))


def read_card(record: str) -> Card:
    """Return a card from its record. Raises DocumentError if it cannot be read."""
    top = read_document(record, kind="card")
    at = top["blocked_at"]
    return Card(
        last4=top["last4"],
        name=top["name"],
        owners=tuple(top["owners"]),
        blocked=top["blocked"],
        blocked_at=None if at is None else datetime.fromisoformat(at),
    )
