"""Drafts: visible to their author alone, without events, and gone without a trace when thrown away."""

from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from activity import clock, log
from requests_app.choices import Status
from requests_app.intake.fields import RequestFields, clean_fields, write_fields, write_related
from requests_app.intake.personal_data import with_consequences
from requests_app.models import Request
from teams.models import Person
from teams.rules import Missing, RuleViolation, StaleVersion


def save_draft(
    fields: RequestFields,
    *,
    by: Person,
    number: int | None = None,
    submission_id: UUID | None = None,
    version: int | None = None,
) -> Request:
    """Make a draft or write into one's own.

    ``submission_id`` is the one-time id of a form: the same one always leads to the same request, also when
    that has been submitted meanwhile, in which case it is returned as it is.

    :raises Http404: where ``number`` is no draft of ``by``.
    :raises InvalidFields: naming every field that cannot be kept.
    :raises RuleViolation: not_yours for an agreed delivery date.
    :raises StaleVersion: where ``version`` is given and the draft has moved on.
    """
    with transaction.atomic():
        draft = _own_draft(number, by) if number else _new_draft(by, submission_id)
        clean = clean_fields(fields, draft)
        if draft.status != Status.DRAFT:
            return draft
        if version is not None and version != draft.version:
            raise StaleVersion(draft.version)
        clean = with_consequences(draft, clean)
        _refuse_agreed_date(clean)
        write_fields(draft, clean, clean)
        draft.version += 1
        draft.updated_at = clock.now()
        draft.save()
        write_related(draft, clean)
        return draft


def _refuse_agreed_date(fields: RequestFields) -> None:
    """The agreed date is IT's, which does not know of drafts."""
    if fields.get("agreed_on"):
        words = _("The agreed delivery date is set by the IT owner.")
        raise RuleViolation([Missing("not_yours", words, "agreed_on")])


def _own_draft(number: int, by: Person) -> Request:
    draft = Request.objects.visible_to(by).select_for_update().filter(number=number, requester=by).first()
    if draft is None:
        raise Http404
    return draft


def _new_draft(by: Person, submission_id: UUID | None) -> Request:
    now = clock.now()
    start = {
        "requester": by,
        "origin": log.current_origin(),
        "created_at": now,
        "updated_at": now,
        "status_since": now,
        "version": 0,
    }
    if submission_id is None:
        return Request.objects.create(**start)
    draft, made = Request.objects.get_or_create(submission_id=submission_id, defaults=start)
    if draft.requester_id != by.pk:
        raise Http404
    return draft if made else Request.objects.select_for_update().get(pk=draft.pk)


def throw_away(number: int, *, by: Person) -> None:
    """Delete one's own draft.

    :raises Http404: where ``number`` is no draft of ``by``.
    """
    with transaction.atomic():
        draft = _own_draft(number, by)
        if draft.status != Status.DRAFT:
            raise Http404
        draft.delete()
