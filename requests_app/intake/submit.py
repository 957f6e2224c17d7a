"""Handing a request in."""

from uuid import UUID

from django.db import transaction
from django.http import Http404

from activity import clock, log
from requests_app import vocabulary
from requests_app.boards import locks, rank
from requests_app.choices import Status
from requests_app.intake.drafts import save_draft
from requests_app.intake.fields import RequestFields, what_is_missing
from requests_app.models import Request
from requests_app.workflow.turn import refresh_turn
from teams.models import Person, Side
from teams.rules import InvalidFields, StaleVersion


def create(
    fields: RequestFields,
    *,
    by: Person,
    submit: bool,
    submission_id: UUID | None = None,
    number: int | None = None,
    version: int | None = None,
) -> Request:
    """File a request, or keep it as a draft where ``submit`` is False; ``number`` continues one's own draft.

    :raises InvalidFields: naming every field that is wrong or, at submit, missing; nothing is kept then.
    :raises StaleVersion: where ``version`` is given and the draft has moved on.
    """
    with transaction.atomic():
        if submit:
            _lock_ahead(by)
        draft = save_draft(fields, by=by, number=number, submission_id=submission_id, version=version)
        return hand_in(draft.pk, by=by) if submit else draft


def hand_in(number: int, *, by: Person, version: int | None = None) -> Request:
    """Submit one's own draft; a second time it succeeds without change.

    :raises Http404: where ``number`` is no request of ``by``.
    :raises InvalidFields: naming every field that is required and missing.
    :raises StaleVersion: where ``version`` is given and the draft has moved on.
    """
    with transaction.atomic():
        _lock_ahead(by)
        request = locks.lock_request(number, by)
        if request.requester_id != by.pk:
            raise Http404
        if request.status != Status.DRAFT:
            return request
        if version is not None and version != request.version:
            raise StaleVersion(request.version)
        missing = what_is_missing(request)
        if missing:
            raise InvalidFields(missing)
        return _enter(request, by)


def _lock_ahead(by: Person) -> None:
    """Whoever may get Marketing's seat is held, so that they neither leave nor lose the side meanwhile."""
    locks.lock_ahead(locks.Ahead(Status.SUBMITTED, people=frozenset({by.pk})))


def _enter(request: Request, by: Person) -> Request:
    now = clock.now()
    before = {"status": request.status, "rank": request.rank}
    request.status = Status.SUBMITTED
    rank.place_at_bottom(request)
    # As the person is now; the caller may know them from before.
    if request.requester is not None and request.requester.on_side(Side.MARKETING):
        request.marketing_owner = by
    request.submitted_at = request.status_since = request.progress_at = request.updated_at = now
    request.version += 1
    refresh_turn(request, now)
    request.save()
    vocabulary.learn(request)
    data = {"action": "submit", "from": before["status"], "to": request.status, "before": before}
    log.record("request.submitted", request, by=by, data=data | {"version": request.version})
    return request
