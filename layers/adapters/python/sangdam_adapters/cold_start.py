"""What makes the first answer of a fresh process come sooner."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Collect no garbage while a function sets itself up, and never look at what it set up again.

    Importing makes many objects and hardly any garbage, so that looking for some is lost time;
    afterwards these objects live as long as the process (``gc.freeze``).
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()
