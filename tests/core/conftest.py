"""The corner shop, ready for business, for every test that talks with it."""

from __future__ import annotations

import pytest

from sangdam.bots.definition import Bot
from tests.core import corner_shop
from tests.core.counter import Counter, Customer


@pytest.fixture
def bot() -> Bot:
    return corner_shop.pack().bot


@pytest.fixture
def counter() -> Counter:
    return Counter()


@pytest.fixture
def customer(counter: Counter) -> Customer:
    """A customer who speaks Korean."""
    return counter.customer("ko")
