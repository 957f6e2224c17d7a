"""The editor of boards: who gets it, what it keeps, what its preview shows."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from requests_app.boards.board import get_board
from requests_app.boards.making import make_board
from requests_app.models import Board
from teams.models import Goal, Person, Side, Team
from tests.factories import make_admin, make_goal, make_person, make_request, make_team

pytestmark = pytest.mark.django_db
STATUSES = ("shaping", "ready", "in_progress", "in_review", "done", "parked")


@pytest.fixture
def team() -> Team:
    return make_team(Side.IT, slug="crm-platform", name="CRM platform")


@pytest.fixture
def lead(team: Team) -> Person:
    return make_person(lead_of=team, language="en")


@pytest.fixture
def signed_in(client: Client, lead: Person) -> Client:
    client.force_login(lead)
    return client


def entered(**fields: Any) -> dict[str, Any]:
    places = {f"{status}_place": str(place) for place, status in enumerate(STATUSES, start=1)}
    return {"name": "Growth", **places, **fields}


def text(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def test_a_lead_makes_a_board_and_lands_on_it(signed_in: Client, lead: Person) -> None:
    goal = make_goal(title="More loyal customers")
    make_request("ready", goal=goal, title="Choose topics")
    make_request("ready", title="Something else")
    answer = signed_in.post(
        reverse("requests:board_new"), entered(goal=goal.pk, parked_hidden="on"), follow=True
    )
    page = answer.content.decode()
    assert answer.redirect_chain[-1][0] == "/boards/_growth/"
    assert "Choose topics" in page
    assert "Something else" not in page
    assert "Parked" not in page[page.index("data-board") :]
    assert get_board("_growth").owner == lead


def test_the_lanes_of_a_board_are_set_for_everybody(signed_in: Client, team: Team) -> None:
    goal = make_goal(title="More loyal customers")
    make_request("ready", serving_team=team, goal=goal)
    url = reverse("requests:board_edit", args=[team.slug])
    assert signed_in.post(url, entered(lanes="goal", version="1")).status_code == 302
    assert '<option value="goal" selected>' in text(signed_in, url)
    assert f'data-lane="{goal.pk}"' in text(signed_in, reverse("requests:board", args=[team.slug]))


def test_members_get_no_editor(client: Client, team: Team, lead: Person) -> None:
    client.force_login(make_person(team))
    board = make_board({"name": "Growth"}, by=lead)
    for url in (
        reverse("requests:board_new"),
        reverse("requests:board_edit", args=[team.slug]),
        reverse("requests:board_edit", args=[board.slug]),
    ):
        assert client.get(url).status_code == 403
        assert client.post(url, entered()).status_code == 403
    client.post(reverse("requests:board_delete", args=[board.slug]))
    assert Board.objects.filter(pk=board.pk).exists()


def test_what_cannot_be_kept_is_told_at_its_field(signed_in: Client) -> None:
    answer = signed_in.post(reverse("requests:board_new"), entered(name="", ready_age_mark="0", goal="999"))
    assert answer.status_code == 422
    form = answer.context["form"]
    assert set(form.errors) == {"name", "ready_age_mark", "goal"}
    signed_in.post(reverse("requests:board_new"), entered())
    again = signed_in.post(reverse("requests:board_new"), entered())
    assert again.status_code == 422
    assert "a board of this name" in again.content.decode()


def test_a_teams_own_board_offers_its_columns_only(signed_in: Client, team: Team) -> None:
    url = reverse("requests:board_edit", args=[team.slug])
    page = text(signed_in, url)
    assert 'name="ready_policy"' in page
    assert 'name="goal"' not in page
    assert "Remove this board" not in page
    fields = entered(ready_title="Next up", ready_policy="Scored by both sides", version="1")
    assert signed_in.post(url, fields).status_code == 302
    shown = text(signed_in, reverse("requests:board", args=[team.slug]))
    assert "<h2>Next up</h2>" in shown
    assert "Scored by both sides" in shown


def test_two_editors_clash_where_both_changed_the_same(signed_in: Client, lead: Person) -> None:
    slug = make_board({"name": "Growth"}, by=lead).slug
    url = reverse("requests:board_edit", args=[slug])
    assert signed_in.post(url, entered(name="Bloom", version="1")).status_code == 302
    answer = signed_in.post(url, entered(name="Thrive", version="1"))
    assert answer.status_code == 422
    assert "Bloom" in answer.content.decode()
    assert 'value="Thrive"' in answer.content.decode()
    assert signed_in.post(url, entered(name="Thrive", version="2")).status_code == 302


def test_saving_keeps_a_goal_that_was_archived_since(signed_in: Client, lead: Person) -> None:
    goal = make_goal(title="Long gone")
    slug = make_board({"name": "Growth", "goal": goal}, by=lead).slug
    Goal.objects.filter(pk=goal.pk).update(is_archived=True)
    url = reverse("requests:board_edit", args=[slug])
    assert f'<option value="{goal.pk}" selected>Long gone' in text(signed_in, url)
    assert signed_in.post(url, entered(name="Bloom", goal=goal.pk, version="1")).status_code == 302
    assert (get_board(slug).name, get_board(slug).goal) == ("Bloom", goal)
    assert "Long gone" not in text(signed_in, reverse("requests:board_new"))


def test_a_board_is_removed_by_its_keeper(signed_in: Client, lead: Person, team: Team) -> None:
    slug = make_board({"name": "Growth"}, by=lead).slug
    assert signed_in.get(reverse("requests:board_delete", args=[slug])).status_code == 405
    signed_in.post(reverse("requests:board_delete", args=[slug]))
    assert not Board.objects.filter(slug=slug).exists()
    signed_in.post(reverse("requests:board_delete", args=[team.slug]))
    assert Board.objects.filter(slug=team.slug).exists()


def test_the_preview_shows_cards_and_what_goes_out_of_sight(signed_in: Client, team: Team) -> None:
    make_request("ready", serving_team=team, title="Choose topics")
    make_request("parked", serving_team=team, title="A chat robot")
    make_request("ready", serving_team=team, title="Secret plan", restricted=True)
    make_request("ready", title="Of another team", restricted=True)
    url = reverse("requests:board_preview")
    page = signed_in.post(url, entered(name="", teams=[team.pk], parked_hidden="on")).content.decode()
    assert "Choose topics" in page
    assert "Secret plan" in page
    assert "A chat robot" not in page
    assert "Of another team" not in page
    assert "1 card goes out of sight" in page
    own = signed_in.post(url, entered(board=team.slug, ready_title="Next")).content.decode()
    assert "Next" in own
    assert "Choose topics" in own


@pytest.mark.parametrize(
    "fields",
    [
        {"goal": "x"},
        {"teams": ["999999"]},
        {"label": "a\x00b"},
        {"ready_age_mark": "9" * 40},
        {"requesting_team": "nowhere"},
        {"ready_place": "-1"},
        {"board": "a\x00b"},
    ],
)
def test_the_preview_bears_what_is_wrong(signed_in: Client, fields: dict[str, Any]) -> None:
    assert signed_in.post(reverse("requests:board_preview"), entered(**fields)).status_code == 200
    if "board" not in fields:
        assert signed_in.post(reverse("requests:board_new"), entered(**fields)).status_code == 422


def test_a_preview_of_others_hides_what_they_may_not_see(client: Client, team: Team) -> None:
    make_request("ready", serving_team=team, title="Secret plan", restricted=True)
    client.force_login(make_person(lead_of=make_team(Side.MARKETING)))
    page = client.post(reverse("requests:board_preview"), entered(teams=[team.pk])).content.decode()
    assert "Secret plan" not in page


def test_the_list_marks_the_board_of_ones_own_team(signed_in: Client, team: Team) -> None:
    make_team(Side.IT, name="AAA platform")
    page = text(signed_in, reverse("requests:boards"))
    assert page.count("your team") == 1
    assert page.index(team.name) < page.index("your team") < page.index("AAA platform")


def test_the_list_says_who_keeps_a_board(signed_in: Client, team: Team, lead: Person) -> None:
    make_board({"name": "Growth"}, by=make_admin(name="Ada Berg"))
    page = text(signed_in, reverse("requests:boards"))
    assert "Ada Berg keeps it" in page
    assert "Make a board" in page
    assert page.index("Growth") < page.index("CRM platform")


def test_the_link_to_what_was_delivered_earlier_keeps_the_filter(signed_in: Client, lead: Person) -> None:
    goal = make_goal()
    slug = make_board({"name": "Growth", "goal": goal, "type": "integration"}, by=lead).slug
    page = text(signed_in, reverse("requests:board", args=[slug]))
    assert f"/requests/?status=done&amp;goal={goal.pk}&amp;type=integration" in page
