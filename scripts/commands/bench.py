"""Measure on this machine how fast bots understand and answer, and how soon a function has started.

Prints the figures beside the goals, where there are any.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from functools import partial
from itertools import cycle, islice
from pathlib import Path

import boto3
from moto import mock_aws
from rich.console import Console

from functions.chat import app
from sangdam.bots.definition import Example
from sangdam.bots.parse import Pack
from sangdam.bots.reading import PackError
from sangdam.learning.classifier_card import ClassifierError
from sangdam.learning.release import ReleaseError
from sangdam.ports import PackMissingError
from sangdam_adapters import stores
from sangdam_adapters.onnx_encoder import EncoderError, OnnxEncoder
from sangdam_adapters.rehearsal import REHEARSAL_TIME
from sangdam_adapters.s3_client import s3_client
from sangdam_adapters.settings import Address, Settings
from sangdam_adapters.yaml_bots import YamlPacks
from sangdam_training.errors import TrainingError
from scripts.evaluation.bench_figures import Figures, Goals, spread, table
from scripts.evaluation.bench_peer import PeerBrokenError, PeerMissingError, beside_peer
from scripts.evaluation.bench_training import CASES, Case, TrainingFailedError, in_own_process
from scripts.evaluation.bench_understanding import NoReleaseError, title, understanding
from scripts.local import baseline, demo, progress
from scripts.local.environment import aws_environment, place
from scripts.local.handler_line import HandlerLine
from scripts.local.in_memory import chat_function
from scripts.local.moto_lock import lock_moto
from scripts.local.paths import ENCODER, PACKS, RELEASES, ROOT
from scripts.local.service import store_server
from scripts.local.stack import create_stores
from scripts.local.template import load_template

BARE = "import onnxruntime, numpy, boto3"
TURNS_IN_SESSION = 20
FIRST_ANSWER = "first answer of a fresh process"
GOALS: Goals = {
    (title("fast"), "p50_ms"): 2.0,
    (title("fast"), "p99_ms"): 6.0,
    (title("accurate"), "p50_ms"): 25.0,
    (FIRST_ANSWER, "ratio"): 2.0,
    **{figure: most for case in CASES for figure, most in case.goals().items()},
}
FAILED = 1
BAD_INPUT = 2

Part = Callable[[], dict[str, Figures]]
"""Measures something and returns what it found, by name."""

_UNUSABLE = (PackMissingError, PackError, NoReleaseError, ReleaseError, ClassifierError)
_BROKEN = (EncoderError, TrainingError, TrainingFailedError, PeerBrokenError)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure; prints a table, and writes JSON where asked.

    Returns 1 if a part could not be measured to its end, and 2 for a bot that cannot be measured.
    """
    options = _parser().parse_args(argv)
    try:
        pack = YamlPacks(PACKS).load(options.bot)
        measured, is_whole = run(parts(pack, options).values(), tell=_tell)
    except _UNUSABLE as error:
        _tell(str(error))
        return BAD_INPUT
    cores = f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores"
    Console().print(table(cores, measured, GOALS))
    if options.json is not None:
        options.json.write_text(json.dumps(measured, indent=1), encoding="utf-8")
    return 0 if is_whole else FAILED


