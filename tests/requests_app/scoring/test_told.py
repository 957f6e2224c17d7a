"""The events of scoring in words: values only once both sides are in."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.utils import translation

from requests_app.scoring.agreement import propose, reopen
from requests_app.scoring.enter import Given, enter_scores
from requests_app.timeline import Entry, timeline
from tests.factories import make_scores, scores
from tests.requests_app.scenes import Scene, make_scene

pytestmark = pytest.mark.django_db
DAYS = {"best": Decimal(2), "likely": Decimal("3.5"), "worst": Decimal(8)}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def scene() -> Scene:
    return make_scene("shaping")


def latest(scene: Scene) -> Entry:
    return timeline(scene.fresh(), 5)[0][0]


def test_the_first_side_is_told_without_a_value(scene: Scene) -> None:
    enter_scores(scene.request.number, "marketing", Given(scores(5), {}), by=scene.marketing_owner)
    entry = latest(scene)
    assert (entry.did, entry.views, entry.changes) == ("scored for Marketing", [], [])
    enter_scores(scene.request.number, "marketing", Given(scores(3), {}), by=scene.marketing_owner)
    entry = latest(scene)
    assert (entry.did, entry.views, entry.changes) == ("changed what Marketing has scored", [], [])


def test_the_second_side_reveals_both(scene: Scene) -> None:
    make_scores(scene.request, scores(5))
    enter_scores(scene.request.number, "it", Given(scores(2), DAYS), by=scene.it_owner)
    entry = latest(scene)
    assert entry.did == "scored for IT; now both sides are in"
    assert [(one.marketing, one.it) for one in entry.views] == [(5, 2)] * 5 + [(2, 2)]


def test_a_change_afterwards_says_from_what_to_what_and_why(scene: Scene) -> None:
    make_scores(scene.request, scores(5), scores(2))
    given = Given(scores(2, reach=4), DAYS)
    enter_scores(scene.request.number, "it", given, by=scene.it_owner, reason="We counted.")
    with translation.override("de"):
        entry = latest(scene)
    assert entry.reason == "We counted."
    assert [(one.label, one.before, one.after) for one in entry.changes] == [
        ("Reichweite", "2", "4"),
        ("Wahrscheinlich", "3", "3,5"),
    ]


def test_talking_about_a_point(scene: Scene) -> None:
    make_scores(scene.request, scores(5), scores(2))
    number = scene.request.number
    propose(number, "reach", 3, "Half of them.", by=scene.it_owner)
    assert (latest(scene).did, latest(scene).reason) == (
        "proposed a joint value for “Reach”: 3",
        "Half of them.",
    )
    propose(number, "reach", 3, by=scene.marketing_owner)
    assert latest(scene).did == "agreed on a joint value for “Reach”: 3"
    reopen(number, "reach", by=scene.it_owner)
    assert latest(scene).did == "opened “Reach” again"
    propose(number, "reach", 3, "Half of them.", by=scene.it_owner)
    reopen(number, "reach", by=scene.it_owner)
    assert latest(scene).did == "took the proposal for “Reach” away"
