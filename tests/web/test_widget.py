"""The widget on somebody else's page, which is another site than the chat's."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, FrameLocator, Page, expect

from tests.web.service import Service

pytestmark = pytest.mark.browser

NewContext = Callable[..., BrowserContext]


@pytest.fixture
def visit(new_context: NewContext, service: Service) -> Callable[..., Page]:
    """Open the shop's own page, which carries the widget."""

    def open_page(**options: object) -> Page:
        page = new_context(**options).new_page()
        page.goto(f"{service.url.replace('127.0.0.1', 'localhost')}/host")
        return page

    return open_page


@pytest.fixture
def host(visit: Callable[..., Page]) -> Page:
    return visit()


def frame(page: Page) -> FrameLocator:
    return page.frame_locator("iframe")


def test_the_launcher_opens_the_chat_and_escape_gives_the_focus_back(
    host: Page, service: Service
) -> None:
    launcher = host.get_by_role("button", name="상담 열기")
    expect(launcher).to_have_attribute("aria-expanded", "false")
    assert service.sessions == {}  # nothing happens before somebody asks
    launcher.focus()
    host.keyboard.press("Enter")
    box = frame(host).get_by_role("textbox", name="메시지")
    expect(box).to_be_focused()
    expect(host.get_by_role("dialog", name="고객 상담")).to_be_visible()
    expect(host.get_by_role("button", name="상담 닫기")).to_have_attribute("aria-expanded", "true")
    host.keyboard.type("배송")
    host.keyboard.press("Enter")
    expect(frame(host).get_by_role("log")).to_contain_text("주문번호를 알려")
    host.keyboard.press("Escape")
    expect(launcher).to_be_focused()
    expect(launcher).to_have_attribute("aria-expanded", "false")
    expect(host.get_by_role("dialog")).to_be_hidden()
    host.keyboard.press("Enter")
    expect(frame(host).get_by_role("log")).to_contain_text("주문번호를 알려")
    expect(box).to_be_focused()
    assert service.texts() == ["배송"]


def test_a_second_script_tag_changes_nothing(host: Page) -> None:
    expect(host.get_by_role("button", name="상담 열기")).to_have_count(1)
    host.evaluate(
        """() => new Promise((loaded) => {
          const again = document.createElement("script");
          again.src = document.querySelector("script[src]").src;
          again.onload = loaded;
          document.body.append(again);
        })"""
    )
    expect(host.get_by_role("button", name="상담 열기")).to_have_count(1)


def test_the_page_opens_and_closes_the_chat_itself(host: Page) -> None:
    own = host.get_by_role("button", name="문의하기")
    expect(host.get_by_role("button", name="상담 열기")).to_be_visible()
    own.click()
    expect(frame(host).get_by_role("log")).to_contain_text("안녕하세요")
    host.evaluate("Sangdam.close()")
    expect(host.get_by_role("dialog")).to_be_hidden()
    expect(own).to_be_focused()


def test_the_close_button_in_the_chat_closes_it(host: Page) -> None:
    host.get_by_role("button", name="상담 열기").click()
    frame(host).get_by_role("button", name="상담 창 닫기").click()
    expect(host.get_by_role("dialog")).to_be_hidden()


def test_escape_closes_the_open_menu_before_the_chat(host: Page) -> None:
    host.get_by_role("button", name="상담 열기").click()
    frame(host).get_by_role("button", name="메뉴").click()
    host.keyboard.press("Escape")
    expect(frame(host).get_by_role("button", name="새 대화 시작")).to_be_hidden()
    expect(host.get_by_role("dialog")).to_be_visible()


def test_an_answer_that_comes_while_closed_shows_a_dot(host: Page, service: Service) -> None:
    service.misbehave.append("wait")
    host.get_by_role("button", name="상담 열기").click()
    frame(host).get_by_role("button", name="배송 조회").click()
    expect(frame(host).locator(".typing")).to_be_visible()
    frame(host).get_by_role("button", name="상담 창 닫기").click()
    expect(host.locator(".dot")).to_be_hidden()
    service.gate.set()
    expect(host.locator(".dot")).to_be_visible()
    host.get_by_role("button", name="상담 열기, 새 메시지 1개").click()
    expect(host.locator(".dot")).to_be_hidden()
    expect(frame(host).get_by_role("log")).to_contain_text("주문번호를 알려")


def test_messages_from_other_windows_are_not_obeyed(host: Page) -> None:
    host.get_by_role("button", name="상담 열기").click()
    expect(frame(host).get_by_role("log")).to_contain_text("안녕하세요")
    host.evaluate(
        """() => new Promise((heard) => {
          addEventListener("message", heard, { once: true });
          postMessage({ sangdam: "close" }, "*");
        })"""
    )
    expect(host.get_by_role("dialog")).to_be_visible()


def test_on_a_phone_the_chat_fills_the_screen(visit: Callable[..., Page]) -> None:
    size = {"width": 360, "height": 640}
    page = visit(viewport=size, is_mobile=True, has_touch=True)
    page.get_by_role("button", name="상담 열기").tap()
    expect(frame(page).get_by_role("log")).to_contain_text("안녕하세요")
    box = page.get_by_role("dialog").bounding_box()
    assert box == {"x": 0, "y": 0, **size}
    frame(page).get_by_role("button", name="상담 창 닫기").tap()
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert page.evaluate("document.documentElement.style.overflow") == ""


def test_the_chat_works_where_the_frame_may_not_store(
    new_context: NewContext, service: Service
) -> None:
    context = new_context()
    denied = "get() { throw new DOMException('denied', 'SecurityError'); }"
    script = f"if (top !== self) Object.defineProperty(window, 'localStorage', {{{denied}}})"
    context.add_init_script(script)
    page = context.new_page()
    page.goto(f"{service.url.replace('127.0.0.1', 'localhost')}/host")
    page.get_by_role("button", name="상담 열기").click()
    frame(page).get_by_role("button", name="배송 조회").click()
    expect(frame(page).get_by_role("log")).to_contain_text("주문번호를 알려")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="상담 열기").click()
    expect(frame(page).get_by_role("log")).to_contain_text("주문번호를 알려")
    assert len(service.sessions) == 1
