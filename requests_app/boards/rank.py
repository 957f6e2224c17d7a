"""The one order of each status: fractional keys in C collation.

Whoever calls these functions holds the lock of the status (``locks.lock_status``).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import Q, QuerySet, Subquery
from fractional_indexing import generate_key_between, generate_n_keys_between

from activity.bell import ring_after_commit
from activity.broadcast import RESYNC
from requests_app.choices import Status
from requests_app.models import Request

# The one card, as far as it is there and seen.
Neighbour = QuerySet[Request, Any]

# Keys grow when cards are put between the same two again and again; the column holds 200 characters.
LONGEST_KEY = 100


def bottom_of(status: str, besides: int = 0) -> str:
    """A key behind the last card of ``status``, as if the card ``besides`` were not there."""
    return between(_edge(status, "-rank", besides), None)


def top_of(status: str, besides: int = 0) -> str:
    """A key before the first card of ``status``, as if the card ``besides`` were not there."""
    return between(None, _edge(status, "rank", besides))


def place_at_bottom(request: Request) -> None:
    """Give ``request`` the last place of the status that it is about to have, without saving."""
    request.rank = bottom_of(request.status, request.number)


def place_of(status: str, besides: int = 0) -> str:
    """Where a card goes that nobody puts somewhere: on top of *done*, else to the bottom."""
    return top_of(status, besides) if status == Status.DONE else bottom_of(status, besides)


def between(above: str | None, below: str | None) -> str:
    """A key after ``above`` and before ``below`` (None: no card there)."""
    return str(generate_key_between(above, below))


def _edge(status: str, order: str, besides: int) -> str | None:
    ranks = Request.objects.filter(status=status, rank__isnull=False).exclude(number=besides)
    return ranks.order_by(order).values_list("rank", flat=True).first()


def key_below(status: str, rank: str, besides: int) -> str:
    """A key directly after ``rank`` in ``status``, as if the card ``besides`` were not there."""
    others = Request.objects.filter(status=status, rank__gt=rank).exclude(number=besides)
    return between(rank, others.order_by("rank").values_list("rank", flat=True).first())


@dataclass(frozen=True)
class Spot:
    """A place in a status: its key, and whether the card that is to go there stands there already."""

    key: str
    is_taken_by_it: bool


def spot_at_top(status: str, number: int) -> Spot:
    """The place of the card ``number`` above all others. One query."""
    rows = _ranked(status).order_by("rank")[:2]
    others = [rank for card, rank in rows if card != number]
    return Spot(between(None, others[0] if others else None), [card for card, _rank in rows][:1] == [number])


def spot_below(status: str, neighbour: Neighbour, number: int) -> Spot | None:
    """The place of the card ``number`` directly below ``neighbour``; None where there is none. One query."""
    rows = list(_ranked(status).filter(rank__gte=_rank_of(neighbour)).order_by("rank")[:3])
    return _beside(rows, number, between)


def spot_above(status: str, neighbour: Neighbour, number: int) -> Spot | None:
    """The place of the card ``number`` directly above ``neighbour``; None where there is none. One query."""
    rows = list(_ranked(status).filter(rank__lte=_rank_of(neighbour)).order_by("-rank")[:3])
    return _beside(rows, number, lambda first, second: between(second, first))


def _beside(
    rows: Sequence[tuple[int, str]], number: int, key: Callable[[str, str | None], str]
) -> Spot | None:
    """Of rows that begin with the neighbour and go away from it."""
    if not rows:
        return None
    others = [rank for card, rank in rows if card != number]
    return Spot(
        key(others[0], others[1] if len(others) > 1 else None), [card for card, _ in rows[1:2]] == [number]
    )


def _ranked(status: str) -> "QuerySet[Request, tuple[int, str]]":
    ranked = Request.objects.filter(status=status, rank__isnull=False)
    return cast("QuerySet[Request, tuple[int, str]]", ranked.values_list("number", "rank"))


def _rank_of(neighbour: Neighbour) -> Subquery:
    return Subquery(neighbour.values("rank")[:1])


def rebalance(status: str, coming: int = 0) -> None:
    """Give every card of ``status`` a short key in the same order, and let open boards look at it anew.

    All new keys lie behind the last old one, so that no two cards share a key on the way. The rows are
    held in the order of their numbers, as everywhere: with them that of the card ``coming`` from another
    status, which its step needs next.
    """
    there = Q(status=status, rank__isnull=False)
    rows = Request.objects.filter(there | Q(number=coming)).only("number", "status", "rank")
    cards = [row for row in rows.select_for_update().order_by("number") if row.status == status]
    held = sorted(cards, key=lambda card: str(card.rank))
    last = held[-1].rank if held else None
    for card, key in zip(held, generate_n_keys_between(last, None, len(held)), strict=True):
        card.rank = key
    Request.objects.bulk_update(held, ["rank"], batch_size=2000)
    # No version changes, so no message says which cards have other keys now.
    ring_after_commit([RESYNC])
