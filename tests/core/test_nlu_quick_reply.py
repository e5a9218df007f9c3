"""The value of a button is read back as it was meant, or refused."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sangdam.bots.quick_reply import SLOT_LIMIT, read_quick_reply


def test_a_value_names_an_intent() -> None:
    pressed = read_quick_reply("/order_status")
    assert pressed is not None
    assert (pressed.name, pressed.slots) == ("order_status", {})


def test_a_value_may_carry_slots() -> None:
    pressed = read_quick_reply(' /order_status {"order_number": "20261118-0001", "people": 4} ')
    assert pressed is not None
    assert pressed.slots == {"order_number": "20261118-0001", "people": "4"}


@pytest.mark.parametrize(
    "value",
    [
        "",
        "/",
        "order_status",
        "/Order",
        "/order status",
        "/order_status{",
        "/order_status{]}",
        '/order_status["a"]',
        '/order_status{"a": null}',
        '/order_status{"a": true}',
        '/order_status{"a": {"b": 1}}',
        '/order_status{"a": ""}',
        '/order_status{"a": "\\ud800"}',
        '/order_status{"a": 1e400}',
        f'/order_status{{"a": "{"x" * (SLOT_LIMIT + 1)}"}}',
        '/order_status{"a":' + "[" * 100_000 + "}",
        f'/order_status{{"a": {"9" * 5000}}}',
    ],
)
def test_what_is_no_value_of_a_button_is_refused(value: str) -> None:
    assert read_quick_reply(value) is None


@given(st.one_of(st.text(), st.from_regex(r"/[a-z_]{1,9}\{.{0,40}\}", fullmatch=True)))
@example("/a{\ud800}")
def test_reading_never_raises(value: str) -> None:
    pressed = read_quick_reply(value)
    if pressed is not None:
        assert all(slot.encode() for slot in pressed.slots.values())
