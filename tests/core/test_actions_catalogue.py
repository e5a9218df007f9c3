"""The action that recommends: what it reads, what it says for what reasons, what it remembers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from sangdam.backoffice.writes import Count, Key
from sangdam.bots.actions import ACTIONS
from sangdam.bots.business import BackOfficeRules, ReservationRules, Resource
from sangdam.bots.catalogue import Catalogue, Facet, Item
from sangdam.bots.definition import EntityType, Form, Slot
from sangdam.bots.quick_reply import SLOT_LIMIT
from sangdam.dialogue.decision import ActionResult, RunAction
from sangdam.services.action import ActionCall
from sangdam.services.actions.catalogue import recommend
from tests.core.back_room import BackRoom
from tests.core.corner_shop import NAME

_WORDS = {
    "category": {"bag": ("가방", "bags"), "home": ("생활용품", "home")},
    "colour": {
        "no_preference": ("아무 색", "any"),
        "black": ("검정", "black"),
        "red": ("빨강", "red"),
    },
    "narrow": {"cheaper": ("더 싼 거", "cheaper"), "other": ("다른 거", "something else")},
}
_ENTITIES = {
    name: EntityType(
        name,
        "choice",
        options={key: {"ko": (ko,), "en": (en,)} for key, (ko, en) in options.items()},
    )
    for name, options in _WORDS.items()
} | {"wish": EntityType("wish", "text"), "money": EntityType("money", "money")}
_FORM = Form(
    "advice",
    (
        Slot("wish", "wish", from_message=True),
        *(Slot(name, name) for name in _WORDS),
        Slot("budget", "money"),
    ),
    "catalogue.recommend",
)


def _item(name: str, price: int, words: str, *, stock: int | None = 5, **facets: str) -> Item:
    given = {facet: (option,) for facet, option in facets.items()}
    text = {"ko": f"{words} 물건이에요. 튼튼해요.", "en": f"It is {words}. Sturdy."}
    return Item(name, {"ko": f"{name}가방", "en": name}, Decimal(price), text, stock, given)


CATALOGUE = Catalogue(
    (
        _item("tote", 54000, "장보기 좋은", category="bag", colour="black"),
        _item("pack", 88000, "가벼운", category="bag", colour="black"),
        _item("purse", 20000, "작은", category="bag", colour="red"),
        _item("lost", 10000, "가벼운", stock=0, category="bag", colour="black"),
        _item("candle", 24000, "향기로운", category="home", colour="red"),
    ),
    {
        "category": Facet("category", "options", ("bag", "home")),
        "colour": Facet("colour", "options", ("black", "red")),
    },
)


def room() -> BackRoom:
    behind = BackRoom()
    entities = {**behind.bot.entities, **_ENTITIES}
    behind.bot = replace(
        behind.bot, catalogue=CATALOGUE, entities=entities, forms={"advice": _FORM}
    )
    return behind


def asked(behind: BackRoom | None = None, **values: Any) -> ActionResult:
    return (behind or room()).asked("catalogue.recommend", values).result


def ids(result: ActionResult) -> list[str]:
    return [choice.value for choice in result.choices]


def test_what_is_named_filters_and_what_is_said_ranks() -> None:
    assert ids(asked(wish="가벼운 검정 가방 추천해 주세요")) == ["pack"]
    assert ids(asked(wish="검정 가방 추천해 주세요")) == ["tote", "pack"]


def test_what_a_slot_says_counts_before_the_wish() -> None:
    assert ids(asked(wish="검정 가방", colour="red")) == ["purse"]


def test_a_slot_without_preference_leaves_it_to_the_wish() -> None:
    assert ids(asked(wish="빨강 가방", colour="no_preference", budget="0.. KRW")) == ["purse"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"wish": "6만원 이하 검정 가방"}, ["tote"]),
        ({"wish": "검정 가방", "budget": "..60000 KRW"}, ["tote"]),
        ({"wish": "6만원 이하 가방", "budget": "60000.. KRW"}, ["pack"]),
    ],
)
def test_the_budget_is_kept(values: dict[str, Any], expected: list[str]) -> None:
    assert ids(asked(**values)) == expected


def test_what_is_sold_out_is_never_recommended() -> None:
    behind = room()
    behind.store.apply((Count(Key(f"{NAME}#stock", "tote"), 5, 5),))
    assert ids(asked(behind, wish="검정 가방")) == ["pack"]


def test_one_thing_is_told_of_with_what_is_left() -> None:
    behind = room()
    behind.store.apply((Count(Key(f"{NAME}#stock", "tote"), 2, 5),))
    done = behind.asked("catalogue.item", {"item": "tote"})
    assert done.writes == ()
    assert done.result.outcome == "in_stock"
    assert done.result.fields == {
        "item": "tote가방",
        "price": "54,000원",
        "text": "장보기 좋은 물건이에요. 튼튼해요.",
        "left": "3개",
    }
    english = behind.asked("catalogue.item", {"item": "tote"}, language="en").result.fields
    assert (english["item"], english["left"]) == ("tote", "3")


def test_what_is_sold_out_says_so_however_it_came_about() -> None:
    behind = room()
    assert behind.asked("catalogue.item", {"item": "lost"}).result.outcome == "sold_out"
    behind.store.apply((Count(Key(f"{NAME}#stock", "purse"), 5, 5),))
    gone = behind.asked("catalogue.item", {"item": "purse"}).result
    assert (gone.outcome, set(gone.fields)) == ("sold_out", {"item", "price", "text"})


def test_what_never_runs_out_is_plenty() -> None:
    behind = room()
    endless = replace(CATALOGUE, items=(_item("ebook", 9000, "재미있는", stock=None),))
    behind.bot = replace(behind.bot, catalogue=endless)
    assert behind.asked("catalogue.item", {"item": "ebook"}).result.fields["left"] == "넉넉함"
    english = behind.asked("catalogue.item", {"item": "ebook"}, language="en")
    assert english.result.fields["left"] == "plenty"


def test_a_thing_that_is_not_in_the_catalogue_is_named() -> None:
    with pytest.raises(ValueError, match=r"'moon' is no item of the catalogue\.yaml"):
        room().asked("catalogue.item", {"item": "moon"})


def test_reasons_and_prices_are_told() -> None:
    text = asked(wish="6만원 이하 검정 가방").fields["list"]
    assert text == "1. tote가방 · 54,000원 (검정, 예산 안)\n   장보기 좋은 물건이에요."
    english = room().asked(
        "catalogue.recommend", {"wish": "black bags under 60,000 won"}, language="en"
    )
    assert "(black, within your budget)\n   It is 장보기 좋은." in english.result.fields["list"]


def test_nothing_is_said_to_fit_that_does_not() -> None:
    result = asked(wish="자동차 추천해 주세요")
    assert (result.outcome, result.choices) == ("nothing", ())
    assert result.fields["closest"]


def test_the_nearest_to_the_budget_is_told() -> None:
    result = asked(wish="만원 이하 검정 가방")
    assert result.outcome == "nothing"
    assert result.fields["closest"].startswith("tote가방 · 54,000원 (검정)")


def test_cheaper_things_are_cheaper_than_those_shown() -> None:
    first = asked(wish="검정 가방")
    assert ids(asked(wish="검정 가방", narrow="cheaper", shown="pack")) == ["tote"]
    assert (
        asked(wish="검정 가방", narrow="cheaper", **dict[str, Any](first.remembered)).outcome
        == "no_more"
    )


def test_other_things_never_come_back() -> None:
    first = asked(wish="가방")
    assert len(ids(first)) == 3
    last = asked(wish="가방", narrow="other", **dict[str, Any](first.remembered))
    assert last.outcome == "no_more"
    assert (
        asked(wish="가방", narrow="other", **dict[str, Any](last.remembered)).outcome == "no_more"
    )
    assert ids(asked(wish="가방", narrow="other", shown="purse|tote")) == ["pack"]


def test_what_was_shown_fits_into_a_slot() -> None:
    many = ",".join(f"thing_with_a_long_name_{number}" for number in range(50))
    result = asked(wish="가방", narrow="other", shown=many)
    assert len(result.remembered["shown"]) <= SLOT_LIMIT


@pytest.mark.parametrize("wish", ["", "추천해 주세요", "?"])
def test_without_a_taste_the_first_of_the_catalogue_come(wish: str) -> None:
    assert ids(asked(wish=wish)) == ["tote", "pack", "purse"]


@pytest.mark.parametrize("phase", ["check", "offer", "withdraw"])
def test_only_a_run_recommends(phase: str) -> None:
    done = room().asked("catalogue.recommend", {"wish": "가방"}, phase=phase)  # type: ignore[arg-type]  # one of the phases
    assert (done.result, done.writes) == (ActionResult("ok"), ())


def test_what_can_be_reserved_is_offered_as_that() -> None:
    behind = room()
    names = [item.id for item in CATALOGUE.items]
    rules = ReservationRules(resources={name: Resource(name) for name in names})
    behind.bot = replace(behind.bot, backoffice=BackOfficeRules(reservations=rules))
    assert {choice.role for choice in asked(behind, wish="가방").choices} == {"resource"}


def test_outcomes_have_the_fields_that_replies_may_use() -> None:
    outcomes = ACTIONS["catalogue.recommend"].outcomes
    for result in (asked(wish="가방"), asked(wish="자동차"), asked(narrow="other", shown="x")):
        assert set(outcomes[result.outcome]) <= set(result.fields)


class _Reader:
    """Gives a text two numbers, and counts how often the catalogue was read."""

    def __init__(self) -> None:
        self.read = 0

    def __call__(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        self.read += len(texts) > 1
        return [(1.0, 0.0) if "향" in text or "쉬" in text else (0.0, 1.0) for text in texts]


def test_vectors_rank_and_those_of_a_catalogue_are_made_once() -> None:
    reader, behind = _Reader(), room()
    for turn in range(3):
        query = RunAction("catalogue.recommend", (("wish", "푹 쉬고 싶어요"),), "ko", "run", ())
        call = ActionCall(
            query=query, bot=behind.bot, session_id="s", message_id="m", turn=turn,
            now=behind.now, store=behind.store, holidays=behind.holidays, vectors=reader,
        )  # fmt: skip
        assert ids(recommend(call).result) == ["candle"]
    assert reader.read <= 1


def test_a_bot_without_a_catalogue_is_told_so() -> None:
    behind = room()
    behind.bot = replace(behind.bot, catalogue=None)
    with pytest.raises(ValueError, match=r"has no catalogue\.yaml"):
        asked(behind, wish="가방")
