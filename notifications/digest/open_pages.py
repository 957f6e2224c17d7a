"""The digests of a team and of the whole company: the same selection, of what every member may see."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

from django.http import Http404
from django.utils import timezone

from activity import clock
from notifications.digest.facts import read_facts
from notifications.digest.page import laid_out
from notifications.digest.period import Period
from notifications.digest.select import Facts, Reader, Selection, select
from notifications.digest.sheet import Sheet
from notifications.digest.subject import news
from notifications.digest.weeks import Week
from teams.models import Company, Person, Team
from teams.zones import company as the_company
from teams.zones import zone_of


@dataclass(frozen=True)
class OpenLeaf:
    """A digest that every member reads alike; ``following`` is None where that week has not begun."""

    sheet: Sheet
    start: datetime
    end: datetime
    is_preview: bool
    previous: Week
    following: Week | None


def company_leaf(key: str, viewer: Person) -> OpenLeaf:
    """What happened in the company in the week ``key``, from Monday to Sunday in the company's zone.

    :raises Http404: for what is no week, and for a week that has not begun.
    """
    company = the_company()
    week, told = _week_of(key, company)
    facts = read_facts(told.start, told.end, company, ())
    return _leaf(viewer, week, told, select(_anybody(facts), told, facts), company.name)


def team_leaf(team: Team, key: str, viewer: Person) -> OpenLeaf:
    """As ``company_leaf``, of what concerns ``team``.

    :raises Http404: for what is no week, and for a week that has not begun.
    """
    company = the_company()
    week, told = _week_of(key, company)
    facts = read_facts(told.start, told.end, company, [team.pk]).of_team(team.pk)
    chosen = select(_anybody(facts, team), told, facts)
    return _leaf(viewer, week, told, replace(chosen, others={}), team.name)


def _week_of(key: str, company: Company) -> tuple[Week, Period]:
    """The week with the key and so much of it as has passed."""
    zone, now = zone_of(Person(), company), clock.now()
    try:
        week = Week.parse(key)
        start, end = (
            datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
            for day in (week.monday, week.monday + timedelta(days=7))
        )
    except (ValueError, OverflowError):
        raise Http404 from None
    if start > now:
        raise Http404
    return week, Period(start, min(end, now), None, None)


def _anybody(facts: Facts, *teams: Team) -> Reader:
    """A reader who is nobody: they see what everybody sees, and nothing waits for them."""
    return Reader(frozenset(team.pk for team in teams), (), facts.for_everyone.__contains__)


def _leaf(viewer: Person, week: Week, told: Period, chosen: Selection, name: str) -> OpenLeaf:
    zone = zone_of(Person())
    with timezone.override(zone):
        # The end of the week is the first moment of the one after.
        sheet = laid_out(viewer, chosen, week, told.start, told.end - timedelta(seconds=1), for_all=True)
    sheet = replace(sheet, heading=news(week, sheet.sections, name))
    following = week.plus(1)
    runs = told.end < datetime.combine(following.monday, time(), tzinfo=zone)
    return OpenLeaf(sheet, told.start, told.end, runs, week.plus(-1), None if runs else following)
