"""What a board shows, to whom, and in how many queries."""

from datetime import date, timedelta

import pytest
from django.http import Http404
from pytest_django import DjangoAssertNumQueries

from activity import clock
from requests_app.boards.board import (
    PAGE,
    Column,
    Page,
    Shown,
    boards,
    column_cards,
    get_board,
    page_of,
    show,
)
from requests_app.choices import BOARD_COLUMNS
from requests_app.models import Request, WipLimit
from teams.models import Person, Side, Team
from tests.factories import make_admin, make_goal, make_person, make_request, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    return make_team(Side.IT)


@pytest.fixture
def reader() -> Person:
    return make_person()


def column(board: Shown, status: str) -> Column:
    (found,) = [column for column in board.columns if column.status == status]
    return found


def team_board(team: Team, person: Person) -> Shown:
    return show(get_board(team.slug), person)


def column_page(team: Team, status: str, person: Person, below: str | None = None) -> Page:
    return page_of(column_cards(get_board(team.slug), status, person, below))


def fill(team: Team, status: str, count: int) -> list[int]:
    """Many cards of the same people, which is what makes a board of a real team."""
    pattern = make_request(status, serving_team=team)
    seats = {
        name: getattr(pattern, name)
        for name in ("requester", "requesting_team", "marketing_owner", "it_owner", "goal", "solution")
    }
    more = [make_request(status, serving_team=team, **seats).number for _ in range(count - 1)]
    return [pattern.number, *more]


def test_every_team_of_it_has_a_board_and_no_other_team() -> None:
    it, marketing = make_team(Side.IT), make_team(Side.MARKETING)
    assert [board.team for board in boards()] == [it]
    assert get_board(it.slug).team == it
    for slug in (marketing.slug, "absent"):
        with pytest.raises(Http404):
            get_board(slug)


def test_a_board_has_the_six_columns_in_the_order_of_the_work(team: Team, reader: Person) -> None:
    board = team_board(team, reader)
    assert [column.status for column in board.columns] == list(BOARD_COLUMNS)
    assert (board.slug, board.name) == (team.slug, team.name)
    assert all(column.total == 0 and not column.cards and not column.full for column in board.columns)


def test_a_card_shows_what_the_request_says(team: Team, reader: Person) -> None:
    it_owner = make_person(team, name="Ines Tollmann")
    request = make_request(
        "ready",
        serving_team=team,
        title="Choose newsletter topics",
        goal=make_goal(title="More loyal customers"),
        it_owner=it_owner,
        deadline=date(2027, 2, 1),
        deadline_reason="Trade fair",
        waiting_for="outside",
        blocked_reason="Supplier",
    )
    (card,) = column(team_board(team, reader), "ready").cards
    assert (card.key, card.title, card.goal) == (
        request.key,
        "Choose newsletter topics",
        "More loyal customers",
    )
    assert card.it_owner is not None
    assert (card.it_owner.name, card.it_owner.initials) == ("Ines Tollmann", "IT")
    assert card.marketing_owner is not None
    assert card.marketing_owner.initials == request.requester.initials if request.requester else None
    assert (card.deadline, card.turn, card.turn_since) == (date(2027, 2, 1), "nobody", request.turn_since)
    assert (card.blocked, card.waiting_for, card.version) == (True, "outside", 1)
    assert card.status_since == request.status_since


def test_empty_seats_and_a_missing_goal_are_none(team: Team, reader: Person) -> None:
    make_request("shaping", serving_team=team, marketing_owner=None, it_owner=None)
    (card,) = column(team_board(team, reader), "shaping").cards
    assert (card.marketing_owner, card.it_owner, card.goal) == (None, None, None)
    assert not card.blocked


def test_only_the_teams_own_requests_in_the_order_of_their_ranks(team: Team, reader: Person) -> None:
    numbers = fill(team, "in_review", 3)
    make_request("in_review")
    make_request("declined", serving_team=team)
    make_request("draft", serving_team=team)
    board = team_board(team, reader)
    assert [card.number for card in column(board, "in_review").cards] == numbers
    assert sum(column.total for column in board.columns) == 3


def test_done_shows_the_last_thirty_days(team: Team, reader: Person) -> None:
    now = clock.now()
    young = make_request("done", serving_team=team, done_at=now - timedelta(days=29))
    make_request("done", serving_team=team, done_at=now - timedelta(days=31))
    done = column(team_board(team, reader), "done")
    assert ([card.number for card in done.cards], done.total) == ([young.number], 1)
    assert [card.number for card in column_page(team, "done", reader).cards] == [young.number]


def test_a_hidden_request_shows_in_no_card_and_no_count_but_fills_its_slot(
    team: Team, reader: Person
) -> None:
    WipLimit.objects.create(team=team, status="in_progress", limit=2)
    shown = make_request("in_progress", serving_team=team)
    make_request("in_progress", serving_team=team, restricted=True, title="Secret merger")
    for person, total in ((reader, 1), (make_person(team), 2), (make_admin(), 2)):
        found = column(team_board(team, person), "in_progress")
        assert (len(found.cards), found.total, found.limit, found.full) == (total, total, 2, True)
    assert "Secret" not in repr(team_board(team, reader))
    assert [card.number for card in column_page(team, "in_progress", reader).cards] == [shown.number]


def test_a_column_of_many_loads_in_pages_and_its_count_is_right(team: Team, reader: Person) -> None:
    numbers = fill(team, "parked", 2 * PAGE + 3)
    first = column(team_board(team, reader), "parked")
    assert (len(first.cards), first.total, first.below) == (PAGE, len(numbers), first.cards[-1].rank)
    seen, below = [card.number for card in first.cards], first.below
    while below is not None:
        page = column_page(team, "parked", reader, below)
        seen, below = seen + [card.number for card in page.cards], page.below
    assert seen == numbers


def test_a_column_of_exactly_one_page_has_no_next_one(team: Team, reader: Person) -> None:
    fill(team, "ready", PAGE)
    assert column(team_board(team, reader), "ready").below is None
    assert column_page(team, "ready", reader).below is None


def test_a_board_costs_three_queries_whatever_lies_on_it(
    team: Team, reader: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    board = get_board(team.slug)
    for count in (0, 3, 20):
        for status in BOARD_COLUMNS if count else ():
            fill(team, status, count)
        with django_assert_num_queries(3):
            team_board(team, reader)
        with django_assert_num_queries(1):
            page_of(column_cards(board, "ready", reader))


@pytest.mark.parametrize("status", ["submitted", "declined", "draft", "nowhere"])
def test_what_is_no_column_is_absent(status: str, team: Team, reader: Person) -> None:
    with pytest.raises(Http404):
        column_page(team, status, reader)


def test_a_card_that_moved_meanwhile_breaks_no_page(team: Team, reader: Person) -> None:
    fill(team, "ready", PAGE + 2)
    below = column(team_board(team, reader), "ready").below
    Request.objects.filter(rank=below).update(status="shaping")
    assert len(column_page(team, "ready", reader, below).cards) == 2
