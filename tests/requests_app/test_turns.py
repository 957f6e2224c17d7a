"""Whose turn it is: the question to the database and the answer for a row that was read are one rule."""

import re
from collections import defaultdict
from datetime import timedelta
from itertools import product

import pytest

from activity import clock
from requests_app.choices import OPEN, Status
from requests_app.models import Request
from requests_app.turns import WAITING, Away, Waiting, away_among, holders, turn_of
from teams.models import Absence, Membership, Person, Role, Side, Team
from tests.factories import make_person, make_request, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> list[Person]:
    """Leads and members of teams of every side, and requests with every combination of filled seats."""
    it, marketing, other = (make_team(side) for side in (Side.IT, Side.MARKETING, Side.OTHER))
    people = [make_person(lead_of=team) for team in (it, marketing, other, make_team())]
    members = {team: make_person(team) for team in (it, marketing, other)}
    for status, asking, serving, seated in product(OPEN, (marketing, other), (it, None), (True, False)):
        fields = {"requester": members[asking], "requesting_team": asking}
        row = make_request(status, **fields, serving_team=serving or it)
        seats = {"marketing_owner": members[marketing], "it_owner": members[it]} if seated else {}
        empty = {"marketing_owner": None, "it_owner": None, **seats}
        Request.objects.filter(pk=row.pk).update(**empty)
        if serving is None and status == Status.SUBMITTED:
            Request.objects.filter(pk=row.pk).update(serving_team=None)
    return [*people, *members.values()]


def led_by(*people: Person) -> list[tuple[int, str]]:
    led = Membership.objects.filter(person__in=people, role=Role.LEAD)
    return list(led.values_list("team", "team__side"))


def answers(people: list[Person]) -> dict[int, set[int]]:
    """The requests that wait for each person by ``holders``."""
    leads: dict[int, set[int]] = defaultdict(set)
    for team, person in Membership.objects.filter(role=Role.LEAD).values_list("team", "person"):
        leads[team].add(person)
    of_it = {lead for team in Team.objects.filter(side=Side.IT) for lead in leads[team.pk]}
    found: dict[int, set[int]] = {person.pk: set() for person in people}
    away = away_among(Person.objects.values_list("pk", flat=True))
    for number, *fields in Request.objects.open().values_list("number", *WAITING):
        for person in holders(Waiting(*fields), leads, of_it, away) & found.keys():
            found[person].add(number)
    return found


def test_question_and_answer_agree_for_each_person(people: list[Person]) -> None:
    found = answers(people)
    asked = {
        person.pk: set(
            Request.objects.filter(turn_of([person.pk], led_by(person))).values_list("number", flat=True)
        )
        for person in people
    }
    assert found == asked
    assert all(asked[person.pk] for person in people[:3])


@pytest.mark.parametrize("has_deputy", [True, False])
@pytest.mark.parametrize("restricted", [True, False])
def test_they_agree_also_while_the_holders_are_away(
    people: list[Person], has_deputy: bool, restricted: bool
) -> None:
    it_lead, marketing_lead, other_lead, _elsewhere, *members = people
    deputy, now = make_person(make_team()), clock.now()
    for member in members:
        Absence.objects.create(
            person=member,
            deputy=deputy if has_deputy else None,
            first_day=now.date(),
            last_day=now.date(),
            starts_at=now - timedelta(hours=1),
            ends_at=now + timedelta(days=1),
            created_at=now,
        )
    seated = Request.objects.filter(marketing_owner__isnull=False, it_owner__isnull=False)
    seated.filter(serving_team__isnull=False).update(restricted=restricted)
    found = answers([*people, deputy])
    for person in (*people, deputy):
        question = turn_of([person.pk], led_by(person))
        assert found[person.pk] == set(Request.objects.filter(question).values_list("number", flat=True))
    # Asked by a team that is not Marketing's: Marketing's seat is that of its holder's own leads.
    seated = seated.filter(serving_team__isnull=False, requesting_team__side=Side.OTHER)
    asked = seated.filter(turn="marketing").values_list("number", flat=True)
    lead_stands_in = restricted or not has_deputy
    assert asked
    assert (set(asked) <= found[marketing_lead.pk]) == lead_stands_in
    assert not set(asked) & (found[other_lead.pk] | found[it_lead.pk])
    assert bool(found[deputy.pk]) == has_deputy


def test_asked_for_many_the_database_answers_what_waits_for_any_of_them(people: list[Person]) -> None:
    some = [people[0], people[-1]]
    question = turn_of([person.pk for person in some], led_by(*some))
    found = answers(people)
    asked = set(Request.objects.filter(question).values_list("number", flat=True))
    assert asked == found[some[0].pk] | found[some[1].pk]


def test_nobody_holds_the_turn_where_it_is_nobodys() -> None:
    row = Waiting("nobody", 1, 2, 3, 4, Side.OTHER, 5, restricted=False)
    assert holders(row, {4: {6}, 5: {7}}, {8}, {1: Away(9), 2: Away(None)}) == set()


def test_what_is_nobodys_of_these_turn_is_all_the_rest(people: list[Person]) -> None:
    for person in people:
        condition = turn_of([person.pk], led_by(person))
        whole, its = Request.objects.count(), Request.objects.filter(condition).count()
        assert Request.objects.exclude(condition).count() == whole - its


def test_it_is_the_turn_of_nobody_where_nobody_is_asked_about(people: list[Person]) -> None:
    assert people
    assert not Request.objects.filter(turn_of([], [])).exists()


def test_who_is_away_is_read_once_so_that_indexes_find_their_requests(people: list[Person]) -> None:
    it_lead, marketing_lead, *_others = people
    # Whom they stand in for in either seat; as lead who has no deputy, and who is away from what is hidden.
    for lead, lists in ((it_lead, 2 + 2), (marketing_lead, 2 + 2 + 2)):
        plan = Request.objects.filter(turn_of([lead.pk], led_by(lead))).explain()
        seats = re.findall(r"(?:marketing|it)_owner_id = ANY \(\(InitPlan \d+\)", plan)
        assert len(seats) == lists
        # A list that is looked up row by row would keep the database from using an index for any seat.
        assert not re.search(r"owner_id = \(hashed SubPlan", plan)
