"""What clients see of turns: the JSON of infra/openapi.yaml, always in the same order."""

from __future__ import annotations

from typing import Any

from sangdam.dialogue.turn import Message, SaidReply, Turn, Understood


def turn_view(turn: Turn) -> dict[str, Any]:
    """Return the answer to a message. A stored turn gives the same bytes each time."""
    return {
        "turn": turn.number,
        "reply": reply_view(turn.reply),
        "understanding": understanding_view(turn.understood),
        "owner": turn.owner,
        "release": turn.release,
    }


def reply_view(reply: SaidReply) -> dict[str, Any]:
    return {
        "messages": [{"text": one.text, "key": one.key} for one in reply.messages],
        "quick_replies": [{"label": one.label, "value": one.value} for one in reply.quick_replies],
    }


def understanding_view(understood: Understood | None) -> dict[str, Any] | None:
    if understood is None:
        return None
    return {
        "intent": understood.intent,
        "confidence": understood.confidence,
        "decision": understood.decision,
    }


def history_view(turn: Turn) -> dict[str, Any]:
    """Return one turn of a history: the answer, and what it answered."""
    return {
        "turn": turn.number,
        "at": turn.at.isoformat(),
        "message": _message_view(turn.message),
        **{name: value for name, value in turn_view(turn).items() if name != "turn"},
    }


def trace_view(turn: Turn) -> dict[str, Any]:
    """Return why a turn came out as it did, for authors (``?debug=1``)."""
    understood = turn.understood
    return {
        "understanding": list(understood.why) if understood is not None else [],
        "source": understood.source if understood is not None else None,
        "alternatives": [
            {"intent": name, "confidence": score}
            for name, score in (understood.alternatives if understood is not None else ())
        ],
        "dialogue": list(turn.trace),
    }


def _message_view(message: Message | None) -> dict[str, Any] | None:
    if message is None:
        return None
    if message.quick_reply is not None:
        return {
            "message_id": message.message_id,
            "quick_reply": message.quick_reply,
            "label": message.label,
        }
    return {"message_id": message.message_id, "text": message.text}
