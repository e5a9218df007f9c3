"""Messages typed in the wrong keyboard mode are read as they were meant, and no others."""

from __future__ import annotations

import time
from dataclasses import replace
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sangdam.bots.definition import EntityType
from sangdam.nlu.understand import understand, words_of
from sangdam.text.keyboard import MAX_LENGTH, as_meant
from sangdam.text.slips import other_keyboard
from tests.core import corner_shop
from tests.core.counter import NOON
from tests.core.words import WordModel

BOT = corner_shop.pack().bot
MODEL = WordModel(tuple(BOT.intents), {"환불": "refund_when", "shipping": "delivery_fee"})

UNTOUCHED = [
    # English
    "hello", "hi", "ok", "Ok!", "yes", "no", "thx", "thanks", "bye", "track my order",
    "where is my package", "work", "When do you ship?", "do you also have this in them colors",
    "the", "to go", "so do I", "go", "fork", "vodka", "goals", "sofa", "dodo", "tofu soup", "A/S",
    "VIP", "DHL", "dhl", "sns", "skt", "smtp", "cj", "cs", "dm", "app", "wi-fi", "e-mail",
    "I didn't get my refund", "Why didtn my top up go through", "this song's tjtle",
    "their shop is down", "don't", "rhapsody", "dddd", "asdf", "qwer", "qwerty", "zxcvbnm",
    "hjkl hjkl", "aaaaaaaaa", "zz", "gg", "xoxo", "Zhao", "MacBook Pro 14", "AirPods",
    # Addresses, codes and numbers
    "dkfl@example.com", "rlaxodud@rkqt.kr", "https://rkqt.kr/dPdir", "www.rkqt.kr", "WH-1000XM5",
    "SM-G991N", "RTX4090", "gk2dk3", "sk-1203", "20261118-0001", "3XL", "M", "S",
    "tkdl_77 please",
    # Korean
    "예약 취소해주세요", "배송 언제 와요?", "환불 받고 싶어요ㅠㅠ", "안녕하세욥", "넹ㅋㅋ",
    "쪼아요", "iPhone 케이스 있어요?", "LG 모니터 A/S 되나요", "GS25에서 반품", "XL로 바꿔주세요",
    "ok 알겠어요", "vodka 있어요?", "app에서 결제가 안 돼요", "USB-C 타입인가요", "SNS 이벤트",
    "dm 주세요", "ㅇㅋ", "ㄱㅅ", "ㅠㅠ", "ㅋㅋ", "ㅋㅋㅋㅋㅋ", "ㅎㅎ", "ㅇㅇ", "ㄴㄴ", "ㅈㅅ",
    "ㅂㅂ", "ㅎㅇ", "ㅊㅋ", "ㄷㄷ", "ㅁㄴㅇㄹ", "ㅂㅈㄷㄱ", "ㄱㄷㄱㄷ", "ㅇㄱㄹㅇ", "ㅁㅊㄷ",
    "ㅗㅗ", "ㅡㅡ", "ㅜㅜ", "ㄱㅅㄱㅅ", "ㅇㅋ ㄱㅅ", "넵 ㄱㅅㄱㅅ", "앗 배ㅗㅅㅇ 언제 와요",
    "환부료ㅐ주세요", "주문ㅇ 취소", "뚜두뚜두", "뷁", "솥 있어요?", "쇼핑몰", "해외배송",
    "얘기 좀 할게요", "무슨 소리예요",
    # Neither
    "", " ", "???", "ㅤ", "日本語", "¿Dónde está mi pedido?",
]  # fmt: skip

