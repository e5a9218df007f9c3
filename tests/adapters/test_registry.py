"""The contract of the port ``Registry``, kept by every adapter."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from sangdam.learning.release import (
    PointerMovedError,
    Release,
    ReleaseDamagedError,
    ReleaseExistsError,
    ReleaseMissingError,
)
from sangdam.ports import Registry
from tests.adapters.samples import HandClock, a_release

FIRST, SECOND = "20261122-033000-1a2b3c4d", "20261123-033000-5e6f7a8b"


def all_at_once(task: Callable[[int], object], count: int = 20) -> list[object]:
    def outcome(number: int) -> object:
        try:
            return task(number)
        except Exception as error:
            return error

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(outcome, range(count)))


def test_a_published_release_is_loaded_whole(registry: Registry) -> None:
    release = a_release(
        files={"bot.json": b"{}", "head.onnx": b"\0\xff", "deep/er/words.json": b""}
    )
    registry.publish(release)
    assert registry.load("shop", FIRST) == release


def test_nothing_published_is_nothing(registry: Registry) -> None:
    assert registry.current("shop") is None
    assert list(registry.bots()) == []
    assert list(registry.releases("shop")) == []
    with pytest.raises(ReleaseMissingError, match=f"shop/{FIRST}"):
        registry.load("shop", FIRST)


def test_releases_are_listed_oldest_first_and_by_bot(registry: Registry) -> None:
    for name in (SECOND, FIRST):
        registry.publish(a_release(name))
    registry.publish(a_release(FIRST, bot="shopping"))
    assert list(registry.releases("shop")) == [FIRST, SECOND]
    assert list(registry.releases("shopping")) == [FIRST]
    assert list(registry.releases("sho")) == []


def test_a_release_is_never_overwritten(registry: Registry) -> None:
    registry.publish(a_release())
    other = a_release(files={"bot.json": b"other", "more.json": b"more"})
    with pytest.raises(ReleaseExistsError, match="never overwritten"):
        registry.publish(other)
    with pytest.raises(ReleaseExistsError):
        registry.publish(a_release())
    assert registry.load("shop", FIRST) == a_release()


def test_a_release_that_is_not_what_it_says_is_not_published(registry: Registry) -> None:
    release = a_release()
    damaged = replace(release, files={**release.files, "classifier.onnx": b"else"})
    with pytest.raises(ReleaseDamagedError, match="classifier"):
        registry.publish(damaged)
    with pytest.raises(ReleaseDamagedError, match="missing"):
        registry.publish(replace(release, files={}))
    assert list(registry.releases("shop")) == []


def test_of_twenty_who_publish_one_name_one_does(registry: Registry) -> None:
    def publish(number: int) -> int:
        registry.publish(a_release(files={"bot.json": str(number).encode() * 1000, "b": b"b"}))
        return number

    outcomes = all_at_once(publish)
    winners = [one for one in outcomes if isinstance(one, int)]
    assert len(winners) == 1
    assert sum(isinstance(one, ReleaseExistsError) for one in outcomes) == 19
    assert registry.load("shop", FIRST).files["bot.json"] == str(winners[0]).encode() * 1000


def test_the_pointer_moves_from_nowhere_and_on(registry: Registry, clock: HandClock) -> None:
    registry.publish(a_release())
    registry.publish(a_release(SECOND))
    first = registry.move("shop", to=FIRST, expected=None)
    assert (first.bot, first.release, first.moved_at) == ("shop", FIRST, clock.now)
    assert first.pack == a_release().manifest.pack
    assert registry.current("shop") == first
    clock.forward(hours=1)
    second = registry.move("shop", to=SECOND, expected=first)
    assert registry.current("shop") == second
    assert second.moved_at == clock.now
    clock.forward(hours=1)
    back = registry.move("shop", to=FIRST, expected=registry.current("shop"))
    assert registry.current("shop") == back
    assert list(registry.bots()) == ["shop"]


def test_the_pointer_moves_only_to_a_whole_release(registry: Registry) -> None:
    with pytest.raises(ReleaseMissingError):
        registry.move("shop", to=FIRST, expected=None)
    assert registry.current("shop") is None


def test_the_pointer_stays_where_somebody_else_moved_it(
    registry: Registry, clock: HandClock
) -> None:
    registry.publish(a_release())
    registry.publish(a_release(SECOND))
    first = registry.move("shop", to=FIRST, expected=None)
    with pytest.raises(PointerMovedError, match="shop"):
        registry.move("shop", to=SECOND, expected=None)
    clock.forward(hours=1)
    second = registry.move("shop", to=SECOND, expected=first)
    with pytest.raises(PointerMovedError):
        registry.move("shop", to=FIRST, expected=first)
    assert registry.current("shop") == second


def test_a_pointer_that_went_away_and_came_back_has_moved(
    registry: Registry, clock: HandClock
) -> None:
    for name in (FIRST, SECOND):
        registry.publish(a_release(name))
    first = registry.move("shop", to=FIRST, expected=None)
    clock.forward(hours=1)
    second = registry.move("shop", to=SECOND, expected=first)
    clock.forward(hours=1)
    registry.move("shop", to=FIRST, expected=second)
    with pytest.raises(PointerMovedError):
        registry.move("shop", to=SECOND, expected=first)


@pytest.mark.parametrize("has_champion", [False, True])
def test_of_twenty_who_move_the_pointer_one_does(registry: Registry, *, has_champion: bool) -> None:
    names = [f"20261122-0400{number:02d}-1a2b3c4d" for number in range(20)]
    for name in (FIRST, *names):
        registry.publish(a_release(name, files={"bot.json": b"{}"}))
    champion = registry.move("shop", to=FIRST, expected=None) if has_champion else None

    def move(number: int) -> str:
        return registry.move("shop", to=names[number], expected=champion).release

    outcomes = all_at_once(move)
    winners = [one for one in outcomes if isinstance(one, str)]
    assert len(winners) == 1
    assert sum(isinstance(one, PointerMovedError) for one in outcomes) == 19
    pointer = registry.current("shop")
    assert pointer is not None
    assert pointer.release == winners[0]


def test_bots_are_those_with_a_pointer(registry: Registry) -> None:
    for bot in ("shop", "bank", "clinic"):
        registry.publish(a_release(bot=bot))
    for bot in ("shop", "bank"):
        registry.move(bot, to=FIRST, expected=None)
    assert list(registry.bots()) == ["bank", "shop"]


def test_what_was_loaded_can_be_published_elsewhere(registry: Registry) -> None:
    release = a_release()
    registry.publish(release)
    loaded = registry.load("shop", FIRST)
    copy = Release(replace(loaded.manifest, release=SECOND, parent=FIRST), loaded.files)
    registry.publish(copy)
    assert registry.load("shop", SECOND).manifest.parent == FIRST


# Attachments: stored with a release, listed in its manifest, and no burden when it is loaded

ATTACHED = {"report.html": "<p>보고서</p>".encode(), "report.json": b"{}"}


def test_attachments_are_stored_with_a_release_and_not_loaded_with_it(registry: Registry) -> None:
    release = a_release(attachments=ATTACHED)
    registry.publish(release)
    loaded = registry.load("shop", FIRST)
    assert loaded == replace(release, attachments={})
    assert set(loaded.manifest.attachments) == set(ATTACHED)
    for name, data in ATTACHED.items():
        assert registry.attachment("shop", FIRST, name) == data


def test_only_what_was_attached_is_an_attachment(registry: Registry) -> None:
    registry.publish(a_release(attachments=ATTACHED))
    registry.publish(a_release(SECOND))
    for name in ("bot.json", "manifest.json", "../current.json", "report.pdf", ""):
        assert registry.attachment("shop", FIRST, name) is None
    assert registry.attachment("shop", SECOND, "report.html") is None
    with pytest.raises(ReleaseMissingError, match="shop/nothing"):
        registry.attachment("shop", "nothing", "report.html")


def test_an_attachment_that_is_not_the_listed_one_is_not_published(registry: Registry) -> None:
    release = a_release(attachments=ATTACHED)
    for attachments in ({"report.html": b"else"}, {**ATTACHED, "more.txt": b""}):
        with pytest.raises(ReleaseDamagedError, match="attachment"):
            registry.publish(replace(release, attachments=attachments))
    assert list(registry.releases("shop")) == []


def test_an_attachment_never_takes_the_place_of_a_file(registry: Registry) -> None:
    for name in ("bot.json", "manifest.json"):
        with pytest.raises(ReleaseDamagedError, match=f"attachment {name} is named like a file"):
            registry.publish(a_release(attachments={name: b"{}"}))


def test_a_release_does_without_its_attachments(registry: Registry) -> None:
    """Serving needs none of them, so whoever loaded a release can publish it elsewhere."""
    release = a_release(attachments=ATTACHED)
    registry.publish(replace(release, attachments={}))
    assert registry.load("shop", FIRST).manifest == release.manifest
    assert registry.attachment("shop", FIRST, "report.html") is None
    registry.move("shop", to=FIRST, expected=None)
