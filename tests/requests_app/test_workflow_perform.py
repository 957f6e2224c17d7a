"""Versions, repeats, submitting, and what evaluating costs."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.http import Http404
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from activity import clock
from activity.models import Event, FanOut
from requests_app.choices import Status
from requests_app.models import Request, WipLimit
from requests_app.workflow.actions import ACTIONS
from requests_app.workflow.inputs import Inputs
from requests_app.workflow.perform import evaluate, perform
from requests_app.workflow.verdicts import Verdict
from teams.models import Person
from teams.rules import InvalidFields, RuleViolation, StaleVersion
from tests.factories import make_request
from tests.requests_app.scenes import (
    WITHOUT_PREPARATION,
    Scene,
    in_days,
    legal_rows,
    make_scene,
    scene_for,
)

pytestmark = pytest.mark.django_db


def verdicts(scene: Scene, role: str) -> dict[str, Verdict]:
    return {verdict.action: verdict for verdict in evaluate(scene.fresh(), scene.people[role])}


@pytest.mark.parametrize("action", [name for name in WITHOUT_PREPARATION if name != "assign"])
def test_a_repeat_by_the_same_person_succeeds_and_by_another_is_already_done(action: str) -> None:
    scene, inputs = scene_for(action)
    role = legal_rows()[action].role
    scene.do(action, role, **inputs)
    version, events = scene.fresh().version, Event.objects.count()
    # Also with the version from before: the repeat is recognised first.
    again = perform(action, scene.request.number, by=scene.people[role], inputs=Inputs(**inputs), version=1)
    assert (again.version, Event.objects.count()) == (version, events)
    (missing,) = scene.refused(action, "admin", **inputs)
    assert missing.code == "already_done"


def test_only_the_latest_step_is_recognised_as_a_repeat() -> None:
    scene = make_scene("submitted")
    scene.do("shape", "it_member")
    scene.do("assign", "it_member", it_owner=scene.it_lead)
    assert scene.codes("shape", "it_member") == ["wrong_status"]


def test_a_comment_between_does_not_hide_the_repeat() -> None:
    from requests_app.discussion import comment

    scene = make_scene("ready")
    scene.do("start", "it_owner")
    comment(scene.request.number, "Off we go.", by=scene.outsider)
    scene.do("start", "it_owner")
    assert Event.objects.filter(kind="request.started").count() == 1


def test_a_stale_version_is_refused_before_the_rules_and_says_the_current_one() -> None:
    scene = make_scene("ready")
    scene.do("assign", "it_member", it_owner=scene.it_lead)
    events = Event.objects.count()
    with pytest.raises(StaleVersion) as error:
        perform("start", scene.request.number, by=scene.it_lead, version=1)
    assert error.value.current_version == 2
    assert Event.objects.count() == events
    perform("start", scene.request.number, by=scene.it_lead, version=2)


def test_a_failing_transaction_leaves_neither_change_nor_event() -> None:
    scene = make_scene("ready")

    def fails_later() -> None:
        with transaction.atomic():
            scene.do("start", "it_owner")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails_later()
    assert scene.fresh().status == "ready"
    assert not Event.objects.exists()
    assert not FanOut.objects.exists()


def test_submitting_goes_the_same_way() -> None:
    draft = make_request("draft")
    request = perform("submit", draft.number, by=draft.requester)  # type: ignore[arg-type]
    assert request.status == Status.SUBMITTED
    assert Event.objects.get().data["action"] == "submit"
    perform("submit", draft.number, by=draft.requester)  # type: ignore[arg-type]
    assert Event.objects.count() == 1


def test_submitting_an_incomplete_draft_names_the_fields() -> None:
    draft = make_request("draft", customer_need="")
    assert draft.requester
    (shown,) = [found for found in evaluate(draft, draft.requester) if found.action == "submit"]
    assert [missing.field for missing in shown.missing] == ["customer_need"]
    with pytest.raises(InvalidFields) as error:
        perform("submit", draft.number, by=draft.requester)
    assert [missing.field for missing in error.value.missing] == ["customer_need"]


def test_a_foreign_draft_is_absent() -> None:
    draft = make_request("draft")
    for person in (make_scene().admin, make_scene().it_member):
        with pytest.raises(Http404):
            perform("submit", draft.number, by=person)


def test_submitting_what_somebody_else_has_submitted_is_refused() -> None:
    scene = make_scene()
    assert scene.codes("submit", "requester") == ["wrong_status"]


@pytest.mark.parametrize("status", Status.values)
def test_evaluating_costs_at_most_four_queries_whatever_the_status(
    status: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    scene = make_scene(status)
    WipLimit.objects.create(team=scene.it_team, status="in_progress", limit=3)
    request, person = scene.fresh(), Person.objects.get(pk=scene.it_owner.pk)
    with django_assert_max_num_queries(4):
        shown = evaluate(request, person)
    assert [verdict.action for verdict in shown] == list(ACTIONS)


@pytest.mark.parametrize("action", WITHOUT_PREPARATION)
def test_what_is_shown_as_allowed_asks_for_exactly_what_it_takes(action: str) -> None:
    scene, inputs = scene_for(action)
    role = legal_rows()[action].role
    shown = verdicts(scene, role)[action]
    assert shown.allowed
    asked = {ask.name for ask in shown.inputs}
    assert {ask.name for ask in shown.inputs if ask.required} <= set(inputs) <= asked
    for ask in shown.inputs:
        if ask.required:
            with pytest.raises(RuleViolation):
                scene.do(action, role, **{name: inputs[name] for name in inputs if name != ask.name})


def test_a_delivery_whose_measuring_date_is_near_asks_for_another() -> None:
    near, far = make_scene("in_review", measured_on=in_days(2)), make_scene("in_review")
    asked = {ask.name: ask.required for ask in verdicts(near, "marketing_owner")["deliver"].inputs}
    assert asked == {"measured_on": True}
    asked = {ask.name: ask.required for ask in verdicts(far, "marketing_owner")["deliver"].inputs}
    assert asked == {"measured_on": False}


def test_a_lead_is_shown_that_they_may_override() -> None:
    scene = make_scene("ready")
    WipLimit.objects.create(team=scene.it_team, status="in_progress", limit=1)
    make_request("in_progress", serving_team=scene.it_team)
    lead, owner = verdicts(scene, "it_lead")["start"], verdicts(scene, "it_owner")["start"]
    assert (lead.allowed, lead.may_override) == (False, True)
    assert (owner.allowed, owner.may_override) == (False, False)
    assert "override" in {ask.name for ask in lead.inputs}
    assert "override" not in {ask.name for ask in owner.inputs}


def test_a_lead_may_not_override_what_is_missing_besides() -> None:
    scene = make_scene("shaping")
    shown = verdicts(scene, "it_lead")["accept"]
    assert [missing.code for missing in shown.missing] == ["goal_missing", "result_missing", "score_missing"]
    assert not shown.may_override


def test_every_condition_is_told_in_words_with_the_field_that_mends_it() -> None:
    scene = make_scene("shaping", it_owner=None)
    shown = verdicts(scene, "it_lead")["accept"]
    assert [(missing.field, str(missing.message)[-1]) for missing in shown.missing] == [
        ("goal", "."),
        ("it_owner", "."),
        ("metric", "."),
        ("scores", "."),
    ]


def test_days_are_counted_in_the_portals_zone() -> None:
    scene = make_scene("ready")
    # 23:30 UTC on the 23rd is half past midnight on the 24th in Berlin.
    late = clock.now().replace(hour=23, minute=30) + timedelta(days=1)
    tomorrow_in_berlin = (late + timedelta(days=1)).date()
    inputs: dict[str, Any] = {"reason": "Later", "revisit_on": tomorrow_in_berlin}
    with clock.moved_to(late):
        assert scene.codes("park", "it_owner", **inputs) == ["date_missing"]
        scene.do("park", "it_owner", **{**inputs, "revisit_on": tomorrow_in_berlin + timedelta(days=1)})


def test_the_reader_is_told_in_their_language() -> None:
    scene = make_scene("in_review")
    with translation.override("en"):
        (missing,) = scene.refused("start", "it_owner")
        assert str(missing.message) == "This is not possible while the request is in “In review”."


def test_an_event_keeps_everything_that_undo_needs() -> None:
    scene = make_scene("ready")
    before: Request = scene.fresh()
    scene.do("start", "it_owner")
    kept = scene.event().data["before"]
    assert kept["turn_since"] == before.turn_since.isoformat() if before.turn_since else None
    assert {"status", "rank", "marketing_owner", "it_owner", "serving_team", "turn", "done_at"} <= set(kept)


def test_the_moment_of_the_event_is_the_moment_of_the_change() -> None:
    scene, moment = make_scene("ready"), clock.now() - timedelta(days=5)
    with clock.moved_to(moment):
        scene.do("start", "it_owner")
    assert scene.event().occurred_at == scene.fresh().status_since == moment
