"""Quiet hours and days off: pure arithmetic, over midnight, weeks and changes of clocks."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifications.choosing.hours import WEEK, Quiet, free_from

BERLIN, APIA, NEW_YORK = (ZoneInfo(name) for name in ("Europe/Berlin", "Pacific/Apia", "America/New_York"))
NIGHT = Quiet(time(20), time(7))
# A Wednesday.
NOON = datetime(2026, 11, 25, 12, tzinfo=BERLIN)


def at(text: str, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("quiet", "moment", "free"),
    [
        (Quiet(), "2026-11-25 03:00", "2026-11-25 03:00"),
        (NIGHT, "2026-11-25 12:00", "2026-11-25 12:00"),
        (NIGHT, "2026-11-25 20:00", "2026-11-26 07:00"),
        (NIGHT, "2026-11-26 06:59", "2026-11-26 07:00"),
        (NIGHT, "2026-11-26 07:00", "2026-11-26 07:00"),
        (Quiet(time(12), time(13)), "2026-11-25 12:30", "2026-11-25 13:00"),
        (Quiet(days_off={5, 6}), "2026-11-28 09:00", "2026-11-30 00:00"),
        (Quiet(time(20), time(7), {5, 6}), "2026-11-27 21:00", "2026-11-30 07:00"),
        (Quiet(time(9), time(8), WEEK - {2}), "2026-11-26 10:00", "2026-12-02 08:00"),
    ],
)
def test_mail_waits_for_the_first_free_moment(quiet: Quiet, moment: str, free: str) -> None:
    assert free_from(at(moment), quiet, BERLIN) == at(free)


@pytest.mark.parametrize(
    ("zone", "moment", "free"),
    [
        # Clocks go forward at two: half past two does not exist on that day.
        (BERLIN, "2026-03-29 01:30", "2026-03-29 03:30"),
        # Clocks go back at three: half past two comes twice.
        (BERLIN, "2026-10-25 01:30", "2026-10-25 02:30"),
        (NEW_YORK, "2026-03-08 01:30", "2026-03-08 03:30"),
        (APIA, "2026-11-25 23:30", "2026-11-26 02:30"),
    ],
)
def test_where_clocks_change_time_goes_on(zone: ZoneInfo, moment: str, free: str) -> None:
    quiet = Quiet(time(23), time(2, 30))
    assert free_from(at(moment, zone), quiet, zone).astimezone(zone).replace(tzinfo=None) == (
        datetime.fromisoformat(free)
    )


@pytest.mark.parametrize(
    "quiet",
    [Quiet(days_off=WEEK), Quiet(time(8), time(7, 30)), Quiet(time(8), time(8)), Quiet(time(0), time(23, 1))],
)
def test_quiet_times_that_never_end_are_no_quiet_times(quiet: Quiet) -> None:
    assert not quiet.leaves_time
    with pytest.raises(ValueError, match="never end"):
        free_from(NOON, quiet, BERLIN)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.integers(0, 22 * 60),
    st.integers(1, 23 * 60),
    st.sets(st.integers(0, 6), max_size=6),
    st.integers(0, 366 * 24 * 60),
    st.sampled_from([BERLIN, APIA, NEW_YORK]),
)
def test_there_is_always_a_free_moment_within_eight_days_and_it_is_free(
    starts: int, lasts: int, days_off: set[int], minutes: int, zone: ZoneInfo
) -> None:
    begin = datetime(2026, 1, 1) + timedelta(minutes=starts)
    quiet = Quiet(begin.time(), (begin + timedelta(minutes=lasts)).time(), days_off)
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    free = free_from(moment, quiet, zone)
    assert moment <= free <= moment + timedelta(days=8)
    assert free_from(free, quiet, zone) == free
