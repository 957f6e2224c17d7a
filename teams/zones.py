"""The time zone a person reads in: their own, else the company's."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings

from teams.models import Company, Person


def company() -> Company:
    """The company's settings, or the defaults before the first start."""
    return Company.objects.first() or Company(name="Tandem", time_zone=settings.TIME_ZONE)


def zone_of(person: Person, of_company: Company | None = None) -> ZoneInfo:
    """The zone of ``person``; a name that this machine does not know counts as none."""
    for name in (person.time_zone, (of_company or company()).time_zone):
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return ZoneInfo(settings.TIME_ZONE)
