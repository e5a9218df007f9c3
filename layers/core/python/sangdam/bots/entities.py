"""The ``entities`` of ``bot.yaml``, and the words of choices in ``ko.yaml`` and ``en.yaml``."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sangdam.bots.definition import COUNT_UNITS, ENTITY_KINDS, EntityType, Language
from sangdam.bots.names import check_name
from sangdam.bots.phrase import phrase_key
from sangdam.bots.quick_reply import LABEL_LIMIT
from sangdam.bots.reading import Reader

PARAMETERS: Mapping[str, tuple[str, ...]] = {
    "pattern": ("patterns", "value", "case"),
    "count": ("units",),
    "choice": ("options",),
}
"""What can be set of an entity of each type; of the others, nothing."""

OPTIONS_LIMIT = 100
"""Most options of a choice."""

WORDS_LIMIT = 50
"""Most words of one option in one language."""

_OPTION = re.compile(r"[a-z0-9][a-z0-9_]{0,31}\Z")


def read_entities(reader: Reader, data: Any) -> dict[str, EntityType]:
    """Read ``entities`` of ``bot.yaml``; the options of a choice have no words yet."""
    entities: dict[str, EntityType] = {}
    for name, key, value in reader.items(data, "entities"):
        check_name(reader, name, key, "an entity's")
        top = reader.mapping(value, key)
        kind = reader.choice(top.get("type"), f"{key}.type", ENTITY_KINDS)
        _check_parameters(reader, top, key, kind)
        if kind == "count":
            units = _named(reader, top, key, "units", COUNT_UNITS) if "units" in top else ()
            entities[name] = EntityType(name, "count", units=units)
        elif kind == "choice":
            options = _read_options(reader, top.get("options"), f"{key}.options")
            entities[name] = EntityType(name, "choice", options={one: {} for one in options})
        elif kind == "pattern" or not kind:
            entities[name] = _read_pattern(reader, name, top, key) if kind else _unknown(name)
        else:
            known = next(one for one in ENTITY_KINDS if one == kind)
            entities[name] = EntityType(name, known)
    return entities


def read_option_words(
    reader: Reader, data: Any, entities: Mapping[str, EntityType], language: Language
) -> dict[str, EntityType]:
    """Return the entities with the words that one language's script gives their options."""
    top = data.get("entities") if isinstance(data, Mapping) else None
    words = reader.mapping(top, "entities")
    for name in words:
        if name not in entities:
            known = ", ".join(one.name for one in entities.values() if one.type == "choice")
            where = f"choices of bot.yaml: {known or 'none'}"
            reader.wrong(f"entities.{name}", f"entity '{name}' is not defined ({where})")
        elif entities[name].type != "choice":
            kind = entities[name].type
            reader.wrong(f"entities.{name}", f"'{name}' is a {kind}; only a choice has words")
    return {
        name: _with_words(reader, entity, words.get(name), language)
        if entity.type == "choice"
        else entity
        for name, entity in entities.items()
    }


def _check_parameters(reader: Reader, top: Mapping[str, Any], key: str, kind: str) -> None:
    """A parameter of another type is named as such; any other key is not known."""
    wanted = PARAMETERS.get(kind, ())
    owners = {one: owner for owner, names in PARAMETERS.items() for one in names}
    if not kind:
        reader.only(top, key, ("type", *owners))
        return
    reader.only(top, key, ("type", *wanted, *owners))
    for name in top:
        if name in owners and name not in wanted:
            problem = f"belongs to type {owners[name]}, not to {kind}; take it out"
            reader.wrong(f"{key}.{name}", problem)


def _unknown(name: str) -> EntityType:
    """What stands in for an entity whose type is a mistake: it matches everything."""
    return EntityType(name, "pattern", (".",), "{0}")


def _named(
    reader: Reader, top: Mapping[str, Any], key: str, parameter: str, known: tuple[str, ...]
) -> tuple[str, ...]:
    where = f"{key}.{parameter}"
    named = [reader.choice(one, where, known) for one in reader.texts(top[parameter], where)]
    return tuple(dict.fromkeys(one for one in named if one))


