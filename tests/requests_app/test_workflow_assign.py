"""Who fills which seat of a request, and with whom."""

from typing import Any

import pytest

from activity.models import Event
from requests_app.models import Request, WipLimit
from requests_app.workflow.perform import evaluate
from teams.models import Person, Side
from teams.rules import InvalidFields
from tests.factories import make_person, make_request, make_team
from tests.requests_app.scenes import ROLES, Scene, make_scene

pytestmark = pytest.mark.django_db

SERVING = {"it_member", "it_lead", "admin"}


def outcome(scene: Scene, role: str, **inputs: Any) -> str:
    try:
        scene.do("assign", role, **inputs)
    except Exception as error:
        return str(error)
    return "done"


@pytest.mark.parametrize("role", ROLES)
def test_the_serving_team_is_changed_by_its_members_and_the_leads(role: str) -> None:
    scene, team = make_scene(), make_team(Side.IT)
    result = outcome(scene, role, serving_team=team)
    if role in SERVING | {"marketing_lead"}:
        assert (result, scene.fresh().serving_team) == ("done", team)
    else:
        assert "not_yours" in result


@pytest.mark.parametrize("role", ROLES)
def test_an_empty_serving_team_is_filled_by_anybody_of_it(role: str) -> None:
    scene = make_scene(serving_team=None)
    Request.objects.filter(number=scene.request.number).update(serving_team=None)
    result = outcome(scene, role, serving_team=scene.it_team)
    assert (result == "done") == (role in SERVING | {"it_owner", "other_it"})


@pytest.mark.parametrize("role", ROLES)
def test_the_it_owner_is_named_by_the_serving_team(role: str) -> None:
    scene, colleague = make_scene(), make_person(make_team(Side.IT))
    result = outcome(scene, role, it_owner=colleague)
    if role in SERVING:
        assert (result, scene.fresh().it_owner) == ("done", colleague)
    else:
        assert "not_yours" in result


@pytest.mark.parametrize("role", ROLES)
def test_the_marketing_owner_is_named_by_those_who_ask(role: str) -> None:
    scene, colleague = make_scene(), make_person(make_team(Side.MARKETING))
    result = outcome(scene, role, marketing_owner=colleague)
    if role in {"requester", "marketing_member", "marketing_lead", "admin"}:
        assert (result, scene.fresh().marketing_owner) == ("done", colleague)
    else:
        assert "not_yours" in result


def test_the_serving_team_names_the_marketing_owner_where_the_requester_is_gone() -> None:
    scene, colleague = make_scene(), make_person(make_team(Side.MARKETING))
    assert "not_yours" in outcome(scene, "it_member", marketing_owner=colleague)
    Person.objects.filter(pk=scene.requester.pk).update(is_active=False)
    assert "not_yours" in outcome(scene, "other_it", marketing_owner=colleague)
    assert outcome(scene, "it_member", marketing_owner=colleague) == "done"


def test_the_serving_team_fills_the_empty_marketing_seat_of_another_department() -> None:
    scene = make_scene(requesting_team=make_team(Side.OTHER), marketing_owner=None)
    first, second = make_person(make_team(Side.MARKETING)), make_person(make_team(Side.MARKETING))
    assert outcome(scene, "it_member", marketing_owner=first) == "done"
    assert "not_yours" in outcome(scene, "it_member", marketing_owner=second)


def test_imported_requests_without_a_team_get_their_marketing_owner_from_the_serving_team() -> None:
    scene = make_scene()
    Request.objects.filter(number=scene.request.number).update(requesting_team=None, origin="import")
    assert outcome(scene, "it_member", marketing_owner=make_person(make_team(Side.MARKETING))) == "done"


def test_taking_a_request_sets_team_and_owner_in_one_step() -> None:
    scene = make_scene(serving_team=None, it_owner=None)
    Request.objects.filter(number=scene.request.number).update(serving_team=None)
    scene.do("assign", "it_member", serving_team=scene.it_team, it_owner=scene.it_member)
    request, event = scene.fresh(), scene.event()
    assert (request.serving_team, request.it_owner) == (scene.it_team, scene.it_member)
    assert event.data["before"]["serving_team"] is None
    assert event.data["after"]["it_owner"] == scene.it_member.pk


def test_the_it_owner_is_named_by_members_of_the_team_that_serves_after_the_step() -> None:
    scene, other = make_scene(), make_team(Side.IT)
    assert "not_yours" in outcome(scene, "it_member", serving_team=other, it_owner=scene.it_member)
    assert scene.fresh().serving_team == scene.it_team


