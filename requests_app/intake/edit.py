"""Changing what a request says, after it was submitted."""

from collections.abc import Iterator
from typing import Any, cast

from django.db import transaction
from django.utils.translation import gettext as _

from activity import clock, log
from requests_app import vocabulary
from requests_app.before_work.proposals import NEEDS_ASSENT, put_forward
from requests_app.boards import locks
from requests_app.choices import AGREED, Status
from requests_app.intake.drafts import save_draft
from requests_app.intake.fields import (
    RELATED,
    RequestFields,
    clean_fields,
    related,
    what_is_missing,
    write_fields,
    write_related,
)
from requests_app.intake.personal_data import with_consequences
from requests_app.intake.plain import plain
from requests_app.models import Request
from requests_app.workflow.situation import Situation, look
from requests_app.workflow.turn import refresh_turn
from requests_app.workflow.who import REQUESTER, holds_it, is_lead, is_serving_lead, is_tandem
from teams.fields import own_changes
from teams.models import Person
from teams.rules import InvalidFields, Missing, RuleViolation, StaleVersion
from teams.texts import clean_text

REASON_LIMIT = 2_000
# Every event that tells of changed fields.
EVENTS = (
    *("request.edited", "request.restricted", "request.opened_up"),
    *("request.result_proposed", "request.result_agreed", "request.measuring_postponed"),
)


def edit(
    number: int,
    fields: RequestFields,
    *,
    by: Person,
    reason: str = "",
    version: int | None = None,
    seen_version: int | None = None,
) -> Request:
    """Write ``fields`` into a request that ``by`` may edit; a draft is simply saved.

    From *ready* on, baseline, target and measuring date are not written but proposed: they change once both
    sides have assented.

    ``version`` refuses any change since (the API's If-Match). ``seen_version`` is what a form was built from:
    fields that the form left as they were keep what others wrote meanwhile.

    :raises Http404: where ``by`` does not see the request.
    :raises InvalidFields: naming every field that cannot be kept.
    :raises RuleViolation: not_yours, wrong_status, reason_missing, result_missing.
    :raises StaleVersion: where ``version`` is not the present one, or naming the fields that the form and
        somebody else changed.
    """
    reason = clean_text(reason, "reason", REASON_LIMIT)
    with transaction.atomic():
        request = locks.lock_request(number, by)
        if request.status == Status.DRAFT:
            return save_draft(fields, by=by, number=number, version=version)
        clean = clean_fields(fields, request)
        if version is not None and version != request.version:
            raise StaleVersion(request.version)
        changed = with_consequences(request, _changed(request, clean, seen_version))
        if not changed:
            return request
        _check(request, by, changed, reason)
        return _write(request, changed, by, reason)


def _changed(request: Request, fields: RequestFields, seen_version: int | None) -> RequestFields:
    """The fields that the caller really changed, compared with the version it had seen."""
    now = {name: plain(_current(request, name)) for name in fields}
    wanted = {name: plain(value) for name, value in fields.items()}
    mine = own_changes(request, EVENTS, wanted, now, seen_version)
    return cast(RequestFields, {name: value for name, value in fields.items() if name in mine})


def differs(request: Request, fields: RequestFields) -> bool:
    """Whether ``fields`` say something else than ``request`` does."""
    clean = clean_fields(fields, request)
    return any(plain(value) != plain(_current(request, name)) for name, value in clean.items())


def _current(request: Request, name: str) -> Any:
    return related(request, name) if name in RELATED else getattr(request, name)


def may_edit(request: Request, person: Person) -> bool:
    """Whether ``person`` is the requester, one of the tandem, or a lead of the teams concerned."""
    return may_edit_in(look(request, person))


def may_edit_in(situation: Situation) -> bool:
    """The same, for a page that knows the situation already."""
    return REQUESTER.holds(situation) or is_tandem(situation) or is_lead(situation)


def may_agree_date(situation: Situation) -> bool:
    """Whether the agreed delivery date is up to the person: the IT owner, or a lead in that seat."""
    return holds_it(situation) or is_serving_lead(situation)


def _check(request: Request, by: Person, changed: RequestFields, reason: str) -> None:
    missing = list(_refusals(request, by, changed, reason))
    if missing:
        raise RuleViolation(missing)


def _refusals(request: Request, by: Person, changed: RequestFields, reason: str) -> Iterator[Missing]:
    situation = look(request, by)
    if not may_edit_in(situation):
        yield Missing(
            "not_yours", _("Only the requester, the tandem and the leads of both teams may change this.")
        )
    if "agreed_on" in changed and not may_agree_date(situation):
        words = _("The agreed delivery date is set by the IT owner.")
        yield Missing("not_yours", words, "agreed_on")
    if "serving_team" in changed:
        yield Missing("wrong_status", _("Hand the request to another team with Assign."), "serving_team")
    if request.status not in AGREED:
        return
    if not reason:
        yield Missing("reason_missing", _("Say why you change what both sides agreed on."), "reason")
    yield from _refused_proposal(changed)


def _refused_proposal(changed: RequestFields) -> Iterator[Missing]:
    names = [name for name in NEEDS_ASSENT if name in changed]
    for name in names:
        if changed.get(name) is None:
            words = _("Both sides agreed on this value, so it can be changed but not taken away.")
            yield Missing("result_missing", words, name)
    if names and "restricted" in changed:
        words = _("Change first who sees the request, then the agreed result.")
        yield Missing("wrong_status", words, "restricted")


def _write(request: Request, changed: RequestFields, by: Person, reason: str) -> Request:
    agreed = NEEDS_ASSENT if request.status in AGREED else ()
    proposed = {name: value for name, value in changed.items() if name in agreed}
    changed = cast(RequestFields, {name: value for name, value in changed.items() if name not in agreed})
    before = {name: plain(_current(request, name)) for name in changed}
    if changed.get("restricted"):
        vocabulary.forget(request)
    write_fields(request, changed, changed)
    missing = what_is_missing(request)
    if missing:
        raise InvalidFields(missing)
    now = clock.now()
    request.version += 1
    request.updated_at = request.progress_at = now
    refresh_turn(request, now)
    request.save()
    write_related(request, changed)
    vocabulary.learn(request)
    changes = {name: {"from": before[name], "to": plain(value)} for name, value in changed.items()}
    data = {"changes": changes, "reason": reason, "version": request.version}
    if proposed:
        data |= put_forward(request, proposed, by, reason)
    kind = "request.result_proposed" if proposed else _kind(request, changed)
    log.record(kind, request, by=by, data=data)
    return request


def _kind(request: Request, changed: RequestFields) -> str:
    if "restricted" not in changed:
        return "request.edited"
    if not request.restricted:
        return "request.opened_up"
    # Who watched before loses sight at once; the teams and the tandem see it without watching.
    request.watchers.all().delete()
    return "request.restricted"
