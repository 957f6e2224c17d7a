"""The outcome of a delivery is recorded once, whoever else records, reopens or puts the measuring off."""

from collections import Counter
from decimal import Decimal
from functools import partial

import pytest

from activity.models import Event
from requests_app.models import Outcome
from requests_app.outcomes.record import add_learning, postpone_measuring, record_outcome
from requests_app.workflow.inputs import Inputs
from requests_app.workflow.perform import perform
from tests.requests_app.scenes import Scene, in_days, make_scene
from tests.requests_app.test_races import REPETITIONS, at_once, kinds, tally

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.torture]


def told(scene: Scene) -> list[str]:
    rows = Event.objects.filter(object_id=scene.request.pk).order_by("id")
    return list(rows.values_list("kind", flat=True))


def test_of_two_outcomes_one_is_recorded_and_the_other_told() -> None:
    first: Counter[str] = Counter()
    for _round in range(REPETITIONS):
        scene = make_scene("done")
        number, owner, lead = scene.request.pk, scene.marketing_owner, scene.marketing_lead
        outcomes = at_once(
            partial(record_outcome, number, Decimal(2), by=owner),
            partial(record_outcome, number, Decimal(3), by=lead),
        )
        assert kinds(outcomes) == {"Outcome": 1, "already_done": 1}
        made = Outcome.objects.get(request=number)
        assert (made.measured, made.recorded_by) in ((Decimal(2), owner), (Decimal(3), lead))
        assert told(scene) == ["request.outcome_recorded"]
        assert scene.fresh().version == 2
        first["owner" if made.recorded_by == owner else "lead"] += 1
    tally("outcome recorded twice", first)


def test_a_double_click_records_one_outcome() -> None:
    for _round in range(REPETITIONS):
        scene = make_scene("done")
        record = partial(record_outcome, scene.request.pk, Decimal(2), by=scene.marketing_owner)
        outcomes = at_once(record, record)
        assert kinds(outcomes) == {"Outcome": 2}
        assert len({outcome.pk for outcome in outcomes}) == 1
        assert told(scene) == ["request.outcome_recorded"]


def test_an_outcome_belongs_to_the_delivery_that_was_there() -> None:
    first: Counter[str] = Counter()
    for _round in range(REPETITIONS):
        scene = make_scene("done")
        number, owner, it_owner = scene.request.pk, scene.marketing_owner, scene.it_owner
        outcomes = at_once(
            partial(record_outcome, number, Decimal(2), by=owner),
            partial(perform, "reopen", number, by=it_owner, inputs=Inputs(reason="It broke.")),
        )
        if kinds(outcomes) == {"Outcome": 1, "Request": 1}:
            # What was recorded before stays as history.
            assert told(scene) == ["request.outcome_recorded", "request.reopened"]
            assert Outcome.objects.get(request=number).delivered_at == scene.request.done_at
            first["recorded"] += 1
        else:
            assert kinds(outcomes) == {"wrong_status": 1, "Request": 1}
            assert told(scene) == ["request.reopened"]
            assert not Outcome.objects.filter(request=number).exists()
            first["reopened"] += 1
    tally("an outcome is recorded while the request is reopened", first)


def test_what_is_recorded_is_not_put_off() -> None:
    first: Counter[str] = Counter()
    for _round in range(REPETITIONS):
        scene = make_scene("done")
        number, owner, lead = scene.request.pk, scene.marketing_owner, scene.marketing_lead
        outcomes = at_once(
            partial(record_outcome, number, Decimal(2), by=owner),
            partial(postpone_measuring, number, in_days(200), "The season is over.", by=lead),
        )
        if kinds(outcomes) == {"Outcome": 1, "already_done": 1}:
            assert told(scene) == ["request.outcome_recorded"]
            first["recorded"] += 1
        else:
            assert kinds(outcomes) == {"Outcome": 1, "Request": 1}
            assert told(scene) == ["request.measuring_postponed", "request.outcome_recorded"]
            first["put off"] += 1
    tally("an outcome is recorded while its measuring is put off", first)


def test_what_both_sides_learnt_is_kept() -> None:
    for _round in range(REPETITIONS):
        scene = make_scene("done")
        number, owner, it_owner = scene.request.pk, scene.marketing_owner, scene.it_owner
        record_outcome(number, Decimal(2), by=owner)
        outcomes = at_once(
            partial(add_learning, number, "Ask earlier.", by=owner),
            partial(add_learning, number, "Measure from day one.", by=it_owner),
        )
        assert kinds(outcomes) == {"Outcome": 2}
        made = Outcome.objects.get(request=number)
        assert (made.marketing_learnt, made.it_learnt) == ("Ask earlier.", "Measure from day one.")
        assert scene.fresh().version == 4
