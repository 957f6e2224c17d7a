"""Nobody sees in a round what not all who are present may see, and nobody is told how much that is."""

import pytest
from django.http import Http404
from pytest_django import DjangoAssertNumQueries

from requests_app.models import Request, Round
from requests_app.rounds.meeting import Meeting, get_round, meeting_of
from requests_app.rounds.running import join_round, open_round, step
from teams.models import Person
from tests.factories import holder, make_admin, make_person
from tests.requests_app.rounds.meetings import make_divergent, make_minor, make_table

pytestmark = pytest.mark.django_db


def fresh(round: Round) -> Meeting:
    return meeting_of(get_round(round.pk))


def shown(meeting: Meeting) -> list[int]:
    return [item.request_id for item in meeting.items]


@pytest.fixture
def secret() -> Request:
    return make_divergent(restricted=True, title="Verschlusssache")


@pytest.fixture
def insider(secret: Request) -> Person:
    return holder(secret.it_owner)


def test_a_restricted_request_is_talked_about_as_long_as_all_see_it(secret: Request, insider: Person) -> None:
    minor = make_minor()
    opened = open_round(by=insider)
    join_round(opened.pk, by=holder(secret.marketing_owner))
    assert shown(fresh(opened)) == [secret.pk, minor.pk]
    join_round(opened.pk, by=make_admin())
    assert shown(fresh(opened)) == [secret.pk, minor.pk]


def test_it_leaves_the_agenda_of_all_when_somebody_joins_who_does_not_see_it(
    secret: Request, insider: Person
) -> None:
    minor = make_minor()
    opened = open_round(by=insider)
    join_round(opened.pk, by=make_person())
    meeting = fresh(opened)
    assert shown(meeting) == [minor.pk]
    assert meeting.current is not None
    assert meeting.current.request_id == minor.pk
    assert meeting.place == 1


def test_who_opens_alone_does_not_bring_in_what_they_do_not_see(secret: Request) -> None:
    minor = make_minor()
    assert shown(fresh(open_round(by=make_person()))) == [minor.pk]


def test_what_is_restricted_meanwhile_leaves_it_too() -> None:
    table = make_table()
    join_round(table.round.pk, by=make_person())
    Request.objects.filter(pk=table.first.pk).update(restricted=True)
    assert shown(fresh(table.round)) == [table.second.pk]


def test_steps_pass_over_what_is_hidden(secret: Request, insider: Person) -> None:
    Request.objects.filter(pk=secret.pk).update(difference=50)
    first, last = make_divergent(), make_minor()
    opened = open_round(by=insider)
    join_round(opened.pk, by=make_person())
    current = fresh(opened).current
    assert current is not None
    assert current.request_id == first.pk
    step(opened.pk, by=insider, seen=current.pk)
    after = fresh(opened)
    assert after.current is not None
    assert after.current.request_id == last.pk
    assert (after.place, len(after.items)) == (2, 2)


def test_who_left_the_company_is_not_present_and_hides_nothing(secret: Request, insider: Person) -> None:
    opened, gone = open_round(by=insider), make_person()
    join_round(opened.pk, by=gone)
    Person.objects.filter(pk=gone.pk).update(is_active=False)
    meeting = fresh(opened)
    assert [person.pk for person in meeting.present] == [insider.pk]
    assert shown(meeting) == [secret.pk]
    assert not meeting.has(gone)


def test_there_are_as_many_queries_whatever_stands_on_the_agenda(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _row in range(9):
        make_minor()
    opened = open_round(by=make_person(), minutes=60)
    for _row in range(5):
        join_round(opened.pk, by=make_person())
    with django_assert_num_queries(2):
        assert len(meeting_of(opened).items) == 9


def test_restricted_ones_take_three_queries_more(
    secret: Request, insider: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    opened = open_round(by=insider)
    with django_assert_num_queries(5):
        meeting_of(opened)


@pytest.mark.parametrize("pk", [0, -1, 2**63, 999_999])
def test_a_round_that_is_not_there(pk: int) -> None:
    with pytest.raises(Http404):
        get_round(pk)
