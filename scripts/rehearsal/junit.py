"""Rehearsals in the XML that CI systems read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

from sangdam.bots.conversation import Conversation
from sangdam.services.rehearse import Rehearsal
from scripts.rehearsal.diff import lines_of

_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML cannot hold, and a customer may have typed."""


@dataclass(frozen=True, slots=True)
class Suite:
    """A bot's conversations and how they went, or why they could not be played."""

    conversations: Sequence[Conversation] = ()
    rehearsal: Rehearsal | None = None
    error: str = ""
    seconds: float = 0.0


def junit(suites: Mapping[str, Suite]) -> bytes:
    """Return all suites as one document, a test case for each conversation."""
    top = ElementTree.Element("testsuites")
    for bot, suite in suites.items():
        failed = suite.rehearsal.differences if suite.rehearsal is not None else ()
        element = ElementTree.SubElement(
            top, "testsuite", name=bot, tests=str(len(suite.conversations)),
            failures=str(len(failed)), errors=str(int(bool(suite.error))),
            time=f"{suite.seconds:.3f}",
        )  # fmt: skip
        if suite.error:
            case = ElementTree.SubElement(element, "testcase", classname=bot, name="is ready")
            ElementTree.SubElement(case, "error", message=_plain(suite.error))
        for conversation in suite.conversations:
            case = ElementTree.SubElement(
                element, "testcase", classname=conversation.file, name=_plain(conversation.name)
            )
            for one in failed:
                if (one.file, one.conversation) == (conversation.file, conversation.name):
                    failure = ElementTree.SubElement(case, "failure", message=_plain(str(one)))
                    failure.text = _plain("\n".join(lines_of(one)))
    data: bytes = ElementTree.tostring(top, encoding="utf-8", xml_declaration=True)
    return data


def _plain(text: str) -> str:
    return _UNWRITABLE.sub("\ufffd", text)
