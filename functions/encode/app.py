"""Encode: texts in, sentence vectors out. Invoked by retrain, never by clients."""

import os
from functools import cache
from typing import Any

from sangdam.ports import Encoder
from sangdam_adapters import stores
from sangdam_adapters.lambda_encoder import answer_encode
from sangdam_adapters.settings import Settings, SettingsError


@cache
def encoder() -> Encoder:
    """Open the encoder once, at the first invocation."""
    opened = stores.open_encoder(Settings(os.environ).encoder)
    if opened is None:
        raise SettingsError("SANGDAM_ENCODER is none://; the encode function needs file://…")
    return opened


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer ``{"texts": […]}`` with the vectors of the texts."""
    return answer_encode(encoder(), event)
