"""Filing a request: drafts, what must be there, the one-time id."""

import threading
from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.http import Http404

from activity.models import Event, FanOut
from requests_app.choices import Status, Turn
from requests_app.intake.drafts import save_draft, throw_away
from requests_app.intake.fields import RequestFields
from requests_app.intake.submit import create, hand_in
from requests_app.models import Request
from teams.models import Person, Side, Team
from teams.rules import InvalidFields, StaleVersion
from tests.factories import make_goal, make_person, make_team, make_touchpoint

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaigns() -> Team:
    return make_team(Side.MARKETING)


@pytest.fixture
def mira(campaigns: Team) -> Person:
    return make_person(campaigns)


def complete(team: Team) -> RequestFields:
    return {
        "title": "Choose newsletter topics",
        "customer_need": "Readers want to choose topics.",
        "outcome": "They switch topics on and off.",
        "type": "automation",
        "requesting_team": team,
    }


def test_it_keeps_a_draft_without_any_event(mira: Person) -> None:
    draft = save_draft({"title": "  A thought "}, by=mira)
    assert (draft.status, draft.title, draft.version, draft.rank) == (Status.DRAFT, "A thought", 1, None)
    assert not Event.objects.exists()


def test_it_goes_on_with_ones_own_draft(mira: Person) -> None:
    touchpoint = make_touchpoint()
    number = save_draft({"title": "A"}, by=mira).pk
    draft = save_draft({"title": "B", "touchpoints": [touchpoint]}, by=mira, number=number)
    assert (draft.pk, draft.title, draft.version) == (number, "B", 2)
    assert list(draft.touchpoints.all()) == [touchpoint]


def test_it_refuses_a_draft_that_moved_on(mira: Person) -> None:
    number = save_draft({"title": "A"}, by=mira).pk
    save_draft({"title": "B"}, by=mira, number=number, version=1)
    with pytest.raises(StaleVersion):
        save_draft({"title": "C"}, by=mira, number=number, version=1)


def test_it_hides_drafts_from_everybody_else(mira: Person) -> None:
    number = save_draft({"title": "A"}, by=mira).pk
    for other in (make_person(), make_person(is_admin=True)):
        with pytest.raises(Http404):
            save_draft({"title": "B"}, by=other, number=number)
        with pytest.raises(Http404):
            throw_away(number, by=other)
        with pytest.raises(Http404):
            hand_in(number, by=other)


def test_it_throws_a_draft_away(mira: Person) -> None:
    number = save_draft({"title": "A"}, by=mira).pk
    throw_away(number, by=mira)
    assert not Request.objects.filter(pk=number).exists()


def test_it_throws_nothing_away_that_was_submitted(mira: Person, campaigns: Team) -> None:
    number = create(complete(campaigns), by=mira, submit=True).pk
    with pytest.raises(Http404):
        throw_away(number, by=mira)


def test_it_submits_with_one_event_and_its_fan_out(mira: Person, campaigns: Team) -> None:
    request = create(complete(campaigns), by=mira, submit=True)
    event = Event.objects.get()
    assert (request.status, request.marketing_owner, request.turn) == (Status.SUBMITTED, mira, Turn.IT)
    assert request.submitted_at is not None
    assert request.rank is not None
    assert (event.kind, event.object_id, event.actor) == ("request.submitted", request.pk, mira)
    assert event.data["from"] == "draft"
    assert FanOut.objects.get().event == event


def test_a_requester_of_another_side_gets_no_seat(campaigns: Team) -> None:
    other = make_person(make_team(Side.OTHER))
    assert create(complete(campaigns), by=other, submit=True).marketing_owner is None


def test_a_second_submit_changes_nothing(mira: Person, campaigns: Team) -> None:
    first = create(complete(campaigns), by=mira, submit=True)
    again = hand_in(first.pk, by=mira)
    assert again.version == first.version
    assert Event.objects.count() == 1


