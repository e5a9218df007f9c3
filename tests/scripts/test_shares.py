"""Two processes run the tests: all of them, each once, and what they say can be read."""

from __future__ import annotations

import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from scripts.local.paths import ROOT
from scripts.local.shares import FIRST, call_both, merge, shares


def python(program: str) -> tuple[str, ...]:
    return (sys.executable, "-I", "-S", "-c", program)


def test_every_folder_with_tests_is_in_one_share() -> None:
    first, second = shares(ROOT / "tests")
    found = {path.parent.relative_to(ROOT).as_posix() for path in ROOT.glob("tests/*/test_*.py")}
    assert sorted((*first, *second)) == sorted(found)
    assert first == tuple(f"tests/{name}" for name in FIRST)


def test_a_new_folder_is_not_forgotten(tmp_path: Path) -> None:
    for folder, file in (("core", "test_a.py"), ("voice", "test_b.py"), ("data", "a.csv")):
        (tmp_path / "tests" / folder).mkdir(parents=True)
        (tmp_path / "tests" / folder / file).touch()
    assert shares(tmp_path / "tests") == (("tests/core",), ("tests/voice",))


def test_outputs_are_not_mixed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Each waits for what the other does, so both do run at once."""
    wait = "import pathlib, time\nwhile not pathlib.Path('{}').exists(): time.sleep(0.01)\n"
    touch = "pathlib.Path('{}').touch()\n"
    first = "print('one', flush=True)\n" + wait.format("b") + touch.format("a") + "print('two')"
    second = (
        "import pathlib\nprint('세 번째', flush=True)\n"
        + touch.format("b") + wait.format("a") + "print('four')"
    )  # fmt: skip
    log = tmp_path / "log"
    assert call_both(python(first), python(second), cwd=tmp_path, log=log) == 0
    assert capfd.readouterr().out.split("\n") == ["one", "two", "세 번째", "four", ""]
    assert not log.exists()


@pytest.mark.parametrize("fails", [(0, 3), (3, 0), (3, 3)])
def test_one_that_fails_is_enough_and_stops_neither(
    fails: tuple[int, int], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    first, second = (python(f"print('ran'); raise SystemExit({status})") for status in fails)
    assert call_both(first, second, cwd=tmp_path, log=tmp_path / "log") == 3
    assert capfd.readouterr().out.split() == ["ran", "ran"]


def report(path: Path, *tests: str) -> Path:
    cases = "".join(f'<testcase classname="tests.core" name="{name}"/>' for name in tests)
    path.write_text(f"<testsuites><testsuite name='pytest'>{cases}</testsuite></testsuites>")
    return path


def test_two_reports_become_one(tmp_path: Path) -> None:
    whole = tmp_path / "pytest.xml"
    merge([report(tmp_path / "1.xml", "a", "b"), report(tmp_path / "2.xml", "c")], whole)
    found = ElementTree.parse(whole).getroot()
    assert found.tag == "testsuites"
    assert [len(suite) for suite in found] == [2, 1]
    assert [case.get("name") for case in found.iter("testcase")] == ["a", "b", "c"]
    assert list(tmp_path.iterdir()) == [whole]


def test_a_process_that_wrote_no_report_costs_the_other_nothing(tmp_path: Path) -> None:
    whole = tmp_path / "pytest.xml"
    (tmp_path / "cut.xml").write_text("<testsuites><testsuite")
    parts = [tmp_path / "missing.xml", tmp_path / "cut.xml", report(tmp_path / "2.xml", "c")]
    merge(parts, whole)
    assert [case.get("name") for case in ElementTree.parse(whole).iter("testcase")] == ["c"]


def test_without_any_report_there_is_none(tmp_path: Path) -> None:
    merge([tmp_path / "1.xml", tmp_path / "2.xml"], tmp_path / "pytest.xml")
    assert list(tmp_path.iterdir()) == []
