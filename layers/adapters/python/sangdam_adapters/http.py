"""API Gateway's HTTP API events (payload 2.0) in, answers out; refusals as problem+json."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sangdam.bots.definition import LANGUAGES, Language
from sangdam.learning.release import ReleaseError
from sangdam.ports import StorageUnavailableError
from sangdam.services.errors import RefusedError
from sangdam_adapters.problems import BODY_LIMIT, PROBLEMS, ProblemError, problem_document
from sangdam_adapters.telemetry import Telemetry

Answer = dict[str, Any]

SESSION_ID = re.compile(r"[0-9a-f]{32}")
"""What the ids that we draw look like. Those of channels look otherwise, so that nobody can find
out over ``/v1`` who wrote through one."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request, read once."""

    route: str
    path: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    raw_body: bytes
    request_id: str

    @property
    def language(self) -> Language:
        """The caller's language by Accept-Language; Korean where it names neither."""
        wanted: dict[Language, float] = {}
        for choice in self.headers.get("accept-language", "").lower().split(","):
            tag, _, weight = choice.partition(";")
            for language in LANGUAGES:
                if tag.strip().partition("-")[0] == language:
                    wanted.setdefault(language, _weight(weight))
        best = max(wanted, key=wanted.__getitem__, default=LANGUAGES[0])
        return best if wanted.get(best) else LANGUAGES[0]

    def token(self) -> str:
        """Return the bearer token (RFC 6750); a ProblemError if there is none."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise ProblemError("missing_token")
        return token.strip()

    def body(self) -> dict[str, Any]:
        """Return the JSON object in the body; a ProblemError if there is none."""
        kind = self.headers.get("content-type", "application/json").split(";")[0].strip().lower()
        if kind != "application/json" and not kind.endswith("+json"):
            raise ProblemError("unsupported_media")
        if len(self.raw_body) > BODY_LIMIT:
            raise ProblemError("too_large")
        try:
            document = json.loads(self.raw_body.decode("utf-8"), parse_constant=_no_constant)
        except UnicodeDecodeError as error:
            raise ProblemError("invalid_json", detail="(UTF-8)") from error
        except RecursionError as error:
            raise ProblemError("invalid_json", detail="(nesting)") from error
        except ValueError as error:
            place = f"(line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
            raise ProblemError("invalid_json", detail=place) from error
        if not isinstance(document, dict):
            raise ProblemError("invalid_json")
        return document


@dataclass(frozen=True, slots=True)
class Response:
    """What an endpoint returns: a status, a JSON value (or nothing), extra headers."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


Endpoint = Callable[[Request], Response]


def read_request(event: Mapping[str, Any]) -> Request:
    """Read a payload 2.0 event."""
    raw = event.get("body") or ""
    try:
        body = _decoded(raw) if event.get("isBase64Encoded") else raw.encode("utf-8")
    except ValueError:
        body = b"\xff"  # no UTF-8, and so refused as no JSON
    return Request(
        route=str(event.get("routeKey", "")),
        path=event.get("pathParameters") or {},
        query=event.get("queryStringParameters") or {},
        headers={name.lower(): value for name, value in (event.get("headers") or {}).items()},
        raw_body=body,
        request_id=str(event.get("requestContext", {}).get("requestId", "")),
    )


def _decoded(raw: str) -> bytes:
    return base64.b64decode(raw, validate=True)


def serve(
    event: Mapping[str, Any], routes: Mapping[str, Endpoint], *, telemetry: Telemetry
) -> Answer:
    """Answer a request by its route; whatever is raised becomes a problem document."""
    request = read_request(event)
    with telemetry.request(request.route, request.request_id) as span:
        response = _respond(request, routes, telemetry)
        span.status = response.status
    return _answer(response)


def _respond(request: Request, routes: Mapping[str, Endpoint], telemetry: Telemetry) -> Response:
    try:
        endpoint = routes.get(request.route)
        if endpoint is None:
            raise ProblemError("unknown_route")
        return endpoint(request)
    except ProblemError as error:
        return _problem(error, request.language)
    except RefusedError as error:
        return _problem(ProblemError(error.code), request.language)
    except (StorageUnavailableError, ReleaseError) as error:
        telemetry.failed("storage unavailable", error)
        return _problem(ProblemError("unavailable"), request.language)
    except Exception as error:
        # The last resort: logged with its traceback, and told to the client without it.
        telemetry.failed("unexpected", error)
        return _problem(ProblemError("internal"), request.language)


def _problem(error: ProblemError, language: Language) -> Response:
    problem = PROBLEMS[error.code]
    headers = {"content-type": "application/problem+json; charset=utf-8"}
    if problem.retry_after is not None:
        headers["retry-after"] = str(problem.retry_after)
    if problem.status == 401:
        headers["www-authenticate"] = "Bearer"
    document = problem_document(error.code, language, detail=error.detail, fields=error.fields)
    return Response(problem.status, document, {**headers, "content-language": language})


def _answer(response: Response) -> Answer:
    headers = {
        "content-type": "application/json; charset=utf-8",
        "cache-control": "no-store",
        **response.headers,
    }
    if response.body is None:
        headers.pop("content-type")
        return {"statusCode": response.status, "headers": headers, "body": ""}
    return {"statusCode": response.status, "headers": headers, "body": to_json(response.body)}


def to_json(value: Any) -> str:
    """Return JSON as it goes out: equal values give equal bytes; lone surrogates stay legal."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"))
    return text


def _weight(parameters: str) -> float:
    found = re.fullmatch(r"\s*q=([01](?:\.\d{0,3})?)\s*", parameters)
    return float(found[1]) if found is not None else 1.0


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")
