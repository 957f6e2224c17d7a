"""For each domain function of the catalogue a prepared situation and the call that changes it."""

from collections.abc import Callable

from activity import clock
from knowhow.models import Solution
from knowhow.solutions.catalogue import create_solution, edit_solution, set_affected
from knowhow.solutions.experts import remove_expert, set_expert
from knowhow.solutions.fields import SolutionFields
from knowhow.solutions.warning import NAMED_WITHIN, warn
from teams.models import Person
from tests.factories import make_person, make_solution, make_team

Change = Callable[[], object]
EXPLAINED = SolutionFields(
    title="Mail robot", purpose="It sends mails.", limits="It writes none.", what_to_do="Ask CRM."
)


def kept() -> tuple[Solution, Person]:
    """A solution and somebody who keeps it."""
    team = make_team()
    return make_solution(team), make_person(team)


def describing() -> Change:
    team = make_team()
    person = make_person(team)
    return lambda: create_solution(team, EXPLAINED, by=person)


def changing() -> Change:
    solution, person = kept()
    return lambda: edit_solution(solution, {"title": "Another name"}, by=person)


def affecting() -> Change:
    solution, person = kept()
    team = make_team()
    return lambda: set_affected(solution, team, is_affected=True, by=person)


def naming() -> Change:
    solution, person = kept()
    return lambda: set_expert(solution, person, 3, by=person)


def taking_off() -> Change:
    solution, person = kept()
    set_expert(solution, person, 3, by=person)
    return lambda: remove_expert(solution, person, by=person)


def leaving_to_few() -> Change:
    solution = make_solution()
    Solution.objects.update(created_at=clock.now() - 2 * NAMED_WITHIN)
    return lambda: warn(solution.pk, clock.now(), by=None)


SOLUTIONS: dict[str, Callable[[], Change]] = {
    "knowhow.solutions.catalogue.create_solution": describing,
    "knowhow.solutions.catalogue.edit_solution": changing,
    "knowhow.solutions.catalogue.set_affected": affecting,
    "knowhow.solutions.experts.remove_expert": taking_off,
    "knowhow.solutions.experts.set_expert": naming,
    "knowhow.solutions.warning.warn": leaving_to_few,
}
