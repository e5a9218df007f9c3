"""What conversations have been through is counted against what a bot can come to at all."""

from __future__ import annotations

from typing import Any

import pytest

from sangdam.bots.out_of_reach import out_of_reach
from sangdam.bots.parse import parse_pack
from sangdam.services.coverage import KINDS, Reached, branches, coverage, expected
from tests.core import corner_shop, front_desk

ALL_WEEK = "00:00-24:00"


def never(form: str, **rules: Any) -> set[str]:
    """Return what a form of the front desk can never come to under other rules."""
    files = front_desk.files()
    files["bot.yaml"]["backoffice"]["reservations"] |= rules
    bot = parse_pack(front_desk.NAME, files).bot
    return set(out_of_reach(bot, bot.forms[form]))


def resources(**about: Any) -> dict[str, Any]:
    return {name: {"capacity": 1, **about} for name in ("kim", "lee")}


def test_a_desk_for_today_refuses_no_day_as_too_soon() -> None:
    assert never("appointment") == {"too_soon", "party_too_large", "unknown_resource"}
    assert "too_soon" not in never("appointment", ahead=[1, 30])


def test_a_doctor_of_another_department_is_unknown_to_it() -> None:
    files = front_desk.files()
    groups = ("eyes", "ears")
    there = files["bot.yaml"]["backoffice"]["reservations"]["resources"]
    for doctor, group in zip(there.values(), groups, strict=True):
        doctor["group"] = group
    files["bot.yaml"]["entities"]["department"] = {"type": "choice", "options": list(groups)}
    slots = files["bot.yaml"]["forms"]["appointment"]["slots"]
    slots["department"] = {"entity": "department"}
    files["bot.yaml"]["forms"]["appointment"]["with"] = {
        "resource": "doctor",
        "group": "department",
    }
    for words in (files["ko.yaml"], files["en.yaml"]):
        words["entities"]["department"] = {one: [one] for one in groups}
        words["forms"]["appointment"]["slots"]["department"] = {"ask": "x", "ask_again": "y"}
        words["forms"]["appointment"]["labels"]["department"] = "z"
    bot = parse_pack(front_desk.NAME, files).bot
    assert "unknown_resource" not in out_of_reach(bot, bot.forms["appointment"])


@pytest.mark.parametrize(
    ("about", "holidays", "is_closed"),
    [
        ({"hours": {"mon-sun": ALL_WEEK}}, "open", False),
        ({"hours": {"mon-sun": ALL_WEEK}}, "closed", True),
        ({"hours": {"mon-sat": ALL_WEEK}}, "open", True),
        ({"hours": {"mon-sun": ALL_WEEK}, "closed": ["2026-12-24"]}, "open", True),
    ],
)
def test_what_is_open_every_day_is_never_closed(
    about: dict[str, Any], holidays: str, *, is_closed: bool
) -> None:
    found = never("appointment", resources=resources(**about), holidays=holidays)
    assert ("closed" not in found) == is_closed


def test_other_actions_can_come_to_all_that_they_say() -> None:
    assert never("appointment_cancel") == set()
    bot = corner_shop.pack().bot
    assert out_of_reach(bot, bot.forms["order_status"]) == frozenset()


def test_what_is_out_of_reach_is_no_branch() -> None:
    found = branches(front_desk.pack().bot)
    assert "form/appointment/outcome/too_soon" not in found
    assert {"form/appointment/confirm", "form/appointment/outcome/full"} <= found
    assert not any(key.endswith("/ask") for key in found)


def test_a_slot_is_reached_by_its_question_or_by_a_value() -> None:
    bot = front_desk.pack().bot
    reached = Reached(
        said=frozenset({"form/appointment/date/ask"}),
        filled=frozenset({("appointment", "doctor")}),
    )
    (slots,) = [one for one in coverage(bot, reached) if one.kind == "slots"]
    assert slots.reached == 2
    assert "appointment.time" in slots.missing


def test_an_end_that_only_asks_again_ends_no_form() -> None:
    bot = front_desk.pack().bot
    asked = Reached(said=frozenset({"form/appointment/outcome/past"}))
    booked = Reached(said=frozenset({"form/appointment/outcome/booked"}))
    found = [{one.kind: one for one in coverage(bot, each)} for each in (asked, asked | booked)]
    assert [one["forms"].reached for one in found] == [0, 1]
    assert [one["actions"].reached for one in found] == [0, 1]


def test_a_bot_without_forms_lacks_none() -> None:
    files = corner_shop.files()
    reached = expected(parse_pack(corner_shop.NAME, files).conversations)
    found = coverage(parse_pack(corner_shop.NAME, files).bot, reached)
    assert tuple(one.kind for one in found) == KINDS
    assert all(0 <= one.share <= 1 for one in found)
    assert "intent/delivery_fee" in reached.said
