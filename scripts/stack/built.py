"""What ``sam build`` left: functions with their layers, and whether Lambda would take them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.local.intrinsics import read_yaml
from scripts.stack.elf import X86_64, read_library

SIZE_LIMIT = 262_144_000
"""Bytes of a function and its layers together, unzipped, that Lambda takes."""

LAYER_LIMIT = 5
"""Layers that Lambda takes for one function."""

SYSTEM = {"GLIBC": (2, 34), "GLIBCXX": (3, 4, 29)}
"""What Amazon Linux 2023, under Lambda's python3.13, has."""


class NotBuiltError(RuntimeError):
    """There is nothing built, or not all of it."""


@dataclass(frozen=True, slots=True)
class Part:
    """The built folder of one function's code or of one layer."""

    name: str
    folder: Path
    size: int


@dataclass(frozen=True, slots=True)
class BuiltFunction:
    """A function as it will be unpacked: its code in /var/task, its layers over /opt."""

    name: str
    code: Part
    layers: tuple[Part, ...]

    @property
    def size(self) -> int:
        """Bytes, unzipped, of everything."""
        return self.code.size + sum(layer.size for layer in self.layers)


def read_built(build: Path) -> tuple[BuiltFunction, ...]:
    """Return the functions of a build folder, largest first.

    Raises NotBuiltError if there is no build, or if it lacks a function or a layer.
    """
    template = build / "template.yaml"
    try:
        text = template.read_text("utf-8")
    except FileNotFoundError as error:
        raise NotBuiltError(f"{template}: nothing is built; scripts/build does it") from error
    resources: dict[str, Any] = read_yaml(text, name=str(template))["Resources"]
    layers = {
        name: _part(build, name, resource["Properties"]["ContentUri"])
        for name, resource in resources.items()
        if resource["Type"] == "AWS::Serverless::LayerVersion"
    }
    functions = [
        BuiltFunction(
            name,
            _part(build, name, resource["Properties"]["CodeUri"]),
            tuple(layers[layer["Ref"]] for layer in resource["Properties"].get("Layers", ())),
        )
        for name, resource in resources.items()
        if resource["Type"] == "AWS::Serverless::Function"
    ]
    return tuple(sorted(functions, key=lambda function: -function.size))


def find_faults(functions: Sequence[BuiltFunction]) -> list[str]:
    """Return, one sentence each, what Lambda would refuse or fail to load."""
    faults = []
    for function in functions:
        if function.size > SIZE_LIMIT:
            over = function.size - SIZE_LIMIT
            faults.append(f"{function.name}: {over:,} bytes more than Lambda takes; prune a layer")
        if len(function.layers) > LAYER_LIMIT:
            count = len(function.layers)
            faults.append(f"{function.name}: {count} layers; Lambda takes {LAYER_LIMIT}")
    parts = {part.folder: part for each in functions for part in (each.code, *each.layers)}
    for part in parts.values():
        faults += _library_faults(part)
    return faults


def _library_faults(part: Part) -> Iterator[str]:
    for path in sorted(part.folder.rglob("*.so*")):
        library = read_library(path) if path.is_file() else None
        if library is None:
            continue
        where = f"{part.name}: {path.relative_to(part.folder)}"
        if library.machine != X86_64:
            yield f"{where}: not made for x86-64; Lambda cannot load it"
        for family, known in SYSTEM.items():
            needed = library.newest(family)
            if needed > known:
                has, asks = (".".join(map(str, version)) for version in (known, needed))
                yield f"{where}: needs {family} {asks}, Lambda's python3.13 has {has}"


def _part(build: Path, name: str, uri: str) -> Part:
    folder = build / uri
    if not folder.is_dir():
        raise NotBuiltError(f"{folder}: {name} is not built; scripts/build does it")
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return Part(name, folder, size)
