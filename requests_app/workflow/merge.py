"""Merging duplicates: talk, files, links and people go over, and come back where it is taken back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from activity import clock
from activity.models import Event
from requests_app.choices import OPEN, Status
from requests_app.links import move_links
from requests_app.models import Attachment, Comment, Request, Supporter, Watcher
from requests_app.workflow.situation import Situation
from requests_app.workflow.turn import keep_turn
from teams.models import Membership
from teams.rules import InvalidFields, Missing

# Duplicates of what is open, put aside or delivered; never of what was turned down itself.
STAYS = {*OPEN, Status.PARKED, Status.DONE}


# What the event remembers of somebody who goes over.
KEPT: dict[type[Supporter] | type[Watcher], tuple[str, ...]] = {
    Supporter: ("person", "since"),
    Watcher: ("person", "since", "is_named"),
}


def audience(request: Request) -> set[int]:
    """Those who may see a restricted request, admins apart."""
    teams = [request.requesting_team_id, request.serving_team_id]
    seats = {request.requester_id, request.marketing_owner_id, request.it_owner_id}
    members = Membership.objects.filter(team__in=[team for team in teams if team]).values_list("person")
    watchers = Watcher.objects.filter(request=request, is_named=True).values_list("person")
    found = {person for (person,) in members.union(watchers)}
    return found | {person for person in seats if person is not None}


def check(request: Request, into: Request) -> None:
    """Whether ``request`` may be merged into ``into``.

    :raises InvalidFields: where both are the same, ``into`` was turned down, or other people see it.
    """
    if request.number == into.number:
        raise _wrong(_("Choose another request: this is the one you are about to merge."))
    if into.status not in STAYS:
        raise _wrong(_("Choose a request that is open, parked or done."))
    if request.restricted != into.restricted:
        raise _wrong(_("Other people see that request, so the two cannot be merged."))
    if request.restricted and audience(request) != audience(into):
        raise _wrong(_("Other people see that request, so the two cannot be merged."))


def _wrong(words: str) -> InvalidFields:
    return InvalidFields([Missing("invalid", words, "into")])


def move_over(s: Situation, into: Request) -> dict[str, Any]:
    """Move talk, files, links and people to ``into`` and say, for the event, how to bring them back."""
    request = s.request
    request.duplicate_of = into
    comments = _move_rows(Comment, request, into)
    # Open questions came along.
    keep_turn(into, s.now)
    return {
        "into": into.number,
        "comments": comments,
        "attachments": _move_rows(Attachment, request, into),
        "links": move_links(request.number, into.number),
        "supporters": _move_people(Supporter, request, into),
        "watchers": _move_people(Watcher, request, into),
    }


def _move_rows(model: type[Comment] | type[Attachment], request: Request, into: Request) -> list[int]:
    rows = model._default_manager.filter(request=request)
    moved = list(rows.order_by("pk").values_list("pk", flat=True))
    rows.filter(moved_from=None).update(moved_from=request)
    model._default_manager.filter(pk__in=moved).update(request=into)
    return moved


def _move_people(
    model: type[Supporter] | type[Watcher], request: Request, into: Request
) -> list[dict[str, Any]]:
    there = set(model._default_manager.filter(request=into).values_list("person", flat=True))
    rows = list(model._default_manager.filter(request=request).values(*KEPT[model]))
    leaving = model._default_manager.filter(request=request)
    leaving.filter(person__in=there).delete()
    leaving.update(request=into)
    return [row | {"since": row["since"].isoformat(), "new": row["person"] not in there} for row in rows]


def bring_back(request: Request, moved: dict[str, Any], merge: int) -> dict[str, Any]:
    """Undo ``move_over``, of which the event ``merge`` with the data ``moved`` tells.

    People who went over since stay there. Who watched before the request was restricted has lost sight of it
    for good.
    """
    homes = _homes(moved["into"])
    _return_rows(Comment, request, moved["comments"], homes)
    _turn_without(homes)
    # Events of before there were files and links do not tell of any.
    _return_rows(Attachment, request, moved.get("attachments", []), homes)
    for home in homes:
        move_links(home, request.number, moved.get("links", []))
    _take_away(Supporter, moved["into"], moved["supporters"])
    _return_people(Supporter, request, moved["supporters"])
    _take_away(Watcher, moved["into"], moved["watchers"])
    if not _restricted_since(request, merge):
        _return_people(Watcher, request, moved["watchers"])
    request.duplicate_of = None
    return {"into": moved["into"]}


def _restricted_since(request: Request, merge: int) -> bool:
    later = Event.objects.filter(object_type="request", object_id=request.number, id__gt=merge)
    return later.filter(kind="request.restricted").exists()


def _turn_without(homes: list[int]) -> None:
    """Bring up to date whose turn it is where the questions were; only one that is open has a turn.

    Locked after the request itself: whoever else holds two requests waits for the same lock of links.
    """
    rows = Request.objects.select_for_update().filter(number__in=homes, status__in=OPEN)
    for home in rows.order_by("number"):
        keep_turn(home, clock.now())


def _homes(into: int) -> list[int]:
    """The request that took the duplicate's belongings, and all into which it was ever merged itself."""
    homes, left = [], [into]
    while left:
        number = left.pop()
        homes.append(number)
        merges = Event.objects.filter(object_type="request", object_id=number, kind="request.merged")
        further = merges.values_list("data__into", flat=True)
        left += [one for one in further if one not in (*homes, *left)]
    return homes


def _return_rows(
    model: type[Comment] | type[Attachment], request: Request, moved: list[int], homes: list[int]
) -> None:
    # What came along from a duplicate that was taken back meanwhile is where it belongs.
    rows = model._default_manager.filter(pk__in=moved, request__in=homes, moved_from__isnull=False)
    going = list(rows.values_list("pk", flat=True))
    model._default_manager.filter(pk__in=going).update(request=request)
    model._default_manager.filter(pk__in=going, moved_from=request).update(moved_from=None)


def _take_away(model: type[Supporter] | type[Watcher], into: int, rows: list[dict[str, Any]]) -> None:
    """Those who are there only because of the merge."""
    added = [row["person"] for row in rows if row["new"]]
    model._default_manager.filter(request=into, person__in=added).delete()


def _return_people(
    model: type[Supporter] | type[Watcher], request: Request, rows: list[dict[str, Any]]
) -> None:
    back = [model(request=request, **_read(row, KEPT[model])) for row in rows]
    model._default_manager.bulk_create(back, ignore_conflicts=True)  # type: ignore[arg-type]


def _read(row: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """A remembered person; events of before tell less of them."""
    kept = {name: row[name] for name in names if name in row and name != "person"}
    return kept | {"person_id": row["person"], "since": datetime.fromisoformat(row["since"])}
