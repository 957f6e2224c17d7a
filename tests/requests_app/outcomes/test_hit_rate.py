"""The hit rate by quartile of the blind difference, with its sample size."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from activity import clock
from requests_app.choices import OutcomeVerdict, Status
from requests_app.models import Outcome, Request
from requests_app.outcomes.hit_rate import QUARTERS, Counted, Quartile, hit_rates, quartiles
from teams.models import Person
from tests.factories import holder, make_person, make_request

counted = st.builds(Counted, st.integers(0, 100), st.sampled_from(OutcomeVerdict.values), st.integers(1, 20))


def one_each(*differences: int, verdict: str = "reached") -> list[Counted]:
    return [Counted(difference, verdict, 1) for difference in differences]


def ranges(found: list[Quartile]) -> list[tuple[int, int, int]]:
    return [(one.lowest, one.highest, one.n) for one in found]


def test_four_groups_of_the_same_size() -> None:
    assert ranges(quartiles(one_each(10, 20, 30, 40, 50, 60, 70, 80))) == [
        (10, 20, 2),
        (30, 40, 2),
        (50, 60, 2),
        (70, 80, 2),
    ]


def test_the_same_difference_stays_together() -> None:
    found = quartiles([*one_each(10, 20), Counted(50, "missed", 90), *one_each(80, 90)])
    assert ranges(found) == [(10, 20, 2), (50, 50, 90), (80, 90, 2)]


def test_few_outcomes_make_few_groups_and_none_make_none() -> None:
    assert quartiles([]) == []
    assert ranges(quartiles(one_each(60))) == [(60, 60, 1)]
    assert ranges(quartiles(one_each(20, 60))) == [(20, 20, 1), (60, 60, 1)]


def test_it_counts_what_reached_the_target_in_full() -> None:
    (found,) = quartiles([Counted(50, "reached", 1), Counted(50, "partly", 1), Counted(50, "missed", 1)])
    assert (found.reached, found.partly, found.missed, found.n, found.hit_rate) == (1, 1, 1, 3, 33)
    (half,) = quartiles([Counted(50, "reached", 1), Counted(50, "missed", 7)])
    assert half.hit_rate == 13


@given(st.lists(counted, max_size=40))
def test_nothing_is_lost_or_counted_twice(rows: list[Counted]) -> None:
    found = quartiles(rows)
    assert sum(one.n for one in found) == sum(row.n for row in rows)
    assert len(found) <= QUARTERS
    for verdict in OutcomeVerdict.values:
        assert sum(getattr(one, verdict) for one in found) == sum(
            row.n for row in rows if row.verdict == verdict
        )
    for lower, upper in pairwise(found):
        assert lower.lowest <= lower.highest < upper.lowest


def measured(difference: int | None, verdict: str = "reached", **fields: object) -> Request:
    request = make_request(Status.DONE, **fields)
    Outcome.objects.create(
        request=request,
        delivered_at=request.done_at or clock.now(),
        baseline=1,
        target=3,
        measured=3,
        verdict=verdict,
        blind_difference=difference,
        recorded_by=holder(request.marketing_owner),
        recorded_at=clock.now(),
    )
    return request


@pytest.fixture
def reader() -> Person:
    return make_person()


@pytest.mark.django_db
def test_it_reads_all_that_the_person_may_see_in_one_query(
    reader: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for difference in (10, 40, 60, 90):
        measured(difference)
    measured(None)
    hidden = measured(99, restricted=True)
    with django_assert_num_queries(1):
        found = hit_rates(reader)
    assert ranges(found) == [(10, 10, 1), (40, 40, 1), (60, 60, 1), (90, 90, 1)]
    assert sum(one.n for one in hit_rates(holder(hidden.requester))) == 5


@pytest.mark.django_db
def test_what_was_reopened_counts_only_once_it_is_measured_again(reader: Person) -> None:
    request = measured(50)
    Request.objects.filter(pk=request.pk).update(status=Status.IN_PROGRESS, done_at=None)
    assert hit_rates(reader) == []
