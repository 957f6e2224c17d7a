"""What speaks for somebody as a bridge, the same whoever looks."""

from datetime import timedelta

import pytest

from activity import clock
from requests_app.bridging.evidence import answers_seen, evidence_of
from requests_app.choices import Status
from requests_app.models import Comment, Request
from teams.models import Person, Side
from tests.factories import give_skill, make_comment, make_person, make_request, make_skill, make_team
from tests.knowhow.bridges.meetings import held

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    return make_person(make_team(Side.IT))


def question(request: Request, author: Person, to: str, answered_by: Person) -> Comment:
    now = clock.now()
    return make_comment(request, author, question_to=to, answered_by=answered_by, answered_at=now)


def test_delivered_as_one_of_two_owners(person: Person) -> None:
    done = make_request(Status.DONE, it_owner=person)
    make_request(Status.READY, it_owner=person)
    make_request(Status.DONE, it_owner=person, restricted=True)
    assert evidence_of(person).tandem == (done.pk,)


def test_skills_come_with_the_side_at_which_they_are_at_home(person: Person) -> None:
    give_skill(person, make_skill(Side.MARKETING), 2)
    give_skill(person, make_skill(Side.IT), 4)
    assert [(one.side, one.level) for one in evidence_of(person).skills] == [("it", 4), ("marketing", 2)]


def test_only_answers_to_the_other_side_count(person: Person) -> None:
    request = make_request()
    marketing, colleague = make_person(make_team(Side.MARKETING)), make_person(make_team(Side.IT))
    across = question(request, marketing, Side.IT, person)
    question(request, colleague, Side.IT, person)
    question(request, marketing, Side.IT, colleague)
    question(make_request(restricted=True), marketing, Side.IT, person)
    assert evidence_of(person).answered == (across.pk,)


def test_answers_open_to_what_the_reader_sees(person: Person) -> None:
    asked = question(make_request(), make_person(make_team(Side.MARKETING)), Side.IT, person)
    reader = make_person()
    assert answers_seen([asked.pk], reader) == [asked]
    Request.objects.filter(pk=asked.request_id).update(restricted=True)
    assert answers_seen([asked.pk], reader) == []


def test_exchanges_that_were_given_and_attended(person: Person) -> None:
    given = held(person, make_person())
    attended = held(make_person(), person)
    held(person, cancelled_at=clock.now())
    held(person, ended=clock.now() + timedelta(days=1))
    missed = held(make_person(), person)
    missed.signups.update(attended=False)
    found = evidence_of(person)
    assert (found.taught, found.attended) == ((given.pk,), (attended.pk,))
