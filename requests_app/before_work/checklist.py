"""The checklist of a request: what has to be done, by whom, in which order.

A change of it is a change of the request: it moves the version, and ends a stall.
"""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from activity import clock, log
from requests_app.boards import locks
from requests_app.choices import Status
from requests_app.models import ChecklistItem, Request
from requests_app.workflow.inputs import UNSET, Unset
from requests_app.workflow.situation import Roles, roles_of
from teams.fields import needed_line, own_changes
from teams.models import PLAIN_LINE, Person
from teams.rules import InvalidFields, Missing, RuleViolation, StaleVersion

# More is no checklist any more.
MOST_ITEMS = 50
CHANGED = "request.item_changed"
# All that tell changes of an item.
CHANGES = (CHANGED, "request.item_done", "request.item_reopened")


def add_item(
    number: int, text: str, person: Person | None = None, *, by: Person, version: int | None = None
) -> ChecklistItem:
    """Put something at the end of the checklist.

    :raises Http404: where ``by`` does not see the request.
    :raises InvalidFields: for an empty text, a person who cannot do it, or more than ``MOST_ITEMS``.
    :raises RuleViolation: not_yours, wrong_status.
    :raises StaleVersion: where ``version`` is given and the request has moved on.
    """
    text = needed_line(text, "text", PLAIN_LINE)
    with transaction.atomic():
        request = _held(number, by, version)
        _check_person(request, person)
        last = _items(request).last()
        if _items(request).count() >= MOST_ITEMS:
            words = _("A checklist holds at most %(count)d items.") % {"count": MOST_ITEMS}
            raise InvalidFields([Missing("too_many", words, "text")])
        position = last.position + 1 if last else 1
        item = ChecklistItem.objects.create(request=request, position=position, text=text, person=person)
        _tell("request.item_added", request, item, by, {"person": person.pk if person else None})
        return item


def change_item(
    number: int,
    item: int,
    *,
    by: Person,
    text: str | None = None,
    person: Person | Unset | None = UNSET,
    done: bool | None = None,
    version: int | None = None,
    seen_version: int | None = None,
) -> ChecklistItem:
    """Change what is given: the text, who does it, whether it is done. The same again changes nothing.

    ``seen_version`` is the request's from which a form was built: what the form left as it was keeps what
    others wrote meanwhile.

    :raises Http404: where ``by`` does not see the request, or it has no such item.
    :raises InvalidFields: for an empty text or a person who cannot do it.
    :raises RuleViolation: not_yours, wrong_status.
    :raises StaleVersion: where ``version`` is given and the request has moved on, or naming what the form
        and somebody else changed.
    """
    text = None if text is None else needed_line(text, "text", PLAIN_LINE)
    with transaction.atomic():
        request = _held(number, by, version)
        row = _one(request, item)
        before = _kept(row)
        wanted: dict[str, Any] = {} if text is None else {"text": text}
        wanted |= {} if isinstance(person, Unset) else {"person": person.pk if person else None}
        mine = own_changes(request, CHANGES, wanted, before, seen_version, of_item=item)
        if "text" in mine:
            row.text = mine["text"]
        if "person" in mine and not isinstance(person, Unset):
            _check_person(request, person)
            row.person = person
        if done is not None and done != before["done"]:
            row.done_by, row.done_at = (by, clock.now()) if done else (None, None)
        changes = {
            key: {"from": before[key], "to": to} for key, to in _kept(row).items() if to != before[key]
        }
        if not changes:
            return row
        row.save()
        _tell(_kind(changes, row), request, row, by, {"item_changes": changes})
        return row


def move_item(
    number: int, item: int, after: int | None = None, *, by: Person, version: int | None = None
) -> ChecklistItem:
    """Put an item directly behind the item ``after``, or on top; where it lies already, nothing changes.

    :raises Http404: where ``by`` does not see the request, or it lacks one of the items.
    :raises RuleViolation: not_yours, wrong_status.
    :raises StaleVersion: where ``version`` is given and the request has moved on.
    """
    with transaction.atomic():
        request = _held(number, by, version)
        row = _one(request, item)
        rows = list(_items(request))
        others = [one for one in rows if one != row]
        place = 0 if after is None else _place(others, after) + 1
        ordered = [*others[:place], row, *others[place:]]
        if ordered == rows:
            return row
        for position, one in enumerate(ordered, start=1):
            one.position = position
        ChecklistItem.objects.bulk_update(ordered, ["position"])
        _tell("request.item_moved", request, row, by, {"after": after})
        return row


def remove_item(number: int, item: int, *, by: Person, version: int | None = None) -> Request:
    """Take an item off the checklist; its event keeps the text.

    :raises Http404: where ``by`` does not see the request, or it has no such item.
    :raises RuleViolation: not_yours, wrong_status.
    :raises StaleVersion: where ``version`` is given and the request has moved on.
    """
    with transaction.atomic():
        request = _held(number, by, version)
        row = _one(request, item)
        told = {"item": row.pk, "text": row.text}
        row.delete()
        _tell("request.item_removed", request, None, by, told)
        return request


def may_keep_checklist(roles: Roles) -> bool:
    """Requester, tandem, leads, and the members of both teams."""
    leads = roles.admin or roles.requesting_lead or roles.serving_lead or roles.marketing_lead
    members = roles.requesting_member or roles.serving_member
    return leads or members or roles.takes_care


def _held(number: int, by: Person, version: int | None) -> Request:
    request = locks.lock_request(number, by)
    if request.status == Status.DRAFT:
        raise RuleViolation([Missing("wrong_status", _("Submit the request first."))])
    if not may_keep_checklist(roles_of(request, by)):
        words = _("The checklist is up to the requester, the tandem and both teams.")
        raise RuleViolation([Missing("not_yours", words)])
    if version is not None and version != request.version:
        raise StaleVersion(request.version)
    return request


def _items(request: Request) -> "QuerySet[ChecklistItem]":
    rows: QuerySet[ChecklistItem] = ChecklistItem.objects.filter(request=request).order_by("position")
    return rows


def _one(request: Request, item: int) -> ChecklistItem:
    found = _items(request).select_related("person").filter(pk=item).first()
    if found is None:
        raise Http404
    return found


def _place(rows: list[ChecklistItem], item: int) -> int:
    place = next((n for n, row in enumerate(rows) if row.pk == item), None)
    if place is None:
        raise Http404
    return place


def _check_person(request: Request, person: Person | None) -> None:
    if person is None:
        return
    sees = Request.objects.visible_to(person).filter(pk=request.pk).exists()
    if not (person.is_active and sees):
        words = _("Choose an active person who may see this request.")
        raise InvalidFields([Missing("invalid", words, "person")])


def _kept(row: ChecklistItem) -> dict[str, Any]:
    return {"text": row.text, "person": row.person_id, "done": row.done_at is not None}


def _kind(changes: dict[str, Any], row: ChecklistItem) -> str:
    if "done" not in changes:
        return CHANGED
    return "request.item_done" if row.done_at else "request.item_reopened"


def _tell(kind: str, request: Request, row: ChecklistItem | None, by: Person, data: dict[str, Any]) -> None:
    request.version += 1
    request.updated_at = request.progress_at = clock.now()
    request.save(update_fields=["version", "updated_at", "progress_at"])
    item = {"item": row.pk, "text": row.text} if row else {}
    log.record(kind, request, by=by, data={**item, **data, "version": request.version})
