"""A release arrives whole where it is carried, and a lost report keeps nobody from publishing."""

from __future__ import annotations

import pytest

from sangdam.learning.release import ReleaseDamagedError, ReleaseExistsError, ReleaseMissingError
from sangdam.services.carry_release import carry_release
from sangdam_adapters.memory import MemoryRegistry
from tests.adapters.samples import a_release
from tests.core.counter import Clock

PAGES = {"report.html": b"<p>", "report.json": b"{}"}


class Shaken(MemoryRegistry):
    """A registry whose attachments were damaged on the way: the page altered, the figures lost."""

    def attachment(self, bot: str, release: str, name: str) -> bytes | None:
        if name == "report.html":
            raise ReleaseDamagedError(f"{bot}/{release}: attachment {name} is not the listed one")
        return None


def test_a_release_is_carried_with_its_attachments_and_the_pointer_stays() -> None:
    source, target = MemoryRegistry(clock=Clock()), MemoryRegistry(clock=Clock())
    release = a_release(attachments=PAGES)
    source.publish(release)
    assert carry_release("shop", release.name, source=source, target=target) == release
    assert target.load("shop", release.name).files == release.files
    assert target.attachment("shop", release.name, "report.html") == b"<p>"
    assert target.current("shop") is None


def test_a_damaged_attachment_is_left_behind() -> None:
    source, target = Shaken(clock=Clock()), MemoryRegistry(clock=Clock())
    release = a_release(attachments=PAGES)
    source.publish(release)
    assert carry_release("shop", release.name, source=source, target=target).attachments == {}
    assert target.load("shop", release.name).manifest == release.manifest
    assert target.attachment("shop", release.name, "report.json") is None


def test_what_is_missing_or_there_already_is_told() -> None:
    source, target = MemoryRegistry(clock=Clock()), MemoryRegistry(clock=Clock())
    release = a_release()
    with pytest.raises(ReleaseMissingError):
        carry_release("shop", release.name, source=source, target=target)
    source.publish(release)
    carry_release("shop", release.name, source=source, target=target)
    with pytest.raises(ReleaseExistsError):
        carry_release("shop", release.name, source=source, target=target)
