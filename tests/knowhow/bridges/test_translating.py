"""Who could translate: both sides of the subject, three at most, in no order of merit."""

from hypothesis import given
from hypothesis import strategies as st

from knowhow.bridges.translating import NAMED, Knower, translators

CONSENT, SQL, EXCEL = 1, 2, 3
SUBJECT = {CONSENT: "marketing", SQL: "it", EXCEL: "other"}
IT, MARKETING = frozenset({"it"}), frozenset({"marketing"})


def knower(
    person: int, levels: dict[int, int], sides: frozenset[str] = frozenset(), name: str = ""
) -> Knower:
    return Knower(person, name or f"Person {person}", sides, levels)


def test_both_sides_have_to_be_known() -> None:
    both, one = knower(1, {CONSENT: 3, SQL: 2}), knower(2, {SQL: 4})
    assert [found.person for found in translators(SUBJECT, [both, one])] == [1]


def test_at_home_on_the_other_side_is_enough_beside_knowing_the_matter() -> None:
    at_home = knower(1, {SQL: 3}, MARKETING)
    found = translators(SUBJECT, [at_home, knower(2, {}, IT | MARKETING)])
    assert [(one.person, one.knows, one.homes) for one in found] == [(1, (SQL,), ("marketing",))]


def test_having_heard_of_it_is_not_knowing() -> None:
    assert translators(SUBJECT, [knower(1, {CONSENT: 1, SQL: 4})]) == []


def test_the_three_who_know_their_weaker_side_best_by_name() -> None:
    people = [
        knower(1, {CONSENT: 4, SQL: 2}, name="Zoe"),
        knower(2, {CONSENT: 3, SQL: 3}, name="Mia"),
        knower(3, {CONSENT: 4, SQL: 4}, name="Tom"),
        knower(4, {CONSENT: 3, SQL: 4}, name="Ada"),
    ]
    assert [one.name for one in translators(SUBJECT, people)] == ["Ada", "Mia", "Tom"]


@given(
    st.lists(
        st.builds(
            Knower,
            st.integers(1, 9),
            st.sampled_from(["Ada", "Ben", "Cleo"]),
            st.sampled_from([IT, MARKETING, IT | MARKETING, frozenset[str]()]),
            st.dictionaries(st.integers(1, 3), st.integers(0, 4)),
        ),
        max_size=8,
        unique_by=lambda one: one.person,
    )
)
def test_whoever_is_named_has_a_reason(people: list[Knower]) -> None:
    found = translators(SUBJECT, people)
    assert len(found) <= NAMED
    assert all(one.knows for one in found)
    assert [one.name for one in found] == sorted(one.name for one in found)
