"""Write the evaluation report of a bot's release: what it can do, and what to do about the rest.

OUT/report.html is the page, OUT/report.json its figures.
"""

from __future__ import annotations

import argparse
import sys
import webbrowser
from collections.abc import Sequence
from pathlib import Path

from sangdam.bots.definition import LANGUAGES, Language
from sangdam.learning.release import ReleaseError, ReleaseMissingError
from sangdam.learning.report import DOCUMENT, PAGE, Report, ReportError
from sangdam.ports import Registry
from sangdam_adapters import stores
from sangdam_adapters.report_labels import WORDS
from sangdam_adapters.report_page import render
from sangdam_adapters.report_words import findings_in_words, with_interval
from scripts.local.paths import CACHE
from scripts.local.target import TargetError, add_option, find_target

TOLD = 5


def main(argv: Sequence[str] | None = None) -> int:
    """Write the report; returns 0 if the release carries one."""
    parser = argparse.ArgumentParser(
        prog="scripts/report", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("bot", help="which bot")
    parser.add_argument("--release", metavar="NAME", help="which release (default: the current)")
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="where to (default: .cache/reports/BOT/RELEASE)"
    )
    parser.add_argument(
        "--lang", choices=LANGUAGES, help="language of page and terminal (default: as stored; en)"
    )
    parser.add_argument("--open", action="store_true", help="show the page in a browser")
    add_option(parser)
    options = parser.parse_args(argv)
    language: Language = options.lang or "en"
    try:
        registry = stores.open_registry(find_target(options.stack).settings.releases)
        name = options.release or _current(registry, options.bot)
        report, document, page = read(registry, options.bot, name)
        if page is None or options.lang is not None:
            page = render(report, language=language)
        folder = options.out or CACHE / "reports" / options.bot / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / DOCUMENT).write_bytes(document)
        (folder / PAGE).write_bytes(page)
    except (ReleaseError, ReportError, TargetError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    tell(report, language=language)
    print(f"wrote {folder / PAGE}")
    if options.open:
        webbrowser.open((folder / PAGE).resolve().as_uri())
    return 0


def read(registry: Registry, bot: str, release: str) -> tuple[Report, bytes, bytes | None]:
    """Return a release's report, as stored too, and its page if there is one.

    Raises
    ------
    ReleaseMissingError
        If there is no such release, or it was made without a report.
    ReportError
        If its report is of a format this code does not read.
    """
    document = registry.attachment(bot, release, DOCUMENT)
    if document is None:
        raise ReleaseMissingError(
            f"release {bot}/{release} carries no report; train the bot again for one that does"
        )
    report = Report.from_json(document, where=f"{bot}/{release}/{DOCUMENT}")
    return report, document, registry.attachment(bot, release, PAGE)


def tell(report: Report, *, language: Language) -> None:
    """Print the figure everybody asks for, and what is most worth doing."""
    words, found = WORDS[language], findings_in_words(report, language=language)
    print(f"{report.bot}/{report.release}")
    print(f"{words['accuracy']}: {with_interval(report.overall.accuracy)}")
    print(f"{words['to_do']}:" if found else words["to_do_none"])
    for number, (what, how) in enumerate(found[:TOLD], start=1):
        print(f"{number}. {what}\n   {how}")


def _current(registry: Registry, bot: str) -> str:
    pointer = registry.current(bot)
    if pointer is None:
        known = ", ".join(registry.bots()) or "none"
        raise ReleaseMissingError(f"bot '{bot}' has no current release; bots here: {known}")
    return pointer.release


if __name__ == "__main__":
    raise SystemExit(main())
