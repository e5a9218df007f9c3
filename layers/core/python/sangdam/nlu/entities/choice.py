"""Choices from a list of options: ``빨강으로요``, ``the deep blue one``, with synonyms and typos.

A value is the key of an option. A choice is a whole word, which Korean particles and endings may
follow; what is denied (``빨강 말고 파랑``, ``not the red one``) is no choice. A word that is nearly
one of the options is read so with less confidence; digits and the first letter must be right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from sangdam.bots.definition import EntityType
from sangdam.nlu.entities.denied import is_denied as is_denied
from sangdam.nlu.entities.denied import undenied
from sangdam.nlu.entities.expression import LIMIT, found
from sangdam.nlu.entities.named import named
from sangdam.nlu.entities.nearly import distance as distance
from sangdam.nlu.entities.nearly import nearly_named
from sangdam.nlu.entities.options import Options, read_options
from sangdam.nlu.entities.reading import Found

_KEPT = 64
_INDEXES: dict[int, tuple[object, Options]] = {}
"""What words come to, by the identity of an entity's options or of a bot's entities, which are
held so that no other object can have it.
"""


def find(text: str, options: Mapping[str, Sequence[str]]) -> tuple[Found, ...]:
    """Return the options named in a text, at most ``LIMIT``, in order of place.

    ``options`` maps an option's key to its synonyms; the key counts as one of them. Longer words
    win over shorter ones inside them. A word of several options, and a typo near several, has a
    reading for each. A typo has a confidence below 0.9: ask back, or show what was understood.
    """
    words = tuple((key, tuple(words)) for key, words in options.items())
    return _find(text, read_options((words,))).get(0, ())


def find_option(text: str, entity: EntityType) -> tuple[Found, ...]:
    """Return the options of a ``choice`` named in a text, as :func:`find` does.

    What its words come to is kept as long as the entity's own options are the same object.
    """
    return _find(text, _index(entity.options, lambda: [entity])).get(0, ())


def find_options(text: str, entities: Mapping[str, EntityType]) -> dict[str, tuple[Found, ...]]:
    """Return what :func:`find_option` finds of each ``choice``, by its name, where it finds any.

    All lists are gone through at once: most words of a message are of none, and near none. What
    their words come to is kept as long as ``entities`` are the same object.
    """
    results = _find(text, _index(entities, lambda: _choices(entities).values()))
    if not results:
        return {}
    names = tuple(_choices(entities))
    return {names[of]: some for of, some in results.items()}


def _choices(entities: Mapping[str, EntityType]) -> dict[str, EntityType]:
    return {name: one for name, one in entities.items() if one.type == "choice"}


def _index(of: object, choices: Callable[[], Iterable[EntityType]]) -> Options:
    known = _INDEXES.get(id(of))
    if known is None or known[0] is not of:
        if len(_INDEXES) >= _KEPT:
            _INDEXES.clear()
        known = of, read_options(tuple(tuple(one.words().items()) for one in choices()))
        _INDEXES[id(of)] = known
    return known[1]


def _find(text: str, options: Options) -> dict[int, tuple[Found, ...]]:
    """Return what a text names and does not deny, by list, where it names any."""
    results = {}
    for of, choices in nearly_named(text, named(text, options), options).items():
        meant = undenied(text, choices)[:LIMIT]
        readings = (found(one.start, one.end, one.options) for one in meant)
        results[of] = tuple(one for one in readings if one is not None)
    return {of: some for of, some in results.items() if some}
