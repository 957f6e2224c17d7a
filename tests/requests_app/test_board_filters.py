"""Filters of a board: they combine, live in the address, and a wrong one is told."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activity import clock
from requests_app.boards.board import column_cards, get_board, show
from requests_app.boards.filters import filters_of, sides_of
from requests_app.boards.making import edit_board, make_board
from requests_app.models import Label, TeamForecasts
from teams.models import Person, Side, Team
from tests.factories import make_admin, make_goal, make_person, make_request, make_team, make_touchpoint

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    return make_team(Side.IT, slug="crm-platform", name="CRM platform")


@pytest.fixture
def tom(team: Team) -> Person:
    return make_person(team, name="Tom Reiter", language="en")


@pytest.fixture
def found(team: Team, tom: Person) -> Callable[[str], list[int]]:
    def numbers(query: str, slug: str = team.slug) -> list[int]:
        board = get_board(slug)
        filters = filters_of(QueryDict(query), board, tom)
        assert filters.errors_in_words() == []
        shown = show(board, tom, filters.asked)
        on_it = [card.number for column in shown.columns for card in column.cards]
        assert sum(column.total for column in shown.columns) == len(on_it)
        pages = [column_cards(board, column.status, tom, None, filters.asked) for column in shown.columns]
        assert [row.number for rows in pages for row in rows] == on_it
        return sorted(on_it)

    return numbers


def test_each_filter_leaves_what_fits(found: Callable[..., list[int]], team: Team, tom: Person) -> None:
    goal, point = make_goal(), make_touchpoint(slug="fair")
    fits = make_request(
        "ready",
        serving_team=team,
        goal=goal,
        type="integration",
        it_owner=tom,
        title="Choose newsletter topics",
        deadline=timezone.localdate(clock.now()),
        deadline_reason="Spring",
        waiting_for="it",
        blocked_reason="A date",
    )
    fits.touchpoints.add(point)
    fits.labels.add(Label.objects.create(name="spring"))
    make_request("ready", serving_team=team, type="automation", requesting_team=make_team(Side.OTHER))
    asking = fits.requesting_team
    assert asking is not None
    for query in (
        f"goal={goal.pk}",
        "type=integration",
        "touchpoint=fair",
        "owner=me",
        "label=spring",
        "blocked=true",
        "side=marketing",
        f"team={asking.slug}",
        "q=newsletter",
        f"q={fits.key}",
        f"deadline_before={timezone.localdate(clock.now()) + timedelta(days=1)}",
        f"goal={goal.pk}&type=integration&blocked=true&q=topics",
    ):
        assert found(query) == [fits.number], query
    assert found(f"goal={goal.pk}&type=automation") == []
    assert len(found("")) == len(found("goal=&type=&q=")) == 2


def test_the_turn_is_mine_my_sides_or_anybodys(
    found: Callable[..., list[int]], team: Team, tom: Person
) -> None:
    mine = make_request("ready", serving_team=team, it_owner=tom, turn="it")
    colleagues = make_request("ready", serving_team=team, turn="it")
    theirs = make_request("in_review", serving_team=team, turn="marketing")
    assert found("turn=me") == [mine.number]
    assert found("turn=mine") == found("turn=it") == [mine.number, colleagues.number]
    assert found("turn=marketing") == [theirs.number]


def test_who_is_at_home_on_both_sides_waits_for_both(team: Team) -> None:
    both = make_person(team, make_team(Side.MARKETING))
    both.refresh_from_db()
    assert sides_of(both) == ["marketing", "it"]
    assert sides_of(make_person()) == ["other"]


def test_without_a_goal(found: Callable[..., list[int]], team: Team) -> None:
    bare = make_request("shaping", serving_team=team, goal=None)
    make_request("shaping", serving_team=team, goal=make_goal())
    assert found("goal=none") == [bare.number]


def old(team: Team, days: float, status: str = "ready") -> int:
    return make_request(status, serving_team=team, status_since=clock.now() - timedelta(days=days)).number


def test_ageing_is_what_lasts_longer_than_the_team_usually_needs(
    found: Callable[..., list[int]], team: Team
) -> None:
    aged, young = old(team, 11), old(team, 9)
    assert found("ageing=true") == []
    TeamForecasts.objects.filter(team=team).update(load={"ages": {"ready": 10}, "per_week": None})
    assert found("ageing=true") == [aged]
    edit_board(team.slug, {"columns": {"ready": {"age_mark": 5}}}, by=make_admin())
    assert found("ageing=true") == sorted([aged, young])


def test_ageing_on_a_board_of_all_teams_asks_each_team(found: Callable[..., list[int]], team: Team) -> None:
    slug = make_board({"name": "All"}, by=make_admin()).slug
    slow = make_team(Side.IT)
    aged, usual = old(team, 11), old(slow, 11)
    found("ageing=true", slug)
    TeamForecasts.objects.filter(team=team).update(load={"ages": {"ready": 10}})
    TeamForecasts.objects.filter(team=slow).update(load={"ages": {"ready": 50}})
    assert found("ageing=true", slug) == [aged]
    assert usual in found("", slug)


def test_filters_narrow_the_counts_and_not_the_limit(team: Team, tom: Person) -> None:
    team.wip_limits.create(status="in_progress", limit=2)
    make_request("in_progress", serving_team=team, type="integration")
    make_request("in_progress", serving_team=team, type="automation")
    board = get_board(team.slug)
    asked = filters_of(QueryDict("type=integration"), board, tom).asked
    column = next(one for one in show(board, tom, asked).columns if one.status == "in_progress")
    assert (column.total, column.seen, column.limit, column.full) == (1, 2, 2, True)


# On the page ----------------------------------------------------------------------------------------
@pytest.fixture
def opened(client: Client, team: Team, tom: Person) -> Callable[..., Any]:
    client.force_login(tom)
    return lambda query="": client.get(f"{reverse('requests:board', args=[team.slug])}?{query}")


@pytest.mark.parametrize(
    "query",
    [
        "request=12",
        "view=3",
        "status=ready",
        "goal=999999",
        "goal=" + "9" * 5000,
        "goal=x",
        "team=nowhere",
        "type=toy",
        "touchpoint=nowhere",
        "owner=0",
        "turn=yours",
        "ageing=perhaps",
        "lanes=colour",
        "goal=1&goal=2",
        "q=" + "x" * 201,
        "deadline_before=soon",
    ],
)
def test_a_wrong_filter_is_told_and_shows_nothing(opened: Callable[..., Any], team: Team, query: str) -> None:
    make_request("ready", serving_team=team, title="Choose topics")
    answer = opened(query)
    assert answer.status_code == 400
    text = answer.content.decode()
    assert 'role="alert"' in text
    assert "Choose topics" not in text
    assert "Show the whole board" in text


def test_quick_filters_switch_on_and_off_and_keep_the_others(opened: Callable[..., Any]) -> None:
    text = opened("type=integration&turn=me").content.decode()
    assert 'href="?type=integration" aria-current="true">My turn' in text
    assert 'href="?goal=none&amp;turn=me&amp;type=integration"' in text
    assert "Type: <b>Integration</b>" in text


def test_filters_in_force_are_named_as_people_say_them(opened: Callable[..., Any], team: Team) -> None:
    goal, point = make_goal(title="More loyal customers"), make_touchpoint(slug="fair", name_en="Fair")
    text = opened(
        f"goal={goal.pk}&team={team.slug}&owner=me&touchpoint={point.slug}&blocked=false"
    ).content.decode()
    for words in ("More loyal customers", "CRM platform", "Myself", "Fair", "Not blocked"):
        assert f"<b>{words}</b>" in text


def test_the_sheet_offers_what_there_is(client: Client, team: Team, tom: Person) -> None:
    client.force_login(tom)
    make_goal(title="Reach more people")
    make_goal(title="Long gone", is_archived=True)
    url = reverse("requests:board_filters", args=[team.slug])
    text = client.get(f"{url}?type=integration").content.decode()
    assert "Reach more people" in text
    assert "Long gone" not in text
    assert '<option value="integration" selected>' in text


def test_a_new_request_starts_with_the_boards_team_and_goal(
    opened: Callable[..., Any], client: Client
) -> None:
    goal = make_goal()
    assert "/requests/new/?serving_team=crm-platform&quot;" not in opened().content.decode()
    assert 'href="/requests/new/?serving_team=crm-platform"' in opened().content.decode()
    text = opened(f"goal={goal.pk}").content.decode()
    assert f"/requests/new/?serving_team=crm-platform&amp;goal={goal.pk}" in text
    slug = make_board({"name": "Growth", "goal": goal}, by=make_admin()).slug
    made = client.get(reverse("requests:board", args=[slug])).content.decode()
    assert f'href="/requests/new/?goal={goal.pk}"' in made


def test_more_cards_keep_the_filter(opened: Callable[..., Any], client: Client, team: Team) -> None:
    asking, owner = make_team(Side.MARKETING), make_person(team)
    rows = [
        make_request("ready", serving_team=team, requesting_team=asking, it_owner=owner, type=kind, goal=None)
        for _ in range(52)
        for kind in ("integration", "automation")
    ]
    text = opened("type=integration").content.decode()
    assert text.count("<li data-n=") == 50
    assert "&amp;type=integration" in text
    url = reverse("requests:column", args=[team.slug, "ready"])
    more = client.get(url, {"below": str(rows[98].rank), "type": "integration"}).content.decode()
    assert more.count("<li data-n=") == 2
    assert client.get(url, {"type": "toy"}).status_code == 400
