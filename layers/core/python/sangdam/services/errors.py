"""What can be refused, whatever the door it came through. Messages are for engineers and logs;
what customers read is chosen at the edge by ``code``."""

from __future__ import annotations


class RefusedError(Exception):
    """A request that is not carried out; nothing of it is stored."""

    code = "refused"


class UnknownBotError(RefusedError):
    code = "unknown_bot"


class UnknownSessionError(RefusedError):
    code = "unknown_session"


class WrongTokenError(RefusedError):
    code = "wrong_token"


class UnknownTurnError(RefusedError):
    code = "unknown_turn"


class UnknownQuickReplyError(RefusedError):
    code = "unknown_quick_reply"


class ConversationBusyError(RefusedError):
    """Several messages of one session at once; this one may be sent again as it is."""

    code = "busy"
