"""Records of the back office as they are stored: JSON text that says its format."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

FORMAT = 1


class DocumentError(ValueError):
    """A stored record that this version cannot read."""


def write_document(fields: Mapping[str, Any]) -> str:
    """Return fields as canonical JSON: equal fields give equal text."""
    document = {"format": FORMAT, **fields}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), default=_plain)


def read_document(text: str, *, kind: str) -> Mapping[str, Any]:
    """Return the fields of a stored record; ``kind`` is what it is called where it is damaged.

    Raises DocumentError if it is no JSON object, or of a format this version does not read.
    """
    try:
        document = json.loads(text)
    except ValueError as error:
        raise DocumentError(f"stored {kind} is damaged: {error}") from error
    if not isinstance(document, dict):
        raise DocumentError(f"stored {kind} is damaged: it is no JSON object")
    return upgrade(document, kind=kind)


def upgrade(document: dict[str, Any], *, kind: str) -> Mapping[str, Any]:
    """Return a stored document in today's format; the one place that knows old formats."""
    if document.get("format") != FORMAT:
        raise DocumentError(
            f"stored {kind} has format {document.get('format')!r}; this version reads {FORMAT}:"
            " deploy the version that wrote it, or newer"
        )
    return document


def _plain(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(f"{type(value).__name__} has no stored form")
