"""People, memberships, sides, and the last administrator."""

from functools import partial
from typing import Any

import pytest
from django.test import Client

from activity.models import Event
from teams import people, tokens
from teams.invitations import invite
from teams.models import Invitation, Membership, PersonSession, PersonSide, Role, Side
from teams.rules import InvalidFields, RuleViolation, StaleVersion
from tests.factories import add_member, make_admin, make_person, make_team
from tests.teams.conftest import AtOnce


def codes(violation: pytest.ExceptionInfo[RuleViolation]) -> list[str]:
    return [missing.code for missing in violation.value.missing]


def last_event() -> Event:
    return Event.objects.latest("id")


@pytest.mark.django_db
def test_an_admin_creates_a_person_once_whatever_the_case() -> None:
    admin = make_admin()
    made = people.create_person(" Mira@Example.org ", "Mira  Brandt", by=admin)
    assert (made.email, made.name, made.has_usable_password()) == ("mira@example.org", "Mira Brandt", False)
    assert last_event().kind == "person.created"
    with pytest.raises(RuleViolation) as refusal:
        people.create_person("MIRA@example.org", "Another", by=admin)
    assert codes(refusal) == ["already_done"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("email", "name"), [("nonsense", "Mira"), ("a@example.org", " "), ("a@b.org", "x" * 121)]
)
def test_a_person_needs_an_address_and_a_name(email: str, name: str) -> None:
    with pytest.raises(InvalidFields):
        people.create_person(email, name, by=make_admin())


@pytest.mark.django_db
def test_only_admins_create_people() -> None:
    lead = make_person(lead_of=make_team())
    with pytest.raises(RuleViolation) as refusal:
        people.create_person("new@example.org", "New", by=lead)
    assert codes(refusal) == ["not_yours"]


@pytest.mark.django_db
def test_a_name_is_changed_by_its_owner_and_by_admins_only() -> None:
    person, other = make_person(), make_person()
    renamed = people.rename(person, "Nora New", by=person)
    assert (renamed.name, renamed.version) == ("Nora New", 2)
    assert last_event().data["name"]["to"] == "Nora New"
    with pytest.raises(RuleViolation):
        people.rename(person, "Mallory", by=other)
    with pytest.raises(StaleVersion):
        people.rename(person, "Late", by=make_admin(), version=1)


@pytest.mark.django_db
def test_preferences_have_no_event_and_must_exist() -> None:
    person = make_person()
    people.set_preferences(person, language="en", time_zone="America/New_York", by=person)
    person.refresh_from_db()
    assert (person.language, person.time_zone, person.letter_keys) == ("en", "America/New_York", True)
    people.set_preferences(person, letter_keys=False, by=person)
    person.refresh_from_db()
    assert (person.language, person.letter_keys) == ("en", False)
    assert not Event.objects.exists()
    refused: tuple[dict[str, Any], ...] = ({"language": "fr"}, {"time_zone": "Mars/Crater"})
    for wrong in refused:
        with pytest.raises(InvalidFields):
            people.set_preferences(person, by=person, **wrong)


@pytest.mark.django_db
def test_the_side_follows_from_the_memberships() -> None:
    admin, person = make_admin(), make_person()
    marketing, it, legal = make_team(Side.MARKETING), make_team(Side.IT), make_team(Side.OTHER)
    sides = []
    for team in (legal, marketing, it):
        people.add_member(team, person, by=admin)
        person.refresh_from_db()
        sides.append(person.side)
    sides += [people.take_out(team, person, by=admin).side for team in (marketing, it, legal)]
    both, other = PersonSide.BOTH, PersonSide.OTHER
    assert sides == [other, PersonSide.MARKETING, both, PersonSide.IT, other, other]


@pytest.mark.django_db
def test_a_lead_keeps_the_members_of_the_own_team_only() -> None:
    own, foreign, person = make_team(), make_team(), make_person()
    lead = make_person(lead_of=own)
    membership = people.add_member(own, person, Role.MEMBER, by=lead)
    assert (membership.role, last_event().kind) == (Role.MEMBER, "membership.added")
    assert people.set_role(own, person, Role.LEAD, by=lead).role == Role.LEAD
    assert last_event().data == {"person": person.pk, "from": "member", "to": "lead"}
    with pytest.raises(RuleViolation) as refusal:
        people.add_member(foreign, person, by=lead)
    assert codes(refusal) == ["not_yours"]
    with pytest.raises(RuleViolation):
        people.add_member(own, person, by=make_person(own))


