"""Personal access tokens for the API: a prefix and 256 random bits, kept as their SHA-256, shown once."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from activity import clock, log
from teams import fields, locks, rights
from teams.models import ApiToken, Person
from teams.rules import Missing, RuleViolation

PREFIX = "tdm_"
SHOWN_CHARACTERS = 12
NAME_LENGTH = 80
MOST_TOKENS = 50
# Writing at every request would make every reading request a writing one.
USE_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class NewToken:
    """A token and its secret, which nobody can read again."""

    token: ApiToken
    secret: str


def hash_of(secret: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(secret.encode()).hexdigest()


def create_token(
    person: Person, name: str, scope: str, *, by: Person | None, expires_at: datetime | None = None
) -> NewToken:
    """Make a token that acts as ``person`` until ``expires_at`` (None: until it is revoked).

    :raises InvalidFields: naming each field that cannot be kept.
    :raises RuleViolation: ``not_yours`` for another's token, ``wrong_status`` for a deactivated person.
    """
    name = fields.needed_line(name, "name", NAME_LENGTH)
    if scope not in ApiToken.Scope.values:
        raise fields.wrong("scope", _("Choose read, or read and write."))
    now = clock.now()
    if expires_at is not None and expires_at <= now:
        raise fields.wrong("expires_at", _("Choose a day in the future."))
    with transaction.atomic():
        _check_owner(person, by)
        secret = PREFIX + secrets.token_urlsafe(32)
        token = ApiToken.objects.create(
            person=person,
            name=name,
            prefix=secret[:SHOWN_CHARACTERS],
            token_hash=hash_of(secret),
            scope=scope,
            created_at=now,
            expires_at=expires_at,
        )
        log.record("api_token.created", token, by=by, data={"name": name, "scope": scope})
        return NewToken(token, secret)


def _check_owner(person: Person, by: Person | None) -> None:
    if by is not None and by.pk != person.pk:
        raise RuleViolation([Missing("not_yours", _("Everybody makes their own tokens."))])
    # Held, so that a deactivation either sees the token or is seen here.
    if not locks.lock_people([person.pk])[person.pk].is_active:
        raise RuleViolation([Missing("wrong_status", _("This person is deactivated."))])
    if ApiToken.objects.filter(person=person, revoked_at=None).count() >= MOST_TOKENS:
        raise RuleViolation([Missing("too_many", _("Revoke a token that you no longer need first."))])


def revoke(token: ApiToken, *, by: Person | None) -> ApiToken:
    """Let a token work no more.

    :raises RuleViolation: ``not_yours`` for all but its owner and admins, ``already_done`` the second time.
    """
    with transaction.atomic():
        token = ApiToken.objects.select_for_update(of=("self",)).select_related("person").get(pk=token.pk)
        if by is not None:
            rights.require_self_or_admin(by, token.person)
        if token.revoked_at is not None:
            raise RuleViolation([Missing("already_done", _("This token has been revoked already."))])
        token.revoked_at = clock.now()
        token.save(update_fields=["revoked_at"])
        log.record("api_token.revoked", token, by=by)
        return token


def authenticate(secret: str) -> ApiToken | None:
    """The token behind ``secret`` with its person; None where it is unknown, expired, revoked, or the person
    is deactivated."""
    if not secret.startswith(PREFIX):
        return None
    now = clock.now()
    valid = ApiToken.objects.filter(
        Q(expires_at=None) | Q(expires_at__gt=now), revoked_at=None, person__is_active=True
    )
    token = valid.select_related("person").filter(token_hash=hash_of(secret)).first()
    if token is not None:
        _note_use(token, now)
    return token


def _note_use(token: ApiToken, now: datetime) -> None:
    if token.last_used_at is None or now - token.last_used_at >= USE_NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        token.last_used_at = now
