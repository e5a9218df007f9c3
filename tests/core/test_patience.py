"""Who hears the same words again and again is offered a person; nobody is kept going in circles."""

from __future__ import annotations

import pytest

from sangdam.dialogue.patience import MOST_EQUAL
from tests.core import front_desk
from tests.core.counter import Counter, Customer, buttons, keys, texts
from tests.core.front_desk import BOOK

DATE = f"{BOOK}/date/ask"


@pytest.fixture
def guest() -> Customer:
    return Counter(pack=front_desk.pack()).customer("ko")


def test_the_fourth_equal_reply_in_a_row_begins_with_the_offer_of_a_person(
    guest: Customer,
) -> None:
    guest.says("김원장님 예약할게요")
    turns = [guest.presses("/none") for _ in range(MOST_EQUAL)]
    assert [keys(turn) for turn in turns] == [[DATE], [DATE], ["system/offer_human", DATE]]
    assert "/human_agent" not in buttons(turns[1])
    assert "/human_agent" in buttons(turns[2])
    assert "the same reply 4 times: offers a person" in turns[2].trace
    assert guest.session.open_form is not None  # whoever wants to go on can


def test_after_the_offer_the_count_begins_anew(guest: Customer) -> None:
    guest.says("김원장님 예약할게요")
    said = [len(keys(guest.presses("/none"))) for _ in range(7)]
    assert said == [1, 1, 2, 1, 1, 1, 2]


def test_another_reply_in_between_begins_the_count_anew(guest: Customer) -> None:
    guest.says("김원장님 예약할게요")
    for _ in range(2):
        guest.presses("/none")
    guest.says("주차 되나요?")
    assert keys(guest.presses("/none")) == [DATE]


def test_an_offer_that_nobody_takes_is_not_repeated_word_for_word(guest: Customer) -> None:
    turns = [guest.says("ㅁㄴㅇㄹ") for _ in range(8)]
    offers = [turn for turn in turns if keys(turn)[-1] == "system/offer_human"]
    assert [keys(turn) for turn in offers[:4]] == [
        *[["system/offer_human"]] * MOST_EQUAL,
        ["system/fallback", "system/offer_human"],
    ]
    assert texts(offers[3]) != texts(offers[2])


def test_silence_while_a_person_owns_is_no_repetition(guest: Customer) -> None:
    guest.says("상담원")
    turns = [guest.says("여보세요") for _ in range(6)]
    assert all(turn.reply.messages == () for turn in turns)
