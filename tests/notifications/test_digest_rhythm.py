"""When digests come that people have chosen day, hour and rhythm of, whatever the clocks do."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from activity import clock
from activity.models import Event
from notifications.digest import preference
from notifications.digest.plan import Standing, candidates, next_at, people_to_ask, plan_due
from notifications.digest.preference import FORTNIGHTLY, NEVER, WEEKLY, Wish, choose, wish_of
from notifications.digest.send import deliver_digests
from notifications.models import Digest, DigestPreference
from requests_app.choices import Status
from teams.models import Person
from teams.rules import InvalidFields
from teams.zones import company
from tests.factories import make_person, make_request
from tests.notifications.digests import MONDAY, happened_at, make_company, weeks

pytestmark = pytest.mark.django_db

QUARTER = timedelta(minutes=15)
# Sunday 02:30 is in the middle of the hour that a change of the clock takes away or gives twice.
SUNDAY_2 = Wish(WEEKLY, 6, 2)


def tick(moment: datetime) -> None:
    """What the scheduler and a worker do at ``moment``."""
    with clock.moved_to(moment):
        plan_due(moment)
        deliver_digests(now=moment)


def ticks(moments: Iterable[datetime]) -> None:
    for moment in moments:
        tick(moment)


def of(person: Person) -> list[Digest]:
    return list(Digest.objects.filter(person=person).order_by("period_end"))


def keys(person: Person) -> list[str]:
    return [row.week for row in of(person)]


def around(change: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """Three weeks around the night of a change: quarters of hours near both rhythms, else twice a day."""
    first = change - timedelta(days=10)
    for step in range(21 * 24 * 4):
        moment = first + step * QUARTER
        local = moment.astimezone(zone)
        minutes = local.hour * 60 + local.minute
        is_near = (local.weekday() == 6 and 105 <= minutes <= 195) or (
            local.weekday() == 0 and 405 <= minutes <= 435
        )
        if is_near or step % 96 == 0:
            yield moment


CHANGES = [
    ("Europe/Berlin", "2026-03-29"),
    ("Europe/Berlin", "2026-10-25"),
    ("America/New_York", "2026-03-08"),
    ("America/New_York", "2026-11-01"),
    # Samoa changed its clocks for the last time in these two years.
    ("Pacific/Apia", "2020-09-27"),
    ("Pacific/Apia", "2021-04-04"),
]


@pytest.mark.parametrize(("name", "day"), CHANGES)
def test_in_the_nights_of_the_clock_change_each_comes_once_at_its_hour_and_tells_each_event_once(
    name: str, day: str
) -> None:
    zone = ZoneInfo(name)
    change = datetime.fromisoformat(f"{day}T02:00").replace(tzinfo=zone).astimezone(UTC)
    monday_7, sunday_2 = make_person(time_zone=name), make_person(time_zone=name)
    choose(SUNDAY_2, by=sunday_2)
    request = make_request(Status.PARKED)
    hours = range(-6 * 24, 9 * 24, 9)
    told = {happened_at(change + timedelta(hours=n), "request.parked", request, None) for n in hours}
    ticks(around(change, zone))
    # Monday's reader gets the week before at once, as the first look is on a Thursday.
    for person, hour, count in ((monday_7, 7, 4), (sunday_2, 2, 3)):
        rows = of(person)
        assert len({row.week for row in rows}) == len(rows) == count
        assert all(row.period_start == before.period_end for before, row in pairwise(rows))
        # Where the hour of the night is left out, it comes as soon as the clock shows a later one.
        local = [row.created_at.astimezone(zone) for row in rows[-3:]]
        late = [at.hour * 60 + at.minute - hour * 60 for at in local]
        assert all(0 <= minutes <= 15 or (hour == 2 and minutes == 60) for minutes in late)
        spans = [(row.period_start, row.period_end) for row in rows]
        covered = {pk for pk, at in _moments(told) if any(start <= at < end for start, end in spans)}
        assert len(covered) >= 15
        per_event = [sum(start <= at < end for start, end in spans) for _pk, at in _moments(covered)]
        assert set(per_event) == {1}


def _moments(events: set[int]) -> list[tuple[int, datetime]]:
    return list(Event.objects.filter(pk__in=events).values_list("pk", "occurred_at"))


def test_over_week_53_and_the_turn_of_the_year_no_week_is_left_out() -> None:
    person, second = make_person(), make_person()
    choose(Wish(FORTNIGHTLY, 3, 9), by=second)
    noon = datetime(2026, 12, 14, 12, tzinfo=UTC)
    ticks(noon + timedelta(days=n) for n in range(42))
    assert keys(person) == ["2026-W50", "2026-W51", "2026-W52", "2026-W53", "2027-W01", "2027-W02"][:6]
    assert keys(second) == ["2026-W50", "2026-W52", "2027-W01"]


def test_after_three_days_without_the_portal_each_comes_once_at_once() -> None:
    monday, wednesday, friday = (make_person() for _ in range(3))
    choose(Wish(WEEKLY, 2, 9), by=wednesday)
    choose(Wish(WEEKLY, 4, 9), by=friday)
    tick(MONDAY - timedelta(days=1))
    back = MONDAY + timedelta(days=3, hours=1)
    ticks([back, back + QUARTER, back + 2 * QUARTER])
    assert keys(monday)[-1:] == keys(wednesday)[-1:] == ["2026-W46"]
    assert {row.created_at for row in of(monday)[-1:] + of(wednesday)[-1:]} == {back}
    assert "2026-W46" not in keys(friday)
    tick(MONDAY + timedelta(days=4, hours=2))
    assert keys(friday)[-1] == "2026-W46"


def test_a_clock_that_was_thirty_days_ahead_and_is_set_back_repeats_nothing() -> None:
    weekly, second = make_person(), make_person()
    choose(Wish(FORTNIGHTLY), by=second)
    request = make_request(Status.PARKED)
    tick(MONDAY)
    ahead = MONDAY + timedelta(days=30)
    tick(ahead)
    event = happened_at(MONDAY + timedelta(days=31), "request.parked", request, None)
    ticks(MONDAY + weeks(n) for n in range(1, 8))
    for person in (weekly, second):
        rows = of(person)
        assert len({row.week for row in rows}) == len(rows)
        in_time = [row for row in rows if row.period_end != ahead]
        assert all(row.period_start == before.period_end for before, row in pairwise(in_time))
        assert sum(event in row.selection["decided"] for row in rows) == 1
    # The weeks that it anticipated come at their own hour all the same.
    assert sorted(keys(weekly)) == [f"2026-W{n}" for n in range(46, 54)]


def test_another_day_and_rhythm_count_after_the_next_digest() -> None:
    person = make_person()
    tick(MONDAY)
    choose(Wish(FORTNIGHTLY, 4, 16), by=person)
    friday = timedelta(days=4, hours=9)
    ticks([MONDAY + friday, MONDAY + weeks(1), MONDAY + weeks(1) + friday])
    assert keys(person) == ["2026-W46", "2026-W47"]
    ticks([MONDAY + weeks(2) + friday, MONDAY + weeks(3) + friday - QUARTER])
    assert keys(person) == ["2026-W46", "2026-W47"]
    tick(MONDAY + weeks(3) + friday)
    assert keys(person) == ["2026-W46", "2026-W47", "2026-W49"]
    assert of(person)[2].period_start == MONDAY + weeks(1)


def test_never_counts_at_once_and_the_way_back_too() -> None:
    person = make_person()
    tick(MONDAY)
    choose(Wish(NEVER), by=person)
    ticks([MONDAY + weeks(1), MONDAY + weeks(2)])
    assert keys(person) == ["2026-W46"]
    choose(Wish(WEEKLY), by=person)
    tick(MONDAY + weeks(2) + QUARTER)
    assert keys(person) == ["2026-W46", "2026-W48"]
    assert of(person)[1].period_start == MONDAY


def test_what_is_left_open_follows_the_company() -> None:
    make_company(digest_weekday=2, digest_hour=11)
    person = make_person()
    choose(Wish(WEEKLY, None, 8), by=person)
    wednesday_8 = MONDAY + timedelta(days=2, hours=1)
    ticks([wednesday_8 - QUARTER, wednesday_8])
    assert [row.created_at for row in of(person)] == [wednesday_8]
    assert (of(person)[0].next_weekday, of(person)[0].next_hour) == (2, 8)


def test_who_is_not_due_is_not_even_asked() -> None:
    """Else each minute of the week would look at them all again."""
    weekly, friday, second, off, new = (make_person() for _ in range(5))
    choose(Wish(WEEKLY, 4, 7), by=friday)
    choose(Wish(FORTNIGHTLY), by=second)
    choose(Wish(NEVER), by=off)
    ticks([MONDAY - weeks(1) + timedelta(days=4, hours=1)])
    assert set(people_to_ask(MONDAY)) == {weekly, new}
    tick(MONDAY)
    assert set(people_to_ask(MONDAY + timedelta(days=2))) == set()
    assert set(people_to_ask(MONDAY + timedelta(days=4))) == {friday}
    ticks([MONDAY + timedelta(days=4), MONDAY + weeks(1)])
    assert set(people_to_ask(MONDAY + weeks(1) + timedelta(days=1))) == set()
    assert {row.week for row in of(second)} == {"2026-W45", "2026-W47"}


def test_those_who_are_asked_are_those_who_are_due() -> None:
    """The quick question of the database and the rule for one person never differ, at any hour."""
    zones = ("", "Pacific/Auckland", "America/Los_Angeles", "Asia/Kathmandu")
    rhythms = (Wish(), Wish(FORTNIGHTLY), Wish(WEEKLY, 0, 0), Wish(FORTNIGHTLY, 6, 23), Wish(NEVER))
    for n, wish in enumerate(rhythms * 2):
        choose(wish, by=make_person(time_zone=zones[n % len(zones)]))
    for hours in range(0, 21 * 24, 19):
        moment = MONDAY + timedelta(hours=hours)
        asked = candidates(list(Person.objects.order_by("pk")), moment, company())
        due = {row.person for row in asked if row.standing == Standing.DUE}
        assert set(people_to_ask(moment)) == due
        if hours % 38 == 0:
            tick(moment)


def test_asking_who_is_due_takes_three_queries_for_few_and_many() -> None:
    counts = []
    for _ in range(2):
        for n in range(7):
            choose(Wish(WEEKLY, n, n), by=make_person(time_zone=f"Etc/GMT+{n}"))
        with CaptureQueriesContext(connection) as found:
            list(people_to_ask(MONDAY))
        counts.append(len(found))
    assert counts == [3, 3]


def test_the_page_says_when_the_next_one_comes() -> None:
    person = make_person()
    assert next_at(person, MONDAY - QUARTER, company()) == MONDAY
    tick(MONDAY)
    assert next_at(person, MONDAY + QUARTER, company()) == MONDAY + weeks(1)
    choose(Wish(FORTNIGHTLY, 1, 7), by=person)
    assert next_at(person, MONDAY + QUARTER, company()) == MONDAY + weeks(1)
    tick(MONDAY + weeks(1))
    assert next_at(person, MONDAY + weeks(1), company()) == MONDAY + weeks(3) + timedelta(days=1)
    choose(Wish(NEVER), by=person)
    assert next_at(person, MONDAY + weeks(1), company()) is None


@pytest.mark.parametrize(
    ("wish", "field"),
    [(Wish(3), "every"), (Wish(-1), "every"), (Wish(1, 7), "weekday"), (Wish(1, 0, 24), "hour")],
)
def test_what_cannot_be_chosen_is_refused_at_its_field(wish: Wish, field: str) -> None:
    person = make_person()
    with pytest.raises(InvalidFields) as refused:
        choose(wish, by=person)
    assert [missing.field for missing in refused.value.missing] == [field]
    assert wish_of(person) == Wish()


@pytest.mark.parametrize("wrong", [{"weekday": 7}, {"hour": 24}, {"every": 0}, {"every": 3}])
def test_the_database_refuses_it_too(wrong: dict[str, int]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        DigestPreference.objects.create(person=make_person(), **wrong)


def test_a_chosen_day_outlives_a_time_without() -> None:
    person = make_person()
    choose(Wish(FORTNIGHTLY, 4, 16), by=person)
    preference.switch_off(person)
    assert wish_of(person) == Wish(NEVER, 4, 16)
    preference.switch_on(person)
    assert wish_of(person) == Wish(FORTNIGHTLY, 4, 16)
