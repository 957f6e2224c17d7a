"""Links between requests: one blocks, duplicates or relates to another.

Like the talk they leave the requests' versions alone. Only who sees both ends sees a link at all.
"""

from collections.abc import Iterable

from django.db import connection, transaction
from django.http import Http404
from django.utils.translation import gettext as _

from activity import clock, log
from requests_app.boards import locks
from requests_app.choices import Status
from requests_app.models import Link, LinkKind, Relation, Request
from requests_app.querysets import HIGHEST_NUMBER
from requests_app.workflow.situation import roles_of
from teams.models import Person
from teams.rules import InvalidFields, Missing, RuleViolation


def link(number: int, relation: str, other: int, *, by: Person) -> Link:
    """Say what the request ``number`` is to ``other``; a second time changes nothing.

    :raises Http404: where ``by`` may not see the request ``number``.
    :raises InvalidFields: naming ``relation``, or ``other``: hidden, absent, itself, linked the other
        way round, or closing a ring of requests that block each other.
    :raises RuleViolation: ``wrong_status`` in a draft.
    """
    if relation not in Relation.values:
        raise InvalidFields([Missing("invalid", _("Choose how the two belong together."), "relation")])
    seen = Relation(relation)
    with transaction.atomic():
        locks.lock_links()
        request = _with_other(number, other, by)
        ends = ends_of(seen.kind, number, other) if seen.outwards else (other, number)
        there = between(seen.kind, *ends)
        if there is not None and (there.source_id, there.target_id) == ends:
            return there
        if there is not None:
            raise _wrong(_("The two are linked the other way round already. Remove that link first."))
        if seen.kind == LinkKind.BLOCKS and blocks_already(ends[1], ends[0]):
            raise _wrong(_("Then these requests would block each other in a ring, and none could start."))
        made = Link.objects.create(
            kind=seen.kind, source_id=ends[0], target_id=ends[1], made_by=by, created_at=clock.now()
        )
        log.record("request.linked", request, by=by, data=_told(made, number))
        return made


def unlink(number: int, link_id: int, *, by: Person) -> None:
    """Take a link of the request ``number`` away.

    :raises Http404: where ``by`` may not see both ends, or there is no such link.
    :raises RuleViolation: ``not_yours`` for all but who made it, and requester, tandem and leads of either.
    """
    with transaction.atomic():
        locks.lock_links()
        found = Link.objects.visible_to(by).filter(pk=min(link_id, HIGHEST_NUMBER)).first()
        if found is None or number not in (found.source_id, found.target_id):
            raise Http404
        ends = locks.lock_requests([found.source_id, found.target_id], by)
        if found.made_by_id != by.pk and not any(roles_of(end, by).takes_care for end in ends.values()):
            words = _("Only who made a link, and requester, tandem and leads of either request remove it.")
            raise RuleViolation([Missing("not_yours", words)])
        found.delete()
        log.record("request.unlinked", ends[number], by=by, data=_told(found, number))


def _with_other(number: int, other: int, by: Person) -> Request:
    """The request, held together with the other one."""
    seen = Request.objects.get_visible(by, number)
    if number == other:
        raise _wrong(_("Choose another request: a request is not linked to itself."))
    wanted = Request.objects.visible_to(by).submitted()
    if not wanted.filter(number=min(other, HIGHEST_NUMBER)).exists():
        raise _wrong(_("There is no such request."))
    if seen.status == Status.DRAFT:
        raise RuleViolation([Missing("wrong_status", _("Submit the request first."))])
    return locks.lock_requests([number, other], by)[number]


def _wrong(words: str) -> InvalidFields:
    return InvalidFields([Missing("invalid", words, "other")])


def _told(one: Link, number: int) -> dict[str, object]:
    """For the event; whoever reads it later learns of the other request only if they may see it."""
    outwards = one.source_id == number
    other = one.target_id if outwards else one.source_id
    return {"link": one.pk, "relation": Relation.of(one.kind, outwards), "other": other}


def ends_of(kind: str, source: int, target: int) -> tuple[int, int]:
    """Source and target as they are kept: what has no direction is kept once."""
    return (min(source, target), max(source, target)) if kind == LinkKind.RELATES_TO else (source, target)


def between(kind: str, one: int, other: int) -> Link | None:
    """The link of this kind between two requests, in whichever direction."""
    return Link.objects.filter(kind=kind, source__in=(one, other), target__in=(one, other)).first()


def blocks_already(source: int, target: int) -> bool:
    """Whether ``source`` blocks ``target``, itself or through others; rules look at all requests."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH RECURSIVE held (number) AS (
                SELECT target_id FROM requests_app_link WHERE kind = 'blocks' AND source_id = %s
                UNION
                SELECT link.target_id FROM requests_app_link link
                  JOIN held ON link.source_id = held.number WHERE link.kind = 'blocks'
            ) SELECT EXISTS (SELECT 1 FROM held WHERE number = %s)
            """,
            [source, target],
        )
        return bool(cursor.fetchone()[0])


def move_links(request: int, to: int, only: Iterable[int] | None = None) -> list[int]:
    """Hang the links of ``request`` (or ``only`` these of them) over to the request ``to``.

    The caller holds the links' lock. Returns the ids of those that went; those that cannot go stay: between
    the two requests themselves, of a kind that is there already, or closing a ring.
    """
    links = Link.objects.filter(source=request) | Link.objects.filter(target=request)
    if only is not None:
        links = links.filter(pk__in=list(only))
    return [one.pk for one in links.order_by("pk") if _moved(one, request, to)]


def _moved(one: Link, request: int, to: int) -> bool:
    source, target = (to if end == request else end for end in (one.source_id, one.target_id))
    if source == target or between(one.kind, source, target) is not None:
        return False
    if one.kind == LinkKind.BLOCKS and blocks_already(target, source):
        return False
    source, target = ends_of(one.kind, source, target)
    Link.objects.filter(pk=one.pk).update(source=source, target=target)
    return True
