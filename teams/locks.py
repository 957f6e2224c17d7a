"""The locks of changes to people and teams, always in the order: invitation, team, people, requests."""

from collections.abc import Iterable

from django.db import connection
from django.db.models import Q
from django.http import Http404

from activity.locks import Lock
from teams.models import Brief, Company, Goal, Invitation, Person, Team


def lock_team(team_id: int) -> Team:
    """The team with its row held: memberships of one team change one after the other.

    :raises Http404: where there is no such team.
    """
    found = Team.objects.select_for_update(no_key=True).filter(pk=team_id).first()
    if found is None:
        raise Http404
    return found


def lock_people(ids: Iterable[int | None], *, admins: bool = False) -> dict[int, Person]:
    """These people with their rows held; with ``admins`` also all active admins, so that one always stays.

    :raises Http404: where one of them does not exist.
    """
    wanted = {pk for pk in ids if pk is not None}
    which = Q(pk__in=wanted) | Q(is_admin=True, is_active=True) if admins else Q(pk__in=wanted)
    rows = Person.objects.select_for_update(no_key=True).filter(which).order_by("pk")
    found = {person.pk: person for person in rows}
    if admins:
        # Somebody who ceased to be an admin while this waited is asked for by id, or no longer counts.
        found = {pk: one for pk, one in found.items() if pk in wanted or (one.is_admin and one.is_active)}
    if not wanted <= set(found):
        raise Http404
    return found


def lock_goal_tree() -> None:
    """Hold the tree of goals, before any goal, so that two changes neither close a circle nor deadlock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [Lock.GOAL_TREE])


def lock_goal(goal_id: int) -> Goal:
    """:raises Http404: where there is no such goal."""
    found = Goal.objects.select_for_update(no_key=True).filter(pk=goal_id).first()
    if found is None:
        raise Http404
    return found


def lock_brief(brief_id: int) -> Brief:
    """The brief with its row held; after the row that it explains, where both are.

    :raises Http404: where there is no such brief.
    """
    found = Brief.objects.select_for_update(no_key=True).filter(pk=brief_id).first()
    if found is None:
        raise Http404
    return found


def lock_invitation(**which: object) -> Invitation:
    """:raises Http404: where there is no such invitation."""
    found = Invitation.objects.select_for_update().filter(**which).first()
    if found is None:
        raise Http404
    return found


def lock_company() -> Company | None:
    """The company's row, held; None before the first start."""
    return Company.objects.select_for_update().first()
