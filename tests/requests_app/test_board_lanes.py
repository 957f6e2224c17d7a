"""Lanes across the columns: each card in one of them, counts exact, pages by lane."""

from collections.abc import Iterator

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from requests_app.boards.board import column_cards, get_board, show
from requests_app.boards.filters import filters_of
from requests_app.boards.lanes import LANE_PAGE, LANES, MOST_LANES, NONE, Lanes, lane_page, lanes_of
from requests_app.boards.making import edit_board, make_board
from requests_app.choices import BOARD_LANES
from teams.models import Person, Side, Team
from tests.factories import make_admin, make_goal, make_person, make_request, make_team, make_touchpoint

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def team() -> Team:
    return make_team(Side.IT)


@pytest.fixture
def reader() -> Person:
    return make_person(language="en")


def lanes(team: Team, kind: str, person: Person, query: str = "") -> Lanes:
    board = get_board(team.slug)
    asked = filters_of(QueryDict(query), board, person).asked
    return lanes_of(show(board, person, asked, with_cards=False), kind, person, asked)


def told(found: Lanes) -> list[tuple[str, list[int]]]:
    return [(lane.label, [card.number for cell in lane.cells for card in cell.cards]) for lane in found.shown]


def test_lanes_by_goal_have_the_one_without_at_the_end(team: Team, reader: Person) -> None:
    zoo, ant = make_goal(title="Zoo"), make_goal(title="ant")
    one = make_request("ready", serving_team=team, goal=zoo)
    two = make_request("in_progress", serving_team=team, goal=ant)
    three = make_request("ready", serving_team=team, goal=None)
    assert told(lanes(team, "goal", reader)) == [
        ("ant", [two.number]),
        ("Zoo", [one.number]),
        ("Without a goal", [three.number]),
    ]


def test_lanes_by_team_type_and_owner(reader: Person) -> None:
    teams = [make_team(Side.IT, name="Ants"), make_team(Side.IT, name="Bees")]
    slug = make_board({"name": "All", "teams": teams}, by=make_admin()).slug
    owner = make_person(teams[0], name="Ada")
    one = make_request("ready", serving_team=teams[0], type="automation", it_owner=owner)
    two = make_request("ready", serving_team=teams[1], type="integration", it_owner=None)
    shown = show(get_board(slug), reader, with_cards=False)
    expected = {
        "team": ["Ants", "Bees"],
        "type": ["Automation", "Integration"],
        "owner": ["Ada", "IT's seat is empty"],
    }
    for kind, labels in expected.items():
        assert told(lanes_of(shown, kind, reader)) == list(
            zip(labels, ([one.number], [two.number]), strict=True)
        )


def test_a_card_of_several_touchpoints_stands_at_the_first(team: Team, reader: Person) -> None:
    second, first = make_touchpoint(position=2, name_en="Shop"), make_touchpoint(position=1, name_en="Mail")
    request = make_request("ready", serving_team=team)
    request.touchpoints.add(second, first)
    bare = make_request("ready", serving_team=team)
    assert told(lanes(team, "touchpoint", reader)) == [
        ("Mail", [request.number]),
        ("Without a touchpoint", [bare.number]),
    ]


@pytest.mark.parametrize("kind", LANES)
def test_all_cards_stand_in_lanes_and_each_once(team: Team, reader: Person, kind: str) -> None:
    numbers = []
    for status in ("shaping", "ready", "parked", "done"):
        request = make_request(status, serving_team=team)
        request.touchpoints.add(make_touchpoint(), make_touchpoint())
        numbers.append(request.number)
    make_request("ready", serving_team=team, restricted=True)
    found = lanes(team, kind, reader)
    assert sorted(card.number for card in found.cards()) == numbers
    assert sum(lane.total for lane in found.shown) == len(numbers)
    assert set(found.of_cards()) == set(numbers)


def test_hidden_cards_count_in_no_lane_and_name_none(team: Team, reader: Person) -> None:
    make_request("ready", serving_team=team, restricted=True, goal=make_goal(title="Secret merger"))
    assert told(lanes(team, "goal", reader)) == []
    assert [label for label, _cards in told(lanes(team, "goal", make_admin()))] == ["Secret merger"]


