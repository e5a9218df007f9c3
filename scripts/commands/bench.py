"""Measure the service on this machine: turns, encoder, first answer, memory. Prints medians."""

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
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from itertools import cycle, islice
from pathlib import Path

import boto3
from moto import mock_aws
from rich.console import Console
from rich.table import Table

from functions.chat import app
from sangdam_adapters import stores
from sangdam_adapters.onnx_encoder import OnnxEncoder
from sangdam_adapters.rehearsal import REHEARSAL_TIME
from sangdam_adapters.s3_client import s3_client
from sangdam_adapters.settings import Settings
from sangdam_adapters.yaml_bots import YamlPacks
from scripts.local import baseline, demo
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

Figures = dict[str, float]


def main(argv: Sequence[str] | None = None) -> int:
    """Measure; prints a table, and writes JSON where asked."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("--bot", default="shop", help="which bot's messages to send")
    parser.add_argument("--turns", type=int, default=600, help="turns to time, each store")
    parser.add_argument("--starts", type=int, default=11, help="fresh processes to time, each kind")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")
    options = parser.parse_args(argv)
    figures: dict[str, Figures] = {}
    texts = [one.text for one in YamlPacks(PACKS).load(options.bot).examples]
    messages = texts[:: max(1, len(texts) // options.turns)]
    figures["turn, storage in memory"] = in_memory(options.bot, messages, options.turns)
    figures["turn, DynamoDB and S3 in moto"] = in_moto(options.bot, messages, options.turns)
    figures["encoder, one sentence"] = encoder(messages, options.turns)
    figures["first answer of a fresh process"] = starts(options.bot, options.starts)
    _show(figures)
    if options.json is not None:
        options.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    return 0


def in_memory(bot: str, messages: Sequence[str], turns: int) -> Figures:
    """Time turns through the chat handler with storage in memory, this process's own time."""
    today = REHEARSAL_TIME.date()
    with chat_function(packs=PACKS, releases=RELEASES, encoder=ENCODER, today=today) as handler:
        times = _time_turns(lambda: HandlerLine(handler, bot, "ko"), messages, turns)
    return _spread(times)


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
    return _spread(times)


def encoder(messages: Sequence[str], count: int) -> Figures:
    """Time the encoder alone, one sentence at a time."""
    opened = OnnxEncoder.open(ENCODER)
    opened.encode(messages[:20])
    times = []
    for text in islice(cycle(messages), count):
        begun = time.perf_counter()
        opened.encode([text])
        times.append(time.perf_counter() - begun)
    return _spread(times)


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


def _spread(seconds: Sequence[float]) -> Figures:
    ordered = sorted(one * 1000 for one in seconds)
    return {
        "p50_ms": statistics.median(ordered),
        "p99_ms": ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))],
    }


def _restore(environment: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)


def _fill(settings: Settings) -> None:
    source = stores.open_registry(settings.baseline)
    baseline.publish_baseline(source, stores.open_registry(settings.releases))
    orders = stores.open_orders(settings.backoffice)
    demo.seed(orders, packs=PACKS, today=REHEARSAL_TIME.date())


def _run(command: Sequence[str], environment: dict[str, str]) -> tuple[float, str]:
    begun = time.perf_counter()
    done = subprocess.run(  # noqa: S603 -- our own interpreter and module
        command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    return (time.perf_counter() - begun) * 1000, done.stdout


def _show(figures: dict[str, Figures]) -> None:
    table = Table(title=f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores")
    for heading in ("what", "figure", "value"):
        table.add_column(heading, justify="right" if heading == "value" else "left")
    for what, values in figures.items():
        for name, value in values.items():
            table.add_row(what, name, f"{value:.2f}")
    Console().print(table)


if __name__ == "__main__":
    raise SystemExit(main())
