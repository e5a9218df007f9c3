"""The chat function in this process, over memory and a folder of releases: no service needed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from functions.chat import app
from sangdam_adapters import stores
from scripts.local import demo
from scripts.local.handler_line import Handler


@contextmanager
def chat_function(
    *, packs: Path, releases: Path, encoder: Path | None, today: date
) -> Iterator[Handler]:
    """Give the chat function's handler, with the demonstration data of all packs."""
    settings = {
        "SANGDAM_CONVERSATIONS": "memory://local",
        "SANGDAM_BACKOFFICE": "memory://local",
        "SANGDAM_FEEDBACK": "memory://local",
        "SANGDAM_NOTIFY": "none://",
        "SANGDAM_RELEASES": "memory://local",
        "SANGDAM_BASELINE": f"file://{releases.resolve().as_posix()}",
        "SANGDAM_ENCODER": f"file://{encoder.resolve().as_posix()}" if encoder else "none://",
        "POWERTOOLS_METRICS_NAMESPACE": "Sangdam",
        "POWERTOOLS_METRICS_DISABLED": "true",
        "POWERTOOLS_LOG_LEVEL": "WARNING",
    }
    before = dict(os.environ)
    os.environ.update(settings)
    stores.forget_memory()
    app.desk.cache_clear()
    try:
        demo.seed(app.desk().backoffice, packs=packs, today=today)
        yield app.handler
    finally:
        os.environ.clear()
        os.environ.update(before)
        stores.forget_memory()
        app.desk.cache_clear()
