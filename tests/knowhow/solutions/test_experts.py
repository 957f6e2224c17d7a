"""Who masters a solution, whether they are enough, and who could soonest become one."""

import pytest
from django.http import Http404
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activity.models import Event
from knowhow.models import Expert, Level, Solution
from knowhow.solutions.experts import bus_factor, candidates, remove_expert, set_expert
from teams.models import Person, Team
from teams.rules import InvalidFields, RuleViolation
from tests.factories import make_admin, make_person, make_solution, make_team, make_touchpoint


@pytest.fixture
def team(db: None) -> Team:
    return make_team()


@pytest.fixture
def member(team: Team) -> Person:
    return make_person(team, name="Zoe")


@pytest.fixture
def solution(team: Team) -> Solution:
    return make_solution(team)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(Level.values)))
def test_only_who_keeps_it_running_alone_counts(levels: list[int]) -> None:
    assert bus_factor(levels) == len([level for level in levels if level in (3, 4)])
    assert bus_factor([*levels, Level.HELPING]) == bus_factor(levels) < bus_factor([*levels, Level.ALONE])


def test_the_owner_team_says_how_well_somebody_masters_it(solution: Solution, member: Person) -> None:
    other = make_person()
    set_expert(solution, other, 2, by=member)
    assert set_expert(solution, other, 4, by=member).level == 4
    assert Expert.objects.get().person == other
    event = Event.objects.latest("id")
    assert (event.kind, event.object_id) == ("solution.expert_set", solution.pk)
    assert event.data == {"person": other.pk, "level": {"from": 2, "to": 4}, "version": 3}


def test_saying_it_again_is_refused(solution: Solution, member: Person) -> None:
    set_expert(solution, member, 0, by=member)
    with pytest.raises(RuleViolation, match="already_done"):
        set_expert(solution, member, 0, by=member)


@pytest.mark.parametrize("level", [-1, 5, 99999])
def test_there_are_five_levels(solution: Solution, member: Person, level: int) -> None:
    with pytest.raises(InvalidFields) as error:
        set_expert(solution, member, level, by=member)
    assert error.value.missing[0].field == "level"


def test_who_has_left_is_no_expert(solution: Solution, member: Person) -> None:
    gone = make_person(is_active=False)
    with pytest.raises(InvalidFields) as error:
        set_expert(solution, gone, 3, by=member)
    assert error.value.missing[0].field == "person"
    assert not Expert.objects.exists()


def test_only_the_owner_team_and_admins_name_experts(solution: Solution) -> None:
    stranger = make_person(make_team())
    with pytest.raises(RuleViolation, match="not_yours"):
        set_expert(solution, stranger, 3, by=stranger)
    set_expert(solution, stranger, 3, by=make_admin())


def test_everybody_may_take_themselves_off_but_nobody_else(solution: Solution, member: Person) -> None:
    expert, stranger = make_person(), make_person()
    set_expert(solution, expert, 3, by=member)
    with pytest.raises(RuleViolation, match="not_yours"):
        remove_expert(solution, expert, by=stranger)
    remove_expert(solution, expert, by=expert)
    assert not Expert.objects.exists()
    assert Event.objects.latest("id").data["level"] == {"from": 3, "to": None}
    with pytest.raises(RuleViolation, match="already_done"):
        remove_expert(solution, expert, by=member)


def test_a_solution_that_is_gone_has_no_experts_to_take_off(solution: Solution, member: Person) -> None:
    Solution.objects.all().delete()
    with pytest.raises(Http404):
        remove_expert(solution, member, by=member)


def master(solution: Solution, person: Person, level: int = 3) -> Person:
    Expert.objects.create(solution=solution, person=person, level=level)
    return person


def test_candidates_know_it_already_then_its_neighbours_then_its_team(
    solution: Solution, member: Person, team: Team
) -> None:
    touched = make_touchpoint()
    solution.touchpoints.add(touched)
    same_team, same_place, elsewhere = make_solution(team), make_solution(), make_solution()
    same_place.touchpoints.add(touched)
    master(elsewhere, make_person(name="Far away"))
    near = master(same_place, make_person(name="Near"))
    both = master(same_team, master(same_place, make_person(name="Both")))
    helping = master(solution, make_person(name="Helping"), 2)
    learning = master(solution, make_person(name="Learning"), 0)
    master(solution, make_person(name="Expert"), 4)
    found = candidates(solution, most=9)
    assert [one.person for one in found] == [helping, learning, both, near, member]
    assert [one.words for one in found][:2] == [str(Level.HELPING.label), str(Level.LEARNING.label)]
    assert [one.neighbours for one in found] == [0, 0, 2, 1, 0]
    assert [one.person for one in candidates(solution)] == [helping, learning]


def test_who_has_left_is_no_candidate(solution: Solution, member: Person, team: Team) -> None:
    master(solution, make_person(is_active=False), 2)
    assert [one.person for one in candidates(solution)] == [member]


def test_nobody_near_means_no_candidates(solution: Solution) -> None:
    assert candidates(solution) == []


def test_candidates_take_the_same_queries_however_many_there_are(
    solution: Solution, team: Team, django_assert_num_queries: object
) -> None:
    for _n in range(4):
        master(make_solution(team), make_person(team))
    with django_assert_num_queries(3):  # type: ignore[operator]
        assert len(candidates(solution)) == 2
