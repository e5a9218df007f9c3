"""layers/content/README.md describes what the parser reads: no more, no less."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from sangdam.bots.actions import ACTIONS
from sangdam.bots.catalogue_reading import read_catalogue
from sangdam.bots.conversation import TAGS, read_conversations
from sangdam.bots.definition import LANGUAGES, ActionType
from sangdam.bots.parse import Pack
from sangdam.bots.reading import PackError, Reader
from sangdam.bots.structure import KINDS, SECRETS, read_structure
from sangdam.services.rehearse import rehearse
from sangdam_adapters.demo_data import demo_writes
from sangdam_adapters.rehearsal import REHEARSAL_TIME, rehearser
from sangdam_adapters.yaml_bots import YamlPacks
from scripts.local.paths import ROOT
from tests.core.counter import Days, release_of
from tests.core.words import WordOpener

README = (ROOT / "layers" / "content" / "README.md").read_text(encoding="utf-8")
UNKNOWN = "no_such_key"


def section(title: str) -> str:
    """Return what stands below a heading, up to the next one like it."""
    found = re.search(rf"^(#+) {re.escape(title)}\n(.*?)(?=^\1 |\Z)", README, re.M | re.S)
    assert found is not None, f"no section '{title}'"
    return found[2]


def block(title: str) -> Any:
    """Return the first YAML of a section, read."""
    found = re.search(r"```yaml\n(.*?)```", section(title), re.S)
    assert found is not None, f"no YAML in section '{title}'"
    return yaml.safe_load(found[1])


# The table of actions

Outcomes = dict[str, tuple[str, ...]]


def documented() -> dict[str, ActionType]:
    """Return the actions as the table has them."""
    rows = re.findall(r"^\| ([`*][\w.]+[`*]) \|(.*)\|$", section("Built-in actions"), re.M)
    cells = {name.strip("`*"): [one.strip() for one in rest.split(" |")] for name, rest in rows}
    refusals = cells.pop("refusals")[-1]
    return {name: _action(*row, refusals=refusals) for name, row in cells.items()}


def _action(needs: str, may: str, confirm: str, outcomes: str, *, refusals: str) -> ActionType:
    fields: Outcomes = {}
    reopens: dict[str, str] = {}
    clears: Outcomes = {}
    for one in outcomes.replace("*refusals*", refusals).split(" · "):
        found = re.fullmatch(r"`(\w+)`(?: \(([\w ]+)\))?(?: ↺ (\w+)(?:, ([\w, ]+))?)?", one)
        assert found is not None, one
        fields[found[1]] = tuple((found[2] or "").split())
        if found[3]:
            reopens[found[1]] = found[3]
        if found[4]:
            clears[found[1]] = tuple(found[4].split(", "))
    offer = re.fullmatch(r"yes(?: \(([\w ]+)\))?", confirm)
    return ActionType(
        slots=tuple(needs.split()),
        optional=None if may == "any" else tuple(may.split()),
        outcomes=fields,
        reopens=reopens,
        clears=clears,
        offer=tuple((offer[1] or "").split()) if offer else (),
        changes=offer is not None,
    )


@pytest.mark.parametrize("name", ACTIONS)
def test_the_table_says_of_every_action_what_its_code_says(name: str) -> None:
    told, known = documented()[name], ACTIONS[name]
    for what in ("slots", "optional", "offer", "changes", "outcomes", "reopens", "clears"):
        assert getattr(told, what) == getattr(known, what), what


def test_the_table_has_no_action_that_does_not_exist() -> None:
    assert documented().keys() == ACTIONS.keys()


# The blocks of YAML


def test_the_bot_yaml_with_everything_is_right(tmp_path: Path) -> None:
    reader = Reader("bot.yaml")
    structure = read_structure(reader, block("bot.yaml"), "shop")
    assert [str(one) for one in reader.mistakes] == []
    assert {one.kind for one in structure.intents.values()} == {*KINDS}
    assert structure.policy.refuses == SECRETS


def test_the_conversations_the_catalogue_and_the_demo_are_right(tmp_path: Path) -> None:
    reader = Reader("")
    read_conversations(reader, block("conversations.*.yaml"), "ko")
    read_catalogue(reader, block("catalogue.yaml"), LANGUAGES)
    assert [str(one) for one in reader.mistakes] == []
    assert len(demo(tmp_path, block("demo.yaml"))) >= 3


def demo(folder: Path, data: Any) -> tuple[Any, ...]:
    for name, content in (("bot.yaml", block("bot.yaml")), ("demo.yaml", data)):
        (folder / name).write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return demo_writes(folder, "shop", today=date(2026, 11, 20))


def test_every_tag_is_named() -> None:
    assert set(TAGS) <= set(re.findall(r"`(\w+)`", section("conversations.*.yaml")))


# Every key


def known_keys(tmp_path: Path) -> Iterator[str]:
    """Yield every key that the parser says it knows where it is given one that it does not."""
    reader = Reader("")
    read_structure(reader, _spoilt(block("bot.yaml")), "shop")
    read_conversations(reader, _spoilt(block("conversations.*.yaml")), "ko")
    read_catalogue(reader, _spoilt(block("catalogue.yaml")), LANGUAGES)
    told = [str(one) for one in reader.mistakes]
    spoilt = {name: _spoilt(data) for name, data in pack_files().items()}
    for name, data in (("demo", _spoilt(block("demo.yaml"))), ("pack", spoilt)):
        folder = tmp_path / name
        folder.mkdir()
        with pytest.raises(PackError) as refused:
            demo(folder, data) if name == "demo" else load(folder, data)
        told += [str(one) for one in refused.value.mistakes]
    for line in told:
        if f"{UNKNOWN}: is not known here; known: " in line:
            yield from line.partition("; known: ")[2].split(", ")


def _spoilt(data: Any) -> Any:
    """Return data with a key that nobody knows in every mapping."""
    if isinstance(data, Mapping):
        return {**{name: _spoilt(inner) for name, inner in data.items()}, UNKNOWN: None}
    return [_spoilt(inner) for inner in data] if isinstance(data, list) else data


def test_every_key_that_the_parser_knows_is_described(tmp_path: Path) -> None:
    keys = set(known_keys(tmp_path))
    assert {"corrected_by", "handoff_closed", "asking", "cancellation", "text", "last4"} <= keys
    missing = {key for key in keys if not re.search(rf"(?:^|[`{{ ]){key}[:`]", README, re.M)}
    assert missing == set()


def test_the_words_of_the_system_are_those_that_the_parser_knows(tmp_path: Path) -> None:
    files = pack_files()
    files["en.yaml"]["system"][UNKNOWN] = "x"
    with pytest.raises(PackError) as refused:
        load(tmp_path, files)
    told = str(refused.value)
    known = told.partition("known: ")[2].splitlines()[0].split(", ")
    assert sorted(block("ko.yaml and en.yaml")["system"]) == sorted(known)


# The whole pack


def pack_files() -> dict[str, Any]:
    """Return the files of the whole pack, fresh each time."""
    found = re.findall(r"^`([\w.]+)`\n```yaml\n(.*?)```", section("A whole pack"), re.M | re.S)
    return {name: yaml.safe_load(text) for name, text in found}


def load(packs: Path, files: Mapping[str, Any]) -> Pack:
    folder = packs / "bistro"
    folder.mkdir(parents=True)
    for name, data in files.items():
        (folder / name).write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return YamlPacks(packs).load("bistro")


def test_the_whole_pack_is_valid_and_keeps_its_conversations(tmp_path: Path) -> None:
    pack = load(tmp_path, pack_files())
    lines = rehearser(WordOpener(), lambda bot: (), Days())
    rehearsal = rehearse(pack.conversations, lines(release_of(pack, now=REHEARSAL_TIME)))
    assert [str(one) for one in rehearsal.differences] == []
    assert rehearsal.played == 2
