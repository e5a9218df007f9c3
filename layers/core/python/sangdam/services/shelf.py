"""The releases a function has at hand: opened once, found again, replaced while running."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sangdam.bots.compiled import read_bot
from sangdam.bots.definition import Bot
from sangdam.learning.release import BOT, Pointer, ReleaseError
from sangdam.nlu.model import IntentModel
from sangdam.ports import Clock, ModelOpener, Registry
from sangdam.services.errors import UnknownBotError

LOOK_AGAIN = timedelta(seconds=30)
"""How long a pointer is believed; a new release is picked up at the next turn after that."""

KEPT = 8
"""How many releases stay open at once."""


@dataclass(frozen=True, slots=True)
class OpenRelease:
    """A release ready to talk."""

    name: str
    bot: Bot
    model: IntentModel


@dataclass(frozen=True, slots=True)
class _Seen:
    release: str
    registry: Registry
    at: datetime


class Shelf:
    """Opens releases from the registry, or from the baseline that is deployed with the code.

    The baseline answers when the registry holds nothing or cannot be reached, and when it carries
    a pack newer than the registry's (a team has just deployed an edited bot).
    Safe for use by several threads.
    """

    def __init__(
        self,
        registry: Registry,
        baseline: Registry,
        opener: ModelOpener,
        *,
        clock: Clock,
        warn: Callable[[str], None],
    ) -> None:
        self._registry = registry
        self._baseline = baseline
        self._opener = opener
        self._clock = clock
        self._warn = warn
        self._lock = threading.Lock()
        self._open: OrderedDict[tuple[str, str], OpenRelease] = OrderedDict()
        self._seen: dict[str, _Seen] = {}

    def bots(self) -> tuple[str, ...]:
        """Return the names of all bots that can talk."""
        names = dict.fromkeys(self._baseline.bots())
        try:
            names |= dict.fromkeys(self._registry.bots())
        except OSError as error:
            self._warn(f"registry cannot be read ({error}); the baseline's bots are served")
        return tuple(sorted(names))

    def current(self, bot: str) -> OpenRelease:
        """Return the release new sessions of a bot start with.

        Raises
        ------
        UnknownBotError
            If neither registry nor baseline know the bot.
        """
        now = self._clock()
        with self._lock:
            seen = self._seen.get(bot)
            if seen is None or now - seen.at >= LOOK_AGAIN:
                seen = self._look(bot, now)
                self._seen[bot] = seen
            try:
                return self._opened(bot, seen.release, seen.registry)
            except (ReleaseError, OSError, ValueError) as error:
                pointer = self._baseline.current(bot)
                if pointer is None or seen.registry is self._baseline:
                    raise
                self._warn(f"{bot}/{seen.release} cannot be opened ({error}); baseline is served")
                self._seen[bot] = _Seen(pointer.release, self._baseline, now)
                return self._opened(bot, pointer.release, self._baseline)

    def pinned(self, bot: str, release: str) -> OpenRelease:
        """Return the release a running session keeps, or the current one if it is gone."""
        with self._lock:
            for registry in (self._registry, self._baseline):
                try:
                    return self._opened(bot, release, registry)
                except (ReleaseError, OSError, ValueError):
                    continue
        self._warn(f"{bot}/{release} is gone; the session goes on with the current release")
        return self.current(bot)

    def _look(self, bot: str, now: datetime) -> _Seen:
        base = self._baseline.current(bot)
        try:
            pointer = self._registry.current(bot)
        except OSError as error:
            self._warn(f"registry cannot be read ({error}); baseline of {bot} is served")
            pointer = None
        if pointer is None and base is None:
            known = ", ".join(sorted(self._baseline.bots())) or "none"
            raise UnknownBotError(f"bot '{bot}' has no release; bots here: {known}")
        if pointer is None or (base is not None and _is_newer_pack(base, pointer)):
            assert base is not None
            return _Seen(base.release, self._baseline, now)
        return _Seen(pointer.release, self._registry, now)

    def _opened(self, bot: str, name: str, registry: Registry) -> OpenRelease:
        key = (bot, name)
        known = self._open.get(key)
        if known is not None:
            self._open.move_to_end(key)
            return known
        release = registry.load(bot, name)
        opened = OpenRelease(name, read_bot(release.files[BOT]), self._opener.open(release.files))
        self._open[key] = opened
        while len(self._open) > KEPT:
            self._open.popitem(last=False)
        return opened


def _is_newer_pack(base: Pointer, pointer: Pointer) -> bool:
    return base.pack != pointer.pack and base.moved_at > pointer.moved_at
