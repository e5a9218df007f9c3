"""Bots trained side by side come out as they do alone, and one that cannot be costs no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.commands import new_bot, train

NAMES = ("books", "cakes", "tea")


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    """Two small shops that learn, and between them one that is not finished."""
    folder = tmp_path / "packs"
    for name, industry in zip(NAMES, ("shop", "other", "shop"), strict=True):
        assert new_bot.main([name, "--industry", industry, "--packs", str(folder)]) == 0
        for talks in (folder / name).glob("conversations.*.yaml"):
            talks.unlink()  # they need an encoder to pass
    (folder / "cakes/ko.yaml").unlink()
    return folder


def test_bots_trained_side_by_side_come_out_as_they_do_one_after_the_other(
    packs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made: list[list[tuple[str, str]]] = []
    for jobs in ("1", "2"):
        out = tmp_path / jobs
        options = ["--no-encoder", "--packs", str(packs), "--out", str(out), "--jobs", jobs]
        assert train.main(options) == 1
        said, complaints = capsys.readouterr()
        assert "tea: learning from all sentences" in said
        assert [line for line in said.splitlines() if line in NAMES] == list(NAMES)
        assert complaints.startswith("cakes/")
        assert "ko.yaml" in complaints
        releases = sorted(path.parent for path in out.glob("*/*/manifest.json"))
        # The name of a release ends with the digest of all that it is made of.
        made.append([(path.parent.name, path.name.rpartition("-")[2]) for path in releases])
    assert [bot for bot, _ in made[0]] == ["books", "tea"]
    assert made[0] == made[1]


def test_a_bot_without_a_pack_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert train.main(["nobody", "--no-encoder", "--packs", str(tmp_path)]) == 1
    assert "nobody" in capsys.readouterr().err


def test_jobs_are_counted_from_one(capsys: pytest.CaptureFixture[str]) -> None:
    for wrong in ("0", "-1", "two"):
        with pytest.raises(SystemExit):
            train.main(["--jobs", wrong])
        assert f"{wrong!r} is not a number of bots" in capsys.readouterr().err


def test_a_machine_trains_at_least_one_bot_at_a_time() -> None:
    assert 1 <= train.usual_jobs() <= train.MOST_JOBS
