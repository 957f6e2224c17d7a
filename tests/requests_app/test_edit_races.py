"""Two people change the same request at the same moment: nobody overwrites anybody in silence."""

from collections import Counter
from functools import partial

import pytest

from activity.models import Event
from requests_app.intake.edit import edit
from requests_app.workflow.inputs import Inputs
from requests_app.workflow.perform import perform
from teams.rules import StaleVersion
from tests.requests_app.scenes import make_scene
from tests.requests_app.test_races import REPETITIONS, at_once, kinds, tally

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.torture]


def test_of_two_changes_of_one_field_one_is_kept_and_the_other_is_shown_it() -> None:
    first: Counter[str] = Counter()
    for _round in range(REPETITIONS):
        scene = make_scene("shaping")
        number, owner, it_owner = scene.request.pk, scene.marketing_owner, scene.it_owner
        outcomes = at_once(
            partial(edit, number, {"title": "Marketing's", "outcome": "Better"}, by=owner, seen_version=1),
            partial(edit, number, {"title": "IT's"}, by=it_owner, seen_version=1),
        )
        assert kinds(outcomes) == {"Request": 1, "StaleVersion": 1}
        (stale,) = [one for one in outcomes if isinstance(one, StaleVersion)]
        assert (stale.clash, stale.current_version) == (("title",), 2)
        request = scene.fresh()
        kept = {"Marketing's": "Better", "IT's": scene.request.outcome}
        assert request.outcome == kept[request.title]
        assert Event.objects.filter(object_id=number).count() == 1
        first[request.title] += 1
    tally("one field changed by two", first)


def test_changes_of_different_fields_are_both_kept() -> None:
    first: Counter[str] = Counter()
    for _round in range(REPETITIONS):
        scene = make_scene("shaping")
        number, owner, it_owner = scene.request.pk, scene.marketing_owner, scene.it_owner
        # Each form sends all its fields, most of them as they were.
        title, outcome = scene.request.title, scene.request.outcome
        outcomes = at_once(
            partial(edit, number, {"title": "New", "outcome": outcome}, by=owner, seen_version=1),
            partial(edit, number, {"title": title, "outcome": "Better"}, by=it_owner, seen_version=1),
        )
        assert kinds(outcomes) == {"Request": 2}
        request = scene.fresh()
        assert (request.title, request.outcome, request.version) == ("New", "Better", 3)
        events = Event.objects.filter(object_id=number).order_by("id").values_list("data", flat=True)
        first[next(iter(events[0]["changes"]))] += 1
    tally("two fields changed by two", first)


def test_of_two_programs_that_name_the_version_one_hears_that_it_is_stale() -> None:
    first: Counter[str] = Counter()
    for _round in range(REPETITIONS):
        scene = make_scene("shaping")
        number, owner, it_owner = scene.request.pk, scene.marketing_owner, scene.it_owner
        outcomes = at_once(
            partial(edit, number, {"title": "New"}, by=owner, version=1),
            partial(edit, number, {"outcome": "Better"}, by=it_owner, version=1),
        )
        assert kinds(outcomes) == {"Request": 1, "StaleVersion": 1}
        assert scene.fresh().version == 2
        first["title" if scene.fresh().title == "New" else "outcome"] += 1
    tally("two changes that name the version", first)


def test_a_change_during_a_decision_has_its_reason_or_came_before() -> None:
    first: Counter[str] = Counter()
    for _round in range(REPETITIONS):
        scene = make_scene("ready")
        number, owner, it_owner = scene.request.pk, scene.marketing_owner, scene.it_owner
        outcomes = at_once(
            partial(edit, number, {"title": "New"}, by=owner, seen_version=1),
            partial(perform, "rethink", number, by=it_owner, inputs=Inputs(reason="Once more.")),
        )
        told = kinds(outcomes)
        # While it is ready, a change needs a reason; once it is rethought, none.
        assert told in ({"Request": 2}, {"Request": 1, "reason_missing": 1})
        assert (scene.fresh().title == "New") == (told["Request"] == 2)
        first["rethought" if told["Request"] == 2 else "changed"] += 1
    tally("a change during a decision", first)
