"""Which of a person's digests the next one goes on from, also where a clock once ran ahead."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from notifications.models import Digest
from teams.models import Person


@dataclass(frozen=True)
class Before:
    """The digest that somebody got last, and one that tells of more days than that.

    ``ahead`` was made while the clock ran ahead: the weeks that it anticipated come all the same, without
    what it has told already.
    """

    last: Digest | None = None
    ahead: Digest | None = None


def told_before(people: Collection[Person], now: datetime) -> dict[int, Before]:
    """What each of ``people`` was sent before ``now``, by their id. One query."""
    sent = Digest.objects.filter(person__in=people, sent_at__isnull=False)
    in_turn = sent.filter(period_end__lte=now).order_by("person", "-pk").distinct("person")
    furthest = sent.order_by("person", "-period_end").distinct("person")
    either = Q(pk__in=in_turn.values("pk")) | Q(pk__in=furthest.values("pk"))
    found = defaultdict[int, list[Digest]](list)
    for row in Digest.objects.filter(either).defer("selection").order_by("pk"):
        found[row.person_id].append(row)
    return {person.pk: _before(found[person.pk], now) for person in people}


def _before(rows: Sequence[Digest], now: datetime) -> Before:
    last = next((row for row in reversed(rows) if row.period_end <= now), None)
    furthest = max(rows, key=lambda row: row.period_end, default=None)
    if last is None or furthest is None or furthest.period_end > last.period_end:
        return Before(last, furthest)
    return Before(last)
