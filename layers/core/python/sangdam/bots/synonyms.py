"""The ``synonyms`` of a script: words that say the same, for copies of its examples in training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sangdam.bots.definition import Script
from sangdam.bots.reading import Reader
from sangdam.text.normalise import normalise

GROUPS_LIMIT = 200
"""Most groups of one language."""


def read_synonyms(reader: Reader, data: Any) -> tuple[tuple[str, ...], ...]:
    """Return groups of two words or more, normalised; no word is in two of them."""
    if data is None:
        return ()
    if not isinstance(data, Sequence) or isinstance(data, str):
        reader.wrong("synonyms", "is no list; write one group a line: - [배송비, 택배비]")
        return ()
    if len(data) > GROUPS_LIMIT:
        reader.wrong("synonyms", f"has {len(data)} groups; at most {GROUPS_LIMIT}")
    owners: dict[str, int] = {}
    groups = []
    for place, group in enumerate(data[:GROUPS_LIMIT]):
        key = f"synonyms[{place}]"
        words = tuple(dict.fromkeys(filter(None, map(normalise, reader.texts(group, key)))))
        if len(words) < 2:
            reader.wrong(key, "needs two different words or more")
            continue
        for word in words:
            owner = owners.setdefault(word, place)
            if owner != place:
                reader.wrong(key, f"'{word}' stands also in synonyms[{owner}]; join the groups")
        groups.append(words)
    return tuple(groups)


def synonyms_of(scripts: Mapping[Any, Script]) -> dict[str, tuple[str, ...]]:
    """Return, for every word of every script's groups, what may stand in its place."""
    return {
        word: tuple(other for other in group if other != word)
        for script in scripts.values()
        for group in script.synonyms
        for word in group
    }
