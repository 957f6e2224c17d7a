"""Who may change what in this room: asked of the database inside the change, never of a stale object."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from teams.models import Membership, Person, Role, Team
from teams.rules import Missing, RuleViolation


def is_admin(person: Person) -> bool:
    """Whether ``person`` is an active admin at this moment."""
    return Person.objects.filter(pk=person.pk, is_active=True, is_admin=True).exists()


def leads_any(person: Person, teams: Iterable[Team]) -> bool:
    """Whether ``person`` is active and leads one of ``teams``."""
    return Membership.objects.filter(
        person=person, person__is_active=True, team__in=list(teams), role=Role.LEAD
    ).exists()


def may_lead(person: Person, *teams: Team) -> bool:
    """Whether ``person`` acts as a lead of one of ``teams``; an admin acts as any lead."""
    return is_admin(person) or leads_any(person, teams)


def require_admin(by: Person | None) -> None:
    """:raises RuleViolation: ``not_yours`` for all but admins; None is the portal's own command."""
    if by is not None and not is_admin(by):
        raise RuleViolation([Missing("not_yours", _("Only administrators may do this."))])


def require_lead(by: Person | None, *teams: Team) -> None:
    """:raises RuleViolation: ``not_yours`` for all but the teams' leads and admins."""
    if by is not None and not may_lead(by, *teams):
        raise RuleViolation(
            [Missing("not_yours", _("Only the team's leads and administrators may do this."))]
        )


def require_self_or_admin(by: Person, person: Person) -> None:
    """:raises RuleViolation: ``not_yours`` for other people."""
    active = Person.objects.filter(pk=by.pk, is_active=True).exists()
    if not (active and by.pk == person.pk) and not is_admin(by):
        raise RuleViolation([Missing("not_yours", _("Only you yourself and administrators may do this."))])
