"""Blindness: what each person may see of the scores, before and after both sides are in."""

from typing import Any

import pytest

from requests_app.models import Request
from requests_app.scoring.reading import earlier_rounds, with_scores
from requests_app.scoring.shown import Shown, shown_to
from teams.models import Person
from tests.factories import add_member, make_person, make_scores, scores
from tests.requests_app.scenes import ROLES, Scene, in_days, make_scene

pytestmark = pytest.mark.django_db


def seen_by(scene: Scene, person: Person) -> Shown:
    row = with_scores(Request.objects.with_people(), person).get(number=scene.request.number)
    return shown_to(row, person)


def values(scene: Scene, person: Person) -> dict[str, dict[str, int] | None]:
    return {side.side: side.entered.values if side.entered else None for side in seen_by(scene, person).sides}


@pytest.mark.parametrize("role", ROLES)
def test_until_both_are_in_only_those_who_may_enter_see_a_side(role: str) -> None:
    scene = make_scene("shaping")
    make_scores(scene.request, scores(5))
    sees = role in ("marketing_owner", "marketing_lead")
    assert values(scene, scene.people[role]) == {"marketing": scores(5) if sees else None, "it": None}
    shown = seen_by(scene, scene.people[role])
    assert (shown.points, shown.difference, shown.effort, shown.alignment, shown.parts) == (
        [],
        None,
        None,
        None,
        None,
    )
    assert [side.has_scored for side in shown.sides] == [True, False]


@pytest.mark.parametrize("role", ROLES)
def test_afterwards_everybody_who_sees_the_request_sees_both(role: str) -> None:
    scene = make_scene("shaping")
    make_scores(scene.request, scores(5), scores(2))
    assert values(scene, scene.people[role]) == {"marketing": scores(5), "it": scores(2)}
    assert seen_by(scene, scene.people[role]).difference == 64


def test_who_could_enter_for_both_sees_neither_until_they_have_entered_for_one() -> None:
    scene = make_scene("shaping")
    bridge = make_person(lead_of=scene.marketing_team)
    add_member(scene.it_team, bridge, "lead")
    make_scores(scene.request, scores(5))
    assert values(scene, bridge) == {"marketing": None, "it": None}
    assert [side.may_enter for side in seen_by(scene, bridge).sides] == [True, True]


def test_and_from_then_on_only_that_one() -> None:
    scene = make_scene("shaping")
    bridge = make_person(lead_of=scene.marketing_team)
    add_member(scene.it_team, bridge, "lead")
    scene.request.it_owner = bridge
    scene.request.save()
    make_scores(scene.request, None, scores(2))
    assert values(scene, bridge) == {"marketing": None, "it": scores(2)}
    assert [side.may_enter for side in seen_by(scene, bridge).sides] == [False, True]


def test_a_decision_keeps_its_weights_and_gate() -> None:
    from teams.models import Company

    scene = make_scene("shaping")
    make_scores(scene.request, scores(4), scores(4))
    scene.do("park", "it_owner", reason="Later", revisit_on=in_days(30))
    before = seen_by(scene, scene.admin)
    Company.objects.create(pk=1, name="Nordlicht", weight_value=0, weight_urgency=0, weight_ease=100, gate=90)
    after = seen_by(scene, scene.admin)
    assert (after.difference, after.gate, after.weights) == (before.difference, 40, before.weights)
    scene.do("reconsider", "it_owner", reason="Now")
    assert seen_by(scene, scene.admin).gate == 90


def test_rethinking_opens_the_decision_again() -> None:
    scene = make_scene("ready")
    make_scores(scene.request, scores(4), scores(4))
    scene.do("rethink", "it_owner", reason="We forgot the app.")
    shown = seen_by(scene, scene.it_owner)
    assert (shown.is_open, shown.is_decided) == (True, False)


def test_a_round_that_was_never_revealed_stays_hidden_as_history() -> None:
    scene = make_scene("shaping")
    make_scores(scene.request, scores(5))
    scene.do("park", "it_owner", reason="Later", revisit_on=in_days(30))
    scene.do("reconsider", "it_owner", reason="Now")
    (earlier,) = earlier_rounds(scene.fresh())
    assert not earlier.is_revealed


def test_it_takes_one_query_beside_the_roles(django_assert_num_queries: Any) -> None:
    scene = make_scene("shaping")
    make_scores(scene.request, scores(5), scores(2))
    person = scene.it_owner
    with django_assert_num_queries(2):
        seen_by(scene, person)
