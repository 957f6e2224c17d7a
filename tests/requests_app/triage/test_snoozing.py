"""Putting a new request aside: for all who serve it, until its moment or the next word."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.test import Client
from django.utils import timezone, translation

from activity import clock
from activity.models import Event
from requests_app.choices import Status
from requests_app.discussion import answer, comment
from requests_app.importing.history import History, Step, enter_history
from requests_app.models import Request
from requests_app.triage.snoozing import snooze, wake, wake_due
from requests_app.workflow.inputs import Inputs
from requests_app.workflow.perform import perform
from teams.models import Person, Side, Team
from teams.rules import InvalidFields, RuleViolation, StaleVersion
from tests.api_client import machine, send
from tests.factories import holder, make_person, make_request, make_team
from tests.requests_app.test_races import at_once
from tests.requests_app.timeline.telling import told

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TRIAGE = "/triage/"


@pytest.fixture
def team() -> Team:
    return make_team(Side.IT)


@pytest.fixture
def tom(team: Team) -> Person:
    return make_person(team, language="en", time_zone="Europe/Berlin")


@pytest.fixture
def request_(team: Team) -> Request:
    return make_request(serving_team=team, title="Birthday voucher")


def put(
    request: Request, by: Person, until: datetime | None = None, reason: str = "After the fair."
) -> Request:
    return snooze(request.number, until or clock.now() + DAY, reason, by=by)


def is_aside(request: Request) -> bool:
    return Request.objects.get(pk=request.pk).snoozed_until is not None


def test_it_keeps_moment_and_reason_and_tells_it_once(request_: Request, tom: Person) -> None:
    until = clock.now() + DAY
    made = put(request_, tom, until)
    put(request_, tom, until)
    assert (made.snoozed_until, made.snooze_reason) == (until, "After the fair.")
    assert made.version == request_.version + 1
    event = Event.objects.get(kind="request.snoozed")
    assert event.data == {"until": until.isoformat(), "reason": "After the fair.", "version": made.version}


def test_its_story_is_told(request_: Request, tom: Person) -> None:
    translation.activate("en")
    put(request_, tom, datetime(2027, 2, 1, 8, tzinfo=UTC) if clock.now().year < 2027 else None)
    entry = told(request_)
    assert entry.did.startswith("put the request aside in triage until ")
    assert entry.reason == "After the fair."
    wake(request_.number, by=tom)
    assert told(request_).did == "brought the request back into triage"


@pytest.mark.parametrize("until", [timedelta(0), -DAY, 400 * DAY, 365_000 * DAY])
def test_a_moment_that_is_none_is_refused(request_: Request, tom: Person, until: timedelta) -> None:
    with pytest.raises(InvalidFields) as refused:
        put(request_, tom, clock.now() + until)
    assert [one.field for one in refused.value.missing] == ["until"]


@pytest.mark.parametrize("reason", ["x" * 2001, "a\0b"])
def test_a_reason_that_cannot_be_kept_is_refused(request_: Request, tom: Person, reason: str) -> None:
    with pytest.raises(InvalidFields):
        put(request_, tom, reason=reason)


def test_only_who_serves_it_puts_it_aside(request_: Request) -> None:
    for somebody in (make_person(make_team(Side.MARKETING)), make_person(make_team(Side.IT))):
        with pytest.raises(RuleViolation, match="not_yours"):
            put(request_, somebody)
    put(make_request(serving_team=None), make_person(make_team(Side.IT)))


def test_only_new_requests_are_put_aside(team: Team, tom: Person) -> None:
    with pytest.raises(RuleViolation, match="wrong_status"):
        put(make_request(Status.SHAPING, serving_team=team), tom)


def test_what_one_does_not_see_is_not_there(team: Team) -> None:
    hidden = make_request(serving_team=team, restricted=True)
    with pytest.raises(Http404):
        put(hidden, make_person(make_team(Side.IT)))


def test_an_older_version_is_refused(request_: Request, tom: Person) -> None:
    with pytest.raises(StaleVersion):
        snooze(request_.number, clock.now() + DAY, by=tom, version=request_.version + 1)
    put(request_, tom)
    with pytest.raises(StaleVersion):
        wake(request_.number, by=tom, version=request_.version)


def test_it_comes_back_by_itself_once(request_: Request, tom: Person) -> None:
    put(request_, tom)
    assert wake_due(clock.now()) == 0
    later = clock.now() + DAY + timedelta(minutes=1)
    assert [wake_due(later), wake_due(later)] == [1, 0]
    assert not is_aside(request_)
    assert Event.objects.get(kind="request.woken").actor is None


def test_it_comes_back_with_the_next_word(request_: Request, tom: Person) -> None:
    asked = comment(request_.number, "Who reads it?", by=tom, question_to="marketing")
    put(request_, tom)
    answer(request_.number, asked.pk, "All of them.", by=holder(request_.requester))
    assert not is_aside(request_)
    put(request_, tom)
    comment(request_.number, "One more thing.", by=make_person())
    assert not is_aside(request_)


def test_a_decision_ends_it(request_: Request, tom: Person) -> None:
    put(request_, tom)
    perform("decline", request_.number, by=tom, inputs=Inputs(reason="No"))
    assert not is_aside(request_)


def test_an_import_that_goes_on_ends_it() -> None:
    lead = make_person(make_team(Side.IT))
    steps = [Step("submit", to=Status.SUBMITTED)]
    enter_history([History("a", {"title": "Old"}, steps)], by=None)
    row = Request.objects.get()
    put(row, lead)
    enter_history([History("a", {"title": "Old"}, [*steps, Step("start", to=Status.IN_PROGRESS)])], by=None)
    row.refresh_from_db()
    assert (row.status, row.snoozed_until) == (Status.IN_PROGRESS, None)


def test_the_database_knows_it_as_well(request_: Request) -> None:
    rows = Request.objects.filter(pk=request_.pk)
    for wrong in (
        {"snooze_reason": "why"},
        {"snoozed_until": clock.now(), "status": Status.DECLINED},
        {"snoozed_until": clock.now(), "snooze_reason": "x" * 2001},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**wrong)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(5))
def test_workers_bring_it_back_once(request_: Request, tom: Person, round_: int) -> None:
    put(request_, tom)
    later = clock.now() + 2 * DAY
    outcomes = at_once(*(lambda: wake_due(later) for _ in range(4)))
    assert sum(outcomes) == 1
    assert Event.objects.filter(kind="request.woken").count() == 1


# The page -------------------------------------------------------------------------------------------------


def test_the_queue_leaves_it_out_and_counts_it(client: Client, request_: Request, tom: Person) -> None:
    client.force_login(tom)
    put(request_, tom)
    page = client.get(TRIAGE).content.decode()
    assert "Birthday voucher" not in page
    assert 'Put aside <span class="count">1</span>' in page
    aside = client.get(TRIAGE, {"aside": "1"}).content.decode()
    assert "Birthday voucher" in aside
    assert "After the fair." in aside
    assert f"/triage/{request_.number}/wake/" in aside


def test_what_is_due_waits_for_no_worker(client: Client, request_: Request, tom: Person) -> None:
    client.force_login(tom)
    with clock.moved_to(clock.now() - 2 * DAY):
        put(request_, tom)
    assert "Birthday voucher" in client.get(TRIAGE).content.decode()


def test_putting_aside_by_the_form_and_back(client: Client, request_: Request, tom: Person) -> None:
    client.force_login(tom)
    address = f"/triage/{request_.number}/snooze/"
    assert 'value="09:00"' in client.get(address).content.decode()
    day = timezone.localdate(clock.now() + 3 * DAY)
    sent = {"day": day.isoformat(), "time": "10:30", "reason": "Later", "queue": "scope=all"}
    answer = client.post(address, sent)
    assert answer["Location"] == f"{TRIAGE}?scope=all&undo={request_.number}"
    request_.refresh_from_db()
    assert request_.snoozed_until is not None
    assert f"/triage/{request_.number}/wake/" in client.get(answer["Location"]).content.decode()
    back = client.post(f"/triage/{request_.number}/wake/", {"queue": f"request={request_.number}"})
    assert back["Location"] == f"{TRIAGE}?request={request_.number}"
    assert not is_aside(request_)


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"day": "yesterday", "time": "9"},
        {"day": "2020-01-01", "time": "09:00"},
        {"day": "9999-12-31", "time": "23:59"},
    ],
)
def test_a_broken_moment_is_told_in_the_form(
    client: Client, request_: Request, tom: Person, sent: dict[str, str]
) -> None:
    client.force_login(tom)
    answer = client.post(f"/triage/{request_.number}/snooze/", sent)
    assert answer.status_code == 422
    assert 'id="id_day_error"' in answer.content.decode()


# The API --------------------------------------------------------------------------------------------------


def test_the_api_puts_aside_and_brings_back(request_: Request, tom: Person) -> None:
    until = clock.now().replace(microsecond=0) + DAY
    path = f"requests/{request_.number}/snooze/"
    answer = send(machine(tom), "post", path, {"until": until.isoformat(), "reason": "Later"})
    assert answer.status_code == 200, answer.content
    assert answer.json()["reason"] == "Later"
    assert datetime.fromisoformat(answer.json()["snoozed_until"]) == until
    assert send(machine(tom), "delete", path).status_code == 204
    assert not is_aside(request_)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"until": 5},
        {"until": "soon"},
        {"until": "2020-01-01T00:00:00Z"},
        {"until": "9999-12-31T23:59:59-14:00"},
        {"until": None},
        {"until": "2999-01-01T00:00Z"},
    ],
)
def test_the_api_refuses_what_is_no_moment(request_: Request, tom: Person, body: dict[str, object]) -> None:
    answer = send(machine(tom), "post", f"requests/{request_.number}/snooze/", body)
    assert answer.status_code == 400
    assert [one["field"] for one in answer.json()["errors"]] == ["until"]


def test_the_api_honours_the_version(request_: Request, tom: Person) -> None:
    body = {"until": (clock.now() + DAY).isoformat()}
    answer = send(machine(tom), "post", f"requests/{request_.number}/snooze/", body, if_match='"1000"')
    assert answer.status_code == 412
