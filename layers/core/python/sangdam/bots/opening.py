"""Whether a business is open at a moment."""

from __future__ import annotations

from datetime import datetime, time

from sangdam.bots.business import Hours

_MIDNIGHT = time()


def is_open(hours: Hours, moment: datetime) -> bool:
    """Tell whether a local moment lies within opening hours; those of the night before count.

    Empty hours say that nothing is known: open.
    """
    if not hours:
        return True
    now, today = moment.time(), moment.weekday()
    for start, end in hours.get(today, ()):
        if start <= now and (now < end or end == _MIDNIGHT or end <= start):
            return True
    night = ((start, end) for start, end in hours.get((today - 1) % 7, ()) if end <= start)
    return any(end != _MIDNIGHT and now < end for _, end in night)
