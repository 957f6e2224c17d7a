"""A round is opened, joined, gone through and closed; nothing of it depends on anybody's screen."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from activity import clock
from activity.models import Event
from requests_app.choices import AgendaKind, AgendaOutcome
from requests_app.models import Round, RoundItem
from requests_app.rounds.agenda import USUAL_MINUTES
from requests_app.rounds.meeting import meeting_of
from requests_app.rounds.running import close_round, defer, join_round, open_round, step
from requests_app.rounds.waiting import Scope
from requests_app.workflow.inputs import Inputs
from requests_app.workflow.perform import perform
from teams.models import Person
from teams.rules import InvalidFields, RuleViolation, StaleVersion
from tests.factories import holder, make_goal, make_person
from tests.requests_app.rounds.meetings import make_acceptable, make_divergent, make_minor, make_table
from tests.requests_app.scenes import in_days

pytestmark = pytest.mark.django_db


def codes(change: Any, *args: Any, **given: Any) -> list[str]:
    with pytest.raises(RuleViolation) as refused:
        change(*args, **given)
    return [missing.code for missing in refused.value.missing]


def outcomes(round: Round) -> list[str]:
    return list(round.items.values_list("outcome", flat=True))


# ---- opening
def test_opening_puts_what_waits_on_the_agenda_and_who_opens_is_there() -> None:
    apart, minor = make_divergent(), make_minor()
    opened = open_round(by=holder(apart.it_owner))
    rows = opened.items.values_list("request", "kind", "position", "minutes")
    assert list(rows) == [
        (apart.pk, AgendaKind.DIVERGENCE, 1, USUAL_MINUTES[AgendaKind.DIVERGENCE]),
        (minor.pk, AgendaKind.NICE_TO_HAVE, 2, USUAL_MINUTES[AgendaKind.NICE_TO_HAVE]),
    ]
    assert [person.pk for person in opened.present.all()] == [apart.it_owner_id]
    assert opened.is_open
    assert opened.position == 1


def test_the_minutes_cut_the_agenda() -> None:
    for _row in range(4):
        make_divergent()
    opened = open_round(by=make_person(), minutes=12, each={**USUAL_MINUTES, AgendaKind.DIVERGENCE: 6})
    assert opened.items.count() == 2


def test_where_nothing_waits_there_is_no_round() -> None:
    assert codes(open_round, by=make_person()) == ["nothing_waits"]
    assert not Round.objects.exists()


@pytest.mark.parametrize("minutes", [0, 4, 241, -30])
def test_minutes_out_of_bounds_are_refused(minutes: int) -> None:
    make_divergent()
    with pytest.raises(InvalidFields) as refused:
        open_round(by=make_person(), minutes=minutes)
    assert [missing.field for missing in refused.value.missing] == ["minutes"]


def test_each_kind_needs_its_minutes() -> None:
    make_divergent()
    with pytest.raises(InvalidFields) as refused:
        open_round(by=make_person(), each={**USUAL_MINUTES, AgendaKind.REVISIT: 0})
    assert [missing.field for missing in refused.value.missing] == [AgendaKind.REVISIT]


def test_about_the_same_only_one_round_is_open() -> None:
    make_divergent(goal=(goal := make_goal()))
    first = open_round(by=make_person())
    assert codes(open_round, by=make_person()) == ["already_done"]
    other = open_round(by=make_person(), scope=Scope(goal=goal))
    assert other.pk != first.pk
    close_round(first.pk, by=first.opened_by)
    assert open_round(by=make_person()).is_open


def test_who_was_deactivated_opens_and_joins_nothing() -> None:
    make_divergent()
    gone = make_person(is_active=False)
    assert codes(open_round, by=gone) == ["not_yours"]
    opened = open_round(by=make_person())
    assert codes(join_round, opened.pk, by=gone) == ["not_yours"]


# ---- joining
def test_joining_twice_is_joining_once() -> None:
    make_divergent()
    opened, person = open_round(by=make_person()), make_person()
    join_round(opened.pk, by=person)
    events = Event.objects.count()
    join_round(opened.pk, by=person)
    assert opened.presences.filter(person=person).count() == 1
    assert Event.objects.count() == events


def test_nobody_joins_what_is_not_there_or_closed() -> None:
    table = make_table()
    close_round(table.round.pk, by=table.it)
    assert codes(join_round, table.round.pk, by=make_person()) == ["already_done"]
    for pk in (0, -1, 2**63, table.round.pk + 1):
        with pytest.raises(Http404):
            join_round(pk, by=table.it)


# ---- going through it
def test_next_and_back() -> None:
    table = make_table()
    step(table.round.pk, by=table.it, seen=table.item(1))
    assert meeting_of(table.fresh()).current == table.round.items.get(position=2)
    step(table.round.pk, by=table.marketing, seen=table.item(2), back=True)
    assert meeting_of(table.fresh()).current == table.round.items.get(position=1)


def test_behind_the_last_item_is_the_end_from_which_one_comes_back() -> None:
    table = make_table()
    step(table.round.pk, by=table.it, seen=table.item(1))
    step(table.round.pk, by=table.it, seen=table.item(2))
    assert meeting_of(table.fresh()).current is None
    assert codes(step, table.round.pk, by=table.it, seen=0) == ["wrong_status"]
    step(table.round.pk, by=table.it, seen=0, back=True)
    assert meeting_of(table.fresh()).current == table.round.items.get(position=2)


def test_before_the_first_item_is_nothing() -> None:
    table = make_table()
    assert codes(step, table.round.pk, by=table.it, seen=table.item(1), back=True) == ["wrong_status"]


def test_who_sees_another_item_takes_no_step() -> None:
    table = make_table()
    step(table.round.pk, by=table.it, seen=table.item(1))
    with pytest.raises(StaleVersion):
        step(table.round.pk, by=table.marketing, seen=table.item(1))
    assert table.fresh().position == 2


def test_who_is_not_there_changes_nothing() -> None:
    table, stranger = make_table(), make_person(is_admin=True)
    for change in (
        lambda: step(table.round.pk, by=stranger, seen=table.item(1)),
        lambda: defer(table.round.pk, "Later", by=stranger, seen=table.item(1)),
        lambda: close_round(table.round.pk, by=stranger),
    ):
        assert codes(change) == ["not_yours"]


def test_who_was_deactivated_meanwhile_is_not_there_any_more() -> None:
    table = make_table()
    Person.objects.filter(pk=table.it.pk).update(is_active=False)
    assert codes(step, table.round.pk, by=table.it, seen=table.item(1)) == ["not_yours"]


# ---- putting off
def test_putting_off_keeps_the_reason_and_goes_on() -> None:
    table = make_table()
    defer(table.round.pk, "  Sales has to say how many.  ", by=table.it, seen=table.item(1))
    item = table.round.items.get(position=1)
    assert (item.outcome, item.reason) == (AgendaOutcome.DEFERRED, "Sales has to say how many.")
    assert table.fresh().position == 2
    event = Event.objects.filter(kind="round.deferred").get()
    assert event.data == {"number": table.first.pk, "reason": item.reason, "position": 2}


@pytest.mark.parametrize("reason", ["", "   ", "x" * 2_001, "\x00"])
def test_a_reason_that_cannot_be_kept_puts_nothing_off(reason: str) -> None:
    table = make_table()
    with pytest.raises(InvalidFields):
        defer(table.round.pk, reason, by=table.it, seen=table.item(1))
    assert outcomes(table.round) == ["", ""]


def test_only_what_is_talked_about_is_put_off() -> None:
    table = make_table()
    with pytest.raises(StaleVersion):
        defer(table.round.pk, "Later", by=table.it, seen=table.item(2))
    step(table.round.pk, by=table.it, seen=table.item(1))
    step(table.round.pk, by=table.it, seen=table.item(2))
    assert codes(defer, table.round.pk, "Later", by=table.it, seen=0) == ["wrong_status"]


# ---- closing
def test_closing_says_what_became_of_each() -> None:
    table = make_table()
    perform("accept", table.first.pk, by=table.marketing)
    closed = close_round(table.round.pk, by=table.it)
    assert outcomes(closed) == [AgendaOutcome.DECIDED, AgendaOutcome.LEFT]
    event = Event.objects.filter(kind="round.closed").get()
    assert event.data == {"present": [table.marketing.pk, table.it.pk], "decided": 1}


def test_what_was_put_off_and_decided_after_all_is_decided() -> None:
    table = make_table()
    defer(table.round.pk, "Later", by=table.it, seen=table.item(1))
    perform("accept", table.first.pk, by=table.marketing)
    assert outcomes(close_round(table.round.pk, by=table.it))[0] == AgendaOutcome.DECIDED


def test_what_was_taken_back_is_not_decided() -> None:
    table = make_table()
    perform("accept", table.first.pk, by=table.marketing)
    perform("undo", table.first.pk, by=table.marketing)
    assert outcomes(close_round(table.round.pk, by=table.it)) == [AgendaOutcome.LEFT] * 2


def test_what_others_or_earlier_days_decided_is_not_the_rounds() -> None:
    first = make_acceptable()
    later = Inputs(reason="Not now.", revisit_on=in_days(40))
    with clock.moved_to(clock.now() - timedelta(hours=1)):
        opened = open_round(by=holder(first.marketing_owner))
    perform("park", first.pk, by=holder(first.it_owner), inputs=later)
    assert outcomes(close_round(opened.pk, by=opened.opened_by)) == [AgendaOutcome.LEFT]


def test_closing_again_changes_nothing_and_others_hear_that_it_is_closed() -> None:
    table = make_table()
    close_round(table.round.pk, by=table.it)
    events = Event.objects.count()
    close_round(table.round.pk, by=table.it)
    assert Event.objects.count() == events
    assert codes(close_round, table.round.pk, by=table.marketing) == ["already_done"]
    assert codes(step, table.round.pk, by=table.it, seen=table.item(1)) == ["already_done"]


def test_a_round_that_nobody_closed_goes_on_where_it_was() -> None:
    with clock.moved_to(clock.now() - timedelta(days=7)):
        table = make_table()
        step(table.round.pk, by=table.it, seen=table.item(1))
    meeting = meeting_of(table.fresh())
    assert meeting.current is not None
    assert meeting.current.request_id == table.second.pk
    defer(table.round.pk, "Next week", by=table.marketing, seen=meeting.current.pk)
    assert outcomes(table.fresh()) == ["", AgendaOutcome.DEFERRED]


# ---- the database keeps it too
@pytest.mark.parametrize(
    "change",
    [
        {"outcome": AgendaOutcome.DEFERRED, "reason": ""},
        {"outcome": "perhaps"},
        {"kind": "gossip"},
        {"minutes": 0},
        {"note": "x" * 4_001},
    ],
)
def test_the_database_refuses_items_that_make_no_sense(change: dict[str, Any]) -> None:
    table = make_table()
    with pytest.raises(IntegrityError), transaction.atomic():
        RoundItem.objects.filter(pk=table.item(1)).update(**change)


@pytest.mark.parametrize("change", [{"minutes": 4}, {"position": 0}, {"closed_at": "2026-11-02T08:00Z"}])
def test_the_database_refuses_rounds_that_make_no_sense(change: dict[str, Any]) -> None:
    table = make_table()
    with pytest.raises(IntegrityError), transaction.atomic():
        Round.objects.filter(pk=table.round.pk).update(**change)
