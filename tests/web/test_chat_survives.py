"""Lost connections, reloads, other tabs and expired sessions lose nothing and repeat nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.web.service import Service

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
Say = Callable[[str], None]


def stop_time(page: Page) -> None:
    """Stop the page's clock: what it shows while it waits stays until time goes on."""
    page.clock.install()
    page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))


def test_an_answer_lost_on_the_way_is_asked_for_again_not_sent_again(
    chat: Page, service: Service, say: Say
) -> None:
    service.misbehave.append("drop")
    say("배송 언제 와요")
    expect(chat.get_by_role("log")).to_contain_text("주문번호를 알려")
    assert service.texts() == ["배송 언제 와요"]
    assert len(service.posted) > 1
    assert len({body["message_id"] for body in service.posted}) == 1
    expect(chat.locator(".customer")).to_have_count(1)


@pytest.mark.parametrize(("whim", "said"), [("fail", "다시 보내는 중"), ("busy", "1초 뒤에")])
def test_a_busy_service_is_asked_again_by_itself(
    chat: Page, service: Service, say: Say, whim: str, said: str
) -> None:
    expect(chat.get_by_role("log")).to_contain_text("안녕하세요")
    stop_time(chat)
    service.misbehave.append(whim)
    say("배송")
    expect(chat.locator(".customer .state")).to_contain_text(said)
    chat.clock.resume()
    expect(chat.get_by_role("log")).to_contain_text("주문번호를 알려")
    expect(chat.locator(".customer .state")).to_be_empty()
    assert service.texts() == ["배송"]


def test_after_many_failures_the_customer_decides(chat: Page, service: Service, say: Say) -> None:
    expect(chat.get_by_role("log")).to_contain_text("안녕하세요")
    stop_time(chat)
    service.misbehave.extend(["fail"] * 7)
    say("배송")
    state = chat.locator(".customer .state").first
    for _ in range(6):
        expect(state).to_have_text("다시 보내는 중")
        with chat.expect_response("**/turns"):
            chat.clock.fast_forward(20_000)
    expect(state).to_have_text("보내지 못했어요")
    assert not service.misbehave  # all seven attempts were made; an eighth would have been answered
    chat.clock.resume()
    say("그리고 쿠폰도요")
    chat.get_by_role("button", name="다시 보내기").first.click()
    expect(chat.get_by_role("log")).to_contain_text("주문번호를 알려")
    expect(chat.locator(".reply:not(.typing)")).to_have_count(3)
    assert service.texts() == ["배송", "그리고 쿠폰도요"]


def test_what_is_written_offline_goes_out_when_the_network_is_back(
    chat: Page, service: Service, say: Say
) -> None:
    expect(chat.get_by_role("log")).to_contain_text("안녕하세요")
    chat.context.set_offline(True)
    expect(chat.get_by_text("인터넷 연결이 끊겼어요")).to_be_visible()
    say("배송")
    say("고마워요")
    expect(chat.locator(".customer .state").first).to_have_text("연결되면 바로 보낼게요")
    assert service.posted == []
    chat.context.set_offline(False)
    expect(chat.get_by_role("log")).to_contain_text("도움이 되어 다행이에요")
    assert service.texts() == ["배송", "고마워요"]


def test_a_reload_keeps_the_conversation(chat: Page, service: Service, say: Say) -> None:
    for number in range(60):  # more than one page of history
        say(f"메시지 {number}")
    expect(chat.locator(".reply:not(.typing)")).to_have_count(61)
    before = chat.get_by_role("log").locator(".bubble").all_inner_texts()
    chat.get_by_role("textbox", name="메시지").fill("쓰다 만 글")
    chat.reload()
    expect(chat.locator(".reply:not(.typing)")).to_have_count(61)
    assert chat.get_by_role("log").locator(".bubble").all_inner_texts() == before
    expect(chat.get_by_role("button", name="상담원 연결")).to_be_visible()
    expect(chat.get_by_role("textbox", name="메시지")).to_have_value("쓰다 만 글")
    expect(chat.locator(".reply:not(.typing)").last).to_be_in_viewport()
    assert len(service.sessions) == 1


def test_a_reload_while_a_message_is_under_way_sends_it_once(
    chat: Page, service: Service, say: Say
) -> None:
    expect(chat.get_by_role("log")).to_contain_text("안녕하세요")
    service.misbehave.append("wait")
    say("배송")
    expect(chat.locator(".typing")).to_be_visible()
    service.await_held()
    chat.reload()
    expect(chat.get_by_role("log")).to_contain_text("주문번호를 알려")
    service.gate.set()
    expect(chat.locator(".customer")).to_have_count(1)
    assert service.texts() == ["배송"]
    assert len({body["message_id"] for body in service.posted}) == 1


def test_a_reload_after_a_lost_answer_shows_the_message_once(
    chat: Page, service: Service, say: Say
) -> None:
    expect(chat.get_by_role("log")).to_contain_text("안녕하세요")
    service.misbehave.extend(["drop"] * 20)  # the page goes before it can ask with success
    with chat.expect_event("requestfailed"):
        say("배송")
    chat.reload()
    expect(chat.get_by_role("log")).to_contain_text("주문번호를 알려")
    expect(chat.locator(".customer")).to_have_count(1)
    expect(chat.locator(".customer .state")).to_be_empty()
    assert service.texts() == ["배송"]
    assert "unsent" not in chat.evaluate("Object.keys(localStorage).join()")


