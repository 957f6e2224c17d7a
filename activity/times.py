"""Moments and days in the words of the reader's language and zone."""

from datetime import date, datetime
from functools import lru_cache

from django.utils import formats, timezone
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

MINUTE, HOUR, DAY = 60, 3600, 86_400
# After this many days a date says more than a distance.
DAYS_IN_WORDS = 60


def ago_words(value: datetime, now: datetime) -> str:
    """How long ``value`` lies before ``now``, in whole minutes, hours or days; then its date."""
    seconds = (now - value).total_seconds()
    if seconds < MINUTE:
        return _("just now")
    if seconds < HOUR:
        count = int(seconds // MINUTE)
        return ngettext("%(count)d minute ago", "%(count)d minutes ago", count) % {"count": count}
    if seconds < DAY:
        count = int(seconds // HOUR)
        return ngettext("%(count)d hour ago", "%(count)d hours ago", count) % {"count": count}
    count = int(seconds // DAY)
    if count > DAYS_IN_WORDS:
        return _("on %(date)s") % {"date": _date(value, now)}
    return ngettext("%(count)d day ago", "%(count)d days ago", count) % {"count": count}


def since_words(value: datetime, now: datetime) -> str:
    """For how long it has been so at ``now``, in whole minutes, hours or days; then since which date."""
    seconds = (now - value).total_seconds()
    if seconds < MINUTE:
        return _("just now")
    if seconds < HOUR:
        count = int(seconds // MINUTE)
        return ngettext("for %(count)d minute", "for %(count)d minutes", count) % {"count": count}
    if seconds < DAY:
        count = int(seconds // HOUR)
        return ngettext("for %(count)d hour", "for %(count)d hours", count) % {"count": count}
    count = int(seconds // DAY)
    if count > DAYS_IN_WORDS:
        return _("since %(date)s") % {"date": _date(value, now)}
    return ngettext("for %(count)d day", "for %(count)d days", count) % {"count": count}


def short_age(value: datetime, now: datetime) -> str:
    """Whole days, else hours, else minutes, each with its one letter."""
    seconds = max(0, int((now - value).total_seconds()))
    if seconds >= DAY:
        return pgettext("short age", "%(count)d d") % {"count": seconds // DAY}
    if seconds >= HOUR:
        return pgettext("short age", "%(count)d h") % {"count": seconds // HOUR}
    return pgettext("short age", "%(count)d min") % {"count": seconds // MINUTE}


def _date(value: datetime, now: datetime) -> str:
    return day_words(timezone.localdate(value), now)


def exact(value: datetime) -> str:
    """Day and time in the reader's zone, written out."""
    return _exactly(value, get_language(), timezone.get_current_timezone_name())


@lru_cache(maxsize=16_384)
def _exactly(value: datetime, language: str | None, zone: str) -> str:
    """Pages name the same moments over and over; ``language`` and ``zone`` are the active ones."""
    return formats.date_format(timezone.localtime(value), "DATETIME_FORMAT")


def day_words(value: date, now: datetime) -> str:
    """A day: "1 Feb"; with its year where that is not the one of ``now``."""
    short = pgettext("date format of a day in this year", "j M")
    wide = pgettext("date format of a day in another year", "j M Y")
    here = value.year == timezone.localdate(now).year
    return _written(value, short if here else wide, get_language())


@lru_cache(maxsize=4096)
def _written(value: date, wanted: str, language: str | None) -> str:
    """A page names the same few days over and over; ``language`` is the active one."""
    return formats.date_format(value, wanted)
