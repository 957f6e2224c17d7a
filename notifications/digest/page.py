"""One digest as a page: a past one, or the preview of what runs."""

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404
from django.utils import timezone

from activity import clock
from notifications.digest.facts import read_facts, readers
from notifications.digest.places import places
from notifications.digest.plan import period
from notifications.digest.render import lay_out
from notifications.digest.select import LISTED_ON_PAGE, Selection, select
from notifications.digest.sheet import Sheet
from notifications.digest.shelf import fill_shelf
from notifications.digest.told_before import told_before
from notifications.digest.weeks import Week, last_finished_week, running_week, weeks_told
from notifications.models import Digest
from teams.models import Person
from teams.zones import company, zone_of


@dataclass(frozen=True)
class Leaf:
    """One digest as a page, and what time it tells of.

    ``is_preview`` where it is "so far" and was never mailed.
    """

    sheet: Sheet
    start: datetime
    end: datetime
    is_preview: bool


def preview(person: Person) -> Leaf:
    """The digest of ``person`` for the week that runs, as it would be now."""
    return leaf(person, running_week(clock.now(), zone_of(person)).key)


def leaf(person: Person, key: str) -> Leaf:
    """The digest of ``person`` for the week ``key``, shown through what they may see now.

    :raises Http404: for what is no week, and for a week without a digest that does not run either.
    """
    try:
        week = Week.parse(key)
    except ValueError:
        raise Http404 from None
    kept = Digest.objects.filter(person=person, week=week.key).first()
    zone = zone_of(person)
    with timezone.override(zone):
        if kept is not None:
            sheet = _kept(person, week, kept)
            return Leaf(sheet, kept.period_start, kept.period_end, is_preview=False)
        now = clock.now()
        if week not in (running_week(now, zone), last_finished_week(now, zone)):
            raise Http404
        return _so_far(person, week, now)


def _kept(person: Person, week: Week, digest: Digest) -> Sheet:
    selection = Selection.from_json(digest.selection)
    return laid_out(person, selection, week, digest.period_start, digest.period_end)


def _so_far(person: Person, week: Week, now: datetime) -> Leaf:
    place = places([person])
    so_far = period(told_before([person], now)[person.pk], now, None)
    facts = read_facts(so_far.start, now, company(), place[person.pk].teams)
    selection = select(readers([person], place, facts)[person.pk], so_far, facts)
    sheet = laid_out(person, selection, week, so_far.start, now)
    return Leaf(sheet, so_far.start, now, is_preview=True)


def laid_out(
    person: Person, selection: Selection, week: Week, start: datetime, end: datetime, *, for_all: bool = False
) -> Sheet:
    """``selection`` as a page for ``person``, or ``for_all`` alike, in the active language and zone."""
    weeks = weeks_told(start, week)
    shelf = fill_shelf({0: (person, selection)}, weeks, LISTED_ON_PAGE, for_all=for_all)
    return lay_out(0, week, start, end, shelf)
