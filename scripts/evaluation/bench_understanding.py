"""How long understanding one message takes, in the profiles a bot can have."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from sangdam.bots.compiled import read_bot
from sangdam.bots.definition import PROFILES, Bot, Example, Profile, reading_of
from sangdam.bots.parse import Pack
from sangdam.learning.release import BOT
from sangdam.nlu.model import IntentModel
from sangdam.nlu.understand import ANY_DAY, understand
from sangdam.ports import Encoder, Registry, TrainingPlan
from sangdam.services.build_release import build_release
from sangdam_adapters import stores
from sangdam_adapters.encoders import Encoders
from sangdam_adapters.onnx_classifier import OnnxModelOpener
from sangdam_adapters.onnx_encoder import EncoderError
from sangdam_training.trainer import SklearnTrainer
from scripts.evaluation.bench_figures import Figures, side_by_side, spread

SAMPLE = 4
SECONDS = 60.0
"""A classifier of the profile that the bot does not have learns from so many sentences of each
intent and language, for about so long. How many it learnt from changes nothing in how long it
thinks: that is the encoders' time, and a graph of as many intents."""


class NoReleaseError(LookupError):
    """The bot has no release to measure; the message says how to get one."""


def understanding(
    pack: Pack,
    messages: Sequence[Example],
    count: int,
    *,
    registry: Registry,
    encoders: Encoders,
    tell: Callable[[str], None],
) -> dict[str, Figures]:
    """Return the figures of each profile, measured in turns on the same messages.

    The bot's own profile is that of its current release; for the other one a small classifier is
    trained. A profile whose encoder is not there is left out, and ``tell`` told so.

    Raises
    ------
    NoReleaseError
        If the bot has never been trained.
    """
    opener = OnnxModelOpener(encoders)
    ways: dict[str, Callable[[Example], float]] = {}
    for profile in PROFILES:
        try:
            encoder = encoders.of(reading_of(profile, pack.bot.languages))
        except EncoderError as error:
            tell(f"{title(profile)}: left out, {error}")
            continue
        if profile == pack.bot.profile:
            ways[title(profile)] = timed(*_released(pack.bot.name, registry, opener))
        else:
            other = replace(pack, bot=replace(pack.bot, profile=profile))
            ways[title(profile)] = timed(other.bot, _small(other, encoder, opener))
    found = {
        name: spread(seconds) for name, seconds in side_by_side(ways, messages, count=count).items()
    }
    fast, accurate = (found.get(title(profile)) for profile in PROFILES)
    if fast and accurate:
        accurate["times_fast"] = accurate["p50_ms"] / fast["p50_ms"]
    return found


def title(profile: Profile) -> str:
    """Return what the figures of a profile are called."""
    return f"understanding, {profile} profile"


def timed(bot: Bot, model: IntentModel) -> Callable[[Example], float]:
    """Return what understands a message and tells the seconds that took."""

    def way(message: Example) -> float:
        begun = time.perf_counter()
        understand(bot, model, message.text, language=message.language, now=ANY_DAY.now)
        return time.perf_counter() - begun

    return way


def sample(examples: Sequence[Example], *, each: int) -> list[Example]:
    """Return the first sentences of each intent in each language."""
    taken: Counter[tuple[str, str]] = Counter()
    kept = []
    for example in examples:
        key = (example.intent, example.language)
        if taken[key] < each:
            taken[key] += 1
            kept.append(example)
    return kept


def _released(name: str, registry: Registry, opener: OnnxModelOpener) -> tuple[Bot, IntentModel]:
    pointer = registry.current(name)
    if pointer is None:
        raise NoReleaseError(f"{name}: has no release to measure; train it with scripts/train")
    release = registry.load(name, pointer.release)
    return read_bot(release.files[BOT]), opener.open(release.files)


def _small(pack: Pack, encoder: Encoder | None, opener: OnnxModelOpener) -> IntentModel:
    release = build_release(
        pack.bot,
        sample(pack.examples, each=SAMPLE),
        trainer=SklearnTrainer(encoder=encoder, open_model=opener),
        plan=TrainingPlan(seconds=SECONDS),
        now=stores.now(),
        encoder=None if encoder is None else encoder.name,
    )
    return opener.open(release.files)