def _read_options(reader: Reader, data: Any, key: str) -> tuple[str, ...]:
    if data is None:
        reader.wrong(key, "is missing; list what there is to choose from: [small, large]")
        return ()
    read = [
        reader.text(one, f"{key}[{place}]") for place, one in enumerate(reader.listing(data, key))
    ]
    options = tuple(dict.fromkeys(one for one in read if one))
    for one in options:
        if not _OPTION.match(one):
            reader.wrong(key, f"'{one}' must be lower-case letters, digits and _, at most 32")
        if read.count(one) > 1:
            reader.wrong(key, f"'{one}' stands there twice")
    if not 2 <= len(options) <= OPTIONS_LIMIT:
        reader.wrong(key, f"has {len(options)} options; a choice has 2 to {OPTIONS_LIMIT}")
    return options


def _with_words(reader: Reader, entity: EntityType, data: Any, language: Language) -> EntityType:
    key = f"entities.{entity.name}"
    top = reader.mapping(data, key)
    for option in top:
        if option not in entity.options:
            known = ", ".join(entity.options)
            problem = f"is no option of '{entity.name}' in bot.yaml ({known})"
            reader.wrong(f"{key}.{option}", problem)
    options: dict[str, Mapping[Language, tuple[str, ...]]] = {}
    owners: dict[str, str] = {}
    for option, said in entity.options.items():
        where = f"{key}.{option}"
        words: tuple[str, ...] = ()
        if option in top:
            words = _read_words(reader, top[option], where)
        else:
            reader.wrong(where, "is missing; list its words, the first is what buttons show")
        if words:
            twin = owners.setdefault(words[0], option)
            if twin != option:
                problem = f"'{words[0]}' is also what buttons show for '{twin}'; tell them apart"
                reader.wrong(where, problem)
        options[option] = {**said, language: words} if words else said
    return replace(entity, options=options)


def _read_words(reader: Reader, value: Any, key: str) -> tuple[str, ...]:
    words = reader.texts(value, key)
    for word in words:
        if not phrase_key(word):
            reader.wrong(key, f"'{word}' has neither letters nor digits; it would match nothing")
        elif len(word) > LABEL_LIMIT:
            reader.wrong(key, f"'{word}' has {len(word)} characters; the limit is {LABEL_LIMIT}")
    if len(words) > WORDS_LIMIT:
        reader.wrong(key, f"has {len(words)} words; the limit is {WORDS_LIMIT}")
    return words


def _read_pattern(reader: Reader, name: str, top: Mapping[str, Any], key: str) -> EntityType:
    patterns: list[str] = []
    template = reader.text(top.get("value", "{0}"), f"{key}.value")
    for place, pattern in enumerate(reader.texts(top.get("patterns"), f"{key}.patterns")):
        where = f"{key}.patterns[{place}]"
        compiled = compile_pattern(reader, where, pattern)
        if compiled is None:
            continue
        patterns.append(pattern)
        if compiled.search(""):
            reader.wrong(where, "matches an empty text; let it ask for at least one character")
        wanted = [int(number) for number in re.findall(r"\{(\d{1,3})\}", template)]
        if any(number > compiled.groups for number in wanted):
            reader.wrong(f"{key}.value", f"'{template}' asks for more groups than {where} has")
    case = reader.choice(top.get("case", "lower"), f"{key}.case", ("lower", "upper"))
    return EntityType(name, "pattern", tuple(patterns), template, upper=case == "upper")


def compile_pattern(reader: Reader, where: str, pattern: str) -> re.Pattern[str] | None:
    """Return a regular expression; None, and a mistake noted, if it is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a pattern that Python doubts is one to write clearer
            return re.compile(pattern)
    except (re.error, ValueError, OverflowError, RecursionError, Warning) as error:
        reader.wrong(where, f"is no regular expression: {error}")
        return None
