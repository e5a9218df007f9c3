"""Which encoder reads for which profile, and when those of the accurate one are opened."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from sangdam.learning.classifier_card import CARD, GRAPH, ClassifierCard, ClassifierError
from sangdam.learning.vocabulary import learn_vocabulary
from sangdam.nlu.understanding import Thresholds
from sangdam_adapters import stores
from sangdam_adapters.encoders import Encoders, Opener, accurate_folder, english_folder
from sangdam_adapters.joined_encoder import JoinedEncoder
from sangdam_adapters.onnx_classifier import OnnxModelOpener
from sangdam_adapters.onnx_encoder import EncoderError
from sangdam_adapters.settings import Address
from scripts.commands import encoder as command
from tests.training.sentences import WordEncoder

FIRST, ENGLISH, SECOND = (WordEncoder(f"{name}@1", 32) for name in ("first", "english", "second"))
FAST = JoinedEncoder(FIRST, ENGLISH)
JOINED = JoinedEncoder(FIRST, SECOND, ENGLISH)
LARGE = JoinedEncoder(FIRST, ENGLISH, WordEncoder("large@1", 32))


@dataclass(slots=True)
class Second:
    """Opens the joined encoder, and counts how often."""

    opened: int = 0

    def __call__(self) -> JoinedEncoder:
        self.opened += 1
        return JOINED


def with_second(second: Opener) -> Encoders:
    return Encoders(FAST, accurate={"accurate": second, "accurate-english": lambda: LARGE})


def card_of(encoder: str) -> dict[str, bytes]:
    """Return a release's files as far as the opener reads them before it needs the encoder."""
    thresholds = Thresholds(0.8, 0.3, -1.5, -2.0, "rule", 0.85)
    card = ClassifierCard(
        ("a", "b"), learn_vocabulary([], min_frequency=1, max_size=1), thresholds, encoder, {}
    )
    return {CARD: card.to_json(), GRAPH: b""}


def test_the_second_encoder_is_opened_once_and_only_when_asked_for() -> None:
    second = Second()
    encoders = with_second(second)
    assert encoders.of("fast") is FAST
    assert encoders.like(FAST.name) is FAST
    assert second.opened == 0
    assert encoders.of("accurate-english") is LARGE
    assert encoders.like(LARGE.name.replace("@1", "@2")) is LARGE
    assert second.opened == 0
    assert encoders.of("accurate") is JOINED
    assert encoders.like(JOINED.name) is JOINED
    assert second.opened == 1


def test_threads_that_ask_at_once_open_it_once() -> None:
    second = Second()
    encoders = with_second(second)
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: encoders.of("accurate"), range(32)))
    assert all(one is JOINED for one in found)
    assert second.opened == 1


def test_without_an_encoder_no_profile_has_one() -> None:
    encoders = stores.open_encoders(Address("none", "", ""))
    assert encoders.of("fast") is None
    assert encoders.of("accurate") is None


def test_a_release_gets_the_encoder_it_was_trained_with() -> None:
    second = Second()
    opener = OnnxModelOpener(with_second(second))
    # The encoder is found and the empty graph is what is complained of.
    with pytest.raises(ClassifierError, match="cannot be opened"):
        opener.open(card_of(FAST.name))
    assert second.opened == 0
    with pytest.raises(ClassifierError, match="cannot be opened"):
        opener.open(card_of(JOINED.name))
    assert second.opened == 1


def test_a_release_of_another_second_encoder_is_refused() -> None:
    opener = OnnxModelOpener(with_second(Second()))
    with pytest.raises(ClassifierError, match=r"at hand is first@1\+second@1\+english@1: train"):
        opener.open(card_of("first@1+second@2+english@1"))


def test_an_accurate_release_without_the_second_encoder_says_what_to_do(tmp_path: Path) -> None:
    def missing() -> JoinedEncoder:
        raise EncoderError(f"{tmp_path}: the sentence encoder is not there; scripts/encoder")

    opener = OnnxModelOpener(with_second(missing))
    with pytest.raises(ClassifierError, match=r"second@1\+english@1: .* not there; scripts"):
        opener.open(card_of(JOINED.name))


def test_the_other_folders_stand_beside_the_first(tmp_path: Path) -> None:
    assert command.main([]) == 0
    alone = tmp_path / "encoder"
    alone.symlink_to(command.DEFAULT_OUT)
    with pytest.raises(EncoderError, match=r"encoder-english/manifest.json: .* scripts/encoder"):
        stores.open_encoders(Address.of_folder(alone))
    english_folder(alone).symlink_to(english_folder(command.DEFAULT_OUT))
    encoders = stores.open_encoders(Address.of_folder(alone))
    fast = encoders.of("fast")
    assert fast is not None
    assert fast.parts == (512, 384, 384)
    with pytest.raises(EncoderError, match=r"encoder-accurate/manifest.json: .* scripts/encoder"):
        encoders.of("accurate")
    with pytest.raises(
        EncoderError,
        match=r"-accurate-english/manifest.json: .* it with --profile accurate-english",
    ):
        encoders.of("accurate-english")
    accurate_folder(alone).symlink_to(accurate_folder(command.DEFAULT_OUT))
    accurate = encoders.of("accurate")
    assert accurate is not None
    assert accurate.parts == (512, 384, 384, 384)
    names = [name.partition("@")[0] for name in accurate.name.split("+")]
    assert names == ["use-multilingual-3", "multilingual-e5-small", "bge-small-en-v1.5"]
    assert encoders.like(fast.name) is fast
    assert encoders.like(accurate.name) is accurate
