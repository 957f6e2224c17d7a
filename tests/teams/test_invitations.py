"""Invitations: who invites whom, and a link that works once."""

import hashlib
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import identify_hasher
from django.core import mail
from django.http import Http404
from pytest_django import Settings

from activity import clock
from activity.models import Event
from teams import invitation_mail, invitations, people
from teams.models import Invitation, Person, PersonSide, Role, Side
from teams.rules import InvalidFields, RuleViolation
from tests.factories import make_admin, make_person, make_team
from tests.teams.conftest import AtOnce

PASSWORD = "correct horse battery"


@pytest.mark.django_db
def test_a_lead_invites_into_the_own_team_and_the_invited_joins(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    team = make_team(Side.IT)
    lead = make_person(lead_of=team)
    invited = invitations.invite("Tom@Example.org", team=team, role=Role.LEAD, by=lead)
    assert invited.url.startswith("http://127.0.0.1:8000/invitations/")
    person = invitations.accept(invited.secret, "Tom Reiter", PASSWORD, language="en", time_zone="Asia/Tokyo")
    assert (person.email, person.side, person.language, person.time_zone) == (
        "tom@example.org",
        PersonSide.IT,
        "en",
        "Asia/Tokyo",
    )
    assert identify_hasher(person.password).algorithm == "argon2"
    assert person.memberships.get().role == Role.LEAD
    assert list(Event.objects.order_by("id").values_list("kind", flat=True)) == [
        "invitation.created",
        "invitation.accepted",
    ]


@pytest.mark.django_db
def test_its_mail_says_that_no_machine_need_answer_it() -> None:
    team = make_team(Side.IT)
    invited = invitations.invite("tom@example.org", team=team, role=Role.MEMBER, by=make_person(lead_of=team))
    assert invitation_mail.send(invited)
    (sent,) = mail.outbox
    assert sent.to == ["tom@example.org"]
    assert sent.message()["Auto-Submitted"] == "auto-generated"


@pytest.mark.django_db
def test_only_the_hash_of_the_secret_is_kept() -> None:
    invited = invitations.invite("a@example.org", by=make_admin())
    kept = str(list(Invitation.objects.values())) + str(list(Event.objects.values()))
    assert invited.secret not in kept
    assert len(invited.secret) >= 43


@pytest.mark.django_db
def test_leads_invite_into_no_other_team_and_no_admins() -> None:
    team = make_team()
    lead = make_person(lead_of=team)
    for which in ({"team": make_team()}, {"team": None}, {"team": team, "as_admin": True}):
        with pytest.raises(RuleViolation) as refusal:
            invitations.invite("a@example.org", by=lead, **which)
        assert refusal.value.missing[0].code == "not_yours"
    with pytest.raises(RuleViolation):
        invitations.invite("a@example.org", team=team, by=make_person(team))


@pytest.mark.django_db
def test_an_admin_invites_an_admin() -> None:
    invited = invitations.invite("a@example.org", as_admin=True, by=make_admin())
    assert invitations.accept(invited.secret, "Ada", PASSWORD).is_admin


@pytest.mark.django_db
def test_who_has_an_account_is_not_invited() -> None:
    known = make_person()
    with pytest.raises(RuleViolation) as refusal:
        invitations.invite(known.email.upper(), by=make_admin())
    assert refusal.value.missing[0].code == "already_done"


@pytest.mark.django_db
def test_the_link_works_once() -> None:
    invited = invitations.invite("a@example.org", by=make_admin())
    invitations.accept(invited.secret, "Ada", PASSWORD)
    for use in (
        lambda: invitations.accept(invited.secret, "Eve", PASSWORD),
        lambda: invitations.find_open(invited.secret),
    ):
        with pytest.raises(Http404):
            use()


@pytest.mark.django_db
def test_the_link_ends_after_seven_days_and_that_of_a_command_after_one() -> None:
    invited = invitations.invite("a@example.org", by=make_admin())
    printed = invitations.invite("b@example.org", as_admin=True, by=None)
    now = clock.now()
    with clock.moved_to(now + timedelta(days=6, hours=23)):
        assert invitations.find_open(invited.secret)
        with pytest.raises(Http404):
            invitations.find_open(printed.secret)
    with clock.moved_to(now + timedelta(days=7, minutes=1)), pytest.raises(Http404):
        invitations.accept(invited.secret, "Ada", PASSWORD)


@pytest.mark.django_db
def test_a_fresh_link_ends_the_earlier_one() -> None:
    admin = make_admin()
    first = invitations.invite("a@example.org", by=admin)
    second = invitations.resend(first.invitation, by=admin)
    with pytest.raises(Http404):
        invitations.find_open(first.secret)
    third = invitations.invite("a@example.org", by=admin)
    with pytest.raises(Http404):
        invitations.find_open(second.secret)
    assert invitations.find_open(third.secret)


@pytest.mark.django_db
def test_a_withdrawn_link_works_no_more() -> None:
    team = make_team()
    lead = make_person(lead_of=team)
    invited = invitations.invite("a@example.org", team=team, by=lead)
    with pytest.raises(RuleViolation):
        invitations.withdraw(invited.invitation, by=make_person(lead_of=make_team()))
    invitations.withdraw(invited.invitation, by=lead)
    with pytest.raises(Http404):
        invitations.accept(invited.secret, "Ada", PASSWORD)
    for again in (invitations.withdraw, invitations.resend):
        with pytest.raises(RuleViolation):
            again(invited.invitation, by=lead)


@pytest.mark.django_db
def test_the_invitations_of_a_deactivated_lead_work_no_more() -> None:
    team = make_team()
    lead = make_person(lead_of=team)
    invited = invitations.invite("a@example.org", team=team, by=lead)
    people.shut_out(lead, by=make_admin())
    with pytest.raises(Http404):
        invitations.accept(invited.secret, "Ada", PASSWORD)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "password", ["short", "123456789012345", "passwordpassword1"[:8], "ada.lovelace@example.org"]
)
def test_a_weak_password_is_refused_and_the_link_stays(password: str) -> None:
    invited = invitations.invite("ada.lovelace@example.org", by=make_admin())
    with pytest.raises(InvalidFields):
        invitations.accept(invited.secret, "Ada", password)
    assert invitations.find_open(invited.secret)
    assert not Person.objects.filter(name="Ada").exists()


