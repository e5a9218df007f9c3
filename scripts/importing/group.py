"""Questions with one answer: what becomes an intent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sangdam.bots.definition import LANGUAGES, Language
from scripts.importing.entry import Entry


@dataclass(frozen=True, slots=True)
class Group:
    """Entries that one intent answers; ``label`` is what the sheet calls it, if it does."""

    label: str
    entries: tuple[Entry, ...]

    @property
    def row(self) -> int:
        """The row it begins in."""
        return min(entry.row for entry in self.entries)

    @property
    def languages(self) -> tuple[Language, ...]:
        """Languages it has an answer in."""
        return tuple(one for one in LANGUAGES if any(e.answered_in == one for e in self.entries))

    def questions(self, language: Language | None = None) -> tuple[str, ...]:
        """Return its questions, each once, in the order of the sheet."""
        chosen = (e for e in self.entries if language in (None, e.language))
        return tuple({e.question_key: e.question for e in chosen}.values())

    def answers(self, language: Language | None = None) -> tuple[str, ...]:
        """Return its answers, each once, the one of most rows first."""
        chosen = [e for e in self.entries if language in (None, e.answered_in)]
        times = Counter(entry.answer_key for entry in chosen)
        first = {e.answer_key: e.answer for e in reversed(chosen)}
        order = list(dict.fromkeys(entry.answer_key for entry in chosen))
        return tuple(first[key] for key in sorted(order, key=lambda key: -times[key]))


def joined(groups: Sequence[Group]) -> Group:
    """Return one group of several."""
    entries = sorted((e for group in groups for e in group.entries), key=lambda e: e.row)
    return Group(next((one.label for one in groups if one.label), ""), tuple(entries))
