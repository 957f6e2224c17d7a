"""Moving cards within a column and between columns."""

from typing import Any

import pytest
from django.http import Http404

from activity.models import Event
from requests_app.boards.move import move
from requests_app.choices import Status
from requests_app.models import Request, WipLimit
from requests_app.workflow.actions import BY_MOVE
from requests_app.workflow.inputs import Explainer, Inputs
from teams.rules import InvalidFields, RuleViolation, StaleVersion
from tests.factories import make_request
from tests.requests_app.scenes import ROLES, Scene, in_days, make_scene

pytestmark = pytest.mark.django_db


def column(status: str) -> list[int]:
    return list(Request.objects.filter(status=status).order_by("rank").values_list("number", flat=True))


def three_cards(scene: Scene, status: str = "ready") -> list[int]:
    others = [make_request(status, serving_team=scene.it_team).number for _ in range(2)]
    return [scene.request.number, *others]


def test_the_ways_between_the_columns_are_the_steps_of_the_table() -> None:
    assert {pair: action.name for pair, action in BY_MOVE.items()} == {
        ("submitted", "shaping"): "shape",
        ("shaping", "ready"): "accept",
        ("ready", "shaping"): "rethink",
        ("ready", "in_progress"): "start",
        ("in_progress", "in_review"): "hand_over",
        ("in_review", "in_progress"): "send_back",
        ("in_review", "done"): "deliver",
        ("done", "in_progress"): "reopen",
        ("submitted", "parked"): "park",
        ("shaping", "parked"): "park",
        ("ready", "parked"): "park",
        ("in_progress", "parked"): "park",
    }


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (None, None, [0, 1, 2]),
        (None, 1, [1, 0, 2]),
        (None, 2, [1, 2, 0]),
        (1, None, [0, 1, 2]),
        (2, None, [1, 0, 2]),
        (2, 1, [1, 0, 2]),
        # Where the two are no longer neighbours, the card above counts.
        (1, 2, [1, 2, 0]),
    ],
)
def test_a_card_goes_between_its_neighbours(
    before: int | None, after: int | None, expected: list[int]
) -> None:
    scene = make_scene("ready")
    cards = three_cards(scene)
    move(
        cards[0],
        by=scene.it_member,
        status="ready",
        before=None if before is None else cards[before],
        after=None if after is None else cards[after],
    )
    assert column("ready") == [cards[place] for place in expected]


def test_a_reorder_is_an_event_of_its_own_and_no_progress() -> None:
    scene = make_scene("ready")
    cards, before = three_cards(scene), scene.fresh()
    move(cards[0], by=scene.it_member, status="ready", after=cards[2], version=1)
    after, event = scene.fresh(), scene.event()
    assert (event.kind, event.data["position"]) == ("request.moved", {"before": None, "after": cards[2]})
    assert after.version == 2
    same = ("status", "updated_at", "progress_at", "status_since", "turn_since")
    assert [getattr(after, name) for name in same] == [getattr(before, name) for name in same]


def test_where_a_card_lies_already_nothing_happens() -> None:
    scene = make_scene("ready")
    cards = three_cards(scene)
    move(cards[1], by=scene.it_member, status="ready", after=cards[0], version=1)
    move(cards[1], by=scene.it_member, status="ready", before=cards[2], after=cards[0])
    move(cards[0], by=scene.it_member, status="ready")
    assert not Event.objects.exists()
    assert column("ready") == cards


@pytest.mark.parametrize("role", ROLES)
def test_who_may_arrange_a_column(role: str) -> None:
    scene = make_scene("ready")
    cards = three_cards(scene)
    allowed = {"marketing_owner", "it_owner", "marketing_lead", "it_member", "it_lead", "admin"}
    if role in allowed:
        move(cards[0], by=scene.people[role], status="ready", after=cards[2])
        assert column("ready")[-1] == cards[0]
    else:
        with pytest.raises(RuleViolation, match="not_yours"):
            move(cards[0], by=scene.people[role], status="ready", after=cards[2])
        assert column("ready") == cards


