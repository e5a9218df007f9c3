"""Make a small, valid bot pack to begin with; ask for what is not given if this is a terminal."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from sangdam.bots.definition import LANGUAGES, Language
from sangdam.bots.reading import PackError
from sangdam_adapters.yaml_bots import YamlPacks
from scripts.commands.validate import summary
from scripts.local.paths import PACKS, ROOT
from scripts.new_bot.draft import (
    Draft,
    files,
    industries,
    wrong_hours,
    wrong_name,
    wrong_title,
)

Ask = Callable[[str], str]
"""Puts a question to the author and returns the answer."""

Wrong = Callable[[str], str | None]
"""Returns what is wrong with an answer; None if it is good."""

_LANGUAGE_NAMES = {"ko": "Korean", "en": "English"}


def main(argv: Sequence[str] | None = None, *, ask: Ask | None = None) -> int:
    """Write a pack; return the exit status. ``ask`` is None where nobody can be asked."""
    parser = _parser()
    options = parser.parse_args(argv)
    folder: Path = options.packs / options.name
    problem = wrong_name(options.name) or _wrong_languages(options.languages)
    problem = problem or _wrong_folder(folder) or _wrong_given(options)
    if problem is not None:
        print(f"scripts/new-bot: {problem}", file=sys.stderr)
        return 2
    if ask is None and sys.stdin.isatty() and sys.stdout.isatty():
        ask = input
    try:
        draft = _complete(options, ask)
    except (EOFError, KeyboardInterrupt):
        print("\nNothing was written.", file=sys.stderr)
        return 1
    try:
        said = write(draft, folder)
    except FileExistsError:
        print(f"scripts/new-bot: {_wrong_folder(folder)}", file=sys.stderr)
        return 2
    except PackError as error:
        print(f"{error}\nNothing was written.", file=sys.stderr)
        return 1
    print(f"{_shown(folder)}: {said}; nothing wrong")
    print(_next_steps(draft, options.packs))
    return 0


def write(draft: Draft, folder: Path) -> str:
    """Write a pack into a new folder if it is whole; return in a line what there is in it.

    Raises
    ------
    PackError
        If the pack is no bot; nothing is written then.
    FileExistsError
        If there is such a folder.
    """
    with TemporaryDirectory() as beside:
        made = Path(beside) / draft.name
        made.mkdir()
        for name, text in files(draft).items():
            (made / name).write_text(text, encoding="utf-8")
        pack = YamlPacks(made.parent).load(draft.name)
        shutil.copytree(made, folder)
    return summary(pack)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/new-bot", description=__doc__)
    parser.add_argument(
        "name", metavar="NAME", help="the bot's name: lower-case letters, digits, _"
    )
    parser.add_argument("--name-ko", metavar="TEXT", help="what the business is called in Korean")
    parser.add_argument("--name-en", metavar="TEXT", help="what it is called in English")
    parser.add_argument(
        "--languages", metavar="LIST", help="of ko and en, the main one first (default: ko,en)"
    )
    parser.add_argument(
        "--industry", choices=industries(), help="chooses the first question (default: other)"
    )
    parser.add_argument(
        "--hours", metavar="SPAN", help="opening hours on weekdays (default: 10:00-18:00)"
    )
    parser.add_argument("--packs", type=Path, default=PACKS, help="folder of the bot packs")
    return parser


def _complete(options: argparse.Namespace, ask: Ask | None) -> Draft:
    """Return the draft that the options ask for; what they leave open is asked or has a default."""

    def settle(given: str | None, question: str, default: str, wrong: Wrong) -> str:
        if given is not None or ask is None:
            return given if given is not None else default
        while True:
            answer = ask(f"{question} [{default}]: ").strip() or default
            problem = wrong(answer)
            if problem is None:
                return answer
            print(f"  {problem}")

    listed = settle(
        options.languages, "Languages, the main one first (ko,en or one of them)", "ko,en",
        _wrong_languages,
    )  # fmt: skip
    named = {"ko": options.name_ko, "en": options.name_en}
    default = options.name_en or options.name_ko or options.name.replace("_", " ").title()
    titles: dict[Language, str] = {}
    for language in _languages(listed):
        question = f"What customers call the business in {_LANGUAGE_NAMES[language]}"
        titles[language] = settle(named[language], question, default, wrong_title)
    return Draft(
        options.name,
        titles,
        industry=settle(
            options.industry, f"Industry ({', '.join(industries())})", "other", _wrong_industry
        ),
        hours=settle(options.hours, "Opening hours on weekdays", "10:00-18:00", wrong_hours),
    )


def _languages(listed: str) -> tuple[Language, ...]:
    named = [one.strip().lower() for one in listed.split(",")]
    return tuple(known for name in dict.fromkeys(named) for known in LANGUAGES if name == known)


def _wrong_languages(listed: str | None) -> str | None:
    named = [one.strip().lower() for one in ("ko" if listed is None else listed).split(",")]
    unknown = [name for name in named if name not in LANGUAGES]
    if unknown:
        return f"'{unknown[0]}' is no language of a bot; write ko, en, or both with a comma: ko,en"
    return None


def _wrong_industry(name: str) -> str | None:
    if name in industries():
        return None
    return f"'{name}' is none of {', '.join(industries())}; other fits everything"


def _wrong_given(options: argparse.Namespace) -> str | None:
    for option, given, wrong in (
        ("--name-ko", options.name_ko, wrong_title),
        ("--name-en", options.name_en, wrong_title),
        ("--hours", options.hours, wrong_hours),
    ):
        problem = wrong(given) if given is not None else None
        if problem is not None:
            return f"{option}: {problem}"
    return None


def _wrong_folder(folder: Path) -> str | None:
    if folder.exists() or folder.is_symlink():
        return (
            f"{_shown(folder)} is there already and is not overwritten; choose another name or "
            "remove it first"
        )
    return None


def _shown(path: Path) -> str:
    absolute = path.absolute()
    return str(absolute.relative_to(ROOT)) if absolute.is_relative_to(ROOT) else str(path)


def _next_steps(draft: Draft, packs: Path) -> str:
    name = draft.name
    more = "" if packs == PACKS else f" --packs {packs}"
    steps = (
        (f"scripts/train {name}{more}", "learn from its examples"),
        (f"scripts/converse {name}{more}", "replay its conversations"),
        (f"scripts/chat {name}{more}", "talk to it"),
        (f"scripts/validate {name}{more}", "after a change: every mistake with file and line"),
    )
    width = max(len(command) for command, _ in steps)
    lines = [f"  {command:<{width}}   {what}" for command, what in steps]
    words = " and ".join(f"{language}.yaml" for language in draft.languages)
    told = f"Next (its words stand in {words}; layers/content/README.md describes everything):"
    return "\n".join(["", told, *lines])


if __name__ == "__main__":
    sys.exit(main())
