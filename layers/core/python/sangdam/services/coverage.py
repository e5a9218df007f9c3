"""What of a bot its conversations have been through: intents, forms, slots and branches."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sangdam.bots.actions import action_of
from sangdam.bots.conversation import Conversation
from sangdam.bots.definition import Bot, Form
from sangdam.bots.out_of_reach import out_of_reach

KINDS = ("intents", "forms", "actions", "slots", "branches")


@dataclass(frozen=True, slots=True)
class Reached:
    """What happened in some conversations.

    ``said`` are the keys of replies, ``intents`` those surely understood, ``filled`` the slots
    that a value was taken for, as (form, slot).
    """

    said: frozenset[str] = frozenset()
    intents: frozenset[str] = frozenset()
    filled: frozenset[tuple[str, str]] = frozenset()

    def __or__(self, other: Reached) -> Reached:
        return Reached(
            self.said | other.said, self.intents | other.intents, self.filled | other.filled
        )


@dataclass(frozen=True, slots=True)
class Coverage:
    """One kind of thing: how many there are, and which of them no conversation reached."""

    kind: str
    total: int
    missing: tuple[str, ...]

    @property
    def reached(self) -> int:
        return self.total - len(self.missing)

    @property
    def share(self) -> float:
        """The part that was reached, 0 to 1; 1 where there is nothing to reach."""
        return self.reached / self.total if self.total else 1.0


def coverage(bot: Bot, reached: Reached) -> tuple[Coverage, ...]:
    """Return what was reached and what was not, one entry for each of ``KINDS``.

    An intent is reached if it was surely understood or answered, a form if it came to an end that
    is not another question, an action if a form that ends in it did, a slot if it was asked for or
    filled, a branch (an outcome, a question put again, a confirmation) if its reply was said.
    Outcomes that the bot's own rules make impossible are no branches.
    """
    forms = bot.forms.values()
    understood = {*reached.intents, *_names("intent/", reached.said)}
    ended = {form.name for form in forms if _ends(bot, form) & reached.said}
    filled = {f"{form}.{slot}" for form, slot in reached.filled}
    slots = {
        f"{form.name}.{slot.name}": f"form/{form.name}/{slot.name}/ask"
        for form in forms
        for slot in form.slots
    }
    asked = {name for name, key in slots.items() if key in reached.said}
    done = {form.action for form in forms if form.name in ended}
    return (
        _covered("intents", bot.intents, understood),
        _covered("forms", bot.forms, ended),
        _covered("actions", {form.action for form in forms}, done),
        _covered("slots", slots, asked | filled),
        _covered("branches", branches(bot), reached.said),
    )


def branches(bot: Bot) -> frozenset[str]:
    """Return the keys of all replies that a form can come to besides its plain questions."""
    keys = {key for script in bot.scripts.values() for key in script.replies}
    return frozenset(
        key
        for form in bot.forms.values()
        for key in keys
        if key.startswith(f"form/{form.name}/") and _is_branch(key, bot, form)
    )


def expected(conversations: Iterable[Conversation]) -> Reached:
    """Return what conversations say that they reach, without playing them."""
    expectations = [step.expect for one in conversations for step in one.steps]
    return Reached(
        said=frozenset(key for one in expectations for key in one.replies or ()),
        intents=frozenset(one.intent for one in expectations if one.intent is not None),
    )


def _is_branch(key: str, bot: Bot, form: Form) -> bool:
    *_, kind, name = key.split("/")
    if kind == "outcome":
        return name not in out_of_reach(bot, form)
    slot = next((one for one in form.slots if one.name == kind), None)
    if slot is None:
        return True
    # What has a default is only asked for by who wants to change it, which needs a confirmation.
    return name == "ask_again" and (slot.default is None or form.confirm)


def _covered(kind: str, there: Collection[str], reached: Collection[str]) -> Coverage:
    return Coverage(kind, len(there), tuple(sorted(set(there) - set(reached))))


def _names(prefix: str, keys: Iterable[str]) -> set[str]:
    return {key.removeprefix(prefix) for key in keys if key.startswith(prefix)}


def _ends(bot: Bot, form: Form) -> set[str]:
    action = action_of(bot, form.action)
    return {
        f"form/{form.name}/outcome/{outcome}"
        for outcome in action.outcomes
        if outcome not in action.reopens
    }
