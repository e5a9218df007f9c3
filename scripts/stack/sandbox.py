"""Runs a built function as Lambda does: its own layers alone, under Lambda's runtime client.

The client asks a small HTTP server for events and gives the answers back (the Lambda Runtime API).
"""

from __future__ import annotations

import json
import queue
import subprocess
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from scripts.stack.built import BuiltFunction

# Only the function, its layers, the client and the standard library can be imported.
_START = """
import json, sys
sys.path[:] = json.loads(sys.argv[1]) + [path for path in sys.path if path]
sys.argv[:] = ["bootstrap", sys.argv[2]]
from awslambdaric.__main__ import main
main(sys.argv)
"""


class SandboxError(RuntimeError):
    """The function did not start, died, or took too long."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an invocation came to: an answer, or what it failed with (Lambda's ``errorType``)."""

    answer: Any = None
    error_type: str | None = None
    error_message: str = ""


class Sandbox:
    """A process that runs one built function; a context manager."""

    def __init__(
        self,
        function: BuiltFunction,
        *,
        python: str,
        client: Path,
        environment: Mapping[str, str],
        log: Path,
        handler: str = "app.handler",
    ) -> None:
        self._function = function
        self._python = python
        self._client = client
        self._environment = environment
        self._log = log
        self._handler = handler
        self._events: queue.Queue[bytes | None] = queue.Queue()
        self._outcomes: queue.Queue[Outcome] = queue.Queue()
        self._server = _RuntimeApi(self._events, self._outcomes)
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        folders = [
            self._function.code.folder,
            *(layer.folder / "python" for layer in self._function.layers),
            self._client,
        ]
        paths = json.dumps([str(path.resolve()) for path in folders])
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                [self._python, "-I", "-S", "-B", "-c", _START, paths, self._handler],
                cwd=self._function.code.folder,
                env=self._variables(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._events.put(None)
        self._server.shutdown()
        self._server.server_close()

    def invoke(self, event: Any, *, timeout: float = 60) -> Outcome:
        """Hand the function an event and return what came of it. Raises SandboxError."""
        assert self._process is not None, "enter the sandbox first"
        self._events.put(json.dumps(event).encode())
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            try:
                return self._outcomes.get(timeout=0.05)
            except queue.Empty:
                if self._process.poll() is not None and self._outcomes.empty():
                    break
        raise SandboxError(
            f"{self._function.name}: no answer within {timeout} s or the process ended; its log:\n"
            + self._log.read_text("utf-8", "replace")[-4000:]
        )

    def _variables(self) -> dict[str, str]:
        host, port = self._server.server_address[:2]
        given = {name: self._unlayered(value) for name, value in self._environment.items()}
        return {
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_REGION": "ap-northeast-2",
            "AWS_DEFAULT_REGION": "ap-northeast-2",
            "AWS_LAMBDA_FUNCTION_NAME": self._function.name,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1769",
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "LANG": "C.UTF-8",
            "LAMBDA_TASK_ROOT": str(self._function.code.folder.resolve()),
            **given,
            "AWS_LAMBDA_RUNTIME_API": f"{host!s}:{port}",
        }

    def _unlayered(self, value: str) -> str:
        """Return an address under /opt where the layer that brings it stands here."""
        for layer in self._function.layers:
            for path in layer.folder.iterdir():
                if f"/opt/{path.name}" in value:
                    return value.replace(f"/opt/{path.name}", str(path.resolve()))
        return value


class _RuntimeApi(ThreadingHTTPServer):
    """Gives out events and takes in outcomes, one at a time."""

    daemon_threads = True

    def __init__(self, events: queue.Queue[bytes | None], outcomes: queue.Queue[Outcome]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.events = events
        self.outcomes = outcomes
        self.count = 0

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a function that is stopped hangs up in the middle of a request."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body leave together; without this every answer waits 40 ms for an acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True
    server: _RuntimeApi

    def do_GET(self) -> None:
        event = self.server.events.get()
        if event is None:
            self.close_connection = True
            return
        self.server.count += 1
        self.send_response(200)
        # The client crashes without a content type, as AWS always sends one.
        self.send_header("Content-Type", "application/json")
        self.send_header("Lambda-Runtime-Aws-Request-Id", f"request-{self.server.count}")
        self.send_header("Lambda-Runtime-Deadline-Ms", str(int((time.time() + 900) * 1000)))
        self.send_header("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:local")
        self.send_header("Content-Length", str(len(event)))
        self.end_headers()
        self.wfile.write(event)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        document = json.loads(body or b"null")
        if self.path.endswith("/error"):
            outcome = Outcome(None, document["errorType"], str(document["errorMessage"]))
        else:
            outcome = Outcome(document)
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()
        self.server.outcomes.put(outcome)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by its base
        """Say nothing."""
