"""A customer talks to the bot on the chat page, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web import service as stand_in
from tests.web.service import Service

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
Say = Callable[[str], None]


def test_a_korean_conversation_by_buttons_and_by_words(
    chat: Page, service: Service, say: Say
) -> None:
    log = chat.get_by_role("log", name="대화 내용")
    expect(log).to_contain_text("안녕하세요, 온담 상점이에요.")
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
    heading = chat.get_by_role("banner").get_by_role("heading", name="온담 상점 고객센터")
    expect(heading).to_be_visible()
    expect(chat).to_have_title("온담 상점 고객센터")


def test_without_a_name_the_first_bot_of_the_service_answers(open_chat: Open) -> None:
    expect(open_chat("").get_by_role("log")).to_contain_text("온담 상점이에요")


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
    expect(chat.locator(".reply")).to_have_count(4)
    assert service.texts() == ["하나", "둘", "셋"]
    shown = chat.locator(".customer .bubble, .reply:not(.typing) .bubble").all_inner_texts()
    assert shown[1::2] == ["하나", "둘", "셋"]


@pytest.mark.parametrize(
    ("locale", "query", "greeting", "lang"),
    [
        ("ko-KR", "?bot=shop", "안녕하세요", "ko"),
        ("en-US", "?bot=shop", "Hello, this is Ondam Store", "en"),
        ("fr-FR", "?bot=shop", "안녕하세요", "ko"),
        ("ko-KR", "?bot=shop&lang=en", "Hello, this is Ondam Store", "en"),
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
    expect(page.get_by_role("log")).to_contain_text("Hello, this is Ondam Store")
    expect(page.get_by_role("log")).not_to_contain_text("안녕하세요")
    expect(page.get_by_role("textbox", name="Message")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Ondam Store help")).to_be_visible()
    expect(page.get_by_role("log")).to_contain_text("Hello, this is Ondam Store")


def test_switching_in_mid_conversation_leaves_the_choice_to_the_customer(
    chat: Page, service: Service, say: Say
) -> None:
    say("배송")
    expect(chat.get_by_role("log")).to_contain_text("주문번호를 알려")
    chat.get_by_role("button", name="English").click()
    expect(chat.get_by_text("Write in English and the answers")).to_be_visible()
    assert len(service.sessions) == 1
    chat.get_by_role("button", name="Start over in English").click()
    expect(chat.get_by_role("log")).to_contain_text("Hello, this is Ondam Store")
    expect(chat.get_by_role("log")).to_contain_text("주문번호를 알려")


def test_both_languages_say_the_same_things(chat: Page) -> None:
    shape = """async () => {
      const { WORDS } = await import("/assets/words.js");
      const of = (words) => Object.entries(words).map(([key, value]) => `${key} ${typeof value}`);
      return [of(WORDS.ko), of(WORDS.en)];
    }"""
    korean, english = chat.evaluate(shape)
    assert korean == english


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
    monkeypatch.setitem(stand_in.WORDS["ko"], "", (reply, [(attack, attack)]))
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
    chat.clock.install()
    say("상담원 연결해 주세요")
    expect(chat.get_by_text("상담원이 곧 답변드려요")).to_be_visible()
    expect(chat.get_by_role("banner")).to_contain_text("상담원에게 연결됐어요")
    say("계세요?")
    expect(chat.locator(".customer")).to_have_count(2)
    service.say_as_human("네, 상담원입니다. 무엇을 도와드릴까요?")
    chat.clock.fast_forward(6_000)
    expect(chat.get_by_role("log")).to_contain_text("네, 상담원입니다.")
    say("챗봇이랑 할게요")
    expect(chat.get_by_role("log")).to_contain_text("다시 제가 도와드릴게요.")
    expect(chat.get_by_text("상담원이 곧 답변드려요")).to_be_hidden()


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
