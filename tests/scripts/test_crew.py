"""Work side by side comes out as it does one after the other, whatever becomes of a process."""

from __future__ import annotations

import os
import signal
from multiprocessing import active_children

import pytest

from sangdam.ports import Progress
from scripts.local.crew import Lost, side_by_side

NAMES = ("bank", "clinic", "shop")


def shout(name: str, progress: Progress) -> str:
    """What the processes do; it stands here so that they find it."""
    progress("shouting", 0, 1)
    if name == "clinic":
        progress("breathing", 0, 2)
    progress("shouting", 1, 1)
    return f"{name.upper()}!"


def mishap(name: str, progress: Progress) -> str:
    if name == "clinic":
        os.kill(os.getpid(), signal.SIGKILL)
    return f"{name} of process {os.getpid()}"


@pytest.fixture
def told() -> list[tuple[str, int, int]]:
    return []


@pytest.fixture
def progress(told: list[tuple[str, int, int]]) -> Progress:
    return lambda task, done, total: told.append((task, done, total))


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_what_is_made_comes_in_order_and_who_says_what_is_known(
    jobs: int, progress: Progress, told: list[tuple[str, int, int]]
) -> None:
    made = side_by_side(shout, NAMES, jobs=jobs, progress=progress)
    assert list(made) == ["BANK!", "CLINIC!", "SHOP!"]
    for name in NAMES:
        said = [one for one in told if one[0].startswith(name)]
        breath = [(f"{name}: breathing", 0, 2)] if name == "clinic" else []
        assert said == [(f"{name}: shouting", 0, 1), *breath, (f"{name}: shouting", 1, 1)]


def test_a_process_that_is_killed_takes_no_other_with_it(progress: Progress) -> None:
    bank, clinic, shop = side_by_side(mishap, NAMES, jobs=2, progress=progress)
    assert clinic == Lost(-signal.SIGKILL)
    assert str(bank).startswith("bank of process ")
    assert str(shop).startswith("shop of process ")
    here = f"of process {os.getpid()}"
    assert here not in f"{bank} {shop}"


def test_each_name_has_a_process_to_itself(progress: Progress) -> None:
    made = list(side_by_side(mishap, ["bank", "shop", "travel"], jobs=2, progress=progress))
    assert len({str(one).rpartition(" ")[2] for one in made}) == 3


def idle(name: str, progress: Progress) -> str:
    if name == "bank":
        return name
    while True:
        signal.pause()


def test_who_leaves_early_leaves_nobody_at_work(progress: Progress) -> None:
    made = side_by_side(idle, ["bank", "shop"], jobs=2, progress=progress)
    assert next(made) == "bank"
    assert [process.name for process in active_children()] == ["shop"]
    made.close()
    assert active_children() == []
