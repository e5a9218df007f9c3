"""Forms that cannot work are named when the pack is read, all of them, each with the way out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sangdam.bots.parse import parse_pack
from sangdam.bots.reading import PackError
from tests.core import front_desk

Files = dict[str, Any]


def forms(files: Files) -> dict[str, Any]:
    found: dict[str, Any] = files["bot.yaml"]["forms"]
    return found


def mistakes(spoil: Callable[[Files], None]) -> list[str]:
    files = front_desk.files()
    spoil(files)
    with pytest.raises(PackError) as raised:
        parse_pack(front_desk.NAME, files)
    return [str(one) for one in raised.value.mistakes]


def no_confirmation(files: Files) -> None:
    del forms(files)["appointment"]["confirm"]
    for words in ("ko.yaml", "en.yaml"):
        del files[words]["forms"]["appointment"]["confirm"]


def circle(files: Files) -> None:
    forms(files)["appointments"]["then"] = {"none": "free_times"}
    forms(files)["free_times"]["then"] = {"free": "appointments"}


def a_slot_that_comes_later(files: Files) -> None:
    forms(files)["appointment"]["slots"]["doctor"]["when"] = {"date": ["2026-11-30"]}


def a_default_that_is_none(files: Files) -> None:
    forms(files)["appointment"]["slots"]["date"]["default"] = "tomorrow"


def optional_with_a_default(files: Files) -> None:
    forms(files)["appointment"]["slots"]["doctor"]["default"] = "kim"


def a_slot_for_nothing(files: Files) -> None:
    forms(files)["appointments"]["slots"]["colour"] = {"entity": "topic"}
    for words in ("ko.yaml", "en.yaml"):
        asks = files[words]["forms"]["appointments"]["slots"]
        asks["colour"] = {"ask": "colour?", "ask_again": "colour?"}


def an_outcome_that_stays_open(files: Files) -> None:
    forms(files)["free_times"]["then"] = {"past": "appointments"}


def an_unknown_form(files: Files) -> None:
    forms(files)["appointment"]["corrected_by"] = "appointment_moved"


def nothing_to_reserve(files: Files) -> None:
    del files["bot.yaml"]["backoffice"]


def a_doctor_who_is_not_there(files: Files) -> None:
    files["bot.yaml"]["entities"]["doctor"]["options"].append("park")
    for words in ("ko.yaml", "en.yaml"):
        files[words]["entities"]["doctor"]["park"] = ["박원장님"]


def a_message_for_a_date(files: Files) -> None:
    forms(files)["free_times"]["slots"]["date"]["from"] = "message"


def a_form_nothing_leads_to(files: Files) -> None:
    forms(files)["dead"] = {
        "slots": {"phone": {"entity": "phone"}},
        "action": "reservations.list",
    }
    for words in ("ko.yaml", "en.yaml"):
        files[words]["forms"]["dead"] = files[words]["forms"]["appointments"]


def a_setting_that_is_missing(files: Files) -> None:
    forms(files)["callback"]["action"] = "requests.file"
    forms(files)["callback"]["confirm"] = True


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (no_confirmation, "forms.appointment.confirm: is missing; reservations.book changes"),
        (circle, "leads back to itself (appointments -> free_times -> appointments)"),
        (a_slot_that_comes_later, "'date' is no slot that is asked for earlier (none)"),
        (a_default_that_is_none, "'tomorrow' is no value of date (a date, written like 2026-"),
        (optional_with_a_default, "is never asked for: it has a default; keep one"),
        (a_slot_for_nothing, "slots.colour: means nothing to reservations.list; say what it is"),
        (an_outcome_that_stays_open, "'past' leaves this form open, so no other can follow"),
        (an_unknown_form, "form 'appointment_moved' is not defined under forms (appointment,"),
        (nothing_to_reserve, "backoffice.reservations: is missing; reservations.book needs"),
        (a_doctor_who_is_not_there, "option 'park' of 'doctor' is unknown to the resources"),
        (a_message_for_a_date, "takes a whole message, and 'date' is a date: use a text"),
        (a_form_nothing_leads_to, "forms.dead: no intent leads here; add 'form: dead' to one"),
        (a_setting_that_is_missing, "'kind' is missing; requests.file needs it"),
    ],
)
def test_a_form_that_cannot_work_is_named(spoil: Callable[[Files], None], expected: str) -> None:
    assert any(expected in one for one in mistakes(spoil)), "\n".join(mistakes(spoil))


def test_all_mistakes_of_all_forms_are_named_at_once() -> None:
    def spoil(files: Files) -> None:
        circle(files)
        an_unknown_form(files)
        a_default_that_is_none(files)

    found = mistakes(spoil)
    for expected in ("leads back to itself", "appointment_moved", "'tomorrow' is no value"):
        assert any(expected in one for one in found)
