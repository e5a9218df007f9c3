"""Who may be told: a number and a telephone that belong together, and few tries to guess them.

A record keeps no telephone number but a digest of it together with the number it belongs to, so
that nobody who reads the table by chance reads who somebody is. A digest is no lock: whoever has
the table and time enough can try out all telephone numbers.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import datetime

from sangdam.backoffice.writes import Key

TRIES = 3
"""How often somebody may be wrong about one record in an hour of the clock, from anywhere."""


def digest(*parts: str) -> str:
    """Return a digest of several parts, none of which can be read from it."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()


def phone_digits(phone: str) -> str:
    """Return a telephone number's digits, the same ones however it is written.

    ``010-1234-5678`` and ``+821012345678`` are one number.
    """
    digits = re.sub(r"\D", "", phone)
    if phone.strip().startswith("+82"):
        return f"0{digits[2:]}"
    return digits


def plain_name(name: str) -> str:
    """Return a name as it is compared: without spaces, in small letters.

    In Latin letters the family name comes first or last: ``Kim Minji`` is ``Minji Kim``.
    """
    words = name.casefold().replace("-", "").split()
    return "".join(sorted(words) if name.isascii() else words)


def is_same(kept: str, given: str) -> bool:
    """Tell whether two digests are equal, in a time that does not depend on where they differ."""
    return hmac.compare_digest(kept, given)


def tries_key(pk: str, now: datetime) -> Key:
    """Return the counter of wrong tries of this hour for what stands under ``pk``.

    A new hour has a new counter, so that none needs to be set back.
    """
    return Key(pk, f"tries#{now:%Y%m%d%H}")