@pytest.mark.parametrize("field", ["title", "customer_need", "outcome", "type", "requesting_team"])
def test_it_names_each_required_field_that_is_missing(mira: Person, campaigns: Team, field: str) -> None:
    fields = complete(campaigns)
    fields[field] = None if field == "requesting_team" else ""  # type: ignore[literal-required]
    with pytest.raises(InvalidFields) as refusal:
        create(fields, by=mira, submit=True)
    assert [(missing.code, missing.field) for missing in refusal.value.missing] == [("required", field)]
    assert not Request.objects.exists()


def test_a_deadline_needs_its_reason(mira: Person, campaigns: Team) -> None:
    fields: RequestFields = {**complete(campaigns), "deadline": date(2027, 2, 1)}
    with pytest.raises(InvalidFields) as refusal:
        create(fields, by=mira, submit=True)
    assert [missing.field for missing in refusal.value.missing] == ["deadline_reason"]


def test_a_restricted_request_needs_its_serving_team(mira: Person, campaigns: Team) -> None:
    with pytest.raises(InvalidFields) as refusal:
        create({**complete(campaigns), "restricted": True}, by=mira, submit=True)
    assert [missing.code for missing in refusal.value.missing] == ["team_missing"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "nul\0"),
        ("customer_need", "lone \ud800 surrogate"),
        ("outcome", "bell \x07"),
        ("title", "x" * 201),
        ("customer_need", "x" * 10_001),
        ("type", "magic"),
    ],
)
def test_it_refuses_what_cannot_be_kept(mira: Person, field: str, value: str) -> None:
    with pytest.raises(InvalidFields) as refusal:
        save_draft({field: value}, by=mira)  # type: ignore[misc]
    assert [missing.field for missing in refusal.value.missing] == [field]


def test_it_names_all_wrong_fields_at_once(mira: Person) -> None:
    with pytest.raises(InvalidFields) as refusal:
        save_draft({"title": "\0", "type": "magic"}, by=mira)
    assert {missing.field for missing in refusal.value.missing} == {"title", "type"}


def test_it_refuses_teams_of_the_wrong_side_and_archived_goals(mira: Person, campaigns: Team) -> None:
    wrong: RequestFields = {
        "requesting_team": make_team(Side.IT),
        "serving_team": campaigns,
        "goal": make_goal(is_archived=True),
    }
    with pytest.raises(InvalidFields) as refusal:
        save_draft(wrong, by=mira)
    assert {missing.field for missing in refusal.value.missing} == set(wrong)


def test_a_line_break_never_stays_in_a_title(mira: Person) -> None:
    assert save_draft({"title": "Subject\r\nBcc: all"}, by=mira).title == "Subject Bcc: all"


def test_the_same_submission_id_leads_to_the_same_request(mira: Person, campaigns: Team) -> None:
    one_time = uuid4()
    first = create(complete(campaigns), by=mira, submit=True, submission_id=one_time)
    again = create(complete(campaigns), by=mira, submit=True, submission_id=one_time)
    assert first.pk == again.pk
    assert Event.objects.count() == 1


def test_a_foreign_submission_id_leads_nowhere(mira: Person, campaigns: Team) -> None:
    one_time = uuid4()
    create(complete(campaigns), by=mira, submit=True, submission_id=one_time)
    with pytest.raises(Http404):
        create(complete(campaigns), by=make_person(campaigns), submit=True, submission_id=one_time)


@pytest.mark.django_db(transaction=True)
def test_ten_clicks_at_once_file_one_request(mira: Person, campaigns: Team) -> None:
    one_time, barrier, numbers = uuid4(), threading.Barrier(10), []

    def click() -> None:
        barrier.wait()
        numbers.append(create(complete(campaigns), by=mira, submit=True, submission_id=one_time).pk)
        connection.close()

    threads = [threading.Thread(target=click) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(numbers) == 10
    assert len(set(numbers)) == 1
    assert Event.objects.count() == 1
