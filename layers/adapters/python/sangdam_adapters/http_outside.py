"""The team's own system behind an HTTPS address: port ``Outside`` over the standard library."""

from __future__ import annotations

import http.client
import socket
import time
from collections.abc import Mapping
from contextlib import closing
from urllib.parse import SplitResult, urlsplit

from sangdam.backoffice.outgoing import named
from sangdam.ports import OutsideAnswer, OutsideError

LIMIT = 256 * 1024
"""Longest answer that is read, in bytes."""


class HttpOutside:
    """Port ``Outside`` for ``https://`` addresses (and ``http://`` on this very machine).

    Certificates are checked. Redirects are not followed: a signed request goes where the pack
    says, and nowhere else. The time-out is for the whole call, however slowly an answer drips in.
    """

    def call(
        self, address: str, body: bytes, *, headers: Mapping[str, str], seconds: float
    ) -> OutsideAnswer:
        until = time.monotonic() + seconds
        try:
            parts = urlsplit(address)
            with closing(_connection(parts, seconds)) as connection:
                connection.connect()
                line: socket.socket = connection.sock
                line.settimeout(_left(until))
                path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
                connection.request("POST", path, body=body, headers=dict(headers))
                line.settimeout(_left(until))
                answer = connection.getresponse()
                return OutsideAnswer(answer.status, _read(answer, line, until))
        except TimeoutError as error:
            raise OutsideError(f"{named(address)}: no answer in {seconds:g} seconds") from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            # ValueError: a port that is none, or a host whose name cannot be written.
            raise OutsideError(f"{named(address)}: {type(error).__name__}: {error}") from error


def _connection(parts: SplitResult, seconds: float) -> http.client.HTTPConnection:
    host, port = parts.hostname or "", parts.port
    if parts.scheme == "https":
        return http.client.HTTPSConnection(host, port, timeout=seconds)
    return http.client.HTTPConnection(host, port, timeout=seconds)


def _read(answer: http.client.HTTPResponse, line: socket.socket, until: float) -> bytes:
    read = b""
    while part := answer.read1(LIMIT):
        read += part
        if len(read) > LIMIT:
            raise http.client.HTTPException(f"answered more than {LIMIT} bytes")
        left = _left(until)
        if not answer.isclosed():  # it closes itself at its end
            line.settimeout(left)
    if answer.length:
        raise http.client.IncompleteRead(read, answer.length)
    return read


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
