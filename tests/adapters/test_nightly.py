"""One night over all bots: whatever becomes of one, the others have theirs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from sangdam.backoffice.orders import order_key, read_order
from sangdam.bots.definition import Example
from sangdam.bots.parse import Pack
from sangdam.bots.reading import Mistake, PackError
from sangdam.ports import Progress, StorageUnavailableError, TrainedModel, TrainingPlan
from sangdam.services.retrain import Night, School
from sangdam_adapters.memory import MemoryFeedback, MemoryRegistry
from sangdam_adapters.memory_backoffice import MemoryBackOffice
from sangdam_adapters.nightly import (
    LEAST_SECONDS,
    SEARCHING,
    NightFailedError,
    demo_of,
    retrain_all,
)
from sangdam_adapters.rehearsal import REHEARSAL_TIME, rehearser
from sangdam_adapters.settings import Address
from sangdam_adapters.telemetry import Telemetry
from tests.adapters.aws import ROOT
from tests.adapters.samples import HandClock
from tests.core import corner_shop
from tests.core.counter import Days
from tests.core.words import WordOpener, WordTrainer


@dataclass
class Packs:
    """Port ``Packs``; those named in ``broken`` cannot be loaded."""

    known: Sequence[str] = ("corner", "second")
    broken: dict[str, Exception] = field(default_factory=dict)

    def names(self) -> Sequence[str]:
        return self.known

    def load(self, name: str) -> Pack:
        if name in self.broken:
            raise self.broken[name]
        pack = corner_shop.pack()
        return replace(pack, bot=replace(pack.bot, name=name))


@pytest.fixture
def registry(clock: HandClock) -> MemoryRegistry:
    return MemoryRegistry(clock=clock)


@pytest.fixture
def packs() -> Packs:
    return Packs()


@pytest.fixture
def night(clock: HandClock, registry: MemoryRegistry, packs: Packs) -> Night:
    return Night(
        packs=packs,
        feedback=MemoryFeedback(),
        registry=registry,
        school=lambda profile: School(WordTrainer(), None),
        rehearser=rehearser(WordOpener(), corner_shop.writes, Days()),
        clock=clock,
        progress=lambda task, done, total: None,
        plan=TrainingPlan(),
    )


@pytest.fixture
def telemetry(request: pytest.FixtureRequest) -> Telemetry:
    return Telemetry(f"retrain-{request.node.name}")


def logged(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_every_bot_has_its_night(
    night: Night, registry: MemoryRegistry, telemetry: Telemetry
) -> None:
    answer = retrain_all(night, {}, telemetry=telemetry)
    assert sorted(report["bot"] for report in answer["reports"]) == ["corner", "second"]
    assert [report["result"] for report in answer["reports"]] == ["published", "published"]
    for report in answer["reports"]:
        pointer = registry.current(report["bot"])
        assert pointer is not None
        assert pointer.release == report["release"]
    json.dumps(answer)


def test_only_the_bots_of_the_event_are_retrained(
    night: Night, registry: MemoryRegistry, telemetry: Telemetry
) -> None:
    retrain_all(night, {"bots": ["second"]}, telemetry=telemetry)
    assert list(registry.bots()) == ["second"]


def test_every_night_begins_with_another_bot(
    night: Night, clock: HandClock, telemetry: Telemetry
) -> None:
    first = []
    for _ in range(4):
        answer = retrain_all(night, {}, telemetry=telemetry)
        first.append(answer["reports"][0]["bot"])
        clock.forward(days=1)
    assert first in (["corner", "second"] * 2, ["second", "corner"] * 2)


def test_the_time_of_the_night_is_shared(
    night: Night, clock: HandClock, telemetry: Telemetry
) -> None:
    given: list[float] = []

    class Timed(WordTrainer):
        def train(
            self, examples: Sequence[Example], plan: TrainingPlan, *, progress: Progress
        ) -> TrainedModel:
            given.append(plan.seconds)
            return super().train(examples, plan, progress=progress)

    timed = replace(night, school=lambda profile: School(Timed(), None))
    left = iter([900.0, 700.0])
    retrain_all(timed, {}, telemetry=telemetry, seconds_left=lambda: next(left))
    assert given == [SEARCHING * 450.0, SEARCHING * 700.0]
    given.clear()
    clock.forward(days=1)
    retrain_all(timed, {"force": True}, telemetry=telemetry)
    assert given == [night.plan.seconds] * 2


def test_a_bot_without_time_left_waits_and_is_told_of(
    night: Night,
    registry: MemoryRegistry,
    telemetry: Telemetry,
    capsys: pytest.CaptureFixture[str],
) -> None:
    left = iter([LEAST_SECONDS, LEAST_SECONDS - 1])
    event = {"bots": ["second", "corner"]}
    with pytest.raises(NightFailedError, match="corner: not begun, 119 s were left"):
        retrain_all(night, event, telemetry=telemetry, seconds_left=lambda: next(left))
    assert list(registry.bots()) == ["second"]
    assert [line["bot"] for line in logged(capsys) if "RetrainFailures" in line] == ["corner"]


def test_a_night_with_nothing_new_changes_nothing(
    night: Night, clock: HandClock, telemetry: Telemetry
) -> None:
    retrain_all(night, {}, telemetry=telemetry)
    clock.forward(days=1)
    again = retrain_all(night, {}, telemetry=telemetry)
    assert [report["result"] for report in again["reports"]] == ["unchanged", "unchanged"]
    forced = retrain_all(night, {"force": True}, telemetry=telemetry)
    assert [report["result"] for report in forced["reports"]] == ["published", "published"]


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (PackError([Mistake("corner/ko.yaml", "name", "is missing")]), "corner/ko.yaml: name"),
        (StorageUnavailableError("s3://bucket: gone"), "s3://bucket: gone"),
        (RuntimeError("whatever"), "whatever"),
    ],
)
def test_a_bot_in_trouble_costs_the_others_nothing(
    night: Night,
    packs: Packs,
    registry: MemoryRegistry,
    telemetry: Telemetry,
    capsys: pytest.CaptureFixture[str],
    trouble: Exception,
    said: str,
) -> None:
    packs.broken["corner"] = trouble
    with pytest.raises(NightFailedError, match=f"corner: .*{said}"):
        retrain_all(night, {}, telemetry=telemetry)
    assert list(registry.bots()) == ["second"]
    lines = logged(capsys)
    assert [line["bot"] for line in lines if "RetrainFailures" in line] == ["corner"]
    assert any(line.get("level") == "ERROR" for line in lines)


def test_a_refused_release_leaves_the_champion_and_fails_the_night(
    night: Night,
    registry: MemoryRegistry,
    clock: HandClock,
    telemetry: Telemetry,
    capsys: pytest.CaptureFixture[str],
) -> None:
    retrain_all(night, {}, telemetry=telemetry)
    champion = registry.current("corner")
    clock.forward(days=1)
    dull = replace(night, school=lambda profile: School(WordTrainer(forgets="human_agent"), None))
    with pytest.raises(NightFailedError, match="corner: refused: conversation differs"):
        retrain_all(dull, {"bots": ["corner"], "force": True}, telemetry=telemetry)
    assert registry.current("corner") == champion
    assert any("RetrainRefusals" in line for line in logged(capsys))


@pytest.mark.parametrize("bots", ["corner", {"corner": 1}, [1], 7])
def test_an_event_that_means_nothing_is_refused(
    night: Night, telemetry: Telemetry, bots: object
) -> None:
    with pytest.raises(NightFailedError, match='"bots" must be a list of names'):
        retrain_all(night, {"bots": bots}, telemetry=telemetry)


@pytest.mark.parametrize("name", ["bank", "../corner", ""])
def test_an_unknown_bot_is_told_with_those_there_are(
    night: Night, registry: MemoryRegistry, telemetry: Telemetry, name: str
) -> None:
    with pytest.raises(NightFailedError, match="there is no such pack; there: corner, second"):
        retrain_all(night, {"bots": [name, "second"]}, telemetry=telemetry)
    assert list(registry.bots()) == ["second"]


def test_rehearsals_use_the_demonstration_data_of_the_pack() -> None:
    folder = (ROOT / "layers" / "content" / "bots").as_posix()
    demo = demo_of(Address("file", "", folder))
    store = MemoryBackOffice(demo("shop"))
    record = store.get(order_key("shop", "20261120-0004"))
    assert record is not None
    assert read_order(record.record).ordered_on == REHEARSAL_TIME.date()
    assert demo("none") == ()


def test_no_file_is_read_before_a_rehearsal(tmp_path: Path) -> None:
    demo_of(Address("file", "", str(tmp_path / "nowhere")))
