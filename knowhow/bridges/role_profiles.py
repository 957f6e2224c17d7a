"""Role profiles: postings that leads keep, in both languages."""

from typing import TypedDict, cast

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from activity import clock, log
from knowhow.models import RoleProfile
from knowhow.skills.models import leads_anywhere
from teams import fields
from teams.models import PLAIN_LINE, PLAIN_TEXT, Person
from teams.rules import InvalidFields, Missing, RuleViolation
from teams.texts import clean_text

TITLES, TEXTS = ("title_de", "title_en"), ("text_de", "text_en")


class Texts(TypedDict):
    title_de: str
    title_en: str
    text_de: str
    text_en: str


def keep_role(texts: Texts, *, by: Person) -> RoleProfile:
    """Keep a posting.

    :raises InvalidFields: naming each text that is empty, too long or holds control characters.
    :raises RuleViolation: ``not_yours`` for all but leads and admins.
    """
    clean = _clean(texts)
    with transaction.atomic():
        _require_lead(by)
        now = clock.now()
        role = RoleProfile.objects.create(**clean, written_by=by, created_at=now, changed_at=now)
        log.record("role.created", role, by=by, data={"title_de": role.title_de, "title_en": role.title_en})
        return role


def change_role(pk: int, texts: Texts, *, by: Person, version: int | None = None) -> RoleProfile:
    """Change a posting.

    :raises Http404: where there is no such posting.
    :raises InvalidFields: as for ``keep_role``.
    :raises RuleViolation: ``not_yours`` for all but leads and admins.
    :raises StaleVersion: where somebody changed the same texts since ``version``.
    """
    clean = _clean(texts)
    with transaction.atomic():
        role = RoleProfile.objects.select_for_update(no_key=True, of=("self",)).filter(pk=pk).first()
        if role is None:
            raise Http404
        _require_lead(by)
        now = {name: getattr(role, name) for name in clean}
        changes = fields.own_changes(role, ["role.changed"], dict(clean), now, version)
        if changes:
            for name, value in changes.items():
                setattr(role, name, value)
            role.version, role.changed_at = role.version + 1, clock.now()
            role.save()
            data = {"changes": fields.told(changes, now), "version": role.version}
            log.record("role.changed", role, by=by, data=data)
        return role


def may_keep_roles(person: Person) -> bool:
    """Whether ``person`` leads somewhere."""
    return leads_anywhere(person)


def _require_lead(by: Person) -> None:
    # Read anew: a page may have kept the teams of the person who acts.
    person = Person.objects.filter(pk=by.pk, is_active=True).first()
    if person is None or not leads_anywhere(person):
        raise RuleViolation([Missing("not_yours", _("Only leads and administrators write role profiles."))])


def _clean(texts: Texts) -> Texts:
    given = dict(texts)
    clean = {name: fields.needed_line(str(given[name]), name, PLAIN_LINE) for name in TITLES}
    clean |= {name: clean_text(str(given[name]), name, PLAIN_TEXT) for name in TEXTS}
    empty = [Missing("required", _("Fill in this field."), name) for name, text in clean.items() if not text]
    if empty:
        raise InvalidFields(empty)
    return cast(Texts, clean)
