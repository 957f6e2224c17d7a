"""The clock of the first response: who stops it, how it stands, how often the target was met."""

from datetime import UTC, date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from activity import clock
from activity.models import Origin
from requests_app.choices import Status
from requests_app.discussion import answer, comment
from requests_app.models import Request
from requests_app.triage.first_response import (
    Calendar,
    Clock,
    Kept,
    Light,
    clock_of,
    tally,
    was_in_time,
)
from requests_app.triage.history import history, measure
from requests_app.workflow.inputs import Inputs
from requests_app.workflow.perform import perform
from requests_app.working_time import working_time
from teams.days_off import days_off
from teams.models import Company, Person, Side, Team
from tests.factories import make_person, make_request, make_team

BERLIN = ZoneInfo("Europe/Berlin")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TWO_DAYS = Calendar(BERLIN, 16 * HOUR)
BERLIN_TEAM = Calendar(BERLIN, 16 * HOUR, partial(days_off, "DE", "BE"))
NOON = datetime(2026, 11, 25, 11, tzinfo=UTC)
TRIAGE = "/triage/"
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


# Pure -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "light", "hours"),
    [
        ("2026-11-23T10:00", Light.GREEN, 16),
        ("2026-11-24T13:59", Light.GREEN, 4),
        ("2026-11-24T14:00", Light.YELLOW, 4),
        ("2026-11-25T10:00", Light.YELLOW, 0),
        ("2026-11-25T10:01", Light.RED, 0),
        ("2026-11-26T12:30", Light.RED, 10),
    ],
)
def test_the_light_follows_the_working_time_that_is_left(now: str, light: Light, hours: int) -> None:
    found = clock_of(at("2026-11-23T10:00"), at(now), TWO_DAYS)
    assert (found.light, found.hours, found.due) == (light, hours, at("2026-11-25T10:00"))


def test_holidays_of_the_team_give_it_time() -> None:
    # 25 December 2026 is a Friday.
    assert clock_of(at("2026-12-24T09:00"), at("2026-12-24T09:00"), BERLIN_TEAM).due == at("2026-12-28T17:00")
    assert clock_of(at("2026-12-24T09:00"), at("2026-12-24T09:00"), TWO_DAYS).due == at("2026-12-25T17:00")


@given(moments, st.integers(0, 60 * 24 * 40))
def test_what_is_left_and_what_is_over_add_up_to_the_target(start: datetime, minutes: int) -> None:
    now = start + timedelta(minutes=minutes)
    found: Clock = clock_of(start, now, BERLIN_TEAM)
    passed = working_time(start, now, BERLIN, BERLIN_TEAM.days_off)
    assert passed + found.left == BERLIN_TEAM.target
    assert (found.light is Light.RED) == (now > found.due)


@given(moments, st.integers(0, 60 * 24 * 20), st.integers(0, 60 * 24 * 20))
def test_who_answers_earlier_is_never_later(start: datetime, first: int, second: int) -> None:
    early, late = (start + timedelta(minutes=minutes) for minutes in sorted((first, second)))
    now = start + 60 * DAY
    assert was_in_time(start, early, now, TWO_DAYS) or not was_in_time(start, late, now, TWO_DAYS)


def test_what_is_not_due_yet_is_not_judged() -> None:
    start = at("2026-11-23T10:00")
    assert was_in_time(start, None, at("2026-11-25T10:00"), TWO_DAYS) is None
    assert was_in_time(start, None, at("2026-11-25T10:01"), TWO_DAYS) is False
    assert was_in_time(start, at("2026-11-25T10:00"), at("2026-12-25T10:00"), TWO_DAYS) is True


def test_the_tally_counts_what_is_judged() -> None:
    rows = [("B", True), ("A", False), ("B", True), ("B", False), ("A", None), ("C", None)]
    assert tally(rows) == [Kept("A", 0, 1), Kept("B", 2, 3)]
    assert [kept.percent for kept in tally(rows)] == [0, 67]


# Who stops the clock --------------------------------------------------------------------------------------


@pytest.fixture
def team() -> Team:
    return make_team(Side.IT, name="CRM")


@pytest.fixture
def tom(team: Team) -> Person:
    return make_person(team, language="en")


def responded(request: Request) -> datetime | None:
    return Request.objects.get(pk=request.pk).first_response_at


@pytest.mark.django_db
def test_a_comment_of_it_stops_it_one_of_marketing_does_not(team: Team, tom: Person) -> None:
    request = make_request(serving_team=team)
    comment(request.number, "Hello?", by=make_person(make_team(Side.MARKETING)))
    assert responded(request) is None
    with clock.moved_to(NOON):
        comment(request.number, "We look at it.", by=tom)
    comment(request.number, "Still looking.", by=tom)
    assert responded(request) == NOON


