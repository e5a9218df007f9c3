"""Forms of the catalogue's actions: what they offer must be for sale."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from sangdam.bots.business_checks import check_business
from sangdam.bots.catalogue import Catalogue, Item
from sangdam.bots.definition import Bot, EntityType, Form, Slot
from sangdam.bots.out_of_reach import out_of_reach
from sangdam.bots.reading import Reader
from tests.core import corner_shop

WORDS = {"ko": "물건", "en": "thing"}
LOOK = Form("look", (Slot("item", "thing"),), "catalogue.item")
ADVICE = Form("advice", (Slot("wish", "wish", from_message=True),), "catalogue.recommend")


def sold(*names: str, stock: int = 3) -> Catalogue:
    return Catalogue(tuple(Item(one, WORDS, Decimal(1), WORDS, stock, {}) for one in names), {})


def bot(
    catalogue: Catalogue | None, *options: str, lists: str | None = None, kind: str = "choice"
) -> Bot:
    plain = corner_shop.pack().bot
    entities = {
        "thing": EntityType("thing", kind, options=options),  # type: ignore[arg-type]  # one of the kinds
        "wish": EntityType("wish", "text"),
    }
    return replace(
        plain,
        catalogue=catalogue,
        entities=entities,
        forms={"look": LOOK, "advice": replace(ADVICE, lists=lists)},
        intents={"look": replace(next(iter(plain.intents.values())), name="look", form="look")},
    )


def mistakes(checked: Bot) -> list[str]:
    reader = Reader("shop/bot.yaml")
    check_business(reader, checked)
    return [str(one) for one in reader.mistakes]


def test_what_is_for_sale_may_be_asked_for() -> None:
    assert mistakes(bot(sold("mug", "bag"), "mug", "bag", lists="look")) == []


@pytest.mark.parametrize(
    ("checked", "expected"),
    [
        (bot(None, "mug"), "forms.look.action: 'catalogue.item' needs catalogue.yaml"),
        (bot(sold("mug"), "mug", "moon"), "forms.look.slots.item: option 'moon' of 'thing'"),
        (bot(sold("mug"), kind="text"), "forms.look.slots.item: is a text"),
        (
            bot(sold("mug", "bag"), "mug", lists="look"),
            "forms.advice.lists: 'thing' has no option bag",
        ),
    ],
)
def test_what_cannot_be_looked_up_is_named(checked: Bot, expected: str) -> None:
    assert any(expected in one for one in mistakes(checked)), mistakes(checked)


def test_sold_out_is_a_branch_where_something_is() -> None:
    assert out_of_reach(bot(sold("mug"), "mug"), LOOK) == {"sold_out"}
    assert out_of_reach(bot(sold("mug", stock=0), "mug"), LOOK) == frozenset()
