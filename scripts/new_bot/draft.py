"""What a new bot begins with: the files of a small pack, from a few answers about the business."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sangdam.bots.definition import Language
from sangdam.bots.hours import read_hours
from sangdam.bots.languages import language_files
from sangdam.bots.names import NAME
from sangdam.bots.reading import Reader

NAME_LIMIT = 40
"""Longest name of a business, in characters."""

_COMMENTS = 39
"""The column in bot.yaml where comments begin."""

_HERE = Path(__file__).parent
_MARK = re.compile(r"@([A-Z_]+)@")
_TWINS: Mapping[Language, str] = {
    "ko": " 답변을 고칠 때는 en.yaml의 같은 답변도 함께 고쳐 주세요.",
    "en": " When an answer changes, change the same answer in ko.yaml too.",
}


@dataclass(frozen=True, slots=True)
class Draft:
    """A bot to be. ``titles`` are the business's names by language, ``hours`` those of weekdays."""

    name: str
    titles: Mapping[Language, str]
    industry: str = "other"
    hours: str = "10:00-18:00"

    @property
    def languages(self) -> tuple[Language, ...]:
        return tuple(self.titles)


def industries() -> tuple[str, ...]:
    """Return the industries there is a first question for; ``other`` is the last."""
    names = sorted(path.stem for path in (_HERE / "faqs").glob("*.yaml"))
    return (*(name for name in names if name != "other"), "other")


def wrong_name(name: str) -> str | None:
    """Return what is wrong with the name of a bot and what would do instead; None if it is good."""
    if NAME.match(name):
        return None
    better = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_").lstrip("0123456789_")[:64]
    instead = f"try '{better}'" if better else "try one such as my_shop"
    rules = "it has lower-case letters, digits and _, begins with a letter, and is at most 64 long"
    return f"'{name}' cannot be the name of a bot: {rules}; {instead}"


def wrong_title(title: str) -> str | None:
    """Return what is wrong with the name of a business; None if it is good."""
    if not title.strip():
        return "the name is empty; write it as customers know it"
    if len(title) > NAME_LIMIT:
        return f"the name has {len(title)} characters; the limit is {NAME_LIMIT}"
    if not title.isprintable() or re.search(r"[{}@]", title):
        return f"'{title}' has a brace, an @ or a character that cannot be seen; leave it out"
    return None


def wrong_hours(hours: str) -> str | None:
    """Return what is wrong with the opening hours of weekdays; None if they are good."""
    reader = Reader("hours")
    read_hours(reader, {"mon-fri": hours})
    return reader.mistakes[0].problem if reader.mistakes else None


def files(draft: Draft) -> dict[str, str]:
    """Return the files of the pack: names and texts.

    Raises
    ------
    KeyError
        If a template has a mark that nothing is known for.
    """
    words = _words(draft)
    names = ["bot.yaml", *(name for one in draft.languages for name in language_files(one))]
    return {
        name: _MARK.sub(
            lambda mark: words[mark[1]], (_HERE / "pack" / name).read_text(encoding="utf-8")
        )
        for name in names
    }


def _words(draft: Draft) -> dict[str, str]:
    """Return what each mark of the templates stands for."""
    faq: dict[str, Any] = yaml.safe_load(
        (_HERE / "faqs" / f"{draft.industry}.yaml").read_text(encoding="utf-8")
    )
    both = len(draft.languages) > 1
    words = {
        "NAME": draft.name,
        "LANGUAGES": ", ".join(draft.languages),
        "SCRIPTS": " and ".join(f"{one}.yaml" for one in draft.languages),
        "HOURS": draft.hours,
        "HOURS_KO": draft.hours.replace("-", "~"),
        "HOURS_EN": draft.hours,
        "FAQ": faq["intent"],
        "FAQ_ABOUT": faq["about"],
        "FAQ_GAP": " " * max(2, _COMMENTS - len(f"  {faq['intent']}: {{}}")),
    }
    for language in draft.languages:
        said, end = faq[language], language.upper()
        words |= {
            f"NAME_{end}": _inside_quotes(draft.titles[language].strip()),
            f"TWIN_{end}": _TWINS[language] if both else "",
            f"FAQ_TITLE_{end}": said["title"],
            f"FAQ_REPLY_{end}": f'"{_inside_quotes(said["reply"])}"',
            f"FAQ_ASKED_{end}": said["asked"],
            f"FAQ_EXAMPLES_{end}": "\n".join(f"      - {one}" for one in said["examples"]),
        }
    return words


def _inside_quotes(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]
