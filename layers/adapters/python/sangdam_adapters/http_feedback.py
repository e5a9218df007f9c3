"""The feedback function's endpoint."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sangdam.ports import Clock, Conversations, FeedbackStore
from sangdam.services.record_feedback import Verdict, record_feedback
from sangdam_adapters.fields import Fields
from sangdam_adapters.http import SESSION_ID, Endpoint, Request, Response
from sangdam_adapters.problems import TEXT_LIMIT, ProblemError

INTENT = r"[a-z][a-z0-9_]{0,63}"

_RATINGS = {"thumbs": (-1, 1), "stars": (1, 2, 3, 4, 5), None: (-1, 1, 2, 3, 4, 5)}
_WANTED = {
    "thumbs": ("1 또는 -1이어야 합니다.", "must be 1 or -1"),
    "stars": ("1부터 5까지의 정수여야 합니다.", "must be a whole number from 1 to 5"),
    None: ("1, -1 또는 1부터 5까지의 정수여야 합니다.", "must be 1, -1 or 1 to 5"),
}


@dataclass(frozen=True, slots=True)
class FeedbackDesk:
    """What recording feedback needs from outside."""

    conversations: Conversations
    feedback: FeedbackStore
    clock: Clock


class FeedbackEndpoints:
    """Every route of the feedback function."""

    def __init__(self, desk: Callable[[], FeedbackDesk]) -> None:
        self._open_desk = desk

    @property
    def routes(self) -> Mapping[str, Endpoint]:
        return {"POST /v1/feedback": self.record}

    def record(self, request: Request) -> Response:
        """Keep a rating (1, -1, or a scale of 1 to 5) or a correction of one turn."""
        token = request.token()
        fields = Fields(request.body())
        fields.only("session_id", "turn", "rating", "scale", "intent", "comment")
        session_id = fields.text("session_id", limit=64, pattern=r"[A-Za-z0-9]{1,64}")
        turn = fields.integer("turn", low=0, high=10**9)
        rating = fields.integer("rating", low=-1, high=5)
        scale = fields.choice("scale", ("thumbs", "stars"))
        if rating is not None and rating not in _RATINGS[scale]:
            fields.wrong("rating", *_WANTED[scale])
        intent = fields.text("intent", limit=64, pattern=INTENT, required=False)
        comment = fields.text("comment", limit=TEXT_LIMIT, required=False)
        fields.done()
        if SESSION_ID.fullmatch(session_id or "") is None:
            raise ProblemError("unknown_session")
        desk = self._open_desk()
        verdict = Verdict(session_id or "", turn or 0, _sign(rating or 0, scale), intent, comment)
        stored = record_feedback(
            verdict,
            token=token,
            conversations=desk.conversations,
            feedback=desk.feedback,
            clock=desk.clock,
        )
        return Response(202, {"status": "stored" if stored else "known"})


def _sign(rating: int, scale: str | None) -> int:
    """Fold thumbs (1, -1) and stars (1 to 5) into good (1), bad (-1) or neither (0).

    A bare 1 is a thumb up; who means one star of five says ``scale: stars``.
    """
    if scale == "stars":
        return -1 if rating <= 2 else (0 if rating == 3 else 1)
    return {-1: -1, 2: -1, 3: 0}.get(rating, 1)
