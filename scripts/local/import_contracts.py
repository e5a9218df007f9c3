"""Two rules on imports that import-linter does not have: see .importlinter.

``confined``: a package from outside is imported by certain modules or packages only, which may be
written with shell patterns.
``standard_library``: a package of ours imports nothing from outside but the standard library.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class ConfinedContract(Contract):
    """``packages`` may be imported by modules that fit one of ``allowed``, and by no others."""

    type_name = "confined"

    packages = fields.ListField(subfield=fields.StringField())
    allowed = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Find every import of the packages from elsewhere."""
        allowed: Any = self.allowed
        packages: Any = self.packages
        found = [
            line
            for importer, imported, line in external_imports(graph)
            if imported.partition(".")[0] in packages
            and not any(_is_in(importer, pattern) for pattern in allowed)
        ]
        return ContractCheck(kept=not found, metadata={"found": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print the imports that should not be."""
        _render(check, f"allowed only in {', '.join(map(str, self.allowed))}")  # type: ignore[call-overload]


class StandardLibraryContract(Contract):
    """``package`` imports nothing from outside but the standard library."""

    type_name = "standard_library"

    package = fields.StringField()

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Find every other import from outside."""
        found = [
            line
            for importer, imported, line in external_imports(graph)
            if importer.partition(".")[0] == str(self.package)
            and imported.partition(".")[0] not in sys.stdlib_module_names
        ]
        return ContractCheck(kept=not found, metadata={"found": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print the imports that should not be."""
        _render(check, "not in the standard library")


def external_imports(graph: ImportGraph) -> Iterator[tuple[str, str, str]]:
    """Yield importer, imported module from outside, and both with the line, for every import."""
    for imported in sorted(graph.modules):
        if not graph.is_module_squashed(imported):
            continue
        for importer in sorted(graph.find_modules_that_directly_import(imported)):
            for detail in graph.get_import_details(importer=importer, imported=imported):
                yield importer, imported, f"{importer} -> {imported} (l.{detail['line_number']})"


def _is_in(module: str, pattern: str) -> bool:
    """Tell whether a module, or a package it is in, fits a pattern."""
    return fnmatchcase(module, pattern) or fnmatchcase(module, f"{pattern}.*")


def _render(check: ContractCheck, why: str) -> None:
    for line in check.metadata["found"]:
        output.print_error(f"{line}: {why}")
        output.new_line()
