"""Many at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor


def all_at_once(task: Callable[[int], object], count: int = 20) -> Sequence[object]:
    """Return the results of parallel tasks, or the errors they raised."""

    def outcome(number: int) -> object:
        try:
            return task(number)
        except Exception as error:
            return error

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(outcome, range(count)))
