"""Lets one script find the service that another one (scripts/run) has started."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

RUN_FILE = "run.json"
FOLDER = "SANGDAM_FOLDER"
"""Names the folder of run.json and run.log; without it they stand in .cache."""


def run_folder(root: Path) -> Path:
    """Return where scripts/run writes down that it runs."""
    return Path(os.environ.get(FOLDER) or root / ".cache")


@dataclass(frozen=True, slots=True)
class Running:
    """A service that runs on this machine, and the environment that leads to its stores."""

    url: str
    endpoint_url: str
    pid: int
    environment: Mapping[str, str]


@contextmanager
def announced(running: Running, *, folder: Path) -> Iterator[None]:
    """Write down where the service is, for as long as it runs."""
    path = folder / RUN_FILE
    folder.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(f".{running.pid}")
    beside.write_text(json.dumps(asdict(running), indent=1), encoding="utf-8")
    beside.replace(path)
    try:
        yield
    finally:
        if (found := _read(path)) is not None and found.pid == running.pid:
            path.unlink(missing_ok=True)


def find_running(root: Path) -> Running | None:
    """Return the service that scripts/run has started, or None if it runs no longer."""
    found = _read(run_folder(root) / RUN_FILE)
    return found if found is not None and _is_alive(found.pid) else None


def _read(path: Path) -> Running | None:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return Running(
            url=str(data["url"]),
            endpoint_url=str(data["endpoint_url"]),
            pid=int(data["pid"]),
            environment={str(k): str(v) for k, v in data["environment"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
