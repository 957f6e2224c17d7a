"""What the portal says of exchanges by itself, once each: tomorrow it is; how was it; a seat became free.

Each exchange is held while it is told, and what was told is kept on it.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from activity import clock, log
from knowhow.exchanges.models import Exchange, SignUp, Standing
from knowhow.exchanges.places import fill_seats

REMINDED_BEFORE = timedelta(hours=24)
# What ended longer ago is not asked about any more: nobody remembers, and an outage must not wake the past.
ASKED_WITHIN = timedelta(days=3)


def say_what_is_due(now: datetime) -> int:
    """Do everything that is due at ``now`` (aware); returns how many things were done."""
    done = [fill_seats(pk, by=None) for pk in _ids(_with_empty_seats(now))]
    done += [remind(pk, now, by=None) for pk in _ids(_to_remind(now))]
    done += [ask_how_it_was(pk, now, by=None) for pk in _ids(_to_ask(now))]
    return sum(one is not None for one in done)


def _ids(which: Q) -> list[int]:
    return list(
        Exchange.objects.planned().filter(which).order_by("starts_at", "pk").values_list("pk", flat=True)
    )


def _with_empty_seats(now: datetime) -> Q:
    gone = SignUp.objects.exclude(standing=Standing.LEFT).filter(person__is_active=False)
    return Q(starts_at__gt=now, pk__in=gone.values("exchange"))


def _to_remind(now: datetime) -> Q:
    """Begins within a day, and was planned, or last changed, before that: else they have just been told."""
    soon = Q(starts_at__gt=now, starts_at__lte=now + REMINDED_BEFORE)
    told_long_ago = Q(invited_at__lte=F("starts_at") - REMINDED_BEFORE)
    return soon & told_long_ago & (Q(reminded_for=None) | ~Q(reminded_for=F("starts_at")))


def _to_ask(now: datetime) -> Q:
    return Q(ends_at__lte=now, ends_at__gt=now - ASKED_WITHIN, feedback_asked_at=None)


def remind(exchange_id: int, now: datetime, *, by: None) -> Exchange | None:
    """Remind the host and those with a seat; None where it is not due (any more). ``by`` is always None."""
    with transaction.atomic():
        exchange = _held(exchange_id, _to_remind(now))
        if exchange is None:
            return None
        exchange.reminded_for = exchange.starts_at
        exchange.save(update_fields=["reminded_for"])
        host = [exchange.host_id] if exchange.host.is_active else []
        data = {"starts_at": exchange.starts_at.isoformat(), "told": [*host, *_seated(exchange)]}
        log.record("exchange.reminded", exchange, by=by, data=data)
        return exchange


def ask_how_it_was(exchange_id: int, now: datetime, *, by: None) -> Exchange | None:
    """Ask those with a seat whether it helped; None where it is not due (any more). ``by`` is always None."""
    with transaction.atomic():
        exchange = _held(exchange_id, _to_ask(now))
        if exchange is None:
            return None
        exchange.feedback_asked_at = max(now, clock.now())
        exchange.save(update_fields=["feedback_asked_at"])
        log.record("exchange.feedback_asked", exchange, by=by, data={"told": _seated(exchange)})
        return exchange


def _held(exchange_id: int, due: Q) -> Exchange | None:
    rows = Exchange.objects.planned().filter(due, pk=exchange_id).select_related("host")
    return rows.select_for_update(skip_locked=True, of=("self",)).first()


def _seated(exchange: Exchange) -> list[int]:
    seats = SignUp.objects.filter(exchange=exchange, standing=Standing.SEAT, person__is_active=True)
    return list(seats.exclude(attended=False).order_by("place").values_list("person", flat=True))
