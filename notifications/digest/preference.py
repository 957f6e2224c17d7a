"""Whether and when somebody gets the digest, and the link in each mail that switches it off."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from notifications import mail_links
from notifications.mail_links import LinkUsedUp
from notifications.models import DigestPreference
from teams.models import Person
from teams.rules import InvalidFields, Missing

_SALT = "tandem.digest.switch_off"


# The choices of ``Wish.every``.
NEVER, WEEKLY, FORTNIGHTLY = 0, 1, 2


@dataclass(frozen=True)
class Wish:
    """When somebody wants their digest: never, each week or each second; None: when the company does."""

    every: int = WEEKLY
    weekday: int | None = None
    hour: int | None = None


# Whether %(person)s is active, reached by mail, and gets the digest: a condition within a query.
IS_WANTED = """
    EXISTS (SELECT 1 FROM teams_person p LEFT JOIN notifications_digestpreference w ON w.person_id = p.id
             WHERE p.id = %(person)s AND p.is_active AND p.mail_fails_since IS NULL
               AND COALESCE(w.weekly, TRUE))
"""


def gets_weekly(person: Person) -> bool:
    """Whether ``person`` gets the weekly digest."""
    return not DigestPreference.objects.filter(person=person, weekly=False).exists()


def wishes(people: Iterable[Person]) -> dict[int, Wish]:
    """The wish of each of ``people`` who has said one, by id. One query."""
    rows = DigestPreference.objects.filter(person__in=people)
    return {row.person_id: Wish(row.every if row.weekly else NEVER, row.weekday, row.hour) for row in rows}


def wish_of(person: Person) -> Wish:
    return wishes([person]).get(person.pk, Wish())


def choose(wish: Wish, *, by: Person) -> None:
    """Choose when one's digest comes: a preference, which has no event. Another day, hour or rhythm counts
    after the next digest, "never" at once.

    :raises InvalidFields: for a day, an hour or a rhythm that there is none.
    """
    _check(wish)
    with transaction.atomic():
        if wish.every == NEVER:
            switch_off(by)
            return
        switch_on(by)
        rhythm = {"every": wish.every, "weekday": wish.weekday, "hour": wish.hour}
        DigestPreference.objects.update_or_create(person=by, defaults=rhythm)


def _check(wish: Wish) -> None:
    known = {
        "every": wish.every in (NEVER, WEEKLY, FORTNIGHTLY),
        "weekday": wish.weekday is None or 0 <= wish.weekday <= 6,
        "hour": wish.hour is None or 0 <= wish.hour <= 23,
    }
    wrong = [
        Missing("invalid", _("This cannot be chosen."), name) for name, fits in known.items() if not fits
    ]
    if wrong:
        raise InvalidFields(wrong)


def switch_off(person: Person) -> None:
    DigestPreference.objects.update_or_create(person=person, defaults={"weekly": False})


def switch_on(person: Person) -> None:
    """From now on the digest comes again; links of earlier mails are used up."""
    off = DigestPreference.objects.filter(person=person, weekly=False)
    off.update(weekly=True, round=F("round") + 1)


def token(person: int, current_round: int) -> str:
    """The part of the link that belongs to the person with the id ``person``."""
    return mail_links.sign(person, current_round, salt=_SALT)


def person_of(link: str) -> Person:
    """Whom a link switches off; a used one stays good while the digest is off, as mail programs ask twice.

    :raises LinkUsedUp: where it must not switch anything off, as it is from before the last switching on.
    """
    person, made_in_round = mail_links.read(link, salt=_SALT)
    found = Person.objects.filter(pk=person).select_related("digest_preference").first()
    if found is None:
        raise LinkUsedUp
    preference = DigestPreference.objects.filter(person=found).first()
    if preference is not None and preference.weekly and preference.round != made_in_round:
        raise LinkUsedUp
    return found
