"""Mail to somebody who is away waits for their return, and comes as one."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from activity import clock
from activity.models import Event
from notifications.models import Channel, Delivery, State
from teams.models import Absence

# In the morning of the first day back, by the clock of who was away.
COMES_AT = time(7)
# What all that waits for the end of an absence begins with in ``together``.
WAITED = "absence:"
ENDED = ("absence.ended", "absence.announced")


def together(absence: Absence) -> str:
    """What all mail that waits for the end of ``absence`` has in common."""
    return f"{WAITED}{absence.pk}"


def has_waited(delivery: Delivery) -> bool:
    """Whether ``delivery`` was put off until somebody's return."""
    return delivery.together.startswith(WAITED)


def returns_at(absence: Absence, zone: ZoneInfo) -> datetime:
    """When what waited is sent to somebody whose clock is that of ``zone``, whatever clocks do that night."""
    end = absence.ends_at.astimezone(zone)
    # Who has moved to another zone since they said so may be back in the middle of a day.
    day = end.date() + timedelta(days=end.time() > COMES_AT)
    return datetime.combine(day, COMES_AT, tzinfo=zone)


def bring_forward(events: Sequence[Event]) -> None:
    """Let what waited for the end of an absence go out, where ``events`` say that it has ended before."""
    over = {event.data.get("person") for event in events if event.kind in ENDED}
    if over:
        waiting = Delivery.objects.filter(
            person__in=over, state=State.WAITING, channel=Channel.MAIL, together__startswith=WAITED
        )
        waiting.filter(due_at__gt=clock.now()).update(due_at=clock.now())
