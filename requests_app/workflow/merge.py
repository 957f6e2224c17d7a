"""Merging duplicates: talk, files, links and people go over, and come back where it is taken back."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from activity import clock
from requests_app.choices import OPEN, Status
from requests_app.links import move_links
from requests_app.models import Attachment, Comment, Request, Supporter, Watcher
from requests_app.workflow.situation import Situation
from requests_app.workflow.turn import keep_turn
from teams.models import Membership
from teams.rules import InvalidFields, Missing

# Duplicates of what is open, put aside or delivered; never of what was turned down itself.
STAYS = {*OPEN, Status.PARKED, Status.DONE}


def audience(request: Request) -> set[int]:
    """Those who may see a restricted request, admins apart."""
    teams = [request.requesting_team_id, request.serving_team_id]
    seats = {request.requester_id, request.marketing_owner_id, request.it_owner_id}
    members = Membership.objects.filter(team__in=[team for team in teams if team]).values_list("person")
    watchers = Watcher.objects.filter(request=request).values_list("person")
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
    rows = list(model._default_manager.filter(request=request).values_list("person", "since"))
    leaving = model._default_manager.filter(request=request)
    leaving.filter(person__in=there).delete()
    leaving.update(request=into)
    return [
        {"person": person, "since": since.isoformat(), "new": person not in there} for person, since in rows
    ]


def bring_back(request: Request, moved: dict[str, Any]) -> dict[str, Any]:
    """Undo ``move_over``, whose event's data is ``moved``; people who went over since stay there."""
    _return_rows(Comment, request, moved["comments"])
    _turn_without(moved["into"])
    # Events of before there were files and links do not tell of any.
    _return_rows(Attachment, request, moved.get("attachments", []))
    for home in _homes(moved["into"]):
        move_links(home, request.number, moved.get("links", []))
    _return_people(Supporter, request, moved["into"], moved["supporters"])
    _return_people(Watcher, request, moved["into"], moved["watchers"])
    request.duplicate_of = None
    return {"into": moved["into"]}


def _turn_without(into: int) -> None:
    """Bring up to date whose turn it is where the questions were; only one that is open has a turn.

    Locked after the request itself: whoever else holds two requests waits for the same lock of links.
    """
    homes = Request.objects.select_for_update().filter(number__in=list(_homes(into)), status__in=OPEN)
    for home in homes.order_by("number"):
        keep_turn(home, clock.now())


def _homes(into: int) -> Iterator[int]:
    """The request that took the duplicate's belongings, and those into which it was merged in its turn."""
    number: int | None = into
    while number is not None:
        yield number
        number = Request.objects.filter(number=number).values_list("duplicate_of", flat=True).first()


def _return_rows(model: type[Comment] | type[Attachment], request: Request, moved: list[int]) -> None:
    rows = model._default_manager.filter(pk__in=moved)
    rows.update(request=request)
    rows.filter(moved_from=request).update(moved_from=None)


def _return_people(
    model: type[Supporter] | type[Watcher], request: Request, into: int, rows: list[dict[str, Any]]
) -> None:
    added = [row["person"] for row in rows if row["new"]]
    model._default_manager.filter(request=into, person__in=added).delete()
    back = [
        model(request=request, person_id=row["person"], since=datetime.fromisoformat(row["since"]))
        for row in rows
    ]
    model._default_manager.bulk_create(back, ignore_conflicts=True)  # type: ignore[arg-type]