def parts(pack: Pack, options: argparse.Namespace) -> dict[str, Part]:
    """Return what the options ask to measure, in order; nothing is measured yet."""
    bot, turns = pack.bot.name, options.turns
    messages = pack.examples[:: max(1, len(pack.examples) // turns)]
    texts = [one.text for one in messages]
    chosen: dict[str, Part] = {
        "understanding": lambda: _understanding(pack, messages, turns),
        "memory": lambda: {"turn, storage in memory": in_memory(bot, texts, turns)},
        "moto": lambda: {"turn, DynamoDB and S3 in moto": in_moto(bot, texts, turns)},
        "encoder": lambda: {"encoder, one sentence": encoder(texts, turns)},
        "starts": lambda: {FIRST_ANSWER: starts(bot, options.starts)},
    }
    if options.training:
        for case in CASES:
            chosen[case.name] = partial(_training, bot, case)
    if options.peer:
        chosen["peer"] = lambda: _peer(pack)
    return chosen


def run(chosen: Iterable[Part], *, tell: Callable[[str], None]) -> tuple[dict[str, Figures], bool]:
    """Measure one part after the other; tells, and returns, whether all of it could be done.

    A peer that is not on this machine is left out, and nothing is amiss.
    """
    measured: dict[str, Figures] = {}
    is_whole = True
    for part in chosen:
        try:
            measured |= part()
        except PeerMissingError as error:
            tell(f"left out: {error}")
        except _BROKEN as error:
            tell(str(error))
            is_whole = False
    return measured, is_whole


def in_memory(bot: str, messages: Sequence[str], turns: int) -> Figures:
    """Time turns through the chat handler with storage in memory, this process's own time."""
    today = REHEARSAL_TIME.date()
    with chat_function(packs=PACKS, releases=RELEASES, encoder=ENCODER, today=today) as handler:
        times = _time_turns(lambda: HandlerLine(handler, bot, "ko"), messages, turns)
    return spread(times)


def in_moto(bot: str, messages: Sequence[str], turns: int) -> Figures:
    """Time the same with DynamoDB and S3 played by moto inside this process."""
    lock_moto()
    template = load_template(ROOT / "template.yaml")
    environment = {
        **place(template, root=ROOT).environment,
        **aws_environment(endpoint="", gateway=""),
        "POWERTOOLS_METRICS_DISABLED": "true",
        "POWERTOOLS_LOG_LEVEL": "WARNING",
    }
    before = dict(os.environ)
    with ExitStack() as stack:
        stack.callback(_restore, before)
        os.environ.update({name: value for name, value in environment.items() if value})
        stack.enter_context(mock_aws())
        create_stores(template, dynamodb=boto3.client("dynamodb"), s3=s3_client())
        _fill(Settings(os.environ))
        app.desk.cache_clear()
        stack.callback(app.desk.cache_clear)
        times = _time_turns(lambda: HandlerLine(app.handler, bot, "ko"), messages, turns)
    return spread(times)


def encoder(messages: Sequence[str], count: int) -> Figures:
    """Time the encoder alone, one sentence at a time."""
    opened = OnnxEncoder.open(ENCODER)
    opened.encode(messages[:20])
    times = []
    for text in islice(cycle(messages), count):
        begun = time.perf_counter()
        opened.encode([text])
        times.append(time.perf_counter() - begun)
    return spread(times)


def starts(bot: str, count: int) -> Figures:
    """Time fresh processes up to the first answer, turn by turn with bare imports."""
    template = load_template(ROOT / "template.yaml")
    settings = place(template, root=ROOT).environment
    bare: list[float] = []
    answer: list[float] = []
    memory: list[float] = []
    with store_server() as endpoint, tempfile.TemporaryDirectory() as bytecode:
        environment = {**settings, **aws_environment(endpoint=endpoint, gateway=endpoint)}
        before = dict(os.environ)
        os.environ.update(environment)
        try:
            session = boto3.Session()
            create_stores(template, dynamodb=session.client("dynamodb"), s3=session.client("s3"))
            _fill(Settings(os.environ))
        finally:
            _restore(before)
        child = {**os.environ, **environment, "POWERTOOLS_METRICS_DISABLED": "true"}
        # Layers carry bytecode; here the first round writes it, whatever this machine's habit.
        child["PYTHONPYCACHEPREFIX"] = bytecode
        child.pop("PYTHONDONTWRITEBYTECODE", None)
        answering = [sys.executable, "-m", "scripts.local.first_answer", bot, "배송 언제 와요?"]
        for _ in range(count + 1):
            bare.append(_run([sys.executable, "-c", BARE], child)[0])
            took, printed = _run(answering, child)
            answer.append(took)
            memory.append(float(printed.splitlines()[-1]) / 1024)
    bare, answer, memory = bare[1:], answer[1:], memory[1:]  # the first round warms the disk
    return {
        "bare_imports_ms": statistics.median(bare),
        "first_answer_ms": statistics.median(answer),
        "ratio": statistics.median(a / b for a, b in zip(answer, bare, strict=True)),
        "resident_mb": statistics.median(memory),
    }


def _time_turns(
    open_line: Callable[[], HandlerLine], messages: Sequence[str], turns: int
) -> list[float]:
    times: list[float] = []
    line: HandlerLine | None = None
    for sent, text in enumerate(islice(cycle(messages), turns + TURNS_IN_SESSION)):
        if line is None or sent % TURNS_IN_SESSION == 0:
            line = open_line()
            line.greet()
        begun = time.perf_counter()
        line.say(text)
        times.append(time.perf_counter() - begun)
    return times[TURNS_IN_SESSION:]  # the first session warms up


def _restore(environment: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)


def _fill(settings: Settings) -> None:
    source = stores.open_registry(settings.baseline)
    baseline.publish_baseline(source, stores.open_registry(settings.releases))
    backoffice = stores.open_backoffice(settings.backoffice)
    demo.seed(backoffice, packs=PACKS, today=REHEARSAL_TIME.date())


def _run(command: Sequence[str], environment: dict[str, str]) -> tuple[float, str]:
    begun = time.perf_counter()
    done = subprocess.run(  # noqa: S603 -- our own interpreter and module
        command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    return (time.perf_counter() - begun) * 1000, done.stdout


def _understanding(pack: Pack, messages: Sequence[Example], count: int) -> dict[str, Figures]:
    return understanding(
        pack, messages, count, registry=stores.open_registry(Address.of_folder(RELEASES)),
        encoders=stores.open_encoders(Address.of_folder(ENCODER)), tell=_tell,
    )  # fmt: skip


def _training(bot: str, case: Case) -> dict[str, Figures]:
    return {case.name: in_own_process(bot, case, seed=0)}


def _peer(pack: Pack) -> dict[str, Figures]:
    opened = stores.open_encoder(Address.of_folder(ENCODER))
    with progress.shown(Console(stderr=True)) as report:
        return beside_peer(pack.examples, encoder=opened, seed=0, progress=report)


def _tell(words: str) -> None:
    print(words, file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("--bot", default="shop", help="which bot's messages to send")
    parser.add_argument(
        "--turns", type=_count, default=600, help="messages to time, in each place (default: 600)"
    )
    parser.add_argument(
        "--starts", type=_count, default=11, help="fresh processes to time, each kind (default: 11)"
    )
    parser.add_argument(
        "--training", action="store_true",
        help="also time and memory of training, on rows made of the bot's sentences:"
        f" {' and '.join(f'{case.rows:,} of {case.intents} intents' for case in CASES)}",
    )  # fmt: skip
    parser.add_argument(
        "--peer", action="store_true",
        help="also nlp.js, trained on the same sentences; needs node, npm and, the first time, the"
        " network",
    )  # fmt: skip
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")
    return parser


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise argparse.ArgumentTypeError(f"{text} is nothing to measure; give 1 or more")
    return count


if __name__ == "__main__":
    raise SystemExit(main())
