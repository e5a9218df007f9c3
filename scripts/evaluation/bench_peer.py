"""nlp.js beside ours: the same sentences learnt, the same held-out ones answered, in one run."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from sangdam.bots.compiled import bot_of_intents
from sangdam.bots.definition import LANGUAGES, OUT_OF_SCOPE, Example
from sangdam.learning.splits import stratified_folds
from sangdam.nlu.understand import ANY_DAY, understand
from sangdam.ports import Encoder, Progress, TrainingPlan
from sangdam.services.build_release import build_release
from sangdam_adapters import stores
from sangdam_adapters.onnx_classifier import OnnxModelOpener
from sangdam_training.trainer import SklearnTrainer
from scripts.evaluation.bench_figures import Figures, side_by_side, spread
from scripts.local.paths import CACHE, ROOT

OURS = "ours, beside a peer"
PEER = "nlp.js 4.27.0"
PACKAGES = {
    "@nlpjs/core": "4.26.1",
    "@nlpjs/lang-en": "4.26.1",
    "@nlpjs/lang-ko": "4.26.1",
    "@nlpjs/nlp": "4.27.0",
}
FOLDER = CACHE / "peers"
SCRIPT = ROOT / "scripts" / "evaluation" / "peer.mjs"
FOLDS = 5
"""Of the sentences, one in so many is held out."""


class PeerMissingError(RuntimeError):
    """The peer cannot be had on this machine; the message says what is missing."""


class PeerBrokenError(RuntimeError):
    """The peer stopped or gave an answer that is none."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An intent, if any was found, and the seconds it took to find."""

    intent: str | None
    seconds: float


@dataclass(slots=True)
class Judged:
    """Answers to held-out sentences, as they come in."""

    answer: Callable[[Example], Answer]
    hits: dict[Example, bool] = field(default_factory=dict)

    def __call__(self, message: Example) -> float:
        given = self.answer(message)
        self.hits[message] = given.intent == message.intent
        return given.seconds

    @property
    def accuracy_percent(self) -> float:
        return 100 * sum(self.hits.values()) / len(self.hits)


class Peer:
    """A process that learns and answers: a line of JSON there, a line of JSON back."""

    def __init__(self, asked: IO[str], answered: IO[str]) -> None:
        self._asked = asked
        self._answered = answered

    def train(self, examples: Sequence[Example]) -> float:
        """Return the seconds that learning took, by the peer's own clock."""
        found = self._ask({"train": [asdict(one) for one in examples]})
        return _seconds(found)

    def answer(self, message: Example) -> Answer:
        found = self._ask({"text": message.text, "language": message.language})
        intent = found.get("intent")
        return Answer(intent if isinstance(intent, str) else None, _seconds(found))

    def _ask(self, question: Mapping[str, Any]) -> dict[str, Any]:
        try:
            self._asked.write(json.dumps(question, ensure_ascii=False) + "\n")
            self._asked.flush()
            line = self._answered.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise PeerBrokenError(f"{PEER}: stopped without an answer; what it said is above")
        try:
            found = json.loads(line)
        except json.JSONDecodeError:
            found = None
        if not isinstance(found, dict):
            raise PeerBrokenError(f"{PEER}: '{line.strip()[:80]}' is no answer ({SCRIPT.name})")
        return found


def _seconds(found: Mapping[str, Any]) -> float:
    seconds = found.get("seconds")
    if not isinstance(seconds, int | float) or seconds < 0:
        raise PeerBrokenError(f"{PEER}: an answer without its seconds ({SCRIPT.name})")
    return float(seconds)


def beside_peer(
    examples: Sequence[Example],
    *,
    encoder: Encoder | None,
    seed: int,
    progress: Progress,
    folder: Path = FOLDER,
) -> dict[str, Figures]:
    """Train both on the same rows, send both the same held-out rows, and return the figures.

    Sentences that are out of scope are left out, since the peer has no word for them, and so are
    the pack's own phrases and patterns: what is compared is what each makes of the sentences. The
    best intent counts as the answer, however unsure either is of it.

    Raises
    ------
    PeerMissingError
        If there is no node or npm, or the packages cannot be installed.
    PeerBrokenError
        If the peer fails while it is measured.
    """
    learnt, held_out = split(examples, seed=seed)
    with open_peer(folder) as peer:
        progress(f"training {PEER}", 0, 1)
        peer_seconds = peer.train(learnt)
        progress(f"training {PEER}", 1, 1)
        answer, our_seconds = _ours(learnt, encoder, seed=seed, progress=progress)
        ours, theirs = Judged(answer), Judged(peer.answer)
        # All of them are sent; what is timed before is the warm-up.
        taken = side_by_side({OURS: ours, PEER: theirs}, held_out, count=len(held_out))
    return {
        name: {
            "accuracy_percent": judged.accuracy_percent,
            **spread(taken[name]),
            "training_seconds": seconds,
        }
        for name, judged, seconds in ((OURS, ours, our_seconds), (PEER, theirs, peer_seconds))
    }


