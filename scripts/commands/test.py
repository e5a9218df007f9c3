"""Check everything, step by step, and stop at the first step that fails."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from scripts.local.paths import CACHE, ROOT
from scripts.local.prepare import PrepareError, prepare
from scripts.local.shares import Beside, call_both, merge, shares

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BROWSER_TESTS = "tests.web"
REPORT = CACHE / "pytest.xml"
WALKED, WALKED_AT_NIGHT = 40, 2000
LEAST = {"intents": 95, "forms": 100, "actions": 100}
"""How much of each bot its conversations must go through, in percent."""


@dataclass(frozen=True, slots=True)
class Step:
    """One check: a name to ask for it by, what it is, and what does it (its exit status).

    A step that is a command of its own and needs none of the others is ``ahead``: it begins with
    the first of them, and its turn is to tell how it went.
    """

    name: str
    title: str
    run: Callable[[], int]
    ahead: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a step went."""

    step: Step
    status: int
    seconds: float


@dataclass(frozen=True, slots=True)
class BrowserTests:
    """How many of the browser's tests ran and how many were left out."""

    ran: int
    skipped: int


def main(argv: Sequence[str] | None = None) -> int:
    """Run the steps asked for (all by default); return 0 if every one of them passed."""
    given = list(sys.argv[1:] if argv is None else argv)
    cut = given.index("--") if "--" in given else len(given)
    parser = _parser()
    options = parser.parse_args(given[:cut])
    steps = all_steps(
        is_fast=options.fast, is_nightly=options.nightly, pytest_arguments=given[cut + 1 :]
    )
    names = [step.name for step in steps]
    if unknown := [name for name in options.steps if name not in names]:
        parser.error(f"there is no step {unknown[0]!r}; the steps are: {', '.join(names)}")
    chosen = [step for step in steps if not options.steps or step.name in options.steps]
    outcomes = run_steps(chosen, keep_going=options.keep_going)
    print(summary(outcomes, left_out=len(chosen) - len(outcomes)), flush=True)
    return 0 if all(outcome.status == 0 for outcome in outcomes) else 1


def all_steps(
    *, is_fast: bool, is_nightly: bool, pytest_arguments: Sequence[str]
) -> tuple[Step, ...]:
    """Return the steps in order: what is quick and fails often comes first."""
    python = (sys.executable, "-P", "-m")
    left_out = [name for name, out in (("nightly", not is_nightly), ("browser", is_fast)) if out]
    marked = ("-m", " and ".join(f"not {name}" for name in left_out)) if left_out else ()
    profile = ("--hypothesis-profile=nightly",) if is_nightly else ()
    tests = (*python, "pytest", *marked, *profile)
    checks = (
        Step("lint", "Lint (ruff check)", lambda: _call(*python, "ruff", "check", ".")),
        Step("format", "Format (ruff)", lambda: _call(*python, "ruff", "format", "--check", ".")),
        Step("types", "Types (mypy)", lambda: _call(*python, "mypy")),
        Step("imports", "Who imports whom (import-linter)", lambda: _call(_tool("lint-imports"))),
    )
    unit = Step("unit", "Tests (pytest)", lambda: _tests(tests, pytest_arguments))
    if is_fast:
        return (*checks, unit)
    module = "scripts.commands."
    # Before the tests, because some of them need sam's environment or, at night, its output.
    validate = (*python, f"{module}validate")
    template = Step(
        "template",
        "template.yaml (sam validate, with and without --lint)",
        lambda: _call(*validate),
        ahead=validate,
    )
    build = Step(
        "build",
        "Build (sam build)",
        lambda: _prepared() or _call(*python, f"{module}build", "--runtime-client"),
    )
    converse = (*python, f"{module}converse", "--all")
    least = (f"--least={kind}={share}" for kind, share in LEAST.items())
    customers = WALKED_AT_NIGHT if is_nightly else WALKED
    conversations = Step(
        "conversations",
        f"Conversations of every bot, and {customers} simulated customers of each",
        lambda: (
            _prepared() or _call(*converse, *least) or _call(*converse, "--walk", str(customers))
        ),
    )
    builds = (build,) if is_nightly else ()
    return (*checks, template, *builds, unit, conversations)


def run_steps(steps: Sequence[Step], *, keep_going: bool) -> list[Outcome]:
    """Run steps in order, each under a heading, until one fails (or all, with ``keep_going``)."""
    outcomes = []
    begun = {
        step.name: Beside(step.ahead, cwd=ROOT, log=CACHE / f"{step.name}.log")
        for step in steps[1:]
        if step.ahead
    }
    try:
        for number, step in enumerate(steps, start=1):
            print(f"\n== {number}/{len(steps)} {step.title} [{step.name}]", flush=True)
            began = time.monotonic()
            status = begun.pop(step.name).wait() if step.name in begun else step.run()
            outcomes.append(Outcome(step, status, time.monotonic() - began))
            print(f"-- {_verdict(status)}, {outcomes[-1].seconds:.1f} s", flush=True)
            if status != 0 and not keep_going:
                break
    finally:
        for one in begun.values():
            one.stop()
    return outcomes


