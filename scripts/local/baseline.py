"""Carries releases from one registry to another: here, from the baseline into the bucket."""

from __future__ import annotations

from sangdam.ports import Registry
from sangdam.services.carry_release import carry_release


def publish_baseline(source: Registry, target: Registry) -> tuple[str, ...]:
    """Publish every bot's current release of ``source`` in an empty ``target``.

    Returns the names of what was published, as ``bot/release``.
    """
    published = []
    for bot in source.bots():
        pointer = source.current(bot)
        if pointer is None:
            continue
        carry_release(bot, pointer.release, source=source, target=target)
        target.move(bot, to=pointer.release, expected=target.current(bot))
        published.append(f"{bot}/{pointer.release}")
    return tuple(published)