def test_a_move_between_columns_takes_the_step_and_the_place() -> None:
    scene = make_scene("ready")
    first, second = (make_request("in_progress", serving_team=scene.it_team).number for _ in range(2))
    move(scene.request.number, by=scene.it_owner, status="in_progress", after=first, before=second)
    assert column("in_progress") == [first, scene.request.number, second]
    event = scene.event()
    assert (event.kind, event.data["position"]) == ("request.started", {"before": second, "after": first})
    assert Event.objects.count() == 1


def test_a_move_without_neighbours_goes_to_the_top() -> None:
    scene = make_scene("ready")
    there = make_request("in_progress")
    move(scene.request.number, by=scene.it_owner, status="in_progress")
    assert column("in_progress") == [scene.request.number, there.number]


MOVES: list[tuple[str, str, str, dict[str, Any]]] = [
    ("ready", "shaping", "it_owner", {"reason": "x"}),
    ("in_progress", "in_review", "it_owner", {"explainer": Explainer("Robot", "It helps.")}),
    ("in_review", "in_progress", "marketing_owner", {"reason": "x"}),
    ("in_review", "done", "marketing_owner", {}),
    ("done", "in_progress", "it_owner", {"reason": "x"}),
    ("shaping", "parked", "it_owner", {"reason": "x", "revisit_on": in_days(9)}),
]


@pytest.mark.parametrize(("source", "target", "role", "inputs"), MOVES)
def test_a_move_hands_the_inputs_of_its_step_over(
    source: str, target: str, role: str, inputs: dict[str, Any]
) -> None:
    scene = make_scene(source)
    moved = move(scene.request.number, by=scene.people[role], status=target, inputs=Inputs(**inputs))
    assert moved.status == scene.fresh().status == target


def test_a_refused_step_refuses_the_move_and_leaves_the_card() -> None:
    scene = make_scene("ready")
    WipLimit.objects.create(team=scene.it_team, status="in_progress", limit=1)
    there = make_request("in_progress", serving_team=scene.it_team)
    rank = scene.fresh().rank
    with pytest.raises(RuleViolation, match="wip_full"):
        move(scene.request.number, by=scene.it_owner, status="in_progress", after=there.number)
    assert (scene.fresh().status, scene.fresh().rank) == ("ready", rank)
    with pytest.raises(RuleViolation, match="reason_missing"):
        move(scene.request.number, by=scene.it_owner, status="shaping")


NO_WAY = [
    (source, target)
    for source in Status.values
    for target in Status.values
    if (Status(source), Status(target)) not in BY_MOVE and source != "draft"
    if not (source == target and source not in {"submitted", "declined", "withdrawn"})
]


@pytest.mark.parametrize(("source", "target"), NO_WAY)
def test_a_pair_of_columns_without_a_step_is_refused_in_words(source: str, target: str) -> None:
    scene = make_scene(source)
    with pytest.raises(RuleViolation) as error:
        move(scene.request.number, by=scene.admin, status=target)
    (missing,) = error.value.missing
    assert (missing.code, missing.field) == ("wrong_status", "status")
    assert str(Status(target).label) in str(missing.message)
    assert not Event.objects.exists()


def test_a_column_that_does_not_exist_is_told_at_its_field() -> None:
    scene = make_scene("ready")
    with pytest.raises(InvalidFields) as error:
        move(scene.request.number, by=scene.it_owner, status="nowhere")
    assert error.value.missing[0].field == "status"


