"""A release is whole and unaltered, or it is no release."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from sangdam.bots.definition import Language
from sangdam.learning.release import (
    Manifest,
    Release,
    ReleaseDamagedError,
    check_attachments,
    check_files,
    sha256,
)
from sangdam.learning.report import DOCUMENT, PAGE, Report
from sangdam.ports import ReportPage, TrainedModel, TrainingPlan
from sangdam.services.build_release import build_release, inputs_digest, pack_digest
from tests.core import corner_shop
from tests.core.counter import NOON, release_of
from tests.core.held_out_rows import draw_report
from tests.core.words import FILE, WordTrainer

PACK = corner_shop.pack()


def test_a_manifest_comes_back_the_same() -> None:
    manifest = release_of(PACK).manifest
    again = Manifest.from_json(manifest.to_json(), where="here")
    assert again == manifest
    assert again.to_json() == manifest.to_json()


def test_a_manifest_of_a_newer_format_is_refused_with_the_way_out() -> None:
    top = json.loads(release_of(PACK).manifest.to_json())
    newer = json.dumps({**top, "format": 2}).encode()
    with pytest.raises(ReleaseDamagedError, match=r"here: manifest has format 2, this version re"):
        Manifest.from_json(newer, where="here")


@pytest.mark.parametrize(
    "damaged", [b"", b"\xff", b"[]", b"{}", b'{"format": 1}', b"[" * 100_000, b"null"]
)
def test_a_damaged_manifest_is_refused_with_place_and_way_out(damaged: bytes) -> None:
    with pytest.raises(ReleaseDamagedError, match=r"^here: .*; publish the bot again"):
        Manifest.from_json(damaged, where="here")


def test_the_files_of_a_release_are_those_of_its_manifest() -> None:
    release = release_of(PACK)
    check_files(release.manifest, release.files, where="here")
    assert release.size > sum(map(len, release.files.values()))


def test_a_missing_a_changed_and_an_unlisted_file_are_refused() -> None:
    release = release_of(PACK)
    for files, problem in (
        ({name: data for name, data in release.files.items() if name != FILE}, "is missing"),
        ({**release.files, FILE: b"{}"}, "is not the one the manifest lists"),
        ({**release.files, "extra.bin": b""}, "extra.bin is not in the manifest"),
    ):
        with pytest.raises(ReleaseDamagedError, match=problem):
            check_files(release.manifest, files, where="here")


def test_a_release_lists_every_file_with_its_sum() -> None:
    release = release_of(PACK)
    assert release.manifest.files == {name: sha256(data) for name, data in release.files.items()}
    assert release.name.startswith("20261120-030000-")


def test_the_same_made_again_is_the_same() -> None:
    assert release_of(PACK) == release_of(PACK)


def test_releases_are_named_in_the_order_they_are_made_whatever_the_time_zone() -> None:
    seoul = NOON.astimezone(timezone(timedelta(hours=9)))
    names = [release_of(PACK, now=moment).name for moment in (seoul, NOON + timedelta(seconds=1))]
    assert names == sorted(names)
    assert release_of(PACK, now=seoul).name == release_of(PACK, now=NOON).name


def test_inputs_differ_when_anything_that_matters_differs() -> None:
    bot, examples = PACK.bot, PACK.examples
    digests = {
        inputs_digest(bot, examples, (), encoder=None),
        inputs_digest(bot, examples, (), encoder="e1"),
        inputs_digest(bot, examples, examples[:1], encoder=None),
        inputs_digest(bot, examples[1:], (), encoder=None),
        inputs_digest(replace(bot, time_zone="UTC"), examples, (), encoder=None),
    }
    assert len(digests) == 5


def test_inputs_do_not_depend_on_the_order_of_labels() -> None:
    labels = PACK.examples[:5]
    assert inputs_digest(PACK.bot, (), labels, encoder=None) == inputs_digest(
        PACK.bot, (), labels[::-1], encoder=None
    )


def test_values_are_not_taught() -> None:
    trainer = WordTrainer()
    release_of(PACK, trainer=trainer)
    assert "20261118-0001 언제쯤" in [one.text for one in PACK.examples]
    taught = [one.text for one in trainer.seen if one.intent == "order_status"]
    assert "언제쯤" in taught
    assert not any("2026" in text for text in taught)


def test_an_example_that_is_nothing_but_a_value_is_left_out() -> None:
    trainer = WordTrainer()
    number = replace(PACK.examples[0], text="20261118-0001", intent="order_status")
    build_release(
        PACK.bot, [*PACK.examples, number], trainer=trainer, plan=TrainingPlan(), now=NOON
    )
    assert len(trainer.seen) == len(PACK.examples)


def test_labels_change_the_inputs_and_not_the_pack() -> None:
    label = replace(PACK.examples[0], text="새로운 말")
    learnt = build_release(
        PACK.bot, PACK.examples, trainer=WordTrainer(), plan=TrainingPlan(), now=NOON,
        labels=[label], parent="before",
    )  # fmt: skip
    plain = release_of(PACK)
    assert learnt.manifest.pack == plain.manifest.pack == pack_digest(PACK.bot, PACK.examples)
    assert learnt.manifest.inputs != plain.manifest.inputs
    assert learnt.manifest.parent == "before"
    assert learnt.manifest.created_at == datetime.fromisoformat("2026-11-20T03:00:00+00:00")


# The report travels with the release, beside what is served


class ReportingTrainer(WordTrainer):
    """A trainer that says how well it did."""

    def train(self, examples, plan, *, progress):  # type: ignore[no-untyped-def]
        model: TrainedModel = super().train(examples, plan, progress=progress)
        return replace(model, report=draw_report())


def a_page(report: Report, *, language: Language) -> bytes:
    return f"{language} {report.bot} {report.release}".encode()


def reported(page: ReportPage | None = None) -> Release:
    return build_release(
        PACK.bot, PACK.examples, trainer=ReportingTrainer(), plan=TrainingPlan(), now=NOON,
        page=page,
    )  # fmt: skip


def test_a_release_carries_the_report_as_figures_and_as_a_page() -> None:
    release = reported(page=a_page)
    assert set(release.attachments) == {DOCUMENT, PAGE}
    assert release.attachments[PAGE] == f"ko corner {release.name}".encode()
    report = Report.from_json(release.attachments[DOCUMENT], where="here")
    assert (report.bot, report.release) == ("corner", release.name)
    assert report.created_at == NOON.isoformat()
    assert report.overall == draw_report().overall
    check_attachments(release.manifest, release.attachments, where="here")
    check_files(release.manifest, release.files, where="here")


def test_without_a_page_the_figures_travel_alone_and_without_a_report_nothing() -> None:
    assert set(reported().attachments) == {DOCUMENT}
    assert release_of(PACK).attachments == {}
    assert b"attachments" not in release_of(PACK).manifest.to_json()


def test_a_report_changes_neither_the_name_nor_the_served_files_of_a_release() -> None:
    plain, told = release_of(PACK), reported(page=a_page)
    assert (told.name, told.files) == (plain.name, plain.files)
    assert told.manifest.files == plain.manifest.files


def test_a_manifest_with_attachments_comes_back_the_same() -> None:
    manifest = reported(page=a_page).manifest
    assert Manifest.from_json(manifest.to_json(), where="here") == manifest


def test_an_attachment_that_is_not_listed_or_not_the_listed_one_is_refused() -> None:
    release = reported()
    for attachments in ({DOCUMENT: b"{}"}, {"more": b""}):
        with pytest.raises(ReleaseDamagedError, match=r"^here: attachment .* train again"):
            check_attachments(release.manifest, attachments, where="here")
    check_attachments(release.manifest, {}, where="here")
