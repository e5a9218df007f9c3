"""The SAM CLI, in an environment of its own: it pins the versions of half of what we use."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from scripts.local.intrinsics import REGION
from scripts.local.paths import ROOT
from scripts.stack.process import last_lines, run

Report = Callable[[str], None]


class SamError(RuntimeError):
    """The SAM CLI could not be installed; the message says why."""


def sam_python(root: Path = ROOT) -> Path:
    """Return the Python of sam's environment, whether or not it is there."""
    return root / ".venv-sam" / "bin" / "python"


def ensure_sam(root: Path = ROOT, *, report: Report) -> Path:
    """Return the sam command, installed from its lock file if it is missing or outdated.

    Raises SamError if it cannot be installed.
    """
    lock = root / "infra" / "locks" / "sam.txt"
    wanted = f"{hashlib.sha256(lock.read_bytes()).hexdigest()} {root}"
    python = sam_python(root)
    folder, command = python.parents[1], python.with_name("sam")
    stamp = folder / "installed"
    if command.exists() and stamp.exists() and stamp.read_text("utf-8") == wanted:
        return command
    report("installing the SAM CLI into .venv-sam (once; a minute or two)")
    shutil.rmtree(folder, ignore_errors=True)
    _run([sys.executable, "-m", "venv", str(folder)], "make the environment")
    # The lock names every package there is to install, so pip need not look for any other.
    _run(
        [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
         "--no-deps", "--require-hashes", "--no-compile", "--requirement", str(lock)],
        "install it",
    )  # fmt: skip
    stamp.write_text(wanted, "utf-8")
    return command


def sam_environment(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the environment for sam: no telemetry, no search for credentials, a known region."""
    return {
        **environ,
        "SAM_CLI_TELEMETRY": "0",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_DEFAULT_REGION": environ.get("AWS_DEFAULT_REGION", REGION),
    }


def _run(command: list[str], task: str) -> None:
    done = run(command)
    if done.returncode != 0:
        raise SamError(f".venv-sam: could not {task}:\n{last_lines(done, 10)}")
