"""Which values of a message are what is not wanted: the first of ``3시 말고 4시``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sangdam.nlu.understanding import Entity
from sangdam.text.lazy import lazy_pattern

if TYPE_CHECKING:
    from sangdam.text.negation import Refusal

MOST = 6
"""Who refuses more than this in one message lists conditions; the first ones are looked at."""

_NEAR = 100
"""How far from the refusing words a value is looked for again."""

_MAY_REFUSE = lazy_pattern(
    "말[고구곤]|아[니닌님녜]|빼[고구]|제외|대신|에서|안 ?[되돼됨됩될됐맞]|못 ?[가해하오와]|불가능"
    "|힘들|어[려렵]|곤란|싫"
    "|별로|not|n't|[cd]ant|dont|except|other|rather|instead|thing but|too |no good|imposs|wrong"
    "|bad|from "
)
"""Without one of these nothing is refused, and the patterns that know more are not loaded."""


def mark_refused(
    found: Sequence[Entity],
    text: str,
    find: Callable[[str], Sequence[Entity]],
    *,
    expected: str | None = None,
) -> tuple[Entity, ...]:
    """Return the values of a normalised text with the refused ones marked, in order of place.

    ``found`` are its values as the parsers see them, many of which leave out what is refused;
    ``find`` are these parsers: they read what stands before or after the refusing words alone, and
    what touches these is refused, too. Values joined to a refused one (``3시나 4시 말고``) are
    refused with it. ``expected`` was asked for: it is looked for in what follows a refusal, too,
    where it stands alone (``김민수 말고 김철수``).
    """
    if not _MAY_REFUSE.search(text):
        return tuple(found)
    from sangdam.text.negation import refusals  # imported late: its patterns take 20 ms

    against = refusals(text)[:MOST]
    if not against:
        return tuple(found)
    refused = [one for words in against for one in _beside(words, text, find)]
    marked = [
        replace(one, refused=True)
        if any(words.is_inside(one.start, one.end) for words in against)
        or any(_is_same(one, other) for other in refused)
        else one
        for one in found
    ]
    marked += [one for one in refused if not any(_is_same(one, other) for other in found)]
    if not any(one.name == expected and not one.refused for one in marked):
        marked += [one for one in _after(against[-1], text, find) if one.name == expected]
    marked = _with_joined(marked, text, against)
    return tuple(sorted(_with_parts(marked), key=lambda one: one.start))


def _beside(
    words: Refusal, text: str, find: Callable[[str], Sequence[Entity]]
) -> tuple[Entity, ...]:
    if words.side == "before":
        offset = _at_word(text, words.start - _NEAR)
        alone = text[offset : words.start].rstrip()
    else:
        offset = words.end
        alone = text[offset : offset + _NEAR]
    moved = (replace(one, start=one.start + offset, end=one.end + offset) for one in find(alone))
    return tuple(
        replace(one, refused=True) for one in moved if words.touches(text, one.start, one.end)
    )


def _at_word(text: str, place: int) -> int:
    """Return the beginning of the word after a place; the text's, if that is before it."""
    return 0 if place <= 0 else text.find(" ", place) + 1


def _after(
    words: Refusal, text: str, find: Callable[[str], Sequence[Entity]]
) -> tuple[Entity, ...]:
    if words.side == "after":
        return ()
    rest = text[words.end : words.end + _NEAR]
    offset = words.end + len(rest) - len(rest.lstrip(" ,"))
    return tuple(
        replace(one, start=one.start + offset, end=one.end + offset)
        for one in find(rest.lstrip(" ,"))
    )


def _is_same(one: Entity, other: Entity) -> bool:
    return one.name == other.name and one.start < other.end and other.start < one.end


def _with_joined(marked: Sequence[Entity], text: str, against: Sequence[Refusal]) -> list[Entity]:
    """Refuse what is joined to a refused value of its kind, on the side away from the words."""
    from sangdam.text.negation import is_joined

    done = sorted(marked, key=lambda one: one.start)
    order = [*reversed(range(len(done) - 1))] if _all_before(against) else [*range(1, len(done))]
    step = 1 if _all_before(against) else -1
    for place in order:
        one, beside = done[place], _next_of_its_kind(done, place, step)
        if one.refused or beside is None or not beside.refused:
            continue
        first, second = sorted((one, beside), key=lambda each: each.start)
        if is_joined(text[first.end : second.start], "before" if step == 1 else "after"):
            done[place] = replace(one, refused=True)
    return done


def _all_before(against: Sequence[Refusal]) -> bool:
    return all(words.side == "before" for words in against)


def _next_of_its_kind(done: Sequence[Entity], place: int, step: int) -> Entity | None:
    others = done[place + 1 :] if step == 1 else reversed(done[:place])
    return next((one for one in others if one.name == done[place].name), None)


def _with_parts(marked: Sequence[Entity]) -> list[Entity]:
    """Refuse the parts of what is refused, where another of their kind takes their place.

    ``내일 3시 말고 모레 4시`` refuses tomorrow, too, and ``내일 3시 말고 4시`` does not.
    """
    whole = [one for one in marked if one.refused]
    return [
        replace(one, refused=True)
        if any(other.start <= one.start and one.end <= other.end for other in whole)
        and any(
            other.name == one.name and not other.refused and not _is_same(one, other)
            and not any(each.start <= other.start and other.end <= each.end for each in whole)
            for other in marked
        )
        else one
        for one in marked
    ]  # fmt: skip
