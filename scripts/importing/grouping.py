"""From entries to groups: same name or same answer, then like meaning, each question in one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Protocol

from sangdam.text.normalise import normalise
from scripts.importing.entry import Entry
from scripts.importing.group import Group, joined
from scripts.importing.note import Note

KEEP_ONE = "keep the right one in the sheet and import again"


class Likeness(Protocol):
    """Tells which groups mean the same."""

    def alike(self, groups: Sequence[Group]) -> Sequence[tuple[int, int]]:
        """Return (which, like which earlier one) of groups in one language that say the same."""

    def translations(
        self, groups: Sequence[Group], others: Sequence[Group]
    ) -> Sequence[tuple[int, int]]:
        """Return pairs of groups in two languages that say the same."""


def group_entries(
    entries: Sequence[Entry], likeness: Likeness | None
) -> tuple[tuple[Group, ...], tuple[Note, ...]]:
    """Return groups in the order of the sheet, and what was dropped or doubted.

    Entries of one label, or without labels of one answer or one row, belong together. Groups
    without a label are joined where ``likeness`` finds the same in other words or in the other
    language. A question left in several groups stays in the one that most rows put it in.
    """
    notes: list[Note] = []
    unique = _without_duplicates(entries, notes)
    groups = _by_label_or_answer(unique)
    if likeness is not None:
        groups = _joined_in_meaning(groups, likeness, notes)
        groups = _joined_in_translation(groups, likeness)
    groups = _settled(groups, notes)
    return tuple(sorted(groups, key=lambda group: group.row)), tuple(notes)


def _without_duplicates(entries: Iterable[Entry], notes: list[Note]) -> list[Entry]:
    first: dict[tuple[str, str, str], Entry] = {}
    kept = []
    for entry in entries:
        key = (entry.question_key, entry.answer_key, normalise(entry.label))
        twin = first.setdefault(key, entry)
        if twin is entry:
            kept.append(entry)
        elif twin.row != entry.row:
            why = f"says the same as row {twin.row}"
            notes.append(Note(entry.row, "duplicate", why, "nothing to do", entry.question))
    return kept


def _by_label_or_answer(entries: Sequence[Entry]) -> list[Group]:
    labelled: dict[str, list[Entry]] = defaultdict(list)
    owners: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        if label := normalise(entry.label):
            labelled[label].append(entry)
            owners[entry.answer_key].add(label)
    plain: list[Entry] = []
    for entry in entries:
        if not normalise(entry.label):
            owner = owners.get(entry.answer_key, set())
            if len(owner) == 1:  # a row without a name, with the answer of a named one
                labelled[next(iter(owner))].append(entry)
            else:
                plain.append(entry)
    groups = [Group(_spelling(members), tuple(members)) for members in labelled.values()]
    return groups + [Group("", tuple(members)) for members in _connected(plain)]


def _spelling(entries: Sequence[Entry]) -> str:
    return Counter(entry.label for entry in entries if entry.label).most_common(1)[0][0]


def _connected(entries: Sequence[Entry]) -> list[list[Entry]]:
    """Return entries that share an answer, or a row: what stands there in two languages."""
    parent = list(range(len(entries)))

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    seen: dict[tuple[str, str | int], int] = {}
    for place, entry in enumerate(entries):
        for key in (("answer", entry.answer_key), ("row", entry.row)):
            parent[root(place)] = root(seen.setdefault(key, place))
    found: dict[int, list[Entry]] = defaultdict(list)
    for place, entry in enumerate(entries):
        found[root(place)].append(entry)
    return list(found.values())


def _joined_in_meaning(
    groups: Sequence[Group], likeness: Likeness, notes: list[Note]
) -> list[Group]:
    kept = [group for group in groups if group.label or len(group.languages) > 1]
    for language in ("ko", "en"):
        same = [one for one in groups if not one.label and one.languages == (language,)]
        same.sort(key=lambda group: (-len(group.entries), group.row))
        joins: dict[int, list[int]] = defaultdict(list)
        joining = dict(likeness.alike(same))
        for place in range(len(same)):
            joins[joining.get(place, place)].append(place)
        for members in joins.values():
            kept.append(joined([same[place] for place in members]))
            for place in members[1:]:
                notes.append(_joined_note(same[place], same[members[0]]))
    return kept


def _joined_note(group: Group, into: Group) -> Note:
    why = f"says nearly the same as row {into.row}; both answers became wordings of one"
    way_out = "give the two different names in a column 'intent' if they are not the same"
    return Note(group.row, "doubt", why, way_out, group.entries[0].question)


def _joined_in_translation(groups: Sequence[Group], likeness: Likeness) -> list[Group]:
    korean = [one for one in groups if not one.label and one.languages == ("ko",)]
    english = [one for one in groups if not one.label and one.languages == ("en",)]
    pairs = likeness.translations(korean, english) if korean and english else ()
    paired = {id(korean[one]) for one, _ in pairs} | {id(english[other]) for _, other in pairs}
    kept = [group for group in groups if id(group) not in paired]
    return kept + [joined([korean[one], english[other]]) for one, other in pairs]


def _settled(groups: Sequence[Group], notes: list[Note]) -> list[Group]:
    """Leave each question in one group: that of most of its rows, then of the first."""
    claims: dict[str, Counter[int]] = defaultdict(Counter)
    for place, group in enumerate(groups):
        for entry in group.entries:
            claims[entry.question_key][place] += 1
    lost: dict[int, set[str]] = defaultdict(set)
    for key, claim in claims.items():
        if len(claim) < 2:
            continue
        winner = max(claim, key=lambda place: (claim[place], -groups[place].row))
        stands = next(e for e in groups[winner].entries if e.question_key == key)
        for place in claim:
            if place == winner:
                continue
            lost[place].add(key)
            for entry in groups[place].entries:
                if entry.question_key == key:
                    notes.append(_contradiction(entry, stands, groups[winner]))
    kept = []
    for place, group in enumerate(groups):
        left = tuple(e for e in group.entries if e.question_key not in lost[place])
        if left:
            kept.append(Group(group.label, left))
    return kept


def _contradiction(entry: Entry, stands: Entry, group: Group) -> Note:
    if entry.answer_key == stands.answer_key:
        why = f"row {stands.row} puts the same question under '{group.label}'"
    else:
        why = f"row {stands.row} answers the same question otherwise, and that answer was kept"
    text = f"{entry.question} -> {entry.answer}"
    return Note(entry.row, "contradiction", why, KEEP_ONE, text)


def most_asked(groups: Sequence[Group], most: int) -> tuple[tuple[Group, ...], tuple[Note, ...]]:
    """Return at most so many groups, those of most rows, and what was left out."""
    order = sorted(groups, key=lambda group: (-len(group.entries), group.row))
    kept = {id(group) for group in order[:most]}
    why = f"is asked less often than the {most} questions that were kept"
    notes = [
        Note(entry.row, "left out", why, "keep more with --most", entry.question)
        for group in order[most:]
        for entry in group.entries
    ]
    return tuple(group for group in groups if id(group) in kept), tuple(notes)
