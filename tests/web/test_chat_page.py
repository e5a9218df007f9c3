"""A customer talks to the bot on the chat page, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.web.service import Service

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
Say = Callable[[str], None]


def test_a_korean_conversation_by_buttons_and_by_words(
    chat: Page, service: Service, say: Say
) -> None:
    log = chat.get_by_role("log", name="대화 내용")
    expect(log).to_contain_text("안녕하세요, 다온상점이에요.")
    log.get_by_role("button", name="배송 조회").click()
    expect(log).to_contain_text("주문번호를 알려 주시면")
    say("A20261102 언제 와요?")
    link = log.get_by_role("link", name="https://track.example/a20261102", exact=True)
    expect(link).to_have_attribute("rel", re.compile("noopener"))
    say("고마워요")
    expect(log).to_contain_text("도움이 되어 다행이에요")
    expect(log.get_by_role("group", name="빠른 답변")).to_have_count(0)
    assert service.texts() == ["배송 조회", "A20261102 언제 와요?", "고마워요"]
    assert [sorted(body) for body in service.posted] == [
        ["message_id", "quick_reply"],
        ["message_id", "text"],
        ["message_id", "text"],
    ]


def test_the_header_shows_the_bot_and_the_browser_its_title(chat: Page) -> None:
    heading = chat.get_by_role("banner").get_by_role("heading", name="다온상점 고객센터")
    expect(heading).to_be_visible()
    expect(chat).to_have_title("다온상점 고객센터")


def test_without_a_name_the_first_bot_of_the_service_answers(open_chat: Open) -> None:
    expect(open_chat("").get_by_role("log")).to_contain_text("다온상점이에요")


def test_an_unknown_bot_is_said_plainly(open_chat: Open) -> None:
    page = open_chat("?bot=nobody")
    expect(page.get_by_role("status").first).to_contain_text("There is no bot 'nobody'.")


def test_only_the_last_answer_offers_quick_replies(chat: Page, say: Say) -> None:
    say("배송")
    expect(chat.get_by_role("button", name="주문번호를 몰라요")).to_be_visible()
    expect(chat.get_by_role("button", name="배송 조회")).to_have_count(0)


def test_messages_written_in_a_hurry_keep_their_order(
    chat: Page, service: Service, say: Say
) -> None:
    service.misbehave.append("wait")
    for text in ("하나", "둘", "셋"):
        say(text)
    expect(chat.locator(".customer")).to_have_text([re.compile(t) for t in ("하나", "둘", "셋")])
    expect(chat.locator(".typing")).to_be_visible()
    service.gate.set()
    expect(chat.locator(".reply:not(.typing)")).to_have_count(4)
    assert service.texts() == ["하나", "둘", "셋"]
    shown = chat.locator(".customer .bubble, .reply:not(.typing) .bubble").all_inner_texts()
    assert shown[1::2] == ["하나", "둘", "셋"]


@pytest.mark.parametrize(
    ("locale", "query", "greeting", "lang"),
    [
        ("ko-KR", "?bot=shop", "안녕하세요", "ko"),
        ("en-US", "?bot=shop", "Hello, this is Daon Store", "en"),
        ("fr-FR", "?bot=shop", "안녕하세요", "ko"),
        ("ko-KR", "?bot=shop&lang=en", "Hello, this is Daon Store", "en"),
        ("en-US", "?bot=shop&lang=ko", "안녕하세요", "ko"),
    ],
)
def test_the_language_follows_the_address_then_the_browser(
    open_chat: Open, locale: str, query: str, greeting: str, lang: str
) -> None:
    page = open_chat(query, locale=locale)
    expect(page.get_by_role("log")).to_contain_text(greeting)
    expect(page.locator("html")).to_have_attribute("lang", lang)


@pytest.mark.parametrize("query", ["?bot=shop", "?bot=shop&lang=ko"])
def test_switching_the_language_greets_again_and_is_remembered(open_chat: Open, query: str) -> None:
    page = open_chat(query)
    expect(page.get_by_role("log")).to_contain_text("안녕하세요")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("log")).to_contain_text("Hello, this is Daon Store")
    expect(page.get_by_role("log")).not_to_contain_text("안녕하세요")
    expect(page.get_by_role("textbox", name="Message")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Daon Store help")).to_be_visible()
    expect(page.get_by_role("log")).to_contain_text("Hello, this is Daon Store")


def test_a_greeting_nobody_answered_follows_a_new_address(chat: Page, service: Service) -> None:
    expect(chat.get_by_role("log")).to_contain_text("안녕하세요")
    chat.goto(f"{service.url}/?bot=shop&lang=en")
    expect(chat.get_by_role("log")).to_contain_text("Hello, this is Daon Store")
    expect(chat.get_by_role("log")).not_to_contain_text("안녕하세요")


def test_switching_in_mid_conversation_leaves_the_choice_to_the_customer(
    chat: Page, service: Service, say: Say
) -> None:
    say("배송")
    expect(chat.get_by_role("log")).to_contain_text("주문번호를 알려")
    chat.get_by_role("button", name="English").click()
    expect(chat.get_by_text("Write in English and the answers")).to_be_visible()
    assert len(service.sessions) == 1
    chat.get_by_role("button", name="Start over in English").click()
    expect(chat.get_by_role("log")).to_contain_text("Hello, this is Daon Store")
    expect(chat.get_by_role("log")).to_contain_text("주문번호를 알려")


def test_a_rating_is_sent_confirmed_and_remembered(chat: Page, service: Service, say: Say) -> None:
    expect(chat.get_by_role("button", name="도움이 됐어요")).to_have_count(0)  # not for a greeting
    say("배송")
    chat.get_by_role("button", name="아쉬워요").click()
    expect(chat.get_by_text("의견 고맙습니다")).to_be_visible()
    assert service.only.ratings == {1: -1}
    chat.reload()
    expect(chat.get_by_role("button", name="아쉬워요", pressed=True)).to_be_visible()
    with chat.expect_response("**/v1/feedback"):
        chat.get_by_role("button", name="도움이 됐어요", pressed=False).click()
    expect(chat.get_by_role("button", name="아쉬워요", pressed=False)).to_be_visible()
    assert service.only.ratings == {1: 1}


def test_a_rating_that_did_not_arrive_can_be_given_again(
    chat: Page, service: Service, say: Say
) -> None:
    say("배송")
    chat.route("**/v1/feedback", lambda route: route.abort())
    chat.get_by_role("button", name="도움이 됐어요").click()
    expect(chat.get_by_text("의견을 남기지 못했어요")).to_be_visible()
    chat.unroute("**/v1/feedback")
    chat.get_by_role("button", name="도움이 됐어요").click()
    expect(chat.get_by_text("의견 고맙습니다")).to_be_visible()
    assert service.only.ratings == {1: 1}


def test_deleting_asks_first_then_deletes_and_starts_anew(
    chat: Page, service: Service, say: Say
) -> None:
    say("배송")
    expect(chat.get_by_role("log")).to_contain_text("주문번호를 알려")
    (before,) = service.sessions
    chat.get_by_role("button", name="메뉴").click()
    chat.get_by_role("button", name="대화 삭제").click()
    chat.get_by_role("dialog").get_by_role("button", name="삭제").click()
    expect(chat.get_by_text("대화를 삭제했어요.")).to_be_visible()
    expect(chat.get_by_role("log")).not_to_contain_text("주문번호를 알려")
    expect(chat.get_by_role("log")).to_contain_text("안녕하세요")
    assert before not in service.sessions
    assert "주문번호" not in chat.evaluate("JSON.stringify(localStorage)")


def test_a_new_conversation_asks_first_and_keeps_the_old_one_at_the_service(
    chat: Page, service: Service, say: Say
) -> None:
    say("배송")
    expect(chat.get_by_role("log")).to_contain_text("주문번호를 알려")
    chat.get_by_role("button", name="메뉴").click()
    chat.get_by_role("button", name="새 대화 시작").click()
    chat.get_by_role("button", name="취소").click()
    expect(chat.get_by_role("log")).to_contain_text("주문번호를 알려")
    chat.get_by_role("button", name="메뉴").click()
    chat.get_by_role("button", name="새 대화 시작").click()
    chat.get_by_role("button", name="새로 시작").click()
    expect(chat.get_by_role("log")).not_to_contain_text("주문번호를 알려")
    expect(chat.get_by_role("log")).to_contain_text("안녕하세요")
    assert len(service.sessions) == 2


def test_a_person_takes_over_writes_and_gives_back(chat: Page, service: Service, say: Say) -> None:
    expect(chat.get_by_role("log")).to_contain_text("안녕하세요")
    say("상담원 연결해 주세요")
    expect(chat.get_by_text("상담원이 곧 답변드려요")).to_be_visible()
    expect(chat.get_by_role("banner")).to_contain_text("상담원에게 연결됐어요")
    with chat.expect_response(lambda answer: answer.request.method == "POST"):
        say("계세요?")
    expect(chat.locator(".customer")).to_have_count(2)
    service.say_as_human("네, 상담원입니다. 무엇을 도와드릴까요?")
    # The page asks every few seconds; pushing its clock forward would race with the answer before.
    expect(chat.get_by_role("log")).to_contain_text("네, 상담원입니다.", timeout=20_000)
    say("챗봇이랑 할게요")
    expect(chat.get_by_role("log")).to_contain_text("다시 제가 도와드릴게요.")
    expect(chat.get_by_text("상담원이 곧 답변드려요")).to_be_hidden()


def test_an_author_sees_what_was_understood(open_chat: Open) -> None:
    page = open_chat("?bot=shop&debug=1")
    page.get_by_role("button", name="배송 조회").click()
    expect(page.locator(".why summary")).to_have_text("– · 90.0 % · answer")