@pytest.mark.parametrize("field", ["before", "after"])
def test_a_neighbour_is_a_visible_card_of_the_column(field: str) -> None:
    scene = make_scene("ready")
    wrong = {
        "itself": scene.request.number,
        "elsewhere": make_request("shaping").number,
        "hidden": make_request("ready", restricted=True).number,
        "absent": 10**12,
        "beyond the database": 2**80,
        "negative": -1,
    }
    for what, number in wrong.items():
        with pytest.raises(InvalidFields) as error:
            move(scene.request.number, by=scene.it_member, status="ready", **{field: number})  # type: ignore[arg-type]
        assert [missing.field for missing in error.value.missing] == [field], what
        with pytest.raises(InvalidFields):
            move(scene.request.number, by=scene.it_owner, status="in_progress", **{field: number})  # type: ignore[arg-type]


def test_the_same_words_for_a_hidden_and_an_absent_neighbour() -> None:
    scene, hidden = make_scene("ready"), make_request("ready", restricted=True)
    told = []
    for number in (hidden.number, 10**12):
        with pytest.raises(InvalidFields) as error:
            move(scene.request.number, by=scene.it_member, status="ready", after=number)
        told.append(str(error.value.missing))
    assert told[0] == told[1]


def test_a_hidden_card_between_keeps_its_place() -> None:
    scene = make_scene("ready")
    above, hidden, below = (make_request("ready", restricted=number == 1) for number in range(3))
    move(scene.request.number, by=scene.it_member, status="ready", after=above.number, before=below.number)
    assert column("ready") == [above.number, scene.request.number, hidden.number, below.number]


def test_a_hidden_card_is_not_there_to_move() -> None:
    scene = make_scene("ready", restricted=True)
    for number in (scene.request.number, 10**12, 2**80):
        with pytest.raises(Http404):
            move(number, by=scene.outsider, status="in_progress")


@pytest.mark.parametrize("status", ["ready", "in_progress"])
def test_the_second_of_two_people_hears_that_the_card_has_changed(status: str) -> None:
    scene = make_scene("ready")
    cards = three_cards(scene)
    move(cards[0], by=scene.it_member, status="ready", after=cards[2], version=1)
    with pytest.raises(StaleVersion) as error:
        move(cards[0], by=scene.it_lead, status=status, version=1)
    assert error.value.current_version == 2


def test_the_second_hears_it_too_where_the_card_has_left_the_column() -> None:
    scene = make_scene("ready")
    cards = three_cards(scene)
    move(cards[0], by=scene.it_owner, status="in_progress", version=1)
    for status in ("ready", "in_review", "shaping", "in_progress"):
        with pytest.raises(StaleVersion):
            move(cards[0], by=scene.it_lead, status=status, version=1, inputs=Inputs(reason="x"))


@pytest.mark.parametrize("status", ["ready", "in_progress"])
def test_a_repeat_of_ones_own_latest_move_succeeds_with_the_old_version(status: str) -> None:
    scene = make_scene("ready")
    below = three_cards(scene)[2] if status == "ready" else None
    for _twice in range(2):
        moved = move(scene.request.number, by=scene.it_owner, status=status, after=below, version=1)
        assert moved.version == 2
        # Somebody else drops another card onto the same place in between.
        other = make_request(status, rank=None)
        move(other.number, by=scene.admin, status=status, after=below)
    assert scene.fresh().version == 2


def test_the_same_drop_with_the_present_version_is_a_new_one() -> None:
    scene = make_scene("ready")
    cards = three_cards(scene)
    move(cards[2], by=scene.it_member, status="ready", after=cards[0], version=1)
    move(cards[1], by=scene.it_member, status="ready", after=cards[0])
    move(cards[2], by=scene.it_member, status="ready", after=cards[0], version=2)
    assert column("ready") == [cards[0], cards[2], cards[1]]


def test_the_rank_is_part_of_one_order_over_all_teams() -> None:
    mine, theirs = make_scene("ready"), make_scene("ready")
    move(mine.request.number, by=mine.it_member, status="ready", after=theirs.request.number)
    assert column("ready") == [theirs.request.number, mine.request.number]
