"""Runs a function's handler: here in this process, or in one of its own.

A function shares this process when its settings agree with those of the functions already here and
no schedule starts it. Otherwise (training is long and holds the interpreter; its encoder has
another address) every invocation gets a fresh process with the function's own settings.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import threading
import time
import traceback
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from scripts.local.template import FunctionSpec

Handler = Callable[[Any, Any], Any]


class FunctionFailedError(Exception):
    """A handler raised, timed out or died. ``kind`` is Lambda's ``errorType``."""

    def __init__(self, kind: str, message: str, *, trace: Sequence[str] = ()) -> None:
        super().__init__(f"{kind}: {message}")
        self.kind = kind
        self.message = message
        self.trace = tuple(trace)


@dataclass(frozen=True, slots=True)
class LambdaContext:
    """What Lambda tells a handler about its invocation."""

    function_name: str
    memory_limit_in_mb: int
    invoked_function_arn: str
    aws_request_id: str
    deadline: float
    """On the clock of ``time.monotonic``."""

    function_version: str = "$LATEST"
    log_group_name: str = "local"
    log_stream_name: str = "local"
    identity: None = None
    client_context: None = None

    def get_remaining_time_in_millis(self) -> int:
        """Return how long the invocation may still run."""
        return max(0, int((self.deadline - time.monotonic()) * 1000))


def context_of(function: FunctionSpec, *, request_id: str | None = None) -> LambdaContext:
    """Make the context of one invocation."""
    return LambdaContext(
        function_name=function.name,
        memory_limit_in_mb=function.memory,
        invoked_function_arn=function.arn,
        aws_request_id=request_id or str(uuid.uuid4()),
        deadline=time.monotonic() + function.timeout,
    )


class Invoker(Protocol):
    """Runs one function."""

    @property
    def function(self) -> FunctionSpec: ...

    def __call__(self, event: Any, *, request_id: str | None = None) -> Any:
        """Return the handler's answer as JSON-like data. Raises FunctionFailedError."""


class InProcess:
    """Calls the handler in this process, in the caller's thread."""

    def __init__(self, function: FunctionSpec, handler: Handler) -> None:
        self.function = function
        self._handler = handler

    def __call__(self, event: Any, *, request_id: str | None = None) -> Any:
        """Call the handler with an event."""
        try:
            answer = self._handler(event, context_of(self.function, request_id=request_id))
            return json.loads(json.dumps(answer))
        except Exception as error:
            trace = traceback.format_exc().splitlines()
            raise FunctionFailedError(type(error).__name__, str(error), trace=trace) from error


class OwnProcess:
    """Runs the handler in a fresh process, with the function's own environment, for each call."""

    def __init__(
        self, function: FunctionSpec, *, environment: Mapping[str, str], log: Path | None = None
    ) -> None:
        self.function = function
        self._environment = environment
        self._log = log
        self._lock = threading.Lock()
        self._working: set[subprocess.Popen[bytes]] = set()

    def __call__(self, event: Any, *, request_id: str | None = None) -> Any:
        """Start a process, hand it the event, and wait for its answer or the time limit."""
        function = self.function
        job = {
            "module": function.module,
            "attribute": function.attribute,
            "context": {
                "function_name": function.name,
                "memory_limit_in_mb": function.memory,
                "invoked_function_arn": function.arn,
                "aws_request_id": request_id or str(uuid.uuid4()),
            },
            "timeout": function.timeout,
            "event": event,
        }
        output, status = self._run(json.dumps(job).encode())
        if status != 0:
            raise FunctionFailedError(
                "Runtime.ExitError", f"Runtime exited with error: exit status {status}"
            )
        answer = json.loads(output)
        if "failed" in answer:
            failed = answer["failed"]
            raise FunctionFailedError(failed["kind"], failed["message"], trace=failed["trace"])
        return answer["answer"]

    def close(self) -> None:
        """End the processes that are still at work."""
        with self._lock:
            for process in self._working:
                process.kill()

    def _run(self, job: bytes) -> tuple[bytes, int]:
        """Return a worker's output and exit status."""
        command = [sys.executable, "-P", "-m", "scripts.local.worker"]
        environment = {**os.environ, **self._environment}
        with (self._log or Path(os.devnull)).open("ab") as log:
            process = subprocess.Popen(  # noqa: S603 - a command of our own
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=environment,
            )
        with self._lock:
            self._working.add(process)
        try:
            output, _ = process.communicate(job, timeout=self.function.timeout)
        except subprocess.TimeoutExpired as error:
            process.kill()
            process.communicate()
            seconds = f"{self.function.timeout:.2f}"
            message = f"Task timed out after {seconds} seconds"
            raise FunctionFailedError("Sandbox.Timedout", message) from error
        finally:
            with self._lock:
                self._working.discard(process)
        return output, process.returncode


def import_handler(function: FunctionSpec) -> Handler:
    """Import the module of a function and return its handler.

    Raises FunctionFailedError, as Lambda does when a function cannot start.
    """
    try:
        module = importlib.import_module(function.module)
        handler: Handler = getattr(module, function.attribute)
    except Exception as error:
        trace = traceback.format_exc().splitlines()
        message = f"Unable to import {function.module}.{function.attribute}: {error}"
        raise FunctionFailedError("Runtime.ImportModuleError", message, trace=trace) from error
    return handler
