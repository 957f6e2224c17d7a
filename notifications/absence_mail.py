"""Mail to somebody who is away waits for their return, and comes as one."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from activity import clock
from activity.models import Event
from notifications.models import Channel, Delivery, State
from teams.models import Absence

# In the morning of the first day back, by the clock of who was away.
COMES_AT = timedelta(hours=7)
# What all that waits for the end of an absence begins with in ``together``.
WAITED = "absence:"
ENDED = ("absence.ended", "absence.announced")


def together(absence: Absence) -> str:
    """What all mail that waits for the end of ``absence`` has in common."""
    return f"{WAITED}{absence.pk}"


def has_waited(delivery: Delivery) -> bool:
    """Whether ``delivery`` was put off until somebody's return."""
    return delivery.together.startswith(WAITED)


def returns_at(absence: Absence) -> datetime:
    """When what waited is sent."""
    return absence.ends_at + COMES_AT


def bring_forward(events: Sequence[Event]) -> None:
    """Let what waited for the end of an absence go out, where ``events`` say that it has ended before."""
    over = {event.data.get("person") for event in events if event.kind in ENDED}
    if over:
        waiting = Delivery.objects.filter(
            person__in=over, state=State.WAITING, channel=Channel.MAIL, together__startswith=WAITED
        )
        waiting.filter(due_at__gt=clock.now()).update(due_at=clock.now())
