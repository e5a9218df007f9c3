"""Put an earlier release of a bot back, by moving one pointer."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from sangdam.learning.release import ReleaseError
from sangdam.services.roll_back import roll_back
from sangdam_adapters import stores
from scripts.local.target import TargetError, add_option, find_target


def main(argv: Sequence[str] | None = None) -> int:
    """Roll back (or list); returns 0 if the pointer stands where it should."""
    parser = argparse.ArgumentParser(prog="scripts/rollback", description=__doc__)
    parser.add_argument("bot", help="which bot")
    parser.add_argument("--to", metavar="RELEASE", help="default: the parent of the current one")
    parser.add_argument("--list", action="store_true", help="show the releases and change nothing")
    add_option(parser)
    options = parser.parse_args(argv)
    try:
        registry = stores.open_registry(find_target(options.stack).settings.releases)
        if options.list:
            current = registry.current(options.bot)
            for name in registry.releases(options.bot):
                here = "  <- current" if current is not None and name == current.release else ""
                print(f"{name}{here}")
            return 0
        pointer = roll_back(options.bot, to=options.to, registry=registry)
    except (ReleaseError, TargetError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{options.bot}: current release is {pointer.release}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