@pytest.mark.django_db
def test_an_answer_of_it_stops_it(team: Team, tom: Person) -> None:
    request = make_request(serving_team=team)
    asked = comment(request.number, "Can you?", by=make_person(), question_to="it")
    answer(request.number, asked.pk, "We can.", by=tom)
    assert responded(request) is not None


@pytest.mark.django_db
@pytest.mark.parametrize("action", ["shape", "park", "decline", "merge"])
def test_decisions_stop_it_and_undo_lets_it_run_again(team: Team, tom: Person, action: str) -> None:
    request = make_request(serving_team=team)
    inputs = {
        "shape": Inputs(),
        "park": Inputs(reason="Later", revisit_on=date(2999, 1, 1)),
        "decline": Inputs(reason="No"),
        "merge": Inputs(into=make_request(serving_team=team).number),
    }
    perform(action, request.number, by=tom, inputs=inputs[action])
    assert responded(request) is not None
    perform("undo", request.number, by=tom)
    assert responded(request) is None


@pytest.mark.django_db
def test_taking_alone_is_no_answer(team: Team, tom: Person) -> None:
    request = make_request(serving_team=team)
    perform("assign", request.number, by=tom, inputs=Inputs(it_owner=tom))
    assert responded(request) is None


# The page -------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_queue_says_how_it_stands_and_what_is_due_first(client: Client, team: Team, tom: Person) -> None:
    client.force_login(tom)
    now = datetime(2026, 11, 25, 11, tzinfo=UTC)
    with clock.moved_to(now):
        make_request(serving_team=team, title="Fresh", submitted_at=now - HOUR)
        make_request(serving_team=team, title="Urgent", submitted_at=now - 44 * HOUR)
        make_request(serving_team=team, title="Answered", submitted_at=now - 9 * DAY, first_response_at=now)
        make_request(serving_team=team, title="Late", submitted_at=now - 9 * DAY)
        page = client.get(TRIAGE, {"part": "list"}).content.decode()
        by_rank = client.get(TRIAGE, {"part": "list", "order": "rank"}).content.decode()
    order = sorted(("Fresh", "Urgent", "Answered", "Late"), key=page.index)
    assert order == ["Late", "Urgent", "Fresh", "Answered"]
    assert sorted(order, key=by_rank.index) == ["Fresh", "Urgent", "Answered", "Late"]
    assert page.count("first answer") == 3
    assert "first answer late by 40 working hours" in page
    assert "first answer due soon: 4 working hours left" in page


@pytest.mark.django_db
def test_holidays_change_what_is_due_first(client: Client, tom: Person, team: Team) -> None:
    client.force_login(tom)
    now = at("2026-12-24T12:00")
    german = make_team(Side.IT, country="DE")
    with clock.moved_to(now):
        make_request(serving_team=german, title="Christmas", submitted_at=now - 2 * HOUR)
        make_request(serving_team=team, title="Every day", submitted_at=now - HOUR)
        page = client.get(TRIAGE, {"part": "list", "scope": "all"}).content.decode()
    assert page.index("Every day") < page.index("Christmas")


@pytest.mark.django_db
def test_imported_requests_have_no_clock(client: Client, team: Team, tom: Person) -> None:
    client.force_login(tom)
    make_request(serving_team=team, origin=Origin.IMPORT, submitted_at=clock.now() - 90 * DAY)
    assert "first answer" not in client.get(TRIAGE, {"part": "list"}).content.decode()


@pytest.mark.django_db
def test_the_history_counts_each_team_over_ninety_days(client: Client, team: Team, tom: Person) -> None:
    Company.objects.create(id=1, name="Example", first_response_hours=8)
    now = clock.now()
    for submitted, response in (
        (20 * DAY, 19 * DAY),
        (30 * DAY, 10 * DAY),
        (40 * DAY, None),
        (100 * DAY, None),
    ):
        make_request(
            Status.SHAPING,
            serving_team=team,
            restricted=True,
            submitted_at=now - submitted,
            first_response_at=now - response if response else None,
        )
    make_request(serving_team=team, submitted_at=now)
    (kept,) = measure(now)
    assert (kept.team, kept.judged) == ("CRM", 3)
    assert kept.met == was_in_time(
        now - 20 * DAY, now - 19 * DAY, now, Calendar(ZoneInfo("Europe/Berlin"), 8 * HOUR)
    )
    cache.clear()
    client.force_login(tom)
    page = client.get("/triage/first-response/").content.decode()
    assert f"{kept.met} of 3 requests" in page
    assert "within 8 working hours" in page
    assert history(now) == [kept]


@pytest.mark.django_db
def test_without_anything_to_judge_it_says_so(client: Client, tom: Person) -> None:
    client.force_login(tom)
    page = client.get("/triage/first-response/", headers={"HX-Request": "true"}).content.decode()
    assert "No request was to be answered" in page
    assert "<html" not in page
