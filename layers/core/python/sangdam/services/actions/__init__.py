"""What finished forms do: each built-in action by its name, imported when it is first needed."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from sangdam.bots.actions import ACTIONS
from sangdam.services.action import Action, ActionCall, ActionDone


def carry_out(call: ActionCall) -> ActionDone:
    """Carry a built-in action out: ``orders.cancel`` is ``cancel`` of the module ``orders``.

    Raises ValueError for an action this version does not know: packs are checked for that when
    they are parsed, so only a release of a newer version can ask for one.
    """
    module, _, name = call.query.action.partition(".")
    if call.query.action not in ACTIONS:
        raise ValueError(
            f"action '{call.query.action}' is not known to this version; deploy a newer one"
        )
    action = cast(Action, getattr(import_module(f"{__name__}.{module}"), _NAMES.get(name, name)))
    return action(call)


_NAMES = {"return": "return_", "list": "list_"}
