"""Lexical features: stable, close for texts that mean the same, quick on any text."""

from __future__ import annotations

import subprocess
import sys
import time
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangdam.text.features import MAX_TOKEN, lexical_features
from sangdam.text.normalise import normalise


def shared(one: str, other: str) -> float:
    """Return the share of features of the first text that the second one has too."""
    first, second = lexical_features(one), lexical_features(other)
    return len(first.keys() & second.keys()) / len(first)


def test_a_feature_has_the_same_hash_in_every_process() -> None:
    program = (
        "from sangdam.text.features import lexical_features;"
        "print(sorted(lexical_features('배송 status').items()))"
    )
    fresh = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert fresh.stdout.strip() == str(sorted(lexical_features("배송 status").items()))


def test_each_feature_is_hashed_by_itself() -> None:
    features = ("wab", "wc", "bab c", "c<ab", "cab>", "c<ab>", "c<c>")
    assert lexical_features("ab\nc") == {crc32(one.encode()): 1 for one in features}


def test_features_are_counted() -> None:
    once, twice = lexical_features("환불"), lexical_features("환불 환불")
    assert any(twice[feature] == 2 * once[feature] for feature in once)


def test_missing_spaces_change_few_korean_features() -> None:
    assert shared("배송 언제 도착해요", "배송언제도착해요") > 0.7


def test_a_mistyped_letter_leaves_korean_features_in_common() -> None:
    assert shared("주문 취소할래요", "주문 취소핥래요") > 0.4


def test_korean_words_share_their_particles_and_endings() -> None:
    one, other = lexical_features("책상을 닦나요"), lexical_features("의자를 옮기나요")
    assert {crc32("e1요".encode()), crc32("e2나요".encode())} <= one.keys() & other.keys()
    assert crc32("e1을".encode()) in one
    assert crc32(b"e1s") not in lexical_features("desks")


def test_different_questions_have_little_in_common() -> None:
    assert shared("배송 언제 도착해요", "환불 받고 싶습니다") < 0.05


def test_a_text_without_words_has_no_features() -> None:
    assert lexical_features("") == {}


def test_a_long_token_is_cut() -> None:
    assert lexical_features("a" * MAX_TOKEN) == lexical_features("a" * (MAX_TOKEN + 9))


@given(st.text(st.characters(exclude_categories=[]), max_size=80))
def test_any_text_has_features_or_none(text: str) -> None:
    assert all(
        0 <= feature < 2**32 and count > 0
        for feature, count in lexical_features(normalise(text)).items()
    )
    lexical_features(text)


@pytest.mark.parametrize(
    "text", ["가나다라 " * 2_000, "ㅋ ! " * 3_000, "a1!" * 4_000, "가" * 10_000]
)
def test_hostile_length_takes_no_long_time(text: str) -> None:
    begun = time.process_time()
    lexical_features(text)
    assert time.process_time() - begun < 1.0
