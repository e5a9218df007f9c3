"""Every script finds a Python, keeps .venv current, and becomes its command."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMES = sorted(
    path.name for path in (ROOT / "scripts").iterdir() if path.is_file() and not path.suffix
)
PYTHON_NAMES = ("python3.13", "python3.12", "python3.11", "python3", "python")
# Stands for a Python that fits: it notes how it was called, and a set-up leaves it in .venv.
FAKE = """#!/bin/sh
case "$*" in
    *'-I -c'*) exit {status} ;;
esac
echo "$0" "$@" >>"{notes}"
case "$*" in
    *bootstrap.py*)
        mkdir -p "{root}/.venv/bin"
        [ -x "{root}/.venv/bin/python" ] || cp "$0" "{root}/.venv/bin/python"
        ;;
esac
"""


@dataclass(frozen=True)
class Copy:
    """A bare copy of the repository, as after a clone, with nothing but its scripts."""

    root: Path
    home: Path
    path: Path

    @property
    def notes(self) -> list[str]:
        """How the fake Pythons were called."""
        file = self.home / "notes"
        return file.read_text("utf-8").splitlines() if file.exists() else []

    def python(self, place: Path, *, status: int = 0) -> Path:
        """Put a fake Python somewhere; ``status`` is what trying it out ends with."""
        place.parent.mkdir(parents=True, exist_ok=True)
        text = FAKE.format(status=status, notes=self.home / "notes", root=self.root)
        place.write_text(text, "utf-8")
        place.chmod(0o755)
        return place

    def hide_pythons(self) -> None:
        """Put shims on the path that all fail, as a version manager's do when nothing is chosen."""
        for name in PYTHON_NAMES:
            self.python(self.path / name, status=127)

    def run(
        self, *command: str, cwd: Path | None = None, environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        base = {"HOME": str(self.home), "PATH": f"{self.path}:/usr/bin:/bin", "CI": "true"}
        return subprocess.run(
            [str(self.root / "scripts" / command[0]), *command[1:]],
            cwd=cwd or self.home,
            env={**base, **(environment or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def stamp(self) -> None:
        """Make .venv look set up, by a set-up whose Python is a fake one."""
        found = self.python(self.path / "python3.13")
        self.run("setup", "--environment-only")
        state = self.notes[0].partition("--state ")[2].partition(" --asked")[0]
        (self.root / ".venv/.sangdam-stamp").write_text(f"{state}\n{found}\n\n", "utf-8")
        (self.home / "notes").unlink()


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    root = tmp_path / "my shop"
    for folder in ("infra/locks", "scripts/local"):
        (root / folder).mkdir(parents=True)
    for name in ("infra/locks/dev.txt", "pyproject.toml", "scripts/local/bootstrap.py"):
        shutil.copy(ROOT / name, root / name)
    for name in NAMES:
        shutil.copy(ROOT / "scripts" / name, root / "scripts" / name)
    for folder in ("home", "bin"):
        (tmp_path / folder).mkdir()
    return Copy(root, tmp_path / "home", tmp_path / "bin")


def test_every_command_has_a_launcher_and_every_launcher_a_command() -> None:
    modules = (ROOT / "scripts/commands").glob("[!_]*.py")
    assert sorted(path.stem.replace("_", "-") for path in modules) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_launcher_can_be_run_and_says_how(name: str) -> None:
    path = ROOT / "scripts" / name
    assert os.access(path, os.X_OK)
    first, second, third, *_ = path.read_text("utf-8").splitlines()
    assert (first, third) == ("#!/bin/sh", "#")
    assert second.startswith(f"# usage: scripts/{name} [--help]")


@pytest.mark.parametrize("name", NAMES)
def test_help_needs_no_set_up(copy: Copy, name: str) -> None:
    done = copy.run(name, "--help")
    assert done.returncode == 0
    assert done.stdout.startswith(f"usage: scripts/{name} [--help]")
    assert "#" not in done.stdout
    assert not (copy.root / ".venv").exists()


def test_a_current_set_up_starts_the_command_and_no_other_python(copy: Copy) -> None:
    copy.stamp()
    done = copy.run("run", "--port", "0", "two words", "", "--", "*")
    assert done.returncode == 0, done.stderr
    called = f"{copy.root}/.venv/bin/python -P -m scripts.commands.run --port 0 two words  -- *"
    assert copy.notes == [called]


def test_a_command_of_two_words_is_a_module_all_the_same(copy: Copy) -> None:
    copy.stamp()
    copy.run("new-bot", "daon")
    assert copy.notes == [f"{copy.root}/.venv/bin/python -P -m scripts.commands.new_bot daon"]


def test_a_script_may_be_called_from_anywhere(copy: Copy, tmp_path: Path) -> None:
    copy.stamp()
    link = tmp_path / "link"
    link.symlink_to(copy.root)
    for command in ("./run", "run", f"{link}/scripts/run"):
        done = subprocess.run(
            ["/bin/sh", command],
            cwd=copy.root / "scripts",
            env={"PATH": "/usr/bin:/bin", "HOME": str(copy.home), "CDPATH": "/:/usr"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
    assert len(copy.notes) == 3


@pytest.mark.parametrize(
    "name", ["infra/locks/dev.txt", "pyproject.toml", "scripts/local/bootstrap.py"]
)
def test_a_change_of_what_it_depends_on_sets_up_again(copy: Copy, name: str) -> None:
    copy.stamp()
    with (copy.root / name).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    copy.run("run")
    assert [("bootstrap.py" in note) for note in copy.notes] == [True, False]


def test_a_moved_folder_is_set_up_again(copy: Copy) -> None:
    copy.stamp()
    moved = copy.root.rename(copy.root.with_name("moved"))
    Copy(moved, copy.home, copy.path).run("run")
    assert "bootstrap.py" in copy.notes[0]


def test_an_environment_whose_python_is_gone_is_set_up_again(copy: Copy) -> None:
    copy.stamp()
    (copy.path / "python3.13").unlink()
    other = copy.python(copy.path / "python3.12")
    (copy.root / ".venv/bin/python").unlink()
    copy.run("run")
    assert copy.notes[0].startswith(f"{other} -I ")


def test_asking_for_another_python_sets_up_again(copy: Copy, tmp_path: Path) -> None:
    copy.stamp()
    other = copy.python(tmp_path / "other" / "python")
    copy.run("run", environment={"SANGDAM_PYTHON": str(other)})
    assert copy.notes[0].startswith(f"{other} -I ")
    assert f"--asked {other}" in copy.notes[0]


def test_a_python_that_was_asked_for_and_does_not_fit_is_named(copy: Copy, tmp_path: Path) -> None:
    for asked in (tmp_path / "nothing", copy.python(tmp_path / "old" / "python", status=2)):
        done = copy.run("run", environment={"SANGDAM_PYTHON": str(asked)})
        assert done.returncode == 1
        assert done.stderr.startswith(f"SANGDAM_PYTHON={asked} does not run, is not Python")
        assert done.stderr.count("\n") == 1
    assert copy.notes == []


def test_a_shim_of_a_version_that_is_not_selected_is_passed_over(copy: Copy) -> None:
    copy.python(copy.path / "python3.13", status=127)
    good = copy.python(copy.path / "python3.12")
    copy.run("run")
    assert copy.notes[0].startswith(f"{good} -I ")


@pytest.mark.parametrize(
    "place",
    [
        ".pyenv/versions/3.13.0/bin/python",
        ".local/share/uv/python/cpython-3.13.1-linux-x86_64-gnu/bin/python3",
        ".asdf/installs/python/3.13.1/bin/python",
        ".local/share/mise/installs/python/3.13/bin/python",
    ],
)
def test_a_python_under_a_version_manager_is_found_although_it_is_not_selected(
    copy: Copy, place: str
) -> None:
    copy.hide_pythons()
    good = copy.python(copy.home / place)
    copy.run("run")
    assert copy.notes[0].startswith(f"{good} -I ")


def test_a_set_up_that_fails_stops_the_script(copy: Copy) -> None:
    broken = copy.python(copy.path / "python3.13")
    text = broken.read_text("utf-8").replace("[ -x", "exit 3; [ -x")
    broken.write_text(text, "utf-8")
    done = copy.run("run")
    assert done.returncode == 3
    assert len(copy.notes) == 1
