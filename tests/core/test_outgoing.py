"""Requests to others: how they are signed, when they are tried again, and when nobody is called."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangdam.backoffice.documents import DocumentError
from sangdam.backoffice.outgoing import (
    CLAIM,
    CLAIMED,
    GIVEN_UP_AFTER,
    CircuitBreaker,
    Outgoing,
    body_of,
    claimed,
    delivered,
    failed,
    idempotency_key,
    is_due,
    jitter,
    named,
    outgoing,
    outgoing_write,
    pending_key,
    read_outgoing,
    signature,
    signed,
)
from sangdam.backoffice.writes import Delete, Put
from sangdam_adapters.memory_backoffice import MemoryBackOffice
from tests.core.counter import NOON, Clock

HOOK = "https://crm.example.com/hooks/sangdam"
DOCUMENTATION = Path(__file__).parents[2] / "infra" / "own-systems.md"


def hmac_by_the_book(key: bytes, text: bytes) -> str:
    """HMAC-SHA256 as RFC 2104 defines it."""
    block = (hashlib.sha256(key).digest() if len(key) > 64 else key).ljust(64, b"\0")
    inner = hashlib.sha256(bytes(one ^ 0x36 for one in block) + text).digest()
    return hashlib.sha256(bytes(one ^ 0x5C for one in block) + inner).hexdigest()


@pytest.mark.parametrize(
    ("key", "text", "expected"),
    [
        (
            b"\x0b" * 20,
            b"Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        ),
        (
            b"Jefe",
            b"what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
        (
            b"\xaa" * 131,
            b"Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        ),
    ],
)
def test_the_book_of_these_tests_is_that_of_rfc_4231(
    key: bytes, text: bytes, expected: str
) -> None:
    assert hmac_by_the_book(key, text) == expected


@given(st.binary(max_size=300), st.text(min_size=1, max_size=80), st.integers(0, 2**33))
def test_a_signature_is_the_hmac_of_time_and_body(body: bytes, secret: str, at: int) -> None:
    if any("\ud800" <= letter <= "\udfff" for letter in secret):
        return  # no text that UTF-8 can write
    expected = hmac_by_the_book(secret.encode(), f"{at}.".encode() + body)
    assert signature(body, secret=secret, timestamp=str(at)) == expected


def test_the_example_of_the_documentation() -> None:
    headers = signed(
        b'{"action":"crm.lookup"}',
        secret="change-me",
        at=datetime(2026, 11, 22, 9, 0, tzinfo=UTC),
        key="k",
    )
    assert headers == {
        "Content-Type": "application/json",
        "Sangdam-Timestamp": "1795338000",
        "Sangdam-Signature": "v1=7e3899cfd905f8ceb5fa40bdb969772627635214ab8a7df1b53749e3f5af9d9f",
        "Idempotency-Key": "k",
    }
    assert headers["Sangdam-Signature"] in DOCUMENTATION.read_text("utf-8")


def test_another_time_body_or_secret_gives_another_signature() -> None:
    known = signature(b"{}", secret="s", timestamp="1")
    others = {
        signature(b"{ }", secret="s", timestamp="1"),
        signature(b"{}", secret="t", timestamp="1"),
        signature(b"{}", secret="s", timestamp="2"),
    }
    assert len(others | {known}) == 4


def test_the_same_call_has_the_same_key_and_no_other_has_it() -> None:
    assert idempotency_key("a", "b") == idempotency_key("a", "b")
    assert len({idempotency_key(*parts) for parts in (("ab", ""), ("a", "b"), ("", "ab"))}) == 3


def test_equal_documents_are_equal_bytes() -> None:
    assert (
        body_of({"b": "가", "a": 1}) == body_of({"a": 1, "b": "가"}) == '{"a":1,"b":"가"}'.encode()
    )


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://crm.example.com/hooks?token=abc", "https://crm.example.com"),
        ("https://user:pass@crm.example.com:8443/x", "https://crm.example.com:8443"),
        ("https://crm.example.com#x", "https://crm.example.com"),
        ("lambda:crm", "lambda:crm"),
        ("sns:arn:aws:sns:r:1:t", "sns:arn:aws:sns:r:1:t"),
    ],
)
def test_no_log_holds_what_may_be_a_secret_of_an_address(address: str, expected: str) -> None:
    assert named(address) == expected


@given(st.text(max_size=40), st.integers(1, 50))
def test_jitter_spreads_around_one(key: str, attempt: int) -> None:
    drawn = jitter(key.encode("utf-8", "ignore").decode(), attempt)
    assert 0.5 <= drawn <= 1.5


def test_jitter_differs_by_request_and_by_attempt() -> None:
    drawn = [jitter(f"k{number}", attempt) for number in range(20) for attempt in (1, 2, 3)]
    assert len(set(drawn)) == 60
    assert 0.85 < sum(drawn) / 60 < 1.15


# The outbox


def a_request(at: datetime = NOON, key: str = "k1") -> Outgoing:
    return outgoing(key, HOOK, b'{"name":"\xed\x99\x8d"}', at=at)


def test_a_request_is_read_as_it_was_written() -> None:
    write = outgoing_write("shop", a_request())
    assert read_outgoing(write.record) == a_request()
    assert write.expected is None


@pytest.mark.parametrize("record", ["", "[]", '{"format":2}', '{"format":1,"key":"k"}'])
def test_a_damaged_request_is_told(record: str) -> None:
    with pytest.raises(DocumentError, match="outbox"):
        read_outgoing(record)


def test_what_is_due_first_stands_first_in_any_zone() -> None:
    seoul = timezone(timedelta(hours=9))
    early = a_request(NOON.astimezone(seoul), "b")
    late = a_request(NOON + timedelta(microseconds=1), "a")
    assert pending_key("shop", early).sk < pending_key("shop", late).sk
    assert is_due(early, NOON)
    assert not is_due(late, NOON)


def test_a_claim_keeps_others_away_for_a_while() -> None:
    one = a_request()
    mine, writes = claimed("shop", pending_key("shop", one), one, 1, NOON)
    assert writes == (Delete(pending_key("shop", one), 1), outgoing_write("shop", mine))
    assert mine.attempts == 1
    assert not is_due(mine, NOON + CLAIM - timedelta(seconds=1))
    assert is_due(mine, NOON + CLAIM)


def test_what_was_delivered_leaves_nothing_behind() -> None:
    store = MemoryBackOffice([outgoing_write("shop", a_request())])
    one = a_request()
    mine, claim = claimed("shop", pending_key("shop", one), one, 1, NOON)
    store.apply(claim)
    store.apply(delivered("shop", mine))
    assert store.under("shop#outbox") == ()


def test_pauses_grow_from_seconds_to_hours_over_two_days_and_then_it_is_given_up() -> None:
    one, now = a_request(), NOON
    pauses: list[timedelta] = []
    for attempt in range(1, GIVEN_UP_AFTER):
        mine, _ = claimed("shop", pending_key("shop", one), one, 1, now)
        assert mine.attempts == attempt
        *_, again = failed("shop", mine, now, error="answered 500")
        assert isinstance(again, Put)
        one = read_outgoing(again.record)
        pauses.append(datetime.fromisoformat(one.due) - now)
        now = datetime.fromisoformat(one.due)
    assert timedelta(seconds=10) <= pauses[0] <= timedelta(seconds=30)
    assert max(pauses) <= timedelta(hours=18)
    assert timedelta(days=1) <= sum(pauses, timedelta()) <= timedelta(days=4)
    mine, _ = claimed("shop", pending_key("shop", one), one, 1, now)
    gone, kept = failed("shop", mine, now, error="answered 500")
    assert gone == Delete(pending_key("shop", mine), CLAIMED)
    assert isinstance(kept, Put)
    assert kept.key.sk.startswith("failed#")
    assert read_outgoing(kept.record).attempts == GIVEN_UP_AFTER
    assert read_outgoing(kept.record).error == "answered 500"


# The circuit breaker


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_who_fails_five_times_in_a_row_is_left_alone(clock: Clock) -> None:
    breaker = CircuitBreaker(clock)
    for _ in range(5):
        assert breaker.lets_through(HOOK)
        breaker.failed(HOOK)
    assert not breaker.lets_through(HOOK)
    assert breaker.lets_through("https://other.example.com")


def test_one_success_forgives_all_failures(clock: Clock) -> None:
    breaker = CircuitBreaker(clock)
    for _ in range(4):
        breaker.failed(HOOK)
    breaker.succeeded(HOOK)
    for _ in range(4):
        breaker.failed(HOOK)
    assert breaker.lets_through(HOOK)


def test_after_a_rest_one_call_finds_out_for_all(clock: Clock) -> None:
    breaker = CircuitBreaker(clock)
    for _ in range(5):
        breaker.failed(HOOK)
    clock.pass_by(timedelta(seconds=29))
    assert not breaker.lets_through(HOOK)
    clock.pass_by(timedelta(seconds=1))
    assert breaker.lets_through(HOOK)
    assert not breaker.lets_through(HOOK)  # the others wait for it
    breaker.failed(HOOK)
    clock.pass_by(timedelta(seconds=30))
    assert breaker.lets_through(HOOK)
    breaker.succeeded(HOOK)
    assert breaker.lets_through(HOOK)
    assert breaker.lets_through(HOOK)
