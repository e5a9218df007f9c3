"""Finds the function that answers a request, and what CORS says of it, as HTTP APIs do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scripts.local.template import Cors, Route


@dataclass(frozen=True, slots=True)
class Match:
    """A route that fits a request, with the values of its path parameters."""

    route: Route
    path_parameters: Mapping[str, str]


def find_route(routes: Sequence[Route], *, method: str, path: str) -> Match | None:
    """Return the most specific route for a decoded path: full match, greedy, then ``$default``."""
    fitting = [
        Match(route, parameters)
        for route in routes
        if route.method in (method, "ANY") and (parameters := _fit(route.path, path)) is not None
    ]
    return min(fitting, key=lambda match: _rank(match.route), default=None)


def _fit(pattern: str, path: str) -> dict[str, str] | None:
    if pattern == "$default":
        return {}
    wanted, given = pattern.split("/"), path.split("/")
    parameters: dict[str, str] = {}
    for position, segment in enumerate(wanted):
        if segment.startswith("{") and segment.endswith("+}"):
            rest = "/".join(given[position:])
            return {**parameters, segment[1:-2]: rest} if rest else None
        if position >= len(given):
            return None
        if segment.startswith("{") and segment.endswith("}"):
            if not given[position]:
                return None
            parameters[segment[1:-1]] = given[position]
        elif segment != given[position]:
            return None
    return parameters if len(wanted) == len(given) else None


def _rank(route: Route) -> tuple[int, tuple[int, ...], int]:
    """Order routes from the most to the least specific one."""
    if route.path == "$default":
        return (2, (), 1)
    segments = route.path.split("/")
    kinds = tuple(2 if s.endswith("+}") else 1 if s.startswith("{") else 0 for s in segments)
    return (1 if 2 in kinds else 0, kinds, 1 if route.method == "ANY" else 0)


def is_preflight(method: str, headers: Mapping[str, str]) -> bool:
    """Tell whether a request only asks what CORS allows."""
    return (
        method == "OPTIONS" and "origin" in headers and ("access-control-request-method" in headers)
    )


def preflight_headers(cors: Cors, headers: Mapping[str, str]) -> dict[str, str]:
    """Return what a preflight is answered with; nothing if the origin is not allowed."""
    answer = _origin_headers(cors, headers.get("origin"))
    if not answer:
        return {}
    if cors.methods:
        answer["access-control-allow-methods"] = ",".join(cors.methods)
    if cors.headers:
        answer["access-control-allow-headers"] = ",".join(cors.headers)
    if cors.max_age is not None:
        answer["access-control-max-age"] = str(cors.max_age)
    return answer


def response_headers(cors: Cors, headers: Mapping[str, str]) -> dict[str, str]:
    """Return the CORS headers of an answer to a request that names its origin."""
    answer = _origin_headers(cors, headers.get("origin"))
    if answer and cors.exposed:
        answer["access-control-expose-headers"] = ",".join(cors.exposed)
    return answer


def _origin_headers(cors: Cors, origin: str | None) -> dict[str, str]:
    if origin is None or not cors.origins:
        return {}
    if "*" in cors.origins and not cors.has_credentials:
        return {"access-control-allow-origin": "*"}
    scheme = origin.partition("://")[0] + "://*"
    if origin not in cors.origins and scheme not in cors.origins:
        return {}
    answer = {"access-control-allow-origin": origin, "vary": "Origin"}
    if cors.has_credentials:
        answer["access-control-allow-credentials"] = "true"
    return answer
