"""What a board would show, before it is kept."""

from collections.abc import Mapping
from typing import Any

from requests_app.boards.board import Shown, show
from requests_app.boards.wanted import BoardFields, cleaned, in_order
from requests_app.choices import BOARD_COLUMNS
from requests_app.models import Board
from requests_app.models.boards import COLUMN_FIELDS
from teams.models import Person, Team


def preview(wanted: BoardFields, person: Person, team: Team | None = None) -> Shown:
    """The board that ``wanted`` makes, as ``person`` would see it; with ``team`` that team's own.

    :raises InvalidFields: naming each field that cannot be kept.
    """
    clean = cleaned(wanted)
    board = Board(slug=team.slug if team else "_", team=team, name=clean.get("name", ""))
    for name in ("goal", "type", "label", "requesting_side", "requesting_team"):
        if name in clean:
            setattr(board, name, clean[name])
    board.team_rows = [_row(one) for one in clean.get("teams", ())]
    board.touchpoint_rows = [_row(one) for one in clean.get("touchpoints", ())]
    board.limit_rows = []
    columns = clean.get("columns", {})
    usual = {status.value: place for place, status in enumerate(BOARD_COLUMNS, start=1)}
    places = {status: columns.get(status, {}).get("place", place) for status, place in usual.items()}
    board.column_rows = [_column_row(status, columns.get(status, {})) for status in in_order(usual, places)]
    return show(board, person)


def _row(row: Any) -> dict[str, Any]:
    return {"id": row.pk, "slug": row.slug}


def _column_row(status: str, column: Mapping[str, Any]) -> dict[str, Any]:
    usual = {"status": status, "title": "", "age_mark": None, "policy": "", "hidden": False}
    return usual | {name: column[name] for name in COLUMN_FIELDS if name in column}
