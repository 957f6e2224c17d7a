"""Statements that the ORM writes once and that run for many people: writing takes longer than running.

A statement is written for a stand-in, at a moment that is none; when it runs, person and moment take
their places. What else decides what a person sees (rights, side, teams) has a statement of its own.
"""

from collections.abc import Callable, Hashable, Mapping
from datetime import UTC, date, datetime
from enum import Enum, auto
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from activity import clock
from teams.models import Person
from teams.models.people import OwnTeam

NOBODY = -4_711_000_815
NEVER = datetime(1971, 2, 3, 4, 5, 6, 789, tzinfo=UTC)
# People with the same teams and rights share statements; each takes some kilobytes.
MOST_KEPT = 1_000

Write = Callable[..., "QuerySet[Any, Any]"]


class Place(Enum):
    """Where a value stands that is known only when the statement runs."""

    PERSON = auto()
    MOMENT = auto()
    DAY = auto()


def rows(write: Write, person: Person, *given: Hashable, texts: Mapping[str, str] | None = None) -> list[Any]:
    """The rows of ``write(person, *given)``, a query for tuples. One query, and one for the person's teams.

    ``texts`` has what takes the place of texts among ``given`` that stand for others.

    :raises ValueError: where the query holds a moment that is computed from the present one.
    """
    teams = tuple(person.own_teams())
    statement = _written(write, person.is_active, person.is_admin, person.side, teams, given)
    if statement is None:
        return []
    sql, values = statement
    moment = clock.now()
    known: dict[Any, Any] = {
        Place.PERSON: person.pk,
        Place.MOMENT: moment,
        Place.DAY: timezone.localdate(moment),
        **(texts or {}),
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, [known.get(one, one) if isinstance(one, Place | str) else one for one in values])
        found: list[Any] = cursor.fetchall()
    return found


@lru_cache(MOST_KEPT)
def _written(
    write: Write,
    is_active: bool,
    is_admin: bool,
    side: str,
    teams: tuple[OwnTeam, ...],
    given: tuple[Any, ...],
) -> tuple[str, list[Any]] | None:
    """The statement and its values; None where nobody of that kind is shown anything."""
    stand_in = Person(pk=NOBODY, is_active=is_active, is_admin=is_admin, side=side)
    stand_in.keep_teams(teams)
    with clock.moved_to(NEVER):
        try:
            sql, values = write(stand_in, *given).query.sql_with_params()
        except EmptyResultSet:
            return None
        return sql, [_placed(value) for value in values]


def _placed(value: Any) -> Any:
    if value == NOBODY:
        return Place.PERSON
    if value == NEVER:
        return Place.MOMENT
    if isinstance(value, date) and value == timezone.localdate(NEVER):
        return Place.DAY
    if isinstance(value, date) and value.year < NEVER.year + 2:
        raise ValueError(f"{value} is computed from the moment at which a statement is written")
    return value
