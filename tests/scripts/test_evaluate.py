"""The evaluation's interface: what is written, and one line for input that cannot be used."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from scripts.commands import evaluate
from scripts.evaluation.report import Judgement, Measured, figures
from scripts.evaluation.rows import RowsError, names_of, read_rows
from scripts.local.paths import PACKS
from tests.training.sentences import OUTSIDE, SHOP


def write(path: Path, rows: Sequence[Sequence[str]], *, header: str = "text,intent,lang") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header.split(","), *rows])
    return path


@pytest.fixture
def train(tmp_path: Path) -> Path:
    rows = [(text, intent, "") for intent, texts in SHOP.items() for text in texts[:-2]]
    return write(tmp_path / "train.csv", rows)


@pytest.fixture
def test(tmp_path: Path) -> Path:
    rows = [(text, intent, "en") for intent, texts in SHOP.items() for text in texts[-2:]]
    outside = [(text, "out_of_scope", "ko") for text in OUTSIDE]
    return write(tmp_path / "test.csv", [*rows, *outside, ("", "refund_money", "ko")])


def run(train: Path, *tests: Path, out: Path, more: Sequence[str] = ()) -> int:
    given = [argument for test in tests for argument in ("--test", str(test))]
    return evaluate.main(["--train", str(train), *given, "--json", str(out), "--no-encoder", *more])


def test_the_result_has_the_promised_fields(train: Path, test: Path, tmp_path: Path) -> None:
    out = tmp_path / "out" / "result.json"
    assert run(train, test, out=out, more=["--seed", "3", "--time-budget", "30"]) == 0
    result: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    assert result["train_seconds"] > 0
    assert result["release_bytes"] > 1000
    assert 0 < result["p50_ms"] <= result["p99_ms"]
    figures_ = result["tests"]["test"]
    for name in ("accuracy", "macro_f1", "out_of_scope_recall", "expected_calibration_error"):
        assert 0 <= figures_[name] <= 1
    rows = figures_["rows"]
    assert len(rows) == 14
    for row in rows:
        assert set(row) == {"text", "expected", "predicted", "confidence", "decision"}
        assert row["predicted"] in SHOP
        assert row["decision"] in ("answer", "clarify", "fallback")
    known = [row for row in rows if row["expected"] != "out_of_scope"]
    hits = [row["predicted"] == row["expected"] for row in known]
    assert figures_["accuracy"] == pytest.approx(sum(hits) / len(hits))


def test_a_table_and_a_picture_come_with_it(
    train: Path, test: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "report"
    assert run(train, test, out=tmp_path / "r.json", more=["--report", str(folder)]) == 0
    assert "accuracy" in capsys.readouterr().out
    assert "accuracy" in (folder / "r.txt").read_text(encoding="utf-8")
    assert (folder / "r.test.png").read_bytes().startswith(b"\x89PNG")


def test_the_same_seed_gives_the_same_rows(train: Path, test: Path, tmp_path: Path) -> None:
    results = []
    for name in ("a.json", "b.json"):
        assert run(train, test, out=tmp_path / name) == 0
        results.append(json.loads((tmp_path / name).read_text(encoding="utf-8"))["tests"])
    assert results[0] == results[1]


def test_several_files_are_reported_apart_and_together(
    train: Path, test: Path, tmp_path: Path
) -> None:
    outside = write(tmp_path / "oos.csv", [(text, "out_of_scope", "ko") for text in OUTSIDE])
    out = tmp_path / "r.json"
    assert run(train, test, outside, out=out) == 0
    result = json.loads(out.read_text(encoding="utf-8"))
    assert list(result["tests"]) == ["test", "oos"]
    assert result["tests"]["oos"]["accuracy"] is None
    assert result["tests"]["oos"]["out_of_scope_auroc"] is None
    assert result["together"]["out_of_scope_rows"] == 2 * len(OUTSIDE)
    assert not (tmp_path / "r.oos.png").exists()


def test_files_of_one_stem_are_told_apart() -> None:
    paths = [Path("/a/x/test.csv"), Path("/a/y/test.csv"), Path("/a/x/oos.csv")]
    assert names_of(paths) == ["x/test", "y/test", "oos"]
    assert names_of([Path("/a/x/test.csv"), Path("/b/x/test.csv")]) == ["x/test", "x/test#2"]


BAD: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "the file is empty"),
    "header alone": (b"text,intent\n", "no rows below the header"),
    "no header": ("환불,refund\n환불요,refund\n".encode(), "line 1: column text is missing"),
    "no intent column": (b"text,label\na,b\n", "line 1: column intent is missing"),
    "a column twice": (b"text,intent,text\na,b,c\n", "line 1: column text stands there twice"),
    "not utf-8": (b"text,intent\nok,a\n\xb9\xe8\xbc\xdb,b\n", "line 3: byte 0xb9 is not UTF-8"),
    "too few fields": (b"text,intent\nok,a\nalone\n", "line 3: 1 fields where the header has 2"),
    "too many fields": (b"text,intent\na, b,c\n", "line 2: 3 fields where the header has 2"),
    "no intent": (b"text,intent\nok,a\nwhat, \n", "line 3: column intent is empty"),
    "open quote": (b'text,intent\n"never closed,a\n', "not CSV"),
    "one intent": (b"text,intent\nok,a\nfine,a\n", "only one intent has usable examples, 'a'"),
    "nothing said": (b"text,intent\n ,a\n,b\n", "no usable example"),
}


@pytest.mark.parametrize("case", BAD)
def test_input_that_cannot_be_used_is_one_line_and_exit_code_2(
    case: str, test: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, words = BAD[case]
    path = tmp_path / "bad.csv"
    path.write_bytes(data)
    out = tmp_path / "out.json"
    assert run(path, test, out=out) == 2
    said = capsys.readouterr().err.strip().splitlines()
    assert words in said[-1]
    assert not out.exists()


def test_a_missing_file_is_named(test: Path, tmp_path: Path) -> None:
    with pytest.raises(RowsError, match=r"none\.csv: cannot be read \(No such file"):
        read_rows(tmp_path / "none.csv")
    assert run(tmp_path / "none.csv", test, out=tmp_path / "out.json") == 2


def test_a_test_file_with_an_error_is_found_before_training(
    train: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(train, write(tmp_path / "t.csv", []), out=tmp_path / "out.json") == 2
    assert "learning" not in capsys.readouterr().err


def test_a_result_that_cannot_be_written_is_found_before_training(
    train: Path, test: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert run(train, test, out=tmp_path / "file" / "out.json") == 2
    assert run(train, test, out=tmp_path) == 2
    assert "learning" not in capsys.readouterr().err


def test_excels_utf8_and_its_own_order_of_columns_are_read(tmp_path: Path) -> None:
    path = tmp_path / "excel.csv"
    path.write_bytes('\ufeffIntent,note,Text\r\nrefund,x,"환불,\r\n빨리요"\r\n\r\n'.encode())
    (example,) = read_rows(path)
    assert (example.text, example.intent, example.language) == ("환불,\r\n빨리요", "refund", "ko")


def test_a_claimed_language_is_believed_and_a_missing_one_told_from_the_text(
    tmp_path: Path,
) -> None:
    rows = [("ok", "a", "ko"), ("환불", "a", ""), ("hello", "a", "fr"), ("42", "a", "")]
    languages = [one.language for one in read_rows(write(tmp_path / "r.csv", rows))]
    assert languages == ["ko", "ko", "en", "en"]


def test_figures_can_be_checked_by_hand() -> None:
    rows = (
        Judgement("1", "a", "a", 0.9, "answer"),
        Judgement("2", "a", "b", 0.9, "answer"),
        Judgement("3", "b", "b", 0.5, "clarify"),
        Judgement("4", "b", "b", 0.2, "fallback"),
        Judgement("5", "out_of_scope", "a", 0.6, "answer"),
        Judgement("6", "out_of_scope", "a", 0.4, "clarify"),
        Judgement("7", "out_of_scope", "a", 0.3, "fallback"),
        Judgement("8", "out_of_scope", "a", 0.3, "fallback"),
    )
    found = figures(Measured(rows, (1.0, 1.0, 1.0, -1.0, 2.0, 0.0, -2.0, -2.0)))
    assert found["accuracy"] == 0.75
    assert found["macro_f1"] == pytest.approx((2 / 3 + 4 / 5) / 2)
    assert found["answered"] == 0.5
    assert found["clarified"] == 0.25
    assert found["accuracy_when_answered"] == 0.5
    assert found["accuracy_at_thresholds"] == 0.25
    assert found["out_of_scope_recall"] == 0.75
    assert found["out_of_scope_fallback"] == 0.5
    assert found["out_of_scope_auroc"] == pytest.approx((3 + 3 + 3 + 2) / 16)
    assert found["wrong_when_answered"] == pytest.approx(2 / 3)


def test_nothing_said_is_never_answered(train: Path, test: Path, tmp_path: Path) -> None:
    out = tmp_path / "r.json"
    assert run(train, test, out=out) == 0
    rows = json.loads(out.read_text(encoding="utf-8"))["tests"]["test"]["rows"]
    assert [row["decision"] for row in rows if not row["text"]] == ["fallback"]


def test_slips_of_the_hand_are_measured_beside_the_rows_as_they_are(
    train: Path, test: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results = []
    for name in ("a.json", "b.json"):
        out = tmp_path / name
        more = ["--perturb", "keyboard", "--perturb", "typo", "--perturb", "spaces"]
        assert run(train, test, out=out, more=more) == 0
        results.append(json.loads(out.read_text(encoding="utf-8")))
    result = results[0]
    assert list(result["perturbed"]) == ["keyboard", "typo", "spaces"]
    assert result["perturbed"] == results[1]["perturbed"]
    before = result["tests"]["test"]
    for found in result["perturbed"].values():
        assert list(found) == ["test", "together"]
        lost = (before["accuracy"] - found["test"]["accuracy"]) * 100
        assert found["test"]["accuracy_lost"] == pytest.approx(lost)
        pairs = list(zip(before["rows"], found["test"]["rows"], strict=True))
        assert all(one["expected"] == other["expected"] for one, other in pairs)
        assert sum(one["text"] != other["text"] for one, other in pairs) > len(pairs) / 2
    assert result["perturbed"]["keyboard"]["test"]["accuracy_lost"] == 0
    assert "slips of the hand" in capsys.readouterr().out
    assert "keyboard" in (tmp_path / "a.txt").read_text(encoding="utf-8")


def test_without_slips_asked_for_none_are_measured(train: Path, test: Path, tmp_path: Path) -> None:
    out = tmp_path / "r.json"
    assert run(train, test, out=out) == 0
    assert json.loads(out.read_text(encoding="utf-8"))["perturbed"] == {}
    assert "slips" not in (tmp_path / "r.txt").read_text(encoding="utf-8")


def test_an_unknown_slip_is_refused_with_the_known_ones(
    train: Path, test: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        run(train, test, out=tmp_path / "r.json", more=["--perturb", "coffee"])
    assert "spaces" in capsys.readouterr().err


def test_the_budget_is_tried_on_halves_and_a_page_shows_every_row(
    train: Path, test: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "r.json"
    assert run(train, test, out=out, more=["--resample", "5"]) == 0
    resampled = json.loads(out.read_text(encoding="utf-8"))["resampled"]
    assert resampled["resamplings"] == 5
    assert 0 <= resampled["budget_kept"] <= 1
    assert "of 5 resamplings" in " ".join(capsys.readouterr().out.split())
    assert "<svg" in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_the_budget_is_not_tried_when_nobody_asks(train: Path, test: Path, tmp_path: Path) -> None:
    out = tmp_path / "r.json"
    assert run(train, test, out=out, more=["--resample", "0"]) == 0
    assert json.loads(out.read_text(encoding="utf-8"))["resampled"] is None


def test_a_pack_is_measured_in_a_language_it_was_not_learnt_in(tmp_path: Path) -> None:
    folder, out = PACKS / "shop", tmp_path / "r.json"
    more = ["--train-language", "ko", "--test-language", "en", "--resample", "0"]
    assert run(folder, folder, out=out, more=[*more, "--time-budget", "1"]) == 0
    rows = json.loads(out.read_text(encoding="utf-8"))["tests"]["shop"]["rows"]
    english = [one.text for one in read_rows(folder) if one.language == "en"]
    assert [row["text"] for row in rows] == english
    assert len(english) > 900


def test_rows_in_no_asked_language_are_one_line_and_exit_code_2(
    test: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    korean = write(tmp_path / "ko.csv", [("환불", "a", "ko"), ("배송", "b", "ko")])
    out = tmp_path / "r.json"
    assert run(korean, test, out=out, more=["--train-language", "en"]) == 2
    assert f"{korean}: has no rows in en" in capsys.readouterr().err


def test_a_folder_that_is_no_pack_is_one_line_and_exit_code_2(
    test: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, test, out=tmp_path / "r.json") == 2
    assert str(tmp_path) in capsys.readouterr().err


def test_recall_is_told_where_one_in_twenty_of_the_known_is_refused() -> None:
    known = [Judgement(str(at), "a", "a", 0.9, "answer") for at in range(20)]
    foreign = [Judgement("x", "out_of_scope", "a", 0.9, "answer") for _ in range(4)]
    scores = [*map(float, range(20)), 0.5, -1.0, 1.5, 7.0]
    found = figures(Measured((*known, *foreign), tuple(scores)))
    assert found["out_of_scope_recall_at_5"] == 0.5
