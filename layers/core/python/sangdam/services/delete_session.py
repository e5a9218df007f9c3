"""A customer wants a conversation forgotten."""

from __future__ import annotations

from sangdam.ports import Conversations
from sangdam.services.access import authorised


def delete_session(session_id: str, *, token: str | None, conversations: Conversations) -> None:
    """Delete a session with its turns. Raises UnknownSessionError or WrongTokenError."""
    authorised(session_id, token, conversations=conversations)
    conversations.delete(session_id)
