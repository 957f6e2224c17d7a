"""Moments and days in words, in both languages."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone, translation

from activity.times import ago_words, day_words, short_age, since_words

# In winter the portal's zone, Berlin, is one hour ahead.
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("past", "ago", "since", "short"),
    [
        (timedelta(seconds=59), "just now", "just now", "0 min"),
        (timedelta(seconds=-5), "just now", "just now", "0 min"),
        (timedelta(minutes=1), "1 minute ago", "for 1 minute", "1 min"),
        (timedelta(minutes=59, seconds=59), "59 minutes ago", "for 59 minutes", "59 min"),
        (timedelta(hours=1), "1 hour ago", "for 1 hour", "1 h"),
        (timedelta(hours=23, minutes=59), "23 hours ago", "for 23 hours", "23 h"),
        (timedelta(days=1), "1 day ago", "for 1 day", "1 d"),
        (timedelta(days=60, hours=23), "60 days ago", "for 60 days", "60 d"),
        (timedelta(days=61), "on 24 Sep 2026", "since 24 Sep 2026", "61 d"),
    ],
)
def test_distances_in_words(past: timedelta, ago: str, since: str, short: str) -> None:
    moment = NOW - past
    assert ago_words(moment, NOW) == ago
    assert since_words(moment, NOW) == since
    assert short_age(moment, NOW) == short


def test_a_day_of_this_year_goes_without_the_year() -> None:
    assert day_words(NOW.date(), NOW) == "24 Nov"
    assert day_words(date(2027, 2, 1), NOW) == "1 Feb 2027"


def test_which_year_it_is_follows_the_readers_zone() -> None:
    turn_of_the_year = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    with timezone.override("Europe/Berlin"):
        assert day_words(date(2027, 1, 1), turn_of_the_year) == "1 Jan"
    with timezone.override("UTC"):
        assert day_words(date(2027, 1, 1), turn_of_the_year) == "1 Jan 2027"


def test_a_day_that_was_told_in_one_language_is_told_anew_in_the_other() -> None:
    day = date(2026, 5, 3)
    assert day_words(day, NOW) == "3 May"
    with translation.override("de"):
        assert day_words(day, NOW) == "3. Mai"
    assert day_words(day, NOW) == "3 May"
