"""Which events are told, by whom they are, and in which order."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from activity import log
from activity.models import Origin
from requests_app.choices import Status
from requests_app.intake.edit import edit
from requests_app.links import link
from requests_app.models import Request
from requests_app.timeline import UNTOLD, timeline
from requests_app.workflow.inputs import Inputs
from requests_app.workflow.perform import perform
from teams.models import Person, Team
from tests.factories import (
    make_goal,
    make_person,
    make_request,
    make_team,
    make_touchpoint,
)
from tests.requests_app.timeline.telling import record, sentence, told

pytestmark = pytest.mark.django_db


def test_the_newest_comes_first_and_says_who_did_it(mira: Person, tom: Person, crm: Team) -> None:
    row = make_request(serving_team=crm, marketing_owner=mira)
    record("request.submitted", row, mira)
    perform("shape", row.number, by=tom)
    entries, older, _titles = timeline(row, 50)
    assert [(entry.who, entry.did) for entry in entries] == [
        ("Tom Reiter", "started shaping"),
        ("Mira Brandt", "submitted the request"),
    ]
    assert (entries[0].side, entries[1].side, older) == ("it", "marketing", False)


def test_a_place_in_the_column_is_not_told(mira: Person) -> None:
    row = make_request()
    for kind in UNTOLD:
        record(kind, row, mira)
    assert timeline(row, 50) == ([], False, {})


def test_events_of_other_things_are_not_told(mira: Person) -> None:
    row = make_request()
    record("request.submitted", make_request(), mira)
    with transaction.atomic():
        log.record("team.edited", make_team(pk=row.pk), by=mira)
    assert timeline(row, 50) == ([], False, {})


def test_who_acts_for_somebody_is_named_with_them(crm: Team, tom: Person) -> None:
    owner = make_person(crm, name="Ida Holt")
    row = make_request(Status.READY, serving_team=crm, it_owner=owner)
    with transaction.atomic():
        log.record("request.started", row, by=tom, for_person=owner)
    assert sentence(row) == "Tom Reiter for Ida Holt started the work"


def test_an_override_is_told_with_its_reason(tom: Person) -> None:
    row = make_request()
    record("request.accepted", row, tom, override=["goal_missing"], reason="The goal is being written.")
    assert sentence(row) == "Tom Reiter accepted the request, although conditions were missing"
    assert told(row).reason == "The goal is being written."


def test_what_came_in_by_import_names_its_people_as_text() -> None:
    row = make_request()
    past = datetime(2026, 3, 1, tzinfo=UTC)
    with log.origin(Origin.IMPORT), transaction.atomic():
        log.record("request.started", row, by=None, data={"by": "Updated by 21"}, occurred_at=past)
        log.record("request.delivered", row, by=None, occurred_at=past + timedelta(days=1))
    entries, _older, _titles = timeline(row, 50)
    assert [(entry.who, entry.is_imported) for entry in entries] == [
        ("Somebody", True),
        ("Updated by 21", True),
    ]


def test_what_the_portal_does_by_itself_is_done_by_tandem() -> None:
    row = make_request()
    record("request.assigned", row)
    assert told(row).who == "Tandem"


def test_imported_history_stands_where_it_happened(mira: Person) -> None:
    row = make_request()
    record("request.commented", row, mira, comment=7)
    with log.origin(Origin.IMPORT), transaction.atomic():
        log.record("request.submitted", row, by=None, occurred_at=datetime(2025, 1, 1, tzinfo=UTC))
    entries, _older, _titles = timeline(row, 50)
    assert [entry.kind for entry in entries] == ["request.commented", "request.submitted"]
    assert entries[0].comment == 7


def test_older_events_are_offered_beyond_the_limit(mira: Person) -> None:
    row = make_request()
    for _ in range(4):
        record("request.commented", row, mira)
    entries, older, _titles = timeline(row, 3)
    assert (len(entries), older) == (3, True)
    assert timeline(row, 4)[1] is False


def test_two_queries_whatever_happened(
    mira: Person, tom: Person, crm: Team, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    row = make_request(requester=mira, serving_team=crm)
    for n in range(3):
        edit(
            row.number, {"goal": make_goal(), "touchpoints": [make_touchpoint()], "title": f"T {n}"}, by=mira
        )
        perform("assign", row.number, by=tom, inputs=Inputs(it_owner=make_person(crm)))
    with django_assert_num_queries(2):
        entries, _older, _titles = timeline(row, 50)
    assert len(entries) == 6


def test_titles_of_mentioned_requests_come_with_the_same_query(
    tom: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    row, other, hidden = make_request(), make_request(), make_request(restricted=True)
    record("request.watched", row, tom, person=tom.pk)
    with django_assert_num_queries(2):
        story = timeline(row, 5, tom, [other.pk, hidden.pk, 999_999])
    assert story.titles == {other.pk: other.title}


def test_a_link_to_a_hidden_request_is_not_told(mira: Person) -> None:
    row, other = make_request(), make_request()
    link(row.number, "is_blocked_by", other.number, by=mira)
    assert [entry.kind for entry in timeline(row, 50, mira).entries] == ["request.linked"]
    Request.objects.filter(pk=other.pk).update(restricted=True)
    assert timeline(row, 50, mira) == ([], False, {})
    assert len(timeline(row, 50, make_person(is_admin=True)).entries) == 1
