"""Changing a request after it was submitted."""

from datetime import date
from decimal import Decimal

import pytest
from django.http import Http404

from activity.models import Event
from requests_app.choices import Status, Turn
from requests_app.intake.edit import differs, edit
from requests_app.intake.fields import RequestFields
from requests_app.models import Request, ResultProposal, Watcher
from teams.models import Side
from teams.rules import InvalidFields, RuleViolation, StaleVersion
from tests.factories import (
    holder,
    make_admin,
    make_goal,
    make_person,
    make_request,
    make_scores,
    make_team,
    make_touchpoint,
    scores,
)

pytestmark = pytest.mark.django_db


def codes(refusal: pytest.ExceptionInfo[RuleViolation]) -> list[str]:
    return [missing.code for missing in refusal.value.missing]


def test_it_writes_one_event_with_what_was_and_what_is() -> None:
    request = make_request(title="Old")
    edited = edit(request.pk, {"title": "New", "outcome": request.outcome}, by=holder(request.requester))
    event = Event.objects.get()
    assert (edited.title, edited.version) == ("New", request.version + 1)
    assert event.kind == "request.edited"
    assert event.data["changes"] == {"title": {"from": "Old", "to": "New"}}


def test_the_same_values_change_nothing() -> None:
    request = make_request(Status.SHAPING, baseline=Decimal("1.80"))
    same = edit(
        request.pk, {"title": request.title, "baseline": Decimal("1.8")}, by=holder(request.requester)
    )
    assert same.version == request.version
    assert not Event.objects.exists()


def test_requester_tandem_and_leads_may_edit_and_nobody_else() -> None:
    asking, serving = make_team(Side.MARKETING), make_team(Side.IT)
    request = make_request(Status.SHAPING, requesting_team=asking, serving_team=serving)
    allowed = [
        request.requester,
        request.marketing_owner,
        request.it_owner,
        make_person(lead_of=asking),
        make_person(lead_of=serving),
        make_admin(),
    ]
    for n, person in enumerate(allowed):
        assert edit(request.pk, {"title": f"Title {n}"}, by=holder(person)).title == f"Title {n}"
    for person in (make_person(asking), make_person(serving), make_person()):
        with pytest.raises(RuleViolation) as refusal:
            edit(request.pk, {"title": "Mine"}, by=person)
        assert codes(refusal) == ["not_yours"]


def test_it_is_404_for_who_does_not_see_it() -> None:
    hidden = make_request(restricted=True)
    with pytest.raises(Http404):
        edit(hidden.pk, {"title": "Seen"}, by=make_person())


@pytest.mark.parametrize("status", [Status.READY, Status.IN_PROGRESS, Status.IN_REVIEW, Status.DONE])
def test_from_ready_on_a_change_needs_its_reason(status: Status) -> None:
    request = make_request(status)
    with pytest.raises(RuleViolation) as refusal:
        edit(request.pk, {"title": "New"}, by=holder(request.requester))
    assert codes(refusal) == ["reason_missing"]
    edited = edit(request.pk, {"title": "New"}, by=holder(request.requester), reason="The old one misled.")
    assert edited.title == "New"
    assert Event.objects.get().data["reason"] == "The old one misled."


@pytest.mark.parametrize("status", [Status.READY, Status.IN_PROGRESS, Status.IN_REVIEW, Status.DONE])
def test_what_both_agreed_on_is_proposed_and_not_changed_by_one(status: Status) -> None:
    request = make_request(status)
    owner = holder(request.marketing_owner)
    fields: RequestFields = {"title": "New", "target": Decimal(9), "measured_on": date(2030, 1, 1)}
    edited = edit(request.pk, fields, by=owner, reason="Better")
    assert (edited.title, edited.target, edited.measured_on) == ("New", request.target, request.measured_on)
    proposal = ResultProposal.objects.get()
    assert (proposal.baseline, proposal.target, proposal.measured_on) == (None, Decimal(9), date(2030, 1, 1))
    event = Event.objects.get()
    assert event.kind == "request.result_proposed"
    assert event.data["changes"] == {"title": {"from": request.title, "to": "New"}}
    assert event.data["proposed"]["target"] == {"from": "3", "to": "9"}


def test_before_ready_the_result_is_simply_changed() -> None:
    request = make_request(Status.SHAPING, metric="sales", baseline=1, target=2)
    edited = edit(request.pk, {"target": Decimal(9)}, by=holder(request.requester))
    assert edited.target == 9
    assert Event.objects.get().kind == "request.edited"
    assert not ResultProposal.objects.exists()


