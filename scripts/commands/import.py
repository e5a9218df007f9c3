"""Make a bot pack of a spreadsheet of questions and answers, as a business has them.

FILE is .xlsx or CSV with a row of headings: question, answer and, if you have it, intent (질문,
답변, 의도). Questions with one answer become one intent; what says the same in other words, or in
the other language, is joined. Whatever was dropped or doubted is listed in a report.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from sangdam.bots.names import NAME
from sangdam.bots.phrase import same_text_key
from sangdam.bots.reading import PackError
from sangdam.ports import Encoder, Progress
from sangdam_adapters import stores
from sangdam_adapters.onnx_encoder import EncoderError
from sangdam_adapters.settings import Address
from scripts.importing.entry import read_entries
from scripts.importing.group import Group
from scripts.importing.grouping import group_entries, most_asked
from scripts.importing.headings import find_headings
from scripts.importing.likeness import EncoderLikeness
from scripts.importing.naming import name_groups
from scripts.importing.note import KINDS, Note, write_notes
from scripts.importing.pack import Draft, draft_pack, owners_of, spoken_languages
from scripts.importing.sheet import read_sheets
from scripts.importing.sheet_error import SheetError
from scripts.importing.starter import KINDS as BROUGHT
from scripts.importing.starter import Starter, read_starter
from scripts.importing.writing import check_files, files_of, write_files
from scripts.local import progress
from scripts.local.paths import CACHE, ENCODER, PACKS, ROOT

MOST = 500
TOLD = 5
LOOKED_AT = 2000
TOO_NEAR = 0.6
"""An out-of-scope sentence as near as this to a question of the sheet is in scope after all."""


@dataclass(frozen=True, slots=True)
class Import:
    """What came of a sheet: the pack, and what to tell."""

    draft: Draft
    rows: int
    sheet: str
    notes: tuple[Note, ...]


def main(argv: Sequence[str] | None = None) -> int:
    """Import; returns 0 if a pack was written."""
    options = _parser().parse_args(argv)
    folder: Path = options.out / options.bot
    report: Path = options.report or CACHE / "imports" / f"{options.bot}.csv"
    replaced = CACHE / "imports" / f"{options.bot}.before" if options.force else None
    try:
        _check(options.bot, folder, is_forced=options.force)
        encoder = None
        if not options.no_encoder:
            encoder = stores.open_first_encoder(Address.of_folder(ENCODER))
        with progress.shown(Console(stderr=True)) as tell:
            found = import_sheet(
                options.file, bot=options.bot, title=options.title or _spoken(options.bot),
                sheet=options.sheet, most=options.most, encoder=encoder, progress=tell,
            )  # fmt: skip
        files = files_of(found.draft, source=options.file.name)
        check_files(options.bot, files)
        replaced_one = folder.exists() and any(folder.iterdir())
        write_files(files, folder, replaced=replaced)
        write_notes(found.notes, report)
    except (SheetError, PackError, EncoderError) as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{report}: cannot be written ({error.strerror})", file=sys.stderr)
        return 1
    _tell(found, options.file)
    print(f"wrote {_short(folder)}: {', '.join(files)}")
    if replaced_one and replaced is not None:
        print(f"the former pack is kept in {_short(replaced)}")
    _tell_notes(found.notes, report)
    packs = "" if options.out == PACKS else f" --packs {options.out}"
    print(f"next: scripts/train {options.bot}{packs}")
    return 0


def import_sheet(
    path: Path, *, bot: str, title: str, sheet: str | None, most: int,
    encoder: Encoder | None, progress: Progress,
) -> Import:  # fmt: skip
    """Read a sheet and draft its pack; nothing is written.

    Without an encoder groups are made by name and by answer alone.

    Raises
    ------
    SheetError
        If there is nothing in the file to make a bot of.
    """
    progress("reading the sheet", 0, 1)
    chosen, headings = find_headings(read_sheets(path, only=sheet), where=str(path))
    reading = read_entries(chosen, headings)
    progress("reading the sheet", 1, 1)
    if not reading.entries:
        first = f"; the first: {reading.notes[0]}" if reading.notes else ""
        raise SheetError(
            f"{path}: none of the {reading.rows} rows below the headings (row {headings.row}) has"
            f" both a question and an answer{first}"
        )
    likeness = None if encoder is None else EncoderLikeness(encoder, progress=progress)
    groups, grouped = group_entries(reading.entries, likeness)
    groups, left_out = most_asked(groups, most)
    starters = [read_starter(language) for language in spoken_languages(groups)]
    if likeness is not None:
        starters = [_in_scope(starter, groups, likeness) for starter in starters]
    draft = draft_pack(bot, title, groups, _names(groups, starters, likeness), starters=starters)
    notes = (*reading.notes, *grouped, *left_out, *draft.notes)
    return Import(draft, reading.rows, chosen.name, notes)


def _names(
    groups: Sequence[Group], starters: Sequence[Starter], likeness: EncoderLikeness | None
) -> list[str]:
    owners = owners_of(groups, starters)
    rest = [group for place, group in enumerate(groups) if place not in owners]
    encode = None if likeness is None else likeness.encode
    names = iter(name_groups(rest, taken=BROUGHT, encode=encode))
    return [owners[place] if place in owners else next(names) for place in range(len(groups))]


def _in_scope(starter: Starter, groups: Sequence[Group], likeness: EncoderLikeness) -> Starter:
    """Leave out-of-scope sentences away that the sheet may well be about."""
    questions = [question for group in groups for question in group.questions()[:5]][:LOOKED_AT]
    asked = likeness.encode(questions, "looking at what is out of scope")
    outside = likeness.encode(starter.out_of_scope, "looking at what is out of scope")
    near = (outside @ asked.T).max(axis=1)
    return starter.without(
        same_text_key(text)
        for text, nearness in zip(starter.out_of_scope, near, strict=True)
        if nearness >= TOO_NEAR
    )


def _tell(found: Import, path: Path) -> None:
    kinds = Counter(note.kind for note in found.notes)
    told = ", ".join(f"{kinds[kind]} {kind}" for kind in KINDS if kinds[kind]) or "all of use"
    print(f"{path.name} ({found.sheet}): {found.rows} rows; {told}")
    draft = found.draft
    examples = ", ".join(
        f"{sum(len(texts) for texts in draft.examples[language].values())} {language}"
        for language in draft.languages
    )
    brought = len(BROUGHT)
    print(
        f"{draft.bot}: {len(draft.kinds)} intents ({brought} brought along), examples: {examples}"
    )


def _tell_notes(notes: Sequence[Note], report: Path) -> None:
    worth = sorted(notes, key=lambda note: (KINDS.index(note.kind), note.row))
    for note in worth[:TOLD]:
        print(f"  {note}")
    more = f" ({len(notes) - TOLD} more)" if len(notes) > TOLD else ""
    print(f"report: {_short(report)}{more}")


def _check(bot: str, folder: Path, *, is_forced: bool) -> None:
    """Say before any work what would stop it at the end."""
    if not NAME.match(bot):
        raise SheetError(
            f"--bot {bot}: a bot's name is lower-case letters, digits and _,"
            " beginning with a letter; what customers read is --title"
        )
    if folder.exists() and not folder.is_dir():
        raise SheetError(f"{folder}: is a file; choose another name or --out")
    if not is_forced and folder.exists() and any(folder.iterdir()):
        raise SheetError(
            f"{folder}: a pack stands there already; choose another name,"
            " or replace it with --force"
        )


def _spoken(bot: str) -> str:
    return bot.replace("_", " ").capitalize()


def _short(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/import", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("file", type=Path, metavar="FILE", help="the spreadsheet: .xlsx or .csv")
    parser.add_argument("--bot", required=True, metavar="NAME", help="what the bot is called here")
    parser.add_argument(
        "--title", metavar="TEXT", help="what customers read as its name (default: NAME)"
    )
    parser.add_argument("--sheet", metavar="NAME", help="which sheet of a workbook (default: the"
                        " first with headings)")  # fmt: skip
    parser.add_argument(
        "--out", type=Path, default=PACKS, metavar="DIR",
        help="folder of bot packs; the pack is written to DIR/NAME (default: layers/content/bots)",
    )  # fmt: skip
    parser.add_argument(
        "--report", type=Path, metavar="FILE",
        help="where the list of dropped and doubted rows is written (default:"
        " .cache/imports/NAME.csv)",
    )  # fmt: skip
    parser.add_argument(
        "--most", type=_count, default=MOST, metavar="N",
        help=f"most intents; of more, those asked most are kept (default: {MOST})",
    )  # fmt: skip
    parser.add_argument("--force", action="store_true", help="replace a pack of that name")
    parser.add_argument(
        "--no-encoder", action="store_true", help="group by equal names and answers alone"
    )
    return parser


def _count(text: str) -> int:
    count = int(text)
    if count < 2:
        raise argparse.ArgumentTypeError(f"{text} is no number of intents above 1")
    return count


if __name__ == "__main__":
    raise SystemExit(main())
