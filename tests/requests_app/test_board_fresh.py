"""What an open board is told of changes: single cards, and whether it still shows the truth."""

from collections.abc import Mapping
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from requests_app.boards.board import get_board, show
from requests_app.boards.fresh import MOST, End, Shown, fresh_cards, outdated
from requests_app.boards.move import move
from requests_app.choices import BOARD_COLUMNS, Status
from requests_app.filters import YES
from requests_app.models import Board, BoardColumn, Request
from teams.models import Person, Team
from tests.factories import make_goal, make_person, make_request, make_team

pytestmark = pytest.mark.django_db
ALL_LOADED = [End(status, "", "") for status in BOARD_COLUMNS]


@pytest.fixture
def team() -> Team:
    return make_team()


@pytest.fixture
def lead(team: Team) -> Person:
    return make_person(lead_of=team)


def board_of(team: Team) -> Board:
    return get_board(team.slug)


def shown_on(team: Team, person: Person) -> dict[int, Shown]:
    columns = show(board_of(team), person).columns
    return {card.number: Shown(card.version, card.rank) for column in columns for card in column.cards}


def asked(client: Client, team: Team, person: Person, **given: Any) -> Mapping[str, Any]:
    client.force_login(person)
    answer = client.get(f"/boards/{team.slug}/fresh/", given, headers={"accept": "application/json"})
    assert answer.status_code == 200
    return dict(answer.json())


def test_a_card_comes_as_it_is_now_and_what_is_not_there_is_none(team: Team, lead: Person) -> None:
    here, elsewhere = make_request(Status.READY, serving_team=team), make_request(Status.READY)
    hidden = make_request(Status.READY, serving_team=team, restricted=True)
    found = fresh_cards(board_of(team), {here.number, elsewhere.number, hidden.number, 10**9}, make_person())
    assert {number: card and card.title for number, card in found.cards.items()} == {
        here.number: here.title,
        elsewhere.number: None,
        hidden.number: None,
        10**9: None,
    }


def test_cards_of_hidden_columns_and_of_other_statuses_are_not_on_the_board(team: Team, lead: Person) -> None:
    ready, submitted = make_request(Status.READY, serving_team=team), make_request(serving_team=team)
    BoardColumn.objects.filter(board__team=team, status=Status.READY).update(hidden=True)
    found = fresh_cards(board_of(team), {ready.number, submitted.number}, lead)
    assert set(found.cards.values()) == {None}


def test_with_lanes_a_card_knows_its_own(team: Team, lead: Person) -> None:
    goal = make_goal(team)
    one, other = (make_request(Status.READY, serving_team=team, goal=of) for of in (goal, make_goal(team)))
    found = fresh_cards(board_of(team), {one.number, other.number}, lead, kind="goal")
    assert found.lanes == {one.number: str(goal.pk), other.number: str(other.goal_id)}


def test_a_true_board_lacks_nothing(team: Team, lead: Person) -> None:
    for status in (Status.READY, Status.IN_PROGRESS):
        make_request(status, serving_team=team)
    assert outdated(board_of(team), shown_on(team, lead), ALL_LOADED, lead) == set()


def test_what_moved_came_left_or_closed_is_named(team: Team, lead: Person) -> None:
    moved, closed, left, stays = (make_request(Status.READY, serving_team=team) for _ in range(4))
    person = make_person()
    before = shown_on(team, person)
    move(moved.number, by=lead, status=Status.READY, after=stays.number)
    Request.objects.filter(pk=closed.pk).update(restricted=True)
    Request.objects.filter(pk=left.pk).update(serving_team=make_team())
    came = make_request(Status.READY, serving_team=team)
    wrong = outdated(board_of(team), before, ALL_LOADED, person)
    assert wrong == {moved.number, closed.number, left.number, came.number}


def test_what_stands_below_the_loaded_cards_is_not_missing(team: Team, lead: Person) -> None:
    first, second, third = (make_request(Status.READY, serving_team=team) for _ in range(3))
    shown = shown_on(team, lead)
    loaded = {number: shown[number] for number in (first.number, second.number)}
    ends = [End("ready", "", shown[second.number].rank)]
    assert outdated(board_of(team), loaded, ends, lead) == set()
    assert outdated(board_of(team), loaded, [End("ready", "", "")], lead) == {third.number}


