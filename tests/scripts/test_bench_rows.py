"""Sentences made of a pack's: as many as asked for, all different, always the same, learnable."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest

from sangdam.bots.definition import OUT_OF_SCOPE, Example
from sangdam.text.korean import language_of
from sangdam.text.normalise import normalise
from sangdam_adapters.yaml_bots import YamlPacks
from scripts.evaluation.bench_rows import TooFewSentencesError, synthetic_rows
from scripts.local.paths import PACKS
from tests.training.sentences import OUTSIDE, examples


@pytest.fixture(scope="module")
def shop() -> tuple[Example, ...]:
    return YamlPacks(PACKS).load("shop").examples


def test_there_are_as_many_rows_and_intents_as_asked_for(shop: tuple[Example, ...]) -> None:
    rows = synthetic_rows(shop, rows=10_000, intents=77, seed=0)
    counts = Counter(one.intent for one in rows)
    assert (len(rows), len(counts)) == (10_000, 77)
    assert max(counts.values()) - min(counts.values()) <= 1
    assert len({normalise(one.text) for one in rows}) == 10_000


def test_a_seed_gives_the_same_rows_and_another_one_others() -> None:
    first, again, other = (
        synthetic_rows(examples(), rows=60, intents=6, seed=seed) for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other
    assert [one.intent for one in first] == [one.intent for one in other]


def test_a_row_is_the_opening_of_one_sentence_and_the_closing_of_another() -> None:
    given = [
        Example("환불은 언제쯤 되나요", "refund", "ko"),
        Example("취소한 돈 언제 들어와요", "refund", "ko"),
        Example("when do i get my money", "refund", "en"),
        Example("refund", "refund", "en"),
    ]
    rows = synthetic_rows(given, rows=4, intents=1, seed=0)
    assert {one.text: one.language for one in rows} == {
        "환불은 언제쯤 언제 들어와요": "ko",
        "취소한 돈 언제쯤 되나요": "ko",
        "when do i refund": "en",
        "refund get my money": "en",
    }


def test_rows_keep_to_one_language() -> None:
    rows = synthetic_rows(examples(), rows=60, intents=6, seed=0)
    assert {one.language for one in rows} == {"ko", "en"}
    spoken = {one.language: {language_of(word) for word in one.text.split()} for one in rows}
    assert spoken == {"ko": {"ko"}, "en": {"en"}}


def test_further_intents_open_with_one_and_close_with_another() -> None:
    rows = synthetic_rows(examples(), rows=70, intents=7, seed=0)
    names = list(dict.fromkeys(one.intent for one in rows))
    assert names == [
        "track_order",
        "refund_money",
        "opening_hours",
        "cancel_order",
        "track_order_then_refund_money",
        "refund_money_then_opening_hours",
        "opening_hours_then_cancel_order",
    ]
    words: dict[str, set[str]] = defaultdict(set)
    for one in examples():
        words[one.intent] |= set(one.text.split())
    for row in rows:
        first, _, last = row.intent.partition("_then_")
        assert row.text.split()[0] in words[first]
        assert row.text.split()[-1] in words[last or first]


def test_fewer_intents_are_picked_from_all_over_the_pack() -> None:
    rows = synthetic_rows(examples(), rows=8, intents=2, seed=0)
    assert {one.intent for one in rows} == {"track_order", "opening_hours"}


def test_what_is_out_of_scope_is_no_intent() -> None:
    outside = [Example(text, OUT_OF_SCOPE, "ko") for text in OUTSIDE]
    rows = synthetic_rows([*outside, *examples()], rows=40, intents=4, seed=0)
    assert OUT_OF_SCOPE not in {one.intent for one in rows}
    assert rows == synthetic_rows(examples(), rows=40, intents=4, seed=0)


def test_rows_can_be_learnt(shop: tuple[Example, ...]) -> None:
    """By counting words alone, most rows are told apart from 76 other intents."""
    rows = synthetic_rows(shop, rows=4000, intents=77, seed=0)
    learnt, asked = rows[:3000], rows[3000:]
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for one in learnt:
        counts[one.intent].update(set(normalise(one.text).split()))
    spread = Counter(word for found in counts.values() for word in found)

    def guess(text: str) -> str:
        words = set(normalise(text).split())
        score = {
            intent: sum(found[word] / spread[word] for word in words if word in found)
            for intent, found in counts.items()
        }
        return max(score, key=score.__getitem__)

    right = sum(guess(one.text) == one.intent for one in asked)
    assert right / len(asked) > 0.6


def test_more_rows_than_the_sentences_can_give_are_refused() -> None:
    wanted = r"intent '\w+': 12 sentences to open with and 12 to close with"
    with pytest.raises(TooFewSentencesError, match=wanted):
        synthetic_rows(examples(), rows=4000, intents=4, seed=0)


def test_more_intents_than_there_are_pairs_are_refused() -> None:
    with pytest.raises(TooFewSentencesError, match=r"17 intents cannot be made of 4.* at most 16"):
        synthetic_rows(examples(), rows=17, intents=17, seed=0)
    with pytest.raises(TooFewSentencesError, match="1 intents cannot be made of 0"):
        synthetic_rows([], rows=1, intents=1, seed=0)
