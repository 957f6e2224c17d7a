"""Who needs a request, too, who is told what happens to it, and who wants to hear nothing of it.

None of these change the request's own fields, so they leave its version alone. Its row is held meanwhile,
so that it is not merged or restricted under the hands.
"""

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from activity import clock, log
from requests_app.boards import locks
from requests_app.discussion.held import hold_request
from requests_app.models import Mute, Request, Supporter, Watcher
from requests_app.workflow.situation import roles_of
from teams.models import Person
from teams.rules import InvalidFields, Missing, RuleViolation


def support(number: int, *, by: Person) -> Request:
    """Say "me too"; a second time changes nothing.

    :raises Http404: where ``by`` may not see the request.
    :raises RuleViolation: ``wrong_status`` in a draft.
    """
    with transaction.atomic():
        request = hold_request(number, by)
        _row, made = Supporter.objects.get_or_create(
            request=request, person=by, defaults={"since": clock.now()}
        )
        if made:
            log.record("request.supported", request, by=by, data={"person": by.pk})
        return request


def withdraw_support(number: int, *, by: Person) -> Request:
    """Take back "me too"; where there is none, nothing changes.

    :raises Http404: where ``by`` may not see the request.
    :raises RuleViolation: ``wrong_status`` in a draft.
    """
    with transaction.atomic():
        request = hold_request(number, by)
        gone, _rows = Supporter.objects.filter(request=request, person=by).delete()
        if gone:
            log.record("request.support_withdrawn", request, by=by, data={"person": by.pk})
        return request


def watch(number: int, person: Person | None = None, *, by: Person) -> Request:
    """Let ``person`` (without: ``by``) be told what happens; a second time changes nothing.

    Others are named by requester, tandem and leads, which lets them see the request where it is restricted.

    :raises Http404: where ``by`` may not see the request.
    :raises InvalidFields: where ``person`` is deactivated.
    :raises RuleViolation: ``not_yours`` for others than these, ``wrong_status`` in a draft.
    """
    with transaction.atomic():
        request, watcher = _with_watcher(number, person, by)
        if not watcher.is_active:
            raise InvalidFields([Missing("invalid", _("Choose an active person."), "person")])
        if watcher == by:
            # Who asks to be told wants no silence any more.
            Mute.objects.filter(request=request, person=by).delete()
        if follows(request, watcher, is_named=watcher != by):
            log.record("request.watched", request, by=by, data={"person": watcher.pk})
        return request


def unwatch(number: int, person: Person | None = None, *, by: Person) -> Request:
    """Let ``person`` (without: ``by``) no longer be told; where nobody watches, nothing changes.

    :raises Http404: where ``by`` may not see the request.
    :raises RuleViolation: ``not_yours`` for another person than oneself, except by requester, tandem and
        leads; ``wrong_status`` in a draft.
    """
    with transaction.atomic():
        request, watcher = _with_watcher(number, person, by)
        gone, _rows = Watcher.objects.filter(request=request, person=watcher).delete()
        if gone:
            log.record("request.unwatched", request, by=by, data={"person": watcher.pk})
        return request


def mute(number: int, *, keep_mentions: bool = False, by: Person) -> Request:
    """Hear nothing more of the request, whatever ``by`` is to it, or only where they are mentioned.

    A preference, so there is no event.

    :raises Http404: where ``by`` may not see the request.
    :raises RuleViolation: ``wrong_status`` in a draft.
    """
    with transaction.atomic():
        request = hold_request(number, by)
        Mute.objects.update_or_create(
            request=request,
            person=by,
            defaults={"keeps_mentions": keep_mentions},
            create_defaults={"keeps_mentions": keep_mentions, "since": clock.now()},
        )
        return request


def unmute(number: int, *, by: Person) -> Request:
    """Be told again what ``by`` is told as what they are to the request.

    :raises Http404: where ``by`` may not see the request.
    :raises RuleViolation: ``wrong_status`` in a draft.
    """
    with transaction.atomic():
        request = hold_request(number, by)
        Mute.objects.filter(request=request, person=by).delete()
        return request


def follows(request: Request, person: Person, *, is_named: bool) -> bool:
    """Let ``person`` follow; whether that is new, or of a restricted request that they were named.

    The caller holds the request and records the event.
    """
    start = {"since": clock.now(), "is_named": is_named}
    row, made = Watcher.objects.get_or_create(request=request, person=person, defaults=start)
    if made or row.is_named or not (is_named and request.restricted):
        return made
    row.is_named = True
    row.save(update_fields=["is_named"])
    return True


def may_name_watchers(request: Request, by: Person) -> bool:
    """Whether ``by`` may let other people watch: requester, tandem, leads."""
    return roles_of(request, by).takes_care


def _with_watcher(number: int, person: Person | None, by: Person) -> tuple[Request, Person]:
    """The request and who shall watch it, held in the order people, request."""
    watcher = by if person is None else locks.lock_people([person.pk]).get(person.pk)
    request = hold_request(number, by)
    if watcher is None:
        raise Http404
    if watcher != by and not may_name_watchers(request, by):
        words = _("Only the requester, the tandem and leads name people who watch this request.")
        raise RuleViolation([Missing("not_yours", words)])
    return request, watcher
