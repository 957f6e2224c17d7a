"""The filters of a search, looked up: ``from:lena``, ``in:campaigns``, ``status:open``."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from knowhow.models import Stage
from portal.searching.asked import Asked
from portal.searching.kinds import Filters
from requests_app.choices import OPEN, Status
from teams.models import Person, Team

ME = ("me", "mich", "mir")
# What a person or team is called may fit many; more than this, and the filter says too little.
MOST = 200
LANGUAGES = ("de", "en")
ALL_OPEN = {"open": OPEN, "offen": OPEN}


@dataclass(frozen=True)
class Narrowed:
    """The filters, and a sentence for each that fits nothing."""

    filters: Filters
    notes: Sequence[str]


def narrow(asked: Asked, person: Person) -> Narrowed:
    """What the filters of ``asked`` mean to ``person``. At most two queries."""
    people = _people(asked.by, person) if asked.by else None
    teams = _teams(asked.team) if asked.team else None
    statuses = list(_statuses(asked.status.casefold())) if asked.status else None
    return Narrowed(Filters(people, teams, statuses), list(_notes(asked, people, teams, statuses)))


def _people(name: str, person: Person) -> list[int]:
    if name.casefold() in ME:
        return [person.pk]
    called = Q(name__icontains=name) | Q(email__istartswith=name)
    return list(Person.objects.filter(called).order_by("pk").values_list("pk", flat=True)[:MOST])


def _teams(name: str) -> list[int]:
    called = Q(name__icontains=name) | Q(slug=name.lower())
    return list(Team.objects.filter(called).order_by("pk").values_list("pk", flat=True)[:MOST])


def _statuses(name: str) -> Iterator[str]:
    yield from ALL_OPEN.get(name, ())
    for status in (*Status, *Stage):
        if status != Status.DRAFT and name in (status.value, *_labels(status)):
            yield status


def _labels(status: Status | Stage) -> Iterator[str]:
    for language in LANGUAGES:
        with override(language):
            label = str(status.label).casefold()
        # Without quotes a filter holds no space: status:in-arbeit, status:in_arbeit.
        yield from (label, label.replace(" ", "-"), label.replace(" ", "_"))


def _notes(
    asked: Asked,
    people: list[int] | None,
    teams: list[int] | None,
    statuses: list[str] | None,
) -> Iterator[str]:
    if people == []:
        yield _("Nobody here is called “%(name)s”.") % {"name": asked.by}
    if teams == []:
        yield _("No team is called “%(name)s”.") % {"name": asked.team}
    if statuses == []:
        yield _("There is no status “%(name)s”. Try open, done or parked.") % {"name": asked.status}
