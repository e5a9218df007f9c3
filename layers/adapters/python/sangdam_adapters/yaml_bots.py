"""Bot packs in a folder of YAML, and whatever stands beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml

from sangdam.bots.definition import EntityType
from sangdam.bots.parse import Pack, known_files, parse_pack
from sangdam.bots.reading import Lines, Mistake, PackError, Reader
from sangdam.nlu.entities import kinds
from sangdam.nlu.understand import ANY_DAY
from sangdam.ports import PackMissingError
from sangdam.text.normalise import normalise

_DEPTH = 100
"""Most levels of lists and mappings in each other; no pack has more than ten."""

# libyaml's parser where it is built in: a pack of 60 intents in 0.1 s instead of 1 s.
_Loader: type[yaml.SafeLoader] = cast(
    "type[yaml.SafeLoader]", getattr(yaml, "CSafeLoader", yaml.SafeLoader)
)


class YamlPacks:
    """Port ``Packs`` over a folder with one folder for each bot."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def names(self) -> Sequence[str]:
        return tuple(sorted(path.parent.name for path in self._root.glob("*/bot.yaml")))

    def load(self, name: str) -> Pack:
        folder = self._root / name
        if not folder.is_dir():
            known = ", ".join(self.names()) or "none"
            raise PackMissingError(f"there is no bot pack '{name}' in {self._root}; there: {known}")
        mistakes: list[Mistake] = []
        documents: dict[str, _Document] = {}
        unread: set[str] = set()
        for path in sorted(folder.glob("*.y*ml")):
            file = f"{name}/{path.name}"
            if path.name not in known_files():
                expected = ", ".join(known_files())
                mistakes.append(Mistake(file, "", f"is no file of a pack; those: {expected}"))
                continue
            document = _read(path, file, mistakes)
            if document is None:
                unread.add(path.name)
            else:
                documents[path.name] = document
        return parse_pack(
            name,
            {file: document.data for file, document in documents.items()},
            lines={file: document.lines for file, document in documents.items()},
            reads=_reads,
            told=mistakes,
            unread=unread,
        )


def _reads(entity: EntityType, text: str) -> bool:
    """Tell whether a text, given as the answer to a question, holds a value of an entity."""
    if entity.type == "text":
        return bool(text.strip())
    return bool(kinds.find(entity, normalise(text), ANY_DAY, is_asked=True))


@dataclass(frozen=True, slots=True)
class _Document:
    """What a file holds, and in which lines."""

    data: Any
    lines: Lines


def _read(path: Path, name: str, mistakes: list[Mistake]) -> _Document | None:
    """Return what a file holds; None, and a mistake, if it cannot be read."""

    def wrong(problem: str, line: int | None) -> None:
        mistakes.append(Mistake(name, "", problem, line))

    written = path.read_bytes()
    try:
        text = written.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = written.count(b"\n", 0, error.start) + 1
        wrong(f"is not UTF-8 ({error.reason}); save it as UTF-8", line)
        return None
    try:
        _check_depth(text)
        loader = _Loader(text)
        node = loader.get_single_node()
        if node is None:
            return _Document(None, {"": 1})
        lines = _lines(node, name, mistakes)
        return _Document(_construct(loader, node), lines)
    except yaml.MarkedYAMLError as error:
        wrong(*_syntax(error))
    except yaml.reader.ReaderError as error:
        before = yaml.reader.Reader.NON_PRINTABLE.split(text, maxsplit=1)[0]
        character = f"the character U+{error.character:04X}"
        wrong(f"is no valid YAML: {character} is not allowed; delete it", before.count("\n") + 1)
    return None


def _check_depth(text: str) -> None:
    """Raise for a text nested so deeply that libyaml's composer would overrun the stack."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _DEPTH:
            raise yaml.MarkedYAMLError(
                problem=f"more than {_DEPTH} levels stand in each other; no pack needs as many",
                problem_mark=cast(Any, event.start_mark),
            )


def _syntax(error: yaml.MarkedYAMLError) -> tuple[str, int | None]:
    """Return what is wrong with a file that is no YAML, and in which line."""
    mark, began = error.problem_mark or error.context_mark, error.context_mark
    problem = f"is no valid YAML: {error.problem}"
    if error.context and began is not None and mark is not None and began.line != mark.line:
        problem += f" ({error.context} that begins in line {began.line + 1})"
    if isinstance(error, yaml.scanner.ScannerError | yaml.parser.ParserError):
        problem += "; indent with spaces, and put texts with signs such as : # { [ in quotes"
    return problem, mark.line + 1 if mark is not None else None


def _construct(loader: yaml.SafeLoader, node: yaml.Node) -> Any:
    try:
        return loader.construct_document(node)
    except ValueError as error:  # a day or number that does not exist: PyYAML does not say where
        for scalar in _scalars(node):
            try:
                _Loader("").construct_object(scalar)
            except ValueError:
                problem = f"{str(error).partition(';')[0]}; put it in quotes if it is a text"
                raise yaml.MarkedYAMLError(
                    problem=problem, problem_mark=cast(Any, scalar.start_mark)
                ) from error
        raise


def _scalars(top: yaml.Node) -> Iterator[yaml.ScalarNode]:
    seen: set[int] = set()
    nodes = [top]
    while nodes:
        node = nodes.pop()
        if isinstance(node, yaml.ScalarNode):
            yield node
        elif id(node) not in seen:
            seen.add(id(node))
            pairs = isinstance(node, yaml.MappingNode)
            nodes += [one for pair in node.value for one in pair] if pairs else node.value


def _lines(top: yaml.Node, name: str, mistakes: list[Mistake]) -> Lines:
    """Return where every key path stands; a key that stands twice in one place is a mistake.

    What is repeated by an alias is found where it was first written.
    """
    lines = {"": top.start_mark.line + 1}
    seen: set[int] = set()
    nodes: list[tuple[str, yaml.Node]] = [("", top)]
    while nodes:
        path, node = nodes.pop()
        if isinstance(node, yaml.ScalarNode):
            if node.style == "|":
                lines.update(_block_lines(path, node))
            continue
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            inner = [(f"{path}[{place}]", one) for place, one in enumerate(node.value)]
            lines.update((key, one.start_mark.line + 1) for key, one in inner)
            nodes += inner
            continue
        owners: dict[str, int] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                continue
            where = f"{path}.{key.value}" if path else key.value
            line = key.start_mark.line + 1
            if key.value in owners and key.value != "<<":
                problem = f"stands in line {owners[key.value]} already; keep one of the two"
                mistakes.append(Mistake(name, where, problem, line))
            owners.setdefault(key.value, line)
            lines[where] = line
            nodes.append((where, value))
    return lines


def _block_lines(path: str, node: yaml.ScalarNode) -> Iterator[tuple[str, int]]:
    """Yield the lines of a text below ``|``, counted from its first that is not blank."""
    text: str = node.value
    first = node.start_mark.line + 2 + text[: len(text) - len(text.lstrip())].count("\n")
    for number, _ in enumerate(text.strip().splitlines()):
        yield f"{path} line {number + 1}", first + number


def open_reader(path: Path, name: str) -> tuple[Reader, Mapping[str, Any]]:
    """Return a reader of a YAML file, which mistakes call ``name``, and the mapping in it.

    Raises PackError if it cannot be read.
    """
    mistakes: list[Mistake] = []
    document = _read(path, name, mistakes)
    if document is None:
        raise PackError(mistakes)
    reader = Reader(name, mistakes, document.lines)
    return reader, reader.mapping(document.data, "")
