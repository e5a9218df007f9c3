"""Bot packs and demo data in a folder of YAML."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from sangdam.bots.reading import PackError
from sangdam.ports import PackMissingError
from sangdam_adapters.yaml_bots import YamlPacks, read_demo_orders
from tests.adapters.aws import ROOT
from tests.core import corner_shop

TODAY = date(2026, 11, 20)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of packs with the corner shop in it."""
    pack = tmp_path / corner_shop.NAME
    pack.mkdir()
    for name, data in corner_shop.files().items():
        (pack / name).write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), "utf-8")
    return tmp_path


def mistakes(folder: Path, name: str = corner_shop.NAME) -> list[str]:
    with pytest.raises(PackError) as caught:
        YamlPacks(folder).load(name)
    return [str(mistake) for mistake in caught.value.mistakes]


def test_a_pack_is_read_from_its_folder(folder: Path) -> None:
    assert YamlPacks(folder).load("corner") == corner_shop.pack()
    assert list(YamlPacks(folder).names()) == ["corner"]


def test_the_packs_of_the_project_are_whole() -> None:
    packs = YamlPacks(ROOT / "layers" / "content" / "bots")
    assert "shop" in packs.names()
    for name in packs.names():
        assert packs.load(name).bot.name == name


def test_a_missing_pack_is_told_with_those_there_are(folder: Path) -> None:
    with pytest.raises(PackMissingError, match=r"no bot pack 'bank' .*; there: corner"):
        YamlPacks(folder).load("bank")
    with pytest.raises(PackMissingError, match="there: none"):
        YamlPacks(folder / "corner").load("bank")


def test_a_folder_without_a_bot_is_no_pack(folder: Path) -> None:
    (folder / "notes").mkdir()
    (folder / "notes" / "readme.md").write_text("no pack")
    assert list(YamlPacks(folder).names()) == ["corner"]


def test_unreadable_files_are_all_told_at_once(folder: Path) -> None:
    pack = folder / "corner"
    (pack / "ko.yaml").write_text("name: [half\nnext: 1\n", "utf-8")
    (pack / "en.yaml").write_bytes("name: 모퉁이".encode("euc-kr"))
    (pack / "examples.kr.yaml").write_text("nlu: []")
    (pack / "extra.yml").write_text("a: 1")
    said = mistakes(folder)
    assert len(said) == 4
    assert said[0].startswith("corner/en.yaml:1: is not UTF-8")
    assert said[1].startswith("corner/examples.kr.yaml: is no file of a pack; those: bot.yaml")
    assert said[2].startswith("corner/extra.yml: is no file of a pack")
    assert said[3].startswith("corner/ko.yaml:2: is no valid YAML: did not find expected")


@pytest.mark.parametrize(
    "text",
    [
        "!!python/object/apply:os.system ['true']",
        "a: *nothing",
        "\tname: tab",
        "a: 'open",
        "? [1, 2]\n: 3",
        "\0",
        "date: 2026-13-45",
        "--- 1\n--- 2",
    ],
)
def test_no_text_in_a_file_makes_reading_fail(folder: Path, text: str) -> None:
    (folder / "corner" / "ko.yaml").write_text(text, "utf-8")
    assert any("ko.yaml" in said for said in mistakes(folder))


def test_a_file_with_a_byte_order_mark_is_read(folder: Path) -> None:
    path = folder / "corner" / "ko.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert YamlPacks(folder).load("corner") == corner_shop.pack()


def demo(tmp_path: Path, *orders: dict[str, Any], **top: Any) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    document = {"format": 1, "orders": list(orders), **top}
    (folder / "demo.yaml").write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")
    return folder


ORDER: dict[str, Any] = {
    "order_number": "20261118-0001",
    "status": "shipped",
    "items": [{"name": {"ko": "머플러", "en": "Scarf"}}],
    "ordered_on": -2,
    "expected_on": 1,
}


def test_days_of_demo_orders_count_from_today(tmp_path: Path) -> None:
    (order,) = read_demo_orders(demo(tmp_path, ORDER), today=TODAY)
    assert order.ordered_on == date(2026, 11, 18)
    assert order.expected_on == date(2026, 11, 21)
    assert order.delivered_on is None
    assert order.items[0].quantity == 1
    assert order.items[0].name == {"ko": "머플러", "en": "Scarf"}


def test_a_pack_needs_no_demo_orders(tmp_path: Path) -> None:
    assert read_demo_orders(tmp_path, today=TODAY) == ()


def test_the_shop_has_demo_orders_of_every_status() -> None:
    orders = read_demo_orders(ROOT / "layers" / "content" / "bots" / "shop", today=TODAY)
    assert {order.status for order in orders} == {
        "paid", "preparing", "shipped", "delivered", "cancelled",
    }  # fmt: skip


def test_every_mistake_in_demo_orders_is_told(tmp_path: Path) -> None:
    wrong: dict[str, Any] = {
        "order_number": "20261118-0001",
        "status": "lost",
        "itmes": [],
        "items": [{"name": {"jp": "マフラー"}, "quantity": 0}, {"quantity": 1.5, "name": None}],
        "ordered_on": "gestern",
        "expected_on": 0.5,
    }
    with pytest.raises(PackError) as caught:
        read_demo_orders(demo(tmp_path, ORDER, wrong, more=1), today=TODAY)
    said = {mistake.key for mistake in caught.value.mistakes}
    assert said == {
        "more", "orders", "orders[1].itmes", "orders[1].status", "orders[1].ordered_on",
        "orders[1].expected_on", "orders[1].items[0].name.jp", "orders[1].items[0].quantity",
        "orders[1].items[1].quantity", "orders[1].items[1].name",
    }  # fmt: skip
    assert all(mistake.file == "shop/demo.yaml" for mistake in caught.value.mistakes)


@pytest.mark.parametrize("given", [None, 2, "1"])
def test_demo_orders_of_another_format_are_refused(tmp_path: Path, given: object) -> None:
    with pytest.raises(PackError, match=r"shop/demo\.yaml:\d: format: .*format: 1"):
        read_demo_orders(demo(tmp_path, ORDER, format=given), today=TODAY)


@pytest.mark.parametrize("text", ["", "[]", "{", "orders: 3", "orders: [3]", "- 1"])
def test_demo_orders_that_are_none_are_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "demo.yaml").write_text(text, "utf-8")
    with pytest.raises(PackError, match=r"demo\.yaml"):
        read_demo_orders(tmp_path, today=TODAY)
