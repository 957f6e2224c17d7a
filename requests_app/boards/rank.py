"""The one order of each status: fractional keys in C collation.

Whoever calls these functions holds the lock of the status (``locks.lock_status``).
"""

from django.db.models import Q
from fractional_indexing import (
    generate_key_between,
    generate_n_keys_between,
)

from activity.bell import ring_after_commit
from activity.broadcast import RESYNC
from requests_app.choices import Status
from requests_app.models import Request

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


def key_above(status: str, rank: str, besides: int) -> str:
    """A key directly before ``rank`` in ``status``, as if the card ``besides`` were not there."""
    others = Request.objects.filter(status=status, rank__lt=rank).exclude(number=besides)
    return between(others.order_by("-rank").values_list("rank", flat=True).first(), rank)


def same_place(status: str, one: str, other: str, besides: int) -> bool:
    """Whether no card of ``status`` lies between two keys, the card ``besides`` apart."""
    between_them = {"rank__gte": min(one, other), "rank__lte": max(one, other)}
    return not Request.objects.filter(status=status, **between_them).exclude(number=besides).exists()


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