SLIPS = [
    ("dPdir", "예약"),
    ("dPdir cnlthgowntpdy", "예약 취소해주세요"),
    ("qothd djswp dhkdy?", "배송 언제 와요?"),
    ("ghksqnf", "환불"),
    ("ghksqnf qkerh tlvdjdy", "환불 받고 싶어요"),
    ("Ghksqnf gowntpdy", "환불 해주세요"),
    ("wnans cnlth", "주문 취소"),
    ("dkssudgktpdy", "안녕하세요"),
    ("dkssudgktpdyzz", "안녕하세요ㅋㅋ"),
    ("rkatkgkqslek ^^", "감사합니다 ^^"),
    ("dPdirgkrh tlvdjdybb", "예약하고 싶어요ㅠㅠ"),
    ("dPdirgkrh tlvdjdy ㅠㅠ", "예약하고 싶어요 ㅠㅠ"),
    ("sp", "네"),
    ("sp~", "네~"),
    ("dP", "예"),
    ("dho?", "왜?"),
    ("anj", "뭐"),
    ("sp dkfrpTtmqslek", "네 알겠습니다"),
    ("dho dks eho?", "왜 안 돼?"),
    ("3tlfh dPdirgowntpdy", "3시로 예약해주세요"),
    ("sodlf 2tl dPdir", "내일 2시 예약"),
    ("qothdqlsms 3000dnjsdlsrkdy?", "배송비는 3000원인가요?"),
    ("iPhone zpdltm dlTdjdy?", "iPhone 케이스 있어요?"),
    ("LGwjswk", "LG전자"),
    ("ATMdptj cnfrma", "ATM에서 출금"),
    ("배송 djswp ehckrgody?", "배송 언제 도착해요?"),
    ("dPdir qusrud, qnxkremflqslek.", "예약 변경, 부탁드립니다."),
    ("anfyqothd", "무료배송"),
    ("anfy", "무료"),
    ("wnth", "주소"),
    ("wnthqusrud", "주소변경"),
    ("tkdlwm ryghks", "사이즈 교환"),
    ("ghldnjsxkfxhl", "회원탈퇴"),
    ("qlalfqjsgh", "비밀번호"),
    ("dkdlel ckwrl", "아이디 찾기"),
    ("wkdqkrnsl", "장바구니"),
    ("rufwp dhfb", "결제 오류"),
    ("dhlrnrdls gkrtod gkrrhk thro qkfvy", "외국인 학생 학과 소개 발표"),
    ("EnenEnen eostm dudtkd dksskdhkdy", "뚜두뚜두 댄스 영상 안나와요"),
    ("dho Rmfgrk dksehlsmsrjdPdy", "왜 끓가 안되는거예요"),
    ("ㅗ디ㅣㅐ", "hello"),
    ("ㅗ디ㅣㅐ!!", "hello!!"),
    ("ㅗㅑ", "hi"),
    ("ㅐㅏ", "ok"),
    ("ㅜㅐ", "no"),
    ("ㅛㄷㄴ", "yes"),
    ("ㅅㄱㅁ차 ㅡㅛ ㅐㄱㅇㄷㄱ", "track my order"),
    ("ㄱㄷ려ㅜㅇ", "refund"),
    ("쪼ㄷㄱㄷ ㅑㄴ ㅡㅛ ㅔㅁ차ㅁㅎㄷ?", "Where is my package?"),
    ("ㅔㅣㄷㅁㄴㄷ ㅗ디ㅔ", "please help"),
    ("촘ㅜㅎㄷ ㅡㅛ ㅁㅇㅇㄱㄷㄴㄴ", "change my address"),
    ("ㅇ디ㅑㅍㄷ교", "delivery"),
    ("소무ㅏㄴ", "thanks"),
    ("소무ㅏ ㅛㅐㅕ", "thank you"),
    ("ㅊ무ㅊ디 ㅁ ㄱㄷㄴㄷㄱㅍㅁ샤ㅐㅜ", "cancel a reservation"),
    ("ㅑ ㅈ무ㅅ ㅁ ㄱㄷ려ㅜㅇ", "i want a refund"),
    ("ㅗㅐㅈ ㅡㅕ초 ㅑㄴ 노ㅑㅔㅔㅑㅜㅎ", "how much is shipping"),
    ("ㅔㅁㄴㄴ잭ㅇ", "password"),
    ("ㅡㅛ ㅊㅁㄱㅇ ㅑㄴ ㅣㅐㄴㅅ", "my card is lost"),
    ("ㅐㅔ두", "open"),
    ("해ㅐ유ㅛㄷ", "goodbye"),
]


