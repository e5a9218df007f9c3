"""A night: what customers said is learnt, and only what passes the gate is published."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from sangdam.bots.definition import Reading
from sangdam.bots.parse import Pack, parse_pack
from sangdam.learning.feedback import Feedback
from sangdam.learning.labels import Label
from sangdam.learning.release import (
    Pointer,
    PointerMovedError,
    Release,
    ReleaseDamagedError,
    ReleaseMissingError,
)
from sangdam.ports import PackMissingError, TrainingPlan
from sangdam.services.retrain import Night, Report, School, retrain
from sangdam.services.roll_back import roll_back
from sangdam_adapters.memory import MemoryFeedback, MemoryRegistry
from sangdam_adapters.rehearsal import rehearser
from tests.core import corner_shop
from tests.core.counter import Clock, Days, publish, release_of
from tests.core.words import WordOpener, WordTrainer

DAY = timedelta(days=1)


@dataclass(slots=True)
class OnePack:
    """Port ``Packs`` with one pack, which a test may edit."""

    files: corner_shop.Files = field(default_factory=corner_shop.files)

    def names(self) -> list[str]:
        return [corner_shop.NAME]

    def load(self, name: str) -> Pack:
        if name != corner_shop.NAME:
            raise PackMissingError(f"there is no bot pack '{name}'")
        return parse_pack(name, self.files)


@dataclass(slots=True)
class Nights:
    """A shop that learns: each ``pass_by`` is a night."""

    clock: Clock = field(default_factory=Clock)
    packs: OnePack = field(default_factory=OnePack)
    feedback: MemoryFeedback = field(default_factory=MemoryFeedback)
    trainer: WordTrainer = field(default_factory=WordTrainer)
    registry: MemoryRegistry = field(init=False)

    def __post_init__(self) -> None:
        self.registry = MemoryRegistry(clock=self.clock)

    def pass_by(self, *, force: bool = False, registry: MemoryRegistry | None = None) -> Report:
        self.clock.pass_by(DAY)
        night = Night(
            packs=self.packs,
            feedback=self.feedback,
            registry=registry or self.registry,
            school=self.school,
            rehearser=rehearser(WordOpener(), corner_shop.writes, Days()),
            clock=self.clock,
            progress=lambda task, done, total: None,
            plan=TrainingPlan(),
        )
        return retrain(corner_shop.NAME, night=night, force=force)

    def school(self, reading: Reading) -> School:
        names = {"fast": None, "accurate": "two@1", "accurate-english": "large@1"}
        return School(self.trainer, names[reading])

    def current(self) -> str | None:
        pointer = self.registry.current(corner_shop.NAME)
        return pointer.release if pointer is not None else None

    def customers_say(self, text: str, intent: str | None, *sessions: str) -> None:
        for session in sessions:
            self.feedback.record(
                Feedback(
                    session_id=session, turn=1, bot=corner_shop.NAME, release="r", language="ko",
                    text=text, predicted=None, rating=-1, at=self.clock(), intent=intent,
                )
            )  # fmt: skip

    def edit(self, reply: str) -> None:
        self.packs.files["ko.yaml"]["intents"]["refund_when"]["reply"] = reply


@pytest.fixture
def nights() -> Nights:
    return Nights()


def test_the_first_night_publishes(nights: Nights) -> None:
    report = nights.pass_by()
    assert (report.result, report.champion) == ("published", None)
    assert nights.current() == report.release
    assert report.reasons == ("all 2 conversations answered as expected",)


def test_a_night_without_news_changes_and_trains_nothing(nights: Nights) -> None:
    first = nights.pass_by()
    second = nights.pass_by()
    assert (second.result, second.release) == ("unchanged", first.release)
    assert nights.trainer.trained == 1


def test_a_forced_night_trains_all_the_same(nights: Nights) -> None:
    first = nights.pass_by()
    second = nights.pass_by(force=True)
    assert (second.result, second.champion) == ("published", first.release)
    assert nights.registry.load("corner", second.release or "").manifest.parent == first.release


def test_a_bot_learns_with_the_encoder_of_its_profile(nights: Nights) -> None:
    report = nights.pass_by()
    assert nights.registry.load("corner", report.release or "").manifest.encoder is None
    nights.packs.files["bot.yaml"]["profile"] = "accurate"
    report = nights.pass_by()
    assert report.result == "published"
    assert nights.registry.load("corner", report.release or "").manifest.encoder == "two@1"


def test_an_edited_pack_is_published(nights: Nights) -> None:
    nights.pass_by()
    nights.edit("영업일 5일쯤 걸려요.")
    assert nights.pass_by().result == "published"


def test_the_trainer_is_told_the_budget_and_the_titles(nights: Nights) -> None:
    plans: list[TrainingPlan] = []

    class Listening(WordTrainer):
        def train(self, examples, plan, *, progress):  # type: ignore[no-untyped-def]
            plans.append(plan)
            return super().train(examples, plan, progress=progress)

    nights.trainer = Listening()
    nights.pass_by()
    assert plans[0].error_budget == 0.1
    assert plans[0].titles is not None
    assert plans[0].titles["refund_when"] == ("환불 기간", "Refund time")


# Labels


def test_what_enough_customers_agree_on_is_learnt_and_settled(nights: Nights) -> None:
    nights.pass_by()
    nights.customers_say("택배값", "delivery_fee", "a", "b", "c")
    report = nights.pass_by()
    assert (report.result, report.labels) == ("published", 1)
    assert ("택배값", "delivery_fee") in [(one.text, one.intent) for one in nights.trainer.seen]
    assert list(nights.feedback.pending("corner", limit=9)) == []


def test_what_few_or_divided_customers_say_waits_for_an_operator(nights: Nights) -> None:
    nights.pass_by()
    nights.customers_say("택배값", "delivery_fee", "a", "b")
    nights.customers_say("돈 언제", "refund_when", "c", "d", "e")
    nights.customers_say("돈 언제", "delivery_fee", "f")
    assert nights.pass_by().result == "unchanged"
    assert len(nights.feedback.pending("corner", limit=9)) == 6


def test_labels_are_learnt_once(nights: Nights) -> None:
    nights.customers_say("택배값", "delivery_fee", "a", "b", "c")
    nights.pass_by()
    nights.customers_say("택배값", "delivery_fee", "d", "e", "f")
    assert nights.pass_by().result == "unchanged"
    assert len(nights.feedback.labels("corner")) == 1


def test_the_pack_is_believed_before_customers(nights: Nights) -> None:
    nights.customers_say("배송비  얼마예요", "refund_when", "a", "b", "c")
    assert nights.pass_by().labels == 0


def test_a_label_of_an_intent_the_pack_has_no_more_is_left_out(nights: Nights) -> None:
    nights.feedback.accept(Label("corner", "택배값", "gone", "ko", "operator", nights.clock()))
    assert nights.pass_by().labels == 0


def test_customers_do_not_overrule_an_operator(nights: Nights) -> None:
    verdict = Label("corner", "택배값", "refund_when", "ko", "operator", nights.clock())
    nights.feedback.accept(verdict)
    nights.pass_by()
    nights.customers_say("택배값", "delivery_fee", "a", "b", "c")
    assert nights.pass_by().result == "unchanged"
    assert list(nights.feedback.labels("corner")) == [verdict]
    assert len(nights.feedback.pending("corner", limit=9)) == 3


# The gate


def test_a_conversation_that_differs_is_refused_and_the_champion_stays(nights: Nights) -> None:
    champion = nights.pass_by()
    nights.edit("영업일 5일쯤 걸려요.")
    nights.trainer.forgets = "human_agent"
    report = nights.pass_by()
    assert (report.result, report.champion) == ("refused", champion.release)
    assert nights.current() == champion.release
    assert report.release not in nights.registry.releases("corner")
    assert (
        "conversation differs: corner/conversations.en.yaml: 'asks for a person' turn 1"
        in (report.reasons[0])
    )


def test_a_fall_of_accuracy_is_refused_and_the_champion_stays(nights: Nights) -> None:
    champion = nights.pass_by()
    nights.edit("영업일 5일쯤 걸려요.")
    nights.trainer.accuracy = 0.5
    report = nights.pass_by()
    assert report.result == "refused"
    assert "accuracy 0.500" in report.reasons[0]
    assert nights.current() == champion.release


def test_labels_survive_a_refusal(nights: Nights) -> None:
    nights.pass_by()
    nights.customers_say("택배값", "delivery_fee", "a", "b", "c")
    nights.trainer.accuracy = 0.5
    assert nights.pass_by().result == "refused"
    nights.trainer.accuracy = 0.9
    assert (nights.pass_by().labels, nights.pass_by().result) == (1, "unchanged")


def test_a_trainer_that_fails_leaves_the_champion(nights: Nights) -> None:
    class Failing(WordTrainer):
        def train(self, examples, plan, *, progress):  # type: ignore[no-untyped-def]
            raise RuntimeError("parity is off")

    champion = nights.pass_by()
    nights.edit("영업일 5일쯤 걸려요.")
    nights.trainer = Failing()
    with pytest.raises(RuntimeError, match="parity"):
        nights.pass_by()
    assert nights.current() == champion.release


def test_who_publishes_meanwhile_is_not_overruled(nights: Nights) -> None:
    nights.pass_by()

    class Racing(MemoryRegistry):
        """Somebody else moves the pointer while a release is being published."""

        def publish(self, release: Release) -> None:
            super().publish(release)
            theirs = release_of(corner_shop.pack(), now=nights.clock() + timedelta(hours=1))
            super().publish(theirs)
            self.move("corner", to=theirs.name, expected=self.current("corner"))

    registry = Racing(clock=nights.clock)
    with pytest.raises(PointerMovedError):
        nights.pass_by(registry=registry)
    pointer = registry.current("corner")
    assert pointer is not None
    assert pointer.release == max(registry.releases("corner"))


def test_a_damaged_champion_is_replaced(nights: Nights) -> None:
    class Damaged(MemoryRegistry):
        broken: str | None = None

        def load(self, bot: str, release: str) -> Release:
            if release == self.broken:
                raise ReleaseDamagedError(f"{bot}/{release}: damaged")
            return super().load(bot, release)

    nights.registry = registry = Damaged(clock=nights.clock)
    registry.broken = nights.pass_by().release
    assert nights.pass_by().result == "published"


# Rolling back


def test_rolling_back_goes_to_the_parent(nights: Nights) -> None:
    first = nights.pass_by()
    nights.edit("영업일 5일쯤 걸려요.")
    nights.pass_by()
    assert roll_back("corner", to=None, registry=nights.registry).release == first.release
    assert nights.current() == first.release


def test_rolling_back_to_a_named_release(nights: Nights) -> None:
    names = []
    for number in range(3):
        nights.edit(f"영업일 {number}일쯤 걸려요.")
        names.append(nights.pass_by().release)
    assert roll_back("corner", to=names[0], registry=nights.registry).release == names[0]
    assert roll_back("corner", to=names[2], registry=nights.registry).release == names[2]


def test_what_was_rolled_back_is_not_published_again_the_next_night(nights: Nights) -> None:
    first = nights.pass_by()
    nights.edit("영업일 5일쯤 걸려요.")
    second = nights.pass_by()
    nights.clock.pass_by(timedelta(hours=3))
    roll_back("corner", to=None, registry=nights.registry)
    report = nights.pass_by()
    assert (report.result, nights.current()) == ("unchanged", first.release)
    assert f"release {second.release} was made of the same and taken back" in report.reasons[0]
    nights.edit("영업일 4일쯤 걸려요.")
    assert nights.pass_by().result == "published"


def test_what_was_rolled_back_is_published_again_by_force(nights: Nights) -> None:
    nights.pass_by()
    nights.edit("영업일 5일쯤 걸려요.")
    nights.pass_by()
    nights.clock.pass_by(timedelta(hours=3))
    roll_back("corner", to=None, registry=nights.registry)
    assert nights.pass_by(force=True).result == "published"


def test_a_release_whose_pointer_was_never_moved_is_made_again(nights: Nights) -> None:
    class Stuck(MemoryRegistry):
        stuck = False

        def move(self, bot: str, *, to: str, expected: Pointer | None) -> Pointer:
            if self.stuck:
                raise OSError("cannot be reached")
            return super().move(bot, to=to, expected=expected)

    nights.registry = registry = Stuck(clock=nights.clock)
    nights.pass_by()
    nights.edit("영업일 5일쯤 걸려요.")
    registry.stuck = True
    with pytest.raises(OSError, match="cannot be reached"):
        nights.pass_by()
    registry.stuck = False
    assert nights.pass_by().result == "published"


def test_rolling_back_where_it_cannot_says_why(nights: Nights) -> None:
    with pytest.raises(ReleaseMissingError, match="'corner' has no current release; publish one"):
        roll_back("corner", to=None, registry=nights.registry)
    first = nights.pass_by().release
    with pytest.raises(ReleaseMissingError, match=f"has no parent; name one of: {first}"):
        roll_back("corner", to=None, registry=nights.registry)
    with pytest.raises(ReleaseMissingError, match="corner/nope does not exist"):
        roll_back("corner", to="nope", registry=nights.registry)
    assert nights.current() == first


def test_a_damaged_release_is_not_rolled_back_to(nights: Nights) -> None:
    class Damaged(MemoryRegistry):
        def load(self, bot: str, release: str) -> Release:
            found = super().load(bot, release)
            if release == min(self.releases(bot)):
                raise ReleaseDamagedError(f"{bot}/{release}: damaged")
            return found

    registry = Damaged(clock=nights.clock)
    old = release_of(corner_shop.pack(), now=nights.clock())
    registry.publish(old)
    new = release_of(corner_shop.pack(), now=nights.clock() + DAY)
    publish(registry, Release(replace(new.manifest, parent=old.name), new.files))
    with pytest.raises(ReleaseDamagedError):
        roll_back("corner", to=None, registry=registry)
    pointer = registry.current("corner")
    assert pointer is not None
    assert pointer.release == new.name
