"""Talk with a bot in the terminal and see why it answers as it does."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console

from sangdam_adapters import stores
from sangdam_adapters.file_releases import FileRegistry
from sangdam_adapters.yaml_bots import YamlPacks
from scripts.local.handler_line import HandlerError, HandlerLine
from scripts.local.in_memory import chat_function
from scripts.local.paths import ENCODER, PACKS, RELEASES

HELP = (
    "A number presses a button; /why shows or hides reasons; /new starts over; "
    "/quit (or Ctrl-D) ends."
)


def main(argv: Sequence[str] | None = None) -> int:
    """Talk until the end of input."""
    parser = argparse.ArgumentParser(prog="scripts/chat", description=__doc__, epilog=HELP)
    parser.add_argument("bot", nargs="?", help="which bot (default: the first)")
    parser.add_argument("--language", choices=("ko", "en"), default="ko", help="of the greeting")
    parser.add_argument(
        "--why", action=argparse.BooleanOptionalAction, default=True,
        help="the reasons of every answer below it (/why turns them on and off)",
    )  # fmt: skip
    parser.add_argument("--quiet", action="store_true", help="the same as --no-why")
    parser.add_argument("--releases", type=Path, default=RELEASES, help="folder of the releases")
    parser.add_argument("--packs", type=Path, default=PACKS, help="folder of the bot packs")
    options = parser.parse_args(argv)
    names = YamlPacks(options.packs).names()
    bot = options.bot or next(iter(names), "")
    if bot not in names:
        known = ", ".join(names) or "none"
        print(f"There is no bot '{bot}' in {options.packs}; there: {known}", file=sys.stderr)
        return 2
    if FileRegistry(options.releases, clock=stores.now).current(bot) is None:
        print(
            f"'{bot}' has no release in {options.releases}: make one with"
            f" scripts/train {bot} --packs {options.packs} --out {options.releases}",
            file=sys.stderr,
        )
        return 2
    console = Console(highlight=False, soft_wrap=True)
    with chat_function(
        packs=options.packs, releases=options.releases, encoder=ENCODER,
        today=date.today(),
    ) as handler:  # fmt: skip
        try:
            talk(
                console,
                lambda: HandlerLine(handler, bot, options.language),
                why=options.why and not options.quiet,
            )
        except HandlerError as error:  # it cannot even greet
            print(error, file=sys.stderr)
            return 1
    return 0


def talk(console: Console, open_line: Any, *, why: bool) -> None:
    """Read messages and show answers until the input ends."""
    console.print(HELP, style="dim")
    line, buttons = _greet(console, open_line)
    while True:
        try:
            text = console.input("[bold cyan]> [/bold cyan]").strip()
        except (EOFError, KeyboardInterrupt):
            console.print()
            return
        if text in ("/quit", "/exit"):
            return
        if text == "/why":
            why = not why
            continue
        if text == "/new":
            line, buttons = _greet(console, open_line)
            continue
        if not text:
            continue
        pressed = buttons[int(text) - 1] if text.isdigit() and 0 < int(text) <= len(buttons) else ""
        try:
            answer = line.send(quick_reply=pressed) if pressed else line.send(text=text)
        except HandlerError as error:
            console.print(str(error), style="red", markup=False)
            continue
        buttons = _show(console, answer, why=why)


def _greet(console: Console, open_line: Any) -> tuple[HandlerLine, list[str]]:
    line: HandlerLine = open_line()
    heard = line.greet()
    for text in heard.texts:
        console.print(text, style="green", markup=False)
    _buttons(console, [one.label for one in heard.quick_replies])
    return line, [one.value for one in heard.quick_replies]


def _show(console: Console, answer: dict[str, Any], *, why: bool) -> list[str]:
    for message in answer["reply"]["messages"]:
        console.print(message["text"], style="green", markup=False)
    quick = answer["reply"]["quick_replies"]
    _buttons(console, [one["label"] for one in quick])
    if why:
        for reason in [*answer["trace"]["understanding"], *answer["trace"]["dialogue"]]:
            console.print(f"    {reason}", style="dim", markup=False)
        best = ", ".join(
            f"{one['intent']} {one['confidence']:.2f}" for one in answer["trace"]["alternatives"]
        )
        if best:
            console.print(f"    candidates: {best}", style="dim", markup=False)
    return [one["value"] for one in quick]


def _buttons(console: Console, labels: list[str]) -> None:
    if labels:
        shown = "  ".join(f"[{place}] {label}" for place, label in enumerate(labels, start=1))
        console.print(shown, style="yellow", markup=False)


if __name__ == "__main__":
    raise SystemExit(main())
