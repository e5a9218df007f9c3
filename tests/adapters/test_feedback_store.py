"""The contract of the port ``FeedbackStore``, kept by every adapter."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from sangdam.learning.feedback import Feedback
from sangdam.learning.labels import Label
from sangdam.ports import FeedbackStore, StorageUnavailableError
from sangdam_adapters.dynamodb_feedback import DynamoFeedback
from tests.adapters import samples
from tests.adapters.aws import Aws
from tests.adapters.samples import START, a_feedback, a_label
from tests.adapters.wire import answered, cut_off, refusal, watched


def pending(store: FeedbackStore, limit: int = 100) -> list[Feedback]:
    return list(store.pending("shop", limit=limit))


def test_a_verdict_waits_to_be_judged(feedback_store: FeedbackStore) -> None:
    assert feedback_store.record(a_feedback())
    assert pending(feedback_store) == [a_feedback()]


def test_the_same_verdict_is_kept_once(feedback_store: FeedbackStore) -> None:
    """Sent again later, in another language of the session: still the same."""
    feedback_store.record(a_feedback())
    later = a_feedback(at=START + timedelta(hours=1), language="en")
    assert not feedback_store.record(later)
    assert pending(feedback_store) == [a_feedback()]


@pytest.mark.parametrize(
    "changes", [{"rating": 1}, {"intent": "exchange"}, {"intent": None}, {"comment": "아니에요"}]
)
def test_a_changed_mind_replaces_the_verdict(
    feedback_store: FeedbackStore, changes: dict[str, Any]
) -> None:
    feedback_store.record(a_feedback())
    changed = a_feedback(at=START + timedelta(hours=1), **changes)
    assert feedback_store.record(changed)
    assert pending(feedback_store) == [changed]


def test_each_turn_has_a_verdict_of_its_own(feedback_store: FeedbackStore) -> None:
    given = [a_feedback(), a_feedback(turn=2), a_feedback("s2")]
    assert all(feedback_store.record(one) for one in given)
    assert len(pending(feedback_store)) == 3


def test_the_oldest_verdicts_come_first(feedback_store: FeedbackStore) -> None:
    minutes = [5, 3, 11, 1, 7]
    for minute in minutes:
        at = START + timedelta(minutes=minute, microseconds=minute)
        feedback_store.record(a_feedback(f"s{minute}", at=at))
    assert [one.session_id for one in pending(feedback_store)] == ["s1", "s3", "s5", "s7", "s11"]
    assert [one.session_id for one in pending(feedback_store, 2)] == ["s1", "s3"]


def test_bots_are_kept_apart(feedback_store: FeedbackStore) -> None:
    feedback_store.record(a_feedback())
    feedback_store.record(a_feedback("s2", bot="bank"))
    assert [one.bot for one in feedback_store.pending("bank", limit=9)] == ["bank"]
    assert [one.bot for one in feedback_store.pending("shop", limit=9)] == ["shop"]
    assert list(feedback_store.pending("clinic", limit=9)) == []


def test_what_was_judged_waits_no_more(feedback_store: FeedbackStore) -> None:
    feedback_store.record(a_feedback())
    feedback_store.record(a_feedback(turn=2))
    feedback_store.settle(a_feedback(status="accepted"))
    feedback_store.settle(a_feedback(status="accepted"))
    assert pending(feedback_store) == [a_feedback(turn=2)]


def test_the_same_verdict_sent_again_is_not_judged_twice(feedback_store: FeedbackStore) -> None:
    feedback_store.record(a_feedback())
    feedback_store.settle(a_feedback(status="dismissed"))
    assert not feedback_store.record(a_feedback(at=START + timedelta(days=1)))
    assert pending(feedback_store) == []


def test_a_mind_changed_after_the_judgement_is_judged_again(feedback_store: FeedbackStore) -> None:
    feedback_store.record(a_feedback())
    feedback_store.settle(a_feedback(status="accepted"))
    assert feedback_store.record(a_feedback(intent="exchange"))
    assert pending(feedback_store) == [a_feedback(intent="exchange")]


def test_a_mind_changed_during_the_judgement_is_not_lost(feedback_store: FeedbackStore) -> None:
    feedback_store.record(a_feedback())
    (read,) = pending(feedback_store)
    changed = a_feedback(intent="exchange")
    feedback_store.record(changed)
    feedback_store.settle(replace(read, status="accepted"))
    assert pending(feedback_store) == [changed]


def test_a_pick_stands_beside_the_verdict_on_the_same_turn(feedback_store: FeedbackStore) -> None:
    pick = a_feedback(source="clarification", rating=0, predicted=None)
    assert feedback_store.record(a_feedback())
    assert feedback_store.record(pick)
    assert not feedback_store.record(pick)
    assert sorted(one.source for one in pending(feedback_store)) == ["clarification", "customer"]
    feedback_store.settle(replace(pick, status="accepted"))
    assert pending(feedback_store) == [a_feedback()]


def test_a_forgotten_session_leaves_no_word_and_takes_nobody_elses(
    feedback_store: FeedbackStore,
) -> None:
    feedback_store.accept(a_label())
    for turn in range(1, 31):
        feedback_store.record(a_feedback(turn=turn))
    feedback_store.record(a_feedback(source="clarification"))
    feedback_store.settle(a_feedback(turn=2, status="accepted"))
    feedback_store.record(a_feedback("s10"))
    feedback_store.forget("s1")
    feedback_store.forget("s1")
    feedback_store.forget("nobody")
    assert pending(feedback_store) == [a_feedback("s10")]
    assert len(feedback_store.labels("shop")) == 1


def test_what_was_forgotten_during_the_judgement_stays_forgotten(
    feedback_store: FeedbackStore,
) -> None:
    feedback_store.record(a_feedback())
    (read,) = pending(feedback_store)
    feedback_store.forget("s1")
    feedback_store.settle(replace(read, status="accepted"))
    assert feedback_store.record(a_feedback())  # so nothing was there


def test_of_twenty_who_send_one_verdict_one_stores_it(feedback_store: FeedbackStore) -> None:
    def send(number: int) -> bool:
        return feedback_store.record(a_feedback(at=START + timedelta(seconds=number)))

    with ThreadPoolExecutor(20) as threads:
        outcomes = list(threads.map(send, range(20)))
    assert outcomes.count(True) == 1
    assert len(pending(feedback_store)) == 1


def test_a_label_is_kept_once(feedback_store: FeedbackStore) -> None:
    assert feedback_store.accept(a_label())
    assert not feedback_store.accept(a_label(at=START + timedelta(hours=1)))
    assert list(feedback_store.labels("shop")) == [a_label()]


def test_texts_that_are_the_same_once_normalised_have_one_label(
    feedback_store: FeedbackStore,
) -> None:
    feedback_store.accept(a_label("환불  언제 돼요?"))
    assert not feedback_store.accept(a_label(" 환불 언제 돼요? "))
    assert len(feedback_store.labels("shop")) == 1


def test_a_new_meaning_replaces_the_label(feedback_store: FeedbackStore) -> None:
    feedback_store.accept(a_label())
    corrected = a_label(intent="exchange", at=START + timedelta(hours=1))
    assert feedback_store.accept(corrected)
    assert list(feedback_store.labels("shop")) == [corrected]


def test_labels_come_oldest_first_and_by_bot(feedback_store: FeedbackStore) -> None:
    for hour in (3, 1, 2):
        feedback_store.accept(a_label(f"{hour}번째", at=START + timedelta(hours=hour)))
    feedback_store.accept(replace(a_label("다른 봇"), bot="bank"))
    assert [label.text for label in feedback_store.labels("shop")] == ["1번째", "2번째", "3번째"]
    assert [label.text for label in feedback_store.labels("bank")] == ["다른 봇"]
    assert list(feedback_store.labels("clinic")) == []


_NUMBERS = itertools.count()


@settings(max_examples=40)
@given(feedback=samples.feedbacks, label=samples.labels)
def test_any_verdict_and_label_is_read_back_as_it_was_stored(
    feedback_store: FeedbackStore, feedback: Feedback, label: Label
) -> None:
    bot = f"bot{next(_NUMBERS)}"
    feedback = replace(feedback, bot=bot, session_id=bot, status="pending")
    feedback_store.record(feedback)
    assert list(feedback_store.pending(bot, limit=9)) == [feedback]
    label = replace(label, bot=bot)
    feedback_store.accept(label)
    assert list(feedback_store.labels(bot)) == [label]


def test_long_queues_and_lists_are_read_whole(aws: Aws) -> None:
    """A page of a query ends at one megabyte."""
    store = DynamoFeedback(aws.dynamodb, table=aws.feedback)
    for number in range(60):
        long = "가" * 2000 * 4
        at = START + timedelta(seconds=number)
        store.record(a_feedback(f"s{number}", at=at, text=long, comment=long))
        store.accept(a_label(f"{number} {long}", at=at))
    with watched(aws.dynamodb) as calls:
        assert len(store.pending("shop", limit=1000)) == 60
        assert len(store.pending("shop", limit=25)) == 25
        assert len(store.labels("shop")) == 60
    assert len(calls) > 3


def test_the_index_is_read_as_indexes_can_be(aws: Aws) -> None:
    """DynamoDB refuses consistent reads of a global index; moto does not."""
    store = DynamoFeedback(aws.dynamodb, table=aws.feedback)
    with watched(aws.dynamodb) as calls:
        store.pending("shop", limit=5)
        store.labels("shop")
    (queue, labels) = [params for _, params in calls]
    assert queue["IndexName"] == "by_status"
    assert "ConsistentRead" not in queue
    assert labels["ConsistentRead"] is True


@pytest.mark.parametrize("answer", [cut_off(), refusal("ThrottlingException")])
def test_a_table_out_of_reach_is_told(aws: Aws, answer: object) -> None:
    store = DynamoFeedback(aws.dynamodb, table=aws.feedback)
    calls: dict[str, Callable[[], object]] = {
        "PutItem": lambda: store.record(a_feedback()),
        "Query": lambda: store.labels("shop"),
    }
    for operation, call in calls.items():
        with (
            answered(aws.dynamodb, operation, answer),
            pytest.raises(StorageUnavailableError, match=aws.feedback),
        ):
            call()
