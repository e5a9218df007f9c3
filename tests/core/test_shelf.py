"""Releases at hand: the newest that can be had, quickly, and always one that works."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest

from sangdam.bots.parse import Pack, parse_pack
from sangdam.learning.release import Pointer, Release, ReleaseDamagedError
from sangdam.ports import StorageUnavailableError
from sangdam.services.errors import UnknownBotError
from sangdam.services.shelf import KEPT, LOOK_AGAIN, Shelf
from sangdam_adapters.memory import MemoryRegistry
from tests.core import corner_shop
from tests.core.counter import NOON, Clock, publish, release_of
from tests.core.words import FILE, WordOpener

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


class Breakable(MemoryRegistry):
    """A registry that can be cut off, or given a damaged release, and counts who looks."""

    def __init__(self, *, clock: Clock) -> None:
        super().__init__(clock=clock)
        self.unreachable = False
        self.damaged: set[str] = set()
        self.looks = 0

    def current(self, bot: str) -> Pointer | None:
        self.looks += 1
        self._reach()
        return super().current(bot)

    def bots(self) -> Sequence[str]:
        self._reach()
        return super().bots()

    def load(self, bot: str, release: str) -> Release:
        self._reach()
        if release in self.damaged:
            raise ReleaseDamagedError(f"{bot}/{release}: a file is not the one listed")
        return super().load(bot, release)

    def _reach(self) -> None:
        if self.unreachable:
            raise StorageUnavailableError("the registry cannot be reached")


class Shop:
    """A shelf over a registry and a baseline, both empty at first."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.registry = Breakable(clock=self.clock)
        self.baseline = Breakable(clock=self.clock)
        self.opener = WordOpener()
        self.warnings: list[str] = []

    def shelf(self) -> Shelf:
        return Shelf(
            self.registry, self.baseline, self.opener, clock=self.clock, warn=self.warnings.append
        )


@pytest.fixture
def shop() -> Shop:
    return Shop()


def made(number: int = 0, *, pack: Pack | None = None) -> Release:
    """Return a release of the corner shop, the number-th of the day."""
    return release_of(pack or corner_shop.pack(), now=NOON + number * SECOND)


def edited(reply: str) -> Pack:
    """Return the corner shop with another answer."""
    files = corner_shop.files()
    files["ko.yaml"]["intents"]["refund_when"]["reply"] = reply
    return parse_pack(corner_shop.NAME, files)


def test_the_current_release_is_opened_once(shop: Shop) -> None:
    release = publish(shop.registry, made())
    shelf = shop.shelf()
    assert shelf.current("corner").name == release.name
    assert shelf.current("corner") is shelf.pinned("corner", release.name)
    assert shop.opener.opened == 1


def test_a_newer_release_is_picked_up_after_half_a_minute(shop: Shop) -> None:
    first = publish(shop.registry, made())
    shelf = shop.shelf()
    shelf.current("corner")
    second = publish(shop.registry, made(1))
    shop.clock.pass_by(LOOK_AGAIN - SECOND)
    assert shelf.current("corner").name == first.name
    shop.clock.pass_by(SECOND)
    assert shelf.current("corner").name == second.name
    assert timedelta(seconds=60) >= LOOK_AGAIN


def test_the_pointer_is_not_read_at_every_turn(shop: Shop) -> None:
    publish(shop.registry, made())
    shelf = shop.shelf()
    shop.registry.looks = 0
    for _ in range(10):
        shelf.current("corner")
    assert shop.registry.looks == 1


def test_the_baseline_answers_while_the_registry_holds_nothing(shop: Shop) -> None:
    release = publish(shop.baseline, made())
    assert shop.shelf().current("corner").name == release.name


def test_the_baseline_answers_when_the_registry_cannot_be_reached(shop: Shop) -> None:
    base = publish(shop.baseline, made())
    shop.clock.pass_by(HOUR)
    publish(shop.registry, made(1))
    shop.registry.unreachable = True
    shelf = shop.shelf()
    assert shelf.current("corner").name == base.name
    assert "cannot be reached" in shop.warnings[0]
    assert shelf.bots() == ("corner",)


def test_a_registry_that_comes_back_is_listened_to_again(shop: Shop) -> None:
    publish(shop.baseline, made())
    shop.clock.pass_by(HOUR)
    release = publish(shop.registry, made(1))
    shop.registry.unreachable = True
    shelf = shop.shelf()
    shelf.current("corner")
    shop.registry.unreachable = False
    shop.clock.pass_by(LOOK_AGAIN)
    assert shelf.current("corner").name == release.name


def test_an_outage_changes_nothing_for_who_has_the_release_open(shop: Shop) -> None:
    publish(shop.baseline, made())
    shop.clock.pass_by(HOUR)
    release = publish(shop.registry, made(1))
    shelf = shop.shelf()
    shelf.current("corner")
    shop.registry.unreachable = True
    shop.clock.pass_by(LOOK_AGAIN)
    assert shelf.current("corner").name == release.name
    assert shelf.pinned("corner", release.name).name == release.name


