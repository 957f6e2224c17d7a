"""The list of requests: filters that work without JavaScript, pages by cursor, never a total."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from requests_app.choices import RequestType
from requests_app.filters import (
    BLOCKED_CHOICES,
    DEFAULT_ORDERING,
    ME,
    NONE,
    ORDERING_CHOICES,
    STATUS_CHOICES,
    TURN_CHOICES,
    RequestFilters,
)
from requests_app.models import Request
from requests_app.paging import BadCursor, Page, page_of
from teams.choosing import teams_meant
from teams.http import AuthedRequest
from teams.models import Goal, Person, Side, Team

PAGE_SIZE = 25
# A select with more of them helps nobody; a goal's own page leads to its requests, too.
MOST_GOALS = 100
CURSOR = "cursor"
NOTHING: Page[Request] = Page([], "", "")

# Name and address of what people look for most; each stands for itself, without other filters.
QUICK = (
    (gettext_lazy("All"), ""),
    (gettext_lazy("My turn"), "turn=me"),
    (gettext_lazy("Filed by me"), "requester=me"),
    (gettext_lazy("In my tandem"), "owner=me"),
    (gettext_lazy("Blocked"), "status=open&blocked=true"),
    (gettext_lazy("Without a goal"), "status=open&goal=none"),
)


class ListFilters(RequestFilters):
    besides = (CURSOR,)


@dataclass(frozen=True)
class Choice:
    """An option of a filter; ``chosen`` where it is in force."""

    value: str
    label: str | Promise
    chosen: bool


@dataclass(frozen=True)
class Chip:
    """A filter in force, and the address of the list without it."""

    label: str
    value: str
    without: str


@require_GET
def request_list(request: AuthedRequest) -> HttpResponse:
    """What the person may see, filtered and ordered; a wrong filter is told, never ignored."""
    visible = Request.objects.visible_to(request.user).for_rows()
    filters = ListFilters(request.GET, visible, request=request)
    page, errors = NOTHING, _errors(filters)
    if not errors:
        try:
            page = page_of(filters.qs, request.GET.get(CURSOR, ""), PAGE_SIZE)
        except BadCursor:
            errors = [_("This page of the list cannot be found. Start again at the first one.")]
    context = {
        "rows": page.rows,
        "next": _address(request.GET, page.next),
        "previous": _address(request.GET, page.previous),
        "errors": errors,
        **_controls(request.GET, filters),
    }
    return render(request, "requests_app/list.html", context, status=400 if errors else 200)


def _errors(filters: RequestFilters) -> list[str]:
    if filters.is_valid():
        return []
    fields = filters.form.fields
    return [
        f"{fields[name].label if name in fields else name}: {message}"
        for name, messages in filters.errors.items()
        for message in messages
    ]


def _address(given: QueryDict, cursor: str) -> str:
    if not cursor:
        return ""
    query = given.copy()
    query[CURSOR] = cursor
    return f"?{query.urlencode()}"


def _controls(given: QueryDict, filters: RequestFilters) -> dict[str, Any]:
    offered: dict[str, Iterable[tuple[str, Any]]] = {
        "status": STATUS_CHOICES,
        "type": RequestType.choices,
        "team": _teams(given),
        "goal": [(NONE, _("Without a goal")), *_goals(given)],
        "turn": TURN_CHOICES,
        "side": Side.choices,
        "blocked": BLOCKED_CHOICES,
        "owner": _people(given, "owner"),
        "requester": _people(given, "requester"),
        "ordering": ORDERING_CHOICES,
    }
    chips = list(_chips(given, filters, offered))
    return {
        "choices": {name: _choices(given, name, options) for name, options in offered.items()},
        "values": {name: given.get(name, "") for name in TYPED},
        "chips": chips,
        "is_filtered": bool(chips),
        "quick": _quick(given),
        "more_in_force": any(given.get(name) for name in MORE),
    }


TYPED = ("q", "team", "label", "deadline_before", "updated_since")
# The filters that stand behind "More filters".
MORE = ("side", "blocked", "owner", "requester", "label", "deadline_before", "updated_since")


def _teams(given: QueryDict) -> list[tuple[str, str]]:
    """The team that is asked for, with its name; all others are found by typing."""
    value = given.get("team", "").replace("\0", "")
    return [(value, team.name) for team in teams_meant(Team.objects.all(), value)] if value else []


def _goals(given: QueryDict) -> list[tuple[str, str]]:
    """The newest goals and the one that is asked for, by title."""
    goals = Goal.objects.order_by("-pk").values_list("pk", "title")
    found = {str(pk): title for pk, title in goals.filter(is_archived=False)[:MOST_GOALS]}
    wanted = given.get("goal", "")
    if wanted not in found and _is_id(wanted):
        found |= {str(pk): title for pk, title in goals.filter(pk=int(wanted))}
    return sorted(found.items(), key=lambda goal: goal[1].casefold())


def _is_id(value: str) -> bool:
    return value.isascii() and value.isdecimal() and len(value) < 19


def _people(given: QueryDict, name: str) -> list[tuple[str, str]]:
    choices = [(ME, _("Myself"))]
    value = given.get(name, "")
    if _is_id(value):
        person = Person.objects.filter(pk=int(value)).first()
        choices += [(value, person.name)] if person else []
    return choices


def _choices(given: QueryDict, name: str, options: Iterable[tuple[str, Any]]) -> list[Choice]:
    chosen = [value for value in given.getlist(name) if value]
    if name == "ordering" and not chosen:
        chosen = [DEFAULT_ORDERING]
    return [Choice(value, label, value in chosen) for value, label in options]


def _chips(
    given: QueryDict, filters: RequestFilters, offered: dict[str, Iterable[tuple[str, Any]]]
) -> Iterator[Chip]:
    fields = filters.form.fields
    for name, values in given.lists():
        if name in (CURSOR, "ordering"):
            continue
        words = {value: str(label) for value, label in offered.get(name, ())}
        label = str(fields[name].label) if name in fields else name
        for value in values:
            if value:
                yield Chip(label, words.get(value, value), _without(given, name, value))


def _without(given: QueryDict, name: str, value: str) -> str:
    query = given.copy()
    query.pop(CURSOR, None)
    query.setlist(name, [one for one in given.getlist(name) if one and one != value])
    rest = query.urlencode()
    return f"?{rest}" if rest else reverse("requests:list")


def _quick(given: QueryDict) -> list[Choice]:
    now = {(name, value) for name, values in given.lists() for value in values if value and name != CURSOR}
    return [
        Choice(f"?{query}" if query else reverse("requests:list"), label, now == set(_pairs(query)))
        for label, query in QUICK
    ]


def _pairs(query: str) -> Iterator[tuple[str, str]]:
    for name, values in QueryDict(query).lists():
        for value in values:
            yield name, value
