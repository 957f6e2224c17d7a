"""Keeping what is explained true: changes of its meaning, and the lead's word that it still holds."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from activity import clock, log
from teams import locks, rights
from teams.fields import wrong
from teams.models import PLAIN_LINE, Brief, Person, Role
from teams.texts import clean_line

# PRODUCT: not reviewed for so long, a brief is stale.
STALE_AFTER = timedelta(days=30)


def is_stale(brief: Brief, now: datetime, after: timedelta = STALE_AFTER) -> bool:
    """Whether nobody has looked at ``brief`` for ``after``."""
    return now - brief.reviewed_at >= after


def waiting_for_review(person: Person, now: datetime, after: timedelta = STALE_AFTER) -> QuerySet[Brief]:
    """The stale briefs of current goals and teams that ``person`` leads, the longest unseen first.

    With what they explain. One query.
    """
    led = Q(team__memberships__person=person, team__memberships__role=Role.LEAD)
    led |= Q(
        goal__is_archived=False,
        goal__teams__memberships__person=person,
        goal__teams__memberships__role=Role.LEAD,
    )
    rows = Brief.objects.filter(led, reviewed_at__lte=now - after).select_related("goal", "team")
    return rows.distinct().order_by("reviewed_at", "pk")


def still_true(brief: Brief, *, by: Person) -> Brief:
    """Say that what is explained still holds.

    :raises Http404: where there is no such brief.
    :raises RuleViolation: ``not_yours`` for all but leads of the teams that answer for it, and admins.
    """
    with transaction.atomic():
        brief = locks.lock_brief(brief.pk)
        rights.require_lead(by, *brief.thing.explaining_teams())
        _reviewed(brief, by)
        brief.save(update_fields=["reviewed_at", "reviewed_by", "version"])
        log.record("brief.reviewed", brief, by=by)
        return brief


def changed(brief: Brief, *, in_substance: bool, what: str = "", reviewer: Person | None = None) -> Brief:
    """Keep, inside the change of a text, that ``reviewer`` wrote it; its own event tells of it.

    ``in_substance``: it means something else now, so that everybody is asked again and told ``what`` changed.

    :raises Http404: where there is no such brief.
    :raises InvalidFields: naming ``what_changed``, where that is missing or too long.
    """
    what = clean_line(what, "what_changed", PLAIN_LINE)
    if in_substance and not what:
        words = _("Say in one sentence what changed; everybody is asked again.")
        raise wrong("what_changed", words, "required")
    brief = locks.lock_brief(brief.pk)
    _reviewed(brief, reviewer)
    if in_substance:
        brief.substance += 1
        brief.what_changed, brief.changed_at = what, clock.now()
    brief.save()
    return brief


def begin(brief_id: int, *, reviewer: Person | None = None) -> None:
    """Date a new row's brief from the moment of the change that puts it in."""
    now = clock.now()
    Brief.objects.filter(pk=brief_id).update(changed_at=now, reviewed_at=now, reviewed_by=reviewer)


def _reviewed(brief: Brief, person: Person | None) -> None:
    brief.reviewed_at, brief.reviewed_by = clock.now(), person
    brief.version += 1