def test_with_lanes_each_cell_has_its_own_end(team: Team, lead: Person) -> None:
    goal = make_goal(team)
    first, second = (make_request(Status.READY, serving_team=team, goal=goal) for _ in range(2))
    other = make_request(Status.READY, serving_team=team, goal=make_goal(team))
    shown = shown_on(team, lead)
    loaded = {number: shown[number] for number in (first.number, other.number)}
    ends = [End("ready", str(goal.pk), shown[first.number].rank), End("ready", str(other.goal_id), "")]
    assert outdated(board_of(team), loaded, ends, lead, kind="goal") == set()
    ends[0] = End("ready", str(goal.pk), "")
    assert outdated(board_of(team), loaded, ends, lead, kind="goal") == {second.number}


def test_the_page_gets_cards_and_heads(client: Client, team: Team, lead: Person) -> None:
    here, gone = make_request(Status.READY, serving_team=team), make_request(Status.READY)
    told = asked(client, team, lead, n=[here.number, gone.number])
    assert set(told) == {"cards", "heads"}
    assert told["cards"][str(gone.number)] is None
    card = told["cards"][str(here.number)]
    assert (card["status"], card["lane"]) == ("ready", "")
    assert f"data-n={here.number} " in card["html"]
    assert set(told["heads"]) == {end.status for end in ALL_LOADED}


def test_filters_of_the_page_hold_for_what_it_asks(client: Client, team: Team, lead: Person) -> None:
    here = make_request(Status.READY, serving_team=team)
    assert asked(client, team, lead, n=here.number, blocked=YES)["cards"] == {str(here.number): None}


def test_a_board_that_asks_whether_it_is_true_gets_what_is_not(
    client: Client, team: Team, lead: Person
) -> None:
    request = make_request(Status.READY, serving_team=team)
    client.force_login(lead)
    rank = Request.objects.values_list("rank", flat=True).get(pk=request.pk)
    have = {"cards": f"{request.number}:{request.version}:{rank}", "ends": "ready:: shaping::"}
    path = f"/boards/{team.slug}/fresh/"
    assert client.post(path, have).json()["cards"] == {}
    have["cards"] = f"{request.number}:{request.version - 1}:{rank}"
    assert list(client.post(path, have).json()["cards"]) == [str(request.number)]
    assert list(client.post(path, {"ends": "ready::"}).json()["cards"]) == [str(request.number)]


def test_where_very_much_changed_the_page_is_loaded_anew(client: Client, team: Team, lead: Person) -> None:
    assert asked(client, team, lead, n=list(range(1, MOST + 2))) == {"reload": True}


@pytest.mark.parametrize(
    "have",
    [
        {"cards": "x"},
        {"cards": "1:2"},
        {"cards": "1:2:a:b"},
        {"cards": "-1:2:a"},
        {"cards": f"{10**30}:1:a"},
        {"cards": "1:x:a"},
        {"ends": "ready"},
        {"ends": "ready:: " * 300},
        {"cards": "1:1:a " * 40_000},
    ],
)
def test_nonsense_is_refused(client: Client, team: Team, lead: Person, have: dict[str, str]) -> None:
    client.force_login(lead)
    assert client.post(f"/boards/{team.slug}/fresh/", have).status_code == 400


@pytest.mark.parametrize("query", ["n=x", "n=-1", "n=1.5", f"n={10**30}", "blocked=maybe", "n=１"])
def test_numbers_and_filters_that_are_none_are_refused(
    client: Client, team: Team, lead: Person, query: str
) -> None:
    client.force_login(lead)
    assert client.get(f"/boards/{team.slug}/fresh/?{query}").status_code == 400


def test_who_was_signed_out_is_not_led_to_the_sign_in(client: Client, team: Team) -> None:
    answer = client.get(f"/boards/{team.slug}/fresh/?n=1", headers={"accept": "application/json"})
    assert answer.status_code == 401


def test_many_cards_cost_the_queries_of_one(
    client: Client, team: Team, lead: Person, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    numbers = [make_request(Status.READY, serving_team=team).number for _ in range(12)]
    asked(client, team, lead, n=numbers[:1])
    with django_assert_max_num_queries(8):
        client.get(f"/boards/{team.slug}/fresh/", {"n": numbers})
