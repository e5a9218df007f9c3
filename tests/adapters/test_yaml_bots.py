"""Bot packs in a folder of YAML."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from sangdam.bots.reading import PackError
from sangdam.ports import PackMissingError
from sangdam_adapters.yaml_bots import YamlPacks
from tests.adapters.aws import ROOT
from tests.core import corner_shop


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of packs with the corner shop in it."""
    pack = tmp_path / corner_shop.NAME
    pack.mkdir()
    for name, data in corner_shop.files().items():
        (pack / name).write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), "utf-8")
    return tmp_path


def mistakes(folder: Path, name: str = corner_shop.NAME) -> list[str]:
    with pytest.raises(PackError) as caught:
        YamlPacks(folder).load(name)
    return [str(mistake) for mistake in caught.value.mistakes]


def test_a_pack_is_read_from_its_folder(folder: Path) -> None:
    assert YamlPacks(folder).load("corner") == corner_shop.pack()
    assert list(YamlPacks(folder).names()) == ["corner"]


def test_the_packs_of_the_project_are_whole() -> None:
    packs = YamlPacks(ROOT / "layers" / "content" / "bots")
    assert "shop" in packs.names()
    for name in packs.names():
        assert packs.load(name).bot.name == name


def test_a_missing_pack_is_told_with_those_there_are(folder: Path) -> None:
    with pytest.raises(PackMissingError, match=r"no bot pack 'bank' .*; there: corner"):
        YamlPacks(folder).load("bank")
    with pytest.raises(PackMissingError, match="there: none"):
        YamlPacks(folder / "corner").load("bank")


def test_a_folder_without_a_bot_is_no_pack(folder: Path) -> None:
    (folder / "notes").mkdir()
    (folder / "notes" / "readme.md").write_text("no pack")
    assert list(YamlPacks(folder).names()) == ["corner"]


def test_unreadable_files_are_all_told_at_once(folder: Path) -> None:
    pack = folder / "corner"
    (pack / "ko.yaml").write_text("name: [half\nnext: 1\n", "utf-8")
    (pack / "en.yaml").write_bytes("name: 모퉁이".encode("euc-kr"))
    (pack / "examples.kr.yaml").write_text("nlu: []")
    (pack / "extra.yml").write_text("a: 1")
    said = mistakes(folder)
    assert len(said) == 4
    assert said[0].startswith("corner/en.yaml:1: is not UTF-8")
    assert said[1].startswith("corner/examples.kr.yaml: is no file of a pack; those: bot.yaml")
    assert said[2].startswith("corner/extra.yml: is no file of a pack")
    assert said[3].startswith("corner/ko.yaml:2: is no valid YAML: did not find expected")


@pytest.mark.parametrize(
    "text",
    [
        "!!python/object/apply:os.system ['true']",
        "a: *nothing",
        "\tname: tab",
        "a: 'open",
        "? [1, 2]\n: 3",
        "\0",
        "date: 2026-13-45",
        "--- 1\n--- 2",
    ],
)
def test_no_text_in_a_file_makes_reading_fail(folder: Path, text: str) -> None:
    (folder / "corner" / "ko.yaml").write_text(text, "utf-8")
    assert any("ko.yaml" in said for said in mistakes(folder))


def test_a_file_with_a_byte_order_mark_is_read(folder: Path) -> None:
    path = folder / "corner" / "ko.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert YamlPacks(folder).load("corner") == corner_shop.pack()
