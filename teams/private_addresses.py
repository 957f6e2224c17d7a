"""Addresses that only their owner knows, for programs that cannot sign in: shown once, kept as their hash."""

import hashlib
import secrets
from typing import Any, TypeVar

from django.db import models
from django.http import Http404

from activity import clock
from teams.models import Person


class PrivateAddress(models.Model):
    """An address with a secret part; rooms add ``person``, of whom each has one at most."""

    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"since {self.created_at:%Y-%m-%d}"


Address = TypeVar("Address", bound=PrivateAddress)


def renew(kind: type[Address], person: Person) -> tuple[Address, str]:
    """Give ``person`` a new address, and its secret, which nobody can read again.

    An earlier one leads nowhere from then on. Within the transaction of the change that it is a part of.
    """
    secret = secrets.token_urlsafe(32)
    rows: models.Manager[Address] = kind._default_manager
    address, _is_new = rows.update_or_create(
        person=person, defaults={"token_hash": _hash_of(secret), "created_at": clock.now()}
    )
    return address, secret


def held(kind: type[Address], person: Person) -> Address | None:
    """The address of ``person``, if they have one, locked until the end of the transaction."""
    rows: models.Manager[Address] = kind._default_manager
    return rows.select_for_update().filter(person=person).first()


def owner_of(kind: type[PrivateAddress], secret: str) -> Person:
    """Whose address this is.

    :raises Http404: for an address that is none (any more), or of somebody who has left.
    """
    rows: models.Manager[Any] = kind._default_manager
    found = rows.filter(token_hash=_hash_of(secret), person__is_active=True).select_related("person").first()
    if found is None:
        raise Http404
    person: Person = found.person
    return person


def _hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