def test_a_service_that_cannot_be_reached_is_tried_again(
    open_chat: Open, new_context: Callable[..., BrowserContext], service: Service
) -> None:
    page = new_context().new_page()
    page.route("**/v1/sessions", lambda route: route.abort())
    page.goto(f"{service.url}/?bot=shop")
    expect(page.get_by_text("지금은 상담에 연결할 수 없어요")).to_be_visible()
    page.get_by_role("textbox", name="메시지").fill("배송")
    page.keyboard.press("Enter")
    page.unroute("**/v1/sessions")
    page.get_by_role("button", name="지금 다시 시도").click()
    expect(page.get_by_role("log")).to_contain_text("주문번호를 알려")
    assert service.texts() == ["배송"]


def test_an_expired_session_keeps_the_transcript_and_gives_the_words_back(
    chat: Page, service: Service, say: Say
) -> None:
    say("배송")
    expect(chat.get_by_role("log")).to_contain_text("주문번호를 알려")
    service.sessions.clear()
    say("A20261102 언제 와요?")
    expect(chat.get_by_text("시간이 지나 이 대화가 종료됐어요.")).to_be_visible()
    expect(chat.get_by_role("log")).to_contain_text("주문번호를 알려")
    chat.get_by_role("button", name="새 대화 시작").last.click()
    expect(chat.locator(".divider")).to_contain_text([re.compile("2"), "새 대화"])
    expect(chat.get_by_role("log")).to_contain_text("주문번호를 알려")
    box = chat.get_by_role("textbox", name="메시지")
    expect(box).to_have_value("A20261102 언제 와요?")
    expect(box).to_be_focused()
    chat.keyboard.press("Enter")
    expect(chat.get_by_role("link")).to_be_visible()
    assert service.texts() == ["A20261102 언제 와요?"]


def test_a_session_expired_while_away_starts_a_new_conversation(
    chat: Page, service: Service
) -> None:
    expect(chat.get_by_role("log")).to_contain_text("안녕하세요")
    service.sessions.clear()
    chat.reload()
    expect(chat.get_by_text("지난 대화가 종료되어 새로 시작했어요.")).to_be_visible()
    expect(chat.get_by_role("log")).to_contain_text("안녕하세요")
    assert len(service.sessions) == 1


def test_a_refused_message_says_why_and_can_be_rewritten(
    chat: Page, service: Service, say: Say
) -> None:
    service.misbehave.append("refuse")
    say("배송!!")
    expect(chat.locator(".customer")).to_contain_text("이 메시지는 보낼 수 없어요.")
    say("쿠폰")  # a refused message does not hold up the next
    expect(chat.locator(".reply:not(.typing)")).to_have_count(2)
    chat.get_by_role("button", name="고쳐 쓰기").click()
    expect(chat.get_by_role("textbox", name="메시지")).to_have_value("배송!!")
    expect(chat.locator(".customer")).to_have_count(1)


def test_two_tabs_are_one_conversation(chat: Page, service: Service, say: Say) -> None:
    expect(chat.get_by_role("log")).to_contain_text("안녕하세요")
    other = chat.context.new_page()
    other.goto(chat.url)
    expect(other.get_by_role("log")).to_contain_text("안녕하세요")
    assert len(service.sessions) == 1
    say("배송")
    expect(other.get_by_role("log")).to_contain_text("주문번호를 알려")
    service.misbehave.append("wait")
    say("하나")
    expect(chat.locator(".typing")).to_be_visible()
    service.await_held()  # else the other tab's message might be the one that waits
    other.get_by_role("textbox", name="메시지").fill("고마워요")
    other.keyboard.press("Enter")
    expect(other.get_by_role("log")).to_contain_text("도움이 되어 다행이에요")
    service.gate.set()
    for page in (chat, other):
        expect(page.locator(".customer .bubble")).to_have_text(["배송", "고마워요", "하나"])
    assert service.texts() == ["배송", "고마워요", "하나"]
    chat.bring_to_front()
    chat.get_by_role("button", name="메뉴").click()
    chat.get_by_role("button", name="새 대화 시작").click()
    chat.get_by_role("button", name="새로 시작").click()
    for page in (chat, other):
        expect(page.locator(".customer")).to_have_count(0)
        expect(page.get_by_role("log")).to_contain_text("안녕하세요")


def test_two_tabs_opened_at_once_open_one_session(
    new_context: Callable[..., BrowserContext], service: Service
) -> None:
    context = new_context()
    pages = [context.new_page(), context.new_page()]
    for page in pages:
        page.goto(f"{service.url}/?bot=shop", wait_until="commit")
    for page in pages:
        expect(page.get_by_role("log")).to_contain_text("안녕하세요")
    assert len(service.sessions) == 1


def test_a_browser_without_storage_can_still_talk(
    new_context: Callable[..., BrowserContext], service: Service
) -> None:
    context = new_context()
    denied = "get() { throw new DOMException('denied', 'SecurityError'); }"
    for name in ("localStorage", "sessionStorage"):
        context.add_init_script(f"Object.defineProperty(window, '{name}', {{{denied}}})")
    context.add_init_script("Object.defineProperty(navigator, 'locks', {value: undefined})")
    context.add_init_script("crypto.randomUUID = undefined")
    page = context.new_page()
    page.goto(f"{service.url}/?bot=shop")
    page.get_by_role("button", name="배송 조회").click()
    expect(page.get_by_role("log")).to_contain_text("주문번호를 알려")
    assert service.texts() == ["배송 조회"]
