"""What is wanted of a board: in a shape that can be kept, and as events keep it."""

from collections.abc import Iterable, Mapping
from typing import Any, TypedDict, cast

from django.utils.translation import gettext as _

from requests_app.choices import BOARD_COLUMNS, BOARD_LANES, RequestType
from requests_app.models import (
    BOARD_NAME,
    COLUMN_TITLE,
    LABEL_LINE,
    LONGEST_AGE_MARK,
    POLICY_TEXT,
    Board,
    BoardColumn,
)
from teams import fields
from teams.models import Goal, Side, Team, Touchpoint
from teams.rules import InvalidFields, Missing
from teams.texts import clean_line, clean_text

# Every one of them is named in each query of the board.
MOST_TEAMS = 50
WHOLE = 100


class ColumnFields(TypedDict, total=False):
    """How a column is set; what is left out stays."""

    title: str
    age_mark: int | None
    policy: str
    hidden: bool
    # Columns stand in the order of these, and in the usual order where two are alike.
    place: int


class BoardFields(TypedDict, total=False):
    """What a board is called and shows; what is left out stays. A team's own board has only columns."""

    name: str
    teams: Iterable[Team]
    goal: Goal | None
    touchpoints: Iterable[Touchpoint]
    type: str
    label: str
    requesting_side: str
    requesting_team: Team | None
    columns: Mapping[str, ColumnFields]
    # One of BOARD_LANES, or "" for none; of any board.
    lanes: str
    # In percent of the week; only of a team's own board.
    operations_share: int | None


# What is set of a board itself, and not of its columns.
SHOWN = ("name", "teams", "goal", "touchpoints", "type", "label", "requesting_side", "requesting_team")
MANY = ("teams", "touchpoints")
# What is set of a team's own board alone.
OWN = ("operations_share",)
# All that is set of a board, and not of its columns.
OF_BOARD = (*SHOWN, *OWN, "lanes")
# What is set of each column.
SET = ("title", "age_mark", "policy", "hidden", "place")


def told(board: Board) -> dict[str, Any]:
    """What a board is called and shows as events keep it."""
    shown: dict[str, Any] = {
        "name": board.name,
        "teams": sorted(board.teams.values_list("slug", flat=True)),
        "goal": board.goal_id,
        "touchpoints": sorted(board.touchpoints.values_list("slug", flat=True)),
        "type": board.type,
        "label": board.label,
        "requesting_side": board.requesting_side,
        "requesting_team": board.requesting_team.slug if board.requesting_team else None,
        "operations_share": board.operations_share,
        "lanes": board.lanes,
    }
    for column in board.columns.all():
        shown |= _told_column(column.status, _fields_of(column))
    return shown


def told_of(clean: Mapping[str, Any]) -> dict[str, Any]:
    """The same of what is wanted, as ``cleaned`` gives it."""
    shown = {name: clean[name] for name in OF_BOARD if name in clean}
    for name in MANY:
        if name in shown:
            shown[name] = sorted(row.slug for row in shown[name])
    if "goal" in shown:
        shown["goal"] = shown["goal"].pk if shown["goal"] else None
    if "requesting_team" in shown:
        shown["requesting_team"] = shown["requesting_team"].slug if shown["requesting_team"] else None
    for status, column in clean.get("columns", {}).items():
        shown |= _told_column(status, column)
    return shown


def _told_column(status: str, column: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{status}_{name}": value for name, value in column.items()}


def _fields_of(column: BoardColumn) -> dict[str, Any]:
    kept = {name: getattr(column, name) for name in SET if name != "place"}
    return kept | {"place": column.position}


def changed_columns(changes: Mapping[str, Any]) -> dict[str, ColumnFields]:
    """The columns' part of ``changes``, by status."""
    found: dict[str, ColumnFields] = {}
    for status in BOARD_COLUMNS:
        own = {name: changes[f"{status}_{name}"] for name in SET if f"{status}_{name}" in changes}
        if own:
            found[status] = cast(ColumnFields, own)
    return found


def in_order(stood: Mapping[str, int], places: Mapping[str, int]) -> list[str]:
    """The statuses by their wanted places, from where they ``stood``.

    Who comes to a place that another keeps goes before it from the right, and behind it from the left.
    """

    def key(status: str) -> tuple[int, int, int]:
        came_from, place = stood[status], places[status]
        return place, (place > came_from) - (place < came_from), came_from

    return sorted(stood, key=key)


def cleaned(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """:raises InvalidFields: naming each field that cannot be kept."""
    clean = dict(wanted)
    wrong: list[Missing] = []
    for name, cleaner in CLEANERS.items():
        if name in clean:
            try:
                clean[name] = cleaner(clean[name])
            except InvalidFields as refusal:
                wrong += refusal.missing
    if wrong:
        raise InvalidFields(wrong)
    return clean


def _teams(teams: Iterable[Team]) -> list[Team]:
    chosen = list({team.pk: team for team in teams}.values())
    if any(team.side != Side.IT for team in chosen):
        raise fields.wrong("teams", _("Only teams of IT serve requests."))
    if len(chosen) > MOST_TEAMS:
        words = _("Choose at most %(most)d teams; without any, the board shows all of them.")
        raise fields.wrong("teams", words % {"most": MOST_TEAMS})
    return chosen


def _one_of(name: str, values: Iterable[str]) -> Any:
    def clean(value: str) -> str:
        if value and value not in values:
            raise fields.wrong(name, _("Choose one of the offered values."))
        return value

    return clean


def _columns(columns: Mapping[str, ColumnFields]) -> dict[str, dict[str, Any]]:
    wrong: list[Missing] = []
    clean: dict[str, dict[str, Any]] = {}
    for status, column in columns.items():
        if status not in BOARD_COLUMNS:
            raise fields.wrong("columns", _("There is no such column."))
        try:
            clean[status] = _column(status, column)
        except InvalidFields as refusal:
            wrong += refusal.missing
    if wrong:
        raise InvalidFields(wrong)
    return clean


def _column(status: str, column: ColumnFields) -> dict[str, Any]:
    clean: dict[str, Any] = dict(column)
    if "title" in clean:
        clean["title"] = clean_line(clean["title"], f"{status}_title", COLUMN_TITLE)
    if "policy" in clean:
        clean["policy"] = clean_text(clean["policy"], f"{status}_policy", POLICY_TEXT)
    mark = clean.get("age_mark")
    if mark is not None and not 1 <= mark <= LONGEST_AGE_MARK:
        words = _("Enter a number from 1 to %(highest)d.") % {"highest": LONGEST_AGE_MARK}
        raise fields.wrong(f"{status}_age_mark", words)
    return clean


def _share(value: int | None) -> int | None:
    if value is not None and not 0 <= value <= WHOLE:
        words = _("Enter a number from 0 to %(highest)d.") % {"highest": WHOLE}
        raise fields.wrong("operations_share", words)
    return value


CLEANERS: dict[str, Any] = {
    "name": lambda value: fields.needed_line(value, "name", BOARD_NAME),
    "label": lambda value: clean_line(value, "label", LABEL_LINE),
    "teams": _teams,
    "touchpoints": list,
    "type": _one_of("type", RequestType.values),
    "requesting_side": _one_of("requesting_side", Side.values),
    "lanes": _one_of("lanes", BOARD_LANES),
    "columns": _columns,
    "operations_share": _share,
}
