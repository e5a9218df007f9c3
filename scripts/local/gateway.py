"""An HTTP API on this machine: template.yaml's routes, answered by the functions' own handlers.

It also offers Lambda's own invoke call, so that a function (or a script) that starts another one
through boto3 does the same here as in AWS.
"""

from __future__ import annotations

import json
import re
import socketserver
import sys
import threading
import traceback
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

from scripts.local.events import (
    BadAnswerError,
    Request,
    Response,
    event_of,
    plain_response,
    response_of,
)
from scripts.local.invoke import FunctionFailedError, Invoker
from scripts.local.routes import (
    find_route,
    is_preflight,
    preflight_headers,
    response_headers,
)
from scripts.local.template import Template

MAX_BODY = 10 * 1024 * 1024
MAX_PAYLOAD = 6 * 1024 * 1024
"""What Lambda takes and gives in one synchronous call, in bytes."""

_INVOKE = re.compile(r"/2015-03-31/functions/([^/]+)/invocations")
_IDLE_SECONDS = 75
_DRAIN_SECONDS = 1
_DRAIN_BYTES = 8 * MAX_BODY

Log = Callable[[str], None]


class Gateway:
    """Answers requests; no sockets here.

    Args:
        template: routes and CORS.
        invokers: by the function's logical id.
        now: the current time, for events.
        log: told of every failure, with its traceback.
    """

    def __init__(
        self,
        template: Template,
        invokers: Mapping[str, Invoker],
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        log: Log = lambda _line: None,
    ) -> None:
        self._template = template
        self._invokers = dict(invokers)
        self._by_name = {i.function.name: i for i in self._invokers.values()}
        self._now = now
        self._log = log

    def answer(self, request: Request) -> Response:
        """Answer a request; never raises."""
        invoke = _INVOKE.fullmatch(request.target.partition("?")[0])
        # A page in a browser names its origin and must not start functions behind the API's back.
        if invoke is not None and request.method == "POST" and "origin" not in request.headers:
            return self._invoke(unquote(invoke[1]), request)
        cors = self._template.cors
        if cors.origins and is_preflight(request.method, request.headers):
            return Response(204, tuple(preflight_headers(cors, request.headers).items()), b"")
        response = self._route(request)
        if not (shared := response_headers(cors, request.headers)):
            return response
        own = [h for h in response.headers if not h[0].startswith("access-control-")]
        return Response(response.status, (*own, *shared.items()), response.body)

    def _route(self, request: Request) -> Response:
        match = find_route(self._template.routes, method=request.method, path=request.path)
        if match is None:
            return plain_response(404, "Not Found")
        request_id = str(uuid.uuid4())
        event = event_of(request, match, request_id=request_id, now=self._now())
        name = f"{request.method} {request.path} ({match.route.function})"
        try:
            response = response_of(self._invokers[match.route.function](event))
        except FunctionFailedError as error:
            self._log("\n".join([f"{name}: {error}", *error.trace]))
            return plain_response(500, "Internal Server Error")
        except BadAnswerError as error:
            self._log(f"{name}: the function's answer cannot be sent: {error}")
            return plain_response(500, "Internal Server Error")
        if len(response.body) > MAX_PAYLOAD:
            self._log(f"{name}: an answer of {len(response.body)} bytes is over Lambda's limit")
            return plain_response(500, "Internal Server Error")
        identified = (*response.headers, ("apigw-requestid", request_id))
        return Response(response.status, identified, response.body)

    def _invoke(self, name: str, request: Request) -> Response:
        """Do what Lambda's Invoke call does, for a function's name or ARN."""
        name = name.partition(":function:")[2] or name
        invoker = self._by_name.get(name.partition(":")[0])
        if invoker is None:
            return _lambda_error(404, "ResourceNotFoundException", f"Function not found: {name}")
        if len(request.body) > MAX_PAYLOAD:
            return _lambda_error(413, "RequestTooLargeException", "The payload is over 6 MB")
        try:
            event = json.loads(request.body or b"null")
        except ValueError as error:
            message = f"Could not parse request body into json: {error}"
            return _lambda_error(400, "InvalidRequestContentException", message)
        match request.headers.get("x-amz-invocation-type", "RequestResponse"):
            case "DryRun":
                return Response(204, (), b"")
            case "Event":
                run = threading.Thread(target=self._run, args=(invoker, event), daemon=True)
                run.start()
                return Response(202, (), b"")
        return self._run(invoker, event)

    def _run(self, invoker: Invoker, event: Any) -> Response:
        headers = [("content-type", "application/json"), ("x-amz-executed-version", "$LATEST")]
        try:
            body = json.dumps(invoker(event), separators=(",", ":")).encode()
        except FunctionFailedError as error:
            self._log("\n".join([f"{invoker.function.logical_id}: {error}", *error.trace]))
            return _function_error(error)
        if len(body) > MAX_PAYLOAD:
            return _function_error(
                FunctionFailedError(
                    "Function.ResponseSizeTooLarge",
                    f"Response payload size ({len(body)} bytes) exceeded maximum allowed "
                    f"payload size ({MAX_PAYLOAD} bytes).",
                )
            )
        return Response(200, tuple(headers), body)


