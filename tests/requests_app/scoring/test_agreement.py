"""Closing a divergence: one side proposes, the other assents, either reopens until the decision."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from activity.models import Event
from requests_app.choices import Turn
from requests_app.models import AgreedScore, Request
from requests_app.scoring.agreement import propose, reopen
from requests_app.scoring.reading import round_of
from teams.models import Person
from teams.rules import InvalidFields, RuleViolation, StaleVersion
from tests.factories import add_member, make_person, make_scores, scores
from tests.requests_app.scenes import Scene, make_scene

pytestmark = pytest.mark.django_db
NOTE = "Half of the customers have an account."


@pytest.fixture
def scene() -> Scene:
    """In shaping, with one divergence: reach."""
    scene = make_scene("shaping")
    make_scores(scene.request, scores(4, reach=5), scores(4, reach=2))
    return scene


def put(scene: Scene, by: Person, value: int = 4, note: str = NOTE, dimension: str = "reach") -> Request:
    return propose(scene.request.number, dimension, value, note, by=by)


def codes(scene: Scene, by: Person, **options: Any) -> list[str]:
    with pytest.raises(RuleViolation) as error:
        put(scene, by, **options)
    return [missing.code for missing in error.value.missing]


def test_a_proposal_alone_closes_nothing(scene: Scene) -> None:
    request = put(scene, scene.it_owner)
    assert request.difference_provisional
    assert round_of(request).open_divergences == ["reach"]
    assert scene.event().kind == "request.score_proposed"
    assert scene.event().data["reason"] == NOTE


def test_the_assent_of_the_other_side_closes_it(scene: Scene) -> None:
    before = scene.request.difference
    put(scene, scene.it_owner, 5)
    request = put(scene, scene.marketing_owner, 5, "")
    assert not request.difference_provisional
    assert request.difference is not None
    assert before is not None
    assert request.difference > before
    assert scene.event().kind == "request.score_agreed"
    row = AgreedScore.objects.get()
    assert (row.proposed_by, row.agreed_by, row.note) == (scene.it_owner, scene.marketing_owner, NOTE)


def test_another_value_is_a_proposal_in_return(scene: Scene) -> None:
    put(scene, scene.it_owner, 2)
    put(scene, scene.marketing_owner, 4, "With the app it is more.")
    row = AgreedScore.objects.get()
    assert (row.proposed_by, row.value, row.agreed_by) == (scene.marketing_owner, 4, None)


def test_nobody_assents_to_the_own_proposal(scene: Scene) -> None:
    put(scene, scene.it_owner)
    events = Event.objects.count()
    put(scene, scene.it_owner, note="")
    assert Event.objects.count() == events
    assert AgreedScore.objects.get().agreed_by is None
    with pytest.raises(IntegrityError), transaction.atomic():
        AgreedScore.objects.update(agreed_by=scene.it_owner, agreed_at="2026-11-25T00:00Z")


def test_who_leads_both_sides_does_not_close_it_alone(scene: Scene) -> None:
    both = make_person(lead_of=scene.marketing_team)
    add_member(scene.it_team, both, "lead")
    put(scene, both)
    put(scene, both, note="And again.")
    assert AgreedScore.objects.get().agreed_by is None


def test_a_second_person_of_the_same_side_does_not_close_it(scene: Scene) -> None:
    put(scene, scene.it_owner)
    put(scene, scene.it_lead, note="I say so too.")
    assert AgreedScore.objects.get().agreed_by is None


def test_a_lead_assents_in_the_owners_place_and_is_marked(scene: Scene) -> None:
    put(scene, scene.it_owner)
    put(scene, scene.marketing_lead, note="")
    assert scene.event().for_person == scene.marketing_owner
    assert AgreedScore.objects.get().agreed_by == scene.marketing_lead


def test_an_administrator_acts_as_the_lead_who_is_asked(scene: Scene) -> None:
    put(scene, scene.it_owner)
    put(scene, scene.admin, note="")
    assert scene.event().data["side"] == "marketing"


@pytest.mark.parametrize("role", ["requester", "marketing_member", "it_member", "outsider"])
def test_it_is_up_to_the_tandem_and_leads(scene: Scene, role: str) -> None:
    assert codes(scene, scene.people[role]) == ["not_yours"]


def test_a_proposal_needs_a_note(scene: Scene) -> None:
    with pytest.raises(InvalidFields) as error:
        put(scene, scene.it_owner, note="  ")
    assert [missing.field for missing in error.value.missing] == ["note"]


@pytest.mark.parametrize("value", [0, 6, True, 2.5, "3"])
def test_a_joint_value_is_a_whole_number_from_1_to_5(scene: Scene, value: Any) -> None:
    with pytest.raises(InvalidFields):
        put(scene, scene.it_owner, value)


def test_there_is_nothing_to_agree_on_where_both_lie_close(scene: Scene) -> None:
    assert codes(scene, scene.it_owner, dimension="effort") == ["wrong_status"]


def test_an_unknown_point_is_refused(scene: Scene) -> None:
    with pytest.raises(InvalidFields):
        put(scene, scene.it_owner, dimension="beauty")


def test_before_both_have_scored_there_is_nothing_to_agree_on() -> None:
    scene = make_scene("shaping")
    make_scores(scene.request, scores())
    assert codes(scene, scene.marketing_owner) == ["score_missing"]


@pytest.mark.parametrize("status", ["ready", "parked", "done"])
def test_after_the_decision_joint_values_stay(status: str) -> None:
    scene = make_scene(status)
    make_scores(scene.request, scores(5), scores(2))
    assert codes(scene, scene.it_owner) == ["wrong_status"]
    with pytest.raises(RuleViolation):
        reopen(scene.request.number, "reach", by=scene.it_owner)


def test_what_is_agreed_has_to_be_reopened_first(scene: Scene) -> None:
    put(scene, scene.it_owner)
    put(scene, scene.marketing_owner)
    assert codes(scene, scene.it_owner, value=3) == ["already_done"]


@pytest.mark.parametrize("role", ["it_owner", "marketing_owner"])
def test_either_reopens_it(scene: Scene, role: str) -> None:
    put(scene, scene.it_owner)
    put(scene, scene.marketing_owner)
    request = reopen(scene.request.number, "reach", by=scene.people[role])
    assert request.difference_provisional
    assert scene.event().kind == "request.score_reopened"
    with pytest.raises(RuleViolation, match="already_done"):
        reopen(scene.request.number, "reach", by=scene.people[role])


def test_a_proposal_of_it_is_marketings_turn_and_the_other_way_round(scene: Scene) -> None:
    assert put(scene, scene.it_owner, 2).turn == Turn.MARKETING
    assert put(scene, scene.marketing_owner, 4).turn == Turn.IT


def test_a_stale_version_is_refused(scene: Scene) -> None:
    put(scene, scene.it_owner)
    with pytest.raises(StaleVersion):
        propose(scene.request.number, "reach", 4, by=scene.marketing_owner, version=1)


def test_who_does_not_see_the_request_finds_nothing() -> None:
    hidden = make_scene("shaping", restricted=True)
    with pytest.raises(Http404):
        put(hidden, make_person())
