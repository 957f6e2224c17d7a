"""People and their memberships. Deactivating somebody, and taking them out of a team, also empties seats:
pages and API call ``requests_app.seats`` for these two, which calls the functions here."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from activity import clock, log
from teams import fields, locks, rights
from teams.models import ApiToken, Invitation, Membership, Person, PersonSide, Role, Side, Team
from teams.rules import Missing, RuleViolation
from teams.sessions import end_sessions


def sides_of(person: Person) -> set[str]:
    """Marketing, IT, both or none of them."""
    return {side for side in (Side.MARKETING, Side.IT) if person.on_side(side)}


def refresh_side(person: Person) -> None:
    """Bring ``person.side`` in line with the memberships, without saving; the caller holds the row."""
    sides = set(Team.objects.filter(memberships__person=person).values_list("side", flat=True))
    if {Side.MARKETING, Side.IT} <= sides:
        person.side = PersonSide.BOTH
    else:
        own = (side for side in (Side.MARKETING, Side.IT) if side in sides)
        person.side = PersonSide(next(own, Side.OTHER))


def write_person(email: str, name: str, *, password: str | None = None, is_admin: bool = False) -> Person:
    """Write the row alone, for a change whose own event tells of the person (an accepted invitation).

    :raises InvalidFields: naming each field that cannot be kept.
    :raises RuleViolation: ``already_done`` where the address belongs to somebody.
    """
    person = Person(email=fields.clean_email(email), is_admin=is_admin, joined_at=clock.now())
    person.name = fields.needed_line(name, "name", fields.NAME_LENGTH)
    if password is None:
        person.set_unusable_password()
    else:
        person.set_password(fields.clean_password(password, person))
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError as error:
        text = _("Somebody with this e-mail address has an account already.")
        raise RuleViolation([Missing("already_done", text, "email")]) from error
    return person


def create_person(email: str, name: str, *, by: Person | None) -> Person:
    """Create an account without a password; its owner sets one through "Forgot your password?".

    :raises InvalidFields: naming each field that cannot be kept.
    :raises RuleViolation: ``not_yours`` for all but admins, ``already_done`` for a known address.
    """
    with transaction.atomic():
        rights.require_admin(by)
        person = write_person(email, name)
        log.record("person.created", person, by=by, data={"name": person.name})
        return person


def rename(person: Person, name: str, *, by: Person, version: int | None = None) -> Person:
    """Change how ``person`` is called.

    :raises InvalidFields: where the name is empty or too long.
    :raises RuleViolation: ``not_yours`` for all but the person and admins.
    :raises StaleVersion: where somebody changed the person since ``version``.
    """
    name = fields.needed_line(name, "name", fields.NAME_LENGTH)
    with transaction.atomic():
        person = locks.lock_people([person.pk])[person.pk]
        rights.require_self_or_admin(by, person)
        fields.check_version(person.version, version)
        if name == person.name:
            return person
        before, person.name = person.name, name
        _save(person, "name")
        log.record("person.edited", person, by=by, data={"name": {"from": before, "to": name}})
        return person


def set_preferences(
    person: Person,
    *,
    by: Person,
    language: str | None = None,
    time_zone: str | None = None,
    letter_keys: bool | None = None,
) -> Person:
    """Choose language ("" follows the browser), time zone and whether single letters do something:
    preferences, which have no event. None leaves as it is.

    :raises InvalidFields: for an unknown language or zone.
    :raises RuleViolation: ``not_yours`` for anybody but the person and admins.
    """
    with transaction.atomic():
        rights.require_self_or_admin(by, person)
        chosen = []
        if language is not None:
            person.language = fields.clean_language(language)
            chosen.append("language")
        if time_zone is not None:
            person.time_zone = fields.clean_zone(time_zone)
            chosen.append("time_zone")
        if letter_keys is not None:
            person.letter_keys = letter_keys
            chosen.append("letter_keys")
        person.save(update_fields=chosen)
        return person


def add_member(team: Team, person: Person, role: str = Role.MEMBER, *, by: Person | None) -> Membership:
    """Take ``person`` into ``team``; the person's side follows.

    :raises RuleViolation: ``not_yours`` for all but leads and admins, ``already_done`` for a member,
        ``wrong_status`` for somebody who is deactivated.
    """
    role = fields.clean_role(role)
    with transaction.atomic():
        team = locks.lock_team(team.pk)
        person = locks.lock_people([person.pk])[person.pk]
        rights.require_lead(by, team)
        if not person.is_active:
            raise RuleViolation([Missing("wrong_status", _("This person is deactivated."), "person")])
        if Membership.objects.filter(team=team, person=person).exists():
            raise RuleViolation([Missing("already_done", _("This person is in the team already."), "person")])
        membership = join(team, person, role)
        log.record("membership.added", team, by=by, data={"person": person.pk, "role": role})
        return membership


def join(team: Team, person: Person, role: str) -> Membership:
    """Write the membership and the person's side alone, for a change whose own event tells of it."""
    membership = Membership.objects.create(team=team, person=person, role=role)
    refresh_side(person)
    _save(person, "side")
    _bump(team)
    return membership


