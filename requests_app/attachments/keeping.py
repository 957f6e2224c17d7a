"""Putting files to a request, and taking them away.

A file is stored before its row is written and removed after its row is gone: whatever is killed in between,
there is never a row without its file. What then lies in the storage without a row is swept (`sweeping.py`).
"""

import logging
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activity import clock, log
from requests_app.attachments.examining import FIELD, Examined, examine
from requests_app.boards import locks
from requests_app.choices import Status
from requests_app.models import Attachment, Request
from requests_app.models.attachments import random_place
from requests_app.querysets import HIGHEST_NUMBER
from requests_app.workflow.situation import roles_of
from teams.models import Person
from teams.rules import InvalidFields, Missing, RuleViolation

logger = logging.getLogger(__name__)

MOST_FILES = 10
PREVIEW_SUFFIX = ".preview"


def attach(number: int, files: Sequence["File[Any]"], *, by: Person) -> list[Attachment]:
    """Put ``files`` to a request, all of them or none.

    Whoever sees the request may; its version stays, for a file must not break an open form.

    :raises Http404: where ``by`` may not see the request.
    :raises InvalidFields: where a file is not taken, none is sent, or the request would have too many.
    :raises RuleViolation: ``wrong_status`` in a draft.
    """
    request = Request.objects.get_visible(by, number)
    _check(request, len(files))
    examined = examine(files)
    stored: list[str] = []
    try:
        places = [_store(one, stored) for one in examined]
        with transaction.atomic():
            request = locks.lock_request(number, by)
            _check(request, len(files))
            return _write(request, examined, places, by)
    except Exception:
        remove_files(stored)
        raise


def _check(request: Request, sent: int) -> None:
    if request.status == Status.DRAFT:
        raise RuleViolation([Missing("wrong_status", _("Submit the request first."))])
    if not sent:
        raise InvalidFields([Missing("required", _("Choose a file."), FIELD)])
    there = Attachment.objects.filter(request=request).count()
    if there + sent > MOST_FILES:
        words = ngettext(
            "A request holds at most %(most)d files. It has %(there)d, and you sent %(sent)d file.",
            "A request holds at most %(most)d files. It has %(there)d, and you sent %(sent)d files.",
            sent,
        )
        told = words % {"most": MOST_FILES, "there": there, "sent": sent}
        raise InvalidFields([Missing("too_many", told, FIELD)])


def _store(one: Examined, stored: list[str]) -> str:
    """The place at which the file now lies; whatever was stored is added to ``stored``."""
    one.file.seek(0)
    place = default_storage.save(random_place(), one.file)
    stored.append(place)
    if one.preview:
        stored.append(default_storage.save(place + PREVIEW_SUFFIX, ContentFile(one.preview)))
    return place


def _write(
    request: Request, examined: Iterable[Examined], places: Iterable[str], by: Person
) -> list[Attachment]:
    rows = Attachment.objects.bulk_create(
        Attachment(
            request=request,
            uploader=by,
            name=one.name,
            file=place,
            preview=place + PREVIEW_SUFFIX if one.preview else "",
            content_type=one.content_type,
            size=one.size,
            created_at=clock.now(),
        )
        for one, place in zip(examined, places, strict=True)
    )
    files = [{"attachment": row.pk, "name": row.name} for row in rows]
    log.record("request.attached", request, by=by, data={"files": files})
    return rows


def detach(number: int, attachment: int, *, by: Person) -> None:
    """Take a file away for good; the timeline keeps its name.

    :raises Http404: where ``by`` may not see the request, or it has no such attachment.
    :raises RuleViolation: ``not_yours`` for all but who sent it, requester, tandem and leads.
    """
    if attachment > HIGHEST_NUMBER:
        raise Http404
    with transaction.atomic():
        request = locks.lock_request(number, by)
        row = Attachment.objects.filter(request=request, pk=attachment).first()
        if row is None:
            raise Http404
        if row.uploader_id != by.pk and not roles_of(request, by).takes_care:
            words = _("Only who sent a file, the requester, the tandem and leads take it away.")
            raise RuleViolation([Missing("not_yours", words)])
        row.delete()
        log.record("request.detached", request, by=by, data={"attachment": attachment, "name": row.name})
        places = [str(place) for place in (row.file, row.preview) if place]
        transaction.on_commit(partial(remove_files, places), robust=True)


def remove_files(places: Iterable[str]) -> None:
    """Remove files that no row names; where the storage is away, the sweep removes them later."""
    for place in places:
        try:
            default_storage.delete(place)
        except Exception:
            logger.exception("The file %s could not be removed; the sweep will.", place)
