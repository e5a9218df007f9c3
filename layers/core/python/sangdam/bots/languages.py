"""Do the languages of a bot have the same files and the same words?"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import permutations
from typing import Any

from sangdam.bots.definition import LANGUAGES, Language
from sangdam.bots.reading import Lines, Mistake, Reader

_MISSING = "is missing"
_BOTH_OR_NEITHER = ("system", "guards", "phrases.cancel")
"""What a bot can do without, but not in one language alone."""


def language_files(language: Language) -> tuple[str, ...]:
    """Return the files that a pack may have for a language; it needs the first."""
    return (f"{language}.yaml", f"examples.{language}.yaml", f"conversations.{language}.yaml")


def check_languages(
    reader: Callable[[str], Reader],
    files: Mapping[str, Any],
    languages: Sequence[Language],
    *,
    unread: Collection[str] = (),
) -> None:
    """Note files that are missing or read by nobody, and what one language alone has.

    ``files`` maps names to data, ``unread`` are those without. Comes after the scripts are read:
    what has been told of a key, in whatever file, is not told again.
    """
    listed = reader("bot.yaml").line("languages")
    where = "under languages" if listed is None else f"under languages (line {listed})"
    for language in LANGUAGES:
        needed, *_ = names = language_files(language)
        if language in languages and needed not in (*files, *unread):
            reader(needed).wrong("", f"{_MISSING}; bot.yaml lists '{language}' {where}")
        for name in names:
            if language not in languages and name in files:
                problem = f"bot.yaml does not list '{language}' {where}; add it or remove the file"
                reader(name).wrong("", problem)
    scripts = [f"{language}.yaml" for language in languages if f"{language}.yaml" in files]
    for name, other in permutations(scripts, 2):
        notes = reader(name)
        told = {mistake.key for mistake in notes.mistakes}
        for key in _optional(files[other]):
            if key not in told and _at(files[name], key) is None:
                notes.wrong(key, f"{_MISSING}, although the bot speaks both languages")


def point_to_other_language(
    mistakes: Sequence[Mistake], folder: str, files: Mapping[str, Any], lines: Mapping[str, Lines]
) -> list[Mistake]:
    """Return the mistakes; those that miss a key say where the other language has it."""
    return [_pointed(mistake, folder, files, lines) for mistake in mistakes]


def _pointed(
    mistake: Mistake, folder: str, files: Mapping[str, Any], lines: Mapping[str, Lines]
) -> Mistake:
    scripts = {f"{folder}/{language}.yaml": f"{language}.yaml" for language in LANGUAGES}
    is_missing = mistake.key and mistake.problem.startswith(_MISSING)
    if mistake.file not in scripts or not is_missing:
        return mistake
    for other in scripts.values():
        if other != scripts[mistake.file] and _at(files.get(other), mistake.key) is not None:
            line = lines.get(other, {}).get(mistake.key)
            place = other if line is None else f"{other}:{line}"
            return replace(mistake, problem=f"{mistake.problem}; {place} has it")
    return mistake


def _at(data: Any, key: str) -> Any:
    """Return what is at a key path that names keys of mappings alone; None if nothing is."""
    if not key or not isinstance(data, Mapping):
        return None if key else data
    for name, inner in data.items():
        if key == name:
            return inner
        if isinstance(name, str) and key.startswith(f"{name}."):
            found = _at(inner, key[len(name) + 1 :])
            if found is not None:
                return found
    return None


def _optional(data: Any) -> Iterator[str]:
    """Yield the key paths that the other languages must have too."""
    for path in _BOTH_OR_NEITHER:
        inner = _at(data, path)
        if isinstance(inner, Mapping):
            yield from (f"{path}.{name}" for name in inner if isinstance(name, str))
        elif inner is not None:
            yield path
