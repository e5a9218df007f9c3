"""Run the nightly retrain now: learn from labels, publish what passes the gate."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence

from rich.console import Console

from sangdam_adapters.lambda_encoder import invoke_json, lambda_client
from scripts.local.target import TargetError, add_option, find_target


def main(argv: Sequence[str] | None = None) -> int:
    """Invoke the retrain function; returns 0 if every bot was published or had nothing new."""
    parser = argparse.ArgumentParser(prog="scripts/retrain", description=__doc__)
    parser.add_argument("bots", nargs="*", metavar="BOT", help="which bots (default: all)")
    parser.add_argument("--force", action="store_true", help="also where nothing has changed")
    add_option(parser)
    options = parser.parse_args(argv)
    console = Console(highlight=False, soft_wrap=True)
    try:
        target = find_target(options.stack)
    except TargetError as error:
        print(error, file=sys.stderr)
        return 2
    event = {"bots": options.bots, "force": options.force}
    console.print(f"retraining {', '.join(options.bots) or 'all bots'} …")
    try:
        answer = invoke_json(lambda_client(900), function=target.retrain_function, event=event)
    except OSError as error:
        print(error, file=sys.stderr)
        return 1
    for report in answer["reports"]:
        shown = json.dumps(report["reasons"], ensure_ascii=False)
        console.print(
            f"{report['bot']}: {report['result']} {report['release']} "
            f"({report['labels']} labels) {shown}",
            markup=False,
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
