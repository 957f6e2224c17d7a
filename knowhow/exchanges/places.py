"""Seats and the waiting list. Whoever signs up joins its end; whoever is first takes what is free.

The exchange's row is held, so that of two who want the last seat one gets it and the other waits.
"""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from activity import clock, log
from knowhow.exchanges import rights
from knowhow.exchanges.models import Exchange, SignUp, Standing
from teams.models import Person


def free_places(taken: Iterable[int], seats: int) -> list[int]:
    """The numbers of the free ones of ``seats`` seats, ascending; pure."""
    gone = set(taken)
    return [place for place in range(1, seats + 1) if place not in gone]


def sign_up(exchange_id: int, *, by: Person) -> SignUp:
    """Take a seat, or a place on the waiting list where there is none; a second time changes nothing.

    :raises RuleViolation: ``wrong_status`` where it is cancelled or has begun, ``own_exchange`` for its
        host, ``same_side`` where job shadowing would stay on one side.
    """
    with transaction.atomic():
        exchange = rights.lock_exchange(exchange_id)
        rights.require_active(by)
        rights.require_to_come(exchange)
        _require_guest(exchange, by)
        known = SignUp.objects.filter(exchange=exchange, person=by).first()
        if known is not None and known.standing != Standing.LEFT:
            return known
        signup = queue(exchange, by)
        moved = fill(exchange)
        signup.refresh_from_db()
        told = [one.person_id for one in moved]
        data = {"person": by.pk, "standing": signup.standing, "told": told}
        log.record("exchange.signed_up", exchange, by=by, data=data)
        return signup


def _require_guest(exchange: Exchange, person: Person) -> None:
    if person.pk == exchange.host_id:
        raise rights.refusal("own_exchange", _("You host this exchange: you need no seat."))
    if exchange.is_shadowing and rights.is_same_side(person, exchange.host):
        raise rights.refusal(
            "same_side", _("Job shadowing is a day with the other side, and you are both on the same one.")
        )


def queue(exchange: Exchange, person: Person) -> SignUp:
    """Put somebody at the end of the waiting list, without an event; the caller holds the exchange."""
    signup, _is_new = SignUp.objects.update_or_create(
        exchange=exchange, person=person, defaults={"standing": Standing.WAITING, "since": clock.now()}
    )
    return signup


def sign_off(exchange_id: int, *, by: Person) -> SignUp | None:
    """Give the seat, or the place on the waiting list, back; the first of the list moves up.

    None, and nothing changes, where there was none.

    :raises RuleViolation: ``wrong_status`` where it has begun.
    """
    with transaction.atomic():
        exchange = rights.lock_exchange(exchange_id)
        rights.require_active(by)
        rights.require_to_come(exchange)
        known = SignUp.objects.filter(exchange=exchange, person=by).exclude(standing=Standing.LEFT).first()
        if known is None:
            return None
        had_seat = known.standing == Standing.SEAT
        _leave(known)
        moved = [one.person_id for one in fill(exchange)]
        told = [*([by.pk] if had_seat else []), *moved]
        data = {"person": by.pk, "had_seat": had_seat, "moved_up": moved, "told": told}
        log.record("exchange.signed_off", exchange, by=by, data=data)
        return known


def _leave(signup: SignUp) -> None:
    signup.turns += 1 if signup.standing == Standing.SEAT else 0
    signup.standing, signup.place = Standing.LEFT, None
    signup.save(update_fields=["turns", "standing", "place"])


def fill(exchange: Exchange) -> list[SignUp]:
    """Give free seats to those who wait, in their order; returns who moved up. The caller holds the exchange.

    Whoever has left the company gives up seat and waiting. Where seats became fewer, those who sit beyond the
    last one are given free ones before.
    """
    gone = SignUp.objects.filter(exchange=exchange, person__is_active=False)
    for signup in gone.exclude(standing=Standing.LEFT):
        _leave(signup)
    seated = SignUp.objects.filter(exchange=exchange, standing=Standing.SEAT)
    taken = [place for place in seated.values_list("place", flat=True) if place]
    free = free_places(taken, exchange.seats)
    beyond = list(seated.filter(place__gt=exchange.seats).order_by("place"))
    waiting = SignUp.objects.filter(exchange=exchange, standing=Standing.WAITING).order_by("since", "pk")
    moved = list(waiting[: max(0, len(free) - len(beyond))])
    for place, signup in zip(free, [*beyond, *moved], strict=False):
        signup.standing, signup.place = Standing.SEAT, place
        signup.save(update_fields=["standing", "place"])
    return moved


def fill_seats(exchange_id: int, *, by: None) -> Exchange | None:
    """Pass on the seats of those who have left the company; None where nothing changes.

    ``by`` is always None: the portal does it by itself.
    """
    with transaction.atomic():
        exchange = rights.lock_exchange(exchange_id)
        gone = SignUp.objects.filter(exchange=exchange, person__is_active=False)
        leaving = list(gone.exclude(standing=Standing.LEFT).values_list("person", flat=True))
        if exchange.is_cancelled or exchange.starts_at <= clock.now() or not leaving:
            return None
        moved = [one.person_id for one in fill(exchange)]
        log.record(
            "exchange.filled", exchange, by=by, data={"left": leaving, "moved_up": moved, "told": moved}
        )
        return exchange
