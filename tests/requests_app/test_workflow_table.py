"""Every row of the transition table: the legal way, and every code with which it refuses."""

from datetime import timedelta
from typing import Any

import pytest

from activity import clock
from activity.models import Event
from knowhow.models import Solution
from requests_app.choices import OPEN, Status
from requests_app.models import Request, WipLimit
from requests_app.workflow.actions import ACTIONS, BY_MOVE
from requests_app.workflow.inputs import Explainer, Inputs
from requests_app.workflow.perform import perform
from requests_app.workflow.situation import TRANSITIONS
from requests_app.workflow.turn import facts_of, whose_turn
from teams.rules import InvalidFields
from tests.factories import make_request, make_solution
from tests.requests_app.scenes import WITHOUT_PREPARATION, in_days, legal_rows, make_scene, scene_for

pytestmark = pytest.mark.django_db

TARGETS = {
    "shape": "shaping",
    "accept": "ready",
    "rethink": "shaping",
    "park": "parked",
    "decline": "declined",
    "start": "in_progress",
    "hand_over": "in_review",
    "send_back": "in_progress",
    "deliver": "done",
    "withdraw": "withdrawn",
    "reconsider": "submitted",
    "reopen": "in_progress",
    "merge": "declined",
}
SOURCES: dict[str, set[str]] = {
    "assign": {*OPEN, "done"},
    "shape": {"submitted"},
    "accept": {"shaping"},
    "rethink": {"ready"},
    "park": {"submitted", "shaping", "ready", "in_progress"},
    "decline": {"submitted", "shaping", "ready", "in_progress"},
    "start": {"ready"},
    "hand_over": {"in_progress"},
    "send_back": {"in_review"},
    "deliver": {"in_review"},
    "withdraw": set(OPEN),
    "reconsider": {"parked", "declined", "withdrawn"},
    "reopen": {"done"},
    "merge": {"submitted", "shaping", "ready"},
    "block": set(OPEN),
    "unblock": set(OPEN),
}


@pytest.mark.parametrize("action", WITHOUT_PREPARATION)
def test_the_legal_way_changes_the_status_and_leaves_one_event(action: str) -> None:
    scene, inputs = scene_for(action)
    before, events = scene.fresh(), Event.objects.count()
    scene.do(action, legal_rows()[action].role, **inputs)
    after, event = scene.fresh(), scene.event()
    assert after.status == TARGETS.get(action, before.status)
    assert Event.objects.count() == events + 1
    assert event.kind == ACTIONS[action].event
    assert (event.data["action"], event.data["from"], event.data["to"]) == (
        action,
        before.status,
        after.status,
    )
    assert event.data["before"]["rank"] == before.rank
    assert event.actor == scene.people[legal_rows()[action].role]
    assert event.fan_out.done_at is None
    assert after.version == before.version + 1


@pytest.mark.parametrize("action", WITHOUT_PREPARATION)
def test_the_dates_and_the_turn_are_kept_right(action: str) -> None:
    scene, inputs = scene_for(action)
    before = scene.fresh()
    later = clock.now() + timedelta(minutes=5)
    with clock.moved_to(later):
        scene.do(action, legal_rows()[action].role, **inputs)
    after = scene.fresh()
    assert after.updated_at == after.progress_at == later
    assert after.status_since == (before.status_since if after.status == before.status else later)
    assert after.turn == whose_turn(facts_of(after))
    assert after.turn_since == (before.turn_since if after.turn == before.turn else later)


@pytest.mark.parametrize(
    ("action", "status"),
    [(a, s) for a in WITHOUT_PREPARATION for s in Status.values if s not in SOURCES[a] and s != "draft"],
)
def test_every_other_status_is_refused_in_words(action: str, status: str) -> None:
    scene = make_scene(status)
    (missing,) = scene.refused(action, "admin", **legal_rows()[action].inputs)
    assert missing.code == "wrong_status"
    assert str(missing.message)


@pytest.mark.parametrize("action", [*WITHOUT_PREPARATION, "undo", "unmerge"])
def test_nothing_but_submit_is_done_with_a_draft(action: str) -> None:
    draft = make_request("draft")
    with pytest.raises(Exception, match="wrong_status"):
        perform(action, draft.number, by=draft.requester, inputs=Inputs(into=draft.number))  # type: ignore[arg-type]


