"""Coverage, by hand and for any two sets of people."""

from hypothesis import given
from hypothesis import strategies as st

from teams.understanding import coverage

PEOPLE = st.sets(st.integers(min_value=1, max_value=12), max_size=8)


def test_the_example_of_the_documentation() -> None:
    # Five of the touched teams, two of them owners' members and so not among those who should.
    found = coverage({3, 4, 5}, {4, 9})
    assert (set(found.understood), set(found.missing), set(found.beyond)) == ({4}, {3, 5}, {9})
    assert (found.of, found.percent) == (3, 33)


def test_where_nobody_should_there_is_no_figure() -> None:
    assert coverage(set(), {7}).percent is None


def test_it_is_whole_only_where_nobody_is_missing() -> None:
    everybody = set(range(1, 1001))
    assert coverage(everybody, everybody - {1}).percent == 99
    assert coverage(everybody, everybody).percent == 100


@given(PEOPLE, PEOPLE)
def test_everybody_who_should_is_counted_once(should: set[int], confirmed: set[int]) -> None:
    found = coverage(should, confirmed)
    assert found.understood | found.missing == should
    assert not found.understood & found.missing
    assert found.of == len(should)
    assert found.understood | found.beyond == confirmed


@given(PEOPLE, PEOPLE, st.integers(min_value=1, max_value=12))
def test_one_more_confirmation_never_lowers_it(should: set[int], confirmed: set[int], person: int) -> None:
    before, after = coverage(should, confirmed), coverage(should, confirmed | {person})
    assert (before.percent or 0) <= (after.percent or 0) <= 100
