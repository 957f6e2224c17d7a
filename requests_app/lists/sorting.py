"""By what lists of requests are sorted and grouped: a row for each, and the order that several make."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import F
from django.db.models.expressions import OrderBy
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from requests_app.models import Request
from requests_app.models.request import life_place
from requests_app.querysets import RequestQuerySet

# More say nothing to a person, and each costs the database a comparison.
MOST_SORTS = 3
UNIQUE = "number"
DEFAULT = "-number"


@dataclass(frozen=True)
class Sort:
    """One column to sort by, in the words of both directions; ``descends`` where that one is offered first.

    Where the column may be empty, rows without a value come last in either direction: what is kept from a
    reader is not told by its place either.
    """

    column: str
    ascending: str | Promise
    descending: str | Promise
    descends: bool = False

    def ways(self) -> list[tuple[str, str | Promise]]:
        """Both directions as addresses name them, with their words."""
        ways = [(self.column, self.ascending), (f"-{self.column}", self.descending)]
        return ways[::-1] if self.descends else ways


SORTS: dict[str, Sort] = {
    sort.column: sort
    for sort in (
        Sort("number", _("Oldest first"), _("Newest first"), descends=True),
        Sort("updated_at", _("Longest unchanged first"), _("Last changed first"), descends=True),
        Sort("deadline", _("Nearest deadline first"), _("Latest deadline first")),
        Sort("rank", _("In the order of the boards"), _("In the reverse order of the boards")),
        Sort("created_at", _("First filed first"), _("Last filed first"), descends=True),
        Sort("title", _("Title from A to Z"), _("Title from Z to A")),
        Sort("turn_since", _("Longest waiting first"), _("Shortest waiting first")),
        Sort("difference", _("Smallest impact first"), _("Largest impact first"), descends=True),
        Sort("effort", _("Least effort first"), _("Most effort first")),
        Sort("done_at", _("First delivered first"), _("Last delivered first"), descends=True),
    )
}
CHOICES = [way for sort in SORTS.values() for way in sort.ways()]


@dataclass(frozen=True)
class Group:
    """One thing to group by: the column that leads the order, and what stands above a group."""

    label: str | Promise
    column: str
    words: Callable[[Request], str | Promise]


STATUS_PLACE = "status_place"
# Teams and goals stand in the order in which they were made, as the indexes of the table do.
GROUPS: dict[str, Group] = {
    "status": Group(_("Status"), STATUS_PLACE, lambda row: row.get_status_display()),
    "turn": Group(_("Turn"), "turn", lambda row: row.get_turn_display()),
    "type": Group(_("Type"), "type", lambda row: row.get_type_display() or _("Without a type")),
    "team": Group(
        _("Serving team"),
        "serving_team_id",
        lambda row: row.serving_team.name if row.serving_team else _("Without a serving team"),
    ),
    "goal": Group(_("Goal"), "goal_id", lambda row: row.goal.title if row.goal else _("Without a goal")),
}


def sorted_by(rows: RequestQuerySet, ordering: Sequence[str], group: str = "") -> RequestQuerySet:
    """``rows`` in the order of ``group`` and then of ``ordering`` ("-deadline", "title").

    The last column is always the number, so that no two rows share a place; it runs like the first that was
    asked for.
    """
    columns = columns_of(ordering, group)
    if STATUS_PLACE in columns:
        rows = rows.annotate(**{STATUS_PLACE: life_place()})
    return rows.order_by(*map(_by, columns))


def columns_of(ordering: Sequence[str], group: str = "") -> list[str]:
    """The columns of an order, with "-" before those that descend."""
    asked = list(ordering) or [DEFAULT]
    columns = [GROUPS[group].column] if group else []
    for one in asked:
        columns.append(one)
        if one.lstrip("-") == UNIQUE:
            return columns
    return [*columns, f"-{UNIQUE}" if asked[0].startswith("-") else UNIQUE]


def _by(column: str) -> str | OrderBy:
    name = column.lstrip("-")
    if name == STATUS_PLACE or not Request._meta.get_field(name).null:
        # Without a word on NULL, so that the database can read an index in this order.
        return column
    by = F(name)
    return by.desc(nulls_last=True) if column != name else by.asc(nulls_last=True)
