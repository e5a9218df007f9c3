"""Encode: texts in, sentence vectors out. Invoked by retrain, never by clients."""

import os
from functools import cache
from typing import Any

from sangdam_adapters import stores
from sangdam_adapters.encoders import Encoders
from sangdam_adapters.lambda_encoder import answer_encode
from sangdam_adapters.settings import Settings, SettingsError


@cache
def encoders() -> Encoders:
    """Open the encoders once: the first at the first invocation, the others when asked for."""
    address = Settings(os.environ).encoder
    if address.scheme == "none":
        raise SettingsError("SANGDAM_ENCODER is none://; the encode function needs file://…")
    return stores.open_encoders(address)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer ``{"texts": […], "reading": "fast"}`` with the vectors of the texts."""
    return answer_encode(encoders(), event)
