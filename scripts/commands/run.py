"""Serve template.yaml on this machine: the chat page, the API, and their stores in memory."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
import webbrowser
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from datetime import date
from pathlib import Path
from typing import TextIO

from sangdam_adapters import stores
from sangdam_adapters.settings import Settings
from scripts.local import demo
from scripts.local.baseline import publish_baseline
from scripts.local.intrinsics import TemplateError
from scripts.local.paths import PACKS, ROOT
from scripts.local.prepare import PrepareError, prepare
from scripts.local.running import Running, announced, run_folder
from scripts.local.service import Service, ServiceError, serve

LOG = "run.log"
INVOKE = "/2015-03-31/functions/"


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until Ctrl-C or SIGTERM; return the exit status."""
    parser = _parser()
    options = parser.parse_args(argv)
    try:
        parameters = dict(_pair(text) for text in options.parameter)
    except ValueError as error:
        parser.error(str(error))
    stop = threading.Event()
    try:
        prepare(ROOT)
        with _stopping(stop):
            _serve(options, parameters, stop)
    except KeyboardInterrupt:
        return 130
    except (PrepareError, TemplateError) as error:
        print(error, file=sys.stderr)
        return 1
    except ServiceError as error:
        print(f"{error}\nlog: {_short(options.folder / LOG)}", file=sys.stderr)
        return 1
    return 0


def _serve(options: argparse.Namespace, parameters: dict[str, str], stop: threading.Event) -> None:
    console = sys.stdout
    log_path = options.folder / LOG
    options.folder.mkdir(parents=True, exist_ok=True)
    print("Sangdam을 시작합니다 · starting Sangdam ...", flush=True)
    with (
        log_path.open("w", encoding="utf-8", buffering=1) as log,
        # Functions log to standard output, as Lambda wants it; the terminal is for people.
        redirect_stdout(log),
        redirect_stderr(log),
        serve(
            ROOT,
            port=options.port,
            parameters=parameters,
            fill=fill,
            log=lambda text: print(text, file=log, flush=True),
            access_log=None if options.quiet else Access(console, log_path),
            function_log=log_path,
        ) as service,
    ):
        running = Running(
            url=service.url,
            endpoint_url=service.endpoint_url,
            pid=os.getpid(),
            environment=service.environment,
        )
        with announced(running, folder=options.folder):
            print(welcome(service, log_path), file=console, flush=True)
            if not options.no_browser and _has_browser(console):
                webbrowser.open(service.url + "/")
            stop.wait()
    print("\n멈췄습니다 · stopped", flush=True)


def fill(service: Service) -> None:
    """Put trained releases and the packs' demonstration data into the service's empty stores."""
    settings = Settings(service.environment)
    baseline = stores.open_registry(settings.baseline)
    publish_baseline(baseline, stores.open_registry(settings.releases))
    demo.seed(stores.open_backoffice(settings.backoffice), packs=PACKS, today=date.today())


def welcome(service: Service, log: Path) -> str:
    """Return what a person sees when the service is up."""
    return f"""
  채팅 페이지 · chat page       {service.url}/
  API                           {service.url}/v1
  터미널 대화 · in a terminal   scripts/chat
  기록 · log                    {_short(log)}

  멈추려면 Ctrl-C · Ctrl-C stops it
"""


def _short(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


class Access:
    """Shows each request in one line; a failure of ours says where to read more."""

    def __init__(self, console: TextIO, log: Path) -> None:
        self._console = console
        self._log = log

    def __call__(self, line: str) -> None:
        if line.startswith("2") and INVOKE in line:
            return  # one function starting another is nothing a person asked for
        more = f"   -> {_short(self._log)}" if line.startswith("5") else ""
        print(f"  {line}{more}", file=self._console, flush=True)


def _has_browser(console: TextIO) -> bool:
    """Tell whether a window can open: not in CI, and not on a machine without a screen."""
    if os.environ.get("CI") or not console.isatty():
        return False
    has_screen = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return sys.platform == "darwin" or bool(has_screen)


@contextmanager
def _stopping(stop: threading.Event) -> Iterator[None]:
    """Until the block ends, Ctrl-C and SIGTERM ask to stop instead of breaking off."""

    def ask(number: int, frame: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise ValueError(f"--parameter {text!r}: write it as NAME=VALUE")
    return name, value


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/run", description=__doc__)
    parser.add_argument("--port", type=int, default=8000, help="default 8000; 0 takes a free one")
    parser.add_argument("--no-browser", action="store_true", help="open no browser")
    parser.add_argument("--quiet", action="store_true", help="show no requests")
    parser.add_argument(
        "--parameter",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a parameter of template.yaml, such as AllowedOrigins=http://localhost:3000",
    )
    parser.add_argument(
        "--folder",
        type=Path,
        default=run_folder(ROOT),
        help="where run.json (for other scripts) and run.log are written"
        " (default: $SANGDAM_FOLDER or .cache)",
    )
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
