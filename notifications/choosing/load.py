"""How many mails people get: counted by person and week, without a word of what they say."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.db.models.functions import TruncWeek

from notifications.models import Channel, Delivery, State
from teams.models import Person

WEEKS = 4
# Those with the most are named; it is about the defaults, not about people.
NAMED = 10


@dataclass(frozen=True)
class Load:
    """Of one week: how many mails to how many people, the middle and the most; newest first."""

    week: datetime
    mails: int
    people: int
    median: int
    most: int


@dataclass(frozen=True)
class OfOne:
    """How many mails somebody got: in each of the weeks, in their order, and in all of them."""

    person: Person
    weeks: list[tuple[datetime, int]]
    total: int


@dataclass(frozen=True)
class MailLoad:
    """The weeks, and who got the most in all of them."""

    weeks: list[Load]
    most: list[OfOne]


def mail_load(now: datetime, zone: ZoneInfo) -> MailLoad:
    """The load of the last weeks. Two queries; several deliveries that were one mail count once."""
    sent = Delivery.objects.filter(
        channel__in=[Channel.MAIL, Channel.DIGEST],
        state=State.DONE,
        finished_at__gt=now - timedelta(weeks=WEEKS),
    )
    rows = sent.annotate(week=TruncWeek("finished_at", tzinfo=zone)).values_list("week", "person")
    counted = rows.annotate(n=Count("message_id", distinct=True)).order_by("-week")
    by_week: dict[datetime, dict[int, int]] = {}
    total: Counter[int] = Counter()
    for week, person, mails in counted:
        by_week.setdefault(week, {})[person] = mails
        total[person] += mails
    people = Person.objects.in_bulk([pk for pk, _mails in total.most_common(NAMED)])
    most = [
        OfOne(people[pk], [(week, of_week.get(pk, 0)) for week, of_week in by_week.items()], mails)
        for pk, mails in total.most_common(NAMED)
        if pk in people
    ]
    return MailLoad([_load(week, sorted(of_week.values())) for week, of_week in by_week.items()], most)


def _load(week: datetime, mails: list[int]) -> Load:
    return Load(week, sum(mails), len(mails), mails[len(mails) // 2], mails[-1])
