"""What joined teams in each month: requests, answered questions, exchanges, confirmations of understanding.

Of what everybody may see; restricted requests join nobody here. Counted anew once a day for the months that
can still change.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import chain

from django.db import transaction

from activity import clock
from knowhow.bridges.silo import Tie
from knowhow.exchanges.models import SignUp
from knowhow.models import TeamTie
from requests_app.models import Comment, Request
from teams.models import Confirmation, Membership, Side

MONTHS_KEPT = 12
# How many months before this one are counted anew.
MONTHS_OPEN = 2

Key = tuple[date, int, int]


Met = tuple[str, datetime, int | None, int | None]


def recount(now: datetime | None = None, months: int = MONTHS_OPEN) -> int:
    """Count this month and ``months`` before it anew, and forget what is older than a year.

    Returns how many rows there are for these months.
    """
    now = now or clock.now()
    since = _months_before(now, months)
    rows = _tied(chain(_requests(since), _answers(since), _exchanges(since, now), _confirmations(since)))
    with transaction.atomic():
        TeamTie.objects.filter(month__gte=since.date()).delete()
        TeamTie.objects.filter(month__lt=_months_before(now, MONTHS_KEPT).date()).delete()
        TeamTie.objects.bulk_create(rows, batch_size=2_000)
    return len(rows)


def ties_since(now: datetime, months: int) -> Iterator[Tie]:
    """The stored ties of this month and ``months`` before it."""
    for row in TeamTie.objects.filter(month__gte=_months_before(now, months).date()).order_by("pk"):
        counts = {kind: getattr(row, kind) for kind in TeamTie.KINDS}
        yield Tie(row.one_id, row.other_id, counts, row.last_at)


def _tied(meetings: Iterable[Met]) -> list[TeamTie]:
    """The rows that ``meetings`` add up to; a team's own and those without a second team join nobody."""
    rows: dict[Key, TeamTie] = {}
    for kind, at, first, second in meetings:
        if first is None or second is None or first == second:
            continue
        month, one, other = at.date().replace(day=1), min(first, second), max(first, second)
        row = rows.setdefault(
            (month, one, other), TeamTie(month=month, one_id=one, other_id=other, last_at=at)
        )
        setattr(row, kind, getattr(row, kind) + 1)
        row.last_at = max(row.last_at, at)
    return [rows[key] for key in sorted(rows)]


def _requests(since: datetime) -> Iterator[Met]:
    """Each request in the month of its last progress, between the team that asks and the one that serves."""
    rows = Request.objects.for_everyone().filter(progress_at__gte=since)
    teams = rows.filter(requesting_team__isnull=False, serving_team__isnull=False)
    for at, asking, serving in teams.values_list("progress_at", "requesting_team", "serving_team").iterator():
        if at is not None:
            yield "requests", at, asking, serving


def _answers(since: datetime) -> Iterator[Met]:
    """Each answered question, between a team of who asked and one of who answered.

    Of people in several teams it is the one on the side that asked, or was asked, that comes first by name.
    """
    rows = Comment.objects.filter(request__restricted=False, deleted_at=None, answered_at__gte=since)
    found = rows.exclude(question_to="").order_by("pk")
    told = list(found.values_list("answered_at", "question_to", "author", "answered_by"))
    teams = _teams({person for row in told for person in row[2:] if person is not None})
    for at, asked, author, answerer in told:
        asking = Side.IT if asked == Side.MARKETING else Side.MARKETING
        if at is not None and author is not None and answerer is not None:
            yield "answers", at, teams.get((author, asking.value)), teams.get((answerer, asked))


def _exchanges(since: datetime, now: datetime) -> Iterator[Met]:
    """Each person who attended, between a team of theirs and one of the host; not within a team."""
    rows = SignUp.objects.filter(attended=True, exchange__cancelled_at=None, exchange__ends_at__lte=now)
    found = rows.filter(exchange__starts_at__gte=since).order_by("pk")
    met = list(found.values_list("exchange__starts_at", "exchange__host", "person"))
    teams = _all_teams({person for row in met for person in row[1:]})
    for at, host, guest in met:
        theirs, own = teams.get(host, []), teams.get(guest, [])
        if theirs and own and not set(theirs) & set(own):
            yield "exchanges", at, theirs[0], own[0]


def _confirmations(since: datetime) -> Iterator[Met]:
    """Each confirmation, between a team of who understood and each team that explains it."""
    rows = Confirmation.objects.filter(at__gte=since).order_by("pk")
    explaining = ("brief__goal__teams", "brief__team", "brief__solution__team")
    met = list(rows.values_list("at", "person", *explaining))
    teams = _all_teams({person for _at, person, *_teams in met})
    for at, person, *owners in met:
        own = teams.get(person, [])
        for owner in set(owners) - {None, *own}:
            if own:
                yield "confirmations", at, owner, own[0]


def _all_teams(people: set[int]) -> dict[int, list[int]]:
    """The teams of each person, by name."""
    found: dict[int, list[int]] = {}
    rows = Membership.objects.filter(person__in=people).order_by("team__name")
    for person, team in rows.values_list("person", "team"):
        found.setdefault(person, []).append(team)
    return found


def _teams(people: set[int]) -> dict[tuple[int, str], int]:
    """The first team, by name, of each person and side."""
    rows = Membership.objects.filter(person__in=people).order_by("-team__name")
    return {(person, side): team for person, side, team in rows.values_list("person", "team__side", "team")}


def _months_before(now: datetime, months: int) -> datetime:
    """The first moment of the month that lies so many months before that of ``now``."""
    whole = now.year * 12 + now.month - 1 - months
    return now.replace(
        year=whole // 12, month=whole % 12 + 1, day=1, hour=0, minute=0, second=0, microsecond=0
    )
