"""Makes .venv: a Python environment with the locked dependencies and this project in it.

Run by scripts/setup with a bare Python, so it imports nothing but the standard library. The stamp
that tells scripts/setup "all is current" is written last: whatever interrupts a set-up, the next
one mends it.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

STAMP = ".sangdam-stamp"
UNFINISHED = ".sangdam-unfinished"
LOG = Path(".cache/setup.log")
_LOCK = Path(".cache/setup.lock")
_TAIL = 20
_EVERY = 25
_FOUND = ("Collecting ", "Processing ", "Requirement already satisfied")


class SetupError(Exception):
    """A step of the set-up failed; the message is one for people."""


def main(argv: Sequence[str] | None = None) -> int:
    """Bring .venv up to date and return the exit status."""
    parser = argparse.ArgumentParser(description="Used by scripts/setup.")
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--state", required=True)
    parser.add_argument("--asked", default="")
    given = parser.parse_args(argv)
    try:
        with alone(given.root / _LOCK, what="set-up"):
            prepare(given.root, state=given.state, asked=given.asked)
    except SetupError as error:
        print(f"Set-up failed: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nSet-up stopped; the next run begins it again.", file=sys.stderr)
        return 130
    return 0


def prepare(root: Path, *, state: str, asked: str) -> None:
    """Make or mend ``root``/.venv and stamp it with ``state``.

    Args:
        root: the repository.
        state: the line that scripts/setup compares with the stamp.
        asked: the interpreter asked for by name, if one was.
    """
    venv = root / ".venv"
    stamp = venv / STAMP
    interpreter = base_interpreter()
    if _is_stamped(stamp, state=state, asked=asked):
        return  # another set-up did it while this one waited
    print("Setting up Sangdam in this folder (only the first time, and when its lock changes).")
    stamp.unlink(missing_ok=True)
    problem = trouble(venv, interpreter=interpreter if asked else None)
    with Steps(root / LOG) as steps:
        if problem is not None:
            if problem:
                print(f"  .venv {problem}: making it anew")
            remove(venv)
            version = ".".join(map(str, sys.version_info[:3]))
            steps.run(
                f"environment .venv with Python {version} ({interpreter})",
                [interpreter, "-m", "venv", str(venv)],
            )
        (venv / UNFINISHED).touch()
        python = str(venv / "bin" / "python")
        lock = root / "infra" / "locks" / "dev.txt"
        steps.install(python, lock=lock, what="packages")
        steps.run(
            "this project itself",
            pip(python, "install", "--no-deps", "--no-build-isolation", "--editable", str(root)),
        )
    used = os.path.realpath(subprocess_text([python, "-c", "import sys;print(sys.executable)"]))
    write_stamp(stamp, state=state, interpreter=used, asked=asked)
    (venv / UNFINISHED).unlink()


def base_interpreter() -> str:
    """Return the interpreter that environments are made from, past links and environments."""
    base: str = getattr(sys, "_base_executable", "") or sys.executable
    return os.path.realpath(base)


def trouble(venv: Path, *, interpreter: str | None = None) -> str | None:
    """Tell why an environment must be made anew.

    Args:
        venv: the environment's folder.
        interpreter: the one it must have been made from, if that matters.

    Returns
    -------
    The reason in words, empty if there just is no environment yet, or None if it can be used.
    """
    if not venv.exists() and not venv.is_symlink():
        return ""
    if (venv / UNFINISHED).exists():
        return "is from a set-up that was interrupted"
    check = "import sys, pip; print(sys.prefix); print(*sys.version_info[:2])"
    try:
        prefix, version = subprocess_text([str(venv / "bin" / "python"), "-c", check]).split("\n")
    except (OSError, subprocess.CalledProcessError, ValueError):
        return "is broken (its Python or pip does not run)"
    if os.path.realpath(prefix) != os.path.realpath(venv):
        return "belongs to another folder"
    if version not in ("3 11", "3 12", "3 13"):
        return f"has Python {version.replace(' ', '.')}, which does not fit"
    if interpreter and os.path.realpath(venv / "bin" / "python") != interpreter:
        return "is made from another Python than SANGDAM_PYTHON"
    return None


def write_stamp(stamp: Path, *, state: str, interpreter: str, asked: str) -> None:
    """Write what scripts/setup reads: three lines, whole or not at all."""
    beside = stamp.with_suffix(".new")
    beside.write_text(f"{state}\n{interpreter}\n{asked}\n", encoding="utf-8")
    beside.replace(stamp)


def _is_stamped(stamp: Path, *, state: str, asked: str) -> bool:
    try:
        lines = stamp.read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    return len(lines) == 3 and lines[0] == state and (not asked or lines[2] == asked)


def pip(python: str, *arguments: str) -> list[str]:
    """Return a pip command that asks nothing; where packages come from is up to the user."""
    quiet = ("--no-input", "--disable-pip-version-check", "--no-color")
    return [python, "-m", "pip", *quiet, *arguments]


def subprocess_text(command: Sequence[str]) -> str:
    """Return what a command prints, stripped."""
    done = subprocess.run(  # noqa: S603 - a command of our own
        command, check=True, capture_output=True, text=True, env=_environment()
    )
    return done.stdout.strip()


def packages_in(lock: Path) -> int:
    """Return how many packages a lock file names."""
    text = lock.read_text(encoding="utf-8")
    return len(re.findall(r"^[A-Za-z0-9][\w.-]*(?:\[.*?\])?\s*==", text, flags=re.MULTILINE))


class Steps:
    """The steps of a set-up: each says what it does, and its output goes to the log."""

    def __init__(self, log: Path) -> None:
        self._path = log
        self._log: IO[str]

    def __enter__(self) -> Steps:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._log = self._path.open("w", encoding="utf-8")
        return self

    def __exit__(self, *_: object) -> None:
        self._log.close()

    def run(self, what: str, command: Sequence[str]) -> None:
        """Run a command that says nothing of its progress."""
        print(f"  {what} ...", end="", flush=True)
        began = time.monotonic()
        for _ in self._output(what, command):
            pass
        print(f" done ({time.monotonic() - began:.0f} s)", flush=True)

    def install(self, python: str, *, lock: Path, what: str) -> None:
        """Install what a lock file names, showing how far it has come."""
        total = packages_in(lock)
        progress = Progress(f"{total} {what} from {lock.name}", total=total)
        # Modules are compiled when they are first imported, and most never are.
        how = ("--progress-bar", "off", "--no-compile", "--require-hashes")
        command = pip(python, "install", *how, "--requirement", str(lock))
        for line in self._output(what, command):
            progress.saw(line)
        progress.end()

    def _output(self, what: str, command: Sequence[str]) -> Iterator[str]:
        self._log.write(f"$ {' '.join(command)}\n")
        self._log.flush()
        with subprocess.Popen(  # noqa: S603 - a command of our own
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=_environment(),
        ) as process:
            assert process.stdout is not None
            for line in process.stdout:
                self._log.write(line)
                yield line
        if process.returncode != 0:
            self._log.flush()
            tail = self._path.read_text(encoding="utf-8").splitlines()[-_TAIL:]
            print("\n" + "\n".join(f"    {line}" for line in tail), file=sys.stderr)
            raise SetupError(
                f"{what} could not be made ready. Everything that was said is in {self._path}. If "
                "the network or pip's configuration was the cause (`pip config list`), run "
                "scripts/setup again: it goes on where it stopped."
            )


class Progress:
    """How far pip has come: a bar on a terminal, now and then a line elsewhere."""

    def __init__(self, what: str, *, total: int, out: IO[str] | None = None) -> None:
        self._what = what
        self._total = total
        self._out = out or sys.stdout
        self._found = 0
        self._phase = "looking up"
        self._began = time.monotonic()
        self._is_terminal = self._out.isatty()
        if not self._is_terminal:
            print(f"  {what} ...", file=self._out, flush=True)

    def saw(self, line: str) -> None:
        """Take one line of pip's output."""
        if line.startswith(_FOUND):
            self._found += 1
        elif line.startswith("Installing collected"):
            self._phase = "installing"
        elif not line.lstrip().startswith(("Downloading ", "Using cached ")):
            return
        if self._is_terminal:
            self._draw()
        elif self._phase == "installing":
            print("    installing them", file=self._out, flush=True)
        elif line.startswith(_FOUND) and self._found % _EVERY == 0:
            print(f"    {self._found} of {self._total}", file=self._out, flush=True)

    def end(self) -> None:
        """Say that it is done, and how long it took."""
        seconds = time.monotonic() - self._began
        start = "\r\x1b[K" if self._is_terminal else ""
        print(f"{start}  {self._what}: done ({seconds:.0f} s)", file=self._out, flush=True)

    def _draw(self) -> None:
        share = min(1.0, self._found / max(1, self._total))
        bar = "#" * round(24 * share)
        seconds = time.monotonic() - self._began
        text = (
            f"  {self._what} [{bar:<24}] {self._phase} {self._found}/{self._total} {seconds:.0f} s"
        )
        print(f"\r\x1b[K{text}", end="", file=self._out, flush=True)


@contextmanager
def alone(lock: Path, *, what: str) -> Iterator[None]:
    """Wait until nobody else in this folder does the same."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"Another {what} of this folder is under way; waiting for it ...", flush=True)
            fcntl.flock(held, fcntl.LOCK_EX)
        yield


def remove(venv: Path) -> None:
    """Delete an environment, or whatever stands in its place."""
    if venv.is_symlink() or venv.is_file():
        venv.unlink()
    elif venv.exists():
        shutil.rmtree(venv)


def _environment() -> dict[str, str]:
    """Return the environment without what would lead Python or pip away from .venv."""
    leading_away = ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__", "PIP_TARGET")
    kept = {name: value for name, value in os.environ.items() if name not in leading_away}
    return {**kept, "PIP_USER": "0", "PYTHONUNBUFFERED": "1"}


if __name__ == "__main__":
    sys.exit(main())
