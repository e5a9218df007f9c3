"""The tests in two shares, for two processes side by side: what goes where, one report of both."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

FIRST = ("web", "core", "journeys", "stack")
"""These folders of tests/ take about as long as all the others, in this order: the browser's tests,
which mind a busy machine, while the others begin with what starts no processes."""
_BLINK = 0.2


def shares(tests: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the folders with tests, every one in exactly one of two shares."""
    names = sorted(path.name for path in tests.iterdir() if any(path.glob("test_*.py")))
    first = [name for name in FIRST if name in names]
    second = [name for name in names if name not in FIRST]
    return (
        tuple(f"{tests.name}/{name}" for name in first),
        tuple(f"{tests.name}/{name}" for name in second),
    )


def call_both(first: Sequence[str], second: Sequence[str], *, cwd: Path, log: Path) -> int:
    """Run two commands at once; return 0 or the status of one that failed.

    The first one's output comes as it is written, then the second one's, which waits in ``log``.
    """
    sys.stdout.flush()
    beside = Beside(second, cwd=cwd, log=log)
    status = subprocess.run(  # noqa: S603 - commands of our own
        first, cwd=cwd, check=False, stdin=subprocess.DEVNULL
    ).returncode
    other = beside.wait()
    return status or other


class Beside:
    """A command that runs while others do; its output waits in ``log`` until it is asked for."""

    def __init__(self, command: Sequence[str], *, cwd: Path, log: Path) -> None:
        log.parent.mkdir(parents=True, exist_ok=True)
        self._log = log
        with log.open("wb") as written:
            self._process = subprocess.Popen(  # noqa: S603 - commands of our own
                command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=written,
                stderr=subprocess.STDOUT,
            )  # fmt: skip

    def wait(self) -> int:
        """Print what it wrote and writes until it ends, and return its status."""
        with self._log.open(encoding="utf-8", errors="replace") as told:
            _follow(told, self._process)
        self._log.unlink()
        return self._process.returncode

    def stop(self) -> None:
        """End it if it still runs; nobody asks for its output any more."""
        if self._process.poll() is None:
            self._process.terminate()
            self._process.wait()
        self._log.unlink(missing_ok=True)


def merge(reports: Sequence[Path], into: Path) -> None:
    """Write the suites of several JUnit reports as one; what cannot be read is left out."""
    whole = ElementTree.Element("testsuites", name="pytest tests")
    for report in reports:
        try:
            whole.extend(ElementTree.parse(report).getroot().iter("testsuite"))  # noqa: S314 - ours
        except (OSError, ElementTree.ParseError):
            continue
        report.unlink()
    if len(whole):
        ElementTree.ElementTree(whole).write(into, encoding="utf-8", xml_declaration=True)


def _follow(told: IO[str], process: subprocess.Popen[bytes]) -> None:
    is_over = False
    while not is_over:
        is_over = process.poll() is not None  # asked first: what it wrote last is read after it
        sys.stdout.write(told.read())
        sys.stdout.flush()
        if not is_over:
            time.sleep(_BLINK)
