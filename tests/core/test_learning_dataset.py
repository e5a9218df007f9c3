"""Each text once, each with one meaning."""

from __future__ import annotations

import pytest

from sangdam.bots.definition import Example
from sangdam.learning.dataset import clean, title_examples, words_of_name


def rows(*pairs: tuple[str, str]) -> list[Example]:
    return [Example(text, intent, "ko") for text, intent in pairs]


def test_texts_that_are_the_same_once_normalised_are_kept_once() -> None:
    dataset = clean(rows(("배송 조회", "track"), (" 배송  조회 ", "track"), ("환불", "refund")))
    assert dataset.texts == ("배송 조회", "환불")
    assert dataset.intents == ("track", "refund")
    assert dataset.names == ("refund", "track")
    assert dataset.duplicates == 1


def test_a_text_with_several_intents_keeps_the_majority() -> None:
    dataset = clean(
        rows(("취소", "cancel"), ("취소", "cancel"), ("취소!", "x"), ("취소", "refund"))
    )
    assert dict(zip(dataset.texts, dataset.intents, strict=True))["취소"] == "cancel"
    assert dataset.contradictions == ("취소",)


def test_a_text_without_a_majority_is_dropped_and_reported() -> None:
    dataset = clean(rows(("취소", "cancel"), ("취소", "refund"), ("환불", "refund")))
    assert dataset.texts == ("환불",)
    assert dataset.contradictions == ("취소",)
    assert dataset.names == ("refund",)


def test_out_of_scope_rows_stand_apart() -> None:
    dataset = clean(rows(("환불", "refund"), ("날씨 어때", "out_of_scope")))
    assert dataset.names == ("refund",)
    assert dataset.out_of_scope == ("날씨 어때",)


def test_empty_texts_are_counted_and_left_out() -> None:
    dataset = clean(rows(("  ", "refund"), ("환불", "refund")))
    assert (len(dataset), dataset.empty) == (1, 1)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Refund_not_showing_up", "Refund not showing up"),
        ("shopping/alt_question", "shopping alt question"),
        ("orderStatus", "order Status"),
        ("card-arrival", "card arrival"),
        ("faq_0031", "faq"),
        ("42", ""),
        ("배송_조회", "배송 조회"),
    ],
)
def test_a_name_is_split_into_its_words(name: str, words: str) -> None:
    assert words_of_name(name) == words


def test_an_intents_name_and_titles_are_examples() -> None:
    dataset = clean(rows(("환불요", "refund_money"), ("어디쯤", "track_order")))
    extra = title_examples(dataset, {"track_order": ("배송 조회", "어디쯤")})
    assert extra == (
        ("refund money", "refund_money"),
        ("track order", "track_order"),
        ("배송 조회", "track_order"),
    )


def test_a_name_that_tells_nothing_is_no_example() -> None:
    dataset = clean(rows(("가요", "faq_1"), ("나요", "faq_2"), ("다요", "7"), ("라요", "x")))
    assert title_examples(dataset, None) == ()
