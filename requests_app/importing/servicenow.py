"""The audit log of a ServiceNow instance: one row a change, one request an incident.

States: New is *submitted*; Active and Awaiting … are *in progress* (Awaiting User Info is blocked and
Marketing acts, every other Awaiting is blocked outside); Resolved is *done*; Closed changes nothing; what is
active after that was reopened. A row New after more than that has happened changes nothing either, because
nothing leads back to the beginning.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from requests_app.choices import RequestType, Status, WaitingFor
from requests_app.importing import cells, spool
from requests_app.importing.history import History, Step
from requests_app.importing.mapping import column_index, place_columns
from requests_app.importing.problems import FileRefused, RowRefused
from requests_app.importing.reading import Row, Table
from requests_app.importing.sources import UNKNOWN, Found, Source
from teams.ids import id_in
from teams.models import PLAIN_LINE

REQUIRED = (
    "number",
    "incident_state",
    "sys_mod_count",
    "opened_at",
    "sys_updated_at",
    "resolved_at",
    "closed_at",
)
OPTIONAL = (
    "category",
    "subcategory",
    "caller_id",
    "opened_by",
    "sys_updated_by",
    "resolved_by",
    "assigned_to",
)
WORKED_ON = ("Active", "Awaiting")
WAITS_FOR_USER = "Awaiting User Info"
LONGEST_NUMBER = 100
# All rows of one incident are held at once; real ones have a few dozen.
MOST_ROWS = 5_000
LONGEST_CELL = 10_000


def place(table: Table, mapping: Mapping[str, str]) -> dict[str, int]:
    """Where the log's columns stand.

    :raises FileRefused: where a needed one is missing, or the mapping does not fit.
    """
    names = {name: (name.replace("_", ""),) for name in (*REQUIRED, *OPTIONAL)}
    placed = place_columns(table.header, names, mapping)
    missing = [name for name in REQUIRED if name not in placed]
    if missing:
        words = _("This is no ServiceNow log: the columns %(missing)s are missing.")
        raise FileRefused(words % {"missing": ", ".join(missing)})
    for name, index in placed.items():
        if name not in mapping:
            column_index(table.header, table.header[index])
    return placed


def read(source: Source) -> Iterator[Found]:
    """Every incident, in the order of their numbers, or with the reason why it fails."""
    lines = spool.in_order(_lines(source))
    for number, group in groupby(lines, key=lambda line: line[0]):
        yield _found(number, list(_limited(group)), source)


def _lines(source: Source) -> Iterator[spool.Line]:
    """The rows by the incident they belong to; one that names none stands alone."""
    index = source.columns["number"]
    for row in source.table.rows():
        number = row.cells[index].strip() if index < len(row.cells) else ""
        # No cell of the log is that long; without a limit one incident could hold any amount of memory.
        kept = [cell[:LONGEST_CELL] for cell in row.cells[: len(source.table.header) + 1]]
        yield number if number not in UNKNOWN else f"\x00{row.number}", row.number, kept


def _limited(group: Iterator[spool.Line]) -> Iterator[Row]:
    """The rows of an incident, but never more than one too many."""
    for count, (_number, row, held) in enumerate(group):
        if count <= MOST_ROWS:
            yield Row(row, tuple(held))


def _found(number: str, rows: list[Row], source: Source) -> Found:
    known = not number.startswith("\x00")
    at = rows[0].number
    try:
        if not known:
            raise RowRefused(_("It has no number."))
        if len(rows) > MOST_ROWS:
            raise RowRefused(_("It has more than %(most)d rows.") % {"most": MOST_ROWS})
        changes = []
        for row in rows:
            at = row.number
            changes.append(_change(row, source))
        at = rows[0].number
        return Found(at, len(rows), history=_history(number, changes, source))
    except RowRefused as refused:
        return Found(at, len(rows), problem=f"{number}: {refused}" if known else str(refused))


@dataclass(frozen=True)
class _Change:
    """One row of the log, read."""

    row: Row
    state: str
    at: datetime
    modification: int
    opened_at: datetime
    resolved_at: datetime | None
    closed_at: datetime | None
    texts: Mapping[str, str]


def _change(row: Row, source: Source) -> _Change:
    source.check_width(row)
    cell = {name: row.cells[index].strip() for name, index in source.columns.items()}
    opened, updated = _moment(cell, "opened_at", source), _moment(cell, "sys_updated_at", source)
    if opened is None or updated is None:
        raise RowRefused(_("opened_at and sys_updated_at must be known."))
    state = cell["incident_state"]
    if state not in ("New", "Resolved", "Closed") and not state.startswith(WORKED_ON):
        raise RowRefused(_("incident_state: “%(cell)s” is no state that we know.") % {"cell": state[:60]})
    modification = id_in(cell["sys_mod_count"])
    if modification is None:
        words = _("sys_mod_count: “%(cell)s” is no number.")
        raise RowRefused(words % {"cell": cell["sys_mod_count"][:60]})
    ends = (_moment(cell, "resolved_at", source), _moment(cell, "closed_at", source))
    texts = {name: cells.line(cell[name], name, PLAIN_LINE) for name in OPTIONAL if name in cell}
    return _Change(row, state, max(updated, opened), modification, opened, *ends, texts)


def _moment(cell: Mapping[str, str], name: str, source: Source) -> datetime | None:
    if cell[name] in UNKNOWN:
        return None
    return source.past(cells.moment(cell[name], name, source.zone), name)


def _history(number: str, changes: list[_Change], source: Source) -> History:
    changes.sort(key=lambda change: (change.at, change.modification))
    groups = [name for change in changes if (name := _group(change, source))]
    fields = {
        "title": _title(number, changes[-1]),
        "type": RequestType.OTHER,
        "serving_team": source.team_named(groups[-1]) if groups else source.team,
    }
    number = cells.line(number, "number", LONGEST_NUMBER)
    return History(f"servicenow:{number}", fields, _Life(changes, source).steps())


def _group(change: _Change, source: Source) -> str:
    if source.team_column is None:
        return ""
    name = change.row.cells[source.team_column].strip()
    return "" if name in UNKNOWN else cells.line(name, "team", PLAIN_LINE)


def _title(number: str, last: _Change) -> str:
    kinds = [last.texts.get(name, "") for name in ("category", "subcategory")]
    named = " / ".join(kind for kind in kinds if kind not in UNKNOWN)
    return cells.line(f"{number} · {named}" if named else number, "title", PLAIN_LINE)


@dataclass
class _Life:
    """Walks through an incident's rows and collects what they changed."""

    changes: Sequence[_Change]
    source: Source
    status: Status = Status.SUBMITTED
    waiting_for: str = ""
    told: dict[str, str] = field(default_factory=dict)
    found: list[Step] = field(default_factory=list)

    def steps(self) -> list[Step]:
        first = self.changes[0]
        people = _people(first, opened_by="opened_by", caller="caller_id")
        opening = {"by": people.get("opened_by") or people.get("caller"), "people": people}
        told = {name: value for name, value in opening.items() if value}
        opened = min(change.opened_at for change in self.changes)
        self.found.append(Step("submit", opened, Status.SUBMITTED, told=told))
        for change in self.changes:
            self._assign(change)
            if change.state.startswith(WORKED_ON):
                self._work(change)
            elif change.state == "Resolved" and self.status != Status.DONE:
                self._step(change, "deliver", Status.DONE)
        return self._with_end()

    def _assign(self, change: _Change) -> None:
        """Groups and people who had it: for the timeline alone."""
        named = {"serving_team": _group(change, self.source)}
        named |= {"it_owner": _people(change, person="assigned_to").get("person", "")}
        news = {name: text for name, text in named.items() if text and self.told.get(name) != text}
        if news:
            self.told |= news
            self._step(change, "assign", None, told={"named": news})

    def _work(self, change: _Change) -> None:
        if self.status == Status.DONE:
            self._step(change, "reopen", Status.IN_PROGRESS)
        elif self.status == Status.SUBMITTED:
            self._step(change, "start", Status.IN_PROGRESS)
        waits = _waits_for(change.state)
        if waits == self.waiting_for:
            return
        if self.waiting_for:
            self._step(change, "unblock", None)
        if waits:
            self._step(change, "block", None, waiting_for=waits, reason=change.state)
        self.waiting_for = waits

    def _step(self, change: _Change, action: str, to: Status | None, **more: Any) -> None:
        names = ("resolved_by", "sys_updated_by") if action == "deliver" else ("sys_updated_by",)
        by = next((_people(change, by=name)["by"] for name in names if _people(change, by=name)), "")
        told = {**({"by": by} if by else {}), **more.pop("told", {})}
        self.found.append(Step(action, change.at, to, told=told, **more))
        if to is not None:
            self.status = to
        if to == Status.DONE:
            self.waiting_for = ""

    def _with_end(self) -> list[Step]:
        """The last resolution happened when the log says so, not when the row was written."""
        if self.status != Status.DONE:
            return self.found
        last = max(i for i, step in enumerate(self.found) if step.to == Status.DONE)
        resolved = [change.resolved_at for change in self.changes if change.resolved_at]
        closed = [change.closed_at for change in self.changes if change.closed_at]
        ends = resolved or closed
        if ends:
            opened = min(change.opened_at for change in self.changes)
            self.found[last] = replace(self.found[last], at=max(ends[-1], opened))
        return self.found


def _waits_for(state: str) -> str:
    if state == WAITS_FOR_USER:
        return WaitingFor.MARKETING
    return WaitingFor.OUTSIDE if state.startswith("Awaiting") else ""


def _people(change: _Change, **columns: str) -> dict[str, str]:
    """The people that the row names, as text."""
    named = {role: change.texts.get(column, "") for role, column in columns.items()}
    return {role: name for role, name in named.items() if name not in UNKNOWN}
