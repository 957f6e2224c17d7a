"""The other shapes of the rule who sees what, for many people and much talk, say what `visible_to` says."""

from itertools import product

import pytest
from pytest_django import DjangoAssertNumQueries

from activity import clock
from requests_app.choices import Status
from requests_app.models import Comment, Request, Watcher
from teams.models import Person, Side
from tests.factories import make_admin, make_comment, make_person, make_request, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> list[Person]:
    """Everybody whom the rule names, and those it does not; open, restricted and draft requests."""
    it, marketing = make_team(Side.IT), make_team(Side.MARKETING)
    requester, owner, tom = make_person(), make_person(marketing), make_person(it)
    watcher, stranger, admin, left = make_person(), make_person(), make_admin(), make_person(it)
    for status, restricted, teams in product(
        (Status.DRAFT, Status.SUBMITTED, Status.READY, Status.DONE), (True, False), (True, False)
    ):
        row = make_request(status, requester=requester, restricted=restricted)
        involved = {"serving_team": it, "requesting_team": marketing} if teams else {"marketing_owner": owner}
        Request.objects.filter(pk=row.pk).update(**involved)
        Watcher.objects.create(request=row, person=watcher, since=clock.now())
        # Whom nobody has named: following alone lets nobody see.
        Watcher.objects.create(request=row, person=stranger, since=clock.now(), is_named=False)
    Request.objects.filter(pk=make_request(restricted=True).pk).update(it_owner=tom)
    Person.objects.filter(pk=left.pk).update(is_active=False)
    left.refresh_from_db()
    own = make_request(Status.DRAFT, requester=admin)
    assert own.status == Status.DRAFT
    return [requester, owner, tom, watcher, stranger, admin, left]


def test_it_is_the_same_rule(people: list[Person]) -> None:
    expected = {
        (person.pk, number)
        for person in people
        for number in Request.objects.visible_to(person).values_list("number", flat=True)
    }
    assert Request.objects.all().seen_by_each(people) == expected
    numbers = Request.objects.count()
    counts = {person.pk: sum(1 for pk, _number in expected if pk == person.pk) for person in people}
    assert counts[people[-1].pk] == 0
    assert all(0 < counts[person.pk] < numbers for person in people[:-1])


def test_only_the_asked_ones_are_answered(people: list[Person]) -> None:
    number = Request.objects.filter(restricted=False).exclude(status=Status.DRAFT).earliest("number").number
    seen = Request.objects.filter(number=number).seen_by_each(people[:2])
    assert seen == {(people[0].pk, number), (people[1].pk, number)}
    assert Request.objects.all().seen_by_each([]) == set()


def test_it_takes_three_queries(
    people: list[Person], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(3):
        Request.objects.all().seen_by_each(people)


def test_talk_is_found_by_whom_it_is_shown_to_but_in_drafts(people: list[Person]) -> None:
    for row in Request.objects.all():
        make_comment(row, people[0])
    for person in people:
        shown = Comment.objects.visible_to(person).exclude(request__status=Status.DRAFT)
        found = Comment.objects.found_by(person)
        assert set(found.values_list("pk", flat=True)) == set(shown.values_list("pk", flat=True))
