"""Planning, editing, moving and cancelling: who may, what is refused, who is told."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from activity import clock
from activity.models import Event
from knowhow.exchanges.models import Exchange, ExchangeSeries, SignUp, Standing
from knowhow.exchanges.planning import Rhythm, cancel, edit, move, overlapping, plan, span_of
from knowhow.exchanges.session_fields import SessionFields
from knowhow.exchanges.wall_time import Span, moment
from teams.models import Person, Side
from teams.rules import InvalidFields, RuleViolation, StaleVersion
from tests.factories import make_admin, make_person, make_team
from tests.knowhow.exchanges.making import (
    BERLIN,
    hours,
    in_days,
    make_exchange,
    make_proposal,
    seat,
    wait,
    words,
)

pytestmark = pytest.mark.django_db


def planned(by: Person, **options: Any) -> list[Exchange]:
    return plan(options.pop("fields", words()), options.pop("span", hours()), BERLIN, by=by, **options)


def event(kind: str) -> Event:
    return Event.objects.get(kind=f"exchange.{kind}")


def fields_of(error: pytest.ExceptionInfo[RuleViolation]) -> list[str]:
    return [missing.field for missing in error.value.missing]


# Planning -------------------------------------------------------------------------------------------------


def test_it_is_planned_and_its_host_gets_it_into_the_calendar() -> None:
    host = make_person()
    (exchange,) = planned(host)
    assert (exchange.host, exchange.sequence, exchange.zone) == (host, 0, "Europe/Berlin")
    assert event("planned").data["told"] == [host.pk]
    assert event("planned").object_id == exchange.pk


def test_a_series_is_one_session_for_each_time_with_one_event() -> None:
    first = Span(moment(date(2027, 3, 16), time(14), BERLIN), moment(date(2027, 3, 16), time(15), BERLIN))
    with clock.moved_to(moment(date(2027, 3, 1), time(9), BERLIN)):
        sessions = planned(make_person(), span=first, rhythm=Rhythm(2, 3))
    local = [one.starts_at.astimezone(BERLIN) for one in sessions]
    assert [f"{at:%d.%m. %H:%M}" for at in local] == ["16.03. 14:00", "30.03. 14:00", "13.04. 14:00"]
    assert len({one.uid for one in sessions}) == 3
    assert ExchangeSeries.objects.get().sessions.count() == 3
    assert event("planned").data["exchanges"] == [one.pk for one in sessions]


def test_a_night_that_skips_its_hour_is_a_session_like_the_others() -> None:
    first = Span(*(moment(date(2027, 3, 21), at, BERLIN) for at in (time(2, 30), time(3, 10))))
    with clock.moved_to(moment(date(2027, 3, 1), time(9), BERLIN)):
        sessions = planned(make_person(), span=first, rhythm=Rhythm(1, 3))
    assert {one.ends_at - one.starts_at for one in sessions} == {timedelta(minutes=40)}


def test_a_line_break_in_the_title_becomes_a_space() -> None:
    (exchange,) = planned(make_person(), fields=words(title="Read\r\nBEGIN:VEVENT\nSQL"))
    assert exchange.title == "Read BEGIN:VEVENT SQL"


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": "\x00"}, "title"),
        ({"ability": ""}, "ability"),
        ({"ability": "x" * 2001}, "ability"),
        ({"topic": "x" * 81}, "topic"),
        ({"place": "", "link": ""}, "place"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"link": "ftp://example.org/"}, "link"),
        ({"link": "https://example.org/" + "x" * 500}, "link"),
        ({"seats": 0}, "seats"),
        ({"seats": 501}, "seats"),
        ({"seats": -3}, "seats"),
    ],
)
def test_what_cannot_be_kept_is_said_at_its_field(wanted: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidFields) as error:
        planned(make_person(), fields=words(**wanted))
    assert fields_of(error) == [field]
    assert not Exchange.objects.exists()


@pytest.mark.parametrize(
    ("span", "field"),
    [
        (lambda: hours(-1), "starts_at"),
        (lambda: hours(731), "starts_at"),
        (lambda: hours(7, timedelta(0)), "ends_at"),
        (lambda: hours(7, timedelta(hours=-1)), "ends_at"),
        (lambda: hours(7, timedelta(hours=25)), "ends_at"),
    ],
)
def test_hours_that_cannot_be_are_refused(span: Any, field: str) -> None:
    with pytest.raises(InvalidFields) as error:
        planned(make_person(), span=span())
    assert fields_of(error) == [field]


@pytest.mark.parametrize("rhythm", [Rhythm(0, 2), Rhythm(9, 2), Rhythm(1, 0), Rhythm(1, 27)])
def test_a_rhythm_that_cannot_be_is_refused(rhythm: Rhythm) -> None:
    with pytest.raises(InvalidFields):
        planned(make_person(), rhythm=rhythm)


def test_leads_and_admins_plan_for_others_and_nobody_else() -> None:
    team = make_team()
    host = make_person(team)
    for by in (make_person(lead_of=team), make_admin()):
        assert planned(by, host=host)[0].host == host
    with pytest.raises(RuleViolation, match="not_yours"):
        planned(make_person(team), host=host)


def test_job_shadowing_is_for_one() -> None:
    (exchange,) = planned(make_person(), fields=words(seats=9), kind="shadowing")
    assert exchange.seats == 1
    with pytest.raises(InvalidFields):
        edit(exchange.pk, SessionFields(seats=2), by=exchange.host)
    with pytest.raises(IntegrityError), transaction.atomic():
        Exchange.objects.update(seats=2)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(InvalidFields):
        planned(make_person(), kind="party")


def test_what_takes_up_a_proposal_is_told_to_all_who_would_come() -> None:
    proposal, host = make_proposal(voices=2), make_person()
    (exchange,) = planned(host, proposal_id=proposal.pk)
    proposal.refresh_from_db()
    assert proposal.exchange == exchange
    assert proposal.closed_at is not None
    voices = set(proposal.wishes.values_list("person", flat=True))
    assert set(event("planned").data["told"]) == {host.pk, *voices}
    assert not exchange.signups.exists()
    with pytest.raises(RuleViolation, match="wrong_status"):
        planned(host, proposal_id=proposal.pk)


def test_who_asked_for_a_day_has_the_seat() -> None:
    asking = make_person(make_team(Side.MARKETING))
    proposal, host = make_proposal(asking, kind="shadowing"), make_person(make_team(Side.IT))
    (exchange,) = planned(host, kind="shadowing", proposal_id=proposal.pk)
    assert SignUp.objects.get(exchange=exchange).standing == Standing.SEAT
    again = make_proposal(asking, kind="shadowing")
    with pytest.raises(RuleViolation, match="same_side"):
        planned(make_person(make_team(Side.MARKETING)), kind="shadowing", proposal_id=again.pk)
    with pytest.raises(InvalidFields):
        planned(host, proposal_id=again.pk)


# Editing --------------------------------------------------------------------------------------------------


def test_another_room_is_a_new_number_of_the_invitation_and_told() -> None:
    exchange = make_exchange()
    guest, waiting = seat(exchange), wait(exchange)
    found = edit(exchange.pk, SessionFields(place="Room Alster"), by=exchange.host)
    assert (found.sequence, found.version) == (1, 2)
    assert set(event("edited").data["told"]) == {exchange.host_id, guest.person_id, waiting.person_id}


def test_another_topic_is_told_to_nobody() -> None:
    exchange = make_exchange()
    seat(exchange)
    assert edit(exchange.pk, SessionFields(topic="SQL"), by=exchange.host).sequence == 0
    assert event("edited").data["told"] == []


def test_nothing_new_changes_nothing() -> None:
    exchange = make_exchange()
    edit(exchange.pk, SessionFields(title=exchange.title, seats=2), by=exchange.host)
    assert not Event.objects.exists()


def test_with_more_seats_those_who_wait_move_up() -> None:
    exchange = make_exchange(seats=1)
    seat(exchange)
    first, second = wait(exchange), wait(exchange)
    edit(exchange.pk, SessionFields(seats=2), by=exchange.host)
    assert event("edited").data["moved_up"] == [first.person_id]
    second.refresh_from_db()
    assert second.standing == Standing.WAITING


def test_fewer_seats_than_are_taken_are_refused_and_others_change_places() -> None:
    exchange = make_exchange(seats=5)
    one, two = seat(exchange, place=2), seat(exchange, place=5)
    with pytest.raises(InvalidFields) as error:
        edit(exchange.pk, SessionFields(seats=1), by=exchange.host)
    assert fields_of(error) == ["seats"]
    edit(exchange.pk, SessionFields(seats=2), by=exchange.host)
    places = {row.pk: row.place for row in exchange.signups.all()}
    assert places == {one.pk: 2, two.pk: 1}
    assert event("edited").data["moved_up"] == []


def test_two_who_change_the_same_field_are_told_and_two_fields_both_stay() -> None:
    exchange = make_exchange()
    edit(exchange.pk, SessionFields(title="First"), by=exchange.host)
    with pytest.raises(StaleVersion) as stale:
        edit(exchange.pk, SessionFields(title="Second"), by=exchange.host, seen_version=1)
    assert stale.value.clash == ("title",)
    found = edit(exchange.pk, SessionFields(topic="SQL"), by=exchange.host, seen_version=1)
    assert (found.title, found.topic) == ("First", "SQL")
    with pytest.raises(StaleVersion):
        edit(exchange.pk, SessionFields(topic="R"), by=exchange.host, version=1)


CHANGES = {
    "edit": lambda exchange, by: edit(exchange.pk, SessionFields(title="Other"), by=by),
    "move": lambda exchange, by: move(exchange.pk, hours(9), by=by),
    "cancel": lambda exchange, by: cancel(exchange.pk, "Ill", by=by),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_only_host_planner_and_admins_change_it(change: Any) -> None:
    exchange = make_exchange(planned_by=make_person())
    with pytest.raises(RuleViolation, match="not_yours"):
        change(exchange, make_person())
    with pytest.raises(RuleViolation, match="not_yours"):
        change(exchange, make_person(is_active=False, is_admin=True))
    for by in (exchange.host, exchange.planned_by, make_admin()):
        with transaction.atomic():
            change(exchange, by)
            transaction.set_rollback(True)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_is_over_or_cancelled_stays(change: Any) -> None:
    for exchange in (make_exchange(days=-2), make_exchange(cancelled_at=clock.now())):
        with pytest.raises(RuleViolation, match="wrong_status"):
            change(exchange, exchange.host)


# Moving and cancelling ------------------------------------------------------------------------------------


def make_series() -> list[Exchange]:
    """Three sessions a week apart, the second one with a guest."""
    sessions = planned(make_person(), rhythm=Rhythm(1, 3))
    seat(sessions[1])
    Event.objects.filter(kind="exchange.planned").count()
    return sessions


def test_moving_one_leaves_the_others_of_its_series() -> None:
    sessions = make_series()
    moved = move(sessions[1].pk, hours(15), by=sessions[1].host)
    assert moved == [sessions[1]]
    assert (moved[0].sequence, moved[0].version) == (1, 2)
    assert set(event("moved").data["told"]) == {sessions[1].host_id, sessions[1].signups.get().person_id}


def test_moving_all_following_ones_keeps_the_earlier() -> None:
    sessions = make_series()
    target = Span(sessions[1].starts_at + timedelta(days=1), sessions[1].ends_at + timedelta(days=1))
    moved = move(sessions[1].pk, target, by=sessions[1].host, following=True)
    assert moved == sessions[1:]
    local = [one.starts_at.astimezone(BERLIN) for one in Exchange.objects.order_by("pk")]
    before = [one.starts_at.astimezone(BERLIN) for one in sessions]
    assert [at.date() - was.date() for at, was in zip(local, before, strict=True)] == [
        timedelta(0),
        timedelta(days=1),
        timedelta(days=1),
    ]
    assert {at.time() for at in local} == {before[0].time()}
    assert event("moved").data["exchanges"] == [one.pk for one in sessions[1:]]


def test_moving_to_the_same_hours_changes_nothing() -> None:
    exchange = make_exchange()
    assert move(exchange.pk, span_of(exchange), by=exchange.host) == []
    assert not Event.objects.exists()


def test_moving_into_the_past_or_from_a_stale_page_is_refused() -> None:
    exchange = make_exchange()
    with pytest.raises(InvalidFields):
        move(exchange.pk, hours(-1), by=exchange.host)
    with pytest.raises(StaleVersion):
        move(exchange.pk, hours(9), by=exchange.host, version=7)


def test_cancelling_tells_all_who_would_come_and_why() -> None:
    exchange = make_exchange(seats=1)
    guest, waiting = seat(exchange), wait(exchange)
    (found,) = cancel(exchange.pk, " The host is ill. ", by=exchange.host)
    assert (found.is_cancelled, found.cancel_reason, found.sequence) == (True, "The host is ill.", 1)
    assert set(event("cancelled").data["told"]) == {exchange.host_id, guest.person_id, waiting.person_id}


def test_cancelling_all_following_ones_keeps_the_earlier() -> None:
    sessions = make_series()
    cancel(sessions[1].pk, "Over", by=sessions[1].host, following=True)
    gone = Exchange.objects.order_by("pk").values_list("cancelled_at", flat=True)
    assert [at is not None for at in gone] == [False, True, True]


def test_cancelling_needs_a_reason() -> None:
    exchange = make_exchange()
    with pytest.raises(InvalidFields) as error:
        cancel(exchange.pk, "  ", by=exchange.host)
    assert fields_of(error) == ["reason"]


# The host elsewhere ---------------------------------------------------------------------------------------


def test_what_the_host_holds_at_the_same_time_is_found() -> None:
    host = make_person()
    busy = make_exchange(host, starts_at=in_days(7))
    make_exchange(host, starts_at=in_days(7), cancelled_at=clock.now())
    make_exchange(starts_at=in_days(7))
    make_exchange(host, starts_at=in_days(9))
    assert overlapping(host, [hours(7)]) == [busy]
    assert overlapping(host, [hours(8)]) == []
    assert overlapping(host, [hours(7)], [busy.pk]) == []
    assert overlapping(host, []) == []
    # Between the two of a series that lie around it nothing is met.
    assert overlapping(host, [hours(6), hours(8)]) == []


def test_being_elsewhere_refuses_nothing() -> None:
    host = make_person()
    planned(host)
    assert planned(host)
