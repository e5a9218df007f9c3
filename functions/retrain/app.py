"""Retrain, nightly: learn from labelled turns, publish only what passes the gate."""

import math
import os
from functools import cache
from typing import Any

from sangdam.bots.definition import Reading
from sangdam.ports import TrainingPlan
from sangdam.services.retrain import Night, School
from sangdam_adapters import stores
from sangdam_adapters.nightly import demo_of, retrain_all
from sangdam_adapters.onnx_classifier import OnnxModelOpener
from sangdam_adapters.rehearsal import rehearser
from sangdam_adapters.report_page import render
from sangdam_adapters.settings import Settings
from sangdam_adapters.telemetry import Telemetry
from sangdam_training.trainer import SklearnTrainer

TELEMETRY = Telemetry("retrain")


@cache
def night() -> Night:
    """Set up storage, encoders and trainers once."""
    settings = Settings(os.environ)
    encoders = stores.open_encoders(settings.encoder)
    opener = OnnxModelOpener(encoders)

    def school(reading: Reading) -> School:
        encoder = encoders.of(reading)
        trainer = SklearnTrainer(encoder=encoder, open_model=opener)
        return School(trainer, encoder.name if encoder is not None else None)

    return Night(
        packs=stores.open_packs(settings.packs),
        feedback=stores.open_feedback(settings.feedback),
        registry=stores.open_registry(settings.releases),
        school=school,
        rehearser=rehearser(opener, demo_of(settings.packs), stores.open_holidays()),
        clock=stores.now,
        progress=lambda task, done, total: None,
        plan=TrainingPlan(seconds=settings.training_seconds),
        page=render,
    )


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Retrain the bots of the event (``{"bots": […], "force": false}``), or all of them.

    Raises an error naming the bots that failed, after the others were done, so that the failure
    shows in the function's metrics and alarms.
    """
    return retrain_all(night(), event, telemetry=TELEMETRY, seconds_left=lambda: _left(context))


def _left(context: object) -> float:
    """Return the seconds until Lambda ends this; without end where nothing says so."""
    milliseconds = getattr(context, "get_remaining_time_in_millis", None)
    return math.inf if milliseconds is None else milliseconds() / 1000
