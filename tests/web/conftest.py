"""A service of its own and a real browser for every test of the page."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)

from tests.web.service import Service

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium, the machine's own."""
    path = os.environ.get("SANGDAM_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip("no Chromium on this machine: install chromium or set SANGDAM_CHROMIUM")
    expect.set_options(timeout=15_000)  # a busy machine is no fault of the page
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def service() -> Iterator[Service]:
    """The service behind the page."""
    with Service() as service:
        yield service


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Open a browser profile; whatever its pages complain about fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        # A failed call of the interface is what some tests are about, and the browser logs each.
        is_provoked = (
            "Failed to load resource" in message.text and "/v1/" in message.location["url"]
        )
        if message.type in ("error", "warning") and not is_provoked:
            complaints.append(message.text)

    def make(**options: Any) -> BrowserContext:
        usual = {"locale": "ko-KR", "timezone_id": "Asia/Seoul", "reduced_motion": "reduce"}
        context = browser.new_context(**usual | options)
        context.set_default_timeout(10_000)
        context.on("console", listen)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def open_chat(new_context: Callable[..., BrowserContext], service: Service) -> Open:
    """Open the chat page at `query` in a profile of its own."""

    def open_page(query: str = "?bot=shop", **options: Any) -> Page:
        page = new_context(**options).new_page()
        page.goto(f"{service.url}/{query}")
        return page

    return open_page


@pytest.fixture
def chat(open_chat: Open) -> Page:
    """The chat page of a Korean customer."""
    return open_chat()


@pytest.fixture
def say(chat: Page) -> Callable[[str], None]:
    """Write a message and press Enter."""

    def write(text: str) -> None:
        chat.get_by_role("textbox", name="메시지").fill(text)
        chat.keyboard.press("Enter")

    return write
