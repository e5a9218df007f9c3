"""A set-up mends whatever it finds, says what it does, and does nothing twice."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.local import bootstrap
from scripts.local.bootstrap import STAMP, UNFINISHED, Progress, packages_in, trouble
from scripts.local.prepare import PrepareError, prepare

ROOT = Path(__file__).resolve().parents[2]
# A project that can be installed without any other package: its build backend is its own.
BACKEND = """
import zipfile

def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    name = "tiny-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel_directory + "/" + name, "w") as wheel:
        about = "Metadata-Version: 2.1\\nName: tiny\\nVersion: 1\\n"
        wheel.writestr("tiny-1.dist-info/METADATA", about)
        wheel.writestr("tiny-1.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\n")
        wheel.writestr("tiny-1.dist-info/RECORD", "")
        wheel.writestr("tiny.py", "")
    return name
"""


def set_up(root: Path, *, state: str) -> subprocess.CompletedProcess[str]:
    script = ROOT / "scripts/local/bootstrap.py"
    command = [bootstrap.base_interpreter(), "-I", str(script), "--root", str(root)]
    return subprocess.run([*command, "--state", state], capture_output=True, text=True, check=False)


def test_a_set_up_makes_and_mends_an_environment_and_tells_why_it_cannot(tmp_path: Path) -> None:
    """One test, because an environment takes seconds to make."""
    root = tmp_path / "my shop"
    venv, lock = root / ".venv", root / "infra/locks/dev.txt"
    for folder in (venv, lock.parent):
        folder.mkdir(parents=True)
    (venv / "leftover").touch()
    lock.write_text("# nothing\n", "utf-8")
    (root / "backend.py").write_text(BACKEND, "utf-8")
    project = 'requires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    (root / "pyproject.toml").write_text(f"[build-system]\n{project}", "utf-8")

    done = set_up(root, state="1 x")
    assert done.returncode == 0, done.stdout + done.stderr
    assert ".venv is broken (its Python or pip does not run): making it anew" in done.stdout
    assert not (venv / "leftover").exists()
    subprocess.run([venv / "bin/python", "-c", "import tiny"], check=True)
    stamped, interpreter, asked = (venv / STAMP).read_text("utf-8").split("\n")[:3]
    assert (stamped, asked) == ("1 x", "")
    assert Path(interpreter) == Path(bootstrap.base_interpreter())
    assert trouble(venv) is None
    assert set_up(root, state="1 x").stdout == ""

    lock.write_text(f"./missing.whl --hash=sha256:{64 * '0'}\n", "utf-8")
    done = set_up(root, state="2 x")
    assert done.returncode == 1
    assert "missing.whl" in done.stderr
    assert "Set-up failed: packages could not be made ready." in done.stderr
    assert str(root / ".cache/setup.log") in done.stderr
    assert not (venv / STAMP).exists()


def test_what_is_wrong_with_an_environment_is_told(tmp_path: Path) -> None:
    venv = tmp_path / ".venv"
    assert trouble(venv) == ""
    (venv / "bin").mkdir(parents=True)
    assert trouble(venv) == "is broken (its Python or pip does not run)"
    python = venv / "bin/python"
    python.write_text("#!/bin/sh\necho /elsewhere\necho 3 11\n", "utf-8")
    python.chmod(0o755)
    assert trouble(venv) == "belongs to another folder"
    python.write_text(f"#!/bin/sh\necho '{venv}'\necho 3 9\n", "utf-8")
    assert trouble(venv) == "has Python 3.9, which does not fit"
    python.write_text(f"#!/bin/sh\necho '{venv}'\necho 3 12\n", "utf-8")
    assert trouble(venv) is None
    assert trouble(venv, interpreter="/x/python3.13") == (
        "is made from another Python than SANGDAM_PYTHON"
    )
    (venv / UNFINISHED).touch()
    assert trouble(venv) == "is from a set-up that was interrupted"


def test_the_packages_of_a_lock_are_counted(tmp_path: Path) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text(
        "# comment\nboto3==1.2 \\\n    --hash=sha256:00\nmoto[server]==5.2.5 \\\n"
        "zope.interface==1 ; python_version < '3.12'\n",
        "utf-8",
    )
    assert packages_in(lock) == 3


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def tell(out: io.StringIO) -> str:
    progress = Progress("60 packages from dev.txt", total=60, out=out)
    for number in range(60):
        progress.saw(f"Collecting package-{number}==1\n")
        progress.saw(f"  Downloading package-{number}-1.whl (1 kB)\n")
    progress.saw("Installing collected packages: a, b\n")
    progress.end()
    return out.getvalue()


def test_without_a_terminal_progress_is_a_few_lines() -> None:
    told = tell(io.StringIO())
    assert "\r" not in told
    assert [line.strip() for line in told.splitlines()] == [
        "60 packages from dev.txt ...",
        "25 of 60",
        "50 of 60",
        "installing them",
        "60 packages from dev.txt: done (0 s)",
    ]


def test_on_a_terminal_progress_is_a_bar() -> None:
    told = tell(Terminal())
    assert "[############            ] looking up 30/60" in told
    assert "[########################] installing 60/60" in told


class Commands:
    """Stands for scripts/encoder and scripts/train; notes what was run."""

    def __init__(self, root: Path, *, fails: str = "") -> None:
        self.root = root
        self.fails = fails
        self.ran: list[str] = []
        self.trained: list[tuple[str, ...]] = []

    def __call__(self, module: str, *arguments: str) -> int:
        name = module.rpartition(".")[2]
        if name == "encoder":
            name = arguments[arguments.index("--profile") + 1]
        self.ran.append(name)
        bots = arguments[: arguments.index("--out")]
        made = {
            "fast": ["encoder/manifest.json", "encoder-english/manifest.json"],
            "accurate": ["encoder-accurate/manifest.json"],
            "accurate-english": ["encoder-accurate-english/manifest.json"],
            "train": [f"releases/{bot}/current.json" for bot in bots],
        }[name]
        if name == self.fails:
            return 1
        if name == "train":
            self.trained.append(bots)
        for path in (self.root / ".cache" / one for one in made):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(name, "utf-8")
        return 0


@pytest.fixture
def root(tmp_path: Path) -> Path:
    pack = tmp_path / "layers/content/bots/shop"
    pack.mkdir(parents=True)
    (pack / "bot.yaml").write_text("name: shop\n", "utf-8")
    return tmp_path


def test_encoders_and_bots_are_made_once(root: Path) -> None:
    commands = Commands(root)
    prepare(root, run=commands)
    assert commands.ran == ["fast", "accurate", "train"]
    prepare(root, run=commands)
    assert commands.ran == ["fast", "accurate", "train"]


def test_a_changed_pack_is_trained_again(root: Path) -> None:
    commands = Commands(root)
    prepare(root, run=commands)
    (root / "layers/content/bots/shop/ko.yaml").write_text("replies: {}\n", "utf-8")
    prepare(root, run=commands)
    assert commands.ran == ["fast", "accurate", "train", "train"]


def test_only_the_bot_whose_pack_has_changed_is_trained_again(root: Path) -> None:
    commands = Commands(root)
    clinic = root / "layers/content/bots/clinic"
    clinic.mkdir()
    (clinic / "bot.yaml").write_text("name: clinic\n", "utf-8")
    prepare(root, run=commands)
    (clinic / "ko.yaml").write_text("replies: {}\n", "utf-8")
    prepare(root, run=commands)
    (root / "layers/core/python/sangdam").mkdir(parents=True)
    (root / "layers/core/python/sangdam/ports.py").touch()
    prepare(root, run=commands)
    assert commands.trained == [("clinic", "shop"), ("clinic",), ("clinic", "shop")]


def test_what_needs_one_bot_waits_for_no_other(root: Path) -> None:
    commands = Commands(root)
    clinic = root / "layers/content/bots/clinic"
    clinic.mkdir()
    (clinic / "bot.yaml").write_text("name: clinic\n", "utf-8")
    prepare(root, bots=(), run=commands)
    assert commands.ran == ["fast", "accurate"]
    prepare(root, bots=["shop"], run=commands)
    prepare(root, bots=["shop"], run=commands)
    prepare(root, run=commands)
    prepare(root, bots=["shop"], run=commands)
    prepare(root, run=commands)
    assert commands.trained == [("shop",), ("clinic",)]


def test_what_was_deleted_is_made_again(root: Path) -> None:
    commands = Commands(root)
    prepare(root, run=commands)
    (root / ".cache/releases/shop/current.json").unlink()
    (root / ".cache/encoder/manifest.json").unlink()
    (root / ".cache/encoder-accurate/manifest.json").unlink()
    prepare(root, run=commands)
    assert commands.ran == ["fast", "accurate", "train"] * 2
    (root / ".cache/encoder-english/manifest.json").unlink()
    prepare(root, run=commands)
    assert commands.ran == [*["fast", "accurate", "train"] * 2, "fast"]


@pytest.mark.parametrize("part", ["transformer_rounding", "english_words", "encoder_wheel"])
def test_a_changed_recipe_of_an_encoder_is_followed(root: Path, part: str) -> None:
    commands = Commands(root)
    prepare(root, run=commands)
    recipes = root / "layers/training/python/sangdam_training"
    recipes.mkdir(parents=True)
    (recipes / f"{part}.py").touch()
    prepare(root, run=commands)
    assert commands.ran == ["fast", "accurate", "train"] * 2


def test_a_bot_that_cannot_be_trained_and_has_no_release_is_named(root: Path) -> None:
    with pytest.raises(PrepareError, match="shop: could not be trained"):
        prepare(root, run=Commands(root, fails="train"))


def test_a_training_that_failed_is_tried_again_while_the_old_release_answers(root: Path) -> None:
    prepare(root, run=Commands(root))
    (root / "layers/content/bots/shop/ko.yaml").write_text("replies: {}\n", "utf-8")
    commands = Commands(root, fails="train")
    prepare(root, run=commands)
    prepare(root, run=commands)
    assert commands.ran == ["train", "train"]


def test_without_the_second_encoder_bots_are_trained_and_it_is_tried_again(root: Path) -> None:
    offline = Commands(root, fails="accurate")
    prepare(root, run=offline)
    assert offline.ran == ["fast", "accurate", "train"]
    prepare(root, run=offline)
    assert offline.ran == ["fast", "accurate", "train", "accurate"]
    online = Commands(root)
    prepare(root, run=online)
    assert online.ran == ["accurate", "train"]


def test_the_large_english_encoder_is_made_for_accurate_bots_of_english_alone(root: Path) -> None:
    commands = Commands(root)
    pack = root / "layers/content/bots/shop/bot.yaml"
    for languages, ran in (("[ko, en]", 0), ("[en]", 1)):
        pack.write_text(f"profile: accurate\nlanguages: {languages}\n", "utf-8")
        prepare(root, run=commands)
        assert commands.ran.count("accurate-english") == ran
    prepare(root, run=commands)
    assert commands.ran.count("accurate-english") == 1
    (root / ".cache/encoder-accurate-english/manifest.json").write_text("another", "utf-8")
    prepare(root, run=commands)
    assert commands.ran[-1] == "train"
    (root / ".cache/encoder-accurate-english/manifest.json").unlink()
    prepare(root, run=commands)
    assert commands.ran[-2:] == ["accurate-english", "train"]


def test_without_the_first_encoder_nothing_is_trained(root: Path) -> None:
    commands = Commands(root, fails="fast")
    with pytest.raises(PrepareError, match="The sentence encoders could not be built"):
        prepare(root, run=commands)
    assert commands.ran == ["fast"]


def test_a_state_file_that_means_nothing_is_no_obstacle(root: Path) -> None:
    commands = Commands(root)
    prepare(root, run=commands)
    (root / ".cache/prepared.json").write_text("[broken", "utf-8")
    prepare(root, run=commands)
    assert commands.ran == ["fast", "accurate", "train"] * 2


def test_the_bootstrap_imports_nothing_but_the_standard_library() -> None:
    """It runs before anything is installed."""
    check = "import sys, runpy; sys.path=[p for p in sys.path if 'site-packages' not in p]; "
    run = f"runpy.run_path({str(ROOT / 'scripts/local/bootstrap.py')!r})"
    subprocess.run([sys.executable, "-I", "-S", "-c", check + run], check=True)