@pytest.mark.parametrize(
    ("seat", "role", "side", "words"),
    [
        ("it_owner", "it_member", Side.MARKETING, "IT"),
        ("it_owner", "it_member", Side.OTHER, "IT"),
        ("marketing_owner", "requester", Side.IT, "Marketing"),
        ("marketing_owner", "requester", Side.OTHER, "Marketing"),
    ],
)
def test_only_people_of_the_right_side_take_a_seat(seat: str, role: str, side: str, words: str) -> None:
    scene = make_scene()
    (missing,) = scene.refused("assign", role, **{seat: make_person(make_team(side))})
    assert (missing.code, missing.field) == ("owner_missing", seat)
    assert words in str(missing.message)


def test_a_person_of_both_sides_takes_either_seat_but_not_both() -> None:
    scene = make_scene()
    bridge = make_person(make_team(Side.IT), make_team(Side.MARKETING))
    scene.do("assign", "it_member", it_owner=bridge)
    assert scene.codes("assign", "requester", marketing_owner=bridge) == ["owner_missing"]
    scene.do("assign", "it_member", it_owner=None)
    scene.do("assign", "requester", marketing_owner=bridge)
    (missing,) = scene.refused("assign", "it_member", it_owner=bridge)
    assert (missing.code, missing.field) == ("owner_missing", "it_owner")


def test_a_deactivated_person_gets_no_seat_even_if_it_was_active_when_chosen() -> None:
    scene, colleague = make_scene(), make_person(make_team(Side.IT))
    Person.objects.filter(pk=colleague.pk).update(is_active=False)
    assert colleague.is_active
    assert scene.codes("assign", "it_member", it_owner=colleague) == ["owner_missing"]


def test_only_a_team_of_it_serves() -> None:
    scene = make_scene()
    (missing,) = scene.refused("assign", "it_member", serving_team=make_team(Side.MARKETING))
    assert (missing.code, missing.field) == ("team_missing", "serving_team")


def test_the_serving_team_is_kept_where_it_is_needed() -> None:
    assert make_scene("submitted", restricted=True).codes("assign", "it_member", serving_team=None) == [
        "team_missing"
    ]
    assert make_scene("in_progress").codes("assign", "it_member", serving_team=None) == ["team_missing"]
    scene = make_scene("submitted")
    scene.do("assign", "it_member", serving_team=None)
    assert scene.fresh().serving_team is None


def test_a_seat_can_be_emptied_and_the_turn_follows() -> None:
    scene = make_scene("submitted")
    scene.do("assign", "requester", marketing_owner=None)
    assert (scene.fresh().marketing_owner, scene.fresh().turn) == (None, "marketing")


def test_assigning_nothing_is_told_at_its_field() -> None:
    with pytest.raises(InvalidFields) as error:
        make_scene().do("assign", "it_member")
    assert error.value.missing[0].field == "serving_team"


def test_assigning_what_is_so_already_changes_nothing() -> None:
    scene = make_scene()
    version = scene.fresh().version
    scene.do("assign", "it_member", it_owner=scene.it_owner, serving_team=scene.it_team)
    assert scene.fresh().version == version
    assert not Event.objects.exists()
    assert scene.codes("assign", "other_it", it_owner=scene.it_owner) == ["not_yours"]


def test_running_work_that_goes_to_a_full_team_is_marked() -> None:
    scene, team = make_scene("in_progress"), make_team(Side.IT)
    WipLimit.objects.create(team=team, status="in_progress", limit=1)
    make_request("in_progress", serving_team=team)
    scene.do("assign", "it_member", serving_team=team)
    assert scene.fresh().over_wip


def test_the_form_offers_each_person_the_seats_that_they_may_fill() -> None:
    scene = make_scene()

    def offered(role: str) -> set[str]:
        verdicts = evaluate(scene.fresh(), scene.people[role])
        return {ask.name for verdict in verdicts if verdict.action == "assign" for ask in verdict.inputs}

    assert offered("it_member") == {"serving_team", "it_owner"}
    assert offered("requester") == {"marketing_owner"}
    assert offered("marketing_lead") == {"serving_team", "marketing_owner"}
    assert offered("outsider") == set()
    Request.objects.filter(number=scene.request.number).update(serving_team=None)
    # Who takes a request for the own team may take the seat in the same step.
    assert offered("other_it") == {"serving_team", "it_owner"}
