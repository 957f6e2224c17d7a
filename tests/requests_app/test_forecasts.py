"""The forecast on a request's page, and the page of how good forecasts were (`views/forecasts.py`)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from activity import clock
from requests_app.choices import Status
from requests_app.forecast.calibration import measure
from teams.models import Person, Side, Team
from tests.factories import make_person, make_request, make_team
from tests.requests_app.forecast.test_keeping import past, started

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def team() -> Team:
    return make_team(Side.IT, name="CRM platform")


@pytest.fixture
def reader(team: Team, client: Client) -> Person:
    person = make_person(team, language="en")
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return person


@pytest.mark.usefixtures("reader")
def test_the_request_page_leaves_room_for_it_and_a_link(client: Client, team: Team) -> None:
    request = started(team)
    page = client.get(f"/requests/{request.number}/").content.decode()
    assert f'hx-get="/requests/{request.number}/forecast/"' in page
    assert f'<a href="/requests/{request.number}/forecast/">' in page
    closed = make_request(Status.PARKED, serving_team=team)
    assert "forecast" not in client.get(f"/requests/{closed.number}/").content.decode()


@pytest.mark.usefixtures("reader")
def test_the_card_says_by_when_and_how_the_deadline_stands(client: Client, team: Team) -> None:
    past(team, *range(1, 41))
    deadline = timezone.localdate(clock.now()) + timedelta(days=24)
    request = started(team, deadline=deadline, deadline_reason="The fair opens.")
    card = client.get(f"/requests/{request.number}/forecast/", headers=HTMX).content.decode()
    assert not card.lstrip().startswith("<!")
    assert "<b>50&nbsp;%</b>" in card
    assert "<b>85&nbsp;%</b>" in card
    assert "is at risk" in card
    assert 'class="tick"' in card
    assert "of this team since" in card
    assert "in 50 of 100 cases done by" in card
    assert "style=" not in card


@pytest.mark.usefixtures("reader")
def test_without_javascript_it_is_a_page(client: Client, team: Team) -> None:
    request = started(team)
    page = client.get(f"/requests/{request.number}/forecast/").content.decode()
    assert page.lstrip().lower().startswith("<!doctype")
    assert "Not enough history for an honest date" in page
    assert '<svg class="bar' not in page


def test_hidden_absent_and_drafts_are_the_same_404(client: Client, team: Team, reader: Person) -> None:
    hidden = make_request(Status.READY, serving_team=make_team(Side.IT), restricted=True)
    draft = make_request(Status.DRAFT, requester=reader)
    for number in (hidden.number, draft.number, 999_999):
        assert client.get(f"/requests/{number}/forecast/").status_code == 404


@pytest.mark.usefixtures("reader")
def test_the_calibration_page_explains_itself_before_there_is_anything(client: Client) -> None:
    page = client.get("/forecasts/").content.decode()
    assert "Nothing to measure yet" in page
    assert "How a forecast comes about" in page


@pytest.mark.usefixtures("reader")
def test_the_calibration_page_tells_what_held(client: Client, team: Team) -> None:
    past(team, *[days for _n in range(3) for days in range(4, 24)])
    measure(clock.now())
    page = client.get("/forecasts/").content.decode()
    assert "What was to hold in <b>85 of 100 cases</b> held in" in page
    assert f'<a href="/teams/{team.slug}/">CRM platform</a>' in page
    assert "style=" not in page


@pytest.mark.usefixtures("reader")
def test_only_reading_is_possible(client: Client, team: Team) -> None:
    assert client.post("/forecasts/").status_code == 405
    assert client.post(f"/requests/{started(team).number}/forecast/").status_code == 405
