"""Markup of a report: everything that came from people is escaped here."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def escape(text: str) -> str:
    """Return text that is safe anywhere in a page, attributes and SVG included."""
    return html.escape(_UNSEEN.sub("\ufffd", text), quote=True)


def section(title: str, content: str, *, note: str = "") -> str:
    """Return a titled part of the page; ``content`` is markup already."""
    below = f'<p class="note">{escape(note)}</p>' if note else ""
    return f"<section><h2>{escape(title)}</h2>{below}{content}</section>"


def table(heads: Iterable[tuple[str, str]], rows: Iterable[str]) -> str:
    """Return a table of (head, class) columns; ``rows`` are markup already."""
    top = "".join(
        f'<th class="{kind}">{escape(head)}</th>' if kind else f"<th>{escape(head)}</th>"
        for head, kind in heads
    )
    return (
        f'<div class="scroll"><table><thead><tr>{top}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def listing(pairs: Iterable[tuple[str, str]]) -> str:
    """Return pairs of a name and its value."""
    items = (
        f"<div><dt>{words_of(name)}</dt><dd>{words_of(value)}</dd></div>" for name, value in pairs
    )
    return f"<dl>{''.join(items)}</dl>"


def details(summary: str, content: str) -> str:
    """Return something to fold out; ``content`` is markup already."""
    return f"<details><summary>{escape(summary)}</summary>{content}</details>"


def name_of(intent: str) -> str:
    """Return an intent's name: of a direction of its own, and it breaks at its joints."""
    return f'<bdi class="intent">{escape(intent).replace("_", "_<wbr>")}</bdi>'


def said(text: str) -> str:
    """Return a sentence somebody wrote; its writing direction keeps to itself."""
    return f'<bdi class="said">{escape(text)}</bdi>'


def words_of(text: str) -> str:
    """Return any other text."""
    return f"<bdi>{escape(text)}</bdi>"
