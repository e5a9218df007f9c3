"""Releases in a folder: the baseline that is deployed with the code, and a registry without AWS."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from sangdam.learning.release import (
    MANIFEST,
    Manifest,
    Pointer,
    PointerMovedError,
    Release,
    ReleaseExistsError,
    ReleaseMissingError,
    check_attachments,
    check_files,
    sha256,
)
from sangdam.ports import Clock
from sangdam_adapters.pointers import CURRENT, read_pointer, write_pointer

_UNFINISHED = ".unfinished-"


class FileRegistry:
    """Port ``Registry`` over ``<root>/<bot>/<release>/…`` and ``<root>/<bot>/current.json``.

    Writers on one machine wait for each other; readers may come at any time.
    """

    def __init__(self, root: Path, *, clock: Clock) -> None:
        self._root = root
        self._clock = clock

    def current(self, bot: str) -> Pointer | None:
        try:
            data = (self._root / bot / CURRENT).read_bytes()
        except FileNotFoundError:
            return None
        return read_pointer(data, bot=bot, version=sha256(data))

    def bots(self) -> Sequence[str]:
        if not self._root.is_dir():
            return ()
        return tuple(sorted(path.parent.name for path in self._root.glob(f"*/{CURRENT}")))

    def releases(self, bot: str) -> Sequence[str]:
        names = (path.parent.name for path in (self._root / bot).glob(f"*/{MANIFEST}"))
        return tuple(sorted(name for name in names if not name.startswith(_UNFINISHED)))

    def load(self, bot: str, release: str) -> Release:
        manifest = self._manifest(bot, release)
        files: dict[str, bytes] = {}
        for name in manifest.files:
            with suppress(FileNotFoundError):
                files[name] = (self._root / bot / release / name).read_bytes()
        check_files(manifest, files, where=f"{bot}/{release}")
        return Release(manifest, files)

    def attachment(self, bot: str, release: str, name: str) -> bytes | None:
        manifest = self._manifest(bot, release)
        if name not in manifest.attachments:
            return None
        try:
            data = (self._root / bot / release / name).read_bytes()
        except FileNotFoundError:
            return None
        check_attachments(manifest, {name: data}, where=f"{bot}/{release}")
        return data

    def publish(self, release: Release) -> None:
        where = f"{release.bot}/{release.name}"
        check_files(release.manifest, release.files, where=where)
        check_attachments(release.manifest, release.attachments, where=where)
        folder = self._root / release.bot / release.name
        folder.parent.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(dir=folder.parent, prefix=_UNFINISHED))
        try:
            for name, data in (*release.files.items(), *release.attachments.items()):
                (unfinished / name).parent.mkdir(parents=True, exist_ok=True)
                (unfinished / name).write_bytes(data)
            (unfinished / MANIFEST).write_bytes(release.manifest.to_json())
            unfinished.chmod(0o755)
            with _alone(folder.parent):
                if folder.exists():
                    raise ReleaseExistsError(
                        f"release {where} exists; releases are never overwritten"
                    )
                unfinished.rename(folder)
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise

    def move(self, bot: str, *, to: str, expected: Pointer | None) -> Pointer:
        pointer = Pointer(bot, to, self._clock(), self.load(bot, to).manifest.pack)
        data = write_pointer(pointer)
        target = self._root / bot / CURRENT
        with _alone(target.parent):
            known = self.current(bot)
            if known != expected:
                where = known.release if known is not None else "nowhere"
                raise PointerMovedError(f"current release of '{bot}' is {where}, moved meanwhile")
            beside = target.with_suffix(".new")
            beside.write_bytes(data)
            beside.replace(target)
        return replace(pointer, version=sha256(data))

    def _manifest(self, bot: str, release: str) -> Manifest:
        where = f"{bot}/{release}"
        try:
            data = (self._root / bot / release / MANIFEST).read_bytes()
        except FileNotFoundError as error:
            known = ", ".join(self.releases(bot)) or "none"
            raise ReleaseMissingError(
                f"release {where} does not exist in {self._root}; there: {known}"
            ) from error
        return Manifest.from_json(data, where=where)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other writers, threads and processes alike, out of a folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
