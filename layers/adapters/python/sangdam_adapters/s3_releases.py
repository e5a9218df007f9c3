"""Releases in S3: every object written once, the pointer moved by a conditional write."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from sangdam.learning.release import (
    MANIFEST,
    Manifest,
    Pointer,
    PointerMovedError,
    Release,
    ReleaseExistsError,
    ReleaseMissingError,
    check_attachments,
    check_files,
)
from sangdam.ports import Clock, StorageUnavailableError
from sangdam_adapters.pointers import CURRENT, read_pointer, write_pointer

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

_MISSING = ("NoSuchKey", "404", "NotFound")
_CHANGED = ("PreconditionFailed", "ConditionalRequestConflict", "412", "409")


class S3Registry:
    """Port ``Registry`` over ``s3://bucket/prefix/<bot>/<release>/…`` and ``…/<bot>/current.json``.

    Every object of a release is written once (``If-None-Match: *``), the manifest last; the pointer
    moves with ``If-Match`` on its ETag (S3 conditional writes).
    """

    def __init__(self, client: S3Client, *, bucket: str, prefix: str, clock: Clock) -> None:
        self._s3 = client
        self._bucket = bucket
        self._prefix = prefix.strip("/")
        self._clock = clock

    def current(self, bot: str) -> Pointer | None:
        found = self._get(bot, CURRENT)
        return None if found is None else read_pointer(found[0], bot=bot, version=found[1])

    def bots(self) -> Sequence[str]:
        # Folder by folder: a year of releases is thousands of keys.
        return tuple(sorted(name for name in self._folders() if self._get(name, CURRENT)))

    def releases(self, bot: str) -> Sequence[str]:
        parts = (key.split("/") for key in self._keys(f"{bot}/"))
        return tuple(sorted(key[1] for key in parts if len(key) == 3 and key[2] == MANIFEST))

    def load(self, bot: str, release: str) -> Release:
        manifest = self._manifest(bot, release)
        files: dict[str, bytes] = {}
        for name in manifest.files:
            found = self._get(bot, release, name)
            if found is not None:
                files[name] = found[0]
        check_files(manifest, files, where=f"{bot}/{release}")
        return Release(manifest, files)

    def attachment(self, bot: str, release: str, name: str) -> bytes | None:
        manifest = self._manifest(bot, release)
        found = self._get(bot, release, name) if name in manifest.attachments else None
        if found is None:
            return None
        check_attachments(manifest, {name: found[0]}, where=f"{bot}/{release}")
        return found[0]

    def publish(self, release: Release) -> None:
        where = f"{release.bot}/{release.name}"
        check_files(release.manifest, release.files, where=where)
        check_attachments(release.manifest, release.attachments, where=where)
        if self._get(release.bot, release.name, MANIFEST) is not None:
            raise ReleaseExistsError(f"release {where} exists; releases are never overwritten")
        parts = [*release.files.items(), *release.attachments.items()]
        for name, data in (*parts, (MANIFEST, release.manifest.to_json())):
            # An unfinished attempt at the same release left the same files: that one is finished.
            if not self._put_once(release, name, data):
                found = self._get(release.bot, release.name, name)
                if name == MANIFEST or found is None or found[0] != data:
                    raise ReleaseExistsError(
                        f"release {where} exists; releases are never overwritten"
                    )

    def move(self, bot: str, *, to: str, expected: Pointer | None) -> Pointer:
        pointer = Pointer(bot, to, self._clock(), self.load(bot, to).manifest.pack)
        condition: Any = {"IfNoneMatch": "*"} if expected is None else {"IfMatch": expected.version}
        with _storage(f"s3://{self._bucket}/{self._key(bot, CURRENT)}"):
            try:
                answer = self._s3.put_object(
                    Bucket=self._bucket,
                    Key=self._key(bot, CURRENT),
                    Body=write_pointer(pointer),
                    ContentType="application/json",
                    **condition,
                )
            except ClientError as error:
                if _code(error) in (*_CHANGED, *_MISSING):
                    raise PointerMovedError(
                        f"current release of '{bot}' was moved meanwhile; nothing was changed"
                    ) from error
                raise
        return replace(pointer, version=answer["ETag"])

    def _manifest(self, bot: str, release: str) -> Manifest:
        where = f"{bot}/{release}"
        found = self._get(bot, release, MANIFEST)
        if found is None:
            raise ReleaseMissingError(f"release {where} does not exist in s3://{self._bucket}")
        return Manifest.from_json(found[0], where=where)

    def _put_once(self, release: Release, name: str, data: bytes) -> bool:
        key = self._key(release.bot, release.name, name)
        with _storage(f"s3://{self._bucket}/{key}"):
            try:
                self._s3.put_object(Bucket=self._bucket, Key=key, Body=data, IfNoneMatch="*")
            except ClientError as error:
                if _code(error) in _CHANGED:
                    return False
                raise
        return True

    def _get(self, *parts: str) -> tuple[bytes, str] | None:
        """Return an object and its ETag; None if it is not there."""
        key = self._key(*parts)
        with _storage(f"s3://{self._bucket}/{key}"):
            try:
                answer = self._s3.get_object(Bucket=self._bucket, Key=key)
            except ClientError as error:
                if _code(error) in _MISSING:
                    return None
                raise
            return answer["Body"].read(), answer["ETag"]

    def _keys(self, under: str) -> Iterator[str]:
        with _storage(f"s3://{self._bucket}"):
            pages = self._s3.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=self._key(under)
            )
            skip = len(self._key(""))
            for page in pages:
                for entry in page.get("Contents", ()):
                    yield entry["Key"][skip:]

    def _folders(self) -> Iterator[str]:
        start = self._key("")
        with _storage(f"s3://{self._bucket}"):
            pages = self._s3.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=start, Delimiter="/"
            )
            for page in pages:
                for folder in page.get("CommonPrefixes", ()):
                    yield folder["Prefix"][len(start) :].rstrip("/")

    def _key(self, *parts: str) -> str:
        return "/".join((self._prefix, *parts)) if self._prefix else "/".join(parts)


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


@contextmanager
def _storage(where: str) -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise StorageUnavailableError(f"{where}: {error}") from error
