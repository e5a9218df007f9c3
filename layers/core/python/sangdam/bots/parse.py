"""From the data of a bot pack to a :class:`Bot`, or to every mistake at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sangdam.bots.business_checks import check_business
from sangdam.bots.catalogue_reading import read_catalogue
from sangdam.bots.conversation import Conversation, read_conversations
from sangdam.bots.definition import LANGUAGES, Bot, EntityType, Example, Language, Script
from sangdam.bots.entities import read_option_words
from sangdam.bots.examples import Placed, read_examples
from sangdam.bots.languages import check_languages, language_files, point_to_other_language
from sangdam.bots.material import check_examples, check_phrases
from sangdam.bots.reading import Lines, Mistake, PackError, Reader, Reads
from sangdam.bots.references import check_references
from sangdam.bots.script import read_script, read_titles
from sangdam.bots.structure import read_structure

FORMAT = 1

CATALOGUE = "catalogue.yaml"
"""What a business sells, for a bot that recommends."""


@dataclass(frozen=True, slots=True)
class Pack:
    """A valid pack: the bot, what it learns from, and the dialogues that must keep working."""

    bot: Bot
    examples: tuple[Example, ...]
    conversations: tuple[Conversation, ...]


def parse_pack(
    folder: str,
    files: Mapping[str, Any],
    *,
    lines: Mapping[str, Lines] | None = None,
    reads: Reads = EntityType.describes,
    told: Sequence[Mistake] = (),
    unread: Collection[str] = (),
) -> Pack:
    """Turn the parsed files of a pack into a bot.

    Parameters
    ----------
    folder
        The pack's name, shown in front of every file of a mistake.
    files
        File name (``bot.yaml``) to the data in it.
    lines
        File name to where its keys stand; mistakes name no lines without.
    reads
        Tells whether a text holds a value of an entity; without, only what data can say is checked.
    told
        What is known to be wrong already.
    unread
        Files that are there but cannot be read: what depends on them is not judged.

    Raises
    ------
    PackError
        With every mistake of every file, in the order of files and lines.
    """
    lines = lines or {}
    mistakes = list(told)

    def reader(name: str) -> Reader:
        return Reader(f"{folder}/{name}", mistakes, lines.get(name, {}), reads)

    if "bot.yaml" not in files:
        if "bot.yaml" not in unread:
            reader("bot.yaml").wrong("", "is missing; every pack has one")
        raise PackError(_in_order(mistakes))
    structure = read_structure(reader("bot.yaml"), files["bot.yaml"], folder)
    scripts: dict[Language, Script] = {}
    titles: dict[str, dict[Language, str]] = {}
    examples: list[Placed] = []
    conversations: list[Conversation] = []
    languages = structure.languages or tuple(one for one in LANGUAGES if f"{one}.yaml" in files)
    for language in languages:  # before anything that values of a choice may stand in
        words = f"{language}.yaml"
        if words in files:
            entities = read_option_words(reader(words), files[words], structure.entities, language)
            structure = replace(structure, entities=entities)
    for language in languages:
        words, taught, talks = language_files(language)
        if words in files:
            scripts[language] = read_script(reader(words), files[words], structure, language)
            for intent, title in read_titles(files[words]).items():
                titles.setdefault(intent, {})[language] = title
        if taught in files:
            examples.extend(read_examples(reader(taught), files[taught], structure, language))
        if talks in files:
            conversations.extend(read_conversations(reader(talks), files[talks], language))
    check_languages(reader, files, languages, unread=unread)
    is_whole = not any(name in unread for one in languages for name in language_files(one)[:2])
    check_examples(reader, structure, examples, is_whole=is_whole)
    check_phrases(reader, scripts, examples)
    bot = structure.bot(scripts, titles)
    if CATALOGUE in files:
        read = read_catalogue(reader(CATALOGUE), files[CATALOGUE], languages)
        bot = replace(bot, catalogue=read)
    if CATALOGUE not in unread:
        check_business(reader("bot.yaml"), bot)
    if is_whole:
        check_references(reader, bot, conversations)
    if mistakes:
        pointed = point_to_other_language(mistakes, folder, files, lines)
        raise PackError(_in_order(pointed))
    return Pack(bot, tuple(placed.example for placed in examples), tuple(conversations))


def known_files() -> tuple[str, ...]:
    """Return the names of all files a pack may have."""
    per_language = [name for language in LANGUAGES for name in language_files(language)]
    return ("bot.yaml", CATALOGUE, "demo.yaml", *per_language)


def _in_order(mistakes: Sequence[Mistake]) -> list[Mistake]:
    """Return the mistakes without repetitions, as an author goes through the files."""
    return sorted(dict.fromkeys(mistakes), key=lambda one: (one.file, one.line or 0))
