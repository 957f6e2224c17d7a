"""One step for many requests: all or none is seen, each is decided by itself, and what was done is told."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.http import Http404
from django.test import Client
from django.utils import timezone

from activity import clock
from activity.models import Event
from requests_app.choices import Status
from requests_app.lists import bulk
from requests_app.lists.bulk import change_all, chosen
from requests_app.lists.bulk_kinds import KINDS, UNDO, BulkForm
from requests_app.models import Request
from requests_app.workflow.actions import ACTIONS
from teams.models import Person, Side, Team
from teams.rules import InvalidFields, StaleVersion
from tests.factories import make_goal, make_person, make_request, make_team

pytestmark = pytest.mark.django_db
SOON = timezone.localdate(clock.now() + timedelta(days=60))


@pytest.fixture
def crm() -> Team:
    return make_team(slug="crm-platform", name="CRM platform")


@pytest.fixture
def lead(crm: Team) -> Person:
    return make_person(lead_of=crm, name="Tom Reiter", language="en")


def texts(*requests: Request) -> list[str]:
    return [str(request.number) for request in requests]


def post(person: Person, action: str, *requests: Request | int, status: int = 200, **fields: Any) -> str:
    client = Client()
    client.force_login(person)
    numbers = [one.number if isinstance(one, Request) else one for one in requests]
    answer: Any = client.post("/requests/bulk/", {"action": action, "numbers": numbers, **fields})
    assert answer.status_code == status, answer.content
    text: str = answer.content.decode()
    return text


def confirm(person: Person, action: str, *requests: Request | int, status: int = 200, **fields: Any) -> str:
    return post(person, action, *requests, status=status, confirmed="yes", **fields)


def statuses(*requests: Request) -> list[str]:
    found = dict(Request.objects.values_list("number", "status"))
    return [found[request.number] for request in requests]


# Choosing -----------------------------------------------------------------------------------------
def test_the_chosen_come_in_their_order_each_once(lead: Person) -> None:
    first, second = make_request(), make_request()
    assert chosen(texts(second, first, second), lead) == [second, first]


@pytest.mark.parametrize("numbers", [[], [""], ["x"], ["-1"], ["1.5"], ["²"], ["1" * 20], ["1", "a"]])
def test_what_is_no_choice_is_refused(lead: Person, numbers: list[str]) -> None:
    with pytest.raises(InvalidFields):
        chosen(numbers, lead)


def test_more_than_the_most_are_refused(lead: Person) -> None:
    with pytest.raises(InvalidFields) as refusal:
        chosen([str(number) for number in range(1, bulk.MOST + 2)], lead)
    assert refusal.value.missing[0].code == "too_many"


@pytest.mark.parametrize("number", ["0", "999999999", str(2**63 - 1), "9" * 19])
def test_one_that_is_absent_refuses_all(lead: Person, number: str) -> None:
    with pytest.raises(Http404):
        chosen([*texts(make_request()), number], lead)


def test_one_that_is_hidden_refuses_all_before_anything_is_done(lead: Person, crm: Team) -> None:
    seen = make_request(Status.READY, serving_team=crm)
    for hidden in (make_request(restricted=True), make_request(Status.DRAFT)):
        confirm(lead, "rethink", seen, hidden, status=404, reason="Again")
        post(lead, "rethink", seen, hidden, status=404)
    assert statuses(seen) == ["ready"]
    assert not Event.objects.exists()


# Each by itself -----------------------------------------------------------------------------------
def test_one_refusal_stops_no_other_and_says_why(lead: Person, crm: Team) -> None:
    mine = [make_request(Status.READY, serving_team=crm) for _ in range(2)]
    foreign, done = make_request(Status.READY), make_request(Status.DONE, serving_team=crm)
    html = confirm(lead, "rethink", mine[0], foreign, done, mine[1], reason="Look again")
    assert statuses(*mine, foreign, done) == ["shaping", "shaping", "ready", "done"]
    assert "Done for 2 requests" in html
    assert "Not done for 2 requests" in html
    assert "This step is up to:" in html
    assert "This is not possible while the request is in “Done”." in html
    assert Event.objects.filter(kind="request.rethought").count() == 2


def test_a_request_that_moved_or_vanished_meanwhile_is_told(lead: Person) -> None:
    request = make_request()

    def moved(number: int, person: Person) -> Request:
        raise StaleVersion(7)

    def vanished(number: int, person: Person) -> Request:
        raise Http404

    def busy(number: int, person: Person) -> Request:
        raise OperationalError("canceling statement due to lock timeout")

    words = [change_all([request], change, lead)[0].refused for change in (moved, vanished, busy)]
    assert all(words)
    assert len(set(words)) == 3


def test_a_defect_is_not_taken_for_a_refusal(lead: Person) -> None:
    def broken(number: int, person: Person) -> Request:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change_all([make_request()], broken, lead)


# What is asked for --------------------------------------------------------------------------------
def test_the_form_asks_once_for_all_and_does_nothing_yet(lead: Person, crm: Team) -> None:
    rows = [make_request(Status.READY, serving_team=crm) for _ in range(2)]
    html = post(lead, "park", *rows, back="status=ready")
    assert 'name="reason"' in html
    assert 'name="revisit_on"' in html
    assert "For these 2 requests" in html
    assert 'href="/requests/?status=ready"' in html
    assert statuses(*rows) == ["ready", "ready"]


def test_an_empty_or_wrong_field_asks_again_and_keeps_what_was_typed(lead: Person, crm: Team) -> None:
    row = make_request(Status.READY, serving_team=crm)
    html = confirm(lead, "park", row, status=422, reason="Nice to have", revisit_on="someday")
    assert "Nice to have" in html
    assert statuses(row) == ["ready"]


def test_a_date_that_the_rules_refuse_is_told_for_each(lead: Person, crm: Team) -> None:
    row = make_request(Status.READY, serving_team=crm)
    html = confirm(lead, "park", row, reason="Nice to have", revisit_on="2020-01-01")
    assert "Not done for one request" in html
    assert statuses(row) == ["ready"]


def test_parked_together(lead: Person, crm: Team) -> None:
    rows = [make_request(Status.READY, serving_team=crm) for _ in range(3)]
    confirm(lead, "park", *rows, reason="Nice to have", revisit_on=SOON.isoformat())
    assert statuses(*rows) == ["parked"] * 3


def test_assigned_together_to_somebody_of_their_teams(lead: Person, crm: Team) -> None:
    rows = [make_request(serving_team=crm) for _ in range(2)]
    owner, stranger = make_person(crm), make_person(make_team())
    html = post(lead, "assign", *rows)
    assert 'name="it_owner"' in html
    confirm(lead, "assign", *rows, it_owner=stranger.email, status=422)
    assert not Request.objects.filter(it_owner__isnull=False).exists()
    confirm(lead, "assign", *rows, it_owner=owner.email)
    assert set(Request.objects.values_list("it_owner", flat=True)) == {owner.pk}


def test_goal_and_deadline_are_edits_with_their_rules(lead: Person, crm: Team) -> None:
    goal = make_goal()
    new, agreed = make_request(serving_team=crm), make_request(Status.READY, serving_team=crm)
    html = confirm(lead, "goal", new, agreed, goal=goal.pk)
    assert "Say why you change what both sides agreed on." in html
    why: dict[str, Any] = {
        "deadline": "2027-03-01",
        "deadline_reason": "The season begins.",
        "reason": "The fair moved.",
    }
    confirm(lead, "deadline", new, agreed, **why)
    new.refresh_from_db()
    agreed.refresh_from_db()
    assert (new.goal, agreed.goal == goal) == (goal, False)
    assert {new.deadline, agreed.deadline} == {date(2027, 3, 1)}


def test_followed_together_and_no_longer(lead: Person) -> None:
    rows = [make_request() for _ in range(2)]
    confirm(lead, "watch", *rows)
    assert lead.watched.count() == 2
    confirm(lead, "unwatch", *rows)
    assert lead.watched.count() == 0


@pytest.mark.parametrize("action", ["", "explode", "submit", "merge", "hand_over", "deliver"])
def test_what_is_not_done_for_many_is_refused(lead: Person, action: str) -> None:
    request = make_request()
    assert "Choose what shall be done" in post(lead, action, request, status=400)


def test_every_kind_has_a_form(lead: Person, crm: Team) -> None:
    requests = [make_request(serving_team=crm)]
    for kind in (*KINDS.values(), UNDO):
        form = BulkForm(None, kind=kind, requests=requests, person=lead)
        assert all(field.label for field in form.fields.values()), kind.name
        assert "override" not in form.fields
    assert set(KINDS) - {"goal", "deadline", "watch", "unwatch"} <= set(ACTIONS)


# Taking it back -----------------------------------------------------------------------------------
def test_what_was_done_is_taken_back_together(lead: Person, crm: Team) -> None:
    rows = [make_request(Status.READY, serving_team=crm) for _ in range(2)]
    html = confirm(lead, "rethink", *rows, reason="Look again")
    assert 'name="action" value="undo"' in html
    html = confirm(lead, "undo", *rows)
    assert "Done for 2 requests" in html
    assert 'name="action" value="undo"' not in html
    assert statuses(*rows) == ["ready", "ready"]


def test_only_what_changed_is_offered_to_be_taken_back(lead: Person, crm: Team) -> None:
    row, foreign = make_request(Status.READY, serving_team=crm), make_request(Status.READY)
    html = confirm(lead, "rethink", row, foreign, reason="Look again")
    undo = html.partition('value="undo"')[2]
    assert f'name="numbers" value="{row.number}"' in undo
    assert f'value="{foreign.number}"' not in undo
    assert 'value="undo"' not in confirm(lead, "rethink", row, reason="Look again")
    assert 'value="undo"' not in confirm(lead, "watch", row)


# At the door --------------------------------------------------------------------------------------
def test_none_or_too_many_is_told(lead: Person) -> None:
    assert "Choose at least one request." in post(lead, "park", status=400)
    assert "at most 200" in post(lead, "park", *range(1, 202), status=400)


def test_a_foreign_way_back_stays_inside_the_list(lead: Person) -> None:
    html = post(lead, "watch", make_request(), back='?"><script>alert(1)</script>')
    assert "<script>alert" not in html
    assert 'href="/requests/?' in html


def test_reading_is_no_way_to_change() -> None:
    client = Client()
    client.force_login(make_person(make_team(Side.MARKETING)))
    assert client.get("/requests/bulk/").status_code == 405
