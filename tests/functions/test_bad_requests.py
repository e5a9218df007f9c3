"""What is no request of ours is refused with a problem: never a 500, nothing stored by half."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.adapters.samples import HandClock
from tests.functions.contract import Answer, body_faults
from tests.functions.edge import BOT, Edge, Talk, memory_edge

HANGUL = re.compile("[가-힣]")
POSTS = ["/v1/sessions", "/v1/sessions/{id}/turns", "/v1/feedback", "/webhooks/rest/webhook"]


def post(talk: Talk, path: str, body: Any, **headers: str) -> Answer:
    target = path.replace("{id}", talk.session_id)
    return talk.edge.send("POST", target, body, token=talk.token, **headers)


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        (b"", 400, "invalid-json"),
        (b"{", 400, "invalid-json"),
        (b"[]", 400, "invalid-json"),
        (b'"text"', 400, "invalid-json"),
        (b"null", 400, "invalid-json"),
        (b'{"text": NaN}', 400, "invalid-json"),
        (b'{"text": Infinity}', 400, "invalid-json"),
        (b'{"text": "\xff\xfe"}', 400, None),
        (b"\xff\xfe{\x00}\x00", 400, "invalid-json"),
        (b'{"a":' * 9000, 400, "invalid-json"),
        (b"[" * 60_000, 400, "invalid-json"),
        (b'{"text": ' + b"9" * 5000 + b"}", 400, "invalid-json"),
        (b'{"text": "' + b"x" * 65_536 + b'"}', 413, "too-large"),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_a_body_that_is_none_is_refused(
    memory: Edge, path: str, body: bytes, status: int, kind: str | None
) -> None:
    answer = post(memory.open(), path, body)
    assert answer.status == status
    assert kind is None or answer.kind == kind


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "image/png"])
def test_another_content_type_is_refused(memory: Edge, path: str, kind: str) -> None:
    answer = post(memory.open(), path, b"{}", content_type=kind)
    assert (answer.status, answer.kind) == (415, "unsupported-media")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1"),
        ("GET", "/v1/sessions"),
        ("PUT", "/v1/sessions/abc/turns"),
        ("POST", "/v1/sessions//turns"),
        ("GET", "/v2/health"),
        ("POST", "/webhooks/rest"),
        ("GET", "/../../etc/passwd"),
    ],
)
def test_an_address_that_is_none_is_told(memory: Edge, method: str, path: str) -> None:
    answer = memory.send(method, path, {} if method == "POST" else None)
    assert (answer.status, answer.kind) == (404, "unknown-route")


@pytest.mark.parametrize(
    "session_id",
    [
        "0" * 32,
        "0" * 64,
        "x",
        "ABC",
        "0" * 31,
        "G" * 32,
        "w" + "0" * 40,
        "%00",
        "..%2f..",
        "세션",
        "0" * 9000,
    ],
)
def test_a_session_that_is_none_is_told(memory: Edge, session_id: str) -> None:
    path = f"/v1/sessions/{session_id}"
    message = {"message_id": "m1", "text": "안녕"}
    answers = [
        memory.send("POST", f"{path}/turns", message, token="t"),
        memory.send("GET", f"{path}/turns", token="t"),
        memory.send("DELETE", path, token="t"),
    ]
    assert {(answer.status, answer.kind) for answer in answers} <= {
        (404, "unknown-session"),
        (404, "unknown-route"),  # a decoded slash is another path
    }


def test_the_detail_is_in_the_language_of_the_caller(memory: Edge) -> None:
    requests: list[tuple[str, str, Any]] = [
        ("POST", "/v1/sessions", b"{"),
        ("POST", "/v1/sessions", {"bot": "bank"}),
        ("POST", "/v1/sessions", {"bot": BOT, "x": 1, "language": "jp"}),
        ("GET", "/v1/sessions/" + "0" * 32 + "/turns", None),
        ("GET", "/nowhere", None),
        ("POST", "/webhooks/rest/webhook", {}),
    ]
    for method, path, body in requests:
        korean = memory.send(method, path, body, accept_language="ko-KR")
        english = memory.send(method, path, body, accept_language="en-GB,en;q=0.9")
        neither = memory.send(method, path, body, accept_language="fr")
        assert korean.text == neither.text
        assert korean.json["type"] == english.json["type"]
        assert korean.headers["content-language"] == "ko"
        assert english.headers["content-language"] == "en"
        for name in ("title", "detail"):
            assert HANGUL.search(korean.json[name])
            assert not HANGUL.search(english.json[name])
        for error in korean.json.get("errors", ()):
            assert HANGUL.search(error["problem"])
        for error in english.json.get("errors", ()):
            assert not HANGUL.search(error["problem"])


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=8,
)
ids = st.text("abcXYZ019._:-", min_size=1, max_size=128)
# Bodies that are nearly right come further than arbitrary ones.
FIELDS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "/v1/sessions": {"bot": st.just(BOT), "language": st.sampled_from(["ko", "en"])},
    "/v1/sessions/{id}/turns": {
        "message_id": ids,
        "text": st.text(max_size=60),
        "quick_reply": st.text(max_size=60).map(lambda text: "/" + text)
        | st.sampled_from(["/order_status", "/cancel", '/order_status{"order_number":"%"}']),
    },
    "/v1/feedback": {
        "session_id": st.just("{id}"),
        "turn": st.integers(-1, 3),
        "rating": st.integers(-2, 6),
        "scale": st.sampled_from(["thumbs", "stars"]),
        "intent": st.text("abc_9", max_size=9),
        "comment": st.text(max_size=30),
    },
    "/webhooks/rest/webhook": {
        "sender": st.text(max_size=30),
        "message": st.text(max_size=60) | st.text("abc{}\"':/_ ", max_size=20).map("/{}".format),
        "message_id": ids,
        "metadata": json_values,
    },
}


def bodies(path: str) -> st.SearchStrategy[Any]:
    """Return any JSON, and objects of the route's own fields with any or fitting values."""
    fields = {name: fitting | json_values for name, fitting in FIELDS[path].items()}
    return json_values | st.fixed_dictionaries({}, optional=fields)


