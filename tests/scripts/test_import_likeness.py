"""Likeness over vectors that are written by hand: what is near, and what must not be joined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from scripts.importing.entry import Entry
from scripts.importing.group import Group
from scripts.importing.likeness import EncoderLikeness
from scripts.importing.naming import name_groups


class HandEncoder:
    """Encodes a text as the sum of the directions of the words it holds."""

    name = "by hand"
    parts = (16,)
    dimensions = 18

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.zeros((len(texts), self.dimensions), np.float32)
        for place, text in enumerate(texts):
            for number, word in enumerate(self._words):
                rows[place, number] = word in text
            rows[place, 15] = 0.1
        rows[:, :16] /= np.sqrt((rows[:, :16] ** 2).sum(axis=1, keepdims=True))
        return rows

    def last_layers(self) -> Mapping[str, Any]:
        return {}


WORDS = ("배송", "환불", "교환", "결제", "포장", "fee", "refund", "할인")


def likeness() -> EncoderLikeness:
    return EncoderLikeness(HandEncoder(WORDS), progress=lambda task, done, total: None)


def group(row: int, question: str, answer: str) -> Group:
    return Group("", (Entry(row, question, answer, "", "ko", "ko"),))


OTHERS = [group(9 + place, f"{word}?", f"{word} 안내") for place, word in enumerate(WORDS[2:])]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("배송은 무료예요", [(1, 0)]),
        ("배송은 3천원이고 무료도 돼요", []),
        ("배송은 할 수 없어요", []),
        ("환불은 무료예요", []),
    ],
)
def test_answers_are_joined_only_if_neither_figures_nor_denials_differ(
    answer: str, expected: list[tuple[int, int]]
) -> None:
    first = group(1, "배송?", "배송은 무료예요")
    if "3천원" in answer:
        first = group(1, "배송?", "배송은 5천원이에요")
    assert likeness().alike([first, group(2, "배송!", answer), *OTHERS]) == expected


def test_a_question_about_something_else_is_not_joined_for_its_answer() -> None:
    groups = [
        group(1, "배송?", "배송은 무료예요"),
        group(2, "환불?", "배송은 무료예요 네"),
        *OTHERS,
    ]
    assert likeness().alike(groups) == []


def test_groups_beyond_one_block_find_their_twins() -> None:
    groups = [group(n, f"{WORDS[n % 8]} {n}?", f"{WORDS[n % 8]} 안내") for n in range(1200)]
    found = likeness().alike(groups)
    assert len(found) == 1200 - 8
    assert all(one % 8 == other % 8 and other < 8 for one, other in found)


def test_nothing_to_compare_is_nothing_found() -> None:
    assert likeness().alike([]) == []
    assert likeness().alike(OTHERS[:1]) == []


def test_groups_in_two_languages_are_paired_if_each_is_the_others_nearest() -> None:
    groups = [group(1, "배송?", "배송"), group(2, "환불?", "환불"), group(3, "교환?", "교환")]
    others = [group(4, "환불 refund", "환불"), group(5, "결제", "결제")]
    assert likeness().translations(groups, others) == [(1, 0)]


def test_an_intent_is_named_after_the_one_topic_it_is_clearly_about() -> None:
    groups = [
        group(2, "gift-wrap 포장?", "네"),
        group(3, "바람?", "네"),
        group(4, "gift-wrap", "네"),
    ]
    encoder = EncoderLikeness(
        HandEncoder(("gift-wrap", "바람", "포장")), progress=lambda task, done, total: None
    )
    names = name_groups(groups, taken=(), encode=encoder.encode)
    assert names == ("faq_2", "faq_3", "gift_wrapping")
