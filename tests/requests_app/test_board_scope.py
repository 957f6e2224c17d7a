"""Which requests stand on a board that somebody made."""

from typing import Any

import pytest

from requests_app.boards.board import get_board, show
from requests_app.boards.making import make_board
from requests_app.boards.preview import preview
from requests_app.models import Board, Label
from teams.models import Side
from tests.factories import make_admin, make_goal, make_person, make_request, make_team, make_touchpoint

pytestmark = pytest.mark.django_db


def shown(wanted: Any) -> list[int]:
    """The numbers on a board of these fields; a preview shows the same."""
    admin = make_admin()
    board = show(get_board(make_board(wanted | {"name": "Growth"}, by=admin).slug), admin)
    before = preview(wanted, admin)
    found = [card.number for column in board.columns for card in column.cards]
    assert [card.number for column in before.columns for card in column.cards] == found
    assert [column.total for column in before.columns] == [column.total for column in board.columns]
    assert sum(column.total for column in board.columns) == len(found)
    return sorted(found)


def test_without_anything_set_it_shows_what_all_teams_have() -> None:
    every = [make_request("ready").number, make_request("parked", serving_team=None).number]
    make_request("declined")
    assert shown({}) == every


def test_it_shows_what_fits_each_thing_that_is_set() -> None:
    goal, team, asking, point = make_goal(), make_team(Side.IT), make_team(Side.MARKETING), make_touchpoint()
    label = Label.objects.create(name="spring")
    fitting = make_request("ready", goal=goal, serving_team=team, requesting_team=asking, type="integration")
    fitting.touchpoints.add(point, make_touchpoint())
    fitting.labels.add(label)
    make_request("ready", requesting_team=make_team(Side.OTHER), type="automation")
    for wanted in (
        {"goal": goal},
        {"teams": [team, make_team(Side.IT)]},
        {"touchpoints": [point, make_touchpoint()]},
        {"type": "integration"},
        {"label": "spring"},
        {"requesting_side": "marketing"},
        {"requesting_team": asking},
    ):
        assert _rename(wanted) == [fitting.number], wanted


def _rename(wanted: dict[str, Any]) -> list[int]:
    Board.objects.filter(team=None).delete()
    return shown(wanted)


def test_everything_that_is_set_has_to_fit_at_once() -> None:
    goal, team = make_goal(), make_team(Side.IT)
    make_request("ready", goal=goal)
    make_request("ready", serving_team=team, goal=None)
    both = make_request("ready", goal=goal, serving_team=team)
    assert shown({"goal": goal, "teams": [team]}) == [both.number]


def test_a_request_of_two_touchpoints_counts_once() -> None:
    points = [make_touchpoint(), make_touchpoint()]
    request = make_request("ready")
    request.touchpoints.add(*points)
    assert shown({"touchpoints": points}) == [request.number]


def test_hidden_requests_stand_on_no_made_board_and_in_no_count() -> None:
    goal = make_goal()
    make_request("ready", goal=goal, restricted=True)
    board = get_board(make_board({"name": "Growth", "goal": goal}, by=make_admin()).slug)
    for person, total in ((make_person(), 0), (make_admin(), 1)):
        assert sum(column.total for column in show(board, person).columns) == total


def test_hidden_columns_say_how_many_cards_are_out_of_sight() -> None:
    make_request("parked")
    make_request("parked")
    make_request("ready")
    board = show(
        get_board(
            make_board({"name": "Growth", "columns": {"parked": {"hidden": True}}}, by=make_admin()).slug
        ),
        make_person(),
    )
    assert "parked" not in {column.status for column in board.columns}
    assert board.out_of_sight == 2


def test_a_made_board_has_no_limits_of_its_own() -> None:
    team = make_team(Side.IT)
    team.wip_limits.create(status="in_progress", limit=1)
    make_request("in_progress", serving_team=team)
    board = show(
        get_board(make_board({"name": "Growth", "teams": [team]}, by=make_admin()).slug), make_person()
    )
    assert not any(column.full or column.limit for column in board.columns)
