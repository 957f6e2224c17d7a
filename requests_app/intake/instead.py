"""Supporting a request that is there already instead of filing the same again."""

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from activity import clock, log
from requests_app.boards import locks
from requests_app.choices import Status
from requests_app.discussion.comments import say
from requests_app.discussion.mentions import settled
from requests_app.discussion.people import follows
from requests_app.models import COMMENT_TEXT, Request, Supporter
from teams.models import Person
from teams.rules import Missing, RuleViolation, StaleVersion
from teams.texts import clean_text


def support_instead(
    number: int, *, by: Person, body: str = "", draft: int | None = None, draft_version: int | None = None
) -> Request:
    """Support and follow a request, say ``body`` about it (nothing where empty), throw one's ``draft`` away.

    A second time it changes nothing but what is said. The draft's own texts go with it: who wants to keep
    them hands them over as ``body``.

    :raises Http404: where ``by`` does not see the request, or ``draft`` is no request that ``by`` is writing.
    :raises InvalidFields: where ``body`` is too long or holds control characters.
    :raises RuleViolation: ``wrong_status`` where the request is a draft or ``draft`` is none any more.
    :raises StaleVersion: where the draft has moved on since ``draft_version``.
    """
    text = clean_text(body, "body", COMMENT_TEXT)
    with transaction.atomic():
        held = locks.lock_requests([number, *([draft] if draft else [])], by)
        request = held[number]
        if request.status == Status.DRAFT:
            raise RuleViolation([Missing("wrong_status", _("Submit the request first."))])
        if draft:
            _throw_away(held[draft], by, draft_version)
        _join(request, by, text)
        return request


def _throw_away(draft: Request, by: Person, version: int | None) -> None:
    if draft.requester_id != by.pk:
        raise Http404
    if draft.status != Status.DRAFT:
        raise RuleViolation([Missing("wrong_status", _("You have submitted this request meanwhile."))])
    if version is not None and version != draft.version:
        raise StaleVersion(draft.version)
    draft.delete()


def _join(request: Request, by: Person, text: str) -> None:
    """Written as one event: a comment that also says "me too", or that alone."""
    start = {"since": clock.now()}
    supports = Supporter.objects.get_or_create(request=request, person=by, defaults=start)[1]
    watches = follows(request, by, is_named=False)
    data = {"person": by.pk, "supports": supports, "watches": watches}
    if text:
        written = settled(request, text)
        said = say(request, written, by)
        log.record("request.commented", request, by=by, data={**data, "comment": said.pk, **written.told})
    elif supports or watches:
        kind = "request.supported" if supports else "request.watched"
        log.record(kind, request, by=by, data=data)