def split(
    examples: Sequence[Example], *, seed: int
) -> tuple[tuple[Example, ...], tuple[Example, ...]]:
    """Return what is learnt from and what is held out, of every intent in every language."""
    rows = [one for one in dict.fromkeys(examples) if one.intent != OUT_OF_SCOPE]
    folds = stratified_folds([(one.intent, one.language) for one in rows], folds=FOLDS, seed=seed)
    placed = list(zip(rows, folds, strict=True))
    return (
        tuple(row for row, fold in placed if fold != 0),
        tuple(row for row, fold in placed if fold == 0),
    )


@contextmanager
def open_peer(folder: Path = FOLDER) -> Iterator[Peer]:
    """Start the peer, installed before if need be, and stop it at the end of the block.

    Raises
    ------
    PeerMissingError
        If there is no node or npm, or the packages cannot be installed.
    """
    node = _program("node")
    install(folder)
    with subprocess.Popen(  # noqa: S603 -- our own script
        [node, str(SCRIPT), str(folder)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8",
    ) as process:  # fmt: skip
        if process.stdin is None or process.stdout is None:
            raise PeerBrokenError(f"{PEER}: started without pipes")
        try:
            yield Peer(process.stdin, process.stdout)
        finally:
            process.kill()
            with suppress(OSError):  # what a dead process was still to be told
                process.stdin.close()


def install(folder: Path) -> None:
    """Install the peer's packages into a folder, in exactly these versions, unless they are there.

    Nothing is written elsewhere (npm's own cache and logs stand in the folder too), and no script
    of a package is run.

    Raises
    ------
    PeerMissingError
        If there is no npm, or npm fails: it needs the network.
    """
    if all(_version(folder, name) == version for name, version in PACKAGES.items()):
        return
    npm = _program("npm")
    folder.mkdir(parents=True, exist_ok=True)
    command = [
        npm, "install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund",
        "--no-update-notifier", "--loglevel=error", "--prefix", str(folder),
        "--cache", str(folder / "npm"), *(f"{name}@{pin}" for name, pin in PACKAGES.items()),
    ]  # fmt: skip
    done = subprocess.run(  # noqa: S603 -- packages of these names and versions
        command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        last = next((line for line in reversed(done.stderr.splitlines()) if line.strip()), "")
        raise PeerMissingError(
            f"{PEER}: npm could not install it ({last.strip() or f'status {done.returncode}'});"
            " it needs the network once"
        )


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise PeerMissingError(f"{PEER}: there is no {name} on this machine; install Node.js")
    return found


def _version(folder: Path, name: str) -> str | None:
    try:
        data = (folder / "node_modules" / name / "package.json").read_text(encoding="utf-8")
        found = json.loads(data)
    except (OSError, ValueError):
        return None
    return found.get("version") if isinstance(found, dict) else None


def _ours(
    learnt: Sequence[Example], encoder: Encoder | None, *, seed: int, progress: Progress
) -> tuple[Callable[[Example], Answer], float]:
    """Train on the rows; return what answers, and the seconds that training took."""
    bot = bot_of_intents("bench", list(dict.fromkeys(one.intent for one in learnt)), LANGUAGES)
    opener = OnnxModelOpener(encoder)
    begun = time.perf_counter()
    release = build_release(
        bot, learnt,
        trainer=SklearnTrainer(encoder=encoder, open_model=opener), plan=TrainingPlan(seed=seed),
        now=stores.now(), encoder=None if encoder is None else encoder.name, progress=progress,
    )  # fmt: skip
    seconds = time.perf_counter() - begun
    model = opener.open(release.files)

    def answer(message: Example) -> Answer:
        begun = time.perf_counter()
        found = understand(bot, model, message.text, language=message.language, now=ANY_DAY.now)
        return Answer(found.intent, time.perf_counter() - begun)

    return answer, seconds
