"""Copies of sentences: new, of the right parent, mostly right, the same for the same seed."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangdam.learning.augmentation import KINDS, Copy, Kind, augment
from sangdam.text.english_phrasing import asked_otherwise, contracted
from sangdam.text.korean_phrasing import agreeing, other_ending, other_particles
from sangdam.text.normalise import normalise

KOREAN = (
    "배송비가 얼마예요?",
    "주문을 취소하고 싶어요",
    "환불은 언제 되나요",
    "쿠폰을 어디에서 쓸 수 있습니까",
    "상담원을 연결해 주세요",
)
ENGLISH = ("Where is my order?", "please cancel it", "I do not want this", "track my order")
TEXTS = (*KOREAN, *ENGLISH)
SYNONYMS = {"배송비": ["택배비", "배송료"], "주문": ["오더"], "order": ["purchase", "parcel"]}


def texts_of(copies: tuple[Copy, ...]) -> list[str]:
    return [copy.text for copy in copies]


def drawn(change: object, text: str) -> set[str]:
    assert callable(change)
    return {change(text, Random(seed)) for seed in range(60)}


# What is promised of all copies


@given(
    st.lists(st.text(max_size=30) | st.sampled_from(TEXTS), max_size=8),
    st.lists(st.sampled_from(KINDS), max_size=5),
    st.integers(0, 4),
    st.integers(),
)
def test_copies_are_new_and_never_empty(
    texts: list[str], kinds: list[Kind], copies: int, seed: int
) -> None:
    made = augment(texts, kinds=kinds, copies=copies, seed=seed, synonyms=SYNONYMS)
    keys = [normalise(copy.text) for copy in made]
    assert all(keys)
    assert len(set(keys)) == len(keys)
    assert not set(keys) & {normalise(text) for text in texts}
    assert all(copy.kind in kinds for copy in made)
    parents = [copy.parent for copy in made]
    assert parents == sorted(parents)
    assert all(parents.count(parent) <= copies for parent in parents)
    assert made == augment(texts, kinds=kinds, copies=copies, seed=seed, synonyms=SYNONYMS)


def test_another_seed_gives_other_copies() -> None:
    assert augment(TEXTS, kinds=KINDS, copies=2, seed=1) != augment(
        TEXTS, kinds=KINDS, copies=2, seed=2
    )


def test_a_copy_of_a_text_hardly_depends_on_its_neighbours() -> None:
    alone = augment(KOREAN[:1], kinds=["ending", "typo"], copies=2, seed=3)
    among = augment(TEXTS, kinds=["ending", "typo"], copies=2, seed=3)
    assert texts_of(alone) == [copy.text for copy in among if copy.parent == 0]


def test_every_kind_finds_something_to_change() -> None:
    made = augment(TEXTS, kinds=KINDS, copies=len(KINDS), seed=0, synonyms=SYNONYMS)
    assert {copy.kind for copy in made} == set(KINDS)


@pytest.mark.parametrize("kind", ["particle", "ending", "spaces"])
def test_korean_kinds_leave_english_alone(kind: Kind) -> None:
    made = augment(TEXTS, kinds=[kind], copies=1, seed=0)
    assert made
    assert all(copy.parent < len(KOREAN) for copy in made)


@pytest.mark.parametrize("kind", ["contraction", "request"])
def test_english_kinds_leave_korean_alone(kind: Kind) -> None:
    made = augment(TEXTS, kinds=[kind], copies=1, seed=0)
    assert made
    assert all(copy.parent >= len(KOREAN) for copy in made)


def test_a_given_language_is_believed() -> None:
    assert augment(["ok 배송 와요"], ["en"], kinds=["ending"], copies=1, seed=0) == ()


# Words of the same meaning


def test_a_synonym_stands_in_the_place_of_the_word() -> None:
    made = augment(["주문을 취소"], kinds=["synonym"], copies=3, seed=0, synonyms=SYNONYMS)
    assert texts_of(made) == ["오더를 취소"]


def test_an_english_synonym_is_no_part_of_a_longer_word() -> None:
    made = augment(["reorder it"], kinds=["synonym"], copies=3, seed=0, synonyms=SYNONYMS)
    assert made == ()


@pytest.mark.parametrize(
    ("text", "at", "right"),
    [
        ("반품를 해 주세요", 2, "반품을 해 주세요"),
        ("택배이 안 와요", 2, "택배가 안 와요"),
        ("카드은", 2, "카드는"),
        ("물과 불와", 1, "물과 불와"),
        ("지하철로", 3, "지하철로"),
        ("지하철으로", 3, "지하철로"),
        ("계좌으로 주세요", 2, "계좌로 주세요"),
        ("통장로 주세요", 2, "통장으로 주세요"),
        ("반품비", 2, "반품비"),
        ("반품", 2, "반품"),
    ],
)
def test_a_particle_agrees_with_what_is_before_it(text: str, at: int, right: str) -> None:
    assert agreeing(text, at) == right


# Korean endings and particles


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("취소해 주세요", {"취소해 줘", "취소해 주십시오"}),
        ("환불하고 싶어요ㅠㅠ", {"환불하고 싶어ㅠㅠ", "환불하고 싶습니다ㅠㅠ"}),
        ("쓸 수 있습니까?", {"쓸 수 있나요?", "쓸 수 있어?"}),
        ("언제 되나요", {"언제 돼요", "언제 됩니까"}),
        ("주문했습니다.", {"주문했어요.", "주문했어.", "주문했음."}),
        ("배송비는 무료입니다", {"배송비는 무료예요", "배송비는 무료임"}),
        ("환불입니다", {"환불이에요", "환불임"}),
        ("얼마예요", {"얼마인가요", "얼마야"}),
        ("안 열려요", {"안 열려", "안 열려용"}),
        ("알려 줘", {"알려 주세요", "알려 줘요"}),
    ],
)
def test_an_ending_becomes_politer_or_more_casual(text: str, others: set[str]) -> None:
    assert others <= drawn(other_ending, text)


@pytest.mark.parametrize("text", ["배송비", "안녕", "상담원 연결", "", "?!"])
def test_without_an_ending_nothing_changes(text: str) -> None:
    assert drawn(other_ending, text) == {text}


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("배송비를 알려줘", {"배송비 알려줘"}),
        ("상담원을 불러줘", {"상담원 불러줘"}),
        ("결제가 안 돼요", {"결제 안 돼요", "결제는 안 돼요"}),
        ("상담 시간이 궁금해", {"상담 시간 궁금해", "상담 시간은 궁금해"}),
        ("친구에게 선물", {"친구한테 선물"}),
        ("카드와 현금", {"카드랑 현금", "카드하고 현금"}),
    ],
)
def test_a_particle_is_left_out_or_exchanged(text: str, others: set[str]) -> None:
    assert drawn(other_particles, text) == others


@pytest.mark.parametrize(
    "text",
    [
        "취소하는 방법",
        "결과",
        "가을 신상",
        "휴가",
        "온도",
        "있는 것",
        "했을 때",
        "어린이",
        "고양이",
        "",
    ],
)
def test_words_that_merely_end_like_a_particle_stay(text: str) -> None:
    assert drawn(other_particles, text) == {text}


# English


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("I do not know", {"I don't know", "I dunno"}),
        ("where's my order", {"where is my order", "wheres my order"}),
        ("nothing to draw together", {"nothing to draw together"}),
    ],
)
def test_words_are_drawn_together_or_apart(text: str, others: set[str]) -> None:
    assert drawn(contracted, text) == others


def test_an_order_is_put_as_a_wish_and_back() -> None:
    assert {"can you cancel it", "i want to cancel it", "cancel it please"} <= drawn(
        asked_otherwise, "Cancel it"
    )
    assert {"cancel it", "could you please cancel it"} <= drawn(
        asked_otherwise, "Can you please cancel it"
    )
    assert "how do i return this" in drawn(asked_otherwise, "i want to return this")


@pytest.mark.parametrize("text", ["my card is lost", "", " ", "?"])
def test_what_is_no_order_is_put_in_no_other_way(text: str) -> None:
    assert drawn(asked_otherwise, text) == {text}
