"""Lambda's own runtime client, to run built functions here as AWS runs them."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from scripts.stack.process import last_lines, run
from scripts.stack.sam import SamError

PACKAGES = ("awslambdaric", "simplejson", "snapshot-restore-py")
FOLDER = Path(".aws-sam") / "runtime-client"


def fetch_runtime_client(root: Path, *, python: Path) -> Path:
    """Install the client for Lambda's Python 3.13 into .aws-sam/runtime-client, once.

    Versions and hashes are those of infra/locks/dev.txt. Raises SamError if it cannot be had.
    """
    lock = pinned((root / "infra" / "locks" / "dev.txt").read_text("utf-8"), PACKAGES)
    folder = root / FOLDER
    stamp = folder / "installed"
    if stamp.exists() and stamp.read_text("utf-8") == lock:
        return folder
    with tempfile.TemporaryDirectory() as scratch:
        requirements = Path(scratch, "requirements.txt")
        requirements.write_text(lock, "utf-8")
        done = run(
            [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--upgrade",
             "--no-deps", "--require-hashes", "--only-binary=:all:", "--implementation", "cp",
             "--python-version", "3.13", "--platform", "manylinux2014_x86_64",
             "--platform", "manylinux_2_28_x86_64", "--target", folder,
             "--requirement", requirements],
        )  # fmt: skip
    if done.returncode != 0:
        why = last_lines(done, 10)
        raise SamError(f"{FOLDER}: the runtime client could not be installed:\n{why}")
    stamp.write_text(lock, "utf-8")
    return folder


def pinned(lock: str, packages: tuple[str, ...]) -> str:
    """Return the entries of some packages of a lock file, hashes and all."""
    entries = {
        entry.group(1): entry.group(0)
        for entry in re.finditer(r"^([\w.-]+)==[^\n]*(?:\n +--hash=[^\n]*)+\n?", lock, re.MULTILINE)
    }
    if missing := [name for name in packages if name not in entries]:
        raise SamError(f"infra/locks/dev.txt: {missing[0]} is missing; scripts/lock writes it anew")
    return "".join(entries[name] for name in packages)