@pytest.mark.django_db
def test_the_same_secret_opens_no_other_door() -> None:
    invited = invitations.invite("a@example.org", by=make_admin())
    assert invited.invitation.token_hash != hashlib.sha256(invited.secret.encode()).hexdigest()


@pytest.mark.django_db
def test_pending_shows_each_what_they_may_change() -> None:
    team, admin = make_team(), make_admin()
    lead = make_person(lead_of=team)
    invitations.invite("a@example.org", team=team, by=lead)
    invitations.invite("b@example.org", by=admin)
    invitations.invite("c@example.org", team=team, as_admin=True, by=admin)
    assert [one.email for one in invitations.pending(lead)] == ["a@example.org"]
    assert len(invitations.pending(admin)) == 3
    assert invitations.pending(make_person(team)) == []


def test_two_who_open_the_same_link_make_one_account(at_once: AtOnce) -> None:
    for n in range(5):
        invited = invitations.invite(f"a{n}@example.org", team=make_team(), by=make_admin())
        results = at_once(
            lambda: invitations.accept(invited.secret, "Ada", PASSWORD),  # noqa: B023
            lambda: invitations.accept(invited.secret, "Eve", PASSWORD),  # noqa: B023
        )
        assert sorted(results) == ["Http404", "done"]
        assert Person.objects.filter(email=f"a{n}@example.org").count() == 1


def test_two_links_to_one_address_make_one_account(at_once: AtOnce) -> None:
    admin = make_admin()
    secrets = [invitations.invite("a@example.org", team=make_team(), by=admin).secret for _ in range(2)]
    results = at_once(*[lambda s=s: invitations.accept(s, "Ada", PASSWORD) for s in secrets])
    assert sorted(results) == ["already_done", "done"]
