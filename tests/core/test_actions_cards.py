"""Blocking a lost card: at once, for its holder alone, and once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangdam.backoffice.cards import Card, card_key, owner_digest, read_card, write_card
from sangdam.backoffice.requests import read_request
from sangdam.backoffice.writes import Put
from sangdam.bots.actions import ACTIONS
from sangdam.ports import WriteRefusedError
from tests.core.back_room import NOON, BackRoom
from tests.core.corner_shop import NAME

PHONE = "+821012345678"
OWNERS = (owner_digest("김민지", "010-1234-5678"), owner_digest("Minji Kim", "010-1234-5678"))
CARD = Card("1234", {"ko": "체크카드", "en": "Debit card"}, OWNERS)
OTHER = Card("9876", {"ko": "신용카드", "en": "Credit card"}, OWNERS)
MINE = {"name": "김민지", "phone": PHONE, "last4": "1234"}


def room(*cards: Card) -> BackRoom:
    kept = cards or (CARD, OTHER)
    return BackRoom(tuple(Put(card_key(NAME, PHONE, one.last4), write_card(one)) for one in kept))


def stored(room: BackRoom, last4: str = "1234") -> Card:
    record = room.store.get(card_key(NAME, PHONE, last4))
    assert record is not None
    return read_card(record.record)


@pytest.mark.parametrize(
    ("language", "called"), [("ko", "체크카드 (1234)"), ("en", "Debit card (1234)")]
)
def test_a_card_is_shown_and_then_blocked(language: Any, called: str) -> None:
    behind = room()
    offer = behind.does("cards.block", MINE, phase="offer", language=language)
    assert (offer.outcome, dict(offer.fields)) == ("ok", {"card": called})
    assert stored(behind) == CARD
    result = behind.does("cards.block", MINE, language=language)
    assert result.outcome == "blocked"
    assert result.fields["card"] == called
    number = result.fields["number"]
    assert number.startswith("C1120-")
    assert result.remembered == {"number": number}
    assert stored(behind) == replace(CARD, blocked=number, blocked_at=NOON)
    assert stored(behind, "9876") == OTHER
    (record,) = behind.store.under(f"{NAME}#requests", prefix="card_block#")
    assert read_request(record.record).number == number


def test_a_card_is_blocked_once() -> None:
    behind = room()
    number = behind.does("cards.block", MINE).fields["number"]
    for phase in ("check", "offer", "run"):
        again = behind.does("cards.block", MINE, phase=phase)
        assert (again.outcome, again.fields["number"]) == ("already_blocked", number)
        assert set(again.fields) == set(ACTIONS["cards.block"].outcomes["already_blocked"])


def test_of_two_reports_at_once_one_blocks_the_card() -> None:
    behind = room()
    first, second = (behind.asked("cards.block", MINE) for _ in range(2))
    behind.store.apply(first.writes)
    with pytest.raises(WriteRefusedError):
        behind.store.apply(second.writes)


@pytest.mark.parametrize(
    "name", ["김민지", "김 민지", "Minji Kim", "KIM MINJI", "Kim Min-ji", "kim  minji"]
)
def test_a_name_is_one_however_it_is_written(name: str) -> None:
    assert room().does("cards.block", {**MINE, "name": name}).outcome == "blocked"


@pytest.mark.parametrize(
    "wrong",
    [{"name": "박민지"}, {"phone": "+821012345679"}, {"last4": "0000"}, {"name": "Minji"}],
)
@pytest.mark.parametrize("phase", ["check", "offer", "run"])
def test_a_card_of_somebody_else_is_not_found(wrong: dict[str, str], phase: Any) -> None:
    behind = room()
    result = behind.does("cards.block", {**MINE, **wrong}, phase=phase)
    assert (result.outcome, dict(result.fields)) == ("not_found", {})
    assert stored(behind) == CARD


def test_names_cannot_be_found_by_trying() -> None:
    behind = room()
    for name in ("박민지", "이민지", "최민지"):
        behind.does("cards.block", {**MINE, "name": name}, phase="check")
    assert behind.does("cards.block", MINE).outcome == "not_found"
    behind.pass_by(hours=1)
    assert behind.does("cards.block", MINE).outcome == "blocked"


@pytest.mark.parametrize("missing", ["name", "phone", "last4"])
def test_a_check_waits_for_all_that_is_needed(missing: str) -> None:
    done = room().asked("cards.block", {**MINE, missing: None}, phase="check")
    assert (done.result.outcome, done.writes) == ("ok", ())


def test_a_withdrawn_report_leaves_everything_as_it_was() -> None:
    done = room().asked("cards.block", MINE, phase="withdraw")
    assert (done.result.outcome, done.writes) == ("ok", ())


def test_neither_key_nor_record_tells_whose_a_card_is() -> None:
    (write, *_) = room().writes
    assert "12345678" not in str(write)
    assert "민지" not in str(write)


cards = st.builds(
    Card,
    last4=st.text("0123456789", min_size=4, max_size=4),
    name=st.dictionaries(st.sampled_from(["ko", "en"]), st.text(max_size=20)),
    owners=st.lists(st.text(max_size=64), max_size=3).map(tuple),
    blocked=st.none() | st.text(max_size=20),
    blocked_at=st.none() | st.datetimes(timezones=st.just(UTC), min_value=datetime(2020, 1, 1)),
)


@given(cards)
def test_any_card_is_read_back_as_it_was_written(card: Card) -> None:
    assert read_card(write_card(card)) == card
