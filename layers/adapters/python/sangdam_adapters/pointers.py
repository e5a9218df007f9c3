"""The stored form of the pointer to a bot's current release."""

from __future__ import annotations

import json
from datetime import datetime

from sangdam.learning.release import Pointer, ReleaseDamagedError

CURRENT = "current.json"
FORMAT = 1


def write_pointer(pointer: Pointer) -> bytes:
    """Return a pointer as JSON, without the registry's version mark."""
    document = {
        "format": FORMAT,
        "bot": pointer.bot,
        "release": pointer.release,
        "moved_at": pointer.moved_at.isoformat(),
        "pack": pointer.pack,
    }
    return json.dumps(document).encode()


def read_pointer(data: bytes, *, bot: str, version: str) -> Pointer:
    """Read a pointer back; ReleaseDamagedError if it is none of a known format."""
    try:
        top = json.loads(data)
        if top["format"] != FORMAT:
            raise ReleaseDamagedError(
                f"{bot}/{CURRENT}: pointer has format {top['format']}, this version reads {FORMAT};"
                " publish the bot again"
            )
        moved_at = datetime.fromisoformat(top["moved_at"])
        return Pointer(top["bot"], top["release"], moved_at, top["pack"], version)
    except (ValueError, KeyError, TypeError) as error:
        raise ReleaseDamagedError(
            f"{bot}/{CURRENT}: pointer cannot be read ({error!r}); publish the bot again"
        ) from error
