"""What digests are selected from: nobody's list depends on who else is in the batch."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import product

import pytest

from notifications.digest import facts
from notifications.digest.facts import read_facts, readers
from notifications.digest.places import places
from notifications.digest.select import Reader
from requests_app.choices import Status
from requests_app.models import Request
from teams.models import Person, Side, Team
from teams.zones import company
from tests.factories import make_person, make_request, make_team
from tests.notifications.digests import MONDAY, happened_at, weeks

pytestmark = pytest.mark.django_db


def stand_still(team: Team, count: int, since: float) -> list[int]:
    """The numbers of so many requests that ``team`` serves, longest standing still first."""
    rows = [make_request(Status.IN_PROGRESS, serving_team=team) for _ in range(count)]
    for place, row in enumerate(rows):
        moment = MONDAY - weeks(since) + timedelta(hours=place)
        Request.objects.filter(pk=row.pk).update(progress_at=moment)
    return [row.number for row in rows]


def stalled_of(*teams: Team) -> list[int]:
    found = read_facts(MONDAY - weeks(1), MONDAY, company(), [team.pk for team in teams]).stalled
    return [row.number for row in found]


def test_each_teams_oldest_are_found_however_much_older_those_of_others_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(facts, "STALLED_COMPANY_WIDE", 1)
    monkeypatch.setattr(facts, "STALLED_OF_EACH_TEAM", 2)
    slow, quick = make_team(), make_team()
    old, young = stand_still(slow, 5, since=30), stand_still(quick, 3, since=9)
    assert stalled_of(quick) == [old[0], *young[:2]]
    assert stalled_of(slow, quick) == [*old[:2], *young[:2]]
    assert stalled_of() == [old[0]]


def as_readers(people: Iterable[Person]) -> dict[int, Reader]:
    asked = list(people)
    place = places(asked)
    teams = {team for row in place.values() for team in row.teams}
    told = read_facts(MONDAY - weeks(1), MONDAY, company(), teams)
    return readers(asked, place, told)


@pytest.fixture
def company_of_many() -> list[Person]:
    it, marketing, other = make_team(Side.IT), make_team(Side.MARKETING), make_team(Side.OTHER)
    for status, asking, restricted in product(
        (Status.SUBMITTED, Status.READY, Status.IN_REVIEW), (marketing, other), (True, False)
    ):
        row = make_request(status, serving_team=it, requesting_team=asking, restricted=restricted)
        happened_at(MONDAY - timedelta(days=1), "request.parked", row, None)
    assert make_request(serving_team=None).turn == "it"
    for team in (it, marketing, other):
        make_person(team)
        make_person(lead_of=team)
    make_person(lead_of=make_team(Side.IT))
    make_person(is_active=False, lead_of=it)
    return list(Person.objects.order_by("pk"))


def test_what_waits_for_each_of_many_is_what_their_own_list_says(company_of_many: list[Person]) -> None:
    found = as_readers(company_of_many)
    waiting = {pk: [row.number for row in reader.turns] for pk, reader in found.items()}
    assert waiting == {
        person.pk: list(
            Request.objects.my_turn(person).order_by("turn_since", "number").values_list("number", flat=True)
        )
        for person in company_of_many
    }
    assert sum(1 for numbers in waiting.values() if numbers) > 3


def test_in_a_crowd_a_reader_sees_what_they_see_alone(company_of_many: list[Person]) -> None:
    together = as_readers(company_of_many)
    numbers = list(Request.objects.values_list("number", flat=True))
    for person in company_of_many:
        visible = set(Request.objects.visible_to(person).values_list("number", flat=True))
        alone = as_readers([person])[person.pk]
        happened = {number for number in numbers if together[person.pk].sees(number)}
        assert happened <= visible
        assert {number for number in numbers if alone.sees(number)} <= visible
        assert alone.turns == together[person.pk].turns
