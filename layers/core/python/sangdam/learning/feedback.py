"""What customers say of answers: a rating, or what they meant instead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sangdam.bots.definition import Language

FeedbackStatus = Literal["pending", "accepted", "dismissed"]

FeedbackSource = Literal["customer", "clarification"]


@dataclass(frozen=True, slots=True)
class Feedback:
    """One customer's verdict on one turn; text and prediction come from our own record of it.

    ``rating`` is 1 (good) or -1 (bad); scales of 1..5 are folded at the edge, 3 giving 0.
    ``intent`` is what the customer says was meant, if they said so. ``source`` tells a verdict
    from a pick: the button pressed when the bot asked which intent was meant. A turn may have both.
    """

    session_id: str
    turn: int
    bot: str
    release: str
    language: Language
    text: str
    predicted: str | None
    rating: int
    at: datetime
    intent: str | None = None
    comment: str | None = None
    status: FeedbackStatus = "pending"
    source: FeedbackSource = "customer"
