"""From the data of a bot pack to a :class:`Bot`, or to every mistake at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sangdam.bots.conversation import Conversation, read_conversations
from sangdam.bots.definition import LANGUAGES, Bot, Example, Language, Script
from sangdam.bots.entities import read_option_words
from sangdam.bots.examples import read_examples
from sangdam.bots.phrase import same_text_key
from sangdam.bots.reading import Mistake, PackError, Reader
from sangdam.bots.references import check_references
from sangdam.bots.script import read_script, read_titles
from sangdam.bots.structure import Structure, read_structure

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Pack:
    """A valid pack: the bot, what it learns from, and the dialogues that must keep working."""

    bot: Bot
    examples: tuple[Example, ...]
    conversations: tuple[Conversation, ...]


def parse_pack(folder: str, files: Mapping[str, Any]) -> Pack:
    """Turn the parsed files of a pack into a bot.

    Parameters
    ----------
    folder
        The pack's name, shown in front of every file of a mistake.
    files
        File name (``bot.yaml``) to the data in it.

    Raises
    ------
    PackError
        With every mistake of every file.
    """
    mistakes: list[Mistake] = []

    def reader(name: str) -> Reader:
        return Reader(f"{folder}/{name}", mistakes)

    if "bot.yaml" not in files:
        raise PackError([Mistake(folder, "bot.yaml", "is missing; every pack has one")])
    structure = read_structure(reader("bot.yaml"), files["bot.yaml"], folder)
    scripts: dict[Language, Script] = {}
    titles: dict[str, dict[Language, str]] = {}
    examples: list[Example] = []
    conversations: list[Conversation] = []
    languages = structure.languages or tuple(one for one in LANGUAGES if f"{one}.yaml" in files)
    for language in languages:  # before anything that values of a choice may stand in
        words = f"{language}.yaml"
        if words in files:
            entities = read_option_words(reader(words), files[words], structure.entities, language)
            structure = replace(structure, entities=entities)
    for language in languages:
        words = f"{language}.yaml"
        if words not in files:
            wanted = f"is missing; bot.yaml lists '{language}' under languages"
            mistakes.append(Mistake(folder, words, wanted))
        else:
            scripts[language] = read_script(reader(words), files[words], structure, language)
            for intent, title in read_titles(files[words]).items():
                titles.setdefault(intent, {})[language] = title
        name = f"examples.{language}.yaml"
        if name in files:
            examples.extend(read_examples(reader(name), files[name], structure, language))
        name = f"conversations.{language}.yaml"
        if name in files:
            read = read_conversations(reader(name), files[name], language)
            conversations.extend(read)
    _check_languages(Reader(folder, mistakes), files, languages)
    _check_examples(Reader(folder, mistakes), structure, examples)
    _check_phrases(Reader(folder, mistakes), scripts, examples)
    bot = structure.bot(scripts, titles)
    check_references(reader, bot, conversations)
    if mistakes:
        raise PackError(mistakes)
    return Pack(bot, tuple(examples), tuple(conversations))


def _check_languages(
    reader: Reader, files: Mapping[str, Any], languages: Sequence[Language]
) -> None:
    """A file in a language the bot does not speak would be read by nobody."""
    for language in LANGUAGES:
        for name in _language_files(language):
            if language not in languages and name in files:
                reader.wrong(name, f"bot.yaml does not list '{language}' under languages")


def _check_examples(reader: Reader, structure: Structure, examples: list[Example]) -> None:
    """An intent nobody exemplifies cannot be recognised; a text of two intents teaches noise."""
    taught = {example.intent for example in examples}
    for name in structure.intents:
        if name not in taught:
            reader.wrong(
                f"examples.*.yaml: {name}",
                f"intent '{name}' has no examples; add some to "
                + " or ".join(f"examples.{language}.yaml" for language in structure.languages),
            )
    seen: dict[str, Example] = {}
    for example in examples:
        twin = seen.setdefault(same_text_key(example.text), example)
        if twin.intent != example.intent:
            reader.wrong(
                f"examples.{example.language}.yaml: {example.intent}",
                f"'{example.text}' stands also under '{twin.intent}'; keep it in one of them",
            )


def _check_phrases(
    reader: Reader, scripts: Mapping[Language, Script], examples: Sequence[Example]
) -> None:
    """A phrase of one intent must not be what another intent is taught with."""
    taught = {same_text_key(example.text): example.intent for example in examples}
    for language, script in scripts.items():
        for name, phrases in script.phrases.items():
            intent = name.removeprefix("intent/")
            for phrase in phrases:
                owner = taught.get(same_text_key(phrase), intent)
                if name.startswith("intent/") and owner != intent:
                    reader.wrong(
                        f"{language}.yaml: phrases.intents.{intent}",
                        f"'{phrase}' is an example of '{owner}'; keep it in one of them",
                    )


def known_files() -> tuple[str, ...]:
    """Return the names of all files a pack may have."""
    per_language = [name for language in LANGUAGES for name in _language_files(language)]
    return ("bot.yaml", "demo.yaml", *per_language)


def _language_files(language: Language) -> tuple[str, ...]:
    return (f"{language}.yaml", f"examples.{language}.yaml", f"conversations.{language}.yaml")
