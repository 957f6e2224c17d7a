"""Changing the agreed result together: who has to say yes, and what holds until then."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from activity.models import Event
from requests_app.before_work.proposals import (
    assent,
    may_assent,
    may_reject,
    proposal_of,
    reject,
    stamp_of,
)
from requests_app.choices import Status
from requests_app.intake.edit import edit
from requests_app.models import Request, ResultProposal
from requests_app.workflow.situation import roles_of
from teams.models import Person
from teams.rules import RuleViolation, StaleVersion
from tests.factories import make_person, make_request
from tests.requests_app.scenes import Scene, in_days, make_scene


def proposed(role: str = "marketing_owner", status: str = Status.READY, **fields: Any) -> Scene:
    scene = make_scene(status)
    wanted: Any = fields or {"target": Decimal(5)}
    edit(scene.request.pk, wanted, by=scene.people[role], reason="The market moved.")
    return scene


def codes(call: Any) -> list[str]:
    events = Event.objects.count()
    with pytest.raises(RuleViolation) as refusal:
        call()
    assert Event.objects.count() == events
    return [missing.code for missing in refusal.value.missing]


def waits_for(scene: Scene) -> set[str]:
    found = ResultProposal.objects.get(request=scene.request)
    sides = {"marketing": found.assented_marketing, "it": found.assented_it}
    return {side for side, person in sides.items() if person is None}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "waits"),
    [
        ("marketing_owner", {"it"}),
        ("it_owner", {"marketing"}),
        ("marketing_lead", {"it"}),
        ("it_lead", {"marketing"}),
        ("requester", {"marketing", "it"}),
        ("admin", {"marketing", "it"}),
    ],
)
def test_who_proposes_speaks_for_the_own_side_alone(role: str, waits: set[str]) -> None:
    assert waits_for(proposed(role)) == waits


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "other"),
    [
        ("marketing_owner", "it_owner"),
        ("it_owner", "marketing_owner"),
        ("it_owner", "marketing_lead"),
        ("marketing_owner", "it_lead"),
        ("marketing_lead", "it_owner"),
        ("marketing_owner", "admin"),
    ],
)
def test_the_other_owner_or_a_lead_in_that_seat_puts_it_into_force(role: str, other: str) -> None:
    scene = proposed(role, target=Decimal(5), measured_on=date(2031, 1, 1))
    before = scene.fresh()
    changed = assent(scene.request.pk, by=scene.people[other])
    assert (changed.target, changed.measured_on, changed.baseline) == (
        Decimal(5),
        date(2031, 1, 1),
        before.baseline,
    )
    assert changed.version == before.version + 1
    assert proposal_of(changed) is None
    event = scene.event()
    assert event.kind == "request.result_agreed"
    assert event.data["changes"]["target"] == {"from": "3", "to": "5"}
    assert event.data["reason"] == "The market moved."


@pytest.mark.django_db
def test_a_lead_acts_in_the_seat_and_the_event_says_for_whom() -> None:
    scene = proposed("marketing_owner")
    assent(scene.request.pk, by=scene.it_lead)
    assert (scene.event().actor, scene.event().for_person) == (scene.it_lead, scene.it_owner)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["requester", "admin"])
def test_what_was_proposed_for_no_side_needs_both_owners(role: str) -> None:
    scene = proposed(role)
    half = assent(scene.request.pk, by=scene.it_owner)
    assert half.target == 3
    assert scene.event().kind == "request.result_assented"
    assert waits_for(scene) == {"marketing"}
    assert codes(lambda: assent(scene.request.pk, by=scene.it_owner)) == ["not_yours"]
    assert assent(scene.request.pk, by=scene.marketing_owner).target == 5


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("proposer", "role"),
    [
        ("marketing_owner", "marketing_owner"),
        ("marketing_owner", "marketing_lead"),
        ("marketing_owner", "requester"),
        ("marketing_owner", "it_member"),
        ("marketing_owner", "outsider"),
        ("admin", "admin"),
        ("requester", "requester"),
    ],
)
def test_nobody_else_says_yes_and_nobody_twice(proposer: str, role: str) -> None:
    scene = proposed(proposer)
    assert codes(lambda: assent(scene.request.pk, by=scene.people[role])) == ["not_yours"]
    assert scene.fresh().target == 3


@pytest.mark.django_db
def test_a_lead_who_said_yes_for_one_side_does_not_say_it_for_the_other() -> None:
    scene = proposed("requester")
    assent(scene.request.pk, by=scene.admin)
    assert codes(lambda: assent(scene.request.pk, by=scene.admin)) == ["not_yours"]


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["marketing_owner", "it_owner", "it_lead", "marketing_lead", "admin"])
def test_owners_leads_and_the_proposer_turn_it_down(role: str) -> None:
    scene = proposed("marketing_owner")
    kept = reject(scene.request.pk, "Too early", by=scene.people[role])
    assert (kept.target, proposal_of(kept)) == (Decimal(3), None)
    data = scene.event().data
    assert (data["reason"], data["own"]) == ("Too early", role == "marketing_owner")


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["it_member", "outsider"])
def test_others_turn_nothing_down(role: str) -> None:
    scene = proposed()
    assert codes(lambda: reject(scene.request.pk, by=scene.people[role])) == ["not_yours"]


@pytest.mark.django_db
def test_the_answer_to_nothing_is_told() -> None:
    scene = make_scene(Status.READY)
    assert codes(lambda: assent(scene.request.pk, by=scene.it_owner)) == ["already_done"]
    assert codes(lambda: reject(scene.request.pk, by=scene.it_owner)) == ["already_done"]


@pytest.mark.django_db
def test_hidden_requests_have_no_proposals() -> None:
    hidden = make_request(Status.READY, restricted=True)
    for answer in (assent, reject):
        with pytest.raises(Http404):
            answer(hidden.pk, by=make_person())


@pytest.mark.django_db
def test_a_stale_version_is_refused() -> None:
    scene = proposed()
    for answer in (assent, reject):
        with pytest.raises(StaleVersion):
            answer(scene.request.pk, by=scene.it_owner, version=1)


@pytest.mark.django_db
@pytest.mark.parametrize("answer", [assent, reject])
def test_nobody_answers_a_proposal_that_they_have_not_seen(answer: Callable[..., object]) -> None:
    scene = proposed(target=Decimal(5))
    seen = stamp_of(ResultProposal.objects.get())
    edit(scene.request.pk, {"target": Decimal(50)}, by=scene.marketing_owner, reason="No, more.")
    with pytest.raises(StaleVersion):
        answer(scene.request.pk, by=scene.it_owner, stamp=seen)
    answer(scene.request.pk, by=scene.it_owner, stamp=stamp_of(ResultProposal.objects.get()))
    assert not ResultProposal.objects.exists()


@pytest.mark.django_db
def test_one_is_open_at_a_time_and_a_proposal_in_return_takes_its_place() -> None:
    scene = proposed("marketing_owner")
    edit(scene.request.pk, {"target": Decimal(4)}, by=scene.it_owner, reason="Rather four")
    assert ResultProposal.objects.get().target == 4
    assert waits_for(scene) == {"marketing"}
    assert assent(scene.request.pk, by=scene.marketing_owner).target == 4


@pytest.mark.django_db
def test_where_nothing_is_agreed_any_more_the_proposal_falls_away() -> None:
    scene = proposed()
    scene.do("rethink", "it_owner", reason="Back to the table")
    assert not ResultProposal.objects.exists()


@pytest.mark.django_db
def test_it_stays_open_over_steps_within_what_is_agreed() -> None:
    scene = proposed()
    scene.do("start", "it_owner")
    assert waits_for(scene) == {"it"}


@pytest.mark.django_db
def test_the_measuring_date_asked_for_at_delivery_needs_no_assent_and_is_not_undone_by_one() -> None:
    scene = proposed("marketing_owner", Status.IN_REVIEW)
    scene.do("deliver", "marketing_owner", measured_on=in_days(40))
    changed = assent(scene.request.pk, by=scene.it_owner)
    assert (changed.target, changed.measured_on) == (Decimal(5), in_days(40))


@pytest.mark.django_db
def test_what_is_offered_is_what_is_allowed() -> None:
    scene = proposed("marketing_owner")
    proposal = ResultProposal.objects.get()

    def offered(person: Person) -> tuple[bool, bool]:
        roles = roles_of(Request.objects.get(pk=scene.request.pk), person)
        return may_assent(proposal, roles, person), may_reject(proposal, roles, person)

    assert offered(scene.it_owner) == (True, True)
    assert offered(scene.marketing_owner) == (False, True)
    assert offered(scene.it_member) == (False, False)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [{"target": None}, {"reason": ""}, {"assented_it": "it", "assented_marketing": "marketing"}],
)
def test_the_database_keeps_the_rules_too(fields: dict[str, Any]) -> None:
    scene = make_scene(Status.READY)
    owners = {"it": scene.it_owner, "marketing": scene.marketing_owner}
    fields = {name: owners.get(value, value) for name, value in fields.items()}
    values = {
        "target": 5,
        "reason": "Why",
        "proposed_by": scene.it_owner,
        "proposed_at": scene.request.created_at,
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        ResultProposal.objects.create(request=scene.request, **{**values, **fields})