def set_role(team: Team, person: Person, role: str, *, by: Person) -> Membership:
    """Make a member a lead, or a lead a member; the present role changes nothing.

    :raises RuleViolation: ``not_yours`` for all but leads and admins, ``already_done`` for who has left.
    """
    role = fields.clean_role(role)
    with transaction.atomic():
        team = locks.lock_team(team.pk)
        locks.lock_people([person.pk])
        rights.require_lead(by, team)
        membership = _membership(team, person)
        if membership.role == role:
            return membership
        before, membership.role = membership.role, role
        membership.save(update_fields=["role"])
        _bump(team)
        data = {"person": person.pk, "from": before, "to": role}
        log.record("membership.role_changed", team, by=by, data=data)
        return membership


def take_out(team: Team, person: Person, *, by: Person) -> Person:
    """End a membership; the side follows. Seats of a lost side: ``requests_app.seats.remove_member``.

    :raises RuleViolation: ``not_yours`` for all but leads, admins and the person; ``already_done`` for who
        has left.
    """
    with transaction.atomic():
        team = locks.lock_team(team.pk)
        person = locks.lock_people([person.pk])[person.pk]
        if by.pk != person.pk:
            rights.require_lead(by, team)
        membership = _membership(team, person)
        membership.delete()
        refresh_side(person)
        _save(person, "side")
        _bump(team)
        log.record("membership.removed", team, by=by, data={"person": person.pk, "role": membership.role})
        return person


def shut_out(person: Person, *, by: Person | None) -> Person:
    """Deactivate: sessions, API tokens and pending invitations end at once. Seats:
    ``requests_app.seats.deactivate``.

    :raises RuleViolation: ``not_yours`` for all but admins, ``already_done``, ``last_admin``.
    """
    with transaction.atomic():
        person = locks.lock_people([person.pk, by.pk if by else None], admins=True)[person.pk]
        rights.require_admin(by)
        if not person.is_active:
            raise RuleViolation([Missing("already_done", _("This person is deactivated already."))])
        _keep_one_admin(person)
        person.is_active = False
        _save(person, "is_active")
        _end_access(person)
        log.record("person.deactivated", person, by=by)
        return person


def _end_access(person: Person) -> None:
    end_sessions(person)
    now = clock.now()
    ApiToken.objects.filter(person=person, revoked_at=None).update(revoked_at=now)
    pending = Invitation.objects.filter(accepted_at=None, withdrawn_at=None)
    (pending.filter(invited_by=person) | pending.filter(email__iexact=person.email)).update(withdrawn_at=now)


def reactivate(person: Person, *, by: Person | None) -> Person:
    """Let somebody in again, with the memberships they had; tokens and seats do not come back.

    :raises RuleViolation: ``not_yours`` for all but admins, ``already_done`` for who is active.
    """
    with transaction.atomic():
        person = locks.lock_people([person.pk])[person.pk]
        rights.require_admin(by)
        if person.is_active:
            raise RuleViolation([Missing("already_done", _("This person is active already."))])
        person.is_active = True
        _save(person, "is_active")
        log.record("person.reactivated", person, by=by)
        return person


def make_admin(person: Person, *, by: Person | None) -> Person:
    """Give somebody the rights of an administrator.

    :raises RuleViolation: ``not_yours`` for all but admins, ``already_done``, ``wrong_status``.
    """
    with transaction.atomic():
        person = locks.lock_people([person.pk])[person.pk]
        rights.require_admin(by)
        if not person.is_active:
            raise RuleViolation([Missing("wrong_status", _("This person is deactivated."))])
        if person.is_admin:
            raise RuleViolation([Missing("already_done", _("This person is an administrator already."))])
        person.is_admin = True
        _save(person, "is_admin")
        log.record("person.made_admin", person, by=by)
        return person


def end_admin(person: Person, *, by: Person | None) -> Person:
    """Take the rights of an administrator away; the last one keeps them.

    :raises RuleViolation: ``not_yours`` for all but admins, ``already_done``, ``last_admin``.
    """
    with transaction.atomic():
        person = locks.lock_people([person.pk, by.pk if by else None], admins=True)[person.pk]
        rights.require_admin(by)
        if not person.is_admin:
            raise RuleViolation([Missing("already_done", _("This person is no administrator."))])
        _keep_one_admin(person)
        person.is_admin = False
        _save(person, "is_admin")
        log.record("person.admin_ended", person, by=by)
        return person


def _keep_one_admin(person: Person) -> None:
    others = Person.objects.filter(is_admin=True, is_active=True).exclude(pk=person.pk)
    if person.is_admin and person.is_active and not others.exists():
        text = _("This is the last administrator. Make somebody else one first.")
        raise RuleViolation([Missing("last_admin", text)])


def _membership(team: Team, person: Person) -> Membership:
    found = Membership.objects.filter(team=team, person=person).first()
    if found is None:
        raise RuleViolation([Missing("already_done", _("This person is no longer in the team."), "person")])
    return found


def _save(person: Person, *changed: str) -> None:
    person.version += 1
    person.save(update_fields=[*changed, "version"])


def _bump(team: Team) -> None:
    team.version += 1
    team.save(update_fields=["version"])
