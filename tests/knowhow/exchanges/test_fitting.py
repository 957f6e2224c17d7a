"""Which exchange fits whom: wanted skills first, then what another side shows; never what is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activity import clock
from knowhow.exchanges.fitting import FITS_WITHIN, Coming, Fit, Learner, fitting
from knowhow.exchanges.reads import coming_with_room, learners
from teams.models import Side
from tests.factories import give_skill, make_person, make_skill, make_team
from tests.knowhow.exchanges.making import make_exchange, seat

IT, MARKETING = frozenset({"it"}), frozenset({"marketing"})
SQL, MAIL = 7, 8


def coming(
    exchange: int, sides: frozenset[str] = MARKETING, skill: int | None = None, host: int = 1
) -> Coming:
    return Coming(exchange, host, sides, skill)


def test_the_example_of_the_docs() -> None:
    """docs/exchanges.md tells the same."""
    tom = Learner(person=2, sides=IT, wants={MAIL}, known={4})
    rows = [
        coming(1, IT, SQL),
        coming(2, MARKETING),
        coming(3, MARKETING, MAIL),
        coming(4, MARKETING, MAIL),
        coming(5, IT, MAIL),
        coming(6, MARKETING, MAIL, host=2),
    ]
    assert fitting(tom, rows) == [Fit(3, MAIL), Fit(5, MAIL), Fit(2, None)]


def test_of_a_series_the_next_session_is_offered_and_none_to_who_knows_one() -> None:
    rows = [
        Coming(n, 1, MARKETING, None, series) for n, series in ((1, 5), (2, 5), (3, None), (4, None), (5, 6))
    ]
    assert [fit.exchange for fit in fitting(Learner(2, IT), rows)] == [1, 3, 4, 5]
    assert [fit.exchange for fit in fitting(Learner(2, IT, known={2}), rows)] == [3, 4, 5]


sides = st.frozensets(st.sampled_from(["it", "marketing"]))
rows = st.lists(
    st.builds(Coming, st.integers(1, 12), st.integers(1, 4), sides, st.none() | st.integers(1, 5)),
    max_size=8,
    unique_by=lambda one: one.exchange,
)
people = st.builds(
    Learner,
    st.integers(1, 4),
    sides,
    st.frozensets(st.integers(1, 5), max_size=3),
    st.frozensets(st.integers(1, 12), max_size=4),
)


@given(people, rows)
def test_nobody_is_offered_what_they_host_or_know_nor_anything_twice(
    learner: Learner, found_coming: list[Coming]
) -> None:
    by_id = {one.exchange: one for one in found_coming}
    found = [fit.exchange for fit in fitting(learner, found_coming)]
    assert len(set(found)) == len(found)
    for exchange in found:
        assert by_id[exchange].host != learner.person
        assert exchange not in learner.known


@given(people, rows)
def test_each_offer_has_its_reason_and_wanted_ones_come_first(
    learner: Learner, found_coming: list[Coming]
) -> None:
    by_id = {one.exchange: one for one in found_coming}
    found = fitting(learner, found_coming)
    reasons = [fit.skill is not None for fit in found]
    assert reasons == sorted(reasons, reverse=True)
    for fit in found:
        row = by_id[fit.exchange]
        assert fit.skill in learner.wants if fit.skill is not None else row.host_sides - learner.sides
    # Each part keeps the order in which they come.
    order = [one.exchange for one in found_coming]
    for part in (True, False):
        places = [order.index(fit.exchange) for fit in found if (fit.skill is not None) is part]
        assert places == sorted(places)


@given(people, rows)
def test_nothing_that_fits_is_left_out(learner: Learner, found_coming: list[Coming]) -> None:
    found = {fit.exchange for fit in fitting(learner, found_coming)}
    for one in found_coming:
        is_free = one.host != learner.person and one.exchange not in learner.known
        if is_free and (one.skill in learner.wants or one.host_sides - learner.sides):
            assert one.exchange in found


@pytest.mark.django_db
def test_only_what_begins_soon_with_a_free_seat_is_looked_at() -> None:
    make_skill(Side.IT, "abfragen", name="SQL")
    host = make_person(make_team(Side.IT))
    fits = make_exchange(host, topic="Abfragen")
    full = make_exchange(host, seats=1)
    seat(full)
    make_exchange(host, days=FITS_WITHIN.days + 1)
    make_exchange(host, days=-1)
    make_exchange(host, cancelled_at=clock.now())
    make_exchange(make_person(is_active=False))
    (row,) = coming_with_room(clock.now())
    assert (row.exchange, row.host, row.host_sides) == (fits.pk, host.pk, {"it"})
    assert row.skill is not None


@pytest.mark.django_db
def test_what_somebody_wants_and_knows_is_read_for_many_at_once() -> None:
    skill = make_skill()
    one, other = make_person(make_team(Side.IT)), make_person()
    give_skill(one, skill, wants=True)
    give_skill(other, skill, wants=False)
    exchange = make_exchange()
    seat(exchange, other)
    seat(make_exchange(days=-3), other)
    found = learners([one, other])
    assert found[one.pk] == Learner(one.pk, frozenset({"it"}), {skill.pk}, set())
    assert found[other.pk] == Learner(other.pk, frozenset(), set(), {exchange.pk})
