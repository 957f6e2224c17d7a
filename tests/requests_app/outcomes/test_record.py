"""The outcome review: who records, what follows from it, and what a reopening leaves."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from activity.models import Event
from requests_app.choices import Status
from requests_app.models import Outcome, SideScore
from requests_app.outcomes.record import add_learning, outcome_of, postpone_measuring, record_outcome
from requests_app.workflow.inputs import Explainer
from teams.rules import InvalidFields, RuleViolation, StaleVersion
from tests.factories import make_person, make_request, make_scores, scores
from tests.requests_app.scenes import Scene, in_days, make_scene

HALF = Decimal("2.5")


@pytest.fixture
def scene() -> Scene:
    return make_scene(Status.DONE)


def refusal(call: Any) -> list[str]:
    events = Event.objects.count()
    with pytest.raises(RuleViolation) as refused:
        call()
    assert Event.objects.count() == events
    return [missing.code for missing in refused.value.missing]


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["marketing_owner", "marketing_lead", "admin"])
def test_marketings_seat_records_what_was_measured(scene: Scene, role: str) -> None:
    before = scene.fresh()
    made = record_outcome(scene.request.pk, HALF, " Readers like it. ", by=scene.people[role])
    assert (made.verdict, made.baseline, made.target, made.metric) == (
        "partly",
        Decimal(1),
        Decimal(3),
        "conversion",
    )
    assert (made.marketing_learnt, made.it_learnt, made.recorded_by) == (
        "Readers like it.",
        "",
        scene.people[role],
    )
    event, after = scene.event(), scene.fresh()
    assert event.kind == "request.outcome_recorded"
    assert event.data | {"learnt": ""} == {
        "measured": "2.5",
        "verdict": "partly",
        "learnt": "",
        "outcome": made.pk,
        "version": before.version + 1,
    }
    assert event.for_person == (None if role == "marketing_owner" else scene.marketing_owner)
    assert after.version == before.version + 1


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["requester", "it_owner", "it_lead", "marketing_member", "outsider"])
def test_nobody_else_does(scene: Scene, role: str) -> None:
    number, person = scene.request.pk, scene.people[role]
    assert refusal(lambda: record_outcome(number, HALF, by=person)) == ["not_yours"]
    later = in_days(400)
    assert refusal(lambda: postpone_measuring(number, later, "Later", by=person)) == ["not_yours"]


@pytest.mark.django_db
def test_who_does_not_see_it_hears_nothing_of_it() -> None:
    hidden = make_request(Status.DONE, restricted=True)
    with pytest.raises(Http404):
        record_outcome(hidden.pk, HALF, by=make_person())


@pytest.mark.django_db
@pytest.mark.parametrize("status", [Status.READY, Status.IN_REVIEW, Status.PARKED])
def test_there_is_nothing_to_measure_before_delivery(status: Status) -> None:
    scene = make_scene(status)
    owner = scene.marketing_owner
    assert refusal(lambda: record_outcome(scene.request.pk, HALF, by=owner)) == ["wrong_status"]
    assert refusal(lambda: add_learning(scene.request.pk, "Much", by=owner)) == ["wrong_status"]


@pytest.mark.django_db
def test_without_anything_to_compare_with_nothing_is_recorded() -> None:
    scene = make_scene(Status.DONE, target=None)
    assert refusal(lambda: record_outcome(scene.request.pk, HALF, by=scene.marketing_owner)) == [
        "result_missing"
    ]


@pytest.mark.django_db
def test_one_delivery_is_recorded_once_and_a_repeat_is_no_error(scene: Scene) -> None:
    first = record_outcome(scene.request.pk, HALF, by=scene.marketing_owner)
    assert record_outcome(scene.request.pk, HALF, by=scene.marketing_owner) == first
    for value, person in ((Decimal(3), scene.marketing_owner), (HALF, scene.marketing_lead)):
        assert refusal(lambda v=value, p=person: record_outcome(scene.request.pk, v, by=p)) == [
            "already_done"
        ]
    assert Outcome.objects.count() == Event.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e14", "-1e14", "0.00001"])
def test_a_value_that_cannot_be_kept_is_refused(scene: Scene, value: str) -> None:
    with pytest.raises(InvalidFields) as refused:
        record_outcome(scene.request.pk, Decimal(value), by=scene.marketing_owner)
    assert [missing.field for missing in refused.value.missing] == ["measured"]


@pytest.mark.django_db
def test_a_stale_version_is_refused(scene: Scene) -> None:
    owner, stale = scene.marketing_owner, scene.request.version + 1
    with pytest.raises(StaleVersion):
        record_outcome(scene.request.pk, HALF, by=owner, version=stale)
    with pytest.raises(StaleVersion):
        postpone_measuring(scene.request.pk, in_days(400), "Later", by=owner, version=stale)


@pytest.mark.django_db
def test_the_hit_counts_by_what_both_said_blindly(scene: Scene) -> None:
    make_scores(scene.request, scores(5), scores(1))
    SideScore.objects.update(customer_value=5, reach=5, goal_fit=5, time_criticality=5)
    made = record_outcome(scene.request.pk, HALF, by=scene.marketing_owner)
    # Value and urgency 3 of 5 are one half each; a burden of 2 is an ease of three quarters.
    assert made.blind_difference == 54


@pytest.mark.django_db
def test_what_was_never_scored_counts_in_no_quartile(scene: Scene) -> None:
    assert record_outcome(scene.request.pk, HALF, by=scene.marketing_owner).blind_difference is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "side"),
    [
        ("marketing_owner", "marketing"),
        ("it_owner", "it"),
        ("marketing_lead", "marketing"),
        ("it_lead", "it"),
    ],
)
def test_each_side_writes_what_it_has_learnt_and_may_write_it_anew(
    scene: Scene, role: str, side: str
) -> None:
    record_outcome(scene.request.pk, HALF, by=scene.marketing_owner)
    add_learning(scene.request.pk, "First thought", by=scene.people[role])
    made = add_learning(scene.request.pk, "Second thought", by=scene.people[role])
    assert getattr(made, f"{side}_learnt") == "Second thought"
    other = "it" if side == "marketing" else "marketing"
    assert getattr(made, f"{other}_learnt") == ""
    event = scene.event()
    assert event.kind == "request.learning_added"
    assert (event.data["side"], event.data["before"]) == (side, "First thought")
    events = Event.objects.count()
    add_learning(scene.request.pk, "Second thought", by=scene.people[role])
    assert Event.objects.count() == events


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["requester", "it_member", "outsider"])
def test_learnings_are_up_to_the_tandem(scene: Scene, role: str) -> None:
    record_outcome(scene.request.pk, HALF, by=scene.marketing_owner)
    assert refusal(lambda: add_learning(scene.request.pk, "Mine", by=scene.people[role])) == ["not_yours"]


@pytest.mark.django_db
def test_two_of_a_side_do_not_overwrite_what_the_other_has_learnt(scene: Scene) -> None:
    number = scene.request.pk
    record_outcome(number, Decimal("2.5"), by=scene.marketing_owner)
    seen = scene.fresh().version
    add_learning(number, "Readers like it.", by=scene.marketing_owner)
    # What the other side writes is another text.
    add_learning(number, "Consents took long.", by=scene.it_owner, seen_version=seen)
    with pytest.raises(StaleVersion) as stale:
        add_learning(number, "It rained.", by=scene.marketing_lead, seen_version=seen)
    assert stale.value.clash == ("learnt",)
    again = add_learning(number, "It rained.", by=scene.marketing_lead, seen_version=scene.fresh().version)
    assert again.marketing_learnt == "It rained."


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "  ", "x" * 2001])
def test_a_learning_says_something(scene: Scene, text: str) -> None:
    record_outcome(scene.request.pk, HALF, by=scene.marketing_owner)
    with pytest.raises(InvalidFields):
        add_learning(scene.request.pk, text, by=scene.it_owner)


@pytest.mark.django_db
def test_the_measuring_date_is_put_off_once_with_a_reason(scene: Scene) -> None:
    number, owner = scene.request.pk, scene.marketing_owner
    before = scene.fresh().measured_on
    assert before is not None
    moved = postpone_measuring(number, before + timedelta(days=30), "The campaign starts later.", by=owner)
    assert (moved.measured_on, moved.measuring_moved) == (before + timedelta(days=30), True)
    event = scene.event()
    assert event.kind == "request.measuring_postponed"
    assert event.data["changes"]["measured_on"]["from"] == before.isoformat()
    assert refusal(lambda: postpone_measuring(number, in_days(900), "Again", by=owner)) == ["already_done"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("days", "reason", "codes"),
    [(10, "Why", ["date_missing"]), (90, "Why", ["date_missing"]), (400, " ", ["reason_missing"])],
)
def test_it_is_put_off_to_a_later_day_and_for_a_reason(
    scene: Scene, days: int, reason: str, codes: list[str]
) -> None:
    owner = scene.marketing_owner
    assert refusal(lambda: postpone_measuring(scene.request.pk, in_days(days), reason, by=owner)) == codes


@pytest.mark.django_db
def test_a_day_that_has_passed_is_put_off_to_one_that_lies_ahead() -> None:
    scene = make_scene(Status.DONE, measured_on=date(2020, 1, 1))
    owner, number = scene.marketing_owner, scene.request.pk
    assert refusal(lambda: postpone_measuring(number, in_days(0), "Why", by=owner)) == ["date_missing"]
    assert postpone_measuring(number, in_days(2), "Why", by=owner).measured_on == in_days(2)


@pytest.mark.django_db
def test_what_is_recorded_is_not_measured_later(scene: Scene) -> None:
    record_outcome(scene.request.pk, HALF, by=scene.marketing_owner)
    owner = scene.marketing_owner
    assert refusal(lambda: postpone_measuring(scene.request.pk, in_days(400), "Why", by=owner)) == [
        "already_done"
    ]


@pytest.mark.django_db
def test_a_reopened_request_keeps_its_outcome_as_history_and_is_measured_anew(scene: Scene) -> None:
    number, owner = scene.request.pk, scene.marketing_owner
    postpone_measuring(number, in_days(400), "Later", by=owner)
    first = record_outcome(number, HALF, by=owner)
    scene.do("reopen", "it_owner", reason="A bug")
    assert outcome_of(scene.fresh()) is None
    assert refusal(lambda: record_outcome(number, Decimal(3), by=owner)) == ["wrong_status"]
    scene.do("hand_over", "it_owner", explainer=Explainer("Robot", "It helps."))
    scene.do("deliver", "marketing_owner", measured_on=in_days(30))
    assert not scene.fresh().measuring_moved
    second = record_outcome(number, Decimal(3), by=owner)
    assert [one.pk for one in Outcome.objects.order_by("delivered_at")] == [first.pk, second.pk]
    assert (second.verdict, outcome_of(scene.fresh())) == ("reached", second)


@pytest.mark.django_db
def test_a_reopening_taken_back_brings_the_outcome_back(scene: Scene) -> None:
    first = record_outcome(scene.request.pk, HALF, by=scene.marketing_owner)
    scene.do("reopen", "it_owner", reason="By mistake")
    scene.do("undo", "it_owner")
    assert outcome_of(scene.fresh()) == first


@pytest.mark.django_db
def test_later_changes_of_what_is_expected_do_not_touch_what_was_recorded(scene: Scene) -> None:
    made = record_outcome(scene.request.pk, HALF, by=scene.marketing_owner)
    type(scene.request).objects.filter(pk=scene.request.pk).update(target=2)
    made.refresh_from_db()
    assert (made.target, made.verdict) == (Decimal(3), "partly")


@pytest.mark.django_db
@pytest.mark.parametrize("fields", [{"verdict": "great"}, {"verdict": ""}, {"blind_difference": 101}])
def test_the_database_keeps_the_rules_too(scene: Scene, fields: dict[str, Any]) -> None:
    made = record_outcome(scene.request.pk, HALF, by=scene.marketing_owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        Outcome.objects.filter(pk=made.pk).update(**fields)
    made.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        made.save(force_insert=True)