def test_the_table_is_the_products() -> None:
    assert {name: set(ACTIONS[name].sources) for name in SOURCES} == SOURCES
    assert {name: ACTIONS[name].target for name in TARGETS} == TARGETS
    assert {action.event for action in ACTIONS.values()} == set(TRANSITIONS)
    assert len(BY_MOVE) == 12


@pytest.mark.parametrize(
    ("action", "without"),
    [
        ("rethink", "reason"),
        ("park", "reason"),
        ("decline", "reason"),
        ("send_back", "reason"),
        ("withdraw", "reason"),
        ("reconsider", "reason"),
        ("reopen", "reason"),
        ("block", "reason"),
    ],
)
def test_a_reason_is_needed_and_white_space_is_none(action: str, without: str) -> None:
    scene, inputs = scene_for(action)
    role = legal_rows()[action].role
    for empty in ("", " \n\t "):
        (missing,) = scene.refused(action, role, **{**inputs, without: empty})
        assert (missing.code, missing.field) == ("reason_missing", "reason")


@pytest.mark.parametrize("days", [None, -1, 0])
def test_parking_needs_a_day_in_the_future(days: int | None) -> None:
    scene = make_scene("ready")
    revisit_on = None if days is None else in_days(days)
    (missing,) = scene.refused("park", "it_owner", reason="Nice to have", revisit_on=revisit_on)
    assert (missing.code, missing.field) == ("date_missing", "revisit_on")
    scene.do("park", "it_owner", reason="Nice to have", revisit_on=in_days(2))
    assert scene.fresh().revisit_on == in_days(2)


def test_parking_and_declining_a_new_request_needs_the_serving_team() -> None:
    scene = make_scene("submitted", serving_team=None, it_owner=None)
    scene.request.serving_team = None
    Request.objects.filter(number=scene.request.number).update(serving_team=None)
    assert scene.codes("park", "other_it", reason="No", revisit_on=in_days(5)) == ["team_missing"]
    assert scene.codes("decline", "other_it", reason="No") == ["team_missing"]
    assert scene.codes("shape", "other_it") == ["team_missing"]
    assert "not_yours" in scene.codes("decline", "outsider", reason="No")


def test_declining_may_name_the_solution_to_use_instead() -> None:
    scene, solution = make_scene("shaping"), make_solution()
    scene.do("decline", "it_owner", reason="We have that.", solution=solution)
    assert scene.fresh().solution == solution
    assert scene.event().data["solution"]["slug"] == solution.slug


def test_shaping_gives_the_empty_it_seat_to_the_actor() -> None:
    scene = make_scene("submitted", it_owner=None)
    scene.do("shape", "it_member")
    assert scene.fresh().it_owner == scene.it_member
    assert scene.event().data["before"]["it_owner"] is None
    assert scene.event().data["after"]["it_owner"] == scene.it_member.pk


def test_shaping_leaves_a_taken_it_seat_alone() -> None:
    scene = make_scene("submitted")
    scene.do("shape", "it_member")
    assert scene.fresh().it_owner == scene.it_owner


def test_shaping_needs_both_owners() -> None:
    scene = make_scene("submitted", marketing_owner=None, it_owner=None)
    (missing,) = scene.refused("shape", "it_member")
    assert (missing.code, missing.field) == ("owner_missing", "marketing_owner")
    (first, second) = scene.refused("shape", "admin")
    assert [first.field, second.field] == ["marketing_owner", "it_owner"]


def test_a_marketing_owner_who_also_serves_does_not_become_both_owners() -> None:
    scene = make_scene("submitted", it_owner=None)
    Request.objects.filter(number=scene.request.number).update(marketing_owner=scene.it_member)
    (missing,) = scene.refused("shape", "it_member")
    assert (missing.code, missing.field) == ("owner_missing", "it_owner")


@pytest.mark.parametrize(
    ("field", "empty", "code"),
    [
        ("goal", None, "goal_missing"),
        ("marketing_owner", None, "owner_missing"),
        ("it_owner", None, "owner_missing"),
        ("metric", "", "result_missing"),
        ("baseline", None, "result_missing"),
        ("target", None, "result_missing"),
        ("measured_on", None, "result_missing"),
    ],
)
def test_accepting_needs_goal_tandem_and_result(field: str, empty: Any, code: str) -> None:
    scene, _inputs = scene_for("accept")
    Request.objects.filter(number=scene.request.number).update(**{field: empty})
    assert scene.codes("accept", "it_lead") == [code]


