"""A draft as the files of a pack, proved valid before anything is written."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from sangdam.bots.parse import Pack, parse_pack
from scripts.importing.pack import Draft
from scripts.importing.sheet_error import SheetError


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]  # libyaml's
    """Writes texts of several lines as they are read, and equal lists in full."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _text(dumper: Any, text: str) -> Any:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def files_of(draft: Draft, *, source: str) -> dict[str, str]:
    """Return the text of every file of the pack."""
    files = {"bot.yaml": _structure(draft, source)}
    for language in draft.languages:
        files[f"{language}.yaml"] = _dumped(draft.words[language])
        files[f"examples.{language}.yaml"] = _dumped(_nlu(draft.examples[language]))
    return files


def check_files(bot: str, files: Mapping[str, str]) -> Pack:
    """Return the pack that these files are.

    Raises
    ------
    PackError
        With every mistake, if they are none.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data = {name: yaml.load(text, Loader=loader) for name, text in files.items()}  # noqa: S506 -- a safe loader
    return parse_pack(bot, data)


def write_files(files: Mapping[str, str], folder: Path, *, replaced: Path | None) -> None:
    """Write a pack's folder at once; a former one is kept as ``replaced``.

    Raises
    ------
    SheetError
        If a pack stands there and ``replaced`` is None, or the folder cannot be written.
    """
    if replaced is None and folder.exists() and any(folder.iterdir()):
        raise SheetError(
            f"{folder}: a pack stands there already; choose another name,"
            " or replace it with --force"
        )
    beside = folder.with_name(f".{folder.name}.new")
    try:
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(parents=True)
        for name, text in files.items():
            (beside / name).write_text(text, encoding="utf-8", newline="\n")
        if folder.exists():
            if replaced is not None:
                shutil.rmtree(replaced, ignore_errors=True)
                replaced.parent.mkdir(parents=True, exist_ok=True)
                shutil.move(folder, replaced)
            else:
                folder.rmdir()
        beside.rename(folder)
    except OSError as error:
        raise SheetError(
            f"{folder}: cannot be written ({error.strerror}); choose another with --out"
        ) from error


def _structure(draft: Draft, source: str) -> str:
    lines = [
        f"# Made from {_comment(source)}. Rename an intent in all files of the pack at once.",
        "format: 1",
        f"bot: {draft.bot}",
        "goal: [answer]",
        f"languages: [{', '.join(draft.languages)}]",
        "time_zone: Asia/Seoul",
        "policy:",
        f"  error_budget: {draft.error_budget}",
        "  clarify_choices: 3",
        "  handoff_after_misses: 2",
        "intents:",
    ]
    for name, kind in draft.kinds.items():
        about = "{}" if kind == "answer" else f"{{kind: {kind}}}"
        remark = f"  # {_comment(draft.remarks[name])}" if name in draft.remarks else ""
        # To YAML, no, on and y are true or false.
        key = name if isinstance(yaml.safe_load(name), str) else f'"{name}"'
        lines.append(f"  {key}: {about}{remark}")
    return "\n".join(lines) + "\n"


def _comment(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _nlu(examples: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    return {
        "version": "3.1",
        "nlu": [
            {"intent": name, "examples": "".join(f"- {text}\n" for text in texts)}
            for name, texts in examples.items()
        ],
    }


def _dumped(data: Any) -> str:
    text: str = yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)
    return text
