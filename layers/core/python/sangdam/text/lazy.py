"""Regular expressions that are compiled when they are first used.

There are some three hundred of them, and compiling them all takes as long as reading the first
dozens of messages, while the first message of a fresh process needs one in ten.
"""

from __future__ import annotations

import re
from typing import Any, cast


def lazy_pattern(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return what behaves like ``re.compile(pattern, flags)``, compiled by its first search.

    Raises
    ------
    re.error
        When it is first used, if it is none.
    """
    return cast("re.Pattern[str]", _LazyPattern(pattern, flags))


class _LazyPattern:
    """Becomes the compiled one: what that can do is looked up in it once, and kept."""

    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern = pattern
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        # Called for what is not there yet. Threads that come here at once compile it twice, and
        # keep the same.
        if name.startswith("_"):
            raise AttributeError(name)
        found = getattr(re.compile(self.pattern, self._flags), name)
        setattr(self, name, found)
        return found
