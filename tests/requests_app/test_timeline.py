"""The timeline: every kind of event in words, in both languages, with reasons and people."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from activity import clock, log
from activity.models import Event, Origin
from requests_app.choices import RequestType, Status
from requests_app.discussion import unwatch, watch
from requests_app.intake.edit import edit
from requests_app.models import Request
from requests_app.timeline import SENTENCES, TOLD_WITH_DETAIL, UNTOLD, Entry, timeline
from requests_app.workflow.actions import TABLE
from requests_app.workflow.inputs import Inputs
from requests_app.workflow.perform import perform
from teams.models import Person, Side, Team
from tests.factories import (
    make_goal,
    make_person,
    make_request,
    make_solution,
    make_team,
    make_touchpoint,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


@pytest.fixture
def crm() -> Team:
    return make_team(name="CRM platform")


@pytest.fixture
def tom(crm: Team) -> Person:
    return make_person(lead_of=crm, name="Tom Reiter")


@pytest.fixture
def mira() -> Person:
    return make_person(make_team(Side.MARKETING), name="Mira Brandt")


def record(kind: str, request: Request, by: Person | None = None, **data: Any) -> Event:
    with transaction.atomic():
        return log.record(kind, request, by=by, data=data)


def told(request: Request) -> Entry:
    """The newest entry."""
    entries, _older, _titles = timeline(Request.objects.get(pk=request.pk), 50)
    return entries[0]


def sentence(request: Request) -> str:
    entry = told(request)
    return f"{entry.who} {entry.did}"


def test_every_step_of_the_table_has_words_of_its_own() -> None:
    for action in TABLE:
        assert action.event in SENTENCES or action.event in TOLD_WITH_DETAIL


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


def test_parking_names_day_and_reason_and_is_a_decision(tom: Person, crm: Team) -> None:
    row = make_request(serving_team=crm)
    day = clock.now().date() + timedelta(days=30)
    perform("park", row.number, by=tom, inputs=Inputs(reason="After the season.", revisit_on=day))
    entry = told(row)
    assert entry.did.startswith("parked the request until ")
    assert str(day.day) in entry.did
    assert (entry.reason, entry.is_decision) == ("After the season.", True)


def test_declining_points_to_the_solution(tom: Person, crm: Team) -> None:
    row = make_request(serving_team=crm)
    solution = make_solution(title="Preference centre")
    perform("decline", row.number, by=tom, inputs=Inputs(reason="We have it.", solution=solution))
    assert sentence(row) == (
        "Tom Reiter declined the request and pointed to the solution “Preference centre”"
    )


def test_assigning_names_team_and_people(mira: Person, tom: Person, crm: Team) -> None:
    row = make_request(serving_team=None, marketing_owner=None, requester=mira)
    ida = make_person(crm, name="Ida Holt")
    perform("assign", row.number, by=tom, inputs=Inputs(serving_team=crm, it_owner=ida))
    assert told(row).did == "gave the request to CRM platform; named Ida Holt as IT owner"
    perform("assign", row.number, by=tom, inputs=Inputs(it_owner=tom))
    assert told(row).did == "took IT's seat"
    perform("assign", row.number, by=tom, inputs=Inputs(it_owner=None))
    assert told(row).did == "emptied IT's seat"


def test_handing_over_and_delivering_name_solution_and_day(mira: Person, crm: Team, tom: Person) -> None:
    row = make_request(
        Status.IN_PROGRESS, serving_team=crm, marketing_owner=mira, it_owner=tom, measured_on=None
    )
    perform("hand_over", row.number, by=tom, inputs=Inputs(solution=make_solution(title="Topic mail")))
    assert "“Topic mail”" in told(row).did
    day = clock.now().date() + timedelta(days=40)
    perform("deliver", row.number, by=mira, inputs=Inputs(measured_on=day))
    assert told(row).did.startswith("confirmed the delivery; the result is measured on ")


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


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        (
            "request.blocked",
            {"waiting_for": "marketing"},
            "marked the request as blocked: Marketing has to act",
        ),
        ("request.blocked", {"waiting_for": "it"}, "marked the request as blocked: IT has to act"),
        (
            "request.blocked",
            {"waiting_for": "outside"},
            "marked the request as blocked: somebody outside has to act",
        ),
        ("request.blocked", {}, "marked the request as blocked"),
        ("request.merged", {"into": 12}, "merged the request as a duplicate into another one"),
        ("request.linked", {"other": 12, "relation": "blocks"}, "linked the request with another one"),
        ("request.unlinked", {"other": 12, "relation": "blocks"}, "removed a link to another request"),
        ("request.attached", {"files": [{"name": "a.pdf"}]}, "put a file to the request: a.pdf"),
        (
            "request.attached",
            {"files": [{"name": "a.pdf"}, {"name": "b.png"}]},
            "put files to the request: a.pdf, b.png",
        ),
        ("request.detached", {"name": "a.pdf"}, "took the file a.pdf away"),
        ("request.undone", {"undone": "shape"}, "took the last step back: Start shaping"),
        ("request.undone", {}, "took the last step back"),
        ("request.parked", {}, "parked the request"),
        ("request.parked", {"revisit_on": "someday"}, "parked the request until someday"),
        ("request.assigned", {}, "changed who works on the request"),
        ("request.assigned", {"it_owner": "Resolver 21"}, "named Resolver 21 as IT owner"),
        ("request.invented", {}, "changed something about the request"),
    ],
)
def test_the_words_follow_what_the_event_knows(kind: str, data: dict[str, Any], words: str) -> None:
    row = make_request()
    record(kind, row, **data)
    assert told(row).did == words


def test_an_edit_shows_each_field_before_and_after(mira: Person) -> None:
    old, new = make_goal(title="More consent"), make_goal(title="Fewer complaints")
    email = make_touchpoint(name_en="E-mail")
    row = make_request(requester=mira, goal=old, title="Old title", deadline=None)
    fields: Any = {
        "title": "New title",
        "goal": new,
        "touchpoints": [email],
        "type": RequestType.INTEGRATION,
        "deadline": date(2027, 2, 1),
        "deadline_reason": "Spring.",
    }
    edit(row.number, fields, by=mira)
    changes = {change.label: (change.before, change.after) for change in told(row).changes}
    assert changes["title"] == ("Old title", "New title")
    assert changes["goal"] == ("More consent", "Fewer complaints")
    assert changes["touchpoints"] == ("–", "E-mail")
    assert changes["type"] == ("Automation", "Integration")
    assert changes["deadline"] == ("–", "Feb. 1, 2027")


def test_a_long_text_is_shortened(mira: Person) -> None:
    row = make_request()
    record("request.edited", row, mira, changes={"outcome": {"from": "", "to": "word " * 500}})
    assert len(told(row).changes[0].after) <= 300


def test_who_follows_by_themselves_and_who_was_named_are_told_apart(mira: Person, tom: Person) -> None:
    row = make_request(requester=mira)
    watch(row.number, by=tom)
    assert sentence(row) == "Tom Reiter follows the request"
    watch(row.number, tom, by=mira)
    unwatch(row.number, tom, by=mira)
    assert sentence(row) == "Mira Brandt no longer lets Tom Reiter follow the request"
    watch(row.number, tom, by=mira)
    assert sentence(row) == "Mira Brandt lets Tom Reiter follow the request"
    unwatch(row.number, by=tom)
    assert sentence(row) == "Tom Reiter no longer follows the request"


def test_restricting_is_told_once_and_in_words(mira: Person) -> None:
    row = make_request(requester=mira)
    edit(row.number, {"restricted": True}, by=mira)
    entry = told(row)
    assert entry.did == "made the request visible only to those involved"
    assert entry.changes == []


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


# ---- other requests


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        ("request.merged", {}, "merged the request as a duplicate into {key}"),
        ("request.linked", {"relation": "blocks"}, "noted that this blocks {key}"),
        ("request.linked", {"relation": "is_blocked_by"}, "noted that this is blocked by {key}"),
        ("request.linked", {"relation": "relates_to"}, "noted that this relates to {key}"),
        ("request.unlinked", {"relation": "duplicates"}, "noted that this does not duplicate {key}"),
        ("request.unlinked", {"relation": "is_duplicated_by"}, "noted that this is not duplicated by {key}"),
    ],
)
def test_another_request_is_named_only_to_those_who_may_see_it(
    kind: str, data: dict[str, Any], words: str, tom: Person
) -> None:
    row, other = make_request(), make_request()
    record(kind, row, tom, into=other.pk, other=other.pk, **data)
    assert timeline(row, 5, tom).entries[0].did == words.format(key=other.key)
    Request.objects.filter(pk=other.pk).update(restricted=True)
    for reader in (tom, None):
        assert other.key not in timeline(row, 5, reader).entries[0].did


def test_titles_of_mentioned_requests_come_with_the_same_query(
    tom: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    row, other, hidden = make_request(), make_request(), make_request(restricted=True)
    record("request.watched", row, tom, person=tom.pk)
    with django_assert_num_queries(2):
        story = timeline(row, 5, tom, [other.pk, hidden.pk, 999_999])
    assert story.titles == {other.pk: other.title}
