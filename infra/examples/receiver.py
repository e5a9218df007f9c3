"""An example of a system that a bot's actions call: checks the signature, works once, answers.

Start it with ``python infra/examples/receiver.py --port 8790 --secret change-me``. It needs nothing
but Python. Four rules make it safe:

- a request whose signature or time is not right is refused (401);
- a request whose ``Idempotency-Key`` was answered before gets the same answer again, and nothing
  is done twice;
- what cannot be done right now is answered with 503, is not remembered, and comes again;
- what can never be done is answered with 400.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import json
import re
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from typing import Any

SECONDS = 300
"""How old a request may be: longer than clocks differ, shorter than a thief needs."""

LIMIT = 64 * 1024
"""How many bytes of a request are read."""


def is_genuine(body: bytes, headers: Mapping[str, str], *, secret: str, now: float) -> bool:
    """Tell whether a request was signed with the secret, not long ago."""
    timestamp = headers.get("Sangdam-Timestamp", "")
    if not re.fullmatch("[0-9]{1,12}", timestamp) or abs(now - int(timestamp)) > SECONDS:
        return False
    expected = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    given = headers.get("Sangdam-Signature", "").encode()
    return hmac.compare_digest(given, b"v1=" + expected.hexdigest().encode())


class Receiver(ThreadingHTTPServer):
    """Answers signed requests; ``work`` does what they ask for, once for each key."""

    def __init__(
        self,
        address: tuple[str, int],
        *,
        secret: str,
        work: Callable[[dict[str, Any]], dict[str, Any]],
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(address, _Handler)
        self.secret = secret
        self.work = work
        self.clock = clock
        # A real system keeps these in its database for some days, written with the work itself.
        self.answers: dict[str, bytes] = {}
        self.lock = Lock()

    def answer(self, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        """Return the status and the body for a request."""
        if not is_genuine(body, headers, secret=self.secret, now=self.clock()):
            return 401, b'{"error": "the signature or the time is wrong"}'
        key = headers.get("Idempotency-Key", "")
        try:
            request = json.loads(body)
        except ValueError:
            request = None
        if not key or not isinstance(request, dict):
            return 400, b'{"error": "there is no key, or the body is no JSON object"}'
        with self.lock:
            if key not in self.answers:
                try:
                    self.answers[key] = json.dumps(self.work(request)).encode()
                except Exception as error:
                    return 503, json.dumps({"error": type(error).__name__}).encode()
            return 200, self.answers[key]


class _Handler(BaseHTTPRequestHandler):
    server: Receiver
    timeout = 10  # whoever sends no more than half a request

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not re.fullmatch("[0-9]{1,9}", length) or int(length) > LIMIT:
            self.close_connection = True
            self._say(413, b'{"error": "the length is missing or too much"}')
            return
        self._say(*self.server.answer(self.rfile.read(int(length)), self._headers()))

    def _headers(self) -> Mapping[str, str]:
        names = ("Sangdam-Timestamp", "Sangdam-Signature", "Idempotency-Key")
        return {name: self.headers.get(name, "") for name in names}  # in whatever case they came

    def _say(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the base
        """Say nothing: a real system has a log of its own."""


def show(request: dict[str, Any]) -> dict[str, Any]:
    """Do the work: here, only show what was asked for."""
    print(json.dumps(request, ensure_ascii=False), flush=True)
    return {"outcome": "accepted", "fields": {"reference": request["reference"]}}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--port", type=int, default=8790)
    parser.add_argument("--secret", required=True)
    options = parser.parse_args()
    with Receiver(("127.0.0.1", options.port), secret=options.secret, work=show) as server:
        print(f"listening on http://127.0.0.1:{options.port}", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
