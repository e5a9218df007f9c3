"""The benchmark measures what is asked for, and says what is left out and which goals are kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from sangdam_adapters.encoders import Encoders
from sangdam_adapters.memory import MemoryRegistry
from sangdam_adapters.onnx_encoder import EncoderError
from sangdam_adapters.yaml_bots import YamlPacks
from scripts.commands import bench
from scripts.evaluation.bench_figures import Figures, side_by_side, spread, table
from scripts.evaluation.bench_peer import PeerBrokenError, PeerMissingError
from scripts.evaluation.bench_training import (
    CASES,
    Case,
    TrainingFailedError,
    in_own_process,
    train,
)
from scripts.evaluation.bench_training import main as train_once
from scripts.evaluation.bench_understanding import NoReleaseError, sample, title, understanding
from scripts.local.bench_memory import peak_memory
from scripts.local.paths import PACKS
from tests.training.sentences import WordEncoder, examples

ALWAYS = ["understanding", "memory", "moto", "encoder", "starts"]


def asked_for(*given: str) -> list[str]:
    options = bench._parser().parse_args(given)
    return list(bench.parts(YamlPacks(PACKS).load("shop"), options))


def test_what_takes_long_or_needs_the_network_is_measured_only_when_asked_for() -> None:
    assert asked_for() == ALWAYS
    assert asked_for("--peer") == [*ALWAYS, "peer"]
    assert asked_for("--training") == [
        *ALWAYS,
        "training, 500 rows x 50 intents",
        "training, 10,000 rows x 77 intents",
    ]


@pytest.mark.parametrize("given", [("--turns", "0"), ("--starts", "-1"), ("--turns", "many")])
def test_a_number_that_measures_nothing_is_refused(
    given: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        bench.main(given)
    assert given[0] in capsys.readouterr().err


def test_an_unknown_bot_is_one_line_and_exit_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["--bot", "nobody"]) == 2
    assert "nobody" in capsys.readouterr().err


def test_a_missing_peer_is_left_out_and_nothing_is_amiss() -> None:
    def missing() -> dict[str, Figures]:
        raise PeerMissingError("nlp.js: there is no node on this machine")

    told: list[str] = []
    measured, is_whole = bench.run([missing, lambda: {"a": {"p50_ms": 1.0}}], tell=told.append)
    assert (measured, is_whole) == ({"a": {"p50_ms": 1.0}}, True)
    assert told == ["left out: nlp.js: there is no node on this machine"]


@pytest.mark.parametrize("error", [PeerBrokenError, TrainingFailedError, EncoderError])
def test_what_fails_takes_no_other_figure_with_it(error: type[Exception]) -> None:
    def broken() -> dict[str, Figures]:
        raise error("it stopped")

    told: list[str] = []
    measured, is_whole = bench.run(
        [lambda: {"a": {"x": 1.0}}, broken, lambda: {"b": {"x": 2.0}}], tell=told.append
    )
    assert (measured, is_whole) == ({"a": {"x": 1.0}, "b": {"x": 2.0}}, False)
    assert told == ["it stopped"]


def test_figures_stand_beside_their_goals() -> None:
    measured = {"understanding": {"p50_ms": 2.0, "p99_ms": 6.01}, "other": {"p50_ms": 9.0}}
    goals = {("understanding", "p50_ms"): 2.0, ("understanding", "p99_ms"): 6.0}
    written = StringIO()
    Console(file=written, width=100).print(table("here", measured, goals))
    lines = [line for line in written.getvalue().splitlines() if "ms" in line]
    assert ("<= 2" in lines[0], "kept" in lines[0], "missed" in lines[0]) == (True, True, False)
    assert ("<= 6" in lines[1], "kept" in lines[1], "missed" in lines[1]) == (True, False, True)
    assert ("<=" in lines[2], "kept" in lines[2], "missed" in lines[2]) == (False, False, False)


def test_every_case_of_training_has_goals() -> None:
    assert bench.GOALS[CASES[0].name, "seconds"] == 30
    assert bench.GOALS[CASES[1].name, "seconds"] == 600
    assert bench.GOALS[CASES[1].name, "peak_mb"] == 2000
    assert all(bench.GOALS[case.name, "classifier_mb"] == 10 for case in CASES)


def test_the_median_and_the_slowest_of_a_hundred_are_told_in_milliseconds() -> None:
    assert spread([number / 1000 for number in range(100, 0, -1)]) == {
        "p50_ms": pytest.approx(50.5),
        "p99_ms": pytest.approx(100.0),
    }
    assert spread([0.002]) == {"p50_ms": 2.0, "p99_ms": 2.0}


def test_ways_take_turns_on_the_same_messages() -> None:
    heard: list[tuple[str, int]] = []

    def way(name: str, seconds: float) -> Callable[[int], float]:
        def listen(message: int) -> float:
            heard.append((name, message))
            return seconds

        return listen

    taken = side_by_side({"a": way("a", 1.0), "b": way("b", 2.0)}, range(30), count=50)
    assert taken == {"a": [1.0] * 50, "b": [2.0] * 50}
    timed = heard[40:]  # what comes before is the warm-up
    assert [name for name, _ in timed] == [*"a" * 20, *"b" * 20] * 2 + [*"a" * 10, *"b" * 10]
    by_name = [[message for name, message in timed if name == which] for which in "ab"]
    assert by_name[0] == by_name[1] == [*range(30), *range(20)]


def no_registry() -> MemoryRegistry:
    return MemoryRegistry(clock=lambda: datetime(2026, 11, 18, tzinfo=UTC))


def test_a_bot_without_a_release_is_named_with_the_way_to_get_one() -> None:
    pack = YamlPacks(PACKS).load("shop")
    with pytest.raises(NoReleaseError, match=r"shop: has no release to measure.*scripts/train"):
        understanding(
            pack, pack.examples, 1, registry=no_registry(), encoders=Encoders(None), tell=print
        )


def test_a_profile_without_its_encoder_is_left_out() -> None:
    def missing() -> WordEncoder:
        raise EncoderError("the second encoder is not there: build it with scripts/encoder")

    # The bot reads with both encoders, so that for the other profile a classifier is trained.
    pack = YamlPacks(PACKS).load("shop")
    accurate = replace(pack.bot, profile="accurate")
    few = tuple(examples())
    told: list[str] = []
    found = understanding(
        replace(pack, bot=accurate, examples=few), few, 30, registry=no_registry(),
        encoders=Encoders(WordEncoder(), accurate={"accurate": missing}), tell=told.append,
    )  # fmt: skip
    assert list(found) == [title("fast")]
    assert 0 < found[title("fast")]["p50_ms"] <= found[title("fast")]["p99_ms"]
    (line,) = told
    assert line.startswith("understanding, accurate profile: left out, the second encoder")


def test_a_sample_has_every_intent_in_every_language() -> None:
    found = sample(examples(), each=2)
    kinds = [(one.intent, one.language) for one in found]
    assert len(kinds) == 16
    assert all(kinds.count(kind) == 2 for kind in kinds)
    assert found == [one for one in examples() if one in found]


def test_training_tells_its_time_memory_and_size() -> None:
    found = train(examples(), rows=80, intents=8, seed=0, encoder=None)
    assert found["seconds"] > 0
    assert 20 < found["peak_mb"] < 10_000
    assert 0 < found["classifier_mb"] < found["release_mb"] < 5
    assert found["cross_validated_percent"] > 50


def test_a_training_that_cannot_be_done_says_so_in_one_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert train_once(["nobody", "10", "2"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "nobody" in line


def test_a_process_that_fails_is_named() -> None:
    with pytest.raises(TrainingFailedError, match="9 rows x 2 intents: ended with status 1"):
        in_own_process("nobody", Case(9, 2, seconds=1), seed=0)


@pytest.mark.nightly
def test_a_process_of_its_own_tells_its_figures() -> None:
    found = in_own_process("shop", Case(60, 3, seconds=60), seed=0)
    assert set(found) == {
        "seconds", "peak_mb", "classifier_mb", "release_mb", "cross_validated_percent",
    }  # fmt: skip


def test_memory_is_read_from_the_programs_own_file_where_there_is_one(tmp_path: Path) -> None:
    status = tmp_path / "status"
    status.write_text("Name:\tpython\nVmPeak:\t  999 kB\nVmHWM:\t  123456 kB\n")
    assert peak_memory(status) == 123456
    assert peak_memory(tmp_path / "none") > 1000
