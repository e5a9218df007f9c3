"""Is what a bot learns from fit to learn from? No intent without examples, no example twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sangdam.bots.definition import Language, Script
from sangdam.bots.examples import Placed
from sangdam.bots.phrase import same_text_key
from sangdam.bots.reading import Reader
from sangdam.bots.structure import Structure
from sangdam.text.normalise import normalise

Readers = Callable[[str], Reader]


def check_examples(
    reader: Readers, structure: Structure, examples: Sequence[Placed], *, is_whole: bool = True
) -> None:
    """Note intents nobody exemplifies (if the examples are whole), and examples that stand twice.

    A text of two intents teaches noise, whatever its spaces and signs. A text that stands twice
    under one intent counts double; that one has other spaces than another is worth learning.
    """
    if is_whole:
        _check_taught(reader("bot.yaml"), structure, examples)
    meanings: dict[str, Placed] = {}
    texts: dict[tuple[str, Language], Placed] = {}
    for placed in examples:
        example = placed.example
        twin = meanings.setdefault(same_text_key(example.text), placed)
        if twin.example.intent != example.intent:
            where = _where(reader, twin, seen_from=placed.file)
            reader(placed.file).wrong(
                placed.key,
                f"'{example.text}' stands also under '{twin.example.intent}' ({where});"
                " keep it in one of them",
            )  # fmt: skip
            continue
        twin = texts.setdefault((normalise(example.text), example.language), placed)
        if twin is not placed:
            where = _where(reader, twin, seen_from=placed.file)
            reader(placed.file).wrong(
                placed.key, f"'{example.text}' stands there already ({where}); take one out"
            )


def check_phrases(
    reader: Readers, scripts: Mapping[Language, Script], examples: Sequence[Placed]
) -> None:
    """Note phrases of one intent that another intent is taught with."""
    taught = {same_text_key(placed.example.text): placed for placed in examples}
    for language, script in scripts.items():
        for name, phrases in script.phrases.items():
            intent = name.removeprefix("intent/")
            for phrase in phrases:
                owner = taught.get(same_text_key(phrase))
                if owner is None or intent == name or owner.example.intent == intent:
                    continue
                where = _where(reader, owner)
                reader(f"{language}.yaml").wrong(
                    f"phrases.intents.{intent}",
                    f"'{phrase}' is an example of '{owner.example.intent}' ({where});"
                    " keep it in one of them",
                )


def _check_taught(reader: Reader, structure: Structure, examples: Sequence[Placed]) -> None:
    taught = {placed.example.intent for placed in examples}
    for name in structure.intents:
        if name not in taught:
            files = " or ".join(f"examples.{language}.yaml" for language in structure.languages)
            reader.wrong(f"intents.{name}", f"intent '{name}' has no examples; add some to {files}")


def _where(reader: Readers, placed: Placed, *, seen_from: str = "") -> str:
    line = reader(placed.file).line(placed.key)
    if placed.file == seen_from:
        return f"line {line}" if line is not None else placed.key.partition(" (")[0]
    return f"{placed.file}:{line}" if line is not None else placed.file
