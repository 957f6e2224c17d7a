"""Planning an exchange, alone or as a series; changing, moving and cancelling it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from activity import clock, log
from knowhow.exchanges import rights, wall_time
from knowhow.exchanges.models import (
    MOST_SESSIONS,
    REASON_TEXT,
    Exchange,
    ExchangeKind,
    ExchangeProposal,
    ExchangeSeries,
    SignUp,
    Standing,
)
from knowhow.exchanges.places import fill, queue
from knowhow.exchanges.session_fields import (
    SessionFields,
    check_span,
    clean_fields,
    clean_kind,
    require_place,
)
from knowhow.exchanges.wall_time import Span
from teams import fields
from teams.models import Person
from teams.texts import clean_text

MOST_WEEKS = 8
# What stands in the calendars of those who come: a change of it is told to them.
INVITED_BY = frozenset({"title", "ability", "place", "link"})


@dataclass(frozen=True)
class Rhythm:
    """How often a session takes place, every so many weeks."""

    every_weeks: int = 1
    times: int = 1


ONCE = Rhythm()


def plan(
    wanted: SessionFields,
    span: Span,
    zone: ZoneInfo,
    *,
    by: Person,
    host: Person | None = None,
    kind: str = ExchangeKind.SESSION,
    rhythm: Rhythm = ONCE,
    proposal_id: int | None = None,
) -> list[Exchange]:
    """Plan an exchange that ``host`` (without: ``by``) holds; with a rhythm a session for each time.

    The sessions of a series keep their wall time in ``zone``. Where it answers a proposal, those who would
    come are told; who asked for a day of job shadowing has the seat.

    :raises InvalidFields: naming each field that cannot be kept.
    :raises RuleViolation: ``not_yours`` where ``by`` may not name this host, ``wrong_status`` for a proposal
        that is closed, ``same_side`` where job shadowing would stay on one side.
    """
    clean = clean_fields(_needed(wanted, clean_kind(kind)))
    require_place(clean["place"], clean["link"])
    check_span(span)
    _check_rhythm(rhythm)
    spans = wall_time.repeated(span, zone, rhythm.every_weeks, rhythm.times)
    check_span(spans[-1])
    host = host or by
    with transaction.atomic():
        rights.require_active(by)
        rights.require_active(host)
        if not rights.may_host_for(by, host):
            raise rights.refusal(
                "not_yours", _("You can name yourself, or somebody whose team you lead."), "host"
            )
        proposal = _open_proposal(proposal_id, kind, host)
        whole = Exchange(host=host, planned_by=by, kind=kind, zone=zone.key, **clean)
        sessions = _write(whole, spans, rhythm)
        told = {host.pk, *_take_up(proposal, sessions[0])}
        data = {**_data(sessions), "host": host.pk, "title": whole.title, "told": sorted(told)}
        if proposal:
            data["proposal"] = proposal.pk
        log.record("exchange.planned", sessions[0], by=by, data=data)
        return sessions


def _needed(wanted: SessionFields, kind: str) -> SessionFields:
    empty = SessionFields(title="", ability="", topic="", place="", link="", seats=1)
    whole: SessionFields = {**empty, **wanted}
    if kind == ExchangeKind.SHADOWING:
        whole["seats"] = 1
    return whole


def _check_rhythm(rhythm: Rhythm) -> None:
    if not 1 <= rhythm.every_weeks <= MOST_WEEKS:
        text = _("Enter a number from %(lowest)d to %(highest)d.") % {"lowest": 1, "highest": MOST_WEEKS}
        raise fields.wrong("every_weeks", text)
    if not 1 <= rhythm.times <= MOST_SESSIONS:
        text = _("Enter a number from %(lowest)d to %(highest)d.") % {"lowest": 1, "highest": MOST_SESSIONS}
        raise fields.wrong("times", text)


def _write(whole: Exchange, spans: Sequence[Span], rhythm: Rhythm) -> list[Exchange]:
    now = clock.now()
    series = None
    if len(spans) > 1:
        series = ExchangeSeries.objects.create(every_weeks=rhythm.every_weeks, times=rhythm.times)
    same = {
        name: getattr(whole, name)
        for name in ("host", "planned_by", "kind", "zone", *SessionFields.__annotations__)
    }
    return Exchange.objects.bulk_create(
        Exchange(
            **same,
            series=series,
            starts_at=span.starts_at,
            ends_at=span.ends_at,
            invited_at=now,
            created_at=now,
        )
        for span in spans
    )


def _open_proposal(proposal_id: int | None, kind: str, host: Person) -> ExchangeProposal | None:
    if proposal_id is None:
        return None
    proposal = rights.lock_proposal(proposal_id)
    if proposal.closed_at is not None:
        raise rights.refusal("wrong_status", _("This proposal has been closed or taken up already."))
    if proposal.kind != kind:
        raise fields.wrong("kind", _("The proposal asks for the other kind of exchange."))
    if kind == ExchangeKind.SHADOWING and rights.is_same_side(proposal.proposer, host):
        raise rights.refusal("same_side", _("The proposal asks for a day with the other side."), "host")
    return proposal


def _take_up(proposal: ExchangeProposal | None, exchange: Exchange) -> set[int]:
    """Close the proposal with what became of it; returns who is told."""
    if proposal is None:
        return set()
    proposal.exchange, proposal.closed_at = exchange, clock.now()
    proposal.version += 1
    proposal.save(update_fields=["exchange", "closed_at", "version"])
    if exchange.is_shadowing:
        queue(exchange, proposal.proposer)
        fill(exchange)
    return set(proposal.wishes.filter(person__is_active=True).values_list("person", flat=True))


def edit(
    exchange_id: int,
    wanted: SessionFields,
    *,
    by: Person,
    version: int | None = None,
    seen_version: int | None = None,
) -> Exchange:
    """Change what an exchange is about, where it is, or how many can come; nothing new changes nothing.

    With more seats those who wait move up. ``version`` refuses any change since; ``seen_version`` is what a
    form was built from and refuses only where both changed the same field.

    :raises InvalidFields: naming each field that cannot be kept, such as fewer seats than are taken.
    :raises RuleViolation: ``not_yours``; ``wrong_status`` where it is cancelled or over.
    :raises StaleVersion: where somebody else changed what this changes.
    """
    clean: dict[str, Any] = dict(clean_fields(wanted))
    with transaction.atomic():
        exchange = rights.lock_exchange(exchange_id)
        rights.require_keeper(by, exchange)
        _require_open(exchange)
        fields.check_version(exchange.version, version)
        now = {name: getattr(exchange, name) for name in clean}
        changes = fields.own_changes(exchange, ["exchange.edited"], clean, now, seen_version)
        if changes:
            for name, value in changes.items():
                setattr(exchange, name, value)
            require_place(exchange.place, exchange.link)
            _check_seats(exchange)
            told = _change(exchange) if INVITED_BY & changes.keys() else []
            exchange.version += 1
            exchange.save()
            moved = [one.person_id for one in fill(exchange)] if "seats" in changes else []
            data = {"changes": fields.told(changes, now), "version": exchange.version, "moved_up": moved}
            log.record("exchange.edited", exchange, by=by, data={**data, "told": sorted({*told, *moved})})
        return exchange


def _require_open(exchange: Exchange) -> None:
    if exchange.is_cancelled:
        raise rights.refusal("wrong_status", _("This exchange is cancelled."))
    if exchange.ends_at <= clock.now():
        raise rights.refusal("wrong_status", _("This exchange is over."))


def _check_seats(exchange: Exchange) -> None:
    if exchange.is_shadowing and exchange.seats != 1:
        raise fields.wrong("seats", _("Job shadowing is for one."))
    taken = SignUp.objects.filter(exchange=exchange, standing=Standing.SEAT).count()
    if taken > exchange.seats:
        text = _("%(taken)d seats are taken already; keep at least as many.") % {"taken": taken}
        raise fields.wrong("seats", text)


def _change(exchange: Exchange) -> list[int]:
    """Give the invitation its next number; returns whose calendars, or plans, change with it."""
    exchange.sequence += 1
    exchange.invited_at = clock.now()
    return sorted(concerned([exchange]))


def concerned(exchanges: Sequence[Exchange]) -> set[int]:
    """The ids of the active hosts and of all active people with a seat or on the waiting list."""
    signups = SignUp.objects.filter(exchange__in=exchanges, person__is_active=True)
    guests = signups.exclude(standing=Standing.LEFT).values_list("person", flat=True)
    return {*guests, *(one.host_id for one in exchanges if one.host.is_active)}


def move(
    exchange_id: int, span: Span, *, by: Person, following: bool = False, version: int | None = None
) -> list[Exchange]:
    """Move an exchange to other hours, with ``following`` also all later ones of its series.

    These move by as many days and to the same wall times. Returns those that were moved.

    :raises InvalidFields: where the new hours cannot be.
    :raises RuleViolation: ``not_yours``; ``wrong_status`` where it is cancelled or over.
    :raises StaleVersion: where it was changed since ``version``.
    """
    check_span(span)
    with transaction.atomic():
        chosen, later = _held(exchange_id, following)
        rights.require_keeper(by, chosen)
        _require_open(chosen)
        fields.check_version(chosen.version, version)
        before, zone = span_of(chosen), ZoneInfo(chosen.zone)
        if before == span:
            return []
        targets = [wall_time.like(span_of(one), before, span, zone) for one in later]
        for one, target in zip(later, targets, strict=True):
            check_span(target)
            one.starts_at, one.ends_at = target.starts_at, target.ends_at
        _write_changed(later, by)
        data = {"from": _told(before), "to": _told(span), "told": sorted(concerned(later))}
        log.record("exchange.moved", chosen, by=by, data={**_data(later), **data})
        return later


def _held(exchange_id: int, following: bool) -> tuple[Exchange, list[Exchange]]:
    """The exchange, and all that a change of it and the following ones is about; their rows held."""
    seen = Exchange.objects.filter(pk=min(exchange_id, rights.HIGHEST_ID)).first()
    if seen is None or not following or seen.series_id is None:
        alone = rights.lock_exchange(exchange_id)
        return alone, [alone]
    rest = Exchange.objects.planned().filter(
        Q(starts_at__gte=seen.starts_at) | Q(pk=seen.pk), series=seen.series_id
    )
    found = rights.lock_exchanges([seen.pk, *rest.values_list("pk", flat=True)])
    chosen = next(one for one in found if one.pk == seen.pk)
    now = clock.now()
    return chosen, [one for one in found if one == chosen or (not one.is_cancelled and one.ends_at > now)]


def _write_changed(exchanges: Sequence[Exchange], by: Person) -> None:
    for one in exchanges:
        one.sequence += 1
        one.version += 1
        one.invited_at = clock.now()
        one.save()


def cancel(
    exchange_id: int, reason: str, *, by: Person, following: bool = False, version: int | None = None
) -> list[Exchange]:
    """Call an exchange off, with ``following`` also all later ones of its series; returns these.

    :raises InvalidFields: without a reason.
    :raises RuleViolation: ``not_yours``; ``wrong_status`` where it is cancelled already, or over.
    :raises StaleVersion: where it was changed since ``version``.
    """
    reason = clean_text(reason, "reason", REASON_TEXT)
    if not reason:
        raise fields.wrong("reason", _("Say why, so that nobody waits in vain."), "reason_missing")
    with transaction.atomic():
        chosen, later = _held(exchange_id, following)
        rights.require_keeper(by, chosen)
        _require_open(chosen)
        fields.check_version(chosen.version, version)
        for one in later:
            one.cancelled_at, one.cancel_reason = clock.now(), reason
        _write_changed(later, by)
        data = {**_data(later), "reason": reason, "told": sorted(concerned(later))}
        log.record("exchange.cancelled", chosen, by=by, data=data)
        return later


def span_of(exchange: Exchange) -> Span:
    """From when to when it takes place."""
    return Span(exchange.starts_at, exchange.ends_at)


def overlapping(host: Person, spans: Sequence[Span], but: Sequence[int] = ()) -> list[Exchange]:
    """The planned exchanges that ``host`` holds at the same time as one of ``spans``, but those left out.

    It warns and never refuses: somebody may well be in two rooms for a quarter of an hour.
    """
    if not spans:
        return []
    first, last = min(span.starts_at for span in spans), max(span.ends_at for span in spans)
    rows = Exchange.objects.planned().filter(host=host, starts_at__lt=last, ends_at__gt=first)
    near = rows.exclude(pk__in=but).order_by("starts_at", "pk")
    return [one for one in near if any(span_of(one).meets(span) for span in spans)]


def _told(span: Span) -> dict[str, str]:
    return {"starts_at": span.starts_at.isoformat(), "ends_at": span.ends_at.isoformat()}


def _data(exchanges: Sequence[Exchange]) -> dict[str, Any]:
    return {"exchanges": [one.pk for one in exchanges]}
