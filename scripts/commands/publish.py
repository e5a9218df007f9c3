"""Publish a bot's trained release (scripts/train) so that new conversations start with it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from sangdam.learning.release import ReleaseError, ReleaseExistsError, ReleaseMissingError
from sangdam.services.carry_release import carry_release
from sangdam_adapters import stores
from sangdam_adapters.file_releases import FileRegistry
from scripts.local.paths import RELEASES
from scripts.local.target import TargetError, add_option, find_target


def main(argv: Sequence[str] | None = None) -> int:
    """Publish and move the pointer; returns 0 if the release is current afterwards."""
    parser = argparse.ArgumentParser(prog="scripts/publish", description=__doc__)
    parser.add_argument("bot", help="which bot")
    parser.add_argument("--release", help="which release of the folder (default: its current one)")
    parser.add_argument("--releases", type=Path, default=RELEASES, help="folder of the releases")
    add_option(parser)
    options = parser.parse_args(argv)
    try:
        source = FileRegistry(options.releases, clock=stores.now)
        name = options.release or _current(source, options.bot)
        registry = stores.open_registry(find_target(options.stack).settings.releases)
        before = registry.current(options.bot)
        try:
            carry_release(options.bot, name, source=source, target=registry)
        except ReleaseExistsError:
            print(f"{options.bot}/{name} is stored already")
        registry.move(options.bot, to=name, expected=before)
    except (ReleaseError, TargetError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    replaced = f", replacing {before.release}" if before is not None else ""
    print(f"{options.bot}: current release is {name}{replaced}; running sessions keep theirs")
    return 0


def _current(source: FileRegistry, bot: str) -> str:
    pointer = source.current(bot)
    if pointer is None:
        raise ReleaseMissingError(f"bot '{bot}' has no trained release; run scripts/train {bot}")
    return pointer.release


if __name__ == "__main__":
    raise SystemExit(main())
