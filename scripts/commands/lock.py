"""scripts/lock: write every lock file anew."""

import argparse
import re
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.local.paths import ROOT
from scripts.stack.process import run

_COMMON = (
    "--quiet", "--generate-hashes", "--no-annotate", "--no-header", "--no-config",
    "--no-emit-index-url", "--no-emit-find-links",
)  # fmt: skip
# For the environments of this machine: 3.11 to 3.13, whatever the system.
_HERE = ("--universal", "--python-version", "3.11", "--fork-strategy", "fewest")
# For the layers: what Lambda's python3.13 loads, in the versions that were developed with.
_LAMBDA = (
    "--python-version", "3.13", "--python-platform", "x86_64-manylinux_2_28",
    "--only-binary", ":all:", "--constraints", "infra/locks/dev.txt",
)  # fmt: skip


class LockError(RuntimeError):
    """A lock file could not be written."""


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock file, and what goes into it: extras and groups of pyproject.toml, less ``without``."""

    file: str
    options: tuple[str, ...]
    without: tuple[str, ...] = ()


LOCKS = (
    Lock("infra/locks/dev.txt", ("pyproject.toml", *_HERE, "--all-extras", "--group", "dev")),
    Lock("infra/locks/sam.txt", (*_HERE, "--group", "pyproject.toml:sam")),
    # onnxruntime asks for these and never imports them; the serving path has its own tokeniser.
    Lock(
        "layers/runtime/requirements.txt",
        ("pyproject.toml", *_LAMBDA),
        without=("flatbuffers", "packaging", "protobuf", "sentencepiece"),
    ),
    Lock(
        "layers/trainer/requirements.txt",
        ("pyproject.toml", *_LAMBDA, "--extra", "training"),
        without=("flatbuffers", "packaging", "sentencepiece"),
    ),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Write the lock files; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="scripts/lock",
        description="Write infra/locks/*.txt and layers/*/requirements.txt anew from "
        "pyproject.toml: exact versions and hashes. Versions stay as they are where they still "
        "fit; layers take the versions of infra/locks/dev.txt.",
    )
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions that fit")
    parser.add_argument(
        "--uv", default="uv", metavar="PATH", help="the uv command (default: the one on PATH)"
    )
    given = parser.parse_args(argv)
    uv = shutil.which(given.uv)
    if uv is None:
        print(
            f"scripts/lock: {given.uv}: not found; install uv or name it with --uv PATH",
            file=sys.stderr,
        )
        return 1
    try:
        for lock in LOCKS:
            before = pins(ROOT / lock.file)
            write_lock(lock, uv=uv, is_upgrade=given.upgrade)
            print(f"{lock.file}: {_difference(before, pins(ROOT / lock.file))}", flush=True)
    except LockError as error:
        print(f"scripts/lock: {error}", file=sys.stderr)
        return 1
    return 0


def write_lock(lock: Lock, *, uv: str, is_upgrade: bool, root: Path = ROOT) -> None:
    """Write one lock file. Raises LockError if no versions fit together."""
    command = [uv, "pip", "compile", *lock.options, *_COMMON, "--output-file", lock.file]
    for name in lock.without:
        command += ["--no-emit-package", name]
    if is_upgrade:
        command.append("--upgrade")
    done = run(command, cwd=root)
    if done.returncode != 0:
        raise LockError(f"{lock.file}: {done.stderr.strip()}")
    # Whoever locks behind a mirror must not send everybody there.
    text = (root / lock.file).read_text("utf-8")
    if strange := [line for line in text.splitlines() if "://" in line or line.startswith("--")]:
        raise LockError(f"{lock.file}: must name no place to download from: {strange[0]}")


def pins(file: Path) -> dict[str, str]:
    """Return the versions that a lock file names; nothing if it is not there."""
    if not file.exists():
        return {}
    found = re.findall(r"^([\w.-]+)==([^\s;\\]+)", file.read_text("utf-8"), re.MULTILINE)
    return dict(found)


def _difference(before: dict[str, str], after: dict[str, str]) -> str:
    changes = [
        f"{name} {before.get(name, 'new')} -> {after.get(name, 'gone')}"
        for name in sorted(before | after)
        if before.get(name) != after.get(name)
    ]
    return f"{len(after)} packages, " + (", ".join(changes) or "as they were")


if __name__ == "__main__":
    sys.exit(main())
