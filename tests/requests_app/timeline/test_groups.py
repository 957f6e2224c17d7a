"""Day by day, and what one person did in one go together."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from requests_app.timeline import Entry, Group, by_day


def entry(at: str, who: str = "Mira Brandt", side: str = "marketing", *, decision: bool = False) -> Entry:
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    return Entry(1, "request.edited", moment, who, "changed the title", side, is_decision=decision)


def grouped(*entries: Entry) -> list[tuple[date, list[tuple[str, int]]]]:
    with timezone.override(ZoneInfo("Europe/Berlin")):
        days = by_day(entries)
    return [(day.date, [(group.who, len(group.entries)) for group in day.groups]) for day in days]


def test_nothing_makes_no_day() -> None:
    assert grouped() == []


def test_several_edits_within_the_hour_are_one_group() -> None:
    edits = (entry("2026-11-24T10:40"), entry("2026-11-24T10:05"), entry("2026-11-24T09:30"))
    assert grouped(*edits) == [(date(2026, 11, 24), [("Mira Brandt", 3)])]


def test_after_more_than_an_hour_another_group_begins() -> None:
    edits = (entry("2026-11-24T11:31"), entry("2026-11-24T10:30"), entry("2026-11-24T09:30"))
    assert grouped(*edits) == [(date(2026, 11, 24), [("Mira Brandt", 1), ("Mira Brandt", 2)])]


def test_each_person_has_a_group_of_their_own_in_the_order_of_what_happened() -> None:
    entries = (
        entry("2026-11-24T10:03"),
        entry("2026-11-24T10:02", "Tom Reiter", "it"),
        entry("2026-11-24T10:01"),
    )
    assert grouped(*entries) == [
        (date(2026, 11, 24), [("Mira Brandt", 1), ("Tom Reiter", 1), ("Mira Brandt", 1)])
    ]


def test_who_acts_for_somebody_is_not_mixed_with_who_acts_for_themselves() -> None:
    entries = (entry("2026-11-24T10:03", "Mira Brandt for Ida Holt"), entry("2026-11-24T10:02"))
    assert [count for _who, count in grouped(*entries)[0][1]] == [1, 1]


def test_midnight_is_the_reader_s() -> None:
    # 23:30 and 00:10 in Berlin.
    entries = (entry("2026-11-24T23:10"), entry("2026-11-24T22:30"))
    assert [day for day, _groups in grouped(*entries)] == [date(2026, 11, 25), date(2026, 11, 24)]


def test_a_group_with_a_decision_is_one() -> None:
    group = Group("Tom Reiter", "it", [entry("2026-11-24T10:03")])
    assert not group.is_decision
    group.entries.append(entry("2026-11-24T10:03", decision=True))
    assert group.is_decision
