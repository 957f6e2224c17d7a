"""For how long each side has held the ball: the periods that the database keeps, and their sums."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from activity import clock
from requests_app.choices import Status
from requests_app.models import Request, TurnPeriod
from requests_app.scoring.reading import with_scores
from requests_app.side_times import Period, side_times, times_of, with_turns
from requests_app.workflow.turn import refresh_turn
from tests.factories import make_person, make_request
from tests.requests_app.scenes import Scene, make_scene

MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ZONE = ZoneInfo("Europe/Berlin")


def later(hours: float) -> Any:
    return clock.moved_to(MONDAY + hours * HOUR)


def periods(request: Request) -> list[tuple[str, float, float | None]]:
    """Side, beginning and end of each, in hours after Monday."""
    rows = TurnPeriod.objects.filter(request=request).order_by("since")
    return [
        (row.side, (row.since - MONDAY) / HOUR, (row.until - MONDAY) / HOUR if row.until else None)
        for row in rows
    ]


@pytest.fixture
def scene() -> Scene:
    with later(0):
        return make_scene(Status.IN_PROGRESS)


@pytest.mark.django_db
def test_a_request_begins_with_the_side_whose_turn_it_is(scene: Scene) -> None:
    assert periods(scene.request) == [("it", 0, None)]


@pytest.mark.django_db
def test_a_draft_is_nobodys() -> None:
    assert periods(make_request(Status.DRAFT)) == []


@pytest.mark.django_db
def test_the_turn_goes_to_and_fro_without_gap_or_overlap(scene: Scene) -> None:
    with later(2):
        scene.do("block", "it_owner", reason="A text is missing", waiting_for="marketing")
    with later(5):
        scene.do("unblock", "it_owner")
    with later(6):
        scene.do("block", "it_owner", reason="The supplier", waiting_for="outside")
    with later(9):
        scene.do("unblock", "it_owner")
    with later(10):
        scene.do("withdraw", "requester", reason="Over")
    assert periods(scene.request) == [("it", 0, 2), ("marketing", 2, 5), ("it", 5, 6), ("it", 9, 10)]


@pytest.mark.django_db
def test_a_step_that_leaves_the_turn_leaves_the_period(scene: Scene) -> None:
    with later(2):
        scene.do("assign", "it_member", it_owner=make_person(scene.it_team))
    assert periods(scene.request) == [("it", 0, None)]


@pytest.mark.django_db
def test_a_step_that_is_taken_back_never_was(scene: Scene) -> None:
    with later(2):
        scene.do("block", "it_owner", reason="By mistake", waiting_for="marketing")
    with later(2.01):
        scene.do("undo", "it_owner")
    assert periods(scene.request) == [("it", 0, None)]


@pytest.mark.django_db
def test_whatever_way_a_request_is_saved_its_periods_follow(scene: Scene) -> None:
    Request.objects.filter(pk=scene.request.pk).update(turn="marketing", turn_since=MONDAY + HOUR)
    Request.objects.filter(pk=scene.request.pk).update(title="Nothing to do with it")
    assert periods(scene.request) == [("it", 0, 1), ("marketing", 1, None)]
    copies = [make_request() for _ in range(2)]
    assert TurnPeriod.objects.filter(request__in=copies).count() == 2


@pytest.mark.django_db
def test_a_change_that_is_rolled_back_takes_its_period_along(scene: Scene) -> None:
    def fail() -> None:
        with transaction.atomic():
            Request.objects.filter(pk=scene.request.pk).update(turn="marketing", turn_since=MONDAY + HOUR)
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        fail()
    assert periods(scene.request) == [("it", 0, None)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields", [{"side": "nobody"}, {"until": MONDAY}, {"since": MONDAY}, {"until": None}]
)
def test_the_database_keeps_the_rules_too(scene: Scene, fields: dict[str, Any]) -> None:
    values = {"side": "it", "since": MONDAY + DAY, "until": MONDAY + 2 * DAY, **fields}
    with pytest.raises(IntegrityError), transaction.atomic():
        TurnPeriod.objects.create(request=scene.request, **values)


def read_plain(number: int) -> Request:
    return Request.objects.get(pk=number)


def read_for_page(number: int) -> Request:
    return with_turns(with_scores(Request.objects.with_people(), make_person())).get(pk=number)


@pytest.mark.django_db
@pytest.mark.parametrize("read", [read_plain, read_for_page])
def test_times_add_up_by_the_clock_and_in_working_hours(scene: Scene, read: Callable[[int], Request]) -> None:
    with later(24):
        scene.do("block", "it_owner", reason="A text", waiting_for="marketing")
    with later(30):
        marketing, it = times_of(read(scene.request.pk))
    assert (it.side, it.whole, it.working, it.working_days) == ("it", DAY, 8 * HOUR, 1)
    # From Tuesday, 9 o'clock in Berlin, for six hours.
    assert (marketing.side, marketing.whole, marketing.working_hours) == ("marketing", 6 * HOUR, 6)


@pytest.mark.django_db
def test_the_page_reads_them_with_the_request(
    scene: Scene, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    found = read_for_page(scene.request.pk)
    with django_assert_num_queries(0):
        times_of(found)


@given(st.lists(st.tuples(st.sampled_from(["marketing", "it"]), st.integers(1, 300)), max_size=12))
def test_the_sides_together_are_the_whole_time(walk: list[tuple[str, int]]) -> None:
    at, found = MONDAY, []
    for side, hours in walk:
        found.append(Period(side, at, at + hours * HOUR))
        at += hours * HOUR
    marketing, it = side_times(found, at, ZONE)
    assert marketing.whole + it.whole == at - MONDAY
    open_end = [*found[:-1], Period(found[-1].side, found[-1].since, None)] if found else []
    assert side_times(open_end, at, ZONE) == [marketing, it]


def test_a_period_that_has_not_begun_yet_by_this_clock_counts_nothing() -> None:
    _marketing, it = side_times([Period("it", MONDAY, None)], MONDAY - DAY, ZONE)
    assert (it.whole, it.working) == (timedelta(0), timedelta(0))


@pytest.mark.django_db
def test_a_turn_that_stays_is_not_written_again(scene: Scene) -> None:
    request = Request.objects.get(pk=scene.request.pk)
    refresh_turn(request, MONDAY + DAY)
    request.save()
    assert periods(request) == [("it", 0, None)]