@pytest.mark.django_db
def test_the_present_role_changes_nothing() -> None:
    team = make_team()
    person = make_person(team)
    people.set_role(team, person, Role.MEMBER, by=make_admin())
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_nobody_joins_twice_or_leaves_twice_or_joins_deactivated() -> None:
    admin, team, gone = make_admin(), make_team(), make_person(is_active=False)
    person = make_person(team)
    for change in (
        lambda: people.add_member(team, person, by=admin),
        lambda: people.add_member(team, gone, by=admin),
        lambda: people.take_out(team, gone, by=admin),
        lambda: people.set_role(team, gone, Role.LEAD, by=admin),
    ):
        with pytest.raises(RuleViolation):
            change()
    assert Membership.objects.filter(team=team).count() == 1


@pytest.mark.django_db
def test_everybody_may_leave_a_team_themselves() -> None:
    team = make_team(Side.IT)
    person = make_person(team)
    assert people.take_out(team, person, by=person).side == PersonSide.OTHER
    assert last_event().kind == "membership.removed"


@pytest.mark.django_db
def test_a_deactivated_person_loses_sessions_tokens_and_invitations(client: Client) -> None:
    admin = make_admin()
    team = make_team()
    person = make_person(lead_of=team)
    client.force_login(person)
    secret = tokens.create_token(person, "script", "read", by=person).secret
    invited = invite("friend@example.org", team=team, by=person).invitation
    people.shut_out(person, by=admin)
    assert not PersonSession.objects.filter(person_id=person.pk).exists()
    assert tokens.authenticate(secret) is None
    assert Invitation.objects.get(pk=invited.pk).withdrawn_at is not None
    assert last_event().kind == "person.deactivated"
    with pytest.raises(RuleViolation) as refusal:
        people.shut_out(person, by=admin)
    assert codes(refusal) == ["already_done"]


@pytest.mark.django_db
def test_who_comes_back_keeps_memberships_and_gets_no_token_back() -> None:
    admin, team = make_admin(), make_team(Side.IT)
    person = make_person(team)
    secret = tokens.create_token(person, "script", "read", by=person).secret
    people.shut_out(person, by=admin)
    back = people.reactivate(person, by=admin)
    assert (back.is_active, back.side) == (True, PersonSide.IT)
    assert tokens.authenticate(secret) is None
    with pytest.raises(RuleViolation):
        people.reactivate(person, by=admin)


@pytest.mark.django_db
def test_the_last_admin_stays() -> None:
    admin = make_admin()
    make_admin(is_active=False)
    for change in (people.end_admin, people.shut_out):
        with pytest.raises(RuleViolation) as refusal:
            change(admin, by=admin)
        assert codes(refusal) == ["last_admin"]
    second = people.make_admin(make_person(), by=admin)
    assert not people.end_admin(admin, by=second).is_admin


@pytest.mark.django_db
def test_only_active_people_become_admins_and_only_once() -> None:
    admin = make_admin()
    for person in (admin, make_person(is_active=False)):
        with pytest.raises(RuleViolation):
            people.make_admin(person, by=admin)
    with pytest.raises(RuleViolation):
        people.make_admin(make_person(), by=make_person())


def test_of_two_admins_who_remove_each_other_one_stays(at_once: AtOnce) -> None:
    for _round in range(5):
        first, second = make_admin(), make_admin()
        results = at_once(
            partial(people.end_admin, first, by=second), partial(people.end_admin, second, by=first)
        )
        assert sorted(results) == ["done", "not_yours"]
        stayed = second if results[0] == "done" else first
        stayed.refresh_from_db()
        assert stayed.is_admin
        type(stayed).objects.filter(pk__in=[first.pk, second.pk]).update(is_admin=False)


def test_two_changes_of_one_persons_teams_leave_the_right_side(at_once: AtOnce) -> None:
    admin = make_admin()
    marketing, it, person = make_team(Side.MARKETING), make_team(Side.IT), make_person()
    for _round in range(5):
        at_once(
            lambda: people.add_member(marketing, person, by=admin),
            lambda: people.add_member(it, person, by=admin),
        )
        person.refresh_from_db()
        assert person.side == PersonSide.BOTH
        at_once(
            lambda: people.take_out(marketing, person, by=admin),
            lambda: people.take_out(it, person, by=admin),
        )
        person.refresh_from_db()
        assert person.side == PersonSide.OTHER


@pytest.mark.django_db
def test_the_factories_and_the_rule_agree_on_the_side() -> None:
    person = make_person(make_team(Side.IT))
    add_member(make_team(Side.MARKETING), person)
    before = person.side
    people.refresh_side(person)
    assert person.side == before == PersonSide.BOTH
