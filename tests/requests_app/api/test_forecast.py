"""Forecasts through the API."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from activity import clock
from requests_app.choices import Status
from teams.models import Team
from tests.api_client import send
from tests.factories import make_request
from tests.requests_app.forecast.test_keeping import past, started

pytestmark = pytest.mark.django_db
NOTHING = {
    "by_50": None, "by_85": None, "not_before": None, "deadline": None, "chance": None,
    "chance_at_least": False, "rests_on": None,
}  # fmt: skip


def test_a_request_at_work_has_its_dates(marketing: Client, crm: Team) -> None:
    past(crm, *range(1, 41))
    deadline = timezone.localdate(clock.now()) + timedelta(days=24)
    request = started(crm, deadline=deadline, deadline_reason="The fair opens.")
    body = send(marketing, "get", f"requests/{request.number}/forecast/").json()
    assert (body["number"], body["state"], body["says"]) == (request.number, "dated", "")
    today = timezone.localdate(clock.now()).isoformat()
    assert today < body["by_50"] < body["by_85"]
    assert body["deadline"] == deadline.isoformat()
    assert 30 < body["chance"] < 85
    assert not body["chance_at_least"]
    basis = body["rests_on"]
    assert (basis["borrowed"], basis["same_status"], basis["begun"]) == (False, True, True)
    assert basis["deliveries"] in {39, 40}
    assert "of this team since" in basis["words"]


def test_without_history_it_says_so(marketing: Client, crm: Team) -> None:
    request = started(crm)
    body = send(marketing, "get", f"requests/{request.number}/forecast/").json()
    says = body.pop("says")
    assert body == {**NOTHING, "number": request.number, "state": "no_history"}
    assert says.startswith("Not enough history")


@pytest.mark.parametrize(
    ("status", "state"),
    [(Status.DONE, "not_open"), (Status.WITHDRAWN, "not_open"), (Status.SUBMITTED, "no_team")],
)
def test_what_has_no_forecast_says_why(marketing: Client, status: Status, state: str) -> None:
    fields = {"serving_team": None} if status == Status.SUBMITTED else {}
    request = make_request(status, **fields)
    body = send(marketing, "get", f"requests/{request.number}/forecast/").json()
    assert body["state"] == state
    assert body["says"]


def test_hidden_and_absent_are_the_same(marketing: Client, crm: Team) -> None:
    hidden = make_request(Status.READY, restricted=True)
    answers = [send(marketing, "get", f"requests/{n}/forecast/") for n in (hidden.number, 999_999)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].json() == answers[1].json()


def test_unknown_parameters_and_other_methods_are_refused(marketing: Client, crm: Team) -> None:
    request = started(crm)
    assert send(marketing, "get", f"requests/{request.number}/forecast/?day=1").status_code == 400
    assert send(marketing, "post", f"requests/{request.number}/forecast/", {}).status_code == 405


def test_the_document_has_an_example(marketing: Client) -> None:
    document = send(marketing, "get", "schema/?format=json").json()
    answer = document["paths"]["/api/v1/requests/{number}/forecast/"]["get"]["responses"]["200"]
    (example,) = answer["content"]["application/json"]["examples"].values()
    assert example["value"]["by_85"] == "2027-02-12"
