"""What finished forms do: each built-in action by its name, imported when it is first needed."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, cast

from sangdam.bots.actions import ACTIONS
from sangdam.services.action import Action, ActionCall, ActionDone

if TYPE_CHECKING:
    from sangdam.services.outside import Partner


def carry_out(call: ActionCall, partner: Callable[[], Partner] | None = None) -> ActionDone:
    """Carry an action out: ``orders.cancel`` is ``cancel`` of the module ``orders``; one that the
    pack defines is the team's own system's, and what ``partner`` gives calls it.

    Raises ValueError for an action this version does not know: packs are checked for that when
    they are parsed, so only a release of a newer version can ask for one.
    """
    own = call.bot.actions.get(call.query.action)
    if own is not None:
        from sangdam.services.outside import carry_out_outside  # only for bots that have such

        return carry_out_outside(call, own, partner)
    module, _, name = call.query.action.partition(".")
    if call.query.action not in ACTIONS:
        raise ValueError(
            f"action '{call.query.action}' is not known to this version; deploy a newer one"
        )
    action = cast(Action, getattr(import_module(f"{__name__}.{module}"), _NAMES.get(name, name)))
    return action(call)


_NAMES = {"return": "return_", "list": "list_"}
