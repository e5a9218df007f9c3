"""Progress of long work: a bar on a terminal, a line for each task elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from sangdam.ports import Progress as Report


@contextmanager
def shown(console: Console, *, brief: bool = False) -> Iterator[Report]:
    """Give a function that shows what is being done; one line or bar for each task.

    With ``brief`` a bar goes when its task is done.
    """
    if not console.is_terminal:
        seen: set[str] = set()

        def report_line(task: str, done: int, total: int) -> None:
            if task not in seen:
                seen.add(task)
                console.print(f"  {task} …", highlight=False)

        yield report_line
        return
    columns = (
        TextColumn("  {task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as bars:
        tasks = {}

        def report_bar(task: str, done: int, total: int) -> None:
            if task not in tasks:
                tasks[task] = bars.add_task(task, total=total)
            is_shown = done < total or not brief
            bars.update(tasks[task], completed=done, total=total, visible=is_shown)

        yield report_bar