@pytest.mark.parametrize("text", UNTOUCHED)
def test_what_is_meant_as_typed_stays(text: str) -> None:
    assert as_meant(text) == text


@pytest.mark.parametrize(("typed", "meant"), SLIPS)
def test_what_is_typed_in_the_wrong_mode_is_read_as_meant(typed: str, meant: str) -> None:
    assert as_meant(typed) == meant


def test_the_tables_are_as_long_as_promised() -> None:
    assert len(set(UNTOUCHED)) >= 60
    assert len(SLIPS) >= 40


@pytest.mark.parametrize("meant", [meant for _, meant in SLIPS])
def test_what_is_read_is_not_read_again(meant: str) -> None:
    assert as_meant(meant) == meant


@given(st.text(max_size=120))
@example("\ud800 dPdir")
@example("dPdir" * 200)
def test_any_text_can_be_asked_about(text: str) -> None:
    as_meant(text)
    as_meant(other_keyboard(text, Random(0)))


@given(
    st.text(
        st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3) | st.sampled_from(" .,?!1"),
        max_size=40,
    )
)
def test_composed_korean_keeps_its_signs_and_digits(text: str) -> None:
    kept = [letter for letter in text if not letter.isalpha()]
    assert [letter for letter in as_meant(text) if not letter.isalpha()] == kept


def test_a_hostile_text_takes_no_long_time() -> None:
    begun = time.process_time()
    for unit in ("dPdir ", "the", "a.", "ㅗ디ㅣㅐ", "zz", "\u3164a"):
        as_meant((unit * MAX_LENGTH)[:MAX_LENGTH])
        as_meant(unit * 5000)
    assert time.process_time() - begun < 1.0


# In a conversation


def test_a_slip_is_understood_and_said_so() -> None:
    found = understand(BOT, MODEL, "ghksqnf djswp ehodyd?", language="en", now=NOON)
    assert (found.intent, found.language) == ("refund_when", "ko")
    assert found.text == "ghksqnf djswp ehodyd?"
    assert "keyboard in the wrong mode, read as: 환불 언제 돼용?" in found.why


def test_a_slip_is_matched_with_the_phrases_of_the_pack() -> None:
    found = understand(BOT, MODEL, "qothdql", language="ko", now=NOON)
    assert (found.source, found.intent) == ("phrase", "delivery_fee")


def test_values_stand_in_a_slip_as_in_any_message() -> None:
    found = understand(BOT, MODEL, "20261118-0001 ghksqnf", language="ko", now=NOON)
    assert found.intent == "refund_when"
    assert [one.value for one in found.entities] == ["20261118-0001"]


def test_what_is_taught_is_read_as_what_is_asked() -> None:
    assert words_of(BOT, "ghksqnf gowntpdy") == "환불 해주세요"


def test_a_value_that_looks_like_a_slip_is_a_value() -> None:
    coupon = EntityType("coupon", "pattern", (r"dpdir|qothd",), "{0}")
    bot = replace(BOT, entities={"coupon": coupon})
    found = understand(bot, MODEL, "qothd", language="ko", now=NOON)
    assert [one.value for one in found.entities] == ["qothd"]


def test_an_ordinary_message_has_no_such_reason() -> None:
    for text in ("환불 언제 돼요", "shipping to Korea?", "ㄱㅅ"):
        found = understand(BOT, MODEL, text, language="ko", now=NOON)
        assert not any("keyboard" in reason for reason in found.why)
