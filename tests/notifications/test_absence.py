"""Who is away: their turns and seats go to who stands in, marked; their mail waits and comes as one."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.utils import timezone

from activity import clock
from activity.models import Event
from notifications.absence_mail import returns_at
from notifications.delivery import deliver_mail
from notifications.fanout import fan_out
from notifications.models import Delivery, InboxEntry, QuietTimes
from requests_app.choices import Status
from requests_app.models import Request
from requests_app.turns import Away, Waiting, away_among, holders
from requests_app.waiting_on import waiting_on
from requests_app.workflow.inputs import Inputs
from requests_app.workflow.perform import perform
from teams.absences import announce_absence, end_absence
from teams.models import Absence, Person
from teams.rules import RuleViolation
from teams.zones import zone_of
from tests.factories import add_member, make_person, make_team
from tests.notifications.telling import Cast, happened, let_a_minute_pass, make_cast, tell_all

pytestmark = pytest.mark.django_db


def away(person: Person, deputy: Person | None = None) -> Absence:
    today = timezone.localdate()
    return announce_absence(person, today, today + timedelta(days=6), deputy, by=person)


def colleague(cast: Cast) -> Person:
    return make_person(make_team("it"), language="en")


def mails_to(person: Person) -> list[Any]:
    return [one for one in mail.outbox if one.to == [person.email]]


def told() -> dict[int, str]:
    return {row.person_id: row.why for row in InboxEntry.objects.all()}


def test_who_stands_in_is_told_marked_for_whom_and_the_absent_one_as_well() -> None:
    cast = make_cast()
    deputy = colleague(cast)
    away(cast.it_owner, deputy)
    happened("request.commented", cast.request, cast.requester)
    tell_all()
    entry = InboxEntry.objects.get(person=deputy)
    assert (entry.why, entry.stands_for) == ("deputy", cast.it_owner)
    assert told()[cast.it_owner.pk] == "owner"
    assert len(mails_to(deputy)) == 1
    assert mails_to(cast.it_owner) == []


def test_without_a_deputy_or_where_the_deputy_is_away_the_leads_are_told() -> None:
    cast = make_cast()
    away(cast.it_owner)
    happened("request.commented", cast.request, cast.requester)
    tell_all()
    assert told()[cast.it_lead.pk] == "deputy"
    assert cast.marketing_lead.pk not in told()


def test_a_deputy_is_told_nothing_of_what_they_may_not_see() -> None:
    cast = make_cast(restricted=True)
    deputy = colleague(cast)
    away(cast.it_owner, deputy)
    happened("request.commented", cast.request, cast.requester)
    tell_all()
    assert deputy.pk not in told()


def test_a_deputy_who_did_it_or_is_told_anyway_is_not_told_twice() -> None:
    cast = make_cast()
    away(cast.it_owner, cast.it_lead)
    happened("request.commented", cast.request, cast.it_lead)
    tell_all()
    assert cast.it_lead.pk not in told()


def test_mail_waits_for_the_return_and_comes_as_one() -> None:
    cast, other = make_cast(), make_cast()
    Request.objects.filter(pk=other.request.pk).update(it_owner=cast.it_owner)
    absence = away(cast.it_owner)
    for request in (cast.request, other.request):
        for _ in range(2):
            happened("request.asked", request, cast.requester, question_to="it")
    fan_out()
    deliver_mail()
    assert mails_to(cast.it_owner) == []
    waiting = Delivery.objects.filter(person=cast.it_owner, channel="mail")
    assert {row.due_at for row in waiting} == {returns_at(absence, zone_of(cast.it_owner))}
    assert {row.together for row in waiting} == {f"absence:{absence.pk}"}
    Absence.objects.update(
        ends_at=timezone.now() - timedelta(hours=8), starts_at=timezone.now() - timedelta(days=9)
    )
    let_a_minute_pass()
    deliver_mail()
    (sent,) = mails_to(cast.it_owner)
    assert sent.subject.startswith("Während Ihrer Abwesenheit: ")
    assert sent.subject.endswith(" (und Neues zu einem weiteren Thema)")


@pytest.mark.parametrize(
    ("said_in", "zone", "first_day_back", "comes"),
    [
        ("Europe/Berlin", "Europe/Berlin", date(2026, 11, 30), datetime(2026, 11, 30, 7)),
        # Clocks go forward, and back, in the night before.
        ("Europe/Berlin", "Europe/Berlin", date(2026, 3, 29), datetime(2026, 3, 29, 7)),
        ("Europe/Berlin", "Europe/Berlin", date(2026, 10, 25), datetime(2026, 10, 25, 7)),
        # Who has moved west is back in the evening before, who has moved east in the morning.
        ("Europe/Berlin", "America/New_York", date(2026, 11, 30), datetime(2026, 11, 30, 7)),
        ("Europe/Berlin", "Asia/Tokyo", date(2026, 11, 30), datetime(2026, 12, 1, 7)),
    ],
)
def test_what_waited_comes_at_seven_on_the_first_day_back(
    said_in: str, zone: str, first_day_back: date, comes: datetime
) -> None:
    absence = Absence(ends_at=datetime.combine(first_day_back, time(0), tzinfo=ZoneInfo(said_in)))
    assert returns_at(absence, ZoneInfo(zone)) == comes.replace(tzinfo=ZoneInfo(zone))


def test_who_is_back_earlier_gets_it_then() -> None:
    cast = make_cast()
    away(cast.it_owner)
    happened("request.asked", cast.request, cast.requester, question_to="it")
    fan_out()
    deliver_mail()
    end_absence(cast.it_owner, by=cast.it_owner)
    fan_out()
    deliver_mail()
    (sent,) = mails_to(cast.it_owner)
    assert sent.subject.startswith("Während Ihrer Abwesenheit: ")


def test_quiet_hours_put_mail_off_and_it_comes_together_afterwards() -> None:
    cast, other = make_cast(), make_cast()
    other.request.watchers.create(person=cast.watcher, since=timezone.now())
    now = timezone.now().astimezone(timezone.get_fixed_timezone(0))
    Person.objects.filter(pk=cast.watcher.pk).update(time_zone="UTC")
    starts, ends = (now - timedelta(hours=1)).time(), (now + timedelta(hours=2)).time()
    QuietTimes.objects.create(person=cast.watcher, starts=starts, ends=ends)
    for request in (cast.request, other.request):
        happened("request.asked", request, None, question_to="it")
    fan_out()
    assert deliver_mail().waiting == 2
    rows = list(Delivery.objects.filter(person=cast.watcher, channel="mail"))
    assert len({row.together for row in rows}) == 1
    assert all(row.due_at > timezone.now() + timedelta(minutes=90) for row in rows)
    assert {row.attempts for row in rows} == {0}
    QuietTimes.objects.all().delete()
    let_a_minute_pass()
    deliver_mail()
    assert len(mails_to(cast.watcher)) == 1


# Turns and seats ------------------------------------------------------------------------------------------


def waits_for(person: Person) -> list[int]:
    return [one.number for one in waiting_on(person, timezone.localdate())]


def test_the_turn_is_that_of_who_stands_in_as_well() -> None:
    cast = make_cast(Status.READY, turn="it")
    deputy = colleague(cast)
    assert waits_for(deputy) == []
    away(cast.it_owner, deputy)
    assert waits_for(deputy) == waits_for(cast.it_owner) == [cast.request.number]
    assert waits_for(cast.it_lead) == []


def test_without_a_deputy_and_in_what_not_everybody_may_see_it_is_the_turn_of_the_leads() -> None:
    cast = make_cast(Status.READY, turn="it")
    away(cast.it_owner)
    assert waits_for(cast.it_lead) == [cast.request.number]
    end_absence(cast.it_owner, by=cast.it_owner)
    assert waits_for(cast.it_lead) == []
    away(cast.it_owner, colleague(cast))
    assert waits_for(cast.it_lead) == []
    Request.objects.update(restricted=True)
    assert waits_for(cast.it_lead) == [cast.request.number]


def started(cast: Cast, by: Person) -> Event:
    perform("rethink", cast.request.number, by=by, inputs=Inputs(reason="A new thought."))
    return Event.objects.filter(kind="request.rethought").latest("pk")


def test_who_stands_in_may_act_in_the_seat_marked_for_whom() -> None:
    cast = make_cast(Status.READY)
    deputy = colleague(cast)
    with pytest.raises(RuleViolation):
        started(cast, deputy)
    away(cast.it_owner, deputy)
    event = started(cast, deputy)
    assert (event.actor, event.for_person) == (deputy, cast.it_owner)


def test_nobody_stands_in_for_the_other_half_of_their_own_tandem() -> None:
    cast = make_cast(Status.READY)
    add_member(make_team("it"), cast.marketing_owner)
    cast.marketing_owner.refresh_from_db()
    away(cast.it_owner, cast.marketing_owner)
    event = started(cast, cast.marketing_owner)
    assert (event.actor, event.for_person) == (cast.marketing_owner, None)


def test_after_the_absence_the_seat_is_nobody_elses() -> None:
    cast = make_cast(Status.READY)
    deputy = colleague(cast)
    absence = away(cast.it_owner, deputy)
    with clock.moved_to(absence.ends_at + timedelta(seconds=1)), pytest.raises(RuleViolation):
        started(cast, deputy)


def test_the_digest_gives_the_turn_to_who_stands_in_as_well() -> None:
    absent, deputy, lead, marketer = 1, 2, 3, 4
    row = Waiting("it", marketer, absent, 5, 10, "marketing", 20, restricted=False)
    leads = {20: {lead}, 10: {6}}
    assert holders(row, leads, set()) == {absent}
    assert holders(row, leads, set(), {absent: Away(deputy), marketer: Away(9)}) == {absent, deputy}
    assert holders(row, leads, set(), {absent: Away(None)}) == {absent, lead}


def test_where_the_deputy_may_not_see_it_the_digest_gives_the_turn_to_the_lead_as_well() -> None:
    absent, deputy, lead = 1, 2, 3
    row = Waiting("it", 4, absent, 5, 10, "marketing", 20, restricted=True)
    assert holders(row, {20: {lead}}, set(), {absent: Away(deputy)}) == {absent, deputy, lead}


def test_who_is_away_is_read_with_who_stands_in() -> None:
    cast = make_cast()
    deputy = colleague(cast)
    away(cast.it_owner, deputy)
    away(cast.marketing_owner)
    found = away_among([cast.it_owner.pk, cast.marketing_owner.pk, cast.watcher.pk])
    teams = cast.marketing_owner.teams.order_by("pk").values_list("pk", flat=True)
    assert found == {cast.it_owner.pk: Away(deputy.pk), cast.marketing_owner.pk: Away(None, tuple(teams))}
