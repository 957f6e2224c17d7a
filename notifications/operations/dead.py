"""What was given up: to look at, and to try again."""

from collections.abc import Sequence

from django.db.models import QuerySet

from notifications.leases import retry_dead
from notifications.models import Channel, Delivery, State
from teams.models import Person

SHOWN = 50
LATEST_TESTS = 3


def given_up(channel: str = "") -> QuerySet[Delivery]:
    """All deliveries that were given up, the newest first; of one channel where it is named."""
    dead = Delivery.objects.filter(state=State.DEAD).order_by("-pk")
    return dead.filter(channel=channel) if channel in Channel.values else dead


def shown(channel: str = "") -> list[Delivery]:
    """The newest of them, with whom they were meant for."""
    return list(given_up(channel).select_related("person", "chat__team", "event")[:SHOWN])


def try_again(rows: Sequence[int]) -> int:
    """Let these be tried again at once, by their ids; returns how many."""
    return retry_dead(Delivery.objects.filter(pk__in=rows))


def try_all_again(channel: str = "") -> int:
    """Let all be tried again at once, or all of a channel; returns how many."""
    return retry_dead(given_up(channel).order_by())


def tests_of(person: Person, key: str) -> list[Delivery]:
    """The latest tests that ``person`` asked for, to see what became of them."""
    mine = Delivery.objects.filter(person=person, dedupe_key__startswith=key)
    return list(mine.order_by("-pk")[:LATEST_TESTS])
