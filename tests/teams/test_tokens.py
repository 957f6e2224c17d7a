"""API tokens: shown once, hashed, scoped, ending."""

from datetime import timedelta

import pytest
from pytest_django.asserts import assertNumQueries

from activity import clock
from activity.models import Event
from teams import tokens
from teams.models import ApiToken
from teams.rules import InvalidFields, RuleViolation
from tests.factories import make_admin, make_person


@pytest.mark.django_db
def test_a_token_signs_in_and_only_its_hash_is_kept() -> None:
    person = make_person()
    made = tokens.create_token(person, "script", "write", by=person)
    assert made.secret.startswith("tdm_")
    assert len(made.secret) >= 4 + 43
    found = tokens.authenticate(made.secret)
    assert found is not None
    assert (found.person, found.scope) == (person, "write")
    kept = str(list(ApiToken.objects.values())) + str(list(Event.objects.values()))
    assert made.secret not in kept
    assert Event.objects.get().kind == "api_token.created"


@pytest.mark.django_db
@pytest.mark.parametrize("secret", ["", "tdm_", "tdm_wrong", "x" * 500, "tdm_\0"])
def test_what_is_no_token_signs_nobody_in(secret: str) -> None:
    assert tokens.authenticate(secret) is None


@pytest.mark.django_db
def test_expired_revoked_and_deactivated_ones_sign_nobody_in() -> None:
    person, gone = make_person(), make_person()
    expiring = tokens.create_token(
        person, "a", "read", expires_at=clock.now() + timedelta(hours=1), by=person
    )
    revoked = tokens.create_token(person, "b", "read", by=person)
    of_gone = tokens.create_token(gone, "c", "read", by=gone)
    assert tokens.authenticate(expiring.secret)
    with clock.moved_to(clock.now() + timedelta(hours=2)):
        assert tokens.authenticate(expiring.secret) is None
    tokens.revoke(revoked.token, by=person)
    assert tokens.authenticate(revoked.secret) is None
    gone.is_active = False
    gone.save()
    assert tokens.authenticate(of_gone.secret) is None


@pytest.mark.django_db
def test_its_use_is_noted_at_most_once_a_minute() -> None:
    person = make_person()
    secret = tokens.create_token(person, "a", "read", by=person).secret
    start = clock.now()
    with clock.moved_to(start), assertNumQueries(2):
        tokens.authenticate(secret)
    with clock.moved_to(start + timedelta(seconds=59)), assertNumQueries(1):
        tokens.authenticate(secret)
    with clock.moved_to(start + timedelta(seconds=61)):
        tokens.authenticate(secret)
    assert ApiToken.objects.get().last_used_at == start + timedelta(seconds=61)


@pytest.mark.django_db
def test_nobody_makes_anothers_token_not_even_an_admin() -> None:
    with pytest.raises(RuleViolation):
        tokens.create_token(make_person(), "a", "read", by=make_admin())
    with pytest.raises(RuleViolation):
        tokens.create_token(make_person(is_active=False), "a", "read", by=None)


@pytest.mark.django_db
def test_owner_and_admin_revoke_once_others_do_not() -> None:
    person = make_person()
    token = tokens.create_token(person, "a", "read", by=person).token
    with pytest.raises(RuleViolation):
        tokens.revoke(token, by=make_person())
    tokens.revoke(token, by=make_admin())
    with pytest.raises(RuleViolation) as refusal:
        tokens.revoke(token, by=person)
    assert refusal.value.missing[0].code == "already_done"


@pytest.mark.django_db
def test_what_a_token_needs() -> None:
    person = make_person()
    for name, scope, hours in (("", "read", 1), ("a", "all", 1), ("a", "read", -1)):
        with pytest.raises(InvalidFields):
            tokens.create_token(
                person, name, scope, expires_at=clock.now() + timedelta(hours=hours), by=person
            )


@pytest.mark.django_db
def test_tokens_do_not_pile_up_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "MOST_TOKENS", 1)
    person = make_person()
    tokens.create_token(person, "a", "read", by=person)
    with pytest.raises(RuleViolation) as refusal:
        tokens.create_token(person, "b", "read", by=person)
    assert refusal.value.missing[0].code == "too_many"
