"""Carries releases from one registry to another: here, from the baseline into the bucket."""

from __future__ import annotations

from sangdam.ports import Registry


def publish_baseline(source: Registry, target: Registry) -> tuple[str, ...]:
    """Publish every bot's current release of ``source`` in an empty ``target``.

    Returns the names of what was published, as ``bot/release``.
    """
    published = []
    for bot in source.bots():
        pointer = source.current(bot)
        if pointer is None:
            continue
        target.publish(source.load(bot, pointer.release))
        target.move(bot, to=pointer.release, expected=target.current(bot))
        published.append(f"{bot}/{pointer.release}")
    return tuple(published)
