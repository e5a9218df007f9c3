"""Judge what customers said of answers: accept a label, dismiss, or leave for later."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from sangdam.bots.definition import Intent
from sangdam.learning.feedback import Feedback
from sangdam.learning.labels import Label, meant
from sangdam.ports import FeedbackStore, PackMissingError
from sangdam_adapters import stores
from sangdam_adapters.yaml_bots import YamlPacks
from scripts.local.paths import PACKS
from scripts.local.target import TargetError, add_option, find_target

HELP = "intent name = accept it, Enter = accept the suggestion, s = skip, d = dismiss, q = quit"


def main(argv: Sequence[str] | None = None) -> int:
    """Go through the review queue of one bot."""
    parser = argparse.ArgumentParser(prog="scripts/review", description=__doc__, epilog=HELP)
    parser.add_argument("bot", help="which bot")
    parser.add_argument("--list", action="store_true", help="show the queue and change nothing")
    add_option(parser)
    options = parser.parse_args(argv)
    try:
        intents = YamlPacks(PACKS).load(options.bot).bot.intents
        store = stores.open_feedback(find_target(options.stack).settings.feedback)
        pending = store.pending(options.bot, limit=1000)
    except (TargetError, PackMissingError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{len(pending)} waiting" + ("" if options.list else f"; {HELP}"))
    for one in pending:
        print(
            f"\n[{one.language}] {one.text or '(a button)'}\n"
            f"  understood: {one.predicted}  rating: {one.rating:+d}  "
            f"customer {'picked' if one.source == 'clarification' else 'meant'}: "
            f"{one.intent or '-'}  {one.comment or ''}"
        )
        if not options.list and not judge(one, store, known=intents, ask=_ask):
            break
    return 0


def judge(
    feedback: Feedback,
    store: FeedbackStore,
    *,
    known: Mapping[str, Intent],
    ask: Callable[[str], str],
) -> bool:
    """Ask for one verdict and store it; False to stop asking."""
    suggestion = meant(feedback)
    while True:
        verdict = ask(f"  [{suggestion or 's'}] ").strip()
        verdict = verdict or suggestion or "s"
        if verdict == "q":
            return False
        if verdict == "s":
            return True
        if verdict == "d" or not feedback.text:
            store.settle(replace(feedback, status="dismissed"))
            return True
        if verdict in known:
            label = Label(
                feedback.bot, feedback.text, verdict, feedback.language, "operator", stores.now()
            )
            store.accept(label)
            store.settle(replace(feedback, status="accepted"))
            return True
        near = [name for name in known if verdict in name]
        print(f"  '{verdict}' is no intent; {'like it: ' + ', '.join(near) if near else HELP}")


def _ask(prompt: str) -> str:
    try:
        return input(prompt)
    except EOFError:
        return "q"


if __name__ == "__main__":
    raise SystemExit(main())