def summary(outcomes: Sequence[Outcome], *, left_out: int) -> str:
    """Return the closing table and one plain sentence."""
    lines = ["", "== Summary"]
    lines += [f"  {o.step.name:<14} {_verdict(o.status):<7} {o.seconds:7.1f} s" for o in outcomes]
    failed = [o.step.name for o in outcomes if o.status != 0]
    if not failed:
        lines.append("Everything passed.")
    else:
        rest = f" {left_out} later steps were not run." if left_out else ""
        lines.append(f"FAILED: {', '.join(failed)}.{rest}")
        lines.append(f"Again, this step alone: scripts/test {failed[0]}")
    return "\n".join(lines)


def browser_tests(report: Path) -> BrowserTests | None:
    """Read from a JUnit report which of the browser's tests ran; None if it cannot be read."""
    try:
        cases = ElementTree.parse(report).getroot().iter("testcase")  # noqa: S314 - our own file
    except (OSError, ElementTree.ParseError):
        return None
    reasons = [
        " ".join(str(skipped.get("message")) for skipped in case.findall("skipped"))
        for case in cases
        if case.get("classname", "").startswith(BROWSER_TESTS)
    ]
    skipped = sum("Chromium" in reason for reason in reasons)
    return BrowserTests(ran=len(reasons) - skipped, skipped=skipped)


def browser_sentence(found: BrowserTests | None, *, browser: str | None) -> str:
    """Say plainly whether the chat page was tried in a real browser."""
    if found is None or found.ran + found.skipped == 0:
        return "Browser tests: none were among the tests that ran."
    if found.skipped == 0:
        return f"Browser tests: {found.ran} tests of {BROWSER_TESTS} ran, with {browser}."
    return (
        f"Browser tests DID NOT RUN ({found.skipped} of them): no Chromium was found on this "
        "machine. Install it (Debian: sudo apt-get install chromium fonts-noto-cjk) or name one "
        "in SANGDAM_CHROMIUM."
    )


def pytest_commands(
    command: Sequence[str], arguments: Sequence[str], *, cores: int
) -> dict[Path, tuple[str, ...]]:
    """Return the JUnit reports and what writes them: two shares of all tests, or what is asked."""
    if arguments or cores < 2:
        return {REPORT: (*command, f"--junit-xml={REPORT}", *arguments)}
    reports = [REPORT.with_suffix(f".{number}.xml") for number in (1, 2)]
    return {
        report: (*command, f"--junit-xml={report}", *folders)
        for report, folders in zip(reports, shares(ROOT / "tests"), strict=True)
    }


def browser_apart(
    command: Sequence[str], *, report: Path
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return a share's command for the browser's tests alone, and for all its others.

    A page that waits for a second minds other work on the same cores: these tests get them all.
    """
    folder = BROWSER_TESTS.replace(".", "/")
    alone = tuple(
        f"--junit-xml={report}" if one.startswith("--junit-xml=") else one
        for one in command
        if one == folder or not one.startswith("tests/")
    )
    return alone, tuple(one for one in command if one != folder)


def _tests(command: Sequence[str], arguments: Sequence[str]) -> int:
    if (status := _prepared()) != 0:
        return status
    colour = ("--color=yes",) if sys.stdout.isatty() else ()
    commands = pytest_commands((*command, *colour), arguments, cores=os.cpu_count() or 1)
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    for report in (REPORT, *commands):
        report.unlink(missing_ok=True)
    if len(commands) == 1:
        status = _call(*commands[REPORT])
    else:
        first, second = commands.values()
        browsers_own = REPORT.with_suffix(".web.xml")
        alone, rest = browser_apart(first, report=browsers_own)
        before = _call(*alone)
        status = call_both(rest, second, cwd=ROOT, log=REPORT.with_suffix(".log")) or before
        merge((browsers_own, *commands), REPORT)
    browser = os.environ.get("SANGDAM_CHROMIUM") or next(
        (path for name in BROWSERS if (path := shutil.which(name))), None
    )
    print(browser_sentence(browser_tests(REPORT), browser=browser))
    return status


def _prepared() -> int:
    try:
        prepare(ROOT)
    except PrepareError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _call(*command: str) -> int:
    sys.stdout.flush()
    return subprocess.run(  # noqa: S603 - commands of our own
        command, cwd=ROOT, check=False, stdin=subprocess.DEVNULL
    ).returncode


def _tool(name: str) -> str:
    return str(Path(sys.executable).parent / name)


def _verdict(status: int) -> str:
    return "passed" if status == 0 else "FAILED"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/test",
        description=__doc__,
        epilog="What follows -- goes to one pytest: scripts/test unit -- tests/core -k korean",
    )
    parser.add_argument(
        "steps",
        nargs="*",
        metavar="STEP",
        help="lint, format, types, imports, unit, conversations, template (default: all)",
    )
    parser.add_argument("--fast", action="store_true", help="up to the tests, without a browser")
    parser.add_argument("--nightly", action="store_true", help="also slow tests, and sam build")
    parser.add_argument("--keep-going", action="store_true", help="do not stop at a failure")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