def test_an_outage_does_not_make_a_bot_unknown(shop: Shop) -> None:
    publish(shop.registry, made())
    shop.registry.unreachable = True
    with pytest.raises(StorageUnavailableError):
        shop.shelf().current("corner")


def test_a_newer_pack_in_the_baseline_wins(shop: Shop) -> None:
    publish(shop.registry, made())
    shop.clock.pass_by(HOUR)
    deployed = publish(shop.baseline, made(1, pack=edited("영업일 5일쯤 걸려요.")))
    assert shop.shelf().current("corner").name == deployed.name


def test_an_older_baseline_does_not_win(shop: Shop) -> None:
    publish(shop.baseline, made(pack=edited("영업일 5일쯤 걸려요.")))
    shop.clock.pass_by(HOUR)
    release = publish(shop.registry, made(1))
    assert shop.shelf().current("corner").name == release.name


def test_a_newer_baseline_of_the_same_pack_does_not_win(shop: Shop) -> None:
    release = publish(shop.registry, made())
    shop.clock.pass_by(HOUR)
    publish(shop.baseline, made(1))
    assert shop.shelf().current("corner").name == release.name


def test_a_damaged_release_falls_back_to_the_baseline(shop: Shop) -> None:
    base = publish(shop.baseline, made())
    shop.clock.pass_by(HOUR)
    release = publish(shop.registry, made(1))
    shop.registry.damaged = {release.name}
    shelf = shop.shelf()
    assert shelf.current("corner").name == base.name
    assert any("cannot be opened" in warning for warning in shop.warnings)


def test_a_damaged_release_falls_back_to_the_one_before_it(shop: Shop) -> None:
    publish(shop.baseline, made())
    shop.clock.pass_by(HOUR)
    good = publish(shop.registry, made(1))
    shelf = shop.shelf()
    shelf.current("corner")
    bad = publish(shop.registry, made(2))
    shop.registry.damaged = {bad.name}
    shop.clock.pass_by(LOOK_AGAIN)
    assert shelf.current("corner").name == good.name


def test_a_model_that_cannot_be_opened_falls_back_too(shop: Shop) -> None:
    base = publish(shop.baseline, made())
    shop.clock.pass_by(HOUR)
    whole = made(1)
    files = {name: data for name, data in whole.files.items() if name != FILE}
    sums = {name: digest for name, digest in whole.manifest.files.items() if name != FILE}
    publish(shop.registry, Release(replace(whole.manifest, files=sums), files))
    assert shop.shelf().current("corner").name == base.name


def test_a_damaged_release_without_a_baseline_is_told(shop: Shop) -> None:
    release = publish(shop.registry, made())
    shop.registry.damaged = {release.name}
    with pytest.raises(ReleaseDamagedError):
        shop.shelf().current("corner")


def test_a_pinned_release_is_found_in_the_baseline_too(shop: Shop) -> None:
    base = publish(shop.baseline, made())
    shop.clock.pass_by(HOUR)
    publish(shop.registry, made(1))
    assert shop.shelf().pinned("corner", base.name).name == base.name


def test_a_pinned_release_that_is_gone_is_followed_by_the_current_one(shop: Shop) -> None:
    release = publish(shop.registry, made())
    assert shop.shelf().pinned("corner", "20200101-000000-00000000").name == release.name
    assert "20200101-000000-00000000" in shop.warnings[0]


@pytest.mark.parametrize("name", ["nobody", "", "../corner", "a/b", "..", "\0", "봇", "x" * 65])
def test_an_unknown_bot_is_refused_with_those_there_are(shop: Shop, name: str) -> None:
    publish(shop.baseline, made())
    with pytest.raises(UnknownBotError, match="bots here: corner"):
        shop.shelf().current(name)


def test_a_name_that_is_no_name_reaches_no_registry(shop: Shop) -> None:
    shelf = shop.shelf()
    with pytest.raises(UnknownBotError):
        shelf.current("../../etc")
    assert shop.registry.looks == shop.baseline.looks == 0


def test_only_so_many_releases_stay_open(shop: Shop) -> None:
    releases = [publish(shop.registry, made(number)) for number in range(KEPT + 1)]
    shelf = shop.shelf()
    for release in releases:
        shelf.pinned("corner", release.name)
    shop.opener.opened = 0
    shelf.pinned("corner", releases[-1].name)
    assert shop.opener.opened == 0
    shelf.pinned("corner", releases[0].name)
    assert shop.opener.opened == 1


def test_many_threads_open_a_release_once(shop: Shop) -> None:
    publish(shop.registry, made())
    shelf = shop.shelf()
    together = Barrier(12)

    def turn(_: int) -> str:
        together.wait()
        return shelf.current("corner").name

    with ThreadPoolExecutor(12) as pool:
        assert len(set(pool.map(turn, range(12)))) == 1
    assert shop.opener.opened == 1
