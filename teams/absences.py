"""Being away: somebody says from when to when, and who of the same side stands in meanwhile."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from activity import clock, log
from teams import locks, rights
from teams.fields import wrong
from teams.models import Absence, Person, Team
from teams.people import sides_of
from teams.rules import Missing, RuleViolation
from teams.zones import zone_of

# Who is away for longer has left, or gives the seats to somebody.
LONGEST = timedelta(days=366)


def announce_absence(
    person: Person, first_day: date, last_day: date, deputy: Person | None = None, *, by: Person
) -> Absence:
    """Say that ``person`` is away; in place of what was said before, unless that is over.

    :raises InvalidFields: naming ``first_day``, ``last_day`` or ``deputy``.
    :raises RuleViolation: ``not_yours`` for others than the person, leads of their teams and admins;
        ``wrong_status`` for who is deactivated.
    """
    with transaction.atomic():
        people = locks.lock_people([person.pk, deputy.pk if deputy else None])
        person = people[person.pk]
        _check_who(person, by)
        zone = zone_of(person)
        _check_days(first_day, last_day, clock.now().astimezone(zone).date())
        if deputy is not None:
            _check_deputy(person, people[deputy.pk])
        _close(person)
        absence = Absence.objects.create(
            person=person,
            deputy=people[deputy.pk] if deputy else None,
            first_day=first_day,
            last_day=last_day,
            starts_at=_midnight(first_day, zone),
            ends_at=_midnight(last_day + timedelta(days=1), zone),
            created_at=clock.now(),
        )
        data = {
            "person": person.pk,
            "first_day": first_day,
            "last_day": last_day,
            "deputy": deputy.pk if deputy else None,
        }
        log.record("absence.announced", absence, by=by, data=data)
        return absence


def end_absence(person: Person, *, by: Person) -> Absence:
    """Say that ``person`` is back, or will not be away after all.

    :raises RuleViolation: ``not_yours``; ``already_done`` where they are not away and not going to be.
    """
    with transaction.atomic():
        person = locks.lock_people([person.pk])[person.pk]
        _check_who(person, by)
        absence = current_or_coming(person)
        if absence is None:
            raise RuleViolation([Missing("already_done", _("No absence is announced."))])
        absence.ended_at = clock.now()
        absence.version += 1
        absence.save(update_fields=["ended_at", "version"])
        log.record("absence.ended", absence, by=by, data={"person": person.pk})
        return absence


def current_or_coming(person: Person) -> Absence | None:
    """The absence of ``person`` that is not over. One query."""
    rows = Absence.objects.filter(person=person, ended_at=None, ends_at__gt=clock.now())
    return rows.select_related("deputy").first()


def away_now(person: Person) -> Absence | None:
    """The absence that ``person`` is in at this moment. One query."""
    return Absence.objects.now().filter(person=person).select_related("deputy").first()


def may_announce(person: Person, by: Person) -> bool:
    """Whether ``by`` may say that ``person`` is away."""
    teams = Team.objects.filter(memberships__person=person)
    return by.pk == person.pk or rights.may_lead(by, *teams)


def _check_who(person: Person, by: Person) -> None:
    if not person.is_active:
        raise RuleViolation([Missing("wrong_status", _("This person is deactivated."))])
    if not may_announce(person, by):
        words = _("Only the person, leads of their teams and administrators may do this.")
        raise RuleViolation([Missing("not_yours", words)])


def _check_days(first_day: date, last_day: date, today: date) -> None:
    if last_day < first_day:
        raise wrong("last_day", _("The last day lies before the first."))
    if last_day < today:
        raise wrong("last_day", _("This absence is over already."))
    if last_day - first_day >= LONGEST:
        raise wrong("last_day", _("An absence lasts a year at most."))


def _check_deputy(person: Person, deputy: Person) -> None:
    if deputy == person:
        raise wrong("deputy", _("Choose somebody else."))
    if not deputy.is_active:
        raise wrong("deputy", _("Choose an active person."))
    if sides_of(person) and not sides_of(person) & sides_of(deputy):
        raise wrong("deputy", _("Choose somebody of the same side."))


def _close(person: Person) -> None:
    """What was said before holds no more; what was over stays as it was."""
    now = clock.now()
    before = Absence.objects.filter(person=person, ended_at=None)
    before.filter(ends_at__lte=now).update(ended_at=F("ends_at"))
    before.filter(ends_at__gt=now).update(ended_at=now)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(0), tzinfo=zone)
