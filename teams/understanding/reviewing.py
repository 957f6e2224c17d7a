"""Keeping what is explained true: changes of its meaning, and the lead's word that it still holds."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from activity import clock, log
from teams import locks, rights
from teams.fields import wrong
from teams.models import PLAIN_LINE, Brief, Company, Person, Role
from teams.rules import Missing, RuleViolation
from teams.texts import clean_line

# PRODUCT's thirty days, until an administrator says otherwise.
STALE_AFTER_DAYS = 30
DAY = timedelta(days=1)


def stale_days() -> Coalesce:
    """After how many days without a review a brief is stale: the company's setting, within a query."""
    return Coalesce(Subquery(Company.objects.values("brief_stale_days")[:1]), STALE_AFTER_DAYS)


def is_stale(brief: Brief, now: datetime, after_days: int = STALE_AFTER_DAYS) -> bool:
    """Whether nobody has looked at ``brief`` for so many days."""
    return now - brief.reviewed_at >= after_days * DAY


def stale(now: datetime) -> QuerySet[Brief]:
    """The stale briefs of current goals and of teams, with what they explain, the longest unseen first."""
    patience = ExpressionWrapper(F("stale_days") * Value(DAY), output_field=DurationField())
    latest = ExpressionWrapper(Value(now) - patience, output_field=DateTimeField())
    rows = Brief.objects.annotate(stale_days=stale_days()).filter(reviewed_at__lte=latest)
    current = rows.filter(Q(team__isnull=False) | Q(goal__is_archived=False))
    return current.select_related("goal", "team").order_by("reviewed_at", "pk")


def waiting_for_review(person: Person, now: datetime) -> QuerySet[Brief]:
    """The stale briefs of current goals and teams that ``person`` leads, the longest unseen first.

    With what they explain. One query.
    """
    led = Q(team__memberships__person=person, team__memberships__role=Role.LEAD)
    led |= Q(goal__teams__memberships__person=person, goal__teams__memberships__role=Role.LEAD)
    return stale(now).filter(led).distinct()


def still_true(brief: Brief, *, by: Person) -> Brief:
    """Say that what is explained still holds.

    :raises Http404: where there is no such brief.
    :raises RuleViolation: ``not_yours`` for all but leads of the teams that answer for it, and admins;
        ``not_written`` where nothing is explained yet.
    """
    with transaction.atomic():
        brief = locks.lock_brief(brief.pk)
        rights.require_lead(by, *brief.thing.explaining_teams())
        if not brief.thing.is_explained():
            raise RuleViolation([Missing("not_written", _("It is not explained yet. Explain it first."))])
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
