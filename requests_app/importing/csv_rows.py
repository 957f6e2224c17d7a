"""A CSV of requests: one row, one request."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from requests_app.choices import RequestType, Status
from requests_app.importing import cells
from requests_app.importing.history import History, Step
from requests_app.importing.mapping import CSV_NAMES, place_columns, shown, status_of, type_of
from requests_app.importing.problems import FileRefused, RowRefused
from requests_app.importing.reading import Row, Table
from requests_app.importing.sources import Found, Source
from requests_app.intake.fields import LINES, TEXTS
from requests_app.models import REASON_TEXT, Label
from teams.models import PLAIN_LINE, Team

TITLE_FROM_TEXT = 120
LONGEST_ID = 50
DAYS = ("deadline", "measured_on", "revisit_on")
NUMBERS = ("baseline", "target")
PEOPLE = ("requester", "it_owner")
STEP_TO = {
    Status.SHAPING: "shape",
    Status.READY: "accept",
    Status.IN_PROGRESS: "start",
    Status.IN_REVIEW: "hand_over",
    Status.DONE: "deliver",
    Status.PARKED: "park",
    Status.DECLINED: "decline",
    Status.WITHDRAWN: "withdraw",
}


def place(table: Table, mapping: Mapping[str, str]) -> dict[str, int]:
    """Where each field of a request stands in ``table``.

    :raises FileRefused: where the mapping does not fit, or no title can be had.
    """
    columns = place_columns(table.header, CSV_NAMES, mapping)
    if not {"title", "customer_need"} & set(columns):
        words = _("No column is a title or a text. The file has: %(header)s. A --mapping can name them.")
        raise FileRefused(words % {"header": shown(table.header)})
    return columns


def read(source: Source) -> Iterator[Found]:
    """Every row as a request, or with the reason why it is none."""
    for row in source.table.rows():
        try:
            yield Found(row.number, 1, history=_history(row, source))
        except RowRefused as refused:
            yield Found(row.number, 1, problem=str(refused))


def _history(row: Row, source: Source) -> History:
    source.check_width(row)
    cell = {name: row.cells[index] for name, index in source.columns.items()}
    fields = {**_texts(cell), **_facts(cell), "serving_team": source.team_of(row)}
    fields["type"] = type_of(cell["type"]) if cell.get("type", "").strip() else RequestType.OTHER
    return History(_key(row, cell, source.team), fields, _steps(cell, source), _labels(cell))


def _texts(cell: Mapping[str, str]) -> dict[str, Any]:
    found = {name: cells.line(cell[name], name, limit) for name, limit in LINES.items() if name in cell}
    found |= {name: cells.text(cell[name], name, limit) for name, limit in TEXTS.items() if name in cell}
    if not found.get("title"):
        need = found.get("customer_need", "")[:TITLE_FROM_TEXT]
        found["title"] = cells.line(need, "title", PLAIN_LINE)
    if not found["title"]:
        raise RowRefused(_("Title and text are empty."))
    return found


def _facts(cell: Mapping[str, str]) -> dict[str, Any]:
    days = {name: cells.day(cell[name], name) for name in DAYS if cell.get(name, "").strip()}
    numbers = {name: cells.number(cell[name], name) for name in NUMBERS if cell.get(name, "").strip()}
    return {**days, **numbers}


def _labels(cell: Mapping[str, str]) -> list[str]:
    longest = Label._meta.get_field("name").max_length or 0
    names = cell.get("labels", "").replace(";", ",").split(",")
    return [found for name in names if (found := cells.line(name, "labels", longest))]


def _key(row: Row, cell: Mapping[str, str], team: Team) -> str:
    """What the row is known by: its id, else what it says. Each team's list has its own ids."""
    own = cells.line(cell.get("id", ""), "id", PLAIN_LINE)
    if own and len(own) <= LONGEST_ID:
        return f"csv:{team.slug}:{own}"
    content = own or "\x1f".join(row.cells)
    return f"csv:{team.slug}:#{hashlib.sha256(content.encode()).hexdigest()[:40]}"


def _steps(cell: Mapping[str, str], source: Source) -> list[Step]:
    status = status_of(cell.get("status", ""))
    if status is None:
        words = _("status: “%(cell)s” is no status that we know.")
        raise RowRefused(words % {"cell": cell["status"].strip()[:60]})
    people = {name: cells.line(cell[name], name, PLAIN_LINE) for name in PEOPLE if cell.get(name, "").strip()}
    created = _moment(cell, "created_at", source)
    steps = [Step("submit", created, Status.SUBMITTED, told=_told(people, "requester"))]
    if status != Status.SUBMITTED:
        done = _moment(cell, "done_at", source) if status == Status.DONE else None
        if done and created and done < created:
            raise RowRefused(_("done_at: the end lies before the beginning."))
        reason = cells.text(cell.get("reason", ""), "reason", REASON_TEXT)
        steps.append(Step(STEP_TO[status], done, status, reason=reason, told=_told(people, "it_owner")))
        if done and not created:
            steps[0] = Step("submit", done, Status.SUBMITTED, told=_told(people, "requester"))
    return steps


def _told(people: Mapping[str, str], who: str) -> dict[str, Any]:
    """The people of the file, as text in the event: ``by`` is who the timeline names."""
    return {"by": people[who], "people": dict(people)} if who in people else {}


def _moment(cell: Mapping[str, str], name: str, source: Source) -> datetime | None:
    value = cell.get(name, "").strip()
    return source.past(cells.moment(value, name, source.zone), name) if value else None