@pytest.fixture(scope="module")
def customer() -> Talk:
    return memory_edge(HandClock()).open()


@pytest.mark.parametrize("path", POSTS)
@settings(max_examples=150)
@given(data=st.data())
def test_no_json_makes_a_route_fail(customer: Talk, path: str, data: st.DataObject) -> None:
    body = data.draw(bodies(path))
    if isinstance(body, dict) and body.get("session_id") == "{id}":
        body = {**body, "session_id": customer.session_id}
    answer = post(customer, path, body)
    assert answer.status < 500, (body, answer)
    faults = body_faults(f"POST {path}", body)
    if answer.status < 300:
        assert faults == []
    if not faults and path != "/v1/feedback":  # whose ratings depend on their scale
        assert answer.status != 400 or answer.kind == "unknown-quick-reply"


@settings(max_examples=150)
@given(data=st.binary(max_size=200), path=st.sampled_from(POSTS))
def test_no_bytes_make_a_route_fail(customer: Talk, data: bytes, path: str) -> None:
    assert post(customer, path, data).status < 500


@settings(max_examples=150)
@given(
    name=st.text(max_size=60),
    value=st.text(max_size=60),
    method=st.sampled_from(["GET", "POST", "DELETE"]),
)
def test_no_path_query_or_header_makes_a_route_fail(
    customer: Talk, name: str, value: str, method: str
) -> None:
    one, two = (quote(text, safe="", errors="replace") for text in (name, value))
    targets = [
        f"/v1/sessions/{one}/turns",
        f"/v1/sessions/{one}",
        f"{customer.turns_path}?after={one}&limit={two}",
        f"/webhooks/rest/webhook?bot={two}",
    ]
    for target in targets:
        body = (
            {"message_id": "m1", "text": "안녕"}
            if "turns" in target
            else {"sender": "a", "message": "b"}
        )
        answer = customer.edge.send(
            method, target, None if method == "GET" else body,
            token=name, accept_language=value, content_type="application/json",
        )  # fmt: skip
        assert answer.status < 500
