"""Who may take which step: every action of the table for ten people who stand differently to the request."""

import pytest
from django.http import Http404

from activity.models import Event
from requests_app.choices import Status
from requests_app.models import Request, Watcher
from requests_app.workflow.perform import evaluate, perform
from teams.models import Membership, Person, Side
from teams.rules import RuleViolation
from tests.factories import add_member, make_person, make_request, make_team
from tests.requests_app.scenes import ROLES, legal_rows, make_scene, scene_for

pytestmark = pytest.mark.django_db

TANDEM = {"marketing_owner", "it_owner"}
LEADS = {"marketing_lead", "it_lead", "admin"}
MAY = {
    "shape": {"it_member", "it_lead", "admin"},
    "accept": TANDEM | LEADS,
    "rethink": TANDEM | LEADS,
    "park": TANDEM | LEADS,
    "decline": TANDEM | LEADS,
    "start": {"it_owner", "it_lead", "admin"},
    "hand_over": {"it_owner", "it_lead", "admin"},
    "send_back": {"marketing_owner", "marketing_lead", "admin"},
    "deliver": {"marketing_owner", "marketing_lead", "admin"},
    "withdraw": {"requester"},
    "reconsider": TANDEM | LEADS | {"requester"},
    "reopen": TANDEM | LEADS,
    "merge": TANDEM | LEADS | {"it_member"},
    "unmerge": TANDEM | LEADS | {"it_member"},
    "undo": {"it_owner"},
    "block": TANDEM | LEADS,
    "unblock": TANDEM | LEADS,
}
WHILE_SUBMITTED = {"it_member", "it_lead", "admin"}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("action", MAY)
def test_each_step_is_open_to_those_of_the_table_and_to_nobody_else(action: str, role: str) -> None:
    scene, inputs = scene_for(action)
    shown = {verdict.action: verdict for verdict in evaluate(scene.fresh(), scene.people[role])}[action]
    if role in MAY[action]:
        assert shown.allowed, shown.missing
        scene.do(action, role, **inputs)
        assert scene.event().actor == scene.people[role]
    else:
        assert not shown.allowed
        assert "not_yours" in [missing.code for missing in shown.missing]
        assert "not_yours" in scene.codes(action, role, **inputs)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("action", ["park", "decline"])
def test_a_new_request_is_turned_down_by_the_serving_team_alone(action: str, role: str) -> None:
    scene, inputs = make_scene("submitted"), legal_rows()[action].inputs
    inputs = {**legal_rows()["park"].inputs} if action == "park" else inputs
    if role in WHILE_SUBMITTED:
        scene.do(action, role, **inputs)
    else:
        assert scene.codes(action, role, **inputs) == ["not_yours"]


FOR_WHOM = [
    ("deliver", "marketing_lead", "marketing_owner"),
    ("send_back", "marketing_lead", "marketing_owner"),
    ("hand_over", "it_lead", "it_owner"),
    ("block", "it_lead", "it_owner"),
    ("reopen", "marketing_lead", "marketing_owner"),
    ("start", "it_lead", None),
    ("accept", "marketing_lead", None),
    ("deliver", "marketing_owner", None),
]


@pytest.mark.parametrize(("action", "role", "seat"), FOR_WHOM)
def test_who_acts_in_the_seat_of_an_owner_is_marked(action: str, role: str, seat: str | None) -> None:
    scene, inputs = scene_for(action)
    scene.do(action, role, **inputs)
    assert scene.event().for_person == (scene.people[seat] if seat else None)


def test_where_another_department_asks_the_marketing_owners_leads_are_marketings_leads() -> None:
    scene = make_scene("in_review", requesting_team=make_team(Side.OTHER))
    owners_team = scene.marketing_owner.teams.get()
    lead = make_person(lead_of=owners_team)
    scene.people["owners_lead"] = lead
    assert scene.codes("deliver", "marketing_lead") == ["not_yours"]
    scene.do("deliver", "owners_lead")
    assert scene.event().for_person == scene.marketing_owner


def test_where_marketing_asks_the_owners_own_leads_are_no_leads_of_the_request() -> None:
    scene = make_scene("in_review")
    scene.people["owners_lead"] = make_person(lead_of=scene.marketing_owner.teams.get())
    assert scene.codes("deliver", "owners_lead") == ["not_yours"]


def test_an_owners_it_team_does_not_speak_for_marketing() -> None:
    scene = make_scene("in_review", requesting_team=make_team(Side.OTHER))
    it_team = make_team(Side.IT)
    add_member(it_team, scene.marketing_owner)
    scene.people["it_lead_of_owner"] = make_person(lead_of=it_team)
    assert scene.codes("deliver", "it_lead_of_owner") == ["not_yours"]


def test_the_asking_departments_lead_is_a_lead_of_the_request() -> None:
    scene = make_scene("ready", requesting_team=make_team(Side.OTHER))
    scene.do("rethink", "marketing_lead", reason="We see it differently now.")
    assert scene.fresh().status == Status.SHAPING


@pytest.mark.parametrize("role", ROLES)
def test_a_deactivated_person_does_nothing(role: str) -> None:
    scene, _inputs = scene_for("accept")
    loaded_before = Person.objects.get(pk=scene.people[role].pk)
    Person.objects.filter(pk=loaded_before.pk).update(is_active=False)
    for person in (loaded_before, Person.objects.get(pk=loaded_before.pk)):
        with pytest.raises(Http404):
            perform("accept", scene.request.number, by=person)
    gone = Person.objects.get(pk=loaded_before.pk)
    assert not any(verdict.allowed for verdict in evaluate(scene.fresh(), gone))
    assert not Event.objects.exists()


def test_a_hidden_request_is_absent_for_every_action() -> None:
    scene = make_scene("ready", restricted=True)
    for action in MAY:
        with pytest.raises(Http404):
            perform(action, scene.request.number, by=scene.outsider)
        with pytest.raises(Http404):
            perform(action, scene.request.number + 10_000, by=scene.outsider)


def test_a_watcher_sees_a_restricted_request_but_takes_no_step() -> None:
    scene = make_scene("ready", restricted=True)
    Watcher.objects.create(request=scene.request, person=scene.outsider, since=scene.request.created_at)
    assert scene.codes("start", "outsider") == ["not_yours"]


def test_who_left_the_team_acts_no_more() -> None:
    scene = make_scene("submitted")
    Membership.objects.filter(person=scene.it_member).delete()
    with pytest.raises(RuleViolation, match="not_yours"):
        perform("shape", scene.request.number, by=scene.it_member)


def test_what_is_missing_is_told_beside_not_yours() -> None:
    scene = make_scene("shaping")
    assert scene.codes("accept", "outsider") == [
        "not_yours",
        "goal_missing",
        "result_missing",
        "score_missing",
    ]


def test_a_request_without_people_and_teams_is_open_to_nobody_but_admins() -> None:
    nobody = {"requester": None, "requesting_team": None, "marketing_owner": None, "it_owner": None}
    request = make_request("parked", serving_team=None, origin="import", **nobody)
    for person in (make_person(make_team(Side.IT)), make_person(make_team(Side.MARKETING))):
        verdicts = evaluate(Request.objects.with_people().get(pk=request.pk), person)
        assert not any(verdict.allowed for verdict in verdicts)
