"""What the list page offers: filters and what is in force of them, views, heads to sort by."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from requests_app.choices import RequestType
from requests_app.filters import BLOCKED_CHOICES, ME, NONE, STATUS_CHOICES, TURN_CHOICES
from requests_app.lists import columns, sorting
from requests_app.lists.columns import Column
from requests_app.lists.filters import CURSOR, DENSITIES, LOOKS, ListFilters, canonical
from requests_app.models import SavedView
from teams.choosing import teams_meant
from teams.ids import id_in
from teams.models import Goal, Person, Side, Team, Touchpoint
from teams.words import letters

# Name and address of what people look for most; each stands for itself, without other filters.
QUICK = (
    (gettext_lazy("All"), ""),
    (gettext_lazy("My turn"), "turn=me"),
    (gettext_lazy("Filed by me"), "requester=me"),
    (gettext_lazy("In my tandem"), "owner=me"),
    (gettext_lazy("Blocked"), "status=open&blocked=true"),
    (gettext_lazy("Without a goal"), "status=open&goal=none"),
)
# A select with more of them helps nobody; a goal's own page leads to its requests, too.
MOST_GOALS = 100
TYPED = ("q", "team", "label", "deadline_before", "updated_since")
# The filters that stand behind "More filters".
MORE = ("side", "blocked", "touchpoint", "owner", "requester", "label", "deadline_before", "updated_since")


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


@dataclass(frozen=True)
class Tab:
    """A view of the list; ``team`` is whom a saved one is shared with."""

    url: str
    label: str | Promise
    chosen: bool
    team: str = ""


@dataclass(frozen=True)
class Head:
    """The head of a column: ``sort`` as ARIA says it, the address to sort by it alone and by it besides."""

    column: Column
    sort: str = ""
    url: str = ""
    besides: str = ""


def controls(given: QueryDict, filters: ListFilters) -> dict[str, Any]:
    """The page's context beside the table."""
    offered = _offered(given)
    chips = list(_chips(given, filters, offered))
    ordering = _ordering(filters)
    return {
        "choices": {name: _choices(given, name, options) for name, options in offered.items()},
        "orders": [_order_choices(ordering, place) for place in range(sorting.MOST_SORTS)],
        "values": {name: given.get(name, "") for name in TYPED},
        "chips": chips,
        "is_filtered": bool(chips),
        "default_columns": ",".join(columns.DEFAULT),
        "more_in_force": any(given.get(name) for name in MORE),
        "look_in_force": any(given.get(name) for name in ("columns", "group", "density"))
        or len(ordering) > 1,
        **_tabs(given, filters.person),
    }


def _offered(given: QueryDict) -> dict[str, Iterable[tuple[str, Any]]]:
    return {
        "status": STATUS_CHOICES,
        "type": RequestType.choices,
        "team": _teams(given),
        "goal": [(NONE, _("Without a goal")), *_goals(given)],
        "turn": TURN_CHOICES,
        "side": Side.choices,
        "blocked": BLOCKED_CHOICES,
        "touchpoint": _touchpoints(given),
        "owner": _people(given, "owner"),
        "requester": _people(given, "requester"),
        "columns": columns.CHOICES,
        "group": [(name, group.label) for name, group in sorting.GROUPS.items()],
        "density": DENSITIES,
    }


def _teams(given: QueryDict) -> list[tuple[str, str]]:
    """The team that is asked for, with its name; all others are found by typing."""
    value = given.get("team", "").replace("\0", "")
    return [(value, team.name) for team in teams_meant(Team.objects.all(), value)] if value else []


def _touchpoints(given: QueryDict) -> list[tuple[str, str]]:
    """The touchpoint that is asked for; the map of touchpoints leads to all."""
    value = given.get("touchpoint", "").replace("\0", "")
    return [(value, str(one)) for one in Touchpoint.objects.filter(slug=value)] if value else []


def _goals(given: QueryDict) -> list[tuple[str, str]]:
    """The newest goals and the one that is asked for, by title."""
    goals = Goal.objects.order_by("-pk").values_list("pk", "title")
    found = {str(pk): title for pk, title in goals.filter(is_archived=False)[:MOST_GOALS]}
    wanted = given.get("goal", "")
    pk = id_in(wanted)
    if wanted not in found and pk is not None:
        found |= {str(pk): title for pk, title in goals.filter(pk=pk)}
    return sorted(found.items(), key=lambda goal: letters(goal[1]))


def _people(given: QueryDict, name: str) -> list[tuple[str, str]]:
    choices = [(ME, _("Myself"))]
    value = given.get(name, "")
    pk = id_in(value)
    if pk is not None:
        person = Person.objects.filter(pk=pk).first()
        choices += [(value, person.name)] if person else []
    return choices


def _choices(given: QueryDict, name: str, options: Iterable[tuple[str, Any]]) -> list[Choice]:
    chosen = [one for value in given.getlist(name) for one in value.split(",") if one]
    if name == "columns" and not chosen:
        chosen = list(columns.DEFAULT)
    return [Choice(value, label, value in chosen) for value, label in options]


def _ordering(filters: ListFilters) -> list[str]:
    """What is sorted by; the usual where that is wrong."""
    asked: list[str] = getattr(filters.form, "cleaned_data", {}).get("ordering") or []
    return asked or [sorting.DEFAULT]


def _order_choices(ordering: list[str], place: int) -> list[Choice]:
    chosen = ordering[place] if place < len(ordering) else ""
    return [Choice(value, label, value == chosen) for value, label in sorting.CHOICES]


def _chips(
    given: QueryDict, filters: ListFilters, offered: dict[str, Iterable[tuple[str, Any]]]
) -> Iterator[Chip]:
    fields = filters.form.fields
    for name, values in given.lists():
        if name in (CURSOR, *LOOKS):
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
    return list_url(query.urlencode())


def list_url(query: str) -> str:
    """The address of the list with this query, from the list itself."""
    return f"?{query}" if query else reverse("requests:list")


def _tabs(given: QueryDict, person: Person) -> dict[str, Any]:
    """The views that are always there, and the person's own and shared ones. One query."""
    here = canonical(given)
    saved = (
        SavedView.objects.offered_to(person).filter(board=None).select_related("team").order_by("name", "pk")
    )
    return {
        "quick": [Tab(list_url(query), label, here == canonical(QueryDict(query))) for label, query in QUICK],
        "views": [
            Tab(list_url(view.query), view.name, here == view.query, view.team.name if view.team else "")
            for view in saved
        ],
    }


def heads(given: QueryDict, filters: ListFilters) -> list[Head]:
    """The heads of the columns that are shown."""
    ordering = _ordering(filters)
    return [_head(column, given, ordering) if column.sort else Head(column) for column in filters.shown]


def _head(column: Column, given: QueryDict, ordering: list[str]) -> Head:
    now = next((one for one in ordering if one.lstrip("-") == column.sort), "")
    ways = [value for value, _words in sorting.SORTS[column.sort].ways()]
    wanted = ways[1] if now == ways[0] else ways[0]
    # The second press turns the direction round in its place, another column comes behind.
    more = [wanted if one == now else one for one in ordering] if now else [*ordering, wanted]
    sort = "none" if now != ordering[0] else "descending" if now.startswith("-") else "ascending"
    return Head(column, sort, _sorted(given, [wanted]), _sorted(given, more[-sorting.MOST_SORTS :]))


def _sorted(given: QueryDict, ordering: list[str]) -> str:
    query = given.copy()
    query.pop(CURSOR, None)
    query["ordering"] = ",".join(ordering)
    return list_url(query.urlencode())
