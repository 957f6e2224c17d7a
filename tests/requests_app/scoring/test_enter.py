"""Entering what a side thinks: by whom, when, with what; blind until both are in."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from activity.models import Event
from requests_app.choices import Dimension, Turn
from requests_app.models import AgreedScore, Request, Scorer, ScoringRound, SideScore
from requests_app.scoring.enter import Given, enter_scores
from requests_app.scoring.reading import round_of
from teams.models import Person, Side
from teams.rules import InvalidFields, RuleViolation, StaleVersion
from tests.factories import add_member, make_admin, make_person, make_scores, make_team, scores
from tests.requests_app.scenes import Scene, in_days, make_scene

pytestmark = pytest.mark.django_db

DAYS = {"best": Decimal(2), "likely": Decimal(3), "worst": Decimal(8)}


def enter(scene: Scene, side: str, by: Person, view: dict[str, Any] | None = None, **options: Any) -> Request:
    days = options.pop("days", DAYS if side == "it" else {})
    return enter_scores(scene.request.number, side, Given(view or scores(), days), by=by, **options)


def codes(
    scene: Scene, side: str, by: Person, view: dict[str, Any] | None = None, **options: Any
) -> list[str]:
    with pytest.raises(RuleViolation) as error:
        enter(scene, side, by, view, **options)
    return [missing.code for missing in error.value.missing]


def fields(scene: Scene, side: str, by: Person, view: dict[str, Any], **options: Any) -> list[str]:
    with pytest.raises(InvalidFields) as error:
        enter(scene, side, by, view, **options)
    return [missing.field for missing in error.value.missing]


@pytest.mark.parametrize("status", ["submitted", "shaping"])
def test_the_first_side_tells_nobody_what_it_said(status: str) -> None:
    scene = make_scene(status)
    request = enter(scene, "marketing", scene.marketing_owner)
    assert (request.difference, request.effort) == (None, None)
    event = scene.event()
    assert event.kind == "request.scored"
    assert event.data == {"side": "marketing", "round": 1, "first": True, "version": request.version}


def test_the_second_side_reveals_both_in_its_event() -> None:
    scene = make_scene("shaping")
    enter(scene, "marketing", scene.marketing_owner, scores(5))
    request = enter(scene, "it", scene.it_owner, scores(4))
    assert (request.difference, request.effort, request.difference_provisional) == (86, Decimal("4.5"), False)
    data = scene.event().data
    assert data["revealed"] is True
    assert data["scores"] == {"marketing": scores(5), "it": scores(4)}
    assert ScoringRound.objects.get().revealed_at is not None
    assert {score.side: score.blind for score in SideScore.objects.all()} == data["scores"]


def test_the_difference_is_provisional_while_a_divergence_is_open() -> None:
    scene = make_scene("shaping")
    enter(scene, "marketing", scene.marketing_owner, scores(5))
    assert enter(scene, "it", scene.it_owner, scores(3)).difference_provisional


def test_a_change_before_the_reveal_stays_blind() -> None:
    scene = make_scene("shaping")
    enter(scene, "it", scene.it_owner)
    enter(scene, "it", scene.it_owner, scores(2))
    assert scene.event().data == {"side": "it", "round": 1, "first": False, "version": scene.fresh().version}
    assert round_of(scene.request).it == scores(2)


def test_a_change_after_the_reveal_needs_its_reason_and_is_told() -> None:
    scene = make_scene("shaping")
    make_scores(scene.request, scores(5), scores(5))
    assert codes(scene, "it", scene.it_owner, scores(5, reach=2)) == ["reason_missing"]
    enter(scene, "it", scene.it_owner, scores(5, reach=2), reason="Half of the customers have no account.")
    data = scene.event().data
    assert data["score_changes"] == {"reach": {"from": 5, "to": 2}}
    assert data["reason"] == "Half of the customers have no account."
    assert SideScore.objects.get(side="it").blind == scores(5)


def test_a_changed_estimate_is_told_too() -> None:
    scene = make_scene("shaping")
    make_scores(scene.request, scores(), scores())
    days = {**DAYS, "worst": Decimal("9.5")}
    enter(scene, "it", scene.it_owner, days=days, reason="The test system is slow.")
    assert scene.event().data["score_changes"] == {"worst": {"from": 8, "to": 9.5}}


def test_a_change_takes_the_joint_value_of_its_point_away() -> None:
    scene = make_scene("shaping")
    make_scores(scene.request, scores(5), scores(2), {"reach": 4, "effort": 3})
    enter(scene, "it", scene.it_owner, scores(2, reach=1), reason="We counted again.")
    assert [one.dimension for one in AgreedScore.objects.all()] == ["effort"]


def test_the_same_again_changes_nothing() -> None:
    scene = make_scene("shaping")
    first = enter(scene, "it", scene.it_owner)
    events = Event.objects.count()
    assert enter(scene, "it", scene.it_owner).version == first.version
    assert Event.objects.count() == events


MARKETING = ("requester", "marketing_owner", "marketing_member", "marketing_lead", "it_owner", "admin")
IT = ("it_owner", "it_member", "it_lead", "other_it", "marketing_owner", "admin")


@pytest.mark.parametrize(
    ("side", "role", "may"),
    [
        *(("marketing", role, role in ("marketing_owner", "marketing_lead")) for role in MARKETING),
        *(("it", role, role in ("it_owner", "it_lead")) for role in IT),
    ],
)
def test_a_side_is_entered_by_its_owner_or_its_lead_alone(side: str, role: str, may: bool) -> None:
    scene = make_scene("shaping")
    person = scene.people[role]
    if may:
        assert enter(scene, side, person)
    else:
        assert codes(scene, side, person) == ["not_yours"]


def test_a_lead_acts_for_the_owner() -> None:
    scene = make_scene("shaping")
    enter(scene, "it", scene.it_lead)
    assert scene.event().for_person == scene.it_owner


def test_a_person_scores_for_one_side_of_a_request() -> None:
    scene = make_scene("shaping")
    bridge = make_person(lead_of=scene.marketing_team)
    add_member(scene.it_team, bridge, "lead")
    enter(scene, "it", bridge)
    assert codes(scene, "marketing", bridge) == ["not_yours"]
    scene.do("park", "it_owner", reason="Later", revisit_on=in_days(365))
    scene.do("reconsider", "requester", reason="Now")
    assert codes(scene, "marketing", bridge) == ["not_yours"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Scorer.objects.create(request=scene.request, person=bridge, side="marketing")


@pytest.mark.parametrize("status", ["ready", "in_progress", "in_review", "done", "parked", "declined"])
def test_after_the_decision_scores_stay(status: str) -> None:
    scene = make_scene(status)
    assert codes(scene, "it", scene.it_owner) == ["wrong_status"]


@pytest.mark.parametrize("value", [0, 6, 2.5, "5 ", "5", True, None, [3]])
def test_a_score_is_a_whole_number_from_1_to_5(value: object) -> None:
    scene = make_scene("shaping")
    view: dict[str, Any] = {**scores(), "reach": value}
    assert fields(scene, "marketing", scene.marketing_owner, view) == ["reach"]
    assert not SideScore.objects.exists()


@pytest.mark.parametrize(
    ("best", "likely", "worst", "wrong"),
    [
        (0, 3, 8, ["best"]),
        (-1, 3, 8, ["best"]),
        (4, 3, 8, ["best"]),
        (2, 9, 8, ["worst"]),
        (2, 3, 10_000, ["worst"]),
        (None, 3, 8, ["best"]),
        ("NaN", 3, 8, ["best"]),
        ("0.001", 3, 8, ["best"]),
        ("Infinity", "Infinity", "Infinity", ["best", "likely", "worst"]),
    ],
)
def test_an_estimate_is_three_rising_person_days(
    best: Any, likely: Any, worst: Any, wrong: list[str]
) -> None:
    scene = make_scene("shaping")
    given = {"best": best, "likely": likely, "worst": worst}
    days = {name: None if value is None else Decimal(value) for name, value in given.items()}
    assert fields(scene, "it", scene.it_owner, scores(), days=days) == wrong


def test_marketing_gives_no_estimate() -> None:
    scene = make_scene("shaping")
    enter(scene, "marketing", scene.marketing_owner, days=DAYS)
    assert SideScore.objects.get().best is None


def test_somebody_elses_change_is_not_overwritten() -> None:
    scene = make_scene("shaping")
    version = scene.request.version
    enter(scene, "it", scene.it_owner, version=version)
    with pytest.raises(StaleVersion):
        enter(scene, "it", scene.it_lead, scores(1), version=version)
    enter(scene, "it", scene.it_lead, scores(1), seen_version=1)
    with pytest.raises(StaleVersion):
        enter(scene, "it", scene.it_owner, scores(3), seen_version=1)


def test_scoring_moves_the_turn() -> None:
    scene = make_scene("shaping")
    assert scene.request.turn == Turn.IT
    assert enter(scene, "it", scene.it_owner).turn == Turn.MARKETING
    assert enter(scene, "marketing", scene.marketing_owner).turn == Turn.MARKETING, (
        "goal and result are missing"
    )


def test_reconsidering_opens_a_new_blind_round_and_keeps_the_old_one() -> None:
    scene = make_scene("shaping")
    make_scores(scene.request, scores(5), scores(5))
    scene.do("park", "it_owner", reason="Later", revisit_on=in_days(365))
    request = scene.do("reconsider", "marketing_owner", reason="Things have changed.")
    assert (request.scoring_round, request.difference) == (2, None)
    enter(scene, "it", scene.it_owner, scores(1))
    assert round_of(scene.fresh()).sides.keys() == {"it"}
    assert SideScore.objects.filter(round__number=1).count() == 2


def test_undoing_the_reconsidering_brings_the_difference_back() -> None:
    scene = make_scene("shaping")
    make_scores(scene.request, scores(5), scores(5))
    scene.do("park", "it_owner", reason="Later", revisit_on=in_days(365))
    scene.do("reconsider", "marketing_owner", reason="Things have changed.")
    request = scene.do("undo", "marketing_owner")
    assert (request.status, request.scoring_round, request.difference) == ("parked", 1, 96)


@pytest.mark.parametrize("name", Dimension.values)
def test_the_database_refuses_other_scores(name: str) -> None:
    scene = make_scene("shaping")
    make_scores(scene.request, scores())
    with pytest.raises(IntegrityError), transaction.atomic():
        SideScore.objects.update(**{name: 6})


def test_the_database_refuses_an_incomplete_estimate() -> None:
    scene = make_scene("shaping")
    make_scores(scene.request, None, scores())
    for wrong in ({"best": None}, {"best": 4}, {"worst": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SideScore.objects.update(**wrong)


def test_who_leads_nothing_here_may_not() -> None:
    scene = make_scene("shaping")
    assert codes(scene, "it", make_person(lead_of=make_team(Side.IT))) == ["not_yours"]
    assert codes(scene, "it", make_admin()) == ["not_yours"]
