"""What a list of requests can show: a row for each column, for the page and for exports."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from requests_app.models import Request
from requests_app.querysets import RequestQuerySet

Cell = str | int | Decimal | date | datetime | None


@dataclass(frozen=True)
class Part:
    """One column of a table that is exported."""

    label: str | Promise
    value: Callable[[Request], Cell]


@dataclass(frozen=True)
class Column:
    """One column of the list.

    ``parts`` is what an export writes of it, and its page shows the first of them unless
    ``portal.templatetags.cells`` draws it. ``sort`` is what its head sorts by.
    """

    name: str
    label: str | Promise
    parts: tuple[Part, ...]
    sort: str = ""
    is_number: bool = False
    # What it reads beside what the row of every list has (querysets.ROW_FIELDS), and what has to be computed.
    reads: tuple[str, ...] = ()
    with_more: Callable[[RequestQuerySet], RequestQuerySet] = lambda rows: rows


def one(
    name: str,
    label: str | Promise,
    value: Callable[[Request], Cell],
    sort: str = "",
    *,
    is_number: bool = False,
    reads: tuple[str, ...] = (),
    with_more: Callable[[RequestQuerySet], RequestQuerySet] = lambda rows: rows,
) -> Column:
    """A column that is exported as it is shown."""
    return Column(name, label, (Part(label, value),), sort, is_number, reads, with_more)


def _name(row: object | None) -> str:
    return str(row) if row is not None else ""


def _turn(row: Request) -> str:
    return row.get_turn_display() if row.is_open else ""


def _labels(row: Request) -> str:
    return ", ".join(row.label_names)  # type: ignore[attr-defined]


def _day_of(moment: datetime | None) -> datetime | None:
    return timezone.localtime(moment) if moment else None


REQUESTING = Part(_("Requesting team"), lambda row: _name(row.requesting_team))
SERVING = Part(_("Serving team"), lambda row: _name(row.serving_team))
MARKETING_OWNER = Part(_("Marketing owner"), lambda row: _name(row.marketing_owner))
IT_OWNER = Part(_("IT owner"), lambda row: _name(row.it_owner))

NUMBER = one("number", _("Number"), lambda row: row.key, "number")
TITLE = one("title", _("Title"), lambda row: row.title or row.key, "title")
# Both stand in every list; the others can be chosen.
ALWAYS = (NUMBER, TITLE)
COLUMNS: dict[str, Column] = {
    column.name: column
    for column in (
        one("status", _("Status"), lambda row: row.get_status_display()),
        Column(
            "turn",
            _("Turn"),
            (Part(_("Turn"), _turn), Part(_("Turn since"), lambda row: _day_of(row.turn_since))),
            "turn_since",
        ),
        one("difference", _("Impact"), lambda row: row.difference, "difference", is_number=True),
        one("effort", pgettext_lazy("dimension", "Effort"), lambda row: row.effort, "effort", is_number=True),
        Column("teams", _("Teams"), (REQUESTING, SERVING)),
        Column("tandem", _("Tandem"), (MARKETING_OWNER, IT_OWNER)),
        one("goal", _("Goal"), lambda row: _name(row.goal)),
        one("deadline", _("Deadline"), lambda row: row.deadline, "deadline"),
        one("type", _("Type"), lambda row: row.get_type_display()),
        one("requester", _("Requester"), lambda row: _name(row.requester), reads=("requester__name",)),
        one("labels", _("Labels"), _labels, with_more=RequestQuerySet.with_labels),
        one("blocked", _("Blocked"), lambda row: row.blocked_reason, reads=("blocked_reason",)),
        one(
            "deadline_reason",
            _("Reason for the deadline"),
            lambda row: row.deadline_reason,
            reads=("deadline_reason",),
        ),
        one("created_at", _("Filed"), lambda row: _day_of(row.created_at), "created_at"),
        one("updated_at", _("Changed"), lambda row: _day_of(row.updated_at), "updated_at"),
        one("done_at", _("Delivered"), lambda row: _day_of(row.done_at), "done_at"),
    )
}
DEFAULT = ("status", "turn", "difference", "effort", "teams", "tandem", "goal", "deadline")
CHOICES = [(column.name, column.label) for column in COLUMNS.values()]


def columns_of(names: Sequence[str]) -> tuple[Column, ...]:
    """The columns with these names, behind those of every list; without names the usual ones."""
    return (*ALWAYS, *(COLUMNS[name] for name in names or DEFAULT))


def rows_for(rows: RequestQuerySet, columns: Sequence[Column]) -> RequestQuerySet:
    """``rows`` with all that ``columns`` show, in one query."""
    rows = rows.for_rows(*(name for column in columns for name in column.reads))
    for column in columns:
        rows = column.with_more(rows)
    return rows
