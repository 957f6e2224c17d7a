"""Which new requests wait, in which order, and how a page's address says so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial, reduce
from operator import or_
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from activity import clock
from requests_app.choices import Status
from requests_app.models import Request
from requests_app.models.request import waits_for_response
from requests_app.querysets import RequestQuerySet
from requests_app.scoring.rules import rules_for, rules_row
from requests_app.triage.first_response import Clock, calendar_of, clock_of, running
from teams.ids import id_in
from teams.models import Person, Team

# So many are shown at once; who has more decides on the first ones first.
SHOWN = 50
# What a line of the queue shows.
QUEUED = (
    *("title", "status", "status_since", "difference", "version", "snoozed_until"),
    *("submitted_at", "first_response_at", "origin"),
    *("requesting_team__name", "it_owner__name", "serving_team__country", "serving_team__region"),
)
BY_RANK = "rank"


@dataclass(frozen=True)
class Look:
    """How somebody looks at the queue, as addresses carry it; what is not known falls back to the usual."""

    scope: str = ""
    # What is due first, or the one order of all boards.
    order: str = ""
    # What was put aside, instead of what waits.
    aside: bool = False
    number: int | None = None
    # The request whose last step may still be taken back.
    undo: int | None = None

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> "Look":
        """From the parameters of an address."""
        return cls(
            scope="all" if asked.get("scope") == "all" else "",
            order=BY_RANK if asked.get("order") == BY_RANK else "",
            aside=asked.get("aside") == "1",
            number=id_in(asked.get("request", "")),
            undo=id_in(asked.get("undo", "")),
        )

    def at(self, number: int | None, undo: int | None = None) -> "Look":
        """The same look at another request."""
        return replace(self, number=number, undo=undo)

    @property
    def list_address(self) -> str:
        """The list alone, where there is no place for both."""
        return self.at(None).address

    @property
    def query(self) -> str:
        aside = "1" if self.aside else ""
        named = {
            "scope": self.scope,
            "order": self.order,
            "aside": aside,
            "request": self.number,
            "undo": self.undo,
        }
        return urlencode({name: value for name, value in named.items() if value})

    @property
    def address(self) -> str:
        return f"{reverse('requests:triage')}?{self.query}" if self.query else reverse("requests:triage")


def new_ones(person: Person, teams: list[Team] | None) -> RequestQuerySet:
    """New requests that ``person`` may see; of ``teams`` those that they could serve."""
    rows = Request.objects.visible_to(person).filter(status=Status.SUBMITTED)
    if teams is None:
        return rows
    return rows.filter(Q(serving_team__in=teams) | Q(serving_team=None))


def is_aside() -> Q:
    """Put aside until a moment that has not come; the one that has need not wait for the scheduler."""
    return Q(snoozed_until__gt=clock.now())


def listed(rows: RequestQuerySet, look: Look, teams: Iterable[Team]) -> RequestQuerySet:
    """With what a line shows, in the order that is looked at: what is due first, or the one order of all.

    ``teams`` are those that could serve them. Answers are due in the order in which requests came, but for
    the holidays of their teams: with several calendars these are the first ones of each, which hold the
    first ones of all; ``lines`` puts them into their order.
    """
    names = ("requesting_team", "serving_team", "it_owner")
    shown = rows.select_related(*names).annotate(rules_row=rules_row()).only(*QUEUED)
    if look.aside:
        return shown.filter(is_aside()).order_by("snoozed_until", "number")[: SHOWN + 1]
    waiting = shown.exclude(is_aside())
    if look.order == BY_RANK:
        return waiting.order_by("rank")[: SHOWN + 1]
    first = [_in_turn(rows.exclude(is_aside()).filter(one)).values("number") for one in _calendars(teams)]
    if len(first) == 1:
        return _in_turn(waiting)
    return waiting.filter(reduce(or_, (Q(number__in=numbers) for numbers in first)))


def _in_turn(rows: RequestQuerySet) -> RequestQuerySet:
    """The first ones of ``rows``, as they are due where they share a calendar."""
    return rows.order_by(waits_for_response().desc(), "submitted_at", "number")[: SHOWN + 1]


def _calendars(teams: Iterable[Team]) -> list[Q]:
    """For each calendar of holidays the condition of being served by it; who has no team has no holidays."""
    served = {("", ""): Q(serving_team=None)}
    for team in teams:
        place = (team.country, team.region)
        served[place] = served.get(place, Q(pk__in=[])) | Q(serving_team=team)
    return list(served.values())


@dataclass(frozen=True)
class Line:
    """One line of the queue; ``clock`` runs until somebody of IT has answered."""

    request: Request
    address: str
    clock: Clock | None


def lines(rows: Iterable[Request], look: Look, now: datetime) -> list[Line]:
    """The lines of ``rows``, which come ``listed``; what is due first stands first, whatever its calendar."""
    found = [Line(one, look.at(one.number).address, _clock(one, now)) for one in rows]
    return found if look.aside or look.order == BY_RANK else sorted(found, key=partial(_due, now))


def _due(now: datetime, line: Line) -> tuple[bool, datetime, datetime, int]:
    """When it is due, of two at the same moment as they came; what is answered already stands behind."""
    request, due = line.request, line.clock.due if line.clock else now
    return line.clock is None, due, request.submitted_at or now, request.number


def _clock(request: Request, now: datetime) -> Clock | None:
    since = running(request)
    if since is None:
        return None
    rules = rules_for(request)
    calendar = calendar_of(request.serving_team, rules.zone, rules.first_response_hours)
    return clock_of(since, now, calendar)
