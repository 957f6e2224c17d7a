"""Digests by a clock that is changed, stops, or runs ahead: one per week at the local hour, nothing twice.

Small in ``make test``; with TANDEM_TORTURE=1 every quarter of an hour around all the Mondays passes.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from activity import clock
from notifications.digest.plan import plan_due
from notifications.digest.send import deliver_digests
from notifications.digest.weeks import Week
from notifications.models import Digest
from requests_app.choices import Status
from teams.models import Person
from tests.factories import make_person, make_request, make_team
from tests.notifications.digests import happened_at, make_company
from tests.notifications.test_torture import FULL

pytestmark = [pytest.mark.torture, pytest.mark.django_db]

TICK = timedelta(minutes=15)
EVENTS_EVERY = timedelta(hours=9 if FULL else 67)
FEW = {(0, 6, 45), (0, 7, 0), (3, 15, 0)}
# Every zone changes its clock in these weeks of the two years in which it last did, both ways.
CHANGES = [
    ("Europe/Berlin", date(2026, 3, 16)),
    ("Europe/Berlin", date(2026, 10, 12)),
    ("America/New_York", date(2026, 2, 23)),
    ("America/New_York", date(2026, 10, 19)),
    ("Pacific/Apia", date(2021, 3, 22)),
    ("Pacific/Apia", date(2020, 9, 14)),
]


class House:
    """A reader in a zone, what happened, and the clock by which the portal ticks."""

    def __init__(self, zone: str) -> None:
        make_company()
        self.zone = ZoneInfo(zone)
        team = make_team()
        self.reader = make_person(team, time_zone=zone)
        self.teammate = make_person(team, time_zone="Europe/Berlin")
        self.events: list[int] = []
        self.team = team

    def happens(self, moment: datetime) -> None:
        request = make_request(Status.PARKED, serving_team=self.team)
        self.events.append(happened_at(moment, "request.parked", request, None))

    def tick(self, moment: datetime) -> None:
        with clock.moved_to(moment):
            plan_due(moment)
            deliver_digests(now=moment)

    def live(self, start: datetime, end: datetime) -> None:
        """Things happen and the portal ticks from ``start`` to before ``end``."""
        next_event = start
        for moment in ticks(start, end, self.zone):
            while next_event <= moment:
                self.happens(next_event)
                next_event += EVENTS_EVERY
            self.tick(moment)

    def digests(self, person: Person | None = None) -> list[Digest]:
        return list(Digest.objects.filter(person=person or self.reader).order_by("pk"))

    def monday(self, day: date) -> datetime:
        return datetime.combine(day, time(7), tzinfo=self.zone).astimezone(UTC)

    def assert_told_once(self) -> None:
        """All that happened before the last digest stands in exactly one of each person's digests."""
        for person in (self.reader, self.teammate):
            told = Counter(event for row in self.digests(person) for event in row.selection["decided"])
            assert set(told.values()) == {1}
            last = max(told)
            assert sorted(told) == [event for event in self.events if event <= last]


def ticks(start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """When the portal ticks: every quarter of an hour from Sunday noon to Tuesday, every third hour else.

    In small only at first, around seven on Mondays, and once on Thursdays.
    """
    moment = start
    while moment < end:
        local = moment.astimezone(zone)
        near = local.weekday() == 0 or (local.weekday() == 6 and local.hour >= 12)
        often = near or (local.hour % 3, local.minute) == (0, 0)
        if moment == start or (often if FULL else (local.weekday(), local.hour, local.minute) in FEW):
            yield moment
        moment += TICK


@pytest.mark.parametrize(("zone", "day"), CHANGES if FULL else CHANGES[1:2])
def test_where_clocks_change_digests_come_on_monday_at_seven_and_tell_all_once(zone: str, day: date) -> None:
    house = House(zone)
    start = house.monday(day) - timedelta(days=3)
    offsets = {(start + timedelta(days=n)).astimezone(house.zone).utcoffset() for n in range(25)}
    assert len(offsets) == 2
    house.live(start, start + timedelta(days=25))
    rows = house.digests()
    weeks = [Week.of(day).plus(n) for n in (-1, 0, 1, 2)]
    # The first comes on the day that the portal begins, as its week is over.
    assert [row.week for row in rows] == [weeks[0].plus(-1).key, *(week.key for week in weeks)]
    for week, row in zip(weeks, rows[1:], strict=True):
        due = house.monday(week.monday + timedelta(days=7))
        assert timedelta(0) <= row.period_end - due <= TICK
        assert row.period_end.astimezone(house.zone).hour == 7
    assert all(later.period_start == before.period_end for before, later in pairwise(rows))
    house.assert_told_once()


def test_week_53_is_a_week_like_any_other() -> None:
    house = House("Europe/Berlin")
    house.live(house.monday(date(2026, 12, 21)), house.monday(date(2027, 1, 18)) + TICK)
    assert [row.week for row in house.digests()] == [
        "2026-W51",
        "2026-W52",
        "2026-W53",
        "2027-W01",
        "2027-W02",
    ]
    house.assert_told_once()


@pytest.mark.parametrize("zone", sorted({zone for zone, _day in CHANGES}) if FULL else ["Pacific/Apia"])
def test_after_three_days_without_the_portal_the_digest_comes_once_and_the_next_at_its_hour(
    zone: str,
) -> None:
    house = House(zone)
    monday = house.monday(date(2026, 11, 16))
    house.live(monday - timedelta(days=7), monday - timedelta(hours=20))
    back = monday + timedelta(days=2, hours=4)
    house.live(back, back + timedelta(days=7))
    rows = house.digests()
    assert [row.week for row in rows] == ["2026-W45", "2026-W46", "2026-W47"]
    assert rows[1].period_end - back <= TICK
    assert rows[2].period_end - house.monday(date(2026, 11, 23)) <= TICK
    house.assert_told_once()


@pytest.mark.parametrize("ahead", [1, 24 * 9] if FULL else [1])
def test_a_clock_thirty_days_ahead_and_back_skips_no_week_and_tells_nothing_twice(ahead: int) -> None:
    """For so many hours. The weeks that it anticipated come at their hour all the same."""
    house = House("Europe/Berlin")
    monday = house.monday(date(2026, 11, 16))
    house.live(monday - timedelta(days=7), monday + timedelta(days=1))
    jumped = monday + timedelta(days=31)
    house.live(jumped, jumped + timedelta(hours=ahead))
    made_ahead = [row.week for row in house.digests()[2:]]
    assert made_ahead[0] == "2026-W50"
    back = monday + timedelta(days=1, hours=1)
    house.live(back, back + timedelta(days=7 * 8))
    rows = house.digests()
    expected = [f"2026-W{n}" for n in range(45, 54)] + ["2027-W01"]
    assert sorted(row.week for row in rows) == expected
    assert len({row.week for row in rows}) == len(rows)
    for row in rows:
        if row.week not in made_ahead and row.week != "2026-W45":
            week = Week.parse(row.week)
            due = house.monday(week.monday + timedelta(days=7))
            assert timedelta(0) <= row.period_end - due <= TICK
    house.assert_told_once()
