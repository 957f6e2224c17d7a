"""Queries that the ORM writes once and that run for many people: writing them takes longer than running them.

A query is written for a stand-in, at a moment that is none; when it runs, both get their places.
What else decides what a person sees and how (rights, side, teams, language, zone) has a statement of its own.
"""

from collections.abc import Callable, Hashable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum, auto
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from activity import clock
from teams.models import Person
from teams.models.people import OwnTeam

NOBODY = -4_711_000_815
NEVER = datetime(1971, 2, 3, 4, 5, 6, 789, tzinfo=UTC)
# People with the same teams and rights share what is written; each takes 50 to 500 KB of a process.
MOST_KEPT = 200

Write = Callable[..., "QuerySet[Any, Any]"]


class Place(Enum):
    """Where a value stands that is known only when the query runs."""

    PERSON = auto()
    MOMENT = auto()
    DAY = auto()


@dataclass(frozen=True)
class Written:
    """A query and its statement; of ``values`` some are places, or stand for others."""

    queryset: "QuerySet[Any, Any]"
    compiler: Any
    sql: str
    values: tuple[Any, ...]

    def run(self, known: Mapping[Any, Any]) -> list[Any]:
        """What the query finds, with what is ``known`` at its places."""
        values = tuple(known.get(one, one) if isinstance(one, Hashable) else one for one in self.values)
        # Django asks the query for its compiler, and that for the statement; each thread has a connection.
        compiler: Any = copy(self.compiler)
        compiler.connection, compiler.as_sql = connection, lambda: (self.sql, values)
        queryset = self.queryset.all()
        queryset.query.get_compiler = lambda *_given, **_named: compiler  # type: ignore[method-assign]
        return list(queryset)


def rows(
    write: Write, person: Person, *given: Hashable, values: Mapping[Any, Any] | None = None
) -> list[Any]:
    """What ``write(person, *given)`` finds: objects or tuples. Beside it one query for the person's teams.

    ``values`` has what takes the place of those among ``given`` that only stand for others: whatever differs
    from call to call, or each would be written anew.

    :raises ValueError: where the query holds a moment that is computed from the present one, or the person
        within a list or JSON: neither could be replaced.
    """
    kind = (person.is_active, person.is_admin, person.side, tuple(person.own_teams()))
    written = _written(write, given, kind, get_language(), timezone.get_current_timezone_name())
    if written is None:
        return []
    now = clock.now()
    known = {Place.PERSON: person.pk, Place.MOMENT: now, Place.DAY: timezone.localdate(now)}
    return written.run(known | dict(values or {}))


@lru_cache(MOST_KEPT)
def _written(
    write: Write,
    given: tuple[Hashable, ...],
    kind: tuple[bool, bool, str, tuple[OwnTeam, ...]],
    *_shown_in: str | None,
) -> Written | None:
    """The query, and None where it finds nothing for anybody of that ``kind``."""
    is_active, is_admin, side, teams = kind
    stand_in = Person(pk=NOBODY, is_active=is_active, is_admin=is_admin, side=side)
    stand_in.keep_teams(teams)
    with clock.moved_to(NEVER):
        queryset = write(stand_in, *given)
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        try:
            sql, values = compiler.as_sql()
        except EmptyResultSet:
            return None
        return Written(queryset, compiler, sql, tuple(map(_placed, values)))


def _placed(value: Any) -> Any:
    if value == NOBODY:
        return Place.PERSON
    if value == NEVER:
        return Place.MOMENT
    if isinstance(value, date) and value == timezone.localdate(NEVER):
        return Place.DAY
    if isinstance(value, date) and value.year < NEVER.year + 2:
        raise ValueError(f"{value} is computed from the moment at which a query is written")
    # psycopg2 wraps what becomes JSON.
    if str(NOBODY) in str(getattr(value, "adapted", value)):
        raise ValueError(f"{value} holds the stand-in among others")
    return value
