"""The locks of changes to requests, in this order: status, serving team, people, links, rules, request."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Exists
from django.http import Http404

from activity.locks import Lock
from requests_app.choices import Status
from requests_app.models import Request
from requests_app.querysets import HIGHEST_NUMBER
from teams.models import Person, Team

# The first half of a pair, whose second is the status; arbitrary, but the same across versions.
STATUS_LOCKS = 7_126_002


def lock_status(status: str) -> None:
    """Wait until no other transaction places cards in ``status``; held to the end of the transaction."""
    with connection.cursor() as cursor:
        key = Status.values.index(status)
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [STATUS_LOCKS, key])


def lock_team(team_id: int | None) -> None:
    """Hold the serving team's row, under which its WIP is counted."""
    if team_id is not None:
        list(Team.objects.select_for_update(no_key=True).filter(pk=team_id).values_list("pk"))


def lock_people(people: Iterable[int]) -> dict[int, Person]:
    """Hold the rows of those who are about to get a seat, so that nobody is deactivated meanwhile."""
    wanted = sorted(set(people))
    if not wanted:
        return {}
    rows = Person.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")
    return {person.pk: person for person in rows}


def lock_links() -> None:
    """Wait until no other transaction changes which request blocks which: a ring may close far away."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [Lock.LINKS])


def lock_rules(*, alone: bool = False) -> None:
    """Keep weights and gate as they are to the end of the transaction; ``alone``: to change them.

    Whoever writes an impact holds this lock while reading them, so a change of weights misses no request.
    """
    kind = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {kind}(%s)", [Lock.RULES])


@dataclass(frozen=True)
class Ahead:
    """What is locked ahead of a request: the status it comes to, team, people, links; the rules always."""

    status: str | None = None
    team: int | None = None
    people: frozenset[int] = frozenset()
    links: bool = False


def lock_ahead(ahead: Ahead) -> None:
    """Hold all of ``ahead``, in the one order of this module, in one statement.

    Each part waits for the part before it, of which it asks the count; what they held is read afterwards.
    """
    before, steps, values = "nothing", ["nothing AS MATERIALIZED (SELECT 1)"], list[Any]()
    for n, (part, given) in enumerate(_parts(ahead)):
        # Only constants of this module and names made here are put into the text.
        after = f"(SELECT count(*) FROM {before}) >= 0"  # noqa: S608
        before = f"part_{n}"
        steps.append(f"{before} AS MATERIALIZED ({part.format(after=after)})")
        values += given
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {', '.join(steps)} SELECT count(*) FROM {before}", values)  # noqa: S608


def _parts(ahead: Ahead) -> Iterator[tuple[str, list[Any]]]:
    rows = "SELECT id FROM {table} WHERE id = ANY(%s) AND {{after}} ORDER BY id FOR NO KEY UPDATE"
    if ahead.status is not None:
        key = [STATUS_LOCKS, Status.values.index(ahead.status)]
        yield "SELECT pg_advisory_xact_lock(%s, %s) WHERE {after}", key
    if ahead.team is not None:
        yield rows.format(table=Team._meta.db_table), [[ahead.team]]
    if ahead.people:
        yield rows.format(table=Person._meta.db_table), [sorted(ahead.people)]
    if ahead.links:
        yield "SELECT pg_advisory_xact_lock(%s) WHERE {after}", [Lock.LINKS]
    yield "SELECT pg_advisory_xact_lock_shared(%s) WHERE {after}", [Lock.RULES]


def lock_request(number: int, by: Person) -> Request:
    """The request with its row held, as ``by`` may see it at this moment.

    :raises Http404: where it is hidden from ``by``, absent, or ``by`` was deactivated.
    """
    return lock_requests([number], by)[number]


def lock_requests(numbers: Iterable[int], by: Person) -> dict[int, Request]:
    """Several requests at once, held in the order of their numbers.

    :raises Http404: where one of them is hidden or absent.
    """
    wanted = sorted(set(numbers))
    if not all(0 < number <= HIGHEST_NUMBER for number in wanted):
        raise Http404
    active = Exists(Person.objects.filter(pk=by.pk, is_active=True))
    rows = Request.objects.visible_to(by).filter(active, number__in=wanted)
    # Not put in order by the database: to compare the order with so many columns takes Django a millisecond.
    whole = rows.with_people().defer("words").order_by()
    # One that nobody holds is held and read at once. Of several, some would be held while others are waited
    # for: two such transactions could wait for each other.
    free = whole.select_for_update(of=("self",), skip_locked=True) if len(wanted) == 1 else ()
    found = {row.number: row for row in free}
    if len(found) != len(wanted):
        list(rows.select_for_update().order_by("number").values_list("number"))
        # Read again: what the statement that waited saw beside the rows themselves is older than the lock.
        found = {row.number: row for row in whole}
    if len(found) != len(wanted):
        raise Http404
    return {number: found[number] for number in wanted}
