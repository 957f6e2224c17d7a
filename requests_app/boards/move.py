"""Moving a card: to another place of its column, or to another column, which is a step of the workflow."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from activity import log
from activity.models import Event
from requests_app.boards import locks, rank
from requests_app.choices import BOARD_COLUMNS, Status
from requests_app.models import Request
from requests_app.workflow.actions import BY_MOVE
from requests_app.workflow.inputs import NOTHING, Inputs
from requests_app.workflow.perform import Place, perform
from requests_app.workflow.situation import TRANSITIONS, roles_of
from teams.models import Person
from teams.rules import InvalidFields, Missing, RuleViolation, StaleVersion

ATTEMPTS = 5


@dataclass(frozen=True)
class Drop:
    """Where a card was dropped: its column and the cards directly above (after) and below (before) it."""

    status: str
    before: int | None
    after: int | None

    @property
    def told(self) -> dict[str, Any]:
        return {"before": self.before, "after": self.after}


def move(
    number: int,
    *,
    by: Person,
    status: str,
    before: int | None = None,
    after: int | None = None,
    inputs: Inputs = NOTHING,
    version: int | None = None,
    seen: Request | None = None,
) -> Request:
    """Move the card ``number`` to ``status``, below the card ``after`` and above the card ``before``.

    One neighbour suffices, ``after`` counts where both are given; without any the card goes to the top.
    ``seen`` is the request as the caller has just read it for ``by``.
    The person who moved the card last and asks for the same again, with the version from before, succeeds
    without change.

    :raises Http404: where ``by`` may not see the request.
    :raises InvalidFields: where the column or a neighbour is none.
    :raises RuleViolation: where the way between the columns is no step, or the step is refused.
    :raises StaleVersion: where ``version`` is given and the request has moved on.
    """
    drop = Drop(status, before, after)
    seen = seen or Request.objects.get_visible(by, number)
    if version not in (None, seen.version) and _is_repeat(seen, drop, by):
        return seen
    if status not in Status.values:
        raise InvalidFields([Missing("invalid", _("There is no such column."), "status")])
    if seen.status == status and status in BOARD_COLUMNS:
        return _reorder(number, drop, by, version)
    action = BY_MOVE.get((Status(seen.status), Status(status)))
    if action is None:
        if version is not None and version != seen.version:
            raise StaleVersion(seen.version)
        raise RuleViolation([_no_way(seen.status, status)])
    place = Place(lambda: _spot(drop, number, by).key, drop.told)
    return perform(action.name, number, by=by, inputs=inputs, version=version, place=place, seen=seen)


def _no_way(source: str, target: str) -> Missing:
    words = _("A card cannot go from “%(source)s” to “%(target)s”.")
    names = {"source": Status(source).label, "target": Status(target).label}
    return Missing("wrong_status", words % names, "status")


def _is_repeat(seen: Request, drop: Drop, by: Person) -> bool:
    """Whether the request's latest step or move is exactly this one, by the same person."""
    if seen.status != drop.status:
        return False
    of_request = Event.objects.filter(object_type="request", object_id=seen.number)
    last = of_request.filter(kind__in=[*TRANSITIONS, "request.moved"]).order_by("-id").first()
    if last is None or last.actor_id != by.pk:
        return False
    return (last.data.get("to"), last.data.get("position")) == (drop.status, drop.told)


def _reorder(number: int, drop: Drop, by: Person, version: int | None) -> Request:
    """Change a card's place within its column: an event of its own, but no progress."""
    with transaction.atomic():
        locks.lock_status(drop.status)
        spot = _spot(drop, number, by)
        request = locks.lock_request(number, by)
        if request.status != drop.status:
            raise StaleVersion(request.version)
        if not _may_reorder(request, by):
            words = _("The tandem, members of the serving team and leads arrange this card.")
            raise RuleViolation([Missing("not_yours", words)])
        if version is not None and version != request.version:
            raise StaleVersion(request.version)
        return request if spot.is_taken_by_it else _put(request, spot.key, drop, by)


def _put(request: Request, key: str, drop: Drop, by: Person) -> Request:
    before = {"status": request.status, "rank": request.rank}
    request.rank = key
    request.version += 1
    request.save(update_fields=["rank", "version"])
    data = {"action": "move", "from": drop.status, "to": drop.status, "before": before}
    log.record(
        "request.moved", request, by=by, data=data | {"position": drop.told, "version": request.version}
    )
    return request


def _may_reorder(request: Request, by: Person) -> bool:
    roles = roles_of(request, by)
    in_seat = roles.marketing_owner or roles.it_owner or roles.marketing_deputy or roles.it_deputy
    return roles.leads or roles.serving_member or in_seat


def _spot(drop: Drop, number: int, by: Person) -> rank.Spot:
    """The place, under the lock of the column, which is rebalanced where keys have grown long."""
    spot = _spot_beside(drop, number, by)
    if len(spot.key) > rank.LONGEST_KEY:
        rank.rebalance(drop.status, coming=number)
        spot = _spot_beside(drop, number, by)
    return spot


def _spot_beside(drop: Drop, number: int, by: Person) -> rank.Spot:
    """:raises InvalidFields: where the neighbour is the card itself, in another column, hidden or absent."""
    field, neighbour = ("after", drop.after) if drop.after is not None else ("before", drop.before)
    if neighbour is None:
        return rank.spot_at_top(drop.status, number)
    cards = Request.objects.visible_to(by).filter(status=drop.status, number=neighbour).exclude(number=number)
    beside = rank.spot_below if field == "after" else rank.spot_above
    spot = beside(drop.status, cards, number)
    if spot is None:
        words = _("The card beside this place is no longer in this column. Load the board again.")
        raise InvalidFields([Missing("invalid", words, field)])
    return spot
