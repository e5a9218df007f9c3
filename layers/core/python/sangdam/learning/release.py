"""A release: compiled bot, classifier and manifest, immutable once written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

FORMAT = 1
MANIFEST = "manifest.json"
BOT = "bot.json"


class ReleaseError(Exception):
    """A release that cannot be used or written; the message names it and the way out."""


class ReleaseMissingError(ReleaseError):
    """No whole release of that name stands in the registry."""


class ReleaseDamagedError(ReleaseError):
    """A file of a release is not what its manifest says."""


class ReleaseExistsError(ReleaseError):
    """A release of that name stands already; releases are never overwritten."""


class PointerMovedError(ReleaseError):
    """The pointer is no longer where it was read; somebody else moved it meanwhile."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a release is made of and what is known of it.

    ``files`` maps each file to its SHA-256 (hex); ``inputs`` is the digest of everything that
    training depends on (pack, labels, code version, encoder), so that equal inputs need no new
    release; ``pack`` is the digest of the compiled bot and its examples alone. ``attachments`` are
    listed like files, but are for people: they are stored beside them and never loaded for serving.
    """

    bot: str
    release: str
    created_at: datetime
    files: Mapping[str, str]
    inputs: str
    pack: str
    parent: str | None
    code_version: str
    encoder: str | None
    metrics: Mapping[str, Any]
    attachments: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> bytes:
        """Return the manifest as canonical JSON."""
        document = {
            "format": FORMAT,
            "bot": self.bot,
            "release": self.release,
            "created_at": self.created_at.isoformat(),
            "files": dict(sorted(self.files.items())),
            "inputs": self.inputs,
            "pack": self.pack,
            "parent": self.parent,
            "code_version": self.code_version,
            "encoder": self.encoder,
            "metrics": dict(self.metrics),
        }
        if self.attachments:  # without any, a manifest reads as it did before there were some
            document["attachments"] = dict(sorted(self.attachments.items()))
        return json.dumps(document, ensure_ascii=False, indent=1).encode()

    @staticmethod
    def from_json(data: bytes, *, where: str) -> Manifest:
        """Read a manifest back; ReleaseDamagedError if it is none of a known format."""
        try:
            top = json.loads(data)
            if top["format"] != FORMAT:
                raise ReleaseDamagedError(
                    f"{where}: manifest has format {top['format']}, this version reads {FORMAT};"
                    " publish the bot again"
                )
            return Manifest(
                bot=top["bot"],
                release=top["release"],
                created_at=datetime.fromisoformat(top["created_at"]),
                files=dict(top["files"]),
                inputs=top["inputs"],
                pack=top["pack"],
                parent=top["parent"],
                code_version=top["code_version"],
                encoder=top["encoder"],
                metrics=dict(top["metrics"]),
                attachments=dict(top.get("attachments", {})),
            )
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise ReleaseDamagedError(
                f"{where}: manifest cannot be read ({error!r}); publish the bot again"
            ) from error


@dataclass(frozen=True, slots=True)
class Release:
    """A whole release: the manifest and every file it names (itself not among them).

    ``attachments`` are there when a release has just been built; a loaded one has none.
    """

    manifest: Manifest
    files: Mapping[str, bytes]
    attachments: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def bot(self) -> str:
        return self.manifest.bot

    @property
    def name(self) -> str:
        return self.manifest.release

    @property
    def size(self) -> int:
        """Bytes that are loaded to serve it: all files and the manifest."""
        return sum(map(len, self.files.values())) + len(self.manifest.to_json())


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where ``current`` points. ``pack`` is that release's pack digest; ``version`` is the
    registry's mark for compare-and-swap (an ETag), meaningless elsewhere."""

    bot: str
    release: str
    moved_at: datetime
    pack: str
    version: str = ""


def check_files(manifest: Manifest, files: Mapping[str, bytes], *, where: str) -> None:
    """Raise ReleaseDamagedError unless the files are just those of the manifest."""
    for name, expected in manifest.files.items():
        if name not in files:
            raise ReleaseDamagedError(f"{where}: file {name} is missing; publish the bot again")
        if sha256(files[name]) != expected:
            raise ReleaseDamagedError(
                f"{where}: file {name} is not the one the manifest lists; publish the bot again"
            )
    for name in files:
        if name not in manifest.files:
            raise ReleaseDamagedError(
                f"{where}: file {name} is not in the manifest; publish the bot again"
            )


def check_attachments(manifest: Manifest, attachments: Mapping[str, bytes], *, where: str) -> None:
    """Raise ReleaseDamagedError if an attachment is not one that the manifest lists.

    Missing ones are no damage: a release answers customers as well without its report.
    """
    for name, data in attachments.items():
        if manifest.attachments.get(name) != sha256(data):
            raise ReleaseDamagedError(
                f"{where}: attachment {name} is not the one the manifest lists;"
                " the release itself can be used, train again for another report"
            )
        if name in manifest.files or name == MANIFEST:
            raise ReleaseDamagedError(
                f"{where}: attachment {name} is named like a file of the release; rename it"
            )


def sha256(data: bytes) -> str:
    """Return the SHA-256 of bytes, in hex."""
    return hashlib.sha256(data).hexdigest()
