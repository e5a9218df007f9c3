"""The team's own system behind an HTTPS address: port ``Outside`` over the standard library."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Mapping
from urllib.parse import urlsplit

from sangdam.ports import OutsideAnswer, OutsideError

LIMIT = 256 * 1024
"""Longest answer that is read, in bytes."""


class HttpOutside:
    """Port ``Outside`` for ``https://`` addresses (and ``http://`` on this very machine).

    Redirects are not followed: a signed request goes where the pack says, and nowhere else.
    """

    def call(
        self, address: str, body: bytes, *, headers: Mapping[str, str], seconds: float
    ) -> OutsideAnswer:
        parts = urlsplit(address)
        kind = http.client.HTTPSConnection
        connection: http.client.HTTPConnection
        if parts.scheme == "https":
            connection = kind(parts.hostname or "", parts.port, timeout=seconds)
        else:
            connection = http.client.HTTPConnection(
                parts.hostname or "", parts.port, timeout=seconds
            )
        path = parts.path or "/"
        if parts.query:
            path += f"?{parts.query}"
        try:
            connection.request("POST", path, body=body, headers=dict(headers))
            answer = connection.getresponse()
            read = answer.read(LIMIT + 1)
        except (OSError, http.client.HTTPException) as error:
            reason = "timed out" if isinstance(error, socket.timeout) else repr(error)
            raise OutsideError(f"{parts.scheme}://{parts.netloc}: {reason}") from error
        finally:
            connection.close()
        if len(read) > LIMIT:
            raise OutsideError(f"{parts.scheme}://{parts.netloc}: more than {LIMIT} bytes")
        return OutsideAnswer(answer.status, read)