@pytest.mark.parametrize("field", ["baseline", "target", "measured_on"])
def test_what_both_agreed_on_is_not_taken_away(field: str) -> None:
    request = make_request(Status.READY)
    with pytest.raises(RuleViolation) as refusal:
        edit(request.pk, {field: None}, by=holder(request.requester), reason="Gone")  # type: ignore[misc]
    assert [(missing.code, missing.field) for missing in refusal.value.missing] == [("result_missing", field)]


def test_who_sees_it_and_what_is_expected_are_not_changed_in_one_breath() -> None:
    request = make_request(Status.READY)
    fields: RequestFields = {"restricted": True, "target": Decimal(9)}
    with pytest.raises(RuleViolation) as refusal:
        edit(request.pk, fields, by=holder(request.requester), reason="Both")
    assert [missing.field for missing in refusal.value.missing] == ["restricted"]


def test_the_agreed_date_is_set_by_the_it_owner_or_a_lead_in_that_seat() -> None:
    serving = make_team(Side.IT)
    request = make_request(Status.SHAPING, serving_team=serving)
    for n, person in enumerate((holder(request.it_owner), make_person(lead_of=serving), make_admin()), 1):
        assert edit(request.pk, {"agreed_on": date(2030, 1, n)}, by=person).agreed_on == date(2030, 1, n)
    for person in (holder(request.requester), holder(request.marketing_owner)):
        with pytest.raises(RuleViolation) as refusal:
            edit(request.pk, {"agreed_on": date(2031, 1, 1)}, by=person)
        assert [(one.code, one.field) for one in refusal.value.missing] == [("not_yours", "agreed_on")]


def test_drafts_have_no_agreed_date() -> None:
    draft = make_request(Status.DRAFT)
    with pytest.raises(RuleViolation) as refusal:
        edit(draft.pk, {"agreed_on": date(2030, 1, 1)}, by=holder(draft.requester))
    assert codes(refusal) == ["not_yours"]


@pytest.mark.parametrize("name", ["one_off_cost", "yearly_cost"])
def test_costs_are_amounts_of_at_least_nothing(name: str) -> None:
    request = make_request()
    owner = holder(request.requester)
    for wrong in (Decimal(-1), Decimal("0.001"), Decimal(10) ** 10, Decimal("NaN"), Decimal("Infinity")):
        with pytest.raises(InvalidFields) as refusal:
            edit(request.pk, {name: wrong}, by=owner)  # type: ignore[misc]
        assert [missing.field for missing in refusal.value.missing] == [name]
    for right in (Decimal(0), Decimal("1200.50"), None):
        assert getattr(edit(request.pk, {name: right}, by=owner), name) == right  # type: ignore[misc]


def test_required_fields_stay_required() -> None:
    request = make_request()
    with pytest.raises(InvalidFields) as refusal:
        edit(request.pk, {"title": " "}, by=holder(request.requester))
    assert [missing.field for missing in refusal.value.missing] == ["title"]


def test_the_serving_team_is_changed_by_assign_alone() -> None:
    request = make_request()
    with pytest.raises(RuleViolation) as refusal:
        edit(request.pk, {"serving_team": make_team()}, by=holder(request.requester))
    assert codes(refusal) == ["wrong_status"]


def test_touchpoints_are_part_of_the_change() -> None:
    request, touchpoint = make_request(), make_touchpoint()
    edited = edit(request.pk, {"touchpoints": [touchpoint]}, by=holder(request.requester))
    assert list(edited.touchpoints.all()) == [touchpoint]
    assert Event.objects.get().data["changes"] == {"touchpoints": {"from": [], "to": [touchpoint.pk]}}


def test_what_was_archived_since_stays_where_it_is_and_is_chosen_nowhere_anew() -> None:
    goal, touchpoint = make_goal(), make_touchpoint()
    kept, other = make_request(goal=goal), make_request()
    kept.touchpoints.add(touchpoint)
    for row in (goal, touchpoint):
        row.is_archived = True
        row.save()
    wanted: RequestFields = {"title": "New words", "goal": goal, "touchpoints": [touchpoint]}
    edited = edit(kept.pk, wanted, by=holder(kept.requester))
    assert (edited.title, edited.goal, list(edited.touchpoints.all())) == ("New words", goal, [touchpoint])
    with pytest.raises(InvalidFields) as refusal:
        edit(other.pk, wanted, by=holder(other.requester))
    assert {missing.field for missing in refusal.value.missing} == {"goal", "touchpoints"}


