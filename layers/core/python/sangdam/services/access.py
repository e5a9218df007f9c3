"""Whose session is it? Whoever holds the token's."""

from __future__ import annotations

import hmac

from sangdam.ports import Conversations, StoredSession
from sangdam.services.errors import UnknownSessionError, WrongTokenError
from sangdam.services.open_session import token_hash


def authorised(
    session_id: str, token: str | None, *, conversations: Conversations
) -> StoredSession:
    """Return a stored session if the token is its own; ``token`` None skips the check.

    Raises UnknownSessionError (also for one that has expired) or WrongTokenError.
    """
    stored = conversations.load(session_id)
    if stored is None:
        raise UnknownSessionError(f"session {session_id[:64]!r} does not exist or has expired")
    if token is not None and not hmac.compare_digest(token_hash(token), stored.session.token_hash):
        raise WrongTokenError(f"the token is not that of session {session_id[:64]!r}")
    return stored
