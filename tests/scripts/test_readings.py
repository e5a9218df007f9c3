"""Which encoders packs ask for, and what of them goes into a layer."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.commands import encoder as command
from scripts.local.readings import reading, readings


def pack(folder: Path, name: str, text: str) -> Path:
    (folder / name).mkdir(parents=True)
    (folder / name / "bot.yaml").write_text(text, "utf-8")
    return folder / name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("languages: [ko, en]\n", "fast"),
        ("profile: fast\nlanguages: [en]\n", "fast"),
        ("profile: accurate   # reads more\nlanguages: [ko, en]\n", "accurate"),
        ("profile: 'accurate'\nlanguages: [ko]\n", "accurate"),
        ('profile: "accurate"\nlanguages:\n- en\n', "accurate-english"),
        # What is wrong with a pack is told where it is read whole.
        ("profile: [accurate]\n", "fast"),
        ("profile: slow\nlanguages: [en]\n", "fast"),
        ("profile: accurate\nlanguages: 7\n", "fast"),
        ("profile: accurate\n", "accurate"),
        ("- a list\n", "fast"),
        ("", "fast"),
        ("a: [\n", "fast"),
    ],
)
def test_profile_and_languages_tell_how_a_bot_is_read(
    tmp_path: Path, text: str, expected: str
) -> None:
    assert reading(pack(tmp_path, "shop", text)) == expected


def test_a_pack_without_a_file_asks_for_nothing(tmp_path: Path) -> None:
    assert reading(tmp_path / "shop") == "fast"


def test_all_bots_of_a_folder_are_asked(tmp_path: Path) -> None:
    assert readings(tmp_path) == frozenset()
    pack(tmp_path, "shop", "profile: accurate\nlanguages: [ko]\n")
    pack(tmp_path, "bank", "profile: accurate\nlanguages: [en]\n")
    assert readings(tmp_path) == {"accurate", "accurate-english"}


@pytest.mark.parametrize(
    ("text", "folders"),
    [
        ("profile: fast\n", ["encoder", "encoder-english"]),
        (
            "profile: accurate\nlanguages: [ko]\n",
            ["encoder", "encoder-accurate", "encoder-english"],
        ),
    ],
)
def test_a_layer_gets_what_its_bots_read_with_and_nothing_that_tests_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, folders: list[str]
) -> None:
    pack(tmp_path / "bots", "shop", text)
    monkeypatch.setattr(command, "PACKS", tmp_path / "bots")
    layer = tmp_path / "layer"
    assert command.main(["--into", str(layer)]) == 0
    assert sorted(path.name for path in layer.iterdir()) == folders
    assert all((layer / name / "encoder.onnx.data").is_file() for name in folders)
    assert not list(layer.rglob("sentencepiece.model"))
    assert (command.DEFAULT_OUT / "sentencepiece.model").is_file()
