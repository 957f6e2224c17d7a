"""Seats that become empty: of somebody who is deactivated, or who loses the side that a seat needs.

People change in the room below; what that means for requests is done here, in the same transaction.
Locks: team, people, then the requests by their numbers.
"""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Q

from activity import clock, log
from requests_app.models import Request
from requests_app.workflow.turn import refresh_turn
from teams import people
from teams.models import Person, Side, Team

SEATS = {Side.MARKETING: "marketing_owner", Side.IT: "it_owner"}


def deactivate(person: Person, *, by: Person | None) -> Person:
    """Shut ``person`` out and empty their seats on both sides; each team's lead is told through the events.

    :raises RuleViolation: ``not_yours`` for all but admins, ``already_done``, ``last_admin``.
    """
    with transaction.atomic():
        person = people.shut_out(person, by=by)
        leave_seats(person, SEATS, by=by)
        return person


def remove_member(team: Team, person: Person, *, by: Person) -> Person:
    """End a membership; seats that need a side which ``person`` now lacks become empty, others stay.

    :raises RuleViolation: ``not_yours`` for all but leads, admins and the person; ``already_done`` for who
        has left.
    """
    with transaction.atomic():
        person = people.take_out(team, person, by=by)
        lost = set(SEATS) - people.sides_of(person)
        leave_seats(person, lost, by=by)
        return person


def leave_seats(person: Person, sides: Collection[str], *, by: Person | None) -> list[Request]:
    """Empty the seats of ``person`` on ``sides``, with one event for each request; drafts have no seats.

    The caller holds the person's row, so that nobody gives them a seat meanwhile.
    """
    names = [SEATS[Side(side)] for side in sides]
    if not names:
        return []
    held = Q(pk__in=[])
    for name in names:
        held |= Q(**{name: person})
    with transaction.atomic(), log.together():
        rows = Request.objects.submitted().filter(held).order_by("number").select_for_update(of=("self",))
        return [_leave(request, person, names, by) for request in rows.defer("words")]


def _leave(request: Request, person: Person, names: list[str], by: Person | None) -> Request:
    name = next(name for name in names if getattr(request, f"{name}_id") == person.pk)
    setattr(request, name, None)
    now = clock.now()
    request.version += 1
    request.updated_at = now
    refresh_turn(request, now)
    request.save(update_fields=[name, "version", "updated_at", "turn", "turn_since"])
    data = {"seat": name, "person": person.pk, "version": request.version}
    log.record("request.seat_emptied", request, by=by, data=data)
    return request
