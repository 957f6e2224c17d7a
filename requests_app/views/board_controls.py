"""What a board offers above its columns: quick filters, filters in force, lanes, the queue."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from requests_app.boards.facts import Facts
from requests_app.boards.filters import MINE, PLACES, TURN_CHOICES, BoardFilters, canonical_of
from requests_app.boards.lanes import LANES
from requests_app.choices import RequestType
from requests_app.filters import BLOCKED_CHOICES, ME, NONE, YES
from requests_app.models import Board, SavedView
from requests_app.views.list_controls import MOST_GOALS, Chip, Choice, Tab
from teams.choosing import teams_meant
from teams.ids import id_in
from teams.models import Goal, Person, Side, Team, Touchpoint
from teams.words import letters

QUICK = (
    (gettext_lazy("My turn"), "turn", ME),
    (gettext_lazy("My side's turn"), "turn", MINE),
    (gettext_lazy("Blocked"), "blocked", YES),
    (gettext_lazy("Ageing"), "ageing", YES),
    (gettext_lazy("Without a goal"), "goal", NONE),
)
# The filters behind "Filter", and whether each of them is chosen from a list.
SHEET = ("goal", "type", "touchpoint", "turn", "side", "blocked", "team", "label", "deadline_before")


@dataclass(frozen=True)
class Toggle:
    """A quick filter: the address with it where it is off, without it where it is on."""

    label: str | Promise
    url: str
    on: bool


@dataclass(frozen=True)
class Queue:
    """How deep a team's queue is: ``waiting`` requests are ``weeks`` of work, where that is known."""

    team: str
    waiting: int
    weeks: float | None

    @property
    def in_words(self) -> str:
        """The depth in whole weeks, where it is one at least."""
        weeks = round(self.weeks or 0)
        if weeks < 1:
            return _("less than a week")
        return ngettext("%(count)d week", "%(count)d weeks", weeks) % {"count": weeks}


def controls(given: QueryDict, filters: BoardFilters, board: Board, person: Person) -> dict[str, Any]:
    """The page's context above the columns. One query, and one for each filter in force."""
    return {
        "views": _views(given, board, person),
        "here": canonical_of(given),
        "quick": [_toggle(given, *quick) for quick in QUICK],
        "chips": list(_chips(given, filters)),
        "in_force": [
            (name, value) for name, values in given.lists() if name in SHEET for value in values if value
        ],
        "lanes_choices": _lanes(given, board),
        "words": given.get("q", ""),
        "new_query": _new_request(board, given),
    }


def _lanes(given: QueryDict, board: Board) -> list[Choice]:
    """No lanes, and each kind; what the board has for everybody needs no word in the address."""
    chosen = given.get("lanes") or board.lanes or NONE
    kinds = [(NONE, pgettext("lanes", "none")), *((name, kind.label) for name, kind in LANES.items())]
    return [
        Choice("" if name == (board.lanes or NONE) else name, label, chosen == name) for name, label in kinds
    ]


def _toggle(given: QueryDict, label: str | Promise, name: str, value: str) -> Toggle:
    on = given.get(name) == value
    return Toggle(label, _with(given, name, "" if on else value), on)


def _views(given: QueryDict, board: Board, person: Person) -> list[Tab]:
    """What ``person`` and their teams have kept of this board."""
    here = canonical_of(given)
    saved = SavedView.objects.offered_to(person).filter(board=board).select_related("team")
    return [
        Tab(f"?{view.query}", view.name, here == view.query, view.team.name if view.team else "")
        for view in saved.order_by("name", "pk")
    ]


def _with(given: QueryDict, name: str, value: str) -> str:
    query = given.copy()
    query[name] = value
    return f"?{canonical_of(query)}"


def _chips(given: QueryDict, filters: BoardFilters) -> Iterator[Chip]:
    quick = {(name, value) for _label, name, value in QUICK}
    for name, values in given.lists():
        if name == "lanes" or name in PLACES:
            continue
        field = filters.form.fields.get(name)
        for value in values:
            if value and (name, value) not in quick:
                words = _words(name, value)
                yield Chip(str(field.label) if field else name, words, _with(given, name, ""))


def _words(name: str, value: str) -> str:
    """``value`` of a filter as a person says it."""
    plain: dict[str, Any] = {
        "type": RequestType.choices,
        "turn": TURN_CHOICES,
        "side": Side.choices,
        "blocked": BLOCKED_CHOICES,
    }
    if name in plain:
        return str(dict(plain[name]).get(value, value))
    row = LOOKUPS[name](value.replace("\0", "")) if name in LOOKUPS else None
    return str(row) if row else value


def _by_id(rows: Any, value: str) -> Any:
    return rows.filter(pk=id_in(value) or 0).first()


LOOKUPS: dict[str, Any] = {
    "goal": lambda value: _by_id(Goal.objects, value),
    "owner": lambda value: _("Myself") if value == ME else _by_id(Person.objects, value),
    "requester": lambda value: _("Myself") if value == ME else _by_id(Person.objects, value),
    "team": lambda value: teams_meant(Team.objects.all(), value).first(),
    "touchpoint": lambda value: Touchpoint.objects.filter(slug=value).first(),
}


def sheet(given: QueryDict) -> dict[str, Any]:
    """The filters to choose from. Two queries, three where a team is asked for."""
    goals = Goal.objects.filter(is_archived=False).order_by("-pk")[:MOST_GOALS]
    offered: dict[str, Any] = {
        "goal": [
            (NONE, _("Without a goal")),
            *sorted(((str(g.pk), g.title) for g in goals), key=lambda g: letters(g[1])),
        ],
        "type": RequestType.choices,
        "touchpoint": [(row.slug, str(row)) for row in Touchpoint.objects.filter(is_archived=False)],
        "turn": TURN_CHOICES,
        "side": Side.choices,
        "blocked": BLOCKED_CHOICES,
    }
    return {
        "choices": {
            name: [Choice(value, label, given.get(name) == value) for value, label in options]
            for name, options in offered.items()
        },
        "values": {name: given.get(name, "") for name in ("team", "label", "deadline_before")},
    }


def _new_request(board: Board, given: QueryDict) -> str:
    """What the intake form is filled in with: the board's team and goal, or the goal that is looked at."""
    teams = [board.team.slug] if board.team else [row["slug"] for row in board.team_rows]
    goal = str(board.goal_id or given.get("goal", ""))
    query = QueryDict(mutable=True)
    if len(teams) == 1:
        query["serving_team"] = teams[0]
    if id_in(goal) is not None:
        query["goal"] = goal
    return query.urlencode()


def queues(board: Board, facts: Facts) -> list[Queue]:
    """The queues of the board's teams, the deepest first."""
    names = {row["id"]: row["name"] for row in board.team_rows}
    if board.team:
        names = {board.team.pk: board.team.name}
    found = [
        Queue(names[team], today.waiting, today.weeks) for team, today in facts.teams.items() if team in names
    ]
    return sorted(found, key=lambda queue: -(queue.weeks or 0))
