"""What can happen to stored releases and pointers: damage, halves, newer formats, outages."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from sangdam.learning.release import (
    MANIFEST,
    ReleaseDamagedError,
    ReleaseExistsError,
    ReleaseMissingError,
)
from sangdam.ports import Registry, StorageUnavailableError
from sangdam_adapters.file_releases import FileRegistry
from sangdam_adapters.s3_releases import S3Registry
from tests.adapters.aws import Aws
from tests.adapters.samples import HandClock, a_release
from tests.adapters.wire import answered, cut_off, refusal, watched

NAME = "20261122-033000-1a2b3c4d"


@dataclass(frozen=True)
class Shelf:
    """A registry, and a way to change its stored bytes (None removes them) behind its back."""

    registry: Registry
    put: Callable[[str, bytes | None], None]


@pytest.fixture(params=["file", "s3"])
def shelf(request: pytest.FixtureRequest, clock: HandClock, tmp_path: Path) -> Shelf:
    if request.param == "file":

        def write(path: str, data: bytes | None) -> None:
            target = tmp_path / path
            if data is None:
                target.unlink()
                return
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)

        return Shelf(FileRegistry(tmp_path, clock=clock), write)
    aws: Aws = request.getfixturevalue("aws")

    def put(path: str, data: bytes | None) -> None:
        if data is None:
            aws.s3.delete_object(Bucket=aws.bucket, Key=f"releases/{path}")
        else:
            aws.s3.put_object(Bucket=aws.bucket, Key=f"releases/{path}", Body=data)

    return Shelf(S3Registry(aws.s3, bucket=aws.bucket, prefix="releases/", clock=clock), put)


def published(shelf: Shelf) -> Registry:
    shelf.registry.publish(a_release())
    return shelf.registry


def test_a_damaged_file_is_found_out(shelf: Shelf) -> None:
    registry = published(shelf)
    shelf.put(f"shop/{NAME}/classifier.onnx", b"damaged")
    with pytest.raises(ReleaseDamagedError, match=f"shop/{NAME}: file classifier.onnx"):
        registry.load("shop", NAME)
    with pytest.raises(ReleaseDamagedError):
        registry.move("shop", to=NAME, expected=None)
    assert registry.current("shop") is None


def test_a_lost_file_is_found_out(shelf: Shelf) -> None:
    registry = published(shelf)
    shelf.put(f"shop/{NAME}/bot.json", None)
    with pytest.raises(ReleaseDamagedError, match=r"bot\.json is missing"):
        registry.load("shop", NAME)


def test_a_damaged_attachment_is_found_out_and_harms_nothing_else(shelf: Shelf) -> None:
    release = a_release(attachments={"report.html": b"<p>", "report.json": b"{}"})
    shelf.registry.publish(release)
    shelf.put(f"shop/{NAME}/report.html", b"damaged")
    shelf.put(f"shop/{NAME}/report.json", None)
    with pytest.raises(ReleaseDamagedError, match=f"shop/{NAME}: attachment report.html"):
        shelf.registry.attachment("shop", NAME, "report.html")
    assert shelf.registry.attachment("shop", NAME, "report.json") is None
    assert shelf.registry.load("shop", NAME).files == release.files
    shelf.registry.move("shop", to=NAME, expected=None)


def test_a_manifest_from_before_there_were_attachments_is_read(shelf: Shelf) -> None:
    registry = published(shelf)
    manifest = a_release().manifest.to_json()
    assert b"attachments" not in manifest
    shelf.put(f"shop/{NAME}/{MANIFEST}", manifest)
    assert registry.load("shop", NAME) == a_release()
    assert registry.attachment("shop", NAME, "report.html") is None


def test_a_release_without_its_manifest_is_none(shelf: Shelf) -> None:
    """So a release is there whole or not at all: the manifest is written last."""
    registry = published(shelf)
    shelf.put(f"shop/{NAME}/{MANIFEST}", None)
    assert list(registry.releases("shop")) == []
    with pytest.raises(ReleaseMissingError):
        registry.load("shop", NAME)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"{", "cannot be read"),
        (b"[]", "cannot be read"),
        (b"\xff", "cannot be read"),
        (b'{"format": 1}', "cannot be read"),
        (b'{"format": 2}', "format 2"),
    ],
)
def test_a_manifest_of_another_kind_is_refused(shelf: Shelf, data: bytes, said: str) -> None:
    registry = published(shelf)
    shelf.put(f"shop/{NAME}/{MANIFEST}", data)
    with pytest.raises(ReleaseDamagedError, match=said):
        registry.load("shop", NAME)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "cannot be read"),
        (b"[]", "cannot be read"),
        (b'{"format": 1}', "cannot be read"),
        (json.dumps({"format": 2, "release": NAME}).encode(), "format 2"),
        (b'{"format":1,"bot":"shop","release":"r","moved_at":"today","pack":""}', "cannot be read"),
    ],
)
def test_a_pointer_of_another_kind_is_refused(shelf: Shelf, data: bytes, said: str) -> None:
    registry = published(shelf)
    registry.move("shop", to=NAME, expected=None)
    shelf.put("shop/current.json", data)
    with pytest.raises(ReleaseDamagedError, match=f"shop/current.json.*{said}"):
        registry.current("shop")
    assert list(registry.bots()) == ["shop"]


def test_a_pointer_that_was_removed_is_nowhere(shelf: Shelf) -> None:
    registry = published(shelf)
    registry.move("shop", to=NAME, expected=None)
    shelf.put("shop/current.json", None)
    assert registry.current("shop") is None
    registry.move("shop", to=NAME, expected=None)


def test_a_folder_is_named_after_what_is_asked_for(tmp_path: Path, clock: HandClock) -> None:
    registry = FileRegistry(tmp_path, clock=clock)
    registry.publish(a_release())
    with pytest.raises(ReleaseMissingError, match=f"does not exist in {tmp_path}; there: {NAME}"):
        registry.load("shop", "20260101-000000-00000000")


def test_a_publisher_that_died_leaves_nothing_to_be_seen(tmp_path: Path, clock: HandClock) -> None:
    registry = FileRegistry(tmp_path, clock=clock)
    registry.publish(a_release())
    (tmp_path / "shop" / NAME).rename(tmp_path / "shop" / ".unfinished-abc")
    assert list(registry.releases("shop")) == []
    registry.publish(a_release())
    assert list(registry.releases("shop")) == [NAME]


def test_a_folder_that_is_not_there_holds_no_bots(tmp_path: Path, clock: HandClock) -> None:
    registry = FileRegistry(tmp_path / "none", clock=clock)
    assert list(registry.bots()) == []
    assert registry.current("shop") is None
    assert list(registry.releases("shop")) == []


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, clock: HandClock) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(OSError, match="file"):
        FileRegistry(tmp_path / "file", clock=clock).publish(a_release())


@pytest.fixture
def bucket(aws: Aws, clock: HandClock) -> S3Registry:
    return S3Registry(aws.s3, bucket=aws.bucket, prefix="releases", clock=clock)


def test_an_unfinished_publication_can_be_finished(aws: Aws, bucket: S3Registry) -> None:
    with (
        answered(aws.s3, "PutObject", None, cut_off()),
        pytest.raises(StorageUnavailableError, match=r"s3://.*classifier\.onnx"),
    ):
        bucket.publish(a_release())
    assert list(bucket.releases("shop")) == []
    bucket.publish(a_release())
    assert bucket.load("shop", NAME) == a_release()


def test_an_unfinished_publication_is_not_mixed_with_another(aws: Aws, bucket: S3Registry) -> None:
    with (
        answered(aws.s3, "PutObject", None, cut_off()),
        pytest.raises(StorageUnavailableError),
    ):
        bucket.publish(a_release())
    with pytest.raises(ReleaseExistsError):
        bucket.publish(a_release(files={"bot.json": b"other"}))
    assert list(bucket.releases("shop")) == []


def test_every_object_is_written_on_condition(aws: Aws, bucket: S3Registry) -> None:
    with watched(aws.s3) as calls:
        bucket.publish(a_release())
        pointer = bucket.move("shop", to=NAME, expected=None)
        bucket.move("shop", to=NAME, expected=pointer)
    puts = [params for name, params in calls if name == "PutObject"]
    assert [put["Key"].rpartition("/")[2] for put in puts] == [
        "bot.json", "classifier.onnx", MANIFEST, "current.json", "current.json",
    ]  # fmt: skip
    assert [put.get("IfNoneMatch") for put in puts] == ["*"] * 4 + [None]
    assert puts[4]["IfMatch"] == pointer.version


def test_serving_a_release_fetches_no_attachment(aws: Aws, bucket: S3Registry) -> None:
    bucket.publish(a_release(attachments={"report.html": b"<p>" * 1000}))
    with watched(aws.s3) as calls:
        bucket.load("shop", NAME)
    assert sorted(params["Key"].rpartition("/")[2] for _, params in calls) == [
        "bot.json", "classifier.onnx", MANIFEST,
    ]  # fmt: skip


def test_attachments_are_written_before_the_manifest(aws: Aws, bucket: S3Registry) -> None:
    with watched(aws.s3) as calls:
        bucket.publish(a_release(attachments={"report.html": b"<p>"}))
    puts = [params for name, params in calls if name == "PutObject"]
    assert [put["Key"].rpartition("/")[2] for put in puts] == [
        "bot.json", "classifier.onnx", "report.html", MANIFEST,
    ]  # fmt: skip
    assert {put["IfNoneMatch"] for put in puts} == {"*"}


def test_bots_are_found_without_listing_every_release(aws: Aws, bucket: S3Registry) -> None:
    for number in range(5):
        bucket.publish(a_release(f"20261122-0330{number:02d}-1a2b3c4d"))
    bucket.move("shop", to="20261122-033001-1a2b3c4d", expected=None)
    with watched(aws.s3) as calls:
        assert list(bucket.bots()) == ["shop"]
    assert calls[0][1]["Delimiter"] == "/"
    assert len(calls) == 2


@pytest.mark.parametrize(
    "answer", [cut_off(), refusal("SlowDown", status=503), refusal("AccessDenied", status=403)]
)
def test_a_bucket_out_of_reach_is_told(aws: Aws, bucket: S3Registry, answer: object) -> None:
    bucket.publish(a_release())
    calls: dict[str, Callable[[], object]] = {
        "GetObject": lambda: bucket.load("shop", NAME),
        "PutObject": lambda: bucket.move("shop", to=NAME, expected=None),
        "ListObjectsV2": lambda: bucket.releases("shop"),
    }
    for operation, call in calls.items():
        with (
            answered(aws.s3, operation, answer),
            pytest.raises(StorageUnavailableError, match=rf"s3://{aws.bucket}"),
        ):
            call()


def test_a_bucket_that_is_not_there_is_told(aws: Aws, clock: HandClock) -> None:
    lost = S3Registry(aws.s3, bucket="elsewhere", prefix="releases", clock=clock)
    with pytest.raises(StorageUnavailableError, match="elsewhere"):
        lost.current("shop")
