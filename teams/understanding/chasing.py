"""Reminding the leads of what nobody has looked at for long: once for each time that it went stale."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet

from activity import log
from teams.models import Brief, Membership, Role
from teams.understanding.reviewing import stale


def say_what_is_due(now: datetime) -> int:
    """Ask about every brief that is stale at ``now`` (aware) and was not asked about since its last review.

    Returns how many were asked about.
    """
    asked = list(due(now).values_list("pk", flat=True))
    return sum(ask_to_review(pk, now, by=None) is not None for pk in asked)


def ask_to_review(brief_id: int, now: datetime, *, by: None) -> Brief | None:
    """Ask the leads of the teams that answer for a brief whether it is still true.

    None where it is not due (any more), or somebody is changing it right now. ``by`` is always None: the
    portal speaks. The event names who is ``told``.
    """
    with transaction.atomic():
        rows = due(now).filter(pk=brief_id).select_for_update(skip_locked=True, of=("self",), no_key=True)
        brief: Brief | None = rows.first()
        if brief is None:
            return None
        brief.review_asked_for = brief.reviewed_at
        brief.save(update_fields=["review_asked_for"])
        data = {"since": brief.reviewed_at.isoformat(), "told": _leads(brief)}
        log.record("brief.review_asked", brief, by=by, data=data)
        return brief


def due(now: datetime) -> QuerySet[Brief]:
    """The briefs that are stale at ``now`` (aware) and were not asked about since their last review."""
    return stale(now).filter(Q(review_asked_for=None) | ~Q(review_asked_for=F("reviewed_at")))


def _leads(brief: Brief) -> list[int]:
    leads = Membership.objects.filter(team__in=brief.thing.explaining_teams(), role=Role.LEAD)
    return sorted(set(leads.filter(person__is_active=True).values_list("person", flat=True)))
