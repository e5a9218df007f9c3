"""Labelled sentences from CSV files and bot packs, or one line on what is wrong and where."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sangdam.bots.definition import Example, Language
from sangdam.bots.reading import PackError
from sangdam.ports import PackMissingError
from sangdam.text.korean import language_of
from sangdam_adapters.yaml_bots import YamlPacks

COLUMNS = ("text", "intent")
OPTIONAL = ("lang",)


class RowsError(ValueError):
    """A CSV file that cannot be used; the message names file, line and column."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one file, under the name it is reported by."""

    name: str
    examples: tuple[Example, ...]


def read_rows(path: Path) -> tuple[Example, ...]:
    """Return the examples of a bot pack's folder, or of a CSV file.

    A file has a header ``text,intent`` and, if known, ``lang``; other columns are ignored. Where
    the language is neither ``ko`` nor ``en`` it is told from the text. An empty text is a row like
    any other: customers send them.

    Raises
    ------
    RowsError
        If the file cannot be read, is not UTF-8 or no CSV, has no such header or no rows, or if a
        row has too few or too many fields or no intent; or if the folder holds no valid pack.
    """
    if path.is_dir():
        return _of_pack(path.resolve())
    return tuple(_examples(path, _decoded(path)))


def spoken_in(
    rows: Sequence[Example], language: Language | None, *, where: str
) -> tuple[Example, ...]:
    """Return the rows in one language; all where none is named.

    Raises
    ------
    RowsError
        If none is left.
    """
    kept = tuple(row for row in rows if language is None or row.language == language)
    if not kept:
        raise RowsError(f"{where}: has no rows in {language}; leave the language out")
    return kept


def _of_pack(folder: Path) -> tuple[Example, ...]:
    try:
        return YamlPacks(folder.parent).load(folder.name).examples
    except (PackMissingError, PackError) as error:
        raise RowsError(f"{folder}: {error}") from error


def read_tests(paths: Sequence[Path]) -> tuple[Rows, ...]:
    """Return the test files under the names they are reported by; see ``names_of``."""
    names = names_of(paths)
    return tuple(Rows(name, read_rows(path)) for name, path in zip(names, paths, strict=True))


def names_of(paths: Sequence[Path]) -> list[str]:
    """Return a name for each file: its stem, made longer where two would be the same.

    Files of the same stem are told apart by their folder (``clinc150/test``), and files that still
    have the same name by their place among these (``clinc150/test#2``).
    """
    stems = Counter(path.stem for path in paths)
    longer = [
        path.stem if stems[path.stem] == 1 else f"{path.resolve().parent.name}/{path.stem}"
        for path in paths
    ]
    taken: Counter[str] = Counter()
    names = []
    for name in longer:
        taken[name] += 1
        names.append(name if taken[name] == 1 else f"{name}#{taken[name]}")
    return names


def _decoded(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RowsError(f"{path}: cannot be read ({error.strerror}); check the path") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise RowsError(
            f"{path}: line {line}: byte 0x{data[error.start]:02x} is not UTF-8;"
            " save the file as UTF-8"
        ) from error


def _examples(path: Path, text: str) -> Iterator[Example]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines = _lines(path, reader)
    try:
        _, header = next(lines)
    except StopIteration:
        raise RowsError(f"{path}: the file is empty; its first line must be text,intent") from None
    place = _places(path, header)
    language_at = place.get("lang")
    empty = True
    for line, fields in lines:
        if len(fields) != len(header):
            raise RowsError(
                f"{path}: line {line}: {len(fields)} fields where the header has {len(header)};"
                " put quotes around a text with commas"
            )
        intent = fields[place["intent"]].strip()
        if not intent:
            raise RowsError(f"{path}: line {line}: column intent is empty; name the intent")
        empty = False
        said = fields[place["text"]]
        claimed = "" if language_at is None else fields[language_at].strip().lower()
        yield Example(said, intent, _language(claimed, said))
    if empty:
        raise RowsError(f"{path}: no rows below the header; add some")


def _lines(path: Path, reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Yield the fields of each line that is not blank, with the number of its last line."""
    while True:
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            line = getattr(reader, "line_num", 0)
            raise RowsError(f"{path}: line {line}: not CSV ({error}); check its quotes") from error
        if fields:
            yield getattr(reader, "line_num", 0), fields


def _places(path: Path, header: Sequence[str]) -> dict[str, int]:
    names = [name.strip().lower() for name in header]
    for name in COLUMNS:
        if name not in names:
            raise RowsError(
                f"{path}: line 1: column {name} is missing (there are: {', '.join(names)[:80]});"
                " the header must be text,intent or text,intent,lang"
            )
    for name in (*COLUMNS, *OPTIONAL):
        if names.count(name) > 1:
            raise RowsError(f"{path}: line 1: column {name} stands there twice; keep one")
    return {name: names.index(name) for name in (*COLUMNS, *OPTIONAL) if name in names}


def _language(claimed: str, text: str) -> Language:
    if claimed == "ko":
        return "ko"
    if claimed == "en":
        return "en"
    return language_of(text) or "en"
