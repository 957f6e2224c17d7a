"""Which new requests wait, in which order, and how a page's address says so."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import reverse

from activity import clock
from requests_app.choices import Status
from requests_app.models import Request
from teams.models import Person, Team

# So many are shown at once; who has more decides on the first ones first.
SHOWN = 50
# What a line of the queue shows.
QUEUED = (
    *("title", "status_since", "difference", "version", "snoozed_until"),
    *("requesting_team__name", "it_owner__name"),
)
LONGEST_NUMBER = 18


@dataclass(frozen=True)
class Look:
    """How somebody looks at the queue, as addresses carry it; what is not known falls back to the usual."""

    scope: str = ""
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
            aside=asked.get("aside") == "1",
            number=_number(asked.get("request", "")),
            undo=_number(asked.get("undo", "")),
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
        named = {"scope": self.scope, "aside": aside, "request": self.number, "undo": self.undo}
        return urlencode({name: value for name, value in named.items() if value})

    @property
    def address(self) -> str:
        return f"{reverse('requests:triage')}?{self.query}" if self.query else reverse("requests:triage")


def _number(text: str) -> int | None:
    fits = text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER
    return int(text) if fits else None


def new_ones(person: Person, teams: list[Team] | None) -> QuerySet[Request]:
    """New requests that ``person`` may see; of ``teams`` those that they could serve."""
    rows = Request.objects.visible_to(person).filter(status=Status.SUBMITTED)
    if teams is None:
        return rows
    return rows.filter(Q(serving_team__in=teams) | Q(serving_team=None))


def is_aside() -> Q:
    """Put aside until a moment that has not come; the one that has need not wait for the scheduler."""
    return Q(snoozed_until__gt=clock.now())


def listed(rows: QuerySet[Request], *, aside: bool) -> QuerySet[Request]:
    """With what a line shows: those that wait in the one order, or those put aside by their moment."""
    rows = rows.select_related("requesting_team", "it_owner").only(*QUEUED)
    if aside:
        return rows.filter(is_aside()).order_by("snoozed_until", "number")
    return rows.exclude(is_aside()).order_by("rank")
