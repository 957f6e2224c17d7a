"""Events of earlier shapes, brought into the present one: the one place that knows how they used to look.

Events are never altered, so what a kind's ``data`` held when it was recorded is held for good. Whoever
renames a field of it, or lays it out anew, adds a step here; the recorded ``shape`` tells which steps are
still to go.
Samples of every earlier shape are kept in ``tests/requests_app/test_shapes.py``.
"""

from collections.abc import Callable, Mapping
from typing import Any

from activity.models import Event

Upgrade = Callable[[dict[str, Any]], dict[str, Any]]
SEATS = ("serving_team", "marketing_owner", "it_owner")


def upgraded(event: Event) -> dict[str, Any]:
    """The event's data in the present shape of its kind; the event itself stays as it is."""
    data = dict(event.data)
    for step in UPGRADES.get(event.kind, ())[max(0, event.shape - 1) :]:
        data = step(data)
    return data


def shape_of(kind: str) -> int:
    """The shape in which ``kind`` is recorded now."""
    return 1 + len(UPGRADES.get(kind, ()))


def renamed(**fields: str) -> Upgrade:
    """The step after which changes of the field ``old`` are told as those of the new one: ``old="new"``."""

    def step(data: dict[str, Any]) -> dict[str, Any]:
        changes = data.get("changes")
        if not isinstance(changes, dict):
            return data
        return {**data, "changes": {fields.get(name, name): both for name, both in changes.items()}}

    return step


def _names_apart(data: dict[str, Any]) -> dict[str, Any]:
    """Imported names of groups and people stood between the ids; now they stand in ``named``."""
    named = {seat: data[seat] for seat in SEATS if isinstance(data.get(seat), str)}
    if not named:
        return data
    return {name: value for name, value in data.items() if name not in named} | {"named": named}


# kind: what leads from its shape 1 to 2, from 2 to 3, and so on.
UPGRADES: Mapping[str, tuple[Upgrade, ...]] = {"request.assigned": (_names_apart,)}
