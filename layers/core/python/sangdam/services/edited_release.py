"""A release with its pack as it is written now: what an author has changed can be heard at once."""

from __future__ import annotations

from dataclasses import replace

from sangdam.bots.compiled import compile_bot, read_bot
from sangdam.bots.parse import Pack
from sangdam.learning.release import BOT, Release, ReleaseError, sha256
from sangdam.services.build_release import pack_digest


def with_pack(release: Release, pack: Pack) -> Release:
    """Return a release whose bot is the pack's and whose classifier is still its own.

    What changes an intent's examples has to be learnt, see :func:`is_learnt`; all else of a pack
    (words, forms, rules) works without.

    Raises ReleaseError if the classifier knows other intents than the pack has.
    """
    known, wanted = set(read_bot(release.files[BOT]).intents), set(pack.bot.intents)
    if known != wanted:
        lacks = ", ".join(sorted(wanted - known)) or "none"
        gone = ", ".join(sorted(known - wanted)) or "none"
        raise ReleaseError(
            f"release {release.bot}/{release.name} is of an older pack (new intents: {lacks};"
            f" gone: {gone}): make one with scripts/train {release.bot}"
        )
    data = compile_bot(pack.bot)
    manifest = replace(release.manifest, files={**release.manifest.files, BOT: sha256(data)})
    return Release(manifest, {**release.files, BOT: data})


def is_learnt(release: Release, pack: Pack) -> bool:
    """Tell whether a release was trained with the examples that its pack has now."""
    bot = read_bot(release.files[BOT])
    return pack_digest(bot, pack.examples) == release.manifest.pack
