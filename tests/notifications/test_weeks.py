"""Digest time: weeks of the reader's zone, over clock changes, the turn of the year, and around the world."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.digest.weeks import Rhythm, Week, due_at, last_finished_week, running_week

BERLIN = ZoneInfo("Europe/Berlin")
AUCKLAND = ZoneInfo("Pacific/Auckland")
LOS_ANGELES = ZoneInfo("America/Los_Angeles")
KATHMANDU = ZoneInfo("Asia/Kathmandu")
MONDAY_7 = Rhythm(0, 7)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize("day", ["2026-11-23", "2026-11-25", "2026-11-29"])
def test_on_any_day_of_week_48_the_key_is_week_47(day: str) -> None:
    assert last_finished_week(at(f"{day}T12:00+01:00"), BERLIN).key == "2026-W47"


@pytest.mark.parametrize(
    ("moment", "zone", "key"),
    [
        # Sunday evening in Berlin is Monday in Auckland and Kathmandu, and still Sunday in Los Angeles.
        ("2026-11-22T23:30+01:00", BERLIN, "2026-W46"),
        ("2026-11-22T23:30+01:00", AUCKLAND, "2026-W47"),
        ("2026-11-22T23:30+01:00", KATHMANDU, "2026-W47"),
        ("2026-11-22T23:30+01:00", LOS_ANGELES, "2026-W46"),
        ("2026-11-23T08:59+01:00", LOS_ANGELES, "2026-W46"),
        ("2026-11-23T09:00+01:00", LOS_ANGELES, "2026-W47"),
        ("2026-11-22T19:14+01:00", KATHMANDU, "2026-W46"),
        ("2026-11-22T19:15+01:00", KATHMANDU, "2026-W47"),
    ],
)
def test_a_week_ends_at_midnight_of_the_reader(moment: str, zone: ZoneInfo, key: str) -> None:
    assert last_finished_week(at(moment), zone).key == key


@pytest.mark.parametrize(
    ("moment", "finished", "running"),
    [
        ("2026-12-28T12:00+01:00", "2026-W52", "2026-W53"),
        ("2027-01-03T12:00+01:00", "2026-W52", "2026-W53"),
        ("2027-01-04T12:00+01:00", "2026-W53", "2027-W01"),
        ("2027-01-11T12:00+01:00", "2027-W01", "2027-W02"),
        ("2025-12-29T12:00+01:00", "2025-W52", "2026-W01"),
        ("2024-12-30T12:00+01:00", "2024-W52", "2025-W01"),
    ],
)
def test_the_turn_of_the_year_and_week_53(moment: str, finished: str, running: str) -> None:
    assert last_finished_week(at(moment), BERLIN).key == finished
    assert running_week(at(moment), BERLIN).key == running


@pytest.mark.parametrize(
    ("key", "zone", "due"),
    [
        ("2026-W47", BERLIN, "2026-11-23T06:00+00:00"),
        # The clock was changed on the day before: Monday 07:00 is Monday 07:00.
        ("2026-W12", BERLIN, "2026-03-23T06:00+00:00"),
        ("2026-W13", BERLIN, "2026-03-30T05:00+00:00"),
        ("2026-W42", BERLIN, "2026-10-19T05:00+00:00"),
        ("2026-W43", BERLIN, "2026-10-26T06:00+00:00"),
        ("2026-W47", AUCKLAND, "2026-11-22T18:00+00:00"),
        ("2026-W47", LOS_ANGELES, "2026-11-23T15:00+00:00"),
        ("2026-W47", KATHMANDU, "2026-11-23T01:15+00:00"),
        ("2026-W53", BERLIN, "2027-01-04T06:00+00:00"),
    ],
)
def test_the_digest_is_due_on_monday_at_seven_of_the_reader(key: str, zone: ZoneInfo, due: str) -> None:
    assert due_at(Week.parse(key), zone, MONDAY_7) == datetime.fromisoformat(due)


@pytest.mark.parametrize("hour", range(24))
def test_every_hour_exists_once_even_in_the_nights_of_the_clock_change(hour: int) -> None:
    """On 29 March 02:30 does not exist in Berlin, on 25 October it exists twice; each gives one moment."""
    spring = due_at(Week.parse("2026-W12"), BERLIN, Rhythm(6, hour))
    autumn = due_at(Week.parse("2026-W42"), BERLIN, Rhythm(6, hour))
    assert spring.astimezone(BERLIN).date().isoformat() == "2026-03-29"
    assert autumn.astimezone(BERLIN).date().isoformat() == "2026-10-25"


def test_another_weekday_lies_in_the_week_after() -> None:
    assert due_at(Week.parse("2026-W47"), BERLIN, Rhythm(3, 9)) == at("2026-11-26T09:00+01:00")


@pytest.mark.parametrize(
    "key", ["", "2026-47", "2026-W4", "2026-W047", "2026-W00", "2026-W54", "2027-W53", "26-W47", "2026-w47"]
)
def test_what_is_no_week_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Week.parse(key)


@pytest.mark.parametrize("key", ["2026-W47 ", "٢٠٢٦-W47", "2026-W47/../", "0000-W01"])
def test_no_other_digits_or_signs_pass_as_a_week(key: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Week.parse(key)


def test_a_year_without_week_53_has_none() -> None:
    assert Week.parse("2026-W53").monday.isoformat() == "2026-12-28"
    with pytest.raises(ValueError, match="Invalid week"):
        Week.parse("2025-W53")


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),
    st.sampled_from([BERLIN, AUCKLAND, LOS_ANGELES, KATHMANDU, ZoneInfo("Africa/Casablanca")]),
    st.builds(Rhythm, st.integers(0, 6), st.integers(0, 23)),
)
def test_at_every_moment_one_week_is_next_and_weeks_follow_without_gap(
    now: datetime, zone: ZoneInfo, rhythm: Rhythm
) -> None:
    week = last_finished_week(now, zone)
    following = last_finished_week(now + timedelta(days=7), zone)
    assert Week.parse(week.key) == week
    assert following > week
    assert due_at(following, zone, rhythm) > due_at(week, zone, rhythm)
    assert running_week(now, zone) > week
