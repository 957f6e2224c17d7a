"""From events to stays."""

from math import inf, isnan

import numpy as np

from requests_app.choices import Status
from requests_app.forecast.record import CODES, DONE, Record, known_at
from requests_app.forecast.replay import Step, replay


def told(*steps: tuple[str, float], begins: bool = False) -> Record:
    return replay(Step(1, 7, f"request.{to}", to, at, begins and n == 0) for n, (to, at) in enumerate(steps))


def stays(record: Record) -> list[tuple[str, float, float]]:
    names = {code: name for name, code in CODES.items()}
    rows = zip(record.status, record.enter, record.leave, strict=True)
    return [(names[int(status)], float(enter), float(leave)) for status, enter, leave in rows]


def test_each_status_is_a_stay_until_the_next() -> None:
    found = told(("submitted", 1), ("ready", 3), ("in_progress", 4), ("done", 9))
    assert stays(found) == [
        ("submitted", 1, 3), ("ready", 3, 4), ("in_progress", 4, 9), ("done", 9, inf),
    ]  # fmt: skip
    assert found.team.tolist() == [7] * 4


def test_work_counts_from_its_start_through_review_and_reopening() -> None:
    found = told(
        ("ready", 1),
        ("in_progress", 2),
        ("in_review", 3),
        ("in_progress", 4),
        ("done", 5),
        ("in_progress", 6),
    )
    assert isnan(found.begin[0])
    assert found.begin[1:].tolist() == [2] * 5


def test_who_goes_back_before_the_start_begins_anew() -> None:
    found = told(("in_progress", 1), ("parked", 2), ("submitted", 3), ("in_progress", 8))
    assert found.begin[:2].tolist() == [1, 1]
    assert isnan(found.begin[2])
    assert found.begin[3] == 8


def test_what_was_never_begun_has_no_duration_even_where_it_was_done() -> None:
    assert np.isnan(told(("submitted", 1), ("done", 2)).begin).all()


def test_in_a_log_of_incidents_work_counts_from_the_opening() -> None:
    found = told(("submitted", 1), ("in_progress", 4), ("done", 9), begins=True)
    assert found.begin.tolist() == [1, 1, 1]


def test_a_step_taken_back_never_was() -> None:
    steps = [
        Step(1, 7, "request.accepted", Status.READY, 1),
        Step(1, 7, "request.started", Status.IN_PROGRESS, 5),
        Step(1, 7, "request.undone", Status.READY, 5.5),
    ]
    assert stays(replay(steps)) == [("ready", 1, inf)]


def test_what_is_dated_earlier_takes_the_later_back() -> None:
    found = told(("submitted", 1), ("in_progress", 10), ("done", 9))
    assert stays(found) == [("submitted", 1, 9), ("done", 9, inf)]


def test_a_step_that_changes_no_status_ends_no_stay() -> None:
    assert stays(told(("ready", 1), ("ready", 2))) == [("ready", 1, inf)]


def test_nothing_is_a_record_too() -> None:
    assert len(replay([])) == 0
    known = known_at(replay([]), 5.0)
    assert (len(known.lives.request), len(known.stays.team)) == (0, 0)


def test_at_a_moment_only_what_had_happened_is_known() -> None:
    found = told(("in_progress", 1), ("done", 5), ("in_progress", 7), ("done", 9))
    for moment, until, ended in ((4, 4, False), (6, 5, True), (8, 8, False), (10, 9, True)):
        lives = known_at(found, moment).lives
        assert (lives.until.tolist(), lives.ended.tolist()) == ([until], [ended])
        assert lives.begin.tolist() == [1]
    assert len(known_at(found, 0.5).lives.request) == 0


def test_what_was_put_aside_is_seen_until_then_and_not_ended() -> None:
    known = known_at(told(("in_progress", 1), ("parked", 4)), 9)
    assert (known.lives.until.tolist(), known.lives.ended.tolist()) == ([4], [False])
    assert known.stays.until.tolist() == [4]


def test_an_attempt_that_was_given_up_tells_nothing_of_the_present_one() -> None:
    known = known_at(told(("in_progress", 1), ("parked", 2), ("submitted", 3), ("in_progress", 8)), 9)
    assert known.stays.enter.tolist() == [8]


def test_a_record_survives_being_kept() -> None:
    found = told(("ready", 1), ("in_progress", 2), ("done", 3))
    again = Record.from_bytes(found.to_bytes())
    assert stays(again) == stays(found)
    assert again.status[-1] == DONE
    assert np.array_equal(again.begin, found.begin, equal_nan=True)
