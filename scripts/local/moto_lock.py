"""Lets one request at a time into moto's stores.

moto keeps its tables and buckets in plain dictionaries: under parallel writes two transactions that
exclude each other can both succeed. AWS never does that, so neither may the stand-in.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from typing import Any

from moto.dynamodb.responses import DynamoHandler
from moto.s3.responses import S3Response

_LOCKED = "sangdam_locked"


def lock_moto() -> None:
    """Put a lock before each store's entrances; calling again changes nothing."""
    _lock(DynamoHandler, "call_action")
    _lock(S3Response, "ambiguous_response", "bucket_response", "key_response")


def _lock(store: type, *entrances: str) -> None:
    lock = threading.RLock()
    for name in entrances:
        entrance = getattr(store, name)
        if not hasattr(entrance, _LOCKED):
            setattr(store, name, _one_at_a_time(entrance, lock))


def _one_at_a_time(entrance: Callable[..., Any], lock: Any) -> Callable[..., Any]:
    @functools.wraps(entrance)
    def locked(*arguments: Any, **options: Any) -> Any:
        with lock:
            return entrance(*arguments, **options)

    setattr(locked, _LOCKED, True)
    return locked
