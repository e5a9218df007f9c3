"""Demonstration data: ``demo.yaml`` beside a pack becomes what a back office holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from sangdam.backoffice.cards import card_key, owner_digest, read_card
from sangdam.backoffice.orders import Order, order_key, read_order
from sangdam.backoffice.orders import owner_digest as order_owner
from sangdam.backoffice.reservation import read_reservation, reservation_key
from sangdam.backoffice.writes import Write
from sangdam.bots.reading import PackError
from sangdam_adapters.demo_data import demo_writes, seed
from sangdam_adapters.memory_backoffice import MemoryBackOffice
from tests.adapters.aws import ROOT

TODAY = date(2026, 11, 20)

ORDER: dict[str, Any] = {
    "order_number": "20261118-0001",
    "phone": "010-1234-5678",
    "status": "shipped",
    "items": [{"name": {"ko": "머플러", "en": "Scarf"}, "quantity": 2, "price": 16000}],
    "paid": 35000,
    "ordered_on": -2,
    "expected_on": 1,
}
CUSTOMER: dict[str, Any] = {
    "name": ["김민지", "Kim Minji"],
    "phone": "010-1234-5678",
    "cards": [{"last4": "0123", "name": {"ko": "체크카드", "en": "Debit card"}}],
}
RESERVATION: dict[str, Any] = {
    "number": "A1123-00001",
    "resource": "dr_kim",
    "day": 3,
    "time": "14:30",
    "party": 2,
    "name": "김민지",
    "phone": "010-1234-5678",
}
RULES: dict[str, Any] = {
    "slot_minutes": 30,
    "minutes": 30,
    "resources": {"dr_kim": {"capacity": 3, "hours": {"mon-sun": ["09:00-18:00"]}, "price": 10000}},
}


def demo(folder: Path, **top: Any) -> Path:
    """Write the demonstration data of a pack, and its rules of reservations."""
    (folder / "demo.yaml").write_text(
        yaml.safe_dump({"format": 1, **top}, allow_unicode=True), "utf-8"
    )
    bot = {"format": 1, "bot": "shop", "backoffice": {"reservations": RULES}}
    (folder / "bot.yaml").write_text(yaml.safe_dump(bot), "utf-8")
    return folder


def read(folder: Path) -> Sequence[Write]:
    return demo_writes(folder, "shop", today=TODAY)


def order(folder: Path, number: str = "20261118-0001") -> Order:
    record = MemoryBackOffice(read(folder)).get(order_key("shop", number))
    assert record is not None
    return read_order(record.record)


def mistakes(folder: Path) -> set[str]:
    with pytest.raises(PackError) as caught:
        read(folder)
    assert all(one.file == f"{folder.name}/demo.yaml" for one in caught.value.mistakes)
    assert all(one.line is not None for one in caught.value.mistakes)
    return {one.key for one in caught.value.mistakes}


def test_days_of_orders_count_from_today(tmp_path: Path) -> None:
    found = order(demo(tmp_path, orders=[ORDER]))
    assert found.ordered_on == date(2026, 11, 18)
    assert found.expected_on == date(2026, 11, 21)
    assert found.delivered_on is None
    assert found.items[0].name == {"ko": "머플러", "en": "Scarf"}


def test_what_was_paid_beyond_the_prices_is_the_delivery_fee(tmp_path: Path) -> None:
    found = order(demo(tmp_path, orders=[ORDER]))
    assert (found.items[0].price, found.items[0].quantity) == (Decimal(16000), 2)
    assert (found.paid, found.delivery_fee) == (Decimal(35000), Decimal(3000))
    said = order(demo(tmp_path, orders=[{**ORDER, "delivery_fee": 0}]))
    assert said.delivery_fee == 0
    plain = {name: value for name, value in ORDER.items() if name != "paid"}
    assert order(demo(tmp_path, orders=[plain])).paid == Decimal(32000)


def test_an_order_keeps_no_telephone_number(tmp_path: Path) -> None:
    folder = demo(tmp_path, orders=[ORDER])
    assert order(folder).owner == order_owner("20261118-0001", "+821012345678")
    assert not any("12345678" in str(write) for write in read(folder))
    nobody = {name: value for name, value in ORDER.items() if name != "phone"}
    assert order(demo(tmp_path, orders=[nobody])).owner == ""


@pytest.mark.parametrize("phone", ["01012345678", "010-1234-5678", "+82 10 1234 5678"])
def test_a_telephone_number_is_kept_as_a_customer_types_it(tmp_path: Path, phone: str) -> None:
    folder = demo(tmp_path, reservations=[{**RESERVATION, "phone": phone}])
    assert any('"+821012345678"' in str(write) for write in read(folder))


def test_a_pack_needs_no_demonstration_data(tmp_path: Path) -> None:
    assert read(tmp_path) == ()


def test_a_customer_has_cards(tmp_path: Path) -> None:
    store = MemoryBackOffice(read(demo(tmp_path, customers=[CUSTOMER])))
    record = store.get(card_key("shop", "+821012345678", "0123"))
    assert record is not None
    card = read_card(record.record)
    assert card.called("ko") == "체크카드 (0123)"
    assert card.blocked is None
    assert owner_digest("김 민지", "01012345678") in card.owners
    assert owner_digest("minji kim", "01012345678") in card.owners
    assert owner_digest("박민지", "01012345678") not in card.owners


def test_a_reservation_takes_its_seats(tmp_path: Path) -> None:
    store = MemoryBackOffice()
    seed(store, read(demo(tmp_path, reservations=[RESERVATION])))
    record = store.get(reservation_key("shop", "A1123-00001"))
    assert record is not None
    made = read_reservation(record.record)
    assert (made.start.day, str(made.start.time)) == (date(2026, 11, 23), "14:30:00")
    assert made.price == Decimal(20000)
    assert sum(store.counts("shop#seats#dr_kim#2026-11-23").values()) == 2


def test_reservations_of_one_time_are_counted_together(tmp_path: Path) -> None:
    second = {**RESERVATION, "number": "A1123-00002", "party": 1}
    store = MemoryBackOffice()
    seed(store, read(demo(tmp_path, reservations=[RESERVATION, second])))
    assert sum(store.counts("shop#seats#dr_kim#2026-11-23").values()) == 3


def test_much_data_is_put_in_parts(tmp_path: Path) -> None:
    orders = [{**ORDER, "order_number": f"20261118-{number:04}"} for number in range(250)]
    store = MemoryBackOffice()
    seed(store, read(demo(tmp_path, orders=orders)))
    assert store.get(order_key("shop", "20261118-0249")) is not None


@pytest.mark.parametrize("bot", ["bank", "clinic", "shop", "travel"])
def test_the_demonstration_data_of_every_pack_fits(bot: str) -> None:
    folder = ROOT / "layers" / "content" / "bots" / bot
    seed(MemoryBackOffice(), demo_writes(folder, bot, today=TODAY))


def test_every_mistake_in_orders_is_told(tmp_path: Path) -> None:
    wrong: dict[str, Any] = {
        "order_number": "20261118-0001",
        "status": "lost",
        "itmes": [],
        "items": [{"name": {"jp": "マフラー"}, "quantity": 0}, {"quantity": 1.5, "name": None}],
        "ordered_on": "gestern",
        "expected_on": 0.5,
        "phone": 1012345678,
        "paid": -1,
    }
    assert mistakes(demo(tmp_path, orders=[ORDER, wrong], more=1)) == {
        "more", "orders", "orders[1].itmes", "orders[1].status", "orders[1].ordered_on",
        "orders[1].expected_on", "orders[1].items[0].name.jp", "orders[1].items[0].quantity",
        "orders[1].items[1].quantity", "orders[1].items[1].name", "orders[1].phone",
        "orders[1].paid",
    }  # fmt: skip


def test_every_mistake_in_customers_is_told(tmp_path: Path) -> None:
    card = CUSTOMER["cards"][0]
    wrong = {
        "name": "",
        "phone": "1234",
        "cards": [{"last4": 123, "name": {}}, {**card, "colour": "red"}, card],
        "age": 30,
    }
    assert mistakes(demo(tmp_path, customers=[wrong])) == {
        "customers[0].name", "customers[0].phone", "customers[0].age",
        "customers[0].cards[0].last4", "customers[0].cards[0].name",
        "customers[0].cards[1].colour", "customers[0].cards[2].last4",
    }  # fmt: skip


def test_every_mistake_in_reservations_is_told(tmp_path: Path) -> None:
    wrong = {"number": "A1123-00001", "resource": "dr_who", "day": "tomorrow", "time": 870}
    assert mistakes(demo(tmp_path, reservations=[RESERVATION, wrong])) == {
        "reservations", "reservations[1].resource", "reservations[1].day",
        "reservations[1].time", "reservations[1].phone", "reservations[1].name",
    }  # fmt: skip


def test_reservations_without_rules_are_told(tmp_path: Path) -> None:
    folder = demo(tmp_path, reservations=[RESERVATION])
    (folder / "bot.yaml").write_text("format: 1\n", "utf-8")
    assert mistakes(folder) == {"reservations"}


@pytest.mark.parametrize("given", [None, 2, "1"])
def test_another_format_is_refused(tmp_path: Path, given: object) -> None:
    folder = demo(tmp_path, orders=[ORDER], format=given)
    with pytest.raises(PackError, match=r"demo\.yaml:\d: format: .*format: 1"):
        read(folder)


@pytest.mark.parametrize("text", ["", "[]", "{", "orders: 3", "orders: [3]", "- 1"])
def test_a_file_that_holds_no_such_data_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "demo.yaml").write_text(text, "utf-8")
    with pytest.raises(PackError, match=r"demo\.yaml"):
        read(tmp_path)
