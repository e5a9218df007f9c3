"""Requests as API Gateway's payload format 2.0, and its answers back as HTTP. No I/O.

The odd parts are AWS's own, and are kept because functions must live with them: ``rawPath`` is
decoded (and ends at a decoded ``?``), a body is text only for a few content types, and an answer
without a content type becomes ``text/plain``.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, unquote

from scripts.local.intrinsics import ACCOUNT
from scripts.local.routes import Match

_TEXT_TYPES = frozenset({"application/json", "application/xml", "application/javascript"})
_NO_CONTENT = frozenset({204, 304})


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request as it came in. ``headers`` are lower-cased and joined by commas."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    source_ip: str

    @property
    def path(self) -> str:
        """The path, decoded as HTTP APIs decode it."""
        return unquote(self.target.partition("?")[0]).partition("?")[0] or "/"


@dataclass(frozen=True, slots=True)
class Response:
    """An HTTP response to write. ``headers`` may repeat a name (``set-cookie``)."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def has_body(self) -> bool:
        """Tell whether this status may carry a body at all."""
        return self.status not in _NO_CONTENT


class BadAnswerError(Exception):
    """A function's answer is not what API Gateway can send."""


def event_of(request: Request, match: Match, *, request_id: str, now: datetime) -> dict[str, Any]:
    """Build the event a function gets for a request."""
    headers = dict(request.headers)
    cookies = [c.strip() for c in headers.pop("cookie", "").split(";") if c.strip()]
    query = request.target.partition("?")[2]
    parameters: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        parameters[name] = f"{parameters[name]},{value}" if name in parameters else value
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": match.route.key,
        "rawPath": request.path,
        "rawQueryString": query,
        "headers": headers,
        "requestContext": {
            "accountId": ACCOUNT,
            "apiId": "local",
            "domainName": headers.get("host", "localhost"),
            "domainPrefix": "local",
            "http": {
                "method": request.method,
                "path": request.path,
                "protocol": "HTTP/1.1",
                "sourceIp": request.source_ip,
                "userAgent": headers.get("user-agent", ""),
            },
            "requestId": request_id,
            "routeKey": match.route.key,
            "stage": "$default",
            "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000"),
            "timeEpoch": int(now.timestamp() * 1000),
        },
        "isBase64Encoded": False,
    }
    if cookies:
        event["cookies"] = cookies
    if parameters:
        event["queryStringParameters"] = parameters
    if match.path_parameters:
        event["pathParameters"] = dict(match.path_parameters)
    if request.body:
        event["body"], event["isBase64Encoded"] = _body(request)
    return event


def _body(request: Request) -> tuple[str, bool]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind.startswith("text/") or kind in _TEXT_TYPES:
        return request.body.decode("utf-8", errors="replace"), False
    return base64.b64encode(request.body).decode("ascii"), True


def response_of(answer: Any) -> Response:
    """Turn what a function returned into a response.

    Raises BadAnswerError if API Gateway would refuse it.
    """
    if not (isinstance(answer, dict) and "statusCode" in answer):
        text = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
        return Response(200, (("content-type", "application/json"),), text.encode())
    try:
        status = int(answer["statusCode"])
    except (TypeError, ValueError) as error:
        raise BadAnswerError(f"statusCode is {answer['statusCode']!r}, not a number") from error
    if not 100 <= status <= 599:
        raise BadAnswerError(f"statusCode {status} is not an HTTP status")
    headers = answer.get("headers") or {}
    cookies = answer.get("cookies") or []
    if not isinstance(headers, dict) or not isinstance(cookies, list):
        raise BadAnswerError("headers must be an object and cookies a list")
    pairs = [(str(name).lower(), _header_value(name, value)) for name, value in headers.items()]
    pairs = [pair for pair in pairs if pair[0] not in ("content-length", "connection")]
    if not any(name == "content-type" for name, _ in pairs):
        pairs.append(("content-type", "text/plain; charset=utf-8"))
    pairs += [("set-cookie", _header_value("cookies", cookie)) for cookie in cookies]
    return Response(status, tuple(pairs), _response_body(answer))


def _header_value(name: Any, value: Any) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if isinstance(value, list | dict) or not text.isascii() or not text.isprintable():
        raise BadAnswerError(f"header {name!r} has a value that cannot be sent")
    return text


def _response_body(answer: Mapping[str, Any]) -> bytes:
    body = answer.get("body")
    if body is None:
        return b""
    if not isinstance(body, str):
        raise BadAnswerError(f"body is {type(body).__name__}, not a string")
    if not answer.get("isBase64Encoded"):
        return body.encode("utf-8", errors="replace")
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error as error:
        raise BadAnswerError(f"body is not valid Base64: {error}") from error


def plain_response(status: int, message: str) -> Response:
    """Return one of API Gateway's own answers: ``{"message": ...}``."""
    body = json.dumps({"message": message}, separators=(",", ":")).encode()
    return Response(status, (("content-type", "application/json"),), body)
