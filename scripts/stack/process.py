"""Runs other programs."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path


def run(
    command: Sequence[str | Path],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    is_shown: bool = False,
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end and return what came of it.

    What it prints is kept in ``stdout`` and ``stderr``, or shown as it comes if ``is_shown``.
    """
    return subprocess.run(  # noqa: S603 - the commands are ours, and no shell reads them
        command, cwd=cwd, env=env, capture_output=not is_shown, text=True, check=False
    )


def last_lines(done: subprocess.CompletedProcess[str], count: int = 40) -> str:
    """Return the end of what a command printed: where it says why it failed."""
    return "\n".join(f"{done.stdout}{done.stderr}".splitlines()[-count:])