def test_a_lead_overrides_the_goal_with_a_reason_that_everybody_sees() -> None:
    scene, _inputs = scene_for("accept")
    Request.objects.filter(number=scene.request.number).update(goal=None)
    assert scene.codes("accept", "marketing_lead", override=True) == ["reason_missing"]
    scene.do("accept", "marketing_lead", override=True, reason="The board decided so.")
    assert scene.event().data["override"] == ["goal_missing"]
    assert scene.event().data["reason"] == "The board decided so."


def test_who_is_no_lead_overrides_nothing() -> None:
    scene, _inputs = scene_for("accept")
    Request.objects.filter(number=scene.request.number).update(goal=None)
    assert scene.codes("accept", "it_owner", override=True, reason="I want to.") == ["goal_missing"]


@pytest.mark.parametrize("field", ["metric", "it_owner", "marketing_owner"])
def test_no_override_covers_result_and_tandem(field: str) -> None:
    scene, _inputs = scene_for("accept")
    Request.objects.filter(number=scene.request.number).update(**{field: "" if field == "metric" else None})
    codes = scene.codes("accept", "it_lead", override=True, reason="Anyway.")
    assert codes == ["result_missing" if field == "metric" else "owner_missing"]


def test_an_override_that_sets_nothing_aside_is_not_told() -> None:
    scene, _inputs = scene_for("accept")
    scene.do("accept", "it_lead", override=True)
    assert "override" not in scene.event().data


def test_starting_needs_a_free_slot() -> None:
    scene = make_scene("ready")
    WipLimit.objects.create(team=scene.it_team, status="in_progress", limit=1)
    make_request("in_progress", serving_team=scene.it_team)
    assert scene.codes("start", "it_owner") == ["wip_full"]
    assert scene.codes("start", "it_owner", override=True, reason="Please") == ["wip_full"]
    assert scene.codes("start", "it_lead", override=True) == ["reason_missing"]
    scene.do("start", "it_lead", override=True, reason="It cannot wait.")
    assert scene.fresh().over_wip
    assert scene.event().data["override"] == ["wip_full"]


def test_a_hidden_request_fills_its_slot_too() -> None:
    scene = make_scene("ready")
    WipLimit.objects.create(team=scene.it_team, status="in_progress", limit=1)
    make_request("in_progress", serving_team=scene.it_team, restricted=True)
    (missing,) = scene.refused("start", "it_owner")
    assert missing.code == "wip_full"


@pytest.mark.parametrize("action", ["send_back", "reopen"])
def test_sending_back_and_reopening_may_exceed_the_limit_and_are_marked(action: str) -> None:
    scene, inputs = scene_for(action)
    WipLimit.objects.create(team=scene.it_team, status="in_progress", limit=1)
    make_request("in_progress", serving_team=scene.it_team)
    scene.do(action, legal_rows()[action].role, **inputs)
    assert scene.fresh().over_wip
    scene.do("hand_over", "it_owner", explainer=Explainer("Robot", "It helps."))
    assert not scene.fresh().over_wip


def test_handing_over_needs_an_explained_solution() -> None:
    scene = make_scene("in_progress")
    for explainer in (None, Explainer("", "Text"), Explainer("Title", "  ")):
        (missing,) = scene.refused("hand_over", "it_owner", explainer=explainer)
        assert (missing.code, missing.field) == ("explainer_missing", "explainer")


def test_handing_over_with_an_explainer_creates_the_solution_in_the_same_event() -> None:
    scene = make_scene("in_progress")
    events = Event.objects.count()
    scene.do("hand_over", "it_owner", explainer=Explainer("Mail robot", "It sends mails."))
    solution = Solution.objects.get()
    assert (solution.title, solution.purpose, solution.team) == (
        "Mail robot",
        "It sends mails.",
        scene.it_team,
    )
    assert scene.fresh().solution == solution
    assert Event.objects.count() == events + 1
    told = {"id": solution.pk, "slug": "mail-robot", "title": "Mail robot", "created": True}
    assert scene.event().data["solution"] == told


def test_handing_over_takes_a_solution_from_the_catalogue_or_the_earlier_one() -> None:
    scene, solution = make_scene("in_progress"), make_solution()
    scene.do("hand_over", "it_owner", solution=solution)
    assert scene.fresh().solution == solution
    scene.do("send_back", "marketing_owner", reason="Not yet")
    scene.do("hand_over", "it_owner")
    assert scene.fresh().solution == solution
    assert Solution.objects.count() == 1


