"""Both sides score at the same moment: what was said blindly is revealed once, to both, and stays legal."""

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from activity.models import Event
from requests_app.models import AgreedScore, Request, ScoringRound, SideScore
from requests_app.scoring.agreement import propose
from requests_app.scoring.enter import Given, enter_scores
from requests_app.scoring.reading import round_of
from requests_app.workflow.turn import facts_of, whose_turn
from tests.factories import make_scores, scores
from tests.requests_app.scenes import Scene, make_scene
from tests.requests_app.test_races import REPETITIONS, at_once, kinds, meanwhile, tally

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.torture]
DAYS = {"best": Decimal(2), "likely": Decimal(3), "worst": Decimal(8)}
MARKETING, IT = scores(4), scores(5, reach=2)
Call = Callable[[], Any]


def both_sides(scene: Scene) -> tuple[Call, Call]:
    number, owner, it_owner = scene.request.pk, scene.marketing_owner, scene.it_owner
    return (
        partial(enter_scores, number, "marketing", Given(MARKETING, {}), by=owner),
        partial(enter_scores, number, "it", Given(IT, DAYS), by=it_owner),
    )


def events(scene: Scene) -> list[dict[str, Any]]:
    rows = Event.objects.filter(object_id=scene.request.pk, kind="request.scored").order_by("id")
    return list(rows.values_list("data", flat=True))


def assert_revealed_once(scene: Scene) -> str:
    """Both scores stand and were revealed by the second event alone; returns the side that was first."""
    request, (first, second) = scene.fresh(), events(scene)
    assert {first["side"], second["side"]} == {"marketing", "it"}
    assert "scores" not in first
    assert "revealed" not in first
    assert second["scores"] == {"marketing": MARKETING, "it": IT}
    assert ScoringRound.objects.get(request=request).revealed_at is not None
    assert {row.side: row.blind for row in SideScore.objects.filter(round__request=request)} == second[
        "scores"
    ]
    assert request.difference is not None
    assert request.difference_provisional
    assert request.turn == whose_turn(facts_of(request))
    assert request.version == 3
    return str(first["side"])


def test_two_sides_that_score_at_once_are_revealed_once() -> None:
    first: Counter[str] = Counter()
    for _round in range(REPETITIONS):
        scene = make_scene("shaping")
        assert kinds(at_once(*both_sides(scene))) == {"Request": 2}
        first[assert_revealed_once(scene)] += 1
    tally("both sides score", first)


@pytest.mark.parametrize("first", ["marketing", "it"])
def test_whichever_side_is_first_the_one_that_waits_reveals(first: str) -> None:
    for _round in range(REPETITIONS):
        scene = make_scene("shaping")
        marketing, it = both_sides(scene)
        change, waits = (marketing, it) if first == "marketing" else (it, marketing)
        assert kinds(meanwhile(change, waits)) == {"Request": 1}
        assert assert_revealed_once(scene) == first


def test_a_view_changed_during_the_reveal_was_blind_or_is_refused() -> None:
    first: Counter[str] = Counter()
    for _round in range(REPETITIONS):
        scene = make_scene("shaping")
        make_scores(scene.request, marketing=MARKETING)
        number, owner = scene.request.pk, scene.marketing_owner
        other = partial(enter_scores, number, "marketing", Given(scores(1), {}), by=owner)
        told = kinds(at_once(both_sides(scene)[1], other))
        blind = SideScore.objects.get(round__request=number, side="marketing").blind
        # Nobody changes in silence what the other side has already seen.
        assert (told, blind) in (
            ({"Request": 2}, scores(1)),
            ({"Request": 1, "reason_missing": 1}, MARKETING),
        )
        assert [event.get("revealed") for event in events(scene)].count(True) == 1
        first["changed" if told["Request"] == 2 else "revealed"] += 1
    tally("a view changes while the other side reveals", first)


def apart() -> tuple[Scene, Request]:
    scene = make_scene("shaping")
    return scene, make_scores(scene.request, MARKETING, IT)


def test_the_same_joint_value_from_both_sides_is_proposal_and_assent() -> None:
    first: Counter[str] = Counter()
    for _round in range(REPETITIONS):
        scene, request = apart()
        people = (scene.marketing_owner, scene.it_owner)
        outcomes = at_once(*(partial(propose, request.pk, "reach", 3, "Half", by=one) for one in people))
        assert kinds(outcomes) == {"Request": 2}
        row = AgreedScore.objects.get(round__request=request)
        assert {row.proposed_by, row.agreed_by} == set(people)
        assert round_of(scene.fresh()).open_divergences == []
        first[row.proposed_side] += 1
    tally("both sides propose the same joint value", first)


def test_a_joint_value_never_outlives_the_view_that_it_joined() -> None:
    first: Counter[str] = Counter()
    for _round in range(REPETITIONS):
        scene, request = apart()
        number, owner, it_owner = request.pk, scene.marketing_owner, scene.it_owner
        propose(number, "reach", 3, "Half", by=owner)
        changed = Given({**IT, "reach": 1}, DAYS)
        told = kinds(
            at_once(
                partial(propose, number, "reach", 3, by=it_owner),
                partial(enter_scores, number, "it", changed, by=it_owner, reason="Counted again"),
            )
        )
        assert not AgreedScore.objects.filter(round__request=request).exists()
        # Without the proposal an assent would be one in return, which says why.
        assert told in ({"Request": 2}, {"Request": 1, "required": 1})
        assert scene.fresh().difference_provisional
        first["assented" if told["Request"] == 2 else "scored"] += 1
    tally("a view changes while its joint value is agreed", first)
