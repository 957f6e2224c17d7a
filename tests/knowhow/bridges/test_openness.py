"""Consent: asked once, given and taken back by oneself alone."""

import pytest

from activity.models import Event
from knowhow.bridges.openness import Choice, choose, openness_of, sees_score
from knowhow.models import Openness
from teams.people import shut_out
from teams.rules import InvalidFields, RuleViolation
from tests.factories import make_admin, make_person, make_team

pytestmark = pytest.mark.django_db


def test_until_asked_skills_are_open_and_the_score_is_not() -> None:
    own = openness_of(make_person())
    assert (own.skills, own.bridge, own.matching) == (Openness.Readers.ALL, None, True)
    assert own.pk is None


def test_the_score_is_for_oneself_until_one_agrees_and_then_for_leads() -> None:
    person, lead, admin, member = make_person(), make_person(lead_of=make_team()), make_admin(), make_person()
    assert [sees_score(reader, person) for reader in (person, lead, admin, member)] == [
        True,
        False,
        False,
        False,
    ]
    choose({"bridge": True}, by=person)
    assert [sees_score(reader, person) for reader in (person, lead, admin, member)] == [
        True,
        True,
        True,
        False,
    ]
    choose({"bridge": False}, by=person)
    assert [sees_score(reader, person) for reader in (person, lead, admin, member)] == [
        True,
        False,
        False,
        False,
    ]


def test_who_left_is_shown_to_nobody() -> None:
    person, admin = make_person(), make_admin()
    choose({"bridge": True}, by=person)
    shut_out(person, by=admin)
    assert not sees_score(admin, person)


def test_the_log_says_that_somebody_chose_not_what() -> None:
    person = make_person()
    choose({"bridge": True, "skills": Openness.Readers.NOBODY}, by=person)
    assert Event.objects.get().data == {"fields": ["bridge", "skills"]}


def test_the_same_choice_is_no_change() -> None:
    person = make_person()
    choose({"matching": True}, by=person)
    assert not Event.objects.exists()
    assert not Openness.objects.exists()


def test_an_unknown_circle_is_refused() -> None:
    with pytest.raises(InvalidFields):
        choose(Choice(skills="the world"), by=make_person())


def test_who_left_chooses_nothing() -> None:
    person = make_person()
    shut_out(person, by=make_admin())
    with pytest.raises(RuleViolation):
        choose({"bridge": True}, by=person)
