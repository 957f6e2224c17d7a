"""Saved views: a name for the address of a list or of a board, for oneself or for a team.

One's own views are preferences and write no event; what a team sees of them is a change like any other.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from activity import clock, log
from requests_app.boards import filters as board_filters
from requests_app.boards.board import get_board
from requests_app.lists.filters import canonical, filters_of
from requests_app.models import VIEW_NAME, VIEW_QUERY, Board, SavedView
from requests_app.querysets import HIGHEST_NUMBER
from teams.fields import check_version, needed_line, wrong
from teams.models import Membership, Person, Team
from teams.rights import may_lead
from teams.rules import Missing, RuleViolation

# A menu with more is no longer read.
MOST_VIEWS = 50


@dataclass(frozen=True)
class Wanted:
    """What shall be changed of a view; None stays as it is. ``team`` counts only where ``moves``."""

    name: str | None = None
    query: str | None = None
    team: Team | None = None
    moves: bool = False


def save_view(
    name: str, query: str, *, by: Person, team: Team | None = None, board: Board | None = None
) -> SavedView:
    """Keep the address ``query`` of a list, or of ``board``, as a view of ``by``, shared with ``team``.

    :raises InvalidFields: naming each field that cannot be kept.
    :raises RuleViolation: ``not_yours`` for a team that ``by`` does not belong to, ``already_done`` for a
        name that is taken.
    """
    view = SavedView(
        owner=by, name=needed_line(name, "name", VIEW_NAME), query=_kept(query, board, by), board=board
    )
    with transaction.atomic():
        owner = Person.objects.select_for_update(no_key=True).get(pk=by.pk)
        _check_room(owner)
        if team is not None:
            _check_member(team, by)
        view.team, view.created_at = team, clock.now()
        with _told_name_taken():
            view.save(force_insert=True)
        if team is not None:
            _record("view.shared", view, by)
        return view


def change_view(pk: int, wanted: Wanted, *, by: Person, version: int | None = None) -> SavedView:
    """Rename a view, let it show something else, share it or take it back.

    :raises Http404: where ``by`` does not see it.
    :raises InvalidFields: naming each field that cannot be kept.
    :raises RuleViolation: ``not_yours`` for all but its owner, and the leads of the team that it is shared
        with; ``already_done`` for a name that is taken.
    :raises StaleVersion: where ``version`` is not the present one.
    """
    name = None if wanted.name is None else needed_line(wanted.name, "name", VIEW_NAME)
    with transaction.atomic():
        view = _lock(pk, by)
        query = None if wanted.query is None else _kept(wanted.query, view.board, by)
        check_version(view.version, version)
        before, team = view.team, wanted.team if wanted.moves else view.team
        now = {"name": view.name, "query": view.query, "team": before}
        then = {"name": name or view.name, "query": view.query if query is None else query, "team": team}
        if then == now:
            return view
        if team is not None and team != before:
            _check_member(team, by)
        _write(view, then)
        if before is not None or team is not None:
            _record(_kind(before, team), view, by, before)
        return view


def remove_view(pk: int, *, by: Person, version: int | None = None) -> None:
    """Throw a view away.

    :raises Http404: where ``by`` does not see it.
    :raises RuleViolation: ``not_yours`` for all but its owner and the leads of the team.
    :raises StaleVersion: where ``version`` is not the present one.
    """
    with transaction.atomic():
        view = _lock(pk, by)
        check_version(view.version, version)
        if view.team is not None:
            _record("view.unshared", view, by, view.team)
        view.delete()


def get_view(person: Person, pk: int) -> SavedView:
    """The view, for ``person``.

    :raises Http404: the same for one that is hidden and one that does not exist.
    """
    rows = SavedView.objects.visible_to(person).select_related("owner", "team", "board")
    found = rows.filter(pk=min(pk, HIGHEST_NUMBER)).first()
    if found is None:
        raise Http404
    return found


def may_change(view: SavedView, person: Person) -> bool:
    """Whether ``person`` owns the view, or leads the team that it is shared with."""
    return view.owner_id == person.pk or (view.team is not None and may_lead(person, view.team))


def _lock(pk: int, by: Person) -> SavedView:
    list(SavedView.objects.select_for_update().filter(pk=min(pk, HIGHEST_NUMBER)).values_list("pk"))
    view = get_view(by, pk)
    if not may_change(view, by):
        words = _("Only the owner of this view and the leads of the team may change it.")
        raise RuleViolation([Missing("not_yours", words)])
    return view


def _kept(query: str, board: Board | None, by: Person) -> str:
    """The address as it is kept, after all of it has been understood."""
    if "\x00" in query:
        raise wrong(
            "query", _("Remove the invisible control characters from this text."), "control_character"
        )
    asked = QueryDict(query.removeprefix("?"))
    if board is None:
        problems = filters_of(asked, by).errors_in_words()
    else:
        problems = board_filters.filters_of(asked, get_board(board.slug), by).errors_in_words()
    if problems:
        raise wrong("query", " ".join(problems))
    text = canonical(asked) if board is None else board_filters.canonical_of(asked)
    if len(text) > VIEW_QUERY:
        raise wrong("query", _("This view holds too many filters to be kept."), "too_long")
    return text


def _check_room(owner: Person) -> None:
    if SavedView.objects.filter(owner=owner).count() >= MOST_VIEWS:
        words = _("You have %(most)d views already. Remove one of them first.") % {"most": MOST_VIEWS}
        raise RuleViolation([Missing("too_many", words)])


def _check_member(team: Team, by: Person) -> None:
    if not Membership.objects.filter(team=team, person=by, person__is_active=True).exists():
        words = _("You can share a view with teams that you belong to.")
        raise RuleViolation([Missing("not_yours", words, "team")])


def _write(view: SavedView, then: dict[str, Any]) -> None:
    for field, value in then.items():
        setattr(view, field, value)
    view.version += 1
    with _told_name_taken():
        view.save(update_fields=[*then, "version"])


def _kind(before: Team | None, after: Team | None) -> str:
    if after is None:
        return "view.unshared"
    return "view.edited" if after == before else "view.shared"


def _record(kind: str, view: SavedView, by: Person, before: Team | None = None) -> None:
    teams = {"team": view.team_id, "team_before": before.pk if before else None}
    log.record(kind, view, by=by, data={"name": view.name, "version": view.version, **teams})


@contextmanager
def _told_name_taken() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        words = _("There is a view of this name already.")
        raise RuleViolation([Missing("already_done", words, "name")]) from error
