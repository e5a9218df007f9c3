"""An engineer wants yesterday's release back."""

from __future__ import annotations

from sangdam.learning.release import Pointer, ReleaseMissingError
from sangdam.ports import Registry


def roll_back(bot: str, *, to: str | None, registry: Registry) -> Pointer:
    """Move the pointer to a named release, or to the parent of the current one.

    The release is read and checked whole first. Raises ReleaseError if it cannot be.
    """
    pointer = registry.current(bot)
    if pointer is None:
        raise ReleaseMissingError(f"bot '{bot}' has no current release; publish one first")
    target = to or registry.load(bot, pointer.release).manifest.parent
    if target is None:
        known = ", ".join(registry.releases(bot))
        raise ReleaseMissingError(
            f"release {pointer.release} of '{bot}' has no parent; name one of: {known}"
        )
    registry.load(bot, target)
    return registry.move(bot, to=target, expected=pointer)
