"""Chat turns: one message in, one reply out. ONNX inference; sessions in DynamoDB."""

import os
import secrets
from functools import cache, partial
from typing import Any

from sangdam.services.clarifications import Picks
from sangdam.services.desk import Desk
from sangdam.services.shelf import Shelf
from sangdam_adapters import stores
from sangdam_adapters.cold_start import loading
from sangdam_adapters.http import Answer, serve
from sangdam_adapters.http_chat import ChatEndpoints
from sangdam_adapters.settings import Settings
from sangdam_adapters.telemetry import Telemetry

TELEMETRY = Telemetry("chat")


@cache
def desk() -> Desk:
    """Set up storage, releases and encoders once, at the first request."""
    with loading():
        from sangdam_adapters.onnx_classifier import OnnxModelOpener

        settings = Settings(os.environ)
        aws = stores.Aws()
        shelf = Shelf(
            stores.open_registry(settings.releases),
            stores.open_registry(settings.baseline),
            OnnxModelOpener(stores.open_encoders(settings.encoder)),
            clock=stores.now,
            warn=TELEMETRY.warn,
        )
        conversations = stores.open_conversations(
            settings.conversations, aws, backoffice=settings.backoffice
        )
        feedback = cache(partial(stores.open_feedback, settings.feedback, aws))
        return Desk(
            shelf,
            conversations,
            stores.open_backoffice(settings.backoffice, aws),
            stores.now,
            stores.open_holidays(),
            partner=stores.open_partner(settings.outside_secret, TELEMETRY.warn),
            after=Picks(conversations, feedback, TELEMETRY.warn),
            notify=stores.open_notify(settings.notify),
            feedback=feedback,
        )


ENDPOINTS = ChatEndpoints(desk, tokens=secrets.token_bytes, telemetry=TELEMETRY)


def handler(event: dict[str, Any], context: object) -> Answer:
    """Answer one API Gateway request."""
    return serve(event, ENDPOINTS.routes, telemetry=TELEMETRY)