@pytest.mark.parametrize(("days", "enough"), [(13, False), (14, True)])
def test_delivering_needs_a_measuring_date_fourteen_days_ahead(days: int, enough: bool) -> None:
    scene = make_scene("in_review", measured_on=in_days(days))
    if enough:
        scene.do("deliver", "marketing_owner")
        assert scene.fresh().done_at is not None
        return
    (missing,) = scene.refused("deliver", "marketing_owner")
    assert (missing.code, missing.field) == ("date_missing", "measured_on")
    scene.do("deliver", "marketing_owner", measured_on=in_days(14))
    assert scene.fresh().measured_on == in_days(14)


def test_a_measuring_date_handed_in_counts_before_the_one_that_is_there() -> None:
    scene = make_scene("in_review", measured_on=in_days(90))
    assert scene.codes("deliver", "marketing_owner", measured_on=in_days(3)) == ["date_missing"]


def test_reconsidering_a_second_time_takes_a_lead() -> None:
    scene = make_scene("parked")
    scene.do("reconsider", "marketing_owner", reason="It matters now.")
    scene.do("park", "it_lead", reason="Still not.", revisit_on=in_days(40))
    for role in ("marketing_owner", "it_owner", "requester"):
        assert scene.codes("reconsider", role, reason="Again!") == ["not_yours"]
    scene.do("reconsider", "marketing_lead", reason="The market changed.")
    request = scene.fresh()
    assert (request.times_reconsidered, request.revisit_on) == (2, None)


def test_reopening_takes_the_delivery_back() -> None:
    scene = make_scene("done")
    scene.do("reopen", "marketing_owner", reason="It broke.")
    assert scene.fresh().done_at is None


def test_blocking_names_who_must_act_and_gives_them_the_turn() -> None:
    scene = make_scene("in_progress")
    with pytest.raises(InvalidFields) as error:
        scene.do("block", "it_owner", reason="We lack the texts.")
    assert [missing.field for missing in error.value.missing] == ["waiting_for"]
    scene.do("block", "it_owner", reason="We lack the texts.", waiting_for="marketing")
    request = scene.fresh()
    assert (request.turn, request.waiting_for, request.blocked_reason) == (
        "marketing",
        "marketing",
        "We lack the texts.",
    )
    assert scene.codes("block", "marketing_owner", reason="Twice", waiting_for="it") == ["already_done"]
    scene.do("unblock", "marketing_owner")
    assert scene.fresh().turn == "it"


def test_what_is_not_blocked_cannot_be_unblocked() -> None:
    assert make_scene("ready").codes("unblock", "it_owner") == ["wrong_status"]


def test_closing_a_blocked_request_takes_the_flag_away() -> None:
    scene = make_scene("ready", waiting_for="outside", blocked_reason="Supplier")
    scene.do("withdraw", "requester", reason="No longer needed.")
    assert (scene.fresh().waiting_for, scene.fresh().blocked_reason) == ("", "")


@pytest.mark.parametrize("word", ["nobody", "IT", "marketing\x00"])
def test_waiting_for_is_one_of_three_words(word: str) -> None:
    with pytest.raises(InvalidFields) as error:
        make_scene("ready").do("block", "it_owner", reason="x", waiting_for=word)
    assert error.value.missing[0].field == "waiting_for"


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b", "x" * 2001])
def test_a_reason_that_cannot_be_kept_is_told_at_its_field(text: str) -> None:
    with pytest.raises(InvalidFields) as error:
        make_scene("ready").do("rethink", "it_owner", reason=text)
    assert error.value.missing[0].field == "reason"


def test_an_unknown_action_is_told_at_its_field() -> None:
    with pytest.raises(InvalidFields) as error:
        make_scene().do("explode", "admin")
    assert error.value.missing[0].field == "action"


def test_where_a_card_goes_that_nobody_puts_somewhere() -> None:
    for action, target in TARGETS.items():
        scene, inputs = scene_for(action)
        others = [make_request(target), make_request(target)]
        scene.do(action, legal_rows()[action].role, **inputs)
        rank, column = str(scene.fresh().rank), sorted(str(other.rank) for other in others)
        assert rank < column[0] if action == "deliver" else rank > column[1], action
