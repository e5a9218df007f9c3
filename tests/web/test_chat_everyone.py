"""The chat page for every hand, eye, keyboard and screen, and for every text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web import desk
from tests.web.service import Service

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
Say = Callable[[str], None]


def test_a_syllable_still_being_composed_is_not_sent(chat: Page, service: Service) -> None:
    box = chat.get_by_role("textbox", name="메시지")
    box.focus()
    keyboard = chat.context.new_cdp_session(chat)
    compose = {"text": "배소", "selectionStart": 2, "selectionEnd": 2}
    keyboard.send("Input.imeSetComposition", compose)
    enter = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13}
    keyboard.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **enter})
    keyboard.send("Input.insertText", {"text": "배송"})
    safari = "new KeyboardEvent('keydown', {key: 'Enter', keyCode: 229, bubbles: true})"
    box.evaluate(f"node => node.dispatchEvent({safari})")
    expect(box).to_have_value("배송")
    assert service.posted == []
    chat.keyboard.press("Enter")
    expect(chat.get_by_role("log")).to_contain_text("주문번호를 알려")
    assert service.texts() == ["배송"]


def test_shift_enter_makes_a_new_line_and_it_is_kept(chat: Page, service: Service) -> None:
    chat.get_by_role("textbox", name="메시지").fill("배송이")
    chat.keyboard.press("Shift+Enter")
    chat.keyboard.type("안 와요")
    chat.keyboard.press("Enter")
    expect(chat.locator(".customer .bubble")).to_have_text("배송이\n안 와요", use_inner_text=True)
    assert service.texts() == ["배송이\n안 와요"]


def test_a_text_over_the_limit_is_counted_and_waits(chat: Page, service: Service) -> None:
    box = chat.get_by_role("textbox", name="메시지")
    box.fill("가" * 1799)
    expect(chat.locator("#counter")).to_be_empty()
    box.fill("🙂" * 1800)  # characters, not UTF-16 units
    expect(chat.locator("#counter")).to_have_text("1,800 / 2,000자")
    box.fill("가" * 2003)
    expect(chat.locator("#counter")).to_contain_text("3자를 줄이면")
    chat.keyboard.press("Enter")
    expect(box).to_have_value("가" * 2003)
    assert service.posted == []


def test_hostile_text_is_shown_as_text(
    chat: Page, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    attack = "<script>window.hit = 1</script><img src=x onerror='window.hit = 1'>"
    reply = f"{attack} javascript:alert(1) https://ok.example/a?b=(c)). \u202eabc " + "ㅋ" * 500
    monkeypatch.setitem(desk.WORDS["ko"], "", (reply, [(attack, attack)]))
    say(f"{attack} " + "x" * 1500 + " مرحبا بالعالم")
    bubbles = chat.get_by_role("log").locator(".bubble")
    expect(bubbles.nth(1)).to_contain_text(attack)
    expect(bubbles.nth(2)).to_contain_text(attack)
    expect(chat.get_by_role("button", name=attack)).to_be_visible()
    expect(chat.get_by_role("link")).to_have_attribute("href", "https://ok.example/a?b=(c)")
    assert chat.evaluate("window.hit") is None
    assert_fits(chat)


def assert_fits(page: Page) -> None:
    """Nothing is wider than the screen."""
    wide = page.evaluate(
        "[document.scrollingElement, document.getElementById('log')]"
        ".map((node) => node.scrollWidth - node.clientWidth)"
    )
    assert wide == [0, 0]


@pytest.mark.parametrize("size", [(320, 568), (390, 844), (844, 390)])
def test_a_phone_shows_everything_without_sideways_scrolling(
    open_chat: Open, size: tuple[int, int]
) -> None:
    viewport = {"width": size[0], "height": size[1]}
    page = open_chat(viewport=viewport, is_mobile=True, has_touch=True)
    page.get_by_role("button", name="배송 조회").tap()
    page.get_by_role("textbox", name="메시지").fill("A20261102 언제 와요? " + "아" * 60)
    page.get_by_role("button", name="보내기").tap()
    expect(page.get_by_role("link")).to_be_in_viewport()
    expect(page.get_by_role("button", name="보내기")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name="메뉴")).to_be_in_viewport(ratio=1)
    assert_fits(page)


def test_a_growing_box_never_covers_the_last_answer(open_chat: Open) -> None:
    page = open_chat(viewport={"width": 390, "height": 700})
    box = page.get_by_role("textbox", name="메시지")
    for text in ("배송", "A20261102", "고마워요"):
        box.fill(text)
        page.keyboard.press("Enter")
    expect(page.locator(".reply:not(.typing)")).to_have_count(4)
    expect(page.locator(".reply:not(.typing)").last).to_be_in_viewport(ratio=1)
    box.evaluate(
        """box => {
          document.getElementById("log").scrollTop -= 8; // still moving when the box grows
          box.value = "긴 글 ".repeat(400);
          box.dispatchEvent(new Event("input"));
        }"""
    )
    expect(page.locator(".reply:not(.typing)").last).to_be_in_viewport(ratio=1)
    box.fill("")
    page.get_by_role("log").evaluate("log => log.scrollTo(0, 0)")  # reading again what was said
    expect(page.locator(".reply:not(.typing)").first).to_be_in_viewport(ratio=1)
    box.fill("긴 글 " * 400)
    expect(page.locator(".reply:not(.typing)").first).to_be_in_viewport(ratio=1)


def test_the_keyboard_alone_is_enough(chat: Page, service: Service) -> None:
    box = chat.get_by_role("textbox", name="메시지")
    expect(box).to_be_focused()

    def walk_to(name: str, key: str = "Shift+Tab") -> None:
        target = chat.get_by_role("button", name=name, exact=True)
        for _ in range(20):
            chat.keyboard.press(key)
            if target.evaluate("node => node === document.activeElement"):
                return
        raise AssertionError(f"{name} cannot be reached with {key}")

    expect(chat.get_by_role("button", name="배송 조회")).to_be_visible()
    walk_to("배송 조회")
    chat.keyboard.press("Enter")
    expect(box).to_be_focused()
    expect(chat.get_by_role("button", name="도움이 됐어요")).to_be_visible()
    walk_to("도움이 됐어요")
    chat.keyboard.press("Space")
    expect(chat.get_by_text("의견 고맙습니다")).to_be_visible()
    walk_to("메뉴")
    chat.keyboard.press("Enter")
    expect(chat.get_by_role("button", name="새 대화 시작")).to_be_focused()
    chat.keyboard.press("Escape")
    expect(chat.get_by_role("button", name="메뉴")).to_be_focused()
    chat.keyboard.press("Enter")
    walk_to("대화 삭제", "Tab")
    chat.keyboard.press("Enter")
    expect(chat.get_by_role("dialog", name="대화를 삭제할까요?")).to_be_visible()
    chat.keyboard.press("Escape")
    expect(chat.get_by_role("dialog")).to_be_hidden()
    expect(chat.get_by_role("button", name="메뉴")).to_be_focused()
    assert service.texts() == ["배송 조회"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_that_meet_can_be_told_apart(open_chat: Open, scheme: Any) -> None:
    page = open_chat(color_scheme=scheme)
    pairs = [
        ("ink", "sheet"),
        ("ink", "raised"),
        ("ink", "paper"),
        ("soft", "sheet"),
        ("soft", "raised"),
        ("soft", "paper"),
        ("soft", "line"),
        ("accent-ink", "accent"),
        ("accent-text", "sheet"),
        ("accent-text", "raised"),
        ("accent-text", "accent-wash"),
        ("danger", "sheet"),
        ("danger", "raised"),
        ("sheet", "danger"),
        ("warm-ink", "warm"),
    ]
    style = "getComputedStyle(document.documentElement)"
    for pair in pairs:
        front, back = (page.evaluate(f"{style}.getPropertyValue('--{name}')") for name in pair)
        assert contrast(front, back) >= 4.5, pair


def contrast(front: str, back: str) -> float:
    """Contrast ratio of two #rrggbb colours, as WCAG 2 defines it."""

    def luminance(colour: str) -> float:
        parts = [int(colour.strip()[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        line = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * line[0] + 0.7152 * line[1] + 0.0722 * line[2]

    dark, light = sorted((luminance(front), luminance(back)))
    return (light + 0.05) / (dark + 0.05)
