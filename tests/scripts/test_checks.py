"""scripts/test stops at a failure, and says plainly what ran and what did not."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from scripts.commands.test import (
    BrowserTests,
    Step,
    all_steps,
    browser_apart,
    browser_sentence,
    browser_tests,
    main,
    pytest_commands,
    run_steps,
    summary,
)

GOOD, BAD, LATER = (
    Step("good", "Good", lambda: 0),
    Step("bad", "Bad", lambda: 2),
    Step("later", "Later", lambda: 0),
)


def test_a_failure_stops_what_follows_and_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    outcomes = run_steps([GOOD, BAD, LATER], keep_going=False)
    assert [(one.step.name, one.status) for one in outcomes] == [("good", 0), ("bad", 2)]
    told = summary(outcomes, left_out=1)
    assert "FAILED: bad. 1 later steps were not run." in told
    assert "scripts/test bad" in told
    assert "== 2/3 Bad [bad]" in capsys.readouterr().out


def test_every_failure_can_be_seen_at_once() -> None:
    outcomes = run_steps([BAD, GOOD, BAD], keep_going=True)
    assert [one.status for one in outcomes] == [2, 0, 2]


def test_a_good_run_says_so() -> None:
    assert "Everything passed." in summary(run_steps([GOOD], keep_going=False), left_out=0)


def ahead(*, status: int, file: Path, waits: bool = False) -> Step:
    """Return a step that begins with the first one: it writes a file, and may wait for ever."""
    code = f"import pathlib, threading; pathlib.Path({str(file)!r}).touch(); print('its own words')"
    if waits:
        code += "\nthreading.Event().wait()"
    return Step("ahead", "Ahead", lambda: 9, (sys.executable, "-c", f"{code}\nexit({status})"))


@pytest.mark.parametrize("status", [0, 3])
def test_a_step_ahead_begins_with_the_first_and_is_told_of_in_its_turn(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], status: int
) -> None:
    file = tmp_path / "begun"

    def first() -> int:
        while not file.exists():
            pass
        return 0

    outcomes = run_steps(
        [Step("first", "First", first), ahead(status=status, file=file), LATER], keep_going=False
    )
    assert [one.status for one in outcomes] == ([0, 0, 0] if status == 0 else [0, status])
    told = capfd.readouterr().out
    assert told.index("[ahead]") < told.index("its own words")


def test_alone_a_step_ahead_is_run_as_any_other(tmp_path: Path) -> None:
    (outcome,) = run_steps([ahead(status=0, file=tmp_path / "begun")], keep_going=False)
    assert outcome.status == 9
    assert not (tmp_path / "begun").exists()


def test_a_failure_ends_what_was_begun_ahead(tmp_path: Path) -> None:
    endless = ahead(status=0, file=tmp_path / "begun", waits=True)
    outcomes = run_steps([BAD, endless], keep_going=False)
    assert [one.status for one in outcomes] == [2]


def test_the_steps_go_from_quick_to_slow() -> None:
    def names(*, is_fast: bool = False, is_nightly: bool = False) -> list[str]:
        steps = all_steps(is_fast=is_fast, is_nightly=is_nightly, pytest_arguments=())
        return [step.name for step in steps]

    checks = ["lint", "format", "types", "imports"]
    assert names(is_fast=True) == [*checks, "unit"]
    assert names() == [*checks, "template", "unit", "conversations"]
    assert names(is_nightly=True) == [*checks, "template", "build", "unit", "conversations"]


def test_an_unknown_step_is_refused_with_those_there_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        main(["lnt"])
    assert "no step 'lnt'; the steps are: lint, format" in capsys.readouterr().err


def test_all_tests_go_to_two_processes_each_with_a_report_of_its_own() -> None:
    (one, first), (other, second) = pytest_commands(("pytest",), (), cores=2).items()
    assert one != other
    assert f"--junit-xml={one}" in first
    assert f"--junit-xml={other}" in second
    folders = [word for word in (*first, *second) if word.startswith("tests/")]
    assert len(folders) == len(set(folders)) == len(first) + len(second) - 4


def test_what_is_asked_for_goes_to_one_process_and_so_does_all_on_one_core() -> None:
    asked = ("tests/core", "-k", "korean")
    ((report, command),) = pytest_commands(("pytest",), asked, cores=2).items()
    assert command == ("pytest", f"--junit-xml={report}", *asked)
    assert len(pytest_commands(("pytest",), (), cores=1)) == 1


def report(folder: Path, *cases: str) -> Path:
    path = folder / "report.xml"
    path.write_text(f"<testsuites><testsuite>{''.join(cases)}</testsuite></testsuites>", "utf-8")
    return path


RAN = '<testcase classname="tests.web.test_chat_page" name="a"/>'
SKIPPED = (
    '<testcase classname="tests.web.test_chat_page" name="b">'
    '<skipped message="no Chromium on this machine: install chromium"/></testcase>'
)
ELSEWHERE = '<testcase classname="tests.core.test_text" name="c"/>'


def test_browser_tests_that_ran_are_counted(tmp_path: Path) -> None:
    found = browser_tests(report(tmp_path, RAN, RAN, ELSEWHERE))
    assert found == BrowserTests(ran=2, skipped=0)
    told = browser_sentence(found, browser="/usr/bin/chromium")
    assert told == "Browser tests: 2 tests of tests.web ran, with /usr/bin/chromium."


def test_browser_tests_that_did_not_run_are_said_so_plainly(tmp_path: Path) -> None:
    found = browser_tests(report(tmp_path, RAN, SKIPPED, ELSEWHERE))
    assert "DID NOT RUN (1 of them): no Chromium" in browser_sentence(found, browser=None)


def test_a_run_without_browser_tests_claims_nothing(tmp_path: Path) -> None:
    for found in (browser_tests(report(tmp_path, ELSEWHERE)), browser_tests(tmp_path / "none")):
        assert browser_sentence(found, browser="/usr/bin/chromium").endswith(
            "none were among the tests that ran."
        )


def test_the_browsers_tests_run_before_all_others_with_a_report_of_their_own(
    tmp_path: Path,
) -> None:
    share = ("python", "-m", "pytest", "--junit-xml=one.xml", "tests/web", "tests/core")
    alone, rest = browser_apart(share, report=tmp_path / "web.xml")
    assert alone == ("python", "-m", "pytest", f"--junit-xml={tmp_path / 'web.xml'}", "tests/web")
    assert rest == ("python", "-m", "pytest", "--junit-xml=one.xml", "tests/core")
