"""The encoders that read for bots; that of ``accurate`` is opened when something first needs it.

All are made of several: of the first and the English one, and for ``accurate`` the second as well.
Bots that speak English alone have the large English one in its place. Their folders stand side by
side: what the first one's is called, with ``-english`` behind it for the English one, and with
``-accurate`` or ``-accurate-english`` for those that ``accurate`` adds.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from sangdam.bots.definition import Reading
from sangdam.ports import Encoder

Opener = Callable[[], Encoder | None]


class Encoders:
    """What there is to encode with. Safe for concurrent use.

    Parameters
    ----------
    fast
        The encoder of the fast profile; None if bots read by lexical features alone.
    accurate
        By how they are read, opens the encoder of such bots of the accurate profile, and raises if
        it is not there.
    """

    def __init__(
        self, fast: Encoder | None, *, accurate: Mapping[Reading, Opener] | None = None
    ) -> None:
        self._fast = fast
        self._open = dict(accurate or {})
        self._opened: dict[Reading, Encoder | None] = {}
        self._lock = threading.Lock()

    def of(self, reading: Reading) -> Encoder | None:
        """Return the encoder of bots that are read in a way, opening it if need be."""
        if reading == "fast":
            return self._fast
        with self._lock:
            if reading not in self._opened:
                self._opened[reading] = self._open.get(reading, lambda: None)()
            return self._opened[reading]

    def like(self, name: str) -> Encoder | None:
        """Return the encoder that may have that name, as far as its parts tell.

        What ``accurate`` adds stands between the other two, or behind them if it reads English.
        """
        models = _models(name)
        if len(models) < 3:
            return self._fast
        is_english = self._fast is not None and models[:2] == _models(self._fast.name)
        return self.of("accurate-english" if is_english else "accurate")


def _models(name: str) -> list[str]:
    """Return what the models of an encoder are called, whatever made their files."""
    return [model.partition("@")[0] for model in name.split("+")]


def accurate_folder(folder: Path) -> Path:
    """Return where the second encoder stands: beside the first."""
    return folder.with_name(f"{folder.name}-accurate")


def english_folder(folder: Path) -> Path:
    """Return where the English encoder stands: beside the first."""
    return folder.with_name(f"{folder.name}-english")


def large_english_folder(folder: Path) -> Path:
    """Return where the large English encoder stands: beside the first."""
    return folder.with_name(f"{folder.name}-accurate-english")
