"""What an author sees of conversations: differences, what is missing, and files for CI."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from sangdam.bots.parse import Pack, parse_pack
from sangdam.learning.release import Release, ReleaseError
from sangdam.services.edited_release import is_learnt, with_pack
from sangdam_adapters.file_releases import FileRegistry
from scripts.commands import converse
from tests.core import corner_shop
from tests.core.counter import NOON, release_of
from tests.core.words import WordOpener

Files = dict[str, Any]


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The corner shop's pack and a release of it, opened by the word model."""
    monkeypatch.setattr(converse, "OnnxModelOpener", lambda encoders: WordOpener())
    write(tmp_path, corner_shop.files())
    publish(tmp_path, release_of(corner_shop.pack()))
    return tmp_path


def write(folder: Path, files: Files) -> None:
    pack = folder / "packs" / corner_shop.NAME
    pack.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
        (pack / name).write_text(text, encoding="utf-8")


def publish(folder: Path, release: Release) -> None:
    registry = FileRegistry(folder / "releases", clock=lambda: NOON)
    registry.publish(release)
    registry.move(release.bot, to=release.name, expected=registry.current(release.bot))


def run(folder: Path, *arguments: str) -> int:
    places = ("--packs", str(folder / "packs"), "--releases", str(folder / "releases"))
    return converse.main([*arguments, *places])


def talking(*turns: object, name: str = "talk") -> Files:
    files = corner_shop.files()
    talk = {"name": name, "tags": ["nonsense"], "turns": list(turns)}
    files["conversations.ko.yaml"]["conversations"] = [talk]
    return files


def test_conversations_that_pass_are_counted(
    folders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folders, talking({"user": "고마워요", "expect": {"intent": "thanks"}}))
    assert run(folders, "corner") == 0
    assert capsys.readouterr().out.startswith("corner: 2 passed, 0 failed; reached: intents ")


def test_a_difference_is_shown_as_the_talk_it_came_of(
    folders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folders, talking({"user": "고마워요", "expect": {"intent": "refund_when"}}))
    assert run(folders) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "corner/conversations.ko.yaml: 'talk', turn 1"
    assert "  > 고마워요" in lines
    assert "  - intent: refund_when" in lines
    assert "  + intent: thanks" in lines


@pytest.mark.parametrize("text", ["alk", "nonsense"])
def test_only_some_conversations_are_played(
    folders: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    write(folders, talking({"user": "고마워요"}))
    assert run(folders, "corner", "--only", text) == 0
    assert "1 passed" in capsys.readouterr().out


def test_what_no_conversation_reached_is_named(
    folders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folders, talking({"user": "고마워요"}))
    run(folders, "corner", "--only", "talk", "--missing")
    lines = capsys.readouterr().out.splitlines()
    assert "  intents: refund_when" in lines
    assert "  intents: thanks" not in lines
    assert "  forms: order_status" in lines


def test_too_little_coverage_fails(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folders, talking({"user": "고마워요"}))
    assert run(folders, "--only", "talk", "--least", "intents=10") == 0
    assert run(folders, "--only", "talk", "--least", "intents=95") == 1
    assert "14.3% reached, 95 % of its intents are wanted" in capsys.readouterr().out
    assert run(folders, "--only", "talk", "--least", "1") == 1


@pytest.mark.parametrize("least", ["most", "forms=101", "words=5"])
def test_an_unknown_coverage_is_refused(
    folders: Path, capsys: pytest.CaptureFixture[str], least: str
) -> None:
    with pytest.raises(SystemExit):
        run(folders, "--least", least)
    assert "KIND=PERCENT with one of intents, forms" in capsys.readouterr().err


def test_results_are_written_for_ci(folders: Path) -> None:
    bad = {"user": "고마워요 \x08😀", "expect": {"intent": "refund_when"}}
    files = talking({"user": "고마워요"})
    files["conversations.ko.yaml"]["conversations"].append({"name": "bad", "turns": [bad]})
    write(folders, files)
    report = folders / "reports" / "talks.xml"
    assert run(folders, "corner", "--junit", str(report)) == 1
    (suite,) = ElementTree.parse(report).getroot()
    assert (suite.get("name"), suite.get("tests"), suite.get("failures")) == ("corner", "3", "1")
    cases = {case.get("name"): case for case in suite}
    failure = cases["bad"].find("failure")
    assert failure is not None
    assert "intent should be refund_when and is thanks" in str(failure.get("message"))
    assert "  - intent: refund_when" in str(failure.text)
    assert list(cases["talk"]) == []


def test_a_bot_without_a_release_is_told_what_to_do(
    folders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folders / "releases" / "corner" / "current.json").unlink()
    report = folders / "talks.xml"
    assert run(folders, "corner", "--junit", str(report)) == 1
    assert "make one with scripts/train corner" in capsys.readouterr().err
    error = ElementTree.parse(report).getroot().find(".//error")
    assert error is not None
    assert "has no release" in str(error.get("message"))


def test_a_bot_that_does_not_exist_is_told(
    folders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folders, "nobody") == 1
    assert "nobody" in capsys.readouterr().err


def test_words_are_heard_as_they_are_written_now(
    folders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = talking({"user": "배송비 얼마예요", "expect": {"contains": ["공짜"]}})
    files["ko.yaml"]["intents"]["delivery_fee"]["reply"]["text"] = "공짜예요."
    write(folders, files)
    assert run(folders, "corner") == 0
    assert capsys.readouterr().err == ""


def test_changed_examples_are_told_of(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = corner_shop.files()
    files["examples.ko.yaml"]["nlu"][0]["examples"] += "- 고맙습니다\n"
    write(folders, files)
    run(folders, "corner")
    assert "examples were changed since: scripts/train corner" in capsys.readouterr().err


def more_intents() -> Pack:
    files = corner_shop.files()
    files["bot.yaml"]["intents"]["parking"] = {}
    for language in ("ko", "en"):
        words = files[f"{language}.yaml"]
        words["intents"]["parking"] = {"title": f"p {language}", "reply": "x"}
        taught = {"intent": "parking", "examples": "- where is the parking\n- 주차장이요\n"}
        files[f"examples.{language}.yaml"]["nlu"].append(taught)
    del files["examples.en.yaml"]["nlu"][-1]
    return parse_pack(corner_shop.NAME, files)


def test_a_release_that_knows_other_intents_is_refused() -> None:
    release = release_of(corner_shop.pack())
    told = r"older pack \(new intents: parking; gone: none\): make one with scripts/train corner"
    with pytest.raises(ReleaseError, match=told):
        with_pack(release, more_intents())


def test_a_release_with_its_own_pack_is_itself() -> None:
    pack = corner_shop.pack()
    release = release_of(pack)
    assert is_learnt(release, pack)
    assert with_pack(release, pack).files == release.files
    assert not is_learnt(release, replace(pack, examples=pack.examples[1:]))


def test_simulated_customers_talk_instead(
    folders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folders, "corner", "--walk", "8", "--seed", "4") == 0
    assert capsys.readouterr().out.startswith("corner: 8 customers (seed 4), ")
    assert run(folders, "corner", "--walk-one", "7", "--seed", "4") == 0
    assert "(system/welcome)" in capsys.readouterr().out.splitlines()[0]


def test_one_customer_is_one_of_one_bot(folders: Path) -> None:
    with pytest.raises(SystemExit):
        run(folders, "--walk-one", "7")