def _function_error(error: FunctionFailedError) -> Response:
    answer = {
        "errorMessage": error.message,
        "errorType": error.kind,
        "stackTrace": list(error.trace),
    }
    headers = (("content-type", "application/json"), ("x-amz-function-error", "Unhandled"))
    return Response(200, headers, json.dumps(answer).encode())


def _lambda_error(status: int, kind: str, message: str) -> Response:
    body = json.dumps({"Type": "User", "Message": message}).encode()
    return Response(
        status, (("content-type", "application/json"), ("x-amzn-errortype", kind)), body
    )


class GatewayServer(ThreadingHTTPServer):
    """Serves a gateway on one address; every connection has a thread of its own.

    The address is taken at once (OSError if it is in use); requests wait until ``serve``.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], *, log: Log, access_log: Log | None = None):
        super().__init__(address, _Connection)
        self.log = log
        self.access_log = access_log
        self.gateway: Gateway
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Where the server listens."""
        return f"http://{self.server_name}:{self.server_port}"

    def serve(self, gateway: Gateway) -> None:
        """Begin to answer, in a thread of its own, until ``stop``."""
        self.gateway = gateway
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop listening; connections under way are cut."""
        if self._thread is not None:
            self.shutdown()
            self._thread.join()
        self.server_close()

    def server_bind(self) -> None:
        """Take the address without asking any name server who we are."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Log what went wrong on a connection, unless the client just went away."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            self.log(traceback.format_exc())


class _BadRequestError(Exception):
    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.response = plain_response(status, message)


class _Connection(BaseHTTPRequestHandler):
    """One client's connection: reads requests, writes what the gateway answers."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = _IDLE_SECONDS
    server: GatewayServer

    def _serve(self) -> None:
        try:
            request = self._request()
        except _BadRequestError as error:
            self.close_connection = True
            self._write(error.response)
            self._drain()
            return
        response = self.server.gateway.answer(request)
        self._write(response)
        if self.server.access_log is not None:
            self.server.access_log(f"{response.status} {request.method} {request.target}")

    do_GET = do_HEAD = do_POST = do_DELETE = _serve  # noqa: N815 - the base class's names
    do_OPTIONS = do_PATCH = do_PUT = _serve  # noqa: N815 - the base class's names

    def _request(self) -> Request:
        headers: dict[str, str] = {}
        for name, value in self.headers.items():
            key = name.lower()
            joint = "; " if key == "cookie" else ","
            headers[key] = f"{headers[key]}{joint}{value}" if key in headers else value
        headers.setdefault("x-forwarded-for", self.client_address[0])
        headers.setdefault("x-forwarded-proto", "http")
        headers.setdefault("x-forwarded-port", str(self.server.server_address[1]))
        return Request(
            method=self.command,
            target=self.path,
            headers=headers,
            body=self._body(headers),
            source_ip=self.client_address[0],
        )

    def _body(self, headers: Mapping[str, str]) -> bytes:
        if headers.get("transfer-encoding", "").lower() == "chunked":
            return self._chunks()
        length = headers.get("content-length", "0")
        if not re.fullmatch(r"[0-9]{1,15}", length):
            raise _BadRequestError(400, "Bad Request")
        if int(length) > MAX_BODY:
            raise _BadRequestError(413, "Request Entity Too Large")
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            raise _BadRequestError(400, "Bad Request")
        return body

    def _drain(self) -> None:
        """Read on for a while: a client that is still sending would not see our answer else."""
        self.connection.settimeout(_DRAIN_SECONDS)
        left = _DRAIN_BYTES
        while left > 0 and (taken := self.rfile.read1(65536)):
            left -= len(taken)

    def _chunks(self) -> bytes:
        body = bytearray()
        while True:
            size_line = self.rfile.readline(1024).partition(b";")[0].strip()
            if not re.fullmatch(rb"[0-9a-fA-F]{1,8}", size_line):
                raise _BadRequestError(400, "Bad Request")
            size = int(size_line, 16)
            if len(body) + size > MAX_BODY:
                raise _BadRequestError(413, "Request Entity Too Large")
            if size == 0:
                while self.rfile.readline(8192).strip():
                    pass
                return bytes(body)
            body += self.rfile.read(size)
            self.rfile.readline(8)

    def _write(self, response: Response) -> None:
        self.send_response_only(response.status)
        self.send_header("date", self.date_time_string())
        for name, value in response.headers:
            self.send_header(name, value)
        if response.has_body:
            self.send_header("content-length", str(len(response.body)))
        if self.close_connection:
            self.send_header("connection", "close")
        self.end_headers()
        if response.has_body and self.command != "HEAD":
            self.wfile.write(response.body)
        self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Say nothing by itself; the server has an access log."""
