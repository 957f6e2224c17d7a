"""Warning of what too few people master: once each time it comes to this, whatever the cause."""

from datetime import timedelta
from typing import Any

import pytest

from activity import clock
from activity.models import Event
from knowhow.models import Expert, Solution
from knowhow.solutions.models import Stage
from knowhow.solutions.warning import NAMED_WITHIN, say_what_is_due, warn
from teams.models import Person
from tests.factories import make_person, make_solution
from tests.requests_app.test_races import at_once

LONG_AGO = NAMED_WITHIN + timedelta(days=1)


def thin(masters: int = 1, **fields: Any) -> Solution:
    """A solution that so many people master."""
    solution = make_solution(**fields)
    Solution.objects.filter(pk=solution.pk).update(created_at=clock.now() - LONG_AGO)
    for _ in range(masters):
        Expert.objects.create(solution=solution, person=make_person(), level=3)
    Expert.objects.create(solution=solution, person=make_person(), level=2)
    return solution


def said() -> list[int]:
    return list(Event.objects.filter(kind="solution.left_to_few").values_list("object_id", flat=True))


def say() -> int:
    return say_what_is_due(clock.now())


@pytest.mark.django_db
def test_it_is_said_once_of_what_too_few_master_and_not_of_the_rest() -> None:
    found = [thin(0), thin(1)]
    thin(2)
    thin(0, status=Stage.LEAVING)
    make_solution()
    assert [say(), say()] == [2, 0]
    assert sorted(said()) == [one.pk for one in found]


@pytest.mark.django_db
def test_who_leaves_the_company_counts_no_more_and_who_learns_it_does() -> None:
    solution = thin(2)
    assert say() == 0
    leaver = Expert.objects.filter(solution=solution, level=3)[0].person
    Person.objects.filter(pk=leaver.pk).update(is_active=False)
    assert [say(), say()] == [1, 0]
    Expert.objects.filter(solution=solution, level=2).update(level=4)
    assert say() == 0
    Expert.objects.filter(solution=solution, level=4).delete()
    assert say() == 1
    assert said() == [solution.pk] * 2


@pytest.mark.django_db
def test_what_is_no_solution_or_well_mastered_is_not_warned_of() -> None:
    for pk in (thin(2).pk, 0):
        assert warn(pk, clock.now(), by=None) is None
    assert said() == []


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_warns() -> None:
    thin()
    now = clock.now()
    at_once(*[lambda: say_what_is_due(now)] * 4)
    assert len(said()) == 1
