"""When mail to somebody waits: while they are away, and in their quiet hours."""

from dataclasses import dataclass
from datetime import datetime

from activity import clock
from notifications import absence_mail
from notifications.choosing.hours import Quiet, free_from
from notifications.models import QuietTimes
from teams.absences import away_now
from teams.models import Person
from teams.zones import zone_of


@dataclass(frozen=True)
class Hold:
    """Until when mail waits, and as which one mail it is sent then."""

    until: datetime
    together: str


def hold(person: Person) -> Hold | None:
    """Why and until when mail to ``person`` waits now; None where it may be sent. Three queries at most."""
    now, quiet = clock.now(), quiet_times(person)
    absence = away_now(person)
    if absence is not None:
        back = absence_mail.returns_at(absence, zone_of(person))
        return Hold(_free(back, quiet, person), absence_mail.together(absence))
    until = _free(now, quiet, person)
    return Hold(until, f"quiet:{until.isoformat()}") if until > now else None


def quiet_times(person: Person) -> Quiet | None:
    """The quiet times of ``person``, or None where they have none."""
    row = QuietTimes.objects.filter(person=person).first()
    return Quiet(row.starts, row.ends, frozenset(row.days_off)) if row else None


def _free(moment: datetime, quiet: Quiet | None, person: Person) -> datetime:
    return free_from(moment, quiet, zone_of(person)) if quiet else moment
