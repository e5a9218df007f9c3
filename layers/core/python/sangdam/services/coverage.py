"""What of a bot its conversations have been through: intents, forms, slots and branches."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sangdam.bots.actions import action_of
from sangdam.bots.definition import Bot, Form


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
        """The part that was reached; 1 where there is nothing to reach."""
        return self.reached / self.total if self.total else 1.0


def coverage(
    bot: Bot, *, said: Collection[str], intents: Collection[str] = ()
) -> tuple[Coverage, ...]:
    """Return what was reached, from the keys of the replies said and the intents understood.

    An intent is reached if it was understood or answered, a form if it came to an end that is not
    another question, an action if each form that ends in it did, a slot if it was asked for, a
    branch (an outcome, a question put again, a confirmation) if its reply was said.
    """
    forms = bot.forms.values()
    slots = {
        f"{form.name}.{slot.name}": f"form/{form.name}/{slot.name}/ask"
        for form in forms
        for slot in form.slots
        if slot.default is None
    }
    keys = {key for script in bot.scripts.values() for key in script.replies}
    branches = {key for key in keys if key.startswith("form/") and not key.endswith("/ask")}
    understood = {*intents, *(key.removeprefix("intent/") for key in said)}
    ended = {form.name for form in forms if _ends(bot, form) & set(said)}
    actions = {form.action for form in forms}
    done = {form.action for form in forms if form.name in ended}
    return (
        _covered("intents", bot.intents, understood),
        _covered("forms", bot.forms, ended),
        _covered("actions", actions, done),
        Coverage(
            "slots",
            len(slots),
            tuple(sorted(name for name, key in slots.items() if key not in said)),
        ),
        _covered("branches", branches, said),
    )


def _covered(kind: str, there: Collection[str], reached: Collection[str]) -> Coverage:
    return Coverage(kind, len(there), tuple(sorted(set(there) - set(reached))))


def _ends(bot: Bot, form: Form) -> set[str]:
    action = action_of(bot, form.action)
    return {
        f"form/{form.name}/outcome/{outcome}"
        for outcome in action.outcomes
        if outcome not in action.reopens
    }
