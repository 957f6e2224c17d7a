"""What confirming, asking and answering have in common, asked of the database inside the change."""

from django.utils.translation import gettext as _

from teams import rights
from teams.models import Brief, Membership, Person
from teams.rules import Missing, RuleViolation


def belongs(person: Person, brief: Brief) -> bool:
    """Whether ``person`` is an active member of a team that answers for ``brief``."""
    owners = brief.thing.explaining_teams().values("pk")
    return Membership.objects.filter(person=person, person__is_active=True, team__in=owners).exists()


def require_active(by: Person) -> None:
    """:raises RuleViolation: ``not_yours`` for who was deactivated."""
    if not Person.objects.filter(pk=by.pk, is_active=True).exists():
        raise RuleViolation([Missing("not_yours", _("Your account has been deactivated."))])


def require_member(by: Person, brief: Brief) -> None:
    """:raises RuleViolation: ``not_yours`` for all but members of teams that answer for it, and admins."""
    if not (belongs(by, brief) or rights.is_admin(by)):
        raise RuleViolation([Missing("not_yours", _("Only the teams that answer for this may do it."))])
