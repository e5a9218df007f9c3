"""Secrets are found in what was typed, and nothing of them is stored but the end of a card."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sangdam.text.secrets import SECRET_KINDS, Secret, find_secrets, masked

CARD = "4111111111111111"


def told(text: str) -> str:
    return masked(text, find_secrets(text, SECRET_KINDS))


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        # Cards
        ("4111111111111111", "************1111"),
        ("4111-1111-1111-1111", "****-****-****-1111"),
        ("4111 1111 1111 1111", "**** **** **** 1111"),
        ("4111.1111.1111.1111이요", "****.****.****.1111이요"),
        ("카드번호5555555555554444예요", "카드번호************4444예요"),
        ("４１１１ー 4111 1111 1111 1111", "４１１１ー **** **** **** 1111"),
        ("４１１１－１１１１－１１１１－１１１１", "****－****－****－１１１１"),
        ("4111 1111 1111 1111 12/27 123", "**** **** **** 1111 12/27 123"),
        ("3782 822463 10005", "**** ****** *0005"),
        ("30569309025904", "**********5904"),
        ("6200000000000000000", "***************0000"),
        ("9410 1234 5678 9010", "**** **** **** 9010"),
        ("4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "* * * * * * * * * * * * 1 1 1 1"),
        ("41111111 1111 1111", "******** **** 1111"),
        ("4111 1111 1111 1111, 5555 5555 5555 4444", "**** **** **** 1111, **** **** **** 4444"),
        ("1 4111 1111 1111 1111", "1 **** **** **** 1111"),
        ("카드 4111\n1111\n1111\n1111", "카드 ****\n****\n****\n1111"),
        # Resident numbers
        ("900101-1234567", "******-*******"),
        ("9001011234567", "*************"),
        ("900101 5234567", "****** *******"),
        ("주민번호 000229-3234567입니다", "주민번호 ******-*******입니다"),
        ("외국인등록번호 850315-6123456", "외국인등록번호 ******-*******"),
        ("９００１０１－１２３４５６７", "******－*******"),
        ("계좌 말고 주민번호는 9001011234567", "계좌 말고 주민번호는 *************"),
        # Passwords
        ("비밀번호는 1234예요", "비밀번호는 ****예요"),
        ("비번 0000이요", "비번 ****이요"),
        ("비밀번호 1234로 바꿔주세요", "비밀번호 ****로 바꿔주세요"),
        ("비번: qwerty", "비번: ******"),
        ("비번 abcd1234 맞나요", "비번 ******** 맞나요"),
        ("비밀번호는 １２３４예요", "비밀번호는 ****예요"),
        ("1234가 제 비밀번호예요", "****가 제 비밀번호예요"),
        ("인증번호 482910이에요", "인증번호 ******이에요"),
        ("pw: abcd12", "pw: ******"),
        ("ＰＷ：abcd12", "ＰＷ：******"),
        ("my PIN is 4821", "my PIN is ****"),
        ("the password is P@ssw0rd!", "the password is ********!"),
        ("password hunter2", "password *******"),
        ("hunter2 is my password", "******* is my password"),
        ("cvc 123", "cvc ***"),
        ("login with pw qwerty12 and id kim", "login with pw ******** and id kim"),
    ],
)
def test_a_secret_is_stored_as_stars(text: str, stored: str) -> None:
    assert told(text) == stored


@pytest.mark.parametrize(
    "text",
    [
        # Numbers of other things
        "4111 1111 1111 1112", "20261118-0001", "2026111800010001", "010-1234-5678",
        "010-1234-5678 010-9876-5432", "+82 10 1234 5678", "110-123-456789", "3333-01-1234567",
        "1002-123-456789", "302-1234-5678-91", "688012345671", "계좌 9001011234567",
        "운송장 9001011234567", "2026-11-22 14:30", "901332-1234567", "900101-9234567",
        "900101-1", "0101-2026-1122-0001", "35,000원", "1" * 40, "4111-****-****-1111",
        "************1111", "******-*******",
        # About passwords
        "비밀번호를 잊어버렸어요", "비밀번호 변경", "비밀번호 변경해 주세요", "비밀번호 4자리가 "
        "뭐예요",
        "비밀번호 5회 오류예요", "비밀번호 2024년에 바꿨어요", "비밀번호가 틀렸다고 나와요",
        "임시 비밀번호가 메일로 안 와요", "비밀번호는 몇 자리인가요", "인증번호가 안 와요",
        "비밀번호 오류 코드 E1234", "제 비밀번호 010-1234-5678로 보내주세요",
        "비밀번호 찾기 kim@example.com", "비밀번호 20261118-0001 주문", "CVC는 뒤에 3자리예요?",
        "my password is wrong", "password reset", "I forgot my password", "pinned 1234",
        "opinion 1234", "password is incorrect 3 times",
        # Codes that are given away
        "공동현관 비밀번호 #1234예요", "현관 비번은 1234*입니다", "와이파이 비밀번호 abcd1234",
        "the door code is 1234", "lobby passcode 4821",
    ],
)  # fmt: skip
def test_what_is_no_secret_stays(text: str) -> None:
    assert find_secrets(text, SECRET_KINDS) == ()


def test_secrets_are_told_by_kind_and_place() -> None:
    text = "제 카드 4111-1111-1111-1111, 주민번호 900101-1234567, 비번 1234"
    assert find_secrets(text, SECRET_KINDS) == (
        Secret("card_number", 5, 24),
        Secret("resident_number", 31, 45),
        Secret("password", 50, 54),
    )


def test_only_the_kinds_that_are_refused_are_looked_for() -> None:
    text = "4111-1111-1111-1111 900101-1234567 비번 1234"
    assert [one.kind for one in find_secrets(text, ("resident_number",))] == ["resident_number"]
    assert find_secrets(text, ()) == ()


PIECES = st.sampled_from(
    [
        CARD, "4111 1111 1111 1111", "5555-5555-5555-4444", "900101-1234567", "9001011234567",
        "비밀번호는 ", "비번", "pw: ", "password is ", "abcd12", "1234", "0000예요", " is my pin",
        "가 제 비번", "*", "**** ", " ", "-", ".", "\n", "１２３４", "٤", "²", "\ud800", "가", "3",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=14).map("".join))


@settings(deadline=None, max_examples=500)
@given(TEXTS)
@example("abcd12 is my pw 비번 1234")
@example("900101-12345679001011234567")
def test_stars_are_put_once_and_keep_the_length(text: str) -> None:
    once = told(text)
    assert len(once) == len(text)
    assert told(once) == once


@settings(deadline=None)
@given(st.text(max_size=40), st.text(max_size=40), st.sampled_from(["", "-", " "]))
def test_no_digit_of_a_resident_number_is_left(before: str, after: str, gap: str) -> None:
    number = f"900101{gap}1234567"
    text = f"{before} 주민번호 {number} {after}"
    start = len(f"{before} 주민번호 ")
    left = told(text)[start : start + len(number)]
    assert not any(map(str.isdigit, left))


@settings(deadline=None)
@given(
    st.lists(st.integers(0, 9), min_size=14, max_size=14),
    st.sampled_from(["", " ", "-", "."]),
)
def test_of_a_card_four_digits_are_left(digits: list[int], gap: str) -> None:
    body = "4" + "".join(map(str, digits))
    total = sum(sum(divmod(int(d) * (1 + (i + 1) % 2), 10)) for i, d in enumerate(body[::-1]))
    number = body + str(-total % 10)
    parted = gap.join(number[place : place + 4] for place in range(0, 16, 4))
    stars = gap.join(("****", "****", "****", number[12:]))
    assert told(f"카드 {parted} 맞아요") == f"카드 {stars} 맞아요"


@pytest.mark.parametrize(
    "piece",
    ["4", "4111 ", "4 ", "9 0", "pw ", "pw:a1b2 ", "a", "비밀번호는 1234예요 ", "900101-1234567 "],
)
def test_time_grows_with_the_length_and_no_faster(piece: str) -> None:
    def seconds(size: int) -> float:
        text = (piece * (size // len(piece) + 1))[:size]
        times = []
        for _ in range(3):  # the garbage collector may have its turn in one of them
            start = time.process_time()
            find_secrets(text, SECRET_KINDS)
            times.append(time.process_time() - start)
        return min(times)

    assert seconds(100_000) < 60 * max(seconds(10_000), 0.002)
