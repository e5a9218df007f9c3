"""Make this copy of the repository ready to use: environment, sentence encoder, trained bots."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from scripts.local.paths import ROOT
from scripts.local.prepare import PrepareError, prepare


def main(argv: Sequence[str] | None = None) -> int:
    """Prepare what the environment (made before this runs) is needed for; return the status."""
    parser = argparse.ArgumentParser(
        prog="scripts/setup",
        description=__doc__,
        epilog="SANGDAM_PYTHON names the Python to use (3.11 to 3.13); without it one is looked "
        "for. The other scripts call this one by themselves.",
    )
    parser.add_argument("--environment-only", action="store_true", help="make .venv and stop there")
    options = parser.parse_args(argv)
    if not options.environment_only:
        try:
            prepare(ROOT)
        except PrepareError as error:
            print(error, file=sys.stderr)
            return 1
    print("Everything is ready: scripts/run starts the service, scripts/test checks it.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
