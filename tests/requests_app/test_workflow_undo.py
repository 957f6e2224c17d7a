"""Taking back the last step within 60 seconds."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from activity import clock
from activity.models import Event
from knowhow.models import Solution
from requests_app.before_work.proposals import KEPT
from requests_app.discussion import comment
from requests_app.intake.edit import edit
from requests_app.intake.fields import RequestFields
from requests_app.models import Comment, Request, ResultProposal, Supporter, WipLimit
from requests_app.triage.snoozing import snooze
from requests_app.workflow.inputs import Explainer
from requests_app.workflow.perform import evaluate
from teams.models import Person
from tests.factories import make_comment, make_request
from tests.requests_app.scenes import WITHOUT_PREPARATION, Scene, in_days, legal_rows, make_scene, scene_for

pytestmark = pytest.mark.django_db

# What an undo does not bring back: it is itself a change.
MOVES_ON = {"version", "updated_at", "progress_at"}


def state(scene: Scene) -> dict[str, Any]:
    row = Request.objects.filter(number=scene.request.number).values().get()
    return {name: value for name, value in row.items() if name not in MOVES_ON}


@pytest.mark.parametrize("action", WITHOUT_PREPARATION)
def test_every_step_is_taken_back_entirely(action: str) -> None:
    scene, inputs = scene_for(action)
    role, before, rows = legal_rows()[action].role, state(scene), Solution.objects.count()
    with clock.moved_to(clock.now() + timedelta(minutes=10)):
        scene.do(action, role, **inputs)
        assert state(scene) != before
        scene.do("undo", role)
    assert state(scene) == before
    assert Solution.objects.count() == rows
    event = scene.event()
    assert (event.kind, event.data["undone"]) == ("request.undone", action)
    assert event.data["undone_event"] == Event.objects.get(kind=f"{event_of(action)}").pk


def event_of(action: str) -> str:
    return str(Event.objects.filter(data__action=action).latest("id").kind)


def test_only_the_one_who_took_the_step_takes_it_back() -> None:
    scene = make_scene("ready")
    scene.do("start", "it_owner")
    for role in ("it_lead", "admin", "marketing_owner"):
        assert scene.codes("undo", role) == ["not_yours"]
    scene.do("undo", "it_owner")
    assert scene.fresh().status == "ready"


@pytest.mark.parametrize(("seconds", "possible"), [(60, True), (61, False)])
def test_a_step_is_taken_back_within_sixty_seconds(seconds: int, possible: bool) -> None:
    scene, now = make_scene("ready"), clock.now()
    with clock.moved_to(now):
        scene.do("start", "it_owner")
    with clock.moved_to(now + timedelta(seconds=seconds)):
        if possible:
            scene.do("undo", "it_owner")
        else:
            assert scene.codes("undo", "it_owner") == ["wrong_status"]


def test_any_later_event_on_the_request_ends_it() -> None:
    scene = make_scene("ready")
    scene.do("start", "it_owner")
    comment(make_request().number, "Elsewhere", by=scene.outsider)
    verdicts = {verdict.action: verdict for verdict in evaluate(scene.fresh(), scene.it_owner)}
    assert verdicts["undo"].allowed
    comment(scene.request.number, "Good luck!", by=scene.outsider)
    assert scene.codes("undo", "it_owner") == ["wrong_status"]


def test_there_is_nothing_to_undo_without_a_step_after_a_submit_or_twice() -> None:
    scene = make_scene("ready")
    assert "wrong_status" in scene.codes("undo", "it_owner")
    scene.do("start", "it_owner")
    scene.do("undo", "it_owner")
    version, events = scene.fresh().version, Event.objects.count()
    scene.do("undo", "it_owner")  # a double click
    assert (scene.fresh().version, Event.objects.count()) == (version, events)
    assert scene.codes("undo", "it_lead") == ["already_done"]


def test_undo_asks_for_no_free_slot_but_marks_the_card() -> None:
    scene = make_scene("in_progress")
    scene.do("hand_over", "it_owner", explainer=Explainer("Robot", "It helps."))
    WipLimit.objects.create(team=scene.it_team, status="in_progress", limit=1)
    make_request("in_progress", serving_team=scene.it_team)
    scene.do("undo", "it_owner")
    assert scene.fresh().status == "in_progress"
    assert scene.fresh().over_wip


def test_a_place_that_was_taken_meanwhile_is_not_taken_twice() -> None:
    scene = make_scene("ready")
    left = scene.fresh().rank
    scene.do("start", "it_owner")
    taker = make_request("ready", rank=left)
    scene.do("undo", "it_owner")
    assert str(scene.fresh().rank) > str(taker.rank)


def test_a_solution_that_others_use_already_stays() -> None:
    scene = make_scene("in_progress")
    scene.do("hand_over", "it_owner", explainer=Explainer("Robot", "It helps."))
    other = make_request("done", solution=Solution.objects.get())
    scene.do("undo", "it_owner")
    assert scene.fresh().solution is None
    other.refresh_from_db()
    assert other.solution == Solution.objects.get()


def test_an_owner_who_was_deactivated_meanwhile_does_not_come_back() -> None:
    scene = make_scene("submitted")
    scene.do("assign", "it_member", it_owner=None)
    Person.objects.filter(pk=scene.it_owner.pk).update(is_active=False)
    scene.do("undo", "it_member")
    assert scene.fresh().it_owner is None


def test_an_undone_merge_brings_talk_and_people_back() -> None:
    scene, into = make_scene("submitted"), make_request()
    remark = make_comment(scene.request, scene.requester)
    Supporter.objects.create(request=scene.request, person=scene.outsider, since=clock.now())
    scene.do("merge", "it_member", into=into.number)
    scene.do("undo", "it_member")
    assert Comment.objects.get(pk=remark.pk).request_id == scene.request.number
    assert scene.request.supporters.get().person == scene.outsider
    assert not into.supporters.exists()


def test_a_turn_that_changed_after_the_step_keeps_its_moment() -> None:
    scene, other, now = make_scene("ready"), make_scene("ready"), clock.now()
    make_comment(other.request, other.it_owner, question_to="marketing")
    moments = [now + timedelta(seconds=n) for n in range(3)]
    for moment, one, action, given in (
        (moments[0], scene, "start", {}),
        # Nothing is recorded of the request that takes the question over.
        (moments[1], other, "merge", {"into": scene.request.number}),
        (moments[2], scene, "undo", {}),
    ):
        with clock.moved_to(moment):
            one.do(action, "it_owner", **given)
    assert (scene.fresh().turn, scene.fresh().turn_since) == ("marketing", moments[1])


def test_a_step_after_an_undo_can_be_undone_again() -> None:
    scene = make_scene("ready")
    scene.do("start", "it_owner")
    scene.do("undo", "it_owner")
    scene.do("start", "it_owner")
    scene.do("undo", "it_owner")
    assert scene.fresh().status == "ready"


def proposal() -> dict[str, Any]:
    """What the open one says; an event keeps moments to the thousandth of a second."""
    row: dict[str, Any] = dict(ResultProposal.objects.values(*KEPT).get())
    return row | {"proposed_at": row["proposed_at"].replace(microsecond=0)}


def test_a_proposal_that_a_step_has_dropped_is_back_with_who_has_assented() -> None:
    scene = make_scene("in_progress")
    change: RequestFields = {"target": Decimal("9.5"), "measured_on": in_days(200)}
    edit(scene.request.pk, change, by=scene.it_owner, reason="The season is longer.")
    before = proposal()
    scene.do("park", "it_owner", reason="Not this year.", revisit_on=in_days(30))
    assert not ResultProposal.objects.exists()
    scene.do("undo", "it_owner")
    assert proposal() == before


def test_what_was_put_aside_in_triage_is_aside_again() -> None:
    scene, until = make_scene("submitted"), clock.now() + timedelta(days=3)
    snooze(scene.request.pk, until, "After the fair.", by=scene.it_member)
    scene.do("decline", "it_member", reason="It is there already.")
    assert scene.fresh().snoozed_until is None
    scene.do("undo", "it_member")
    again = scene.fresh()
    assert again.snoozed_until is not None
    assert (again.snoozed_until.replace(microsecond=0), again.snooze_reason) == (
        until.replace(microsecond=0),
        "After the fair.",
    )


def test_a_measuring_date_that_was_put_off_counts_as_put_off_again() -> None:
    scene = make_scene("in_review", measuring_moved=True)
    scene.do("deliver", "marketing_owner", measured_on=in_days(60))
    scene.do("undo", "marketing_owner")
    assert scene.fresh().measuring_moved
