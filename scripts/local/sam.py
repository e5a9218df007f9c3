"""AWS's sam command, in an environment of its own: it pins versions that ours has newer."""

from __future__ import annotations

import hashlib
from pathlib import Path

from scripts.local.bootstrap import (
    STAMP,
    UNFINISHED,
    Steps,
    alone,
    base_interpreter,
    remove,
    trouble,
    write_stamp,
)

LOG = Path(".cache/setup-sam.log")


def ensure_sam(root: Path) -> Path:
    """Return the sam command of .venv-sam, made from infra/locks/sam.txt if it is not current.

    Raises SetupError if it cannot be made.
    """
    venv = root / ".venv-sam"
    sam = venv / "bin" / "sam"
    lock = root / "infra/locks/sam.txt"
    state = f"{hashlib.sha256(lock.read_bytes()).hexdigest()} {root}"
    with alone(root / ".cache/setup-sam.lock", what="set-up of sam"):
        if sam.is_file() and _stamped(venv / STAMP) == state and trouble(venv) is None:
            return sam
        print("Setting up sam in .venv-sam (only the first time, and when its lock changes).")
        (venv / STAMP).unlink(missing_ok=True)
        with Steps(root / LOG) as steps:
            if trouble(venv) is not None:
                remove(venv)
                steps.run("environment .venv-sam", [base_interpreter(), "-m", "venv", str(venv)])
            (venv / UNFINISHED).touch()
            steps.install(str(venv / "bin/python"), lock=lock, what="packages")
        write_stamp(venv / STAMP, state=state, interpreter=base_interpreter(), asked="")
        (venv / UNFINISHED).unlink()
    return sam


def _stamped(stamp: Path) -> str:
    try:
        return stamp.read_text(encoding="utf-8").splitlines()[0]
    except (OSError, IndexError):
        return ""
