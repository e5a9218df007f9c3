"""scripts/report: the report of a release on disk, and what to do first on the terminal."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from sangdam.learning.report import DOCUMENT, PAGE, Report
from sangdam_adapters import stores
from sangdam_adapters.file_releases import FileRegistry
from scripts.commands import report
from scripts.local.running import FOLDER, RUN_FILE
from tests.adapters.samples import a_release
from tests.core.held_out_rows import draw_report

NAME, OLD = "20261122-033000-1a2b3c4d", "20261121-033000-1a2b3c4d"


@pytest.fixture
def releases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FileRegistry:
    """A service that keeps its releases in a folder: the current one with a report, one without."""
    registry = FileRegistry(tmp_path / "releases", clock=stores.now)
    registry.publish(a_release(OLD))
    figures = draw_report().to_json()
    registry.publish(a_release(NAME, attachments={DOCUMENT: figures, PAGE: "<p>쪽</p>".encode()}))
    registry.move("shop", to=NAME, expected=None)
    running = {
        "url": "http://localhost:8000/",
        "endpoint_url": "http://localhost:5000",
        "pid": os.getpid(),
        "environment": {"SANGDAM_RELEASES": f"file://{tmp_path}/releases"},
    }
    monkeypatch.setenv(FOLDER, str(tmp_path))
    monkeypatch.setenv("SANGDAM_RELEASES", "")  # so that it is put back afterwards
    (tmp_path / RUN_FILE).write_text(json.dumps(running), encoding="utf-8")
    return registry


@pytest.mark.usefixtures("releases")
def test_page_and_figures_of_the_current_release_are_written_as_stored(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "somewhere" / "new"
    assert report.main(["shop", "--out", str(out)]) == 0
    assert (out / PAGE).read_text("utf-8") == "<p>쪽</p>"
    assert Report.from_json((out / DOCUMENT).read_bytes(), where="here") == draw_report()
    said = capsys.readouterr().out
    assert f"wrote {out / PAGE}" in said
    assert "What to do first:" in said
    assert "hard to tell apart" in said
    assert [line[:2] for line in said.splitlines() if line[0].isdigit()] == [
        f"{number}." for number in range(1, 6)
    ]


@pytest.mark.usefixtures("releases")
def test_another_language_is_written_anew(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report.main(["shop", "--lang", "ko", "--out", str(tmp_path / "out")]) == 0
    assert '<html lang="ko">' in (tmp_path / "out" / PAGE).read_text("utf-8")
    assert "먼저 할 일:" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["shop", "--release", OLD], f"release shop/{OLD} carries no report; train the bot again"),
        (["shop", "--release", "nothing"], "release shop/nothing does not exist"),
        (["bank"], "bot 'bank' has no current release; bots here: shop"),
    ],
)
@pytest.mark.usefixtures("releases")
def test_where_there_is_no_report_one_line_says_why(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report.main([*arguments, "--out", str(tmp_path / "out")]) == 1
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_a_report_of_another_format_is_told(
    releases: FileRegistry, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    newer = "20261123-033000-1a2b3c4d"
    releases.publish(a_release(newer, attachments={DOCUMENT: b'{"format": 2}'}))
    assert report.main(["shop", "--release", newer, "--out", str(tmp_path / "out")]) == 1
    assert f"shop/{newer}/report.json: report has format 2" in capsys.readouterr().err


def test_without_a_service_the_way_out_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(FOLDER, str(tmp_path))
    assert report.main(["shop"]) == 1
    assert "Start one with scripts/run" in capsys.readouterr().err
