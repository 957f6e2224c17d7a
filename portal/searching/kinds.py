"""The kinds of things that can be found: where each is looked for, and how a hit is shown.

Every kind looks only among what the person may see. A filter that a kind does not know (a team has no status)
leaves nothing of it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from knowhow.exchanges.models import WORDS_OF_EXCHANGES, Exchange
from knowhow.models import Solution
from portal.searching.asked import Kept, Queries
from requests_app.highlights import excerpt_of, joined, title_of, with_headlines
from requests_app.models import Comment, Request
from teams.models import Goal, Person, Team
from teams.words import WORDS_OF_GOALS, WORDS_OF_NAMES, WORDS_OF_TEAMS

WORDS = F("words")


@dataclass(frozen=True)
class Filters:
    """The filters of a search, found: whose, of which teams, in which status; None where not asked for."""

    people: Sequence[int] | None = None
    teams: Sequence[int] | None = None
    statuses: Sequence[str] | None = None


@dataclass(frozen=True)
class Hit:
    """A thing that was found, highlighted and safe to show; a ``status`` have only requests and talk."""

    title: SafeString
    excerpt: SafeString
    url: str
    key: str = ""
    status: str = ""
    restricted: bool = False
    told: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Kind:
    """``rows`` has what the person may see; ``worth`` is what the rank of a hit counts beside other kinds."""

    key: str
    label: str | Promise
    icon: str
    worth: float
    rows: Callable[[Person, Filters], "QuerySet[Any]"]
    vector: Combinable
    show: Callable[["QuerySet[Any]", Kept], dict[int, Hit]]
    by_name: bool = False

    def query(self, queries: Queries) -> Kept:
        """What this kind is asked."""
        return queries.names if self.by_name else queries.texts


def _requests(person: Person, filters: Filters) -> "QuerySet[Any]":
    rows: QuerySet[Any] = Request.objects.visible_to(person).submitted()
    return rows.filter(_of_request(filters, ""), _one_of(filters.people, "requester"))


def _comments(person: Person, filters: Filters) -> "QuerySet[Any]":
    rows: QuerySet[Any] = Comment.objects.found_by(person).filter(deleted_at=None)
    return rows.filter(_of_request(filters, "request__"), _one_of(filters.people, "author"))


def _of_request(filters: Filters, prefix: str) -> Q:
    teams = _one_of(filters.teams, f"{prefix}requesting_team") | _one_of(
        filters.teams, f"{prefix}serving_team"
    )
    return teams & _one_of(filters.statuses, f"{prefix}status")


def _one_of(wanted: Sequence[Any] | None, name: str) -> Q:
    return Q() if wanted is None else Q(**{f"{name}__in": wanted})


def _none(*unknown: Sequence[Any] | None) -> Q:
    """Nothing, where a filter is asked for that the kind does not know."""
    return Q() if all(one is None for one in unknown) else Q(pk__in=[])


def _goals(_person: Person, filters: Filters) -> "QuerySet[Any]":
    rows = Goal.objects.filter(_none(filters.people, filters.statuses), is_archived=False)
    return rows.filter(_one_of(_through(filters, "goals"), "pk"))


def _teams(_person: Person, filters: Filters) -> "QuerySet[Any]":
    return Team.objects.filter(_none(filters.people, filters.statuses), _one_of(filters.teams, "pk"))


def _people(_person: Person, filters: Filters) -> "QuerySet[Any]":
    rows = Person.objects.filter(_none(filters.people, filters.statuses), is_active=True)
    return rows.filter(_one_of(_through(filters, "members"), "pk"))


def _solutions(_person: Person, filters: Filters) -> "QuerySet[Any]":
    rows = Solution.objects.filter(_none(filters.people), _one_of(filters.statuses, "status"))
    return rows.filter(_one_of(filters.teams, "team"))


def _exchanges(_person: Person, filters: Filters) -> "QuerySet[Any]":
    return Exchange.objects.filter(
        _none(filters.teams, filters.statuses), _one_of(filters.people, "host"), cancelled_at=None
    )


def _through(filters: Filters, name: str) -> Any:
    """What the teams of the filter have under ``name``: a subquery, so that each is found once."""
    return None if filters.teams is None else Team.objects.filter(pk__in=filters.teams).values(name)


def _show_requests(rows: "QuerySet[Any]", query: Kept) -> dict[int, Hit]:
    body = joined("customer_need", "outcome", "wished_tool")
    found = with_headlines(rows.for_rows(), "title", body, query)  # type: ignore[attr-defined]
    return {
        row.pk: Hit(
            title_of(row) or format_html("{}", row.key),
            excerpt_of(row),
            row.get_absolute_url(),
            key=row.key,
            status=row.status,
            restricted=row.restricted,
            told=f"{row.requesting_team or '–'} → {row.serving_team or '?'}",
            at=row.updated_at,
        )
        for row in found
    }


def _show_comments(rows: "QuerySet[Any]", query: Kept) -> dict[int, Hit]:
    shown = ("created_at", "author__name", "request__title", "request__status", "request__restricted")
    found = with_headlines(
        rows.select_related("author", "request").only(*shown), "request__title", "body", query
    )
    return {
        row.pk: Hit(
            title_of(row) or format_html("T-{}", row.request_id),
            excerpt_of(row),
            f"{reverse('requests:detail', args=[row.request_id])}#comment-{row.pk}",
            key=f"T-{row.request_id}",
            status=row.request.status,
            restricted=row.request.restricted,
            told=row.author.name if row.author else "",
            at=row.created_at,
        )
        for row in found
    }


def _show_goals(rows: "QuerySet[Any]", query: Kept) -> dict[int, Hit]:
    brief = joined("brief", "customer_change", "expected_of_it", "expected_of_marketing")
    found = with_headlines(rows.prefetch_related("teams"), "title", brief, query)
    return {row.pk: _hit(row, "teams:goal", row.pk, ", ".join(map(str, row.teams.all()))) for row in found}


def _show_teams(rows: "QuerySet[Any]", query: Kept) -> dict[int, Hit]:
    found = with_headlines(rows, "name", "brief", query)
    return {row.pk: _hit(row, "teams:team", row.slug, row.get_side_display()) for row in found}


def _show_people(rows: "QuerySet[Any]", query: Kept) -> dict[int, Hit]:
    found = with_headlines(rows.prefetch_related("teams"), "name", Value(""), query)
    return {row.pk: _hit(row, "teams:person", row.pk, ", ".join(map(str, row.teams.all()))) for row in found}


def _show_solutions(rows: "QuerySet[Any]", query: Kept) -> dict[int, Hit]:
    found = with_headlines(
        rows.select_related("team").defer("words"), "title", joined("purpose", "what_to_do", "terms"), query
    )
    return {row.pk: _hit(row, "solutions:solution", row.slug, row.team.name) for row in found}


def _show_exchanges(rows: "QuerySet[Any]", query: Kept) -> dict[int, Hit]:
    found = with_headlines(rows.select_related("host"), "title", joined("ability", "topic"), query)
    return {
        row.pk: replace(_hit(row, "exchanges:exchange", row.pk, row.host.name), at=row.starts_at)
        for row in found
    }


def _hit(row: Any, route: str, key: Any, told: str) -> Hit:
    return Hit(title_of(row), excerpt_of(row), reverse(route, args=[key]), told=told)


KINDS = (
    Kind("requests", _("Requests"), "list-details", 1, _requests, WORDS, _show_requests),
    Kind("comments", _("Comments"), "messages", 1, _comments, WORDS, _show_comments),
    Kind("goals", _("Goals"), "target-arrow", 2, _goals, WORDS_OF_GOALS, _show_goals),
    Kind("teams", _("Teams"), "users-group", 2, _teams, WORDS_OF_TEAMS, _show_teams),
    Kind("people", _("People"), "users", 30, _people, WORDS_OF_NAMES, _show_people, by_name=True),
    Kind("solutions", _("Solutions"), "puzzle", 2, _solutions, WORDS, _show_solutions),
    Kind("exchanges", _("Exchanges"), "calendar", 2, _exchanges, WORDS_OF_EXCHANGES, _show_exchanges),
)
