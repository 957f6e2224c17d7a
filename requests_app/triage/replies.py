"""Saved replies: texts in both languages with gaps for the requester's name and the request's key."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict, cast

from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _

from activity import log
from requests_app.kept_texts import require_keeper, write
from requests_app.models import REPLY_NAME, REPLY_TEXT, Request, SavedReply
from requests_app.querysets import HIGHEST_NUMBER
from teams.fields import check_version, needed_line, told, wrong
from teams.models import Membership, Person, Role, Side
from teams.rights import is_admin
from teams.rules import Missing, RuleViolation
from teams.texts import clean_text

GAP = re.compile(r"\{([^{}]*)\}")
GAPS = ("name", "key")
LANGUAGES = ("de", "en")


class ReplyFields(TypedDict):
    name: str
    text_de: str
    text_en: str


def may_keep_replies(person: Person) -> bool:
    """Whether ``person`` leads a team of IT or is an admin."""
    leads = Q(person=person, person__is_active=True, role=Role.LEAD, team__side=Side.IT)
    return Membership.objects.filter(leads).exists() or is_admin(person)


def keep_reply(pk: int | None, fields: ReplyFields, *, by: Person, version: int | None = None) -> SavedReply:
    """Write a saved reply, a new one where ``pk`` is None; nothing new changes nothing.

    :raises Http404: where there is none of this id.
    :raises InvalidFields: naming each text that is missing, cannot be kept, or has a gap that nothing fills.
    :raises RuleViolation: ``not_yours`` for all but IT's leads and admins, ``already_done`` for a taken name.
    :raises StaleVersion: where ``version`` is given and somebody else wrote it meanwhile.
    """
    clean = _clean(fields)
    with transaction.atomic():
        _require_keeper(by)
        reply = SavedReply(version=0) if pk is None else _held(pk)
        check_version(reply.version, version)
        now = {name: getattr(reply, name) for name in clean}
        changes = {name: value for name, value in clean.items() if value != now[name]}
        if changes:
            words = _("There is a saved reply of this name already.")
            write(reply, changes, by, taken=RuleViolation([Missing("already_done", words, "name")]))
            kind = "saved_reply.edited" if reply.version > 1 else "saved_reply.created"
            log.record(kind, reply, by=by, data={"changes": told(changes, now), "version": reply.version})
        return reply


def remove_reply(pk: int, *, by: Person) -> None:
    """Take a saved reply away; one that is gone stays gone.

    :raises RuleViolation: ``not_yours`` for all but IT's leads and admins.
    """
    with transaction.atomic():
        _require_keeper(by)
        reply = SavedReply.objects.select_for_update().filter(pk=min(pk, HIGHEST_NUMBER)).first()
        if reply is not None:
            log.record("saved_reply.removed", reply, by=by, data={"name": reply.name})
            reply.delete()


@dataclass(frozen=True)
class Filled:
    """A saved reply in one language, ready to be sent for one request."""

    name: str
    language: str
    text: str


def filled(request: Request) -> list[tuple[str, list[Filled]]]:
    """All saved replies by language, that of the requester first, with their gaps filled for ``request``."""
    spoken = request.requester.language if request.requester else ""
    languages = sorted(LANGUAGES, key=lambda language: language != spoken)
    rows = list(SavedReply.objects.order_by("name"))
    return [
        (one, [Filled(row.name, one, fill(getattr(row, f"text_{one}"), request)) for row in rows])
        for one in languages
    ]


def fill(text: str, request: Request) -> str:
    """``text`` with the requester's name and the key of ``request``; a name that nobody knows stays a gap."""
    values = {"name": request.requester.name if request.requester else "…", "key": request.key}
    return GAP.sub(lambda gap: values.get(gap[1], gap[0]), text)


def _clean(fields: ReplyFields) -> dict[str, str]:
    clean = {"name": needed_line(fields["name"], "name", REPLY_NAME)}
    texts = cast("Mapping[str, str]", fields)
    for language in LANGUAGES:
        field = f"text_{language}"
        clean[field] = clean_text(texts[field], field, REPLY_TEXT)
        if not clean[field]:
            raise wrong(field, _("Write this text in both languages."), "required")
        unknown = [gap for gap in GAP.findall(clean[field]) if gap not in GAPS]
        if unknown:
            words = _("Only {name} and {key} are filled in, not {%(gap)s}.")
            raise wrong(field, words % {"gap": unknown[0]})
    return clean


def _require_keeper(by: Person) -> None:
    words = _("Only leads of IT and administrators keep saved replies.")
    require_keeper(may_keep_replies(by), words)


def _held(pk: int) -> SavedReply:
    found = SavedReply.objects.select_for_update().filter(pk=min(pk, HIGHEST_NUMBER)).first()
    if found is None:
        raise Http404
    return found
