"""The whole service on this machine: stores, functions and gateway, started and stopped as one."""

from __future__ import annotations

import http
import http.client
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from boto3.session import Session
from moto.server import ThreadedMotoServer

from scripts.local.environment import (
    REMOVED,
    Placement,
    aws_environment,
    local_settings,
    place,
)
from scripts.local.gateway import Gateway, GatewayServer, Log
from scripts.local.invoke import FunctionFailedError, InProcess, Invoker, OwnProcess, import_handler
from scripts.local.moto_lock import lock_moto
from scripts.local.stack import create_stores, create_topics
from scripts.local.template import Template, load_template

HOST = "127.0.0.1"
HEALTH = "/v1/health"
_SECONDS = 60.0


class ServiceError(Exception):
    """The service cannot be started; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Service:
    """A running service: where it is, and the settings that lead to its stores."""

    url: str
    endpoint_url: str
    environment: Mapping[str, str]
    template: Template


@contextmanager
def serve(
    root: Path,
    *,
    port: int = 0,
    parameters: Mapping[str, str] | None = None,
    fill: Callable[[Service], None],
    log: Log,
    access_log: Log | None = None,
    function_log: Path | None = None,
) -> Iterator[Service]:
    """Serve the template in ``root`` until the block ends.

    While it runs, this process has the functions' environment.

    Args:
        root: the repository (template.yaml, functions/ and layers/ stand there).
        port: where to listen; 0 takes any free port.
        parameters: values for the template's parameters instead of their defaults.
        fill: puts releases and demo data into the empty stores, before the first request.
        log: told of every failure of a function, with its traceback.
        access_log: told of every request.
        function_log: file for what functions in a process of their own print.

    Raises
    ------
    ServiceError
        If the port is taken, or the functions cannot start or do not report good health.
    TemplateError
        If the template cannot be served.
    """
    template = load_template(root / "template.yaml", parameters=parameters)
    placement = place(template, root=root)
    with ExitStack() as stack:
        server = _listen(port, log=log, access_log=access_log)
        stack.callback(server.stop)
        endpoint = stack.enter_context(store_server())
        aws = aws_environment(endpoint=endpoint, gateway=server.url)
        environment = {**placement.environment, **aws}
        stack.enter_context(_process_environment(environment))
        session = Session()
        create_stores(template, dynamodb=session.client("dynamodb"), s3=session.client("s3"))
        create_topics(template, sns=session.client("sns"))
        service = Service(server.url, endpoint, environment, template)
        fill(service)
        invokers = _invokers(placement, aws, root=root, function_log=function_log)
        for invoker in invokers.values():
            if isinstance(invoker, OwnProcess):
                stack.callback(invoker.close)
        server.serve(Gateway(template, invokers, log=log))
        _await_health(server.url)
        yield service


@contextmanager
def store_server() -> Iterator[str]:
    """Run moto on a free port of this machine, empty and safe for parallel writes."""
    lock_moto()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(HOST, 0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        endpoint = f"http://{host}:{port}"
        _call("POST", f"{endpoint}/moto-api/reset")
        yield endpoint
    finally:
        server.stop()


def _listen(port: int, *, log: Log, access_log: Log | None) -> GatewayServer:
    try:
        return GatewayServer((HOST, port), log=log, access_log=access_log)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ServiceError(
            f"Port {port} cannot be used ({reason}). "
            "Choose another with --port, or --port 0 for any free one."
        ) from error


@contextmanager
def _process_environment(environment: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    for name in REMOVED:
        os.environ.pop(name, None)
    os.environ.update(environment)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _invokers(
    placement: Placement, aws: Mapping[str, str], *, root: Path, function_log: Path | None
) -> dict[str, Invoker]:
    invokers: dict[str, Invoker] = {}
    for function in placement.together:
        try:
            invokers[function.logical_id] = InProcess(function, import_handler(function))
        except FunctionFailedError as error:
            trace = "\n".join(error.trace)
            raise ServiceError(
                f"{function.logical_id} cannot start: {error.message}\n{trace}"
            ) from error
    for function in placement.alone:
        own = {
            **local_settings(function, root=root),
            **aws,
            "AWS_LAMBDA_FUNCTION_NAME": function.name,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory),
        }
        invokers[function.logical_id] = OwnProcess(function, environment=own, log=function_log)
    return invokers


def _await_health(url: str) -> None:
    """Ask once: the answer comes when the functions are ready, or says why they are not."""
    try:
        _call("GET", url + HEALTH)
    except (OSError, http.client.HTTPException) as error:
        raise ServiceError(f"{url}{HEALTH} does not report good health: {error}") from error


def _call(method: str, url: str) -> None:
    """Send a request to this machine; raises unless it is answered 200."""
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.netloc, timeout=_SECONDS)
    try:
        connection.request(method, address.path)
        response = connection.getresponse()
        text = response.read().decode("utf-8", errors="replace")
    finally:
        connection.close()
    if response.status != http.HTTPStatus.OK:
        raise http.client.HTTPException(f"{response.status} {text[:500]}")
