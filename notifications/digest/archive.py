"""One's own digests, newest first, and those that tell of something one looks for."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from activity import clock
from activity.models import Event
from notifications.digest.plan import next_at
from notifications.digest.select import Selection
from notifications.digest.weeks import Week, running_week
from notifications.models import Digest
from requests_app.models import Request
from requests_app.search import clean_query, matching
from teams.models import Goal, Person
from teams.zones import company as the_company
from teams.zones import zone_of

# A little more than a year.
ARCHIVE_LENGTH = 60
HITS_SHOWN = 5


@dataclass(frozen=True)
class Hit:
    """What was looked for, as one digest told of it."""

    title: str
    path: str


@dataclass(frozen=True)
class ArchiveRow:
    week: Week
    start: datetime
    end: datetime
    hits: Sequence[Hit] = ()


@dataclass(frozen=True)
class Archive:
    """``next_at`` is when the next one comes, None for never; ``query`` what the rows were searched for."""

    running: Week
    rows: Sequence[ArchiveRow]
    next_at: datetime | None
    query: str


def archive(person: Person, query: str = "") -> Archive:
    """The digests of ``person``, newest first; where there is a ``query`` those that tell of what fits it,
    among what ``person`` may see now. A constant number of queries.

    :raises InvalidFields: for a query that is too long or holds control characters.
    """
    query, now = clean_query(query), clock.now()
    found = list(Digest.objects.filter(person=person).order_by("-period_end")[:ARCHIVE_LENGTH])
    hits = _hits(person, query, found) if query else {}
    rows = [
        ArchiveRow(Week.parse(row.week), row.period_start, row.period_end, hits.get(row.pk, ()))
        for row in found
        if not query or row.pk in hits
    ]
    company = the_company()
    return Archive(running_week(now, zone_of(person, company)), rows, next_at(person, now, company), query)


def _hits(person: Person, query: str, digests: Iterable[Digest]) -> dict[int, list[Hit]]:
    """What fits ``query`` in each digest that tells of something that does, by the digest's id."""
    selections = {digest.pk: Selection.from_json(digest.selection) for digest in digests}
    told = set().union(*(one.events() for one in selections.values()))
    about = dict(Event.objects.filter(pk__in=told).values_list("pk", "object_id"))
    numbers = {pk: _numbers(one, about) for pk, one in selections.items()}
    requests = _requests(person, query, set().union(*numbers.values()))
    goals = _goals(query, {row["goal"] for one in selections.values() for row in one.goals})
    found = {
        pk: [
            *(requests[number] for number in sorted(numbers[pk] & requests.keys(), reverse=True)),
            *(goals[row["goal"]] for row in one.goals if row["goal"] in goals),
        ][:HITS_SHOWN]
        for pk, one in selections.items()
    }
    return {pk: hits for pk, hits in found.items() if hits}


def _numbers(selection: Selection, about: Mapping[int, int]) -> set[int]:
    return selection.numbers() | {about[event] for event in selection.events() if event in about}


def _requests(person: Person, query: str, numbers: Set[int]) -> dict[int, Hit]:
    rows = matching(Request.objects.visible_to(person).filter(number__in=numbers), query)
    return {row.number: Hit(f"{row.key} {row.title}", row.get_absolute_url()) for row in rows.defer("words")}


def _goals(query: str, goals: Set[int]) -> dict[int, Hit]:
    """Goals are open to every member."""
    rows = Goal.objects.filter(pk__in=goals, title__icontains=query)
    return {row.pk: Hit(row.title, row.get_absolute_url()) for row in rows}
