"""Invitations: the one way into the portal. The secret in the link is bound to this purpose, works once,
expires, and is kept only as its SHA-256."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from activity import clock, log
from teams import fields, locks, rights
from teams.models import Invitation, Person, Role, Team
from teams.people import join, write_person
from teams.rules import Missing, RuleViolation

VALID_FOR = timedelta(days=7)
# The link that a command prints is opened at once, or made anew.
ADMIN_LINK_VALID_FOR = timedelta(hours=24)
PURPOSE = "invitation:"


@dataclass(frozen=True)
class Invited:
    """An invitation and its link's secret, which nobody can read again."""

    invitation: Invitation
    secret: str

    @property
    def url(self) -> str:
        return str(settings.BASE_URL) + reverse("teams:invitation", args=[self.secret])


def hash_of(secret: str) -> str:
    """What is kept of a link's secret; the purpose in it keeps other tokens from opening this door."""
    return hashlib.sha256((PURPOSE + secret).encode()).hexdigest()


def invite(
    email: str,
    *,
    by: Person | None,
    name: str = "",
    team: Team | None = None,
    role: str = Role.MEMBER,
    as_admin: bool = False,
) -> Invited:
    """Invite somebody; an earlier pending invitation to the same address and team stops working.

    :raises InvalidFields: naming each field that cannot be kept.
    :raises RuleViolation: ``not_yours`` (leads invite into their own team, admins anywhere and as admin),
        ``already_done`` where the address has an account.
    """
    address, role = fields.clean_email(email), fields.clean_role(role)
    if name:
        name = fields.needed_line(name, "name", fields.NAME_LENGTH)
    with transaction.atomic():
        if team is not None and not as_admin:
            rights.require_lead(by, team)
        else:
            rights.require_admin(by)
        _refuse_known(address)
        _pending(clock.now()).filter(email=address, team=team).update(withdrawn_at=clock.now())
        lasting = VALID_FOR if by is not None else ADMIN_LINK_VALID_FOR
        fresh = Invitation(email=address, name=name, team=team, role=role, as_admin=as_admin, invited_by=by)
        secret = _renew(fresh, lasting)
        data = {"team": team.slug if team else None, "role": role, "as_admin": as_admin}
        log.record("invitation.created", fresh, by=by, data=data)
        return Invited(fresh, secret)


def resend(invitation: Invitation, *, by: Person) -> Invited:
    """Make a fresh link, valid anew; the earlier one stops working.

    :raises RuleViolation: ``not_yours``, or ``already_done`` where it was accepted or withdrawn.
    """
    with transaction.atomic():
        invitation = _held_open(invitation, by)
        _refuse_known(invitation.email)
        secret = _renew(invitation, VALID_FOR)
        log.record("invitation.resent", invitation, by=by)
        return Invited(invitation, secret)


def withdraw(invitation: Invitation, *, by: Person) -> Invitation:
    """Let an invitation's link work no more.

    :raises RuleViolation: ``not_yours``, or ``already_done`` where it was accepted or withdrawn.
    """
    with transaction.atomic():
        invitation = _held_open(invitation, by)
        invitation.withdrawn_at = clock.now()
        invitation.save(update_fields=["withdrawn_at"])
        log.record("invitation.withdrawn", invitation, by=by)
        return invitation


def find_open(secret: str) -> Invitation:
    """The invitation behind a link.

    :raises Http404: the same for a link that is unknown, used, withdrawn or expired.
    """
    found = _pending(clock.now()).select_related("team", "invited_by").filter(token_hash=hash_of(secret))
    invitation = found.first()
    if invitation is None:
        raise Http404
    return invitation


def accept(secret: str, name: str, password: str, *, language: str = "", time_zone: str = "") -> Person:
    """Create the invited person's account, with their password, and let them join the team.

    :raises Http404: where the link is unknown, used, withdrawn or expired.
    :raises InvalidFields: naming each field that cannot be kept.
    :raises RuleViolation: ``already_done`` where the address has an account by now.
    """
    with transaction.atomic():
        invitation = locks.lock_invitation(token_hash=hash_of(secret))
        now = clock.now()
        if not _pending(now).filter(pk=invitation.pk).exists():
            raise Http404
        team = locks.lock_team(invitation.team_id) if invitation.team_id else None
        person = write_person(invitation.email, name, password=password, is_admin=invitation.as_admin)
        person.language = fields.clean_language(language)
        person.time_zone = time_zone if fields.is_zone(time_zone) else ""
        person.save(update_fields=["language", "time_zone"])
        if team is not None:
            join(team, person, invitation.role)
        invitation.accepted_at = now
        invitation.save(update_fields=["accepted_at"])
        data = {"invitation": invitation.pk, "team": team.slug if team else None, "role": invitation.role}
        log.record("invitation.accepted", person, by=person, data=data)
        return person


def pending(by: Person) -> list[Invitation]:
    """The open and expired invitations that ``by`` may resend or withdraw, newest first."""
    found = Invitation.objects.filter(accepted_at=None, withdrawn_at=None)
    if not rights.is_admin(by):
        found = found.filter(team__memberships__person=by, team__memberships__role=Role.LEAD, as_admin=False)
    return list(found.select_related("team", "invited_by").order_by("-created_at", "-pk")[:200])


def _pending(now: datetime) -> QuerySet[Invitation]:
    is_alive = Q(invited_by=None) | Q(invited_by__is_active=True)
    return Invitation.objects.filter(is_alive, accepted_at=None, withdrawn_at=None, expires_at__gt=now)


def _refuse_known(address: str) -> None:
    if Person.objects.filter(email__iexact=address).exists():
        text = _("Somebody with this e-mail address has an account already. Add them to the team instead.")
        raise RuleViolation([Missing("already_done", text, "email")])


def _renew(invitation: Invitation, lasting: timedelta) -> str:
    secret = secrets.token_urlsafe(32)
    invitation.token_hash = hash_of(secret)
    invitation.created_at = clock.now()
    invitation.expires_at = invitation.created_at + lasting
    invitation.save()
    return secret


def _held_open(invitation: Invitation, by: Person) -> Invitation:
    invitation = locks.lock_invitation(pk=invitation.pk)
    if invitation.team is not None and not invitation.as_admin:
        rights.require_lead(by, invitation.team)
    else:
        rights.require_admin(by)
    if invitation.accepted_at or invitation.withdrawn_at:
        text = _("This invitation has been accepted or withdrawn already.")
        raise RuleViolation([Missing("already_done", text)])
    return invitation