def test_naming_the_goal_passes_the_turn_on() -> None:
    request = make_request(Status.SHAPING, metric="sales", baseline=1, target=2, measured_on=date(2030, 1, 1))
    make_scores(request, scores(), scores())
    assert request.turn == Turn.MARKETING
    edited = edit(request.pk, {"goal": make_goal()}, by=holder(request.requester))
    assert edited.turn == Turn.IT


def test_an_exact_version_refuses_any_change_since() -> None:
    request = make_request()
    edit(request.pk, {"title": "New"}, by=holder(request.requester), version=request.version)
    with pytest.raises(StaleVersion):
        edit(request.pk, {"outcome": "Else"}, by=holder(request.requester), version=request.version)


def test_a_form_keeps_what_others_wrote_in_other_fields() -> None:
    request = make_request(title="Old", outcome="Before")
    seen = request.version
    edit(request.pk, {"outcome": "After"}, by=holder(request.marketing_owner))
    form = {"title": "New", "outcome": "Before"}
    edited = edit(request.pk, form, by=holder(request.requester), seen_version=seen)  # type: ignore[arg-type]
    assert (edited.title, edited.outcome) == ("New", "After")


def test_a_form_is_told_when_somebody_else_changed_the_same_field() -> None:
    request = make_request(title="Old")
    seen = request.version
    edit(request.pk, {"title": "Theirs"}, by=holder(request.marketing_owner))
    with pytest.raises(StaleVersion) as conflict:
        edit(request.pk, {"title": "Mine"}, by=holder(request.requester), seen_version=seen)
    assert conflict.value.clash == ("title",)
    assert conflict.value.current_version == seen + 1
    assert Request.objects.get(pk=request.pk).title == "Theirs"


def test_a_conflict_names_what_only_somebody_else_changed() -> None:
    request = make_request(title="Old", outcome="Before", unit="%")
    seen = request.version
    edit(request.pk, {"title": "Theirs", "outcome": "After"}, by=holder(request.marketing_owner))
    form = {"title": "Mine", "outcome": "Before", "unit": "€"}
    with pytest.raises(StaleVersion) as conflict:
        edit(request.pk, form, by=holder(request.requester), seen_version=seen)  # type: ignore[arg-type]
    assert (conflict.value.clash, conflict.value.theirs) == (("title",), ("outcome",))


def test_both_writing_the_same_is_no_conflict() -> None:
    request = make_request(title="Old")
    seen = request.version
    edit(request.pk, {"title": "Same"}, by=holder(request.marketing_owner))
    assert (
        edit(request.pk, {"title": "Same"}, by=holder(request.requester), seen_version=seen).title == "Same"
    )


def test_restricting_takes_sight_at_once_from_earlier_watchers_too() -> None:
    request, watcher = make_request(), make_person()
    Watcher.objects.create(request=request, person=watcher, since=request.created_at)
    edit(request.pk, {"restricted": True}, by=holder(request.requester))
    assert not Request.objects.visible_to(watcher).filter(pk=request.pk).exists()
    assert Request.objects.visible_to(holder(request.requester)).filter(pk=request.pk).exists()
    assert Event.objects.latest("id").kind == "request.restricted"
    edit(request.pk, {"restricted": False}, by=holder(request.requester))
    assert Request.objects.visible_to(watcher).filter(pk=request.pk).exists()
    assert Event.objects.latest("id").kind == "request.opened_up"


def test_restricting_needs_a_serving_team() -> None:
    request = make_request(serving_team=None)
    with pytest.raises(InvalidFields) as refusal:
        edit(request.pk, {"restricted": True}, by=holder(request.requester))
    assert codes(refusal) == ["team_missing"]


def test_a_draft_is_saved_without_event() -> None:
    draft = make_request(Status.DRAFT)
    assert edit(draft.pk, {"title": "New"}, by=holder(draft.requester)).title == "New"
    assert not Event.objects.exists()


def test_it_tells_whether_a_form_says_something_else() -> None:
    request = make_request(title="One", deadline=date(2030, 1, 1), deadline_reason="Fair")
    assert not differs(request, {"title": " One ", "deadline": date(2030, 1, 1)})
    assert differs(request, {"title": "Two"})
