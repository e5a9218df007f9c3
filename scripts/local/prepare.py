"""What must stand before the service can answer: the sentence encoders and a release of every bot.

Each is made by its own script and made again only when something it depends on has changed.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

from scripts.local.bootstrap import alone
from scripts.local.readings import reading

_LOCK = Path(".cache/prepare.lock")
_STATE = Path(".cache/prepared.json")
_ENCODER = Path(".cache/encoder/manifest.json")
_ENGLISH = Path(".cache/encoder-english/manifest.json")
_SECOND = Path(".cache/encoder-accurate/manifest.json")
_LARGE = Path(".cache/encoder-accurate-english/manifest.json")
_CORE = Path("layers/core/python/sangdam")
_ADAPTERS = Path("layers/adapters/python/sangdam_adapters")
_TRAINING = Path("layers/training/python/sangdam_training")
_ENCODER_INPUTS = (
    Path("infra/locks/dev.txt"),
    *(
        _TRAINING / f"encoder_{part}.py"
        for part in ("draft", "folder", "graph", "pieces", "recipe", "wheel")
    ),
    *(
        _TRAINING / f"transformer_{part}.py"
        for part in ("graph", "package", "pass", "pieces", "recipe", "rounding", "weights")
    ),
    *(_TRAINING / f"english_{part}.py" for part in ("package", "recipe", "words")),
    *(_TRAINING / f"mpnet_{part}.py" for part in ("package", "recipe")),
)
_PACKS = Path("layers/content/bots")
_RELEASE_INPUTS = (
    Path("infra/locks/dev.txt"),
    Path("scripts/commands/train.py"),
    _CORE,
    _ADAPTERS,
    _TRAINING,
)


class PrepareError(Exception):
    """Something the service needs could not be made; the message says what to look at."""


Run = Callable[..., int]
"""Runs a module with arguments and returns its exit status."""


def run_module(module: str, *arguments: str) -> int:
    """Run one of our commands, its output going where ours goes."""
    command = (sys.executable, "-P", "-m", module, *arguments)
    return subprocess.run(  # noqa: S603 - a command of our own
        command, check=False, stdin=subprocess.DEVNULL
    ).returncode


def prepare(root: Path, *, bots: Collection[str] | None = None, run: Run = run_module) -> None:
    """Make encoders and releases unless they stand and nothing they depend on has changed.

    Without the encoders that only bots of the accurate profile read with, all else is made all the
    same. The large English one is made where a pack asks for it. ``bots`` are those that are
    needed; without it all of them are.

    Raises
    ------
    PrepareError
        If there is no encoder, or a bot without any release to answer with.
    """
    with alone(root / _LOCK, what="training"):
        done = _read(root / _STATE)
        out = ("--out", str(root / _ENCODER.parent))
        encoder = second = digest(root, _ENCODER_INPUTS)
        there = all((root / one).is_file() for one in (_ENCODER, _ENGLISH))
        if done.get("encoder") != encoder or not there:
            print("Sentence encoders (once):", flush=True)
            if run("scripts.commands.encoder", "--profile", "fast", *out) != 0:
                raise PrepareError("The sentence encoders could not be built; see above.")
        if done.get("second") != second or not (root / _SECOND).is_file():
            print("Second encoder, for bots of the accurate profile (once):", flush=True)
            if run("scripts.commands.encoder", "--profile", "accurate", *out) != 0:
                print("It is not there; bots of the fast profile need none.", flush=True)
                second = ""
        large = done.get("large", "")
        english = {n for n in _bots(root) if reading(root / _PACKS / n) == "accurate-english"}
        if english and (large != encoder or not (root / _LARGE).is_file()):
            print("Large English encoder, for accurate bots of English alone (once):", flush=True)
            large = encoder
            if run("scripts.commands.encoder", "--profile", "accurate-english", *out) != 0:
                print("It is not there; other bots need none.", flush=True)
                large = ""
        code = digest(root, (*_RELEASE_INPUTS, _ENCODER, _ENGLISH, _SECOND))
        packs = {
            name: " ".join(
                (code, digest(root, (_PACKS / name, *([_LARGE] if name in english else []))))
            )
            for name in _bots(root)
        }
        trained = {name: done[_key(name)] for name in packs if _key(name) in done}
        waiting = waiting_bots(root)
        stale = [
            name for name, now in packs.items()
            if (bots is None or name in bots) and (trained.get(name) != now or name in waiting)
        ]  # fmt: skip
        if stale:
            print("Training the bots (again only when a pack or the code changes):", flush=True)
            if run("scripts.commands.train", *stale, "--out", str(_releases(root))) == 0:
                trained |= {name: packs[name] for name in stale}
            else:
                if missing := [name for name in waiting_bots(root) if name in stale]:
                    raise PrepareError(
                        f"{', '.join(missing)}: could not be trained and has no earlier release; "
                        "see above."
                    )
                print("Not every bot could be trained; its earlier release answers.", flush=True)
        state = {_key(name): made for name, made in trained.items()}
        _write(root / _STATE, {"encoder": encoder, "second": second, "large": large, **state})


def waiting_bots(root: Path) -> tuple[str, ...]:
    """Return the bots that have a pack but no release yet."""
    return tuple(n for n in _bots(root) if not (_releases(root) / n / "current.json").is_file())


def digest(root: Path, inputs: Iterable[Path]) -> str:
    """Return one sum over files, and over every source file within folders, names included."""
    total = hashlib.sha256()
    for entry in inputs:
        path = root / entry
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file() and "__pycache__" not in file.parts:
                content = hashlib.sha256(file.read_bytes()).hexdigest()
                total.update(f"{file.relative_to(root).as_posix()} {content}\n".encode())
    return total.hexdigest()


def _bots(root: Path) -> list[str]:
    return sorted(pack.parent.name for pack in (root / _PACKS).glob("*/bot.yaml"))


def _key(bot: str) -> str:
    return f"release of {bot}"


def _releases(root: Path) -> Path:
    return root / ".cache/releases"


def _read(path: Path) -> dict[str, str]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _write(path: Path, state: dict[str, str]) -> None:
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps(state), encoding="utf-8")
    beside.replace(path)
