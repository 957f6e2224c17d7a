"""Boards that people make, and how the columns of any board are set."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils.text import slugify
from django.utils.translation import gettext as _

from activity import clock, log
from requests_app.boards.wanted import (
    MANY,
    OF_BOARD,
    OWN,
    SHOWN,
    BoardFields,
    ColumnFields,
    changed_columns,
    cleaned,
    in_order,
    told,
    told_of,
)
from requests_app.choices import BOARD_COLUMNS
from requests_app.models import BOARD_NAME, Board, BoardColumn
from teams import fields
from teams.models import Person, Role
from teams.rules import InvalidFields, Missing, RuleViolation

# A list with more is no longer read, and one person keeps no more than they can look after.
MOST_BOARDS = 30


def make_board(wanted: BoardFields, *, by: Person) -> Board:
    """Make a board that ``by`` keeps; columns that are not given are those of every board.

    :raises InvalidFields: naming each field that cannot be kept.
    :raises RuleViolation: ``not_yours`` for all but leads and admins, ``already_done`` for a name that is
        taken, ``too_many`` where ``by`` keeps enough of them.
    """
    clean = cleaned({"name": "", **wanted})
    with transaction.atomic():
        keeper = Person.objects.select_for_update(no_key=True).get(pk=by.pk)
        if not may_make_boards(keeper):
            raise RuleViolation([Missing("not_yours", _("Boards are made by leads and administrators."))])
        _check_room(keeper)
        _check_own(Board(), clean)
        board = Board(owner=keeper, slug=_free_slug(clean["name"]), created_at=clock.now())
        _write(board, clean)
        usual: dict[str, ColumnFields] = {status: {} for status in BOARD_COLUMNS}
        _write_columns(board, usual | clean.get("columns", {}))
        log.record("board.made", board, by=by, data={"name": board.name, "slug": board.slug})
        return board


def edit_board(
    slug: str,
    wanted: BoardFields,
    *,
    by: Person,
    version: int | None = None,
    seen_version: int | None = None,
) -> Board:
    """Change what a board is called, what it shows, or how its columns are set.

    ``version`` refuses any change since; ``seen_version`` is what a form was built from and refuses only
    where both changed the same field.

    :raises Http404: where there is no such board.
    :raises InvalidFields: naming each field that cannot be kept, and those that a team's own board has not.
    :raises RuleViolation: ``not_yours`` for all but its keeper (the leads of the team whose own board it is)
        and admins, ``already_done`` for a name that is taken.
    :raises StaleVersion: where somebody else changed what this changes.
    """
    clean = cleaned(wanted)
    with transaction.atomic():
        board = _lock(slug, by)
        _check_own(board, clean)
        fields.check_version(board.version, version)
        now, then = told(board), told_of(clean)
        changes = fields.own_changes(board, ["board.edited"], then, now, seen_version)
        if changes:
            board.version += 1
            _write(board, {name: clean[name] for name in OF_BOARD if name in changes})
            _write_columns(board, changed_columns(changes))
            data = {"changes": fields.told(changes, now), "version": board.version, "slug": board.slug}
            log.record("board.edited", board, by=by, data=data)
        return board


def delete_board(slug: str, *, by: Person, version: int | None = None) -> None:
    """Throw a board away; nothing happens to the requests on it.

    :raises Http404: where there is no such board.
    :raises RuleViolation: ``not_yours`` for all but its keeper and admins; ``wrong_status`` for a team's own.
    :raises StaleVersion: where ``version`` is not the present one.
    """
    with transaction.atomic():
        board = _lock(slug, by)
        if board.team_id is not None:
            words = _("This is the team's own board: it stays as long as the team.")
            raise RuleViolation([Missing("wrong_status", words)])
        fields.check_version(board.version, version)
        log.record("board.deleted", board, by=by, data={"name": board.name, "slug": board.slug})
        board.delete()


def may_make_boards(person: Person) -> bool:
    """Whether ``person`` leads a team or is an admin. No query where the person's teams are kept."""
    leads = any(team.role == Role.LEAD for team in person.own_teams())
    return person.is_active and (person.is_admin or leads)


def may_edit_board(board: Board, person: Person) -> bool:
    """Whether ``person`` keeps the board, leads the team whose own it is, or is an admin."""
    if not person.is_active:
        return False
    if person.is_admin or (board.owner_id is not None and board.owner_id == person.pk):
        return True
    return any(team.pk == board.team_id and team.role == Role.LEAD for team in person.own_teams())


# Under the lock ----------------------------------------------------------------------------------------
def _lock(slug: str, by: Person) -> Board:
    board = Board.objects.select_for_update(of=("self",)).select_related("team").filter(slug=slug).first()
    if board is None:
        raise Http404
    fresh = Person.objects.get(pk=by.pk)
    if not may_edit_board(board, fresh):
        words = _("Only the keeper of this board and administrators may change it.")
        if board.team_id is not None:
            words = _("Only the team's leads and administrators may change its board.")
        raise RuleViolation([Missing("not_yours", words)])
    return board


def _check_own(board: Board, clean: Mapping[str, Any]) -> None:
    foreign: tuple[str, ...] = SHOWN
    words = _("A team's own board has the team's name and shows all that the team serves.")
    if board.team_id is None:
        words, foreign = _("Only a team's own board tells of its running operations."), OWN
    wrong = [Missing("invalid", words, name) for name in foreign if name in clean]
    if wrong:
        raise InvalidFields(wrong)


def _check_room(owner: Person) -> None:
    if Board.objects.filter(owner=owner).count() >= MOST_BOARDS:
        words = _("You keep %(most)d boards already. Remove one of them first.") % {"most": MOST_BOARDS}
        raise RuleViolation([Missing("too_many", words)])


def _write(board: Board, clean: Mapping[str, Any]) -> None:
    for name in OF_BOARD:
        if name in clean and name not in MANY:
            setattr(board, name, clean[name])
    try:
        with transaction.atomic():
            board.save()
    except IntegrityError as error:
        words = _("There is a board of this name already.")
        raise RuleViolation([Missing("already_done", words, "name")]) from error
    for name in MANY:
        if name in clean:
            getattr(board, name).set(clean[name])


def _write_columns(board: Board, wanted: Mapping[str, ColumnFields]) -> None:
    """Write the columns and number them anew in the order of their places."""
    if not wanted:
        return
    kept = {column.status: column for column in board.columns.all()}
    places: dict[str, int] = {}
    for usual, status in enumerate(BOARD_COLUMNS, start=1):
        column = kept.setdefault(status, BoardColumn(board=board, status=status, position=usual))
        given: dict[str, Any] = dict(wanted.get(status, {}))
        places[status] = given.pop("place", column.position)
        for name, value in given.items():
            setattr(column, name, value)
    if all(column.hidden for column in kept.values()):
        raise fields.wrong("columns", _("Let the board show one column at least."))
    stood = {status: column.position for status, column in kept.items()}
    for position, name in enumerate(in_order(stood, places), start=1):
        kept[name].position = position
        kept[name].save()


def _free_slug(name: str) -> str:
    """An address that no other board has at this moment."""
    stem = "_" + (slugify(name.replace("ß", "ss"))[: BOARD_NAME - 5].strip("-_") or "board")
    taken = set(Board.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    n = 1
    while (slug := stem if n == 1 else f"{stem}-{n}") in taken:
        n += 1
    return slug
