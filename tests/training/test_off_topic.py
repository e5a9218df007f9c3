"""Sentences that no bot is for: what is on the list, and what bots learn from it."""

from __future__ import annotations

import numpy as np
import pytest

from sangdam.bots.definition import LANGUAGES, Example, Language
from sangdam.ports import TrainingPlan
from sangdam.text.korean import language_of
from sangdam.text.normalise import normalise
from sangdam_adapters.onnx_classifier import OnnxModelOpener
from sangdam_adapters.yaml_bots import YamlPacks
from sangdam_training.off_topic import (
    MOST,
    is_unfamiliar,
    learn_off_topic,
    listed,
    off_topic,
)
from sangdam_training.outsiders import ENOUGH
from sangdam_training.trainer import SklearnTrainer
from scripts.local.paths import PACKS
from tests.training.sentences import WordEncoder, examples, silent
from tests.training.test_outsiders import OUTSIDE, clouds


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_holds_clean_sentences_of_its_language(language: Language) -> None:
    lines = listed(language)
    assert len(lines) > 300
    assert len({normalise(line) for line in lines}) == len(lines)
    assert all(line == line.strip() and normalise(line) for line in lines)
    assert {language_of(line) for line in lines} == {language}


@pytest.mark.parametrize("bot", ["bank", "clinic", "travel", "shop"])
def test_nothing_on_the_list_is_what_a_pack_is_for(bot: str) -> None:
    known = {
        normalise(one.text)
        for one in YamlPacks(PACKS).load(bot).examples
        if one.intent != "out_of_scope"
    }
    assert not known & {normalise(line) for language in LANGUAGES for line in listed(language)}


def test_a_bot_hears_the_list_in_its_own_languages() -> None:
    assert off_topic(["환불해 주세요"] * 20) == listed("ko")
    assert off_topic(["refund me"] * 95 + ["환불해 주세요"] * 5) == listed("en")
    assert off_topic(["refund me"] * 80 + ["환불해 주세요"] * 20) == listed("ko") + listed("en")
    assert off_topic([]) == ()


def test_what_a_bot_knows_is_no_outsider_to_it() -> None:
    known = np.arange(100, dtype=np.float32)
    assert is_unfamiliar(np.asarray([-5, 20, 30, 99], np.float32), known).tolist() == [
        *(True, True),
        *(False, False),
    ]


NONE = clouds(1, away=0)[:0]


def scores(rows: int, *, around: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.random.default_rng(rows).normal(around, 1, rows).astype(np.float32)


def test_only_what_lies_out_there_is_marked_down() -> None:
    known, outside, own = clouds(200, away=-2), clouds(60, away=2), clouds(5, away=2)
    alike = scores(200, around=0), scores(60, around=0)
    learnt = learn_off_topic(known, alike[0], outside, alike[1], own, seed=0)
    assert learnt is not None
    assert learnt.inside.min() == 0
    assert 0.05 < (learnt.inside > 0).mean() < 0.35  # one deviation out, give or take
    assert learnt.outside.shape == (5,)
    assert (learnt.rule(outside) > MOST).mean() > 0.8
    assert learnt.rule(clouds(300, away=-4)).max() == 0


def test_the_list_counts_as_far_as_distance_does_not_tell_it_apart() -> None:
    known, outside = clouds(200, away=-2), clouds(60, away=2)
    taken = []
    for away in (0.0, 3.5, 12.0):
        learnt = learn_off_topic(
            known, scores(200, around=away), outside, scores(60, around=0), NONE, seed=0
        )
        assert learnt is not None
        taken.append(float(learnt.rule(outside).mean()))
    assert taken[0] > taken[1] > taken[2] == 0


def test_a_few_sentences_are_not_told_from_the_list() -> None:
    few, many = clouds(ENOUGH - 1, away=-2), clouds(60, away=2)
    some, more = scores(ENOUGH - 1, around=0), scores(60, around=0)
    assert learn_off_topic(few, some, many, more, NONE, seed=0) is None
    assert learn_off_topic(many, more, few, some, NONE, seed=0) is None


def test_a_bot_learns_from_the_list_until_it_has_enough_of_its_own() -> None:
    encoder = WordEncoder()
    trainer = SklearnTrainer(encoder=encoder, open_model=OnnxModelOpener(encoder))
    own = [Example(text, "out_of_scope", "ko") for text in OUTSIDE]
    used = []
    for given in (0, 3, ENOUGH):
        trained = trainer.train(
            [*examples(), *own[:given]], TrainingPlan(seconds=60), progress=silent
        )
        assert trained.report is not None
        assert trained.report.data.off_topic == trained.metrics["data"]["off_topic"]
        used.append(trained.metrics["data"]["off_topic"])
    assert used[0] == used[1] > ENOUGH
    assert used[2] == 0
