"""Every kind of event in words, with reasons and people."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from activity import clock
from requests_app.choices import Status
from requests_app.discussion import unwatch, watch
from requests_app.events import LINKING
from requests_app.models import Request
from requests_app.timeline import SENTENCES, TOLD_WITH_DETAIL, timeline
from requests_app.workflow.actions import TABLE
from requests_app.workflow.inputs import Inputs
from requests_app.workflow.perform import perform
from teams.models import Person, Team
from tests.factories import (
    make_person,
    make_request,
    make_solution,
)
from tests.requests_app.timeline.telling import record, sentence, told

pytestmark = pytest.mark.django_db


def test_every_step_of_the_table_has_words_of_its_own() -> None:
    for action in TABLE:
        assert action.event in SENTENCES or action.event in TOLD_WITH_DETAIL


def test_parking_names_day_and_reason_and_is_a_decision(tom: Person, crm: Team) -> None:
    row = make_request(serving_team=crm)
    day = timezone.localdate(clock.now()) + timedelta(days=30)
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
    day = timezone.localdate(clock.now()) + timedelta(days=40)
    perform("deliver", row.number, by=mira, inputs=Inputs(measured_on=day))
    assert told(row).did.startswith("confirmed the delivery; the result is measured on ")


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
        assert all(other.key not in entry.did for entry in timeline(row, 5, reader).entries)
    # That there was a link at all is told to nobody who does not see its other end.
    assert [entry.kind for entry in timeline(row, 5, tom).entries] == ([] if kind in LINKING else [kind])
