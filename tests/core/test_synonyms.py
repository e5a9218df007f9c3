"""Words that say the same: read from a pack, compiled with it, and given to training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from sangdam.bots.compiled import compile_bot, read_bot
from sangdam.bots.definition import Example
from sangdam.bots.parse import Pack, parse_pack
from sangdam.bots.reading import PackError
from sangdam.bots.synonyms import GROUPS_LIMIT, synonyms_of
from sangdam.ports import Progress, TrainedModel, TrainingPlan
from sangdam.services.build_release import build_release
from tests.core import corner_shop
from tests.core.counter import NOON
from tests.core.words import WordTrainer


def parsed(groups: Any) -> Pack:
    files = corner_shop.files()
    return parse_pack(
        corner_shop.NAME, {**files, "ko.yaml": {**files["ko.yaml"], "synonyms": groups}}
    )


def test_groups_are_normalised_and_survive_compiling() -> None:
    bot = parsed([["배송비", " 택배비 "], ["A/S", "수리", "수리"]]).bot
    assert bot.scripts["ko"].synonyms == (("배송비", "택배비"), ("a/s", "수리"))
    assert read_bot(compile_bot(bot)).scripts["ko"] == bot.scripts["ko"]


def test_every_word_may_be_replaced_by_the_others_of_its_group() -> None:
    bot = parsed([["배송비", "택배비", "배송료"]]).bot
    assert synonyms_of(bot.scripts) == {
        "배송비": ("택배비", "배송료"),
        "택배비": ("배송비", "배송료"),
        "배송료": ("배송비", "택배비"),
    }


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        ("배송비", r"ko\.yaml: synonyms: is no list"),
        ([["배송비"]], r"ko\.yaml: synonyms\[0\]: needs two different words"),
        ([["배송비", "배송비 "]], r"synonyms\[0\]: needs two different words"),
        ([["배송비", "택배비"], ["택배비", "운임"]], r"'택배비' stands also in synonyms\[0\]"),
        ([[f"가{number}", f"나{number}"] for number in range(GROUPS_LIMIT + 1)], "at most"),
    ],
)
def test_groups_that_cannot_be_used_are_told_with_their_place(groups: Any, message: str) -> None:
    with pytest.raises(PackError, match=message):
        parsed(groups)


@dataclass
class Noting:
    """A trainer that keeps its plan."""

    plans: list[TrainingPlan] = field(default_factory=list)

    def train(
        self, examples: Sequence[Example], plan: TrainingPlan, *, progress: Progress
    ) -> TrainedModel:
        self.plans.append(plan)
        return WordTrainer().train(examples, plan, progress=progress)


def test_training_is_given_the_synonyms_of_all_languages() -> None:
    pack, trainer = parsed([["배송비", "택배비"]]), Noting()
    build_release(pack.bot, pack.examples, trainer=trainer, plan=TrainingPlan(), now=NOON)
    assert trainer.plans[0].synonyms == {"배송비": ("택배비",), "택배비": ("배송비",)}
