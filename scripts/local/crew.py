"""Processes that work side by side, each on one thing; what they make comes back in order."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any, Generic, TypeVar

from sangdam.ports import Progress

T = TypeVar("T")
Work = Callable[[str, Progress], T]
"""What is done on one thing, given by its name."""


@dataclass(frozen=True, slots=True)
class Lost:
    """A process ended before it had made anything."""

    status: int | None


@dataclass(frozen=True, slots=True)
class _Said:
    task: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class _Made(Generic[T]):
    what: T


def side_by_side(
    work: Work[T], names: Sequence[str], *, jobs: int, progress: Progress
) -> Generator[T | Lost, None, None]:
    """Yield what ``work`` makes of each name, in order.

    With one job the work is done in this process. With more, each name has a new process to itself,
    ``jobs`` of them at a time, and ``work`` must be one that can be pickled. Leaving early ends
    them all.
    """
    if jobs == 1:
        for name in names:
            yield work(name, _of(name, progress))
        return
    waiting = deque(names)
    at_work: dict[Connection, tuple[str, SpawnProcess]] = {}
    made: dict[str, T | Lost] = {}
    try:
        for name in names:
            while name not in made:
                while waiting and len(at_work) < jobs:
                    connection, process = _start(work, waiting[0])
                    at_work[connection] = waiting.popleft(), process
                ready = wait(list(at_work))
                for connection in [one for one in at_work if one in ready]:
                    whose, process = at_work[connection]
                    heard: _Said | _Made[T] | Lost = _hear(connection, process)
                    if isinstance(heard, _Said):
                        _of(whose, progress)(heard.task, heard.done, heard.total)
                        continue
                    made[whose] = heard.what if isinstance(heard, _Made) else heard
                    del at_work[connection]
            yield made[name]
    finally:
        for connection, (_, process) in at_work.items():
            process.terminate()
            process.join()
            connection.close()


def _start(work: Work[T], name: str) -> tuple[Connection, SpawnProcess]:
    # Not forked: a copy of a process that has threads (numpy's, say) may hang.
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(theirs, work, name), name=name, daemon=True)
    process.start()
    theirs.close()
    return ours, process


def _hear(connection: Connection, process: SpawnProcess) -> Any:
    """Return the next thing that a process hands over."""
    try:
        heard = connection.recv()
    except EOFError:
        process.join()
        heard = Lost(process.exitcode)
    if not isinstance(heard, _Said):
        process.join()
        connection.close()
    return heard


def _work(connection: Connection, work: Work[T], name: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it reaches who started this process, too

    def say(task: str, done: int, total: int) -> None:
        connection.send(_Said(task, done, total))

    try:
        connection.send(_Made(work(name, say)))
    except BrokenPipeError:
        return  # whoever started this process is gone


def _of(name: str, progress: Progress) -> Progress:
    return lambda task, done, total: progress(f"{name}: {task}", done, total)
