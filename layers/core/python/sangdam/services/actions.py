"""What finished forms do: each built-in action, carried out in the back office."""

from __future__ import annotations

from sangdam.backoffice.orders import status_of
from sangdam.dialogue.decision import ActionResult, RunAction
from sangdam.ports import Orders


def run_action(query: RunAction, *, orders: Orders) -> ActionResult:
    """Carry a built-in action out and return what it came to.

    Raises ValueError for an action this version does not know: packs are checked for that when
    they are parsed, so only a release of a newer version can ask for one.
    """
    values = dict(query.values)
    if query.action == "orders.status":
        number = values["order_number"]
        return ActionResult(*status_of(orders.find(number), number, query.language))
    raise ValueError(f"action '{query.action}' is not known to this version; deploy a newer one")
