"""``examples.*.yaml``: training examples, in the widely used Rasa NLU YAML shape."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sangdam.bots.definition import OUT_OF_SCOPE, Example, Language
from sangdam.bots.reading import Reader
from sangdam.bots.structure import Structure

_ANNOTATION = re.compile(r"\[(?P<text>[^\[\]]+)\]\((?P<entity>[^()]+)\)")


@dataclass(frozen=True, slots=True)
class Placed:
    """An example, and the file and key path where it stands."""

    example: Example
    file: str
    key: str


def read_examples(
    reader: Reader, data: Any, structure: Structure, language: Language
) -> list[Placed]:
    """Read one language's examples; mistakes go to the reader.

    The block under ``examples`` is a text of lines that begin with ``- ``; entities are marked as
    ``[내일](date)``. The intent ``out_of_scope`` holds what the bot should not try to answer.
    """
    top = reader.mapping(data, "")
    reader.only(top, "", ("version", "nlu"))
    found: list[Placed] = []
    file = reader.file.rsplit("/", 1)[-1]
    for place, block in enumerate(reader.listing(top.get("nlu"), "nlu")):
        key = f"nlu[{place}]"
        entry = reader.mapping(block, key)
        reader.only(entry, key, ("intent", "examples"))
        intent = reader.text(entry.get("intent"), f"{key}.intent")
        if intent and intent not in (*structure.intents, OUT_OF_SCOPE):
            reader.wrong(f"{key}.intent", f"intent '{intent}' is not defined in bot.yaml")
        lines = reader.text(entry.get("examples"), f"{key}.examples ({intent})")
        for number, line in enumerate(lines.splitlines(), start=1):
            if not line.strip():
                continue
            where = f"{key}.examples line {number} ({intent})"
            if not line.lstrip().startswith("- "):
                reader.wrong(where, f"'{line.strip()}' must begin with '- '")
                continue
            text = _plain(reader, where, line.lstrip()[2:].strip(), structure)
            if text:
                found.append(Placed(Example(text, intent, language), file, where))
            else:
                reader.wrong(where, "is empty")
    return found


def _plain(reader: Reader, where: str, line: str, structure: Structure) -> str:
    for match in _ANNOTATION.finditer(line):
        name = match["entity"]
        entity = structure.entities.get(name)
        if entity is None:
            reader.wrong(where, f"entity '{name}' is not defined in bot.yaml")
        elif not (entity.describes(match["text"]) and reader.reads(entity, match["text"])):
            way_out = "mark what customers really write, or take the mark away"
            reader.wrong(where, f"'{match['text']}' does not look like a {name}; {way_out}")
    plain = _ANNOTATION.sub(lambda match: match["text"], line)
    if "](" in plain or "]{" in plain or line.count("[") != line.count("]"):
        reader.wrong(where, "has a lone bracket; mark values as [value](entity)")
    return plain
