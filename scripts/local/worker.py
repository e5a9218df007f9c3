"""Runs one invocation of one function in this process: a job on standard input, an answer out.

Whatever the handler prints goes to standard error, so that standard output carries the answer
alone.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
import traceback
from contextlib import redirect_stdout
from typing import Any

from scripts.local.invoke import LambdaContext


def main() -> int:
    """Read a job, call its handler, write what came of it as one line of JSON."""
    job = json.load(sys.stdin)
    with redirect_stdout(sys.stderr):
        outcome = run(job)
    json.dump(outcome, sys.stdout)
    return 0


def run(job: dict[str, Any]) -> dict[str, Any]:
    """Return ``{"answer": ...}`` or, if the handler raised, ``{"failed": ...}``."""
    context = LambdaContext(**job["context"], deadline=time.monotonic() + job["timeout"])
    try:
        handler = getattr(importlib.import_module(job["module"]), job["attribute"])
        return {"answer": json.loads(json.dumps(handler(job["event"], context)))}
    except Exception as error:
        return {
            "failed": {
                "kind": type(error).__name__,
                "message": str(error),
                "trace": traceback.format_exc().splitlines(),
            }
        }


if __name__ == "__main__":
    sys.exit(main())
