"""What every imported bot brings along: system words, courtesy, the way to a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from sangdam.bots.definition import Language
from sangdam.bots.phrase import same_text_key

FOLDER = Path(__file__).with_name("start")

HANDOFF = "human_agent"
KINDS: Mapping[str, str] = {
    "greeting": "smalltalk",
    "thanks": "smalltalk",
    "goodbye": "smalltalk",
    HANDOFF: "handoff",
}
"""The intents that are brought along, and of which kind they are."""


@dataclass(frozen=True, slots=True)
class Starter:
    """The words of one language; ``intents`` hold title, examples and, but for a handoff, reply."""

    language: Language
    system: Mapping[str, Any]
    cut: str
    phrases: Mapping[str, Sequence[str]]
    intents: Mapping[str, Mapping[str, Any]]
    out_of_scope: tuple[str, ...]

    def examples(self, intent: str) -> tuple[str, ...]:
        return tuple(self.intents[intent]["examples"])

    def without(self, keys: Iterable[str]) -> Starter:
        """Return it without the out-of-scope sentences of these keys."""
        left_out = frozenset(keys)
        kept = tuple(one for one in self.out_of_scope if same_text_key(one) not in left_out)
        return replace(self, out_of_scope=kept)


def read_starter(language: Language) -> Starter:
    """Read the words of one language."""
    text = (FOLDER / f"{language}.yaml").read_text(encoding="utf-8")
    top = yaml.safe_load(text)
    return Starter(
        language=language,
        system=top["system"],
        cut=top["cut"],
        phrases=top["phrases"],
        intents={name: top["intents"][name] for name in KINDS},
        out_of_scope=tuple(top["out_of_scope"]),
    )
