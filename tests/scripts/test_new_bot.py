"""scripts/new-bot makes a pack that is whole, learns, and keeps its own conversations."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

from sangdam_adapters.yaml_bots import YamlPacks
from scripts.commands import converse, new_bot, train
from scripts.local.paths import ROOT
from scripts.local.prepare import prepare
from scripts.new_bot.draft import Draft, files, industries, wrong_name

Said = Callable[[], str]


def make(packs: Path, *arguments: str) -> int:
    return new_bot.main([*arguments, "--packs", str(packs)])


@pytest.mark.parametrize(
    ("industry", "languages"), [*itertools.product(industries(), ["ko,en", "en,ko", "ko", "en"])]
)
def test_a_new_pack_of_every_industry_and_language_is_whole(
    tmp_path: Path, industry: str, languages: str
) -> None:
    assert make(tmp_path, "daon", "--industry", industry, "--languages", languages) == 0
    pack = YamlPacks(tmp_path).load("daon")
    assert ",".join(pack.bot.languages) == languages
    assert len(pack.bot.intents) == 7
    assert len(pack.conversations) == 6 * len(pack.bot.languages)
    for language, intent in itertools.product(pack.bot.languages, pack.bot.intents):
        taught = [one for one in pack.examples if (one.language, one.intent) == (language, intent)]
        assert len(taught) >= (12 if language == "ko" else 11), (language, intent)


def test_a_new_bot_learns_and_keeps_its_conversations(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prepare(ROOT, bots=())  # the encoder
    packs, releases = tmp_path / "packs", tmp_path / "releases"
    assert make(packs, "daon", "--name-ko", "다온서점", "--name-en", "Daon Books") == 0
    where = ["--packs", str(packs)]
    assert train.main(["daon", *where, "--out", str(releases), "--seconds", "20"]) == 0
    capsys.readouterr()
    assert converse.main(["daon", *where, "--releases", str(releases)]) == 0
    assert capsys.readouterr().out.startswith("daon: 12 passed, 0 failed; reached: intents 7 of 7,")


def test_a_pack_says_what_was_given(tmp_path: Path) -> None:
    names = ("--name-ko", '다온 "책방": 1호점', "--name-en", "Daon's #1 Books")
    assert make(tmp_path, "daon", *names, "--hours", "9:30-20:00", "--industry", "shop") == 0
    bot = YamlPacks(tmp_path).load("daon").bot
    assert bot.script("ko").bot_name == '다온 "책방": 1호점'
    assert "Daon's #1 Books" in bot.script("en").replies["system/welcome"].variants[0]
    assert "9:30~20:00" in bot.script("ko").replies["intent/opening_hours"].variants[0]
    assert [span[0].hour for span in bot.hours[0]] == [9]
    assert "delivery_time" in bot.intents


def test_the_next_commands_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make(tmp_path, "daon")
    said = capsys.readouterr().out
    assert said.startswith(f"{tmp_path / 'daon'}: 7 intents, 0 forms, ")
    for command in ("train", "converse", "chat", "validate"):
        assert f"scripts/{command} daon --packs {tmp_path}" in said


def test_no_template_has_a_mark_that_is_not_filled_in() -> None:
    for industry in industries():
        draft = Draft("daon", {"ko": "다온", "en": "Daon"}, industry=industry)
        for name, text in files(draft).items():
            assert "@" not in text, (industry, name)


def test_nothing_is_ever_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "daon").mkdir()
    assert make(tmp_path, "daon") == 2
    assert "is there already and is not overwritten; choose another" in capsys.readouterr().err
    assert list((tmp_path / "daon").iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["My Shop"], "'My Shop' cannot be the name of a bot: it has lower-case letters"),
        (["daon", "--languages", "ko,jp"], "'jp' is no language of a bot; write ko, en, or both"),
        (["daon", "--languages", ""], "is no language of a bot"),
        (["daon", "--name-ko", " "], "--name-ko: the name is empty"),
        (["daon", "--name-en", "x" * 41], "--name-en: the name has 41 characters; the limit is 40"),
        (["daon", "--name-en", "{x}"], "--name-en: '{x}' has a brace"),
        (["daon", "--name-ko", "다\n온"], "a character that cannot be seen"),
        (["daon", "--hours", "from nine"], "--hours: 'from nine' is no span of time; write 10:00-"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], problem: str
) -> None:
    assert make(tmp_path, *arguments) == 2
    said = capsys.readouterr().err
    assert said.startswith("scripts/new-bot: ")
    assert problem in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "instead"),
    [
        ("My Shop", "try 'my_shop'"),
        ("daon-shop", "try 'daon_shop'"),
        ("24h", "try 'h'"),
        ("다온", "try one such as my_shop"),
        ("../shop", "try 'shop'"),
        ("", "try one such as my_shop"),
        ("x" * 65, f"try '{'x' * 64}'"),
    ],
)
def test_a_name_that_is_none_is_answered_with_one_that_is(name: str, instead: str) -> None:
    problem = wrong_name(name)
    assert problem is not None
    assert problem.endswith(instead)


def test_in_a_terminal_what_is_not_given_is_asked_until_it_is_good(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[str] = []
    answers = iter(["jp", "ko", "다온서점", "garden", "clinic", "", ""])

    def ask(question: str) -> str:
        asked.append(question)
        return next(answers)

    assert new_bot.main(["daon", "--packs", str(tmp_path)], ask=ask) == 0
    said = capsys.readouterr().out
    assert "'jp' is no language of a bot" in said
    assert "'garden' is none of bank, clinic, shop, travel, other" in said
    assert len(asked) == 6
    bot = YamlPacks(tmp_path).load("daon").bot
    assert bot.languages == ("ko",)
    assert bot.script("ko").bot_name == "다온서점"
    assert "first_visit" in bot.intents


def test_an_author_who_leaves_leaves_nothing_behind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def leave(question: str) -> str:
        raise EOFError

    assert new_bot.main(["daon", "--packs", str(tmp_path)], ask=leave) == 1
    assert "Nothing was written." in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
