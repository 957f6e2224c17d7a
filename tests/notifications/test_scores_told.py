"""Who is told of scores and joint values, and in which words: nobody of anything before the reveal."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.utils import translation

from notifications.audience import JOINT, PROPOSED, SCORED, Circle, Happening, told
from notifications.fanout import fan_out
from notifications.inbox import deliver_inbox
from notifications.models import InboxEntry
from notifications.news import tell
from notifications.things import of_request
from requests_app.models import Request
from requests_app.scoring.agreement import propose, reopen
from requests_app.scoring.enter import Given, enter_scores
from teams.models import Person
from tests.factories import make_scores, scores
from tests.requests_app.scenes import Scene, make_scene

pytestmark = pytest.mark.django_db
DAYS = {"best": Decimal(2), "likely": Decimal(3), "worst": Decimal(8)}
MARKETER, ENGINEER, WATCHER, MARKETING_LEAD, IT_LEAD = range(1, 6)
CIRCLE = Circle(
    owners={MARKETER, ENGINEER},
    seats={"marketing": MARKETER, "it": ENGINEER},
    watchers={WATCHER},
    leads={"it": {IT_LEAD}, "marketing": {MARKETING_LEAD}},
)
WITHOUT_MARKETER = Circle(
    owners={ENGINEER}, seats={"marketing": None, "it": ENGINEER}, leads={"marketing": {MARKETING_LEAD}}
)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def scene() -> Scene:
    return make_scene("shaping")


def told_now(scene: Scene) -> set[Person]:
    InboxEntry.objects.all().delete()
    fan_out()
    deliver_inbox()
    return {entry.person for entry in InboxEntry.objects.select_related("person")}


def sentence(scene: Scene) -> str:
    return tell(scene.event(), of_request(Request.objects.get(pk=scene.request.pk))).sentence


@pytest.mark.parametrize("kind", sorted(JOINT))
def test_the_other_owner_is_told(kind: str) -> None:
    assert told(Happening(kind, ENGINEER, side="it"), CIRCLE) == {MARKETER}
    assert told(Happening(kind, MARKETER, side="marketing"), CIRCLE) == {ENGINEER}


def test_what_is_still_hidden_is_told_to_nobody() -> None:
    assert told(Happening(SCORED, ENGINEER, side="it", is_revealed=False), CIRCLE) == set()


def test_where_the_seat_is_empty_its_leads_are_told() -> None:
    assert told(Happening(PROPOSED, ENGINEER, side="it"), WITHOUT_MARKETER) == {MARKETING_LEAD}


def test_a_lead_who_acts_is_not_told_but_the_owner_is() -> None:
    assert told(Happening(PROPOSED, IT_LEAD, side="it"), CIRCLE) == {MARKETER, ENGINEER}


def test_the_first_side_wakes_nobody_and_the_second_the_other_owner(scene: Scene) -> None:
    enter_scores(scene.request.number, "marketing", Given(scores(5), {}), by=scene.marketing_owner)
    assert told_now(scene) == set()
    enter_scores(scene.request.number, "it", Given(scores(2), DAYS), by=scene.it_owner)
    assert told_now(scene) == {scene.marketing_owner}
    assert "now both sides are in" in sentence(scene)


def test_a_change_after_the_reveal_is_told_with_its_reason(scene: Scene) -> None:
    make_scores(scene.request, scores(5), scores(2))
    given = Given(scores(3), DAYS)
    enter_scores(scene.request.number, "it", given, by=scene.it_owner, reason="We counted.")
    assert told_now(scene) == {scene.marketing_owner}
    news = tell(scene.event(), of_request(Request.objects.get(pk=scene.request.pk)))
    assert news.sentence.endswith("changed what their side had scored.")
    assert news.quote == "We counted."


def test_a_proposal_its_assent_and_its_end_are_told_to_the_other_owner(scene: Scene) -> None:
    make_scores(scene.request, scores(5), scores(2))
    number = scene.request.number
    propose(number, "reach", 3, "Half of them.", by=scene.it_owner)
    assert told_now(scene) == {scene.marketing_owner}
    assert "proposes a joint value" in sentence(scene)
    propose(number, "reach", 3, by=scene.marketing_owner)
    assert told_now(scene) == {scene.it_owner}
    assert "agreed to a joint value" in sentence(scene)
    reopen(number, "reach", by=scene.it_owner)
    assert told_now(scene) == {scene.marketing_owner}
    assert "talk about a point again" in sentence(scene)
