"""The encoder of each profile; that of ``accurate`` is opened when something first needs it.

Both are made of several: the first and the English one, and for ``accurate`` the second as well.
Their folders stand side by side: what the first one's is called, with ``-accurate`` behind it for
the second, and with ``-english`` for the English one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from sangdam.bots.definition import Profile
from sangdam.ports import Encoder


class Encoders:
    """What there is to encode with. Safe for concurrent use.

    Parameters
    ----------
    fast
        The encoder of the fast profile; None if bots read by lexical features alone.
    accurate
        Opens the encoder of the accurate profile, and raises if it is not there.
    """

    def __init__(
        self, fast: Encoder | None, *, accurate: Callable[[], Encoder | None] = lambda: None
    ) -> None:
        self._fast = fast
        self._open = accurate
        self._accurate: Encoder | None = None
        self._lock = threading.Lock()

    def of(self, profile: Profile) -> Encoder | None:
        """Return the encoder of a profile, opening it if need be."""
        if profile == "fast":
            return self._fast
        with self._lock:
            if self._accurate is None:
                self._accurate = self._open()
            return self._accurate

    def like(self, name: str) -> Encoder | None:
        """Return the encoder that may have that name: the one of three parts if it has so many."""
        return self.of("accurate" if name.count("+") > 1 else "fast")


def accurate_folder(folder: Path) -> Path:
    """Return where the second encoder stands: beside the first."""
    return folder.with_name(f"{folder.name}-accurate")


def english_folder(folder: Path) -> Path:
    """Return where the English encoder stands: beside the first."""
    return folder.with_name(f"{folder.name}-english")