def test_filters_narrow_lanes_too(team: Team, reader: Person) -> None:
    wanted = make_request("ready", serving_team=team, type="integration")
    make_request("ready", serving_team=team, type="automation")
    assert [numbers for _label, numbers in told(lanes(team, "type", reader, "type=integration"))] == [
        [wanted.number]
    ]


def test_a_board_has_lanes_of_its_own_and_an_address_says_otherwise(
    client: Client, team: Team, reader: Person
) -> None:
    goal = make_goal(title="More loyal customers")
    make_request("ready", serving_team=team, goal=goal)
    edit_board(team.slug, {"lanes": "goal"}, by=make_admin())
    client.force_login(reader)
    url = reverse("requests:board", args=[team.slug])
    usual = client.get(url).content.decode()
    assert f'data-lane="{goal.pk}"' in usual
    assert '<option value="" selected>Lanes: Goal' in usual
    by_team = client.get(url, {"lanes": "team"}).content.decode()
    assert f'data-lane="{team.pk}"' in by_team
    plain = client.get(url, {"lanes": "none"}).content.decode()
    assert "data-lane=" not in plain
    assert '<option value="none" selected>Lanes: none' in plain
    fresh = client.get(reverse("requests:column", args=[team.slug, "ready"]), {"lane": str(goal.pk)})
    assert fresh.status_code == 200


def test_each_kind_of_lanes_can_be_a_boards_own() -> None:
    assert tuple(LANES) == BOARD_LANES


def test_a_long_cell_goes_on_by_page(team: Team, reader: Person) -> None:
    goal, asking, owner = make_goal(), make_team(Side.MARKETING), make_person(team)
    people = {"requesting_team": asking, "it_owner": owner, "serving_team": team}
    numbers = [make_request("ready", goal=goal, **people).number for _ in range(LANE_PAGE + 3)]
    make_request("ready", goal=None, **people)
    lane = lanes(team, "goal", reader).shown[0]
    cell = next(cell for cell in lane.cells if cell.status == "ready")
    assert (lane.total, cell.total, len(cell.cards)) == (len(numbers), len(numbers), LANE_PAGE)
    rows = column_cards(get_board(team.slug), "ready", reader, cell.below)
    page = lane_page(rows, "goal", lane.key)
    assert [card.number for card in [*cell.cards, *page.cards]] == numbers
    assert [card.goal for card in lane_page(rows, "goal", NONE).cards] == [None]


def test_of_very_many_lanes_the_largest_are_shown_and_the_rest_is_counted(team: Team, reader: Person) -> None:
    asking, owner = make_team(Side.MARKETING), make_person(team)
    people = {"requesting_team": asking, "it_owner": owner, "serving_team": team}
    large = make_goal(title="Large")
    for _ in range(2):
        make_request("ready", goal=large, **people)
    for _ in range(MOST_LANES + 1):
        make_request("ready", goal=make_goal(), **people)
    found = lanes(team, "goal", reader)
    assert len(found.shown) == MOST_LANES
    assert "Large" in [lane.label for lane in found.shown]
    assert found.further == 2


@pytest.mark.parametrize("rows", [1, 9])
def test_lanes_take_two_queries_whatever_lies_in_them(
    team: Team, reader: Person, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        make_request("ready", serving_team=team, goal=make_goal())
    shown = show(get_board(team.slug), reader, with_cards=False)
    with django_assert_num_queries(2):
        lanes_of(shown, "goal", reader)


def test_the_page_draws_lanes_and_pages_on_in_them(client: Client, team: Team, reader: Person) -> None:
    client.force_login(reader)
    goal = make_goal(title="More readers")
    make_request("ready", serving_team=team, goal=goal, title="Choose topics")
    page = client.get(reverse("requests:board", args=[team.slug]), {"lanes": "goal"}).content.decode()
    assert f'data-lane="{goal.pk}"' in page
    assert f' data-l="{goal.pk}" ' in page
    assert page.count("data-head=") == 6
    url = reverse("requests:column", args=[team.slug, "ready"])
    more = client.get(url, {"lanes": "goal", "lane": str(goal.pk)}).content.decode()
    assert "Choose topics" in more
    assert f' data-l="{goal.pk}" ' in more
    for lane in ("nowhere", "", "a\x00b"):
        assert "Choose topics" not in client.get(url, {"lanes": "goal", "lane": lane}).content.decode()
