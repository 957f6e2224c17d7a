"""What a lead set aside by accepting stands on the page for good."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from requests_app.models import Request
from requests_app.scoring.acceptance import Although, accepted_although, with_acceptance
from tests.factories import make_goal, make_scores, scores
from tests.requests_app.scenes import Scene, in_days, make_scene

pytestmark = pytest.mark.django_db
REASON = "The law asks for it by March."


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def ripe() -> Scene:
    """In shaping with all but scores."""
    result = {"metric": "sign-ups", "baseline": 1, "target": 2, "measured_on": in_days(60)}
    return make_scene("shaping", goal=make_goal(), **result)


def shown(scene: Scene) -> Although | None:
    return accepted_although(with_acceptance(Request.objects.all()).get(pk=scene.request.pk))


def test_it_says_who_although_what_and_why() -> None:
    scene = ripe()
    make_scores(scene.request, scores(1), scores(1))
    scene.do("accept", "it_lead", override=True, reason=REASON)
    found = shown(scene)
    assert found is not None
    assert (found.by_name, found.reason) == (scene.it_lead.name, REASON)
    assert [str(one) for one in found.conditions] == ["the impact lay below the gate"]


def test_it_stays_when_the_work_goes_on() -> None:
    scene = ripe()
    scene.do("accept", "it_lead", override=True, reason=REASON)
    scene.do("start", "it_owner")
    found = shown(scene)
    assert found is not None
    assert [str(one) for one in found.conditions] == ["not both sides had scored"]


def test_without_an_override_there_is_nothing_to_say() -> None:
    scene = ripe()
    make_scores(scene.request, scores(), scores())
    scene.do("accept", "it_owner", reason="It fits.")
    assert shown(scene) is None


def test_an_undone_acceptance_does_not_count() -> None:
    scene = ripe()
    scene.do("accept", "it_lead", override=True, reason=REASON)
    scene.do("undo", "it_lead")
    assert shown(scene) is None


def test_the_latest_acceptance_counts() -> None:
    scene = ripe()
    scene.do("accept", "it_lead", override=True, reason=REASON)
    scene.do("rethink", "it_owner", reason="Once more.")
    make_scores(scene.fresh(), scores(), scores())
    scene.do("accept", "it_owner")
    assert shown(scene) is None


def test_a_request_that_was_never_accepted_has_none() -> None:
    assert shown(make_scene("submitted")) is None
