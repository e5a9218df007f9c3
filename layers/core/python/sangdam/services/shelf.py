"""The releases a function has at hand: opened once, found again, replaced while running."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sangdam.bots.compiled import read_bot
from sangdam.bots.definition import Bot
from sangdam.learning.release import BOT, Pointer, ReleaseError
from sangdam.nlu.model import IntentModel
from sangdam.ports import Clock, ModelOpener, Registry
from sangdam.services.errors import UnknownBotError

LOOK_AGAIN = timedelta(seconds=30)
"""How long a pointer is believed; a new release is picked up at the next turn after that."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
UNUSABLE = (ReleaseError, OSError, ValueError)
"""What a release raises that cannot be served: damaged, out of reach, or of another version."""

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

    The baseline answers when the registry holds nothing, when it cannot be reached and nothing of
    it is open yet, and when the baseline carries a pack newer than the registry's (a team has just
    deployed an edited bot).
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

        What cannot be opened is passed over for the release served last, then for the baseline.

        Raises
        ------
        UnknownBotError
            If neither registry nor baseline know the bot.
        ReleaseError, StorageUnavailableError
            If they know it, and yet nothing of it can be opened.
        """
        now = self._clock()
        with self._lock:
            seen = self._seen.get(bot)
            is_open = seen is not None and (bot, seen.release) in self._open
            if seen is not None and is_open and now - seen.at < LOOK_AGAIN:
                choices = [seen]
            else:
                choices = self._look(bot, seen, now)
            failure: Exception | None = None
            for choice in dict.fromkeys(choices):
                try:
                    opened = self._opened(bot, choice.release, choice.registry)
                except UNUSABLE as error:
                    self._warn(f"{bot}/{choice.release} cannot be opened: {error}")
                    failure = failure or error
                    continue
                self._seen[bot] = choice
                return opened
        assert failure is not None  # there is one choice at least
        raise failure

    def pinned(self, bot: str, release: str) -> OpenRelease:
        """Return the release a running session keeps, or the current one if it is gone."""
        with self._lock:
            for registry in (self._registry, self._baseline):
                try:
                    return self._opened(bot, release, registry)
                except UNUSABLE:
                    continue
        self._warn(f"{bot}/{release} is gone; the session goes on with the current release")
        return self.current(bot)

    def _look(self, bot: str, seen: _Seen | None, now: datetime) -> list[_Seen]:
        """Return what may be served, best first."""
        if _NAME.fullmatch(bot) is None:
            raise UnknownBotError(f"{bot[:64]!r} is no name of a bot; bots here: {self._known()}")
        pointer, trouble = self._pointer(bot, self._registry)
        base, _ = self._pointer(bot, self._baseline)
        deployed = [_Seen(base.release, self._baseline, now)] if base is not None else []
        published = [_Seen(pointer.release, self._registry, now)] if pointer is not None else []
        served = [replace(seen, at=now)] if seen is not None else []
        if pointer is not None and base is not None and _is_newer_pack(base, pointer):
            return deployed + published + served
        choices = published + served + deployed if published or trouble else deployed + served
        if choices:
            return choices
        if trouble is not None:
            raise trouble
        raise UnknownBotError(f"bot '{bot}' has no release; bots here: {self._known()}")

    def _pointer(self, bot: str, registry: Registry) -> tuple[Pointer | None, Exception | None]:
        try:
            return registry.current(bot), None
        except UNUSABLE as error:
            self._warn(f"the current release of {bot} is not known: {error}")
            return None, error

    def _known(self) -> str:
        # Not from the registry: whoever guesses names must not make us list it each time.
        return ", ".join(sorted({*self._baseline.bots(), *self._seen})) or "none"

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
