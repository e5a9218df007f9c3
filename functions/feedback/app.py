"""Feedback: one rating or correction of one turn, kept once."""

import os
from functools import cache
from typing import Any

from sangdam_adapters import stores
from sangdam_adapters.http import Answer, serve
from sangdam_adapters.http_feedback import FeedbackDesk, FeedbackEndpoints
from sangdam_adapters.settings import Settings
from sangdam_adapters.telemetry import Telemetry

TELEMETRY = Telemetry("feedback")


@cache
def desk() -> FeedbackDesk:
    """Set up storage once, at the first request."""
    settings = Settings(os.environ)
    aws = stores.Aws()
    return FeedbackDesk(
        stores.open_conversations(settings.conversations, aws),
        stores.open_feedback(settings.feedback, aws),
        stores.now,
    )


ENDPOINTS = FeedbackEndpoints(desk)


def handler(event: dict[str, Any], context: object) -> Answer:
    """Answer one API Gateway request."""
    return serve(event, ENDPOINTS.routes, telemetry=TELEMETRY)
