"""Did it help? How often digests were opened and led to something; sums by day, and nothing of who it was."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, Sum
from django.http import HttpRequest

from activity import clock
from notifications.digest.models import DigestUse, Use
from notifications.digest.weeks import Week, running_week
from notifications.models import Digest
from teams.models import Person
from teams.zones import zone_of

WEEKS_SHOWN = 12
# What the address of an action in a digest carries.
PARAMETER, VALUE = "from", "digest"


@dataclass(frozen=True)
class WeekOfUse:
    """How many digests went out in a week, how often their pages were opened and their actions followed."""

    week: Week
    sent: int
    opened: int
    followed: int


def count(use: Use) -> None:
    """One more of ``use`` on this day (UTC)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO notifications_digestuse (day, use, count) VALUES (%s, %s, 1)"
            " ON CONFLICT (day, use) DO UPDATE SET count = notifications_digestuse.count + 1",
            [clock.now().date(), use.value],
        )


def count_followed(request: HttpRequest) -> None:
    """Count ``request`` where somebody followed an action of a digest."""
    if request.method == "GET" and request.GET.get(PARAMETER) == VALUE and request.user.is_authenticated:
        count(Use.FOLLOWED)


def by_week() -> Sequence[WeekOfUse]:
    """The sums of the last weeks of the company's calendar, the running one first. Three queries."""
    weeks = [running_week(clock.now(), zone_of(Person())).plus(-n) for n in range(WEEKS_SHOWN)]
    first = weeks[-1].monday
    sums = DigestUse.objects.filter(day__gte=first).values_list("day", "use").annotate(n=Sum("count"))
    found: dict[tuple[Week, str], int] = {}
    for day, use, n in sums:
        found[Week.of(day), use] = found.get((Week.of(day), use), 0) + n
    keys = [week.plus(-1).key for week in weeks]
    sent = dict(
        Digest.objects.filter(week__in=keys, sent_at__isnull=False)
        .order_by()
        .values_list("week")
        .annotate(n=Count("pk"))
    )
    return [
        WeekOfUse(
            week=week,
            sent=sent.get(week.plus(-1).key, 0),
            opened=found.get((week, Use.OPENED), 0),
            followed=found.get((week, Use.FOLLOWED), 0),
        )
        for week in weeks
    ]
