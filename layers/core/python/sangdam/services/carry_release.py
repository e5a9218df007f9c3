"""A release moves house: say, from the folder it was trained into to the bucket of a stack."""

from __future__ import annotations

from dataclasses import replace

from sangdam.learning.release import Release, ReleaseDamagedError
from sangdam.ports import Registry


def carry_release(bot: str, release: str, *, source: Registry, target: Registry) -> Release:
    """Store a release of ``source`` in ``target`` too, attachments included, and return it.

    The pointer of ``target`` stays where it is. An attachment that is lost or damaged is left
    behind: a bot can do without its report, not without its release.

    Raises
    ------
    ReleaseMissingError, ReleaseDamagedError
        If the source does not hold the release whole.
    ReleaseExistsError
        If the target holds one of that name already.
    """
    loaded = source.load(bot, release)
    attachments = {}
    for name in loaded.manifest.attachments:
        try:
            data = source.attachment(bot, release, name)
        except ReleaseDamagedError:
            continue
        if data is not None:
            attachments[name] = data
    whole = replace(loaded, attachments=attachments)
    target.publish(whole)
    return whole
