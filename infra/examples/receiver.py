"""An example of a system that a bot's actions call: checks the signature, works once, answers.

Start it with ``python infra/examples/receiver.py --port 8790 --secret change-me``. It needs nothing
but Python. Three rules make it safe:

- a request whose signature or time is not right is refused (401);
- a request with an ``Idempotency-Key`` that was answered before gets the same answer again, and
  nothing is done twice;
- what cannot be done right now is answered with 503, and comes again.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from typing import Any

SECONDS = 300
"""How old a request may be: longer than clocks differ, shorter than a thief needs."""


def is_genuine(body: bytes, headers: Mapping[str, str], *, secret: str, now: float) -> bool:
    """Tell whether a request was signed with the secret, not long ago."""
    timestamp = headers.get("Sangdam-Timestamp", "")
    if not timestamp.isdecimal() or abs(now - int(timestamp)) > SECONDS:
        return False
    expected = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    return hmac.compare_digest(headers.get("Sangdam-Signature", ""), "v1=" + expected.hexdigest())


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
        self.answers: dict[str, bytes] = {}
        self.lock = Lock()

    def answer(self, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        """Return the status and the body for a request."""
        if not is_genuine(body, headers, secret=self.secret, now=self.clock()):
            return 401, b'{"error": "the signature or the time is wrong"}'
        key = headers.get("Idempotency-Key", "")
        with self.lock:  # a real system keeps this in its database, in the same transaction
            if key not in self.answers:
                self.answers[key] = json.dumps(self.work(json.loads(body))).encode()
            return 200, self.answers[key]


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        status, answer = self.server.answer(body, dict(self.headers.items()))
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the base
        """Say nothing: a real system has a log of its own."""


def show(request: dict[str, Any]) -> dict[str, Any]:
    """Do the work: here, only show what was asked for."""
    print(json.dumps(request, ensure_ascii=False), flush=True)
    return {"outcome": "accepted", "fields": {"reference": request["reference"]}}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=8790)
    parser.add_argument("--secret", required=True)
    options = parser.parse_args()
    with Receiver(("127.0.0.1", options.port), secret=options.secret, work=show) as server:
        print(f"listening on http://127.0.0.1:{options.port}", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
