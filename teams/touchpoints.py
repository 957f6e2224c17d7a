"""The touchpoints, kept by administrators; requests name them by their slug."""

from typing import TypedDict

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from activity import log
from teams import fields, rights
from teams.models import Person, Touchpoint
from teams.rules import Missing, RuleViolation

SLUG_LENGTH = 40
NAME_LENGTH = 80


class TouchpointFields(TypedDict, total=False):
    """What of a touchpoint can be changed."""

    name_de: str
    name_en: str
    phase: str
    position: int
    is_archived: bool


def create_touchpoint(
    name_de: str, name_en: str, phase: str, *, by: Person | None, slug: str = ""
) -> Touchpoint:
    """Add a touchpoint at the end of the list; its slug follows from the English name unless one is given.

    :raises InvalidFields: naming each field that cannot be kept.
    :raises RuleViolation: ``not_yours`` for all but admins, ``already_done`` for a slug that is taken.
    """
    clean = _clean({"name_de": name_de, "name_en": name_en, "phase": phase})
    slug = slugify(slug or clean["name_en"]).replace("-", "_")[:SLUG_LENGTH].strip("_")
    if not slug:
        raise fields.wrong("name_en", _("Use letters or digits in the English name."))
    with transaction.atomic():
        rights.require_admin(by)
        last = Touchpoint.objects.aggregate(last=Max("position"))["last"]
        touchpoint = Touchpoint(slug=slug, position=0 if last is None else last + 1, **clean)
        try:
            with transaction.atomic():
                touchpoint.save(force_insert=True)
        except IntegrityError as error:
            text = _("There is a touchpoint of this name already.")
            raise RuleViolation([Missing("already_done", text, "name_en")]) from error
        log.record("touchpoint.created", touchpoint, by=by, data={"slug": slug})
        return touchpoint


def edit_touchpoint(touchpoint: Touchpoint, changes: TouchpointFields, *, by: Person) -> Touchpoint:
    """Rename, move or archive a touchpoint; an archived one stays on its requests and is offered no more.

    :raises InvalidFields: naming each field that cannot be kept.
    :raises RuleViolation: ``not_yours`` for all but admins.
    """
    clean = _clean(changes)
    with transaction.atomic():
        touchpoint = Touchpoint.objects.select_for_update(no_key=True).get(pk=touchpoint.pk)
        rights.require_admin(by)
        told = {
            field: {"from": getattr(touchpoint, field), "to": value}
            for field, value in clean.items()
            if value != getattr(touchpoint, field)
        }
        if told:
            for field in told:
                setattr(touchpoint, field, clean[field])  # type: ignore[literal-required]
            touchpoint.save(update_fields=list(told))
            log.record("touchpoint.edited", touchpoint, by=by, data={"changes": told})
        return touchpoint


def _clean(changes: TouchpointFields) -> TouchpointFields:
    clean = changes.copy()
    if "name_de" in clean:
        clean["name_de"] = fields.needed_line(clean["name_de"], "name_de", NAME_LENGTH)
    if "name_en" in clean:
        clean["name_en"] = fields.needed_line(clean["name_en"], "name_en", NAME_LENGTH)
    if "phase" in clean and clean["phase"] not in Touchpoint.Phase.values:
        raise fields.wrong("phase", _("Choose one of the offered phases."))
    return clean
