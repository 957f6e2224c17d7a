"""Whether mail reaches a person: an address whose mail comes back gets none until it is said to work."""

from django.db import transaction

from activity import clock, log
from teams import locks, rights
from teams.models import Person

LONGEST_REASON = 300


def address_failed(person: Person, reason: str, *, by: Person | None) -> Person:
    """Note that mail to ``person`` came back for good; what is known already changes nothing."""
    with transaction.atomic():
        person = locks.lock_people([person.pk])[person.pk]
        if person.mail_fails_since is not None:
            return person
        person.mail_fails_since, person.mail_failure = clock.now(), _one_line(reason)
        person.save(update_fields=["mail_fails_since", "mail_failure"])
        log.record("person.mail_failed", person, by=by, data={"reason": person.mail_failure})
        return person


def address_works(person: Person, *, by: Person) -> Person:
    """Send mail to ``person`` again; where it was never stopped nothing changes.

    :raises RuleViolation: ``not_yours`` for other people but admins.
    """
    with transaction.atomic():
        person = locks.lock_people([person.pk])[person.pk]
        rights.require_self_or_admin(by, person)
        if person.mail_fails_since is None:
            return person
        person.mail_fails_since, person.mail_failure = None, ""
        person.save(update_fields=["mail_fails_since", "mail_failure"])
        log.record("person.mail_works", person, by=by)
        return person


def _one_line(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:LONGEST_REASON]
