"""What people let others see: their skills, how they stand between the sides, whether they are matched."""

from typing import TypedDict

from django.db import transaction
from django.utils.translation import gettext as _

from activity import clock, log
from knowhow.models import Openness
from knowhow.skills.models import leads_anywhere
from teams import fields, locks
from teams.models import Person
from teams.rules import Missing, RuleViolation


class Choice(TypedDict, total=False):
    """``skills``: who sees them; ``bridge``: whether leads see the score; ``matching``: may be proposed."""

    skills: str
    bridge: bool
    matching: bool


def openness_of(person: Person) -> Openness:
    """What ``person`` has chosen, or the unsaved usual: skills for all, the score for nobody else."""
    return Openness.objects.filter(person=person).first() or Openness(person=person, changed_at=clock.now())


def choose(choice: Choice, *, by: Person) -> Openness:
    """Choose for oneself; nobody does it for others, and everything can be taken back at any time.

    :raises InvalidFields: for an unknown circle of readers.
    :raises RuleViolation: ``not_yours`` for who is deactivated.
    """
    if choice.get("skills", Openness.Readers.ALL) not in Openness.Readers.values:
        raise fields.wrong("skills", _("Choose one of the offered."))
    with transaction.atomic():
        person = locks.lock_people([by.pk])[by.pk]
        if not person.is_active:
            raise RuleViolation([Missing("not_yours", _("This person is deactivated."))])
        own = openness_of(person)
        changed = [name for name, value in choice.items() if value != getattr(own, name)]
        if changed:
            for name in changed:
                setattr(own, name, choice[name])  # type: ignore[literal-required]
            own.version, own.changed_at = own.version + bool(own.pk), clock.now()
            own.save()
            log.record("openness.chosen", own, by=by, data={"fields": sorted(changed)})
        return own


def sees_score(reader: Person, person: Person) -> bool:
    """Whether ``reader`` may see how ``person`` stands between the sides: oneself, and leads with consent."""
    if reader.pk == person.pk:
        return reader.is_active
    agreed = Openness.objects.filter(person=person, person__is_active=True, bridge=True)
    return leads_anywhere(reader) and agreed.exists()
