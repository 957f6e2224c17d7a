"""Warning the owner team of what too few people master: once for each time that it comes to this.

Whether somebody took themselves off, said a lower level or left the company makes no difference.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet

from activity import clock, log
from knowhow.solutions.experts import ENOUGH, masters
from knowhow.solutions.models import Solution, Stage

# Whoever describes a new solution names its experts within days, not minutes.
NAMED_WITHIN = timedelta(days=7)


def say_what_is_due(now: datetime) -> int:
    """Warn of each solution in use that fewer than ENOUGH master at ``now`` (aware); returns how many.

    What enough people master again is forgotten, so that it is warned of the next time.
    """
    told = _counted().filter(few_told_at__isnull=False, masters__gte=ENOUGH)
    Solution.objects.filter(pk__in=told.values("pk")).update(few_told_at=None)
    due = list(_due(now).order_by("pk").values_list("pk", flat=True))
    return sum(warn(pk, now, by=None) is not None for pk in due)


def warn(solution_id: int, now: datetime, *, by: None) -> Solution | None:
    """Tell the leads of the owner team that too few master a solution; None where it is not due (any more).

    ``by`` is always None: the portal speaks.
    """
    with transaction.atomic():
        rows = Solution.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
        solution = rows.filter(pk=solution_id, pk__in=_due(now).values("pk")).first()
        if solution is None:
            return None
        solution.few_told_at = max(now, clock.now())
        solution.save(update_fields=["few_told_at"])
        log.record("solution.left_to_few", solution, by=by, data={"enough": ENOUGH})
        return solution


def _counted() -> "QuerySet[Any]":
    return Solution.objects.annotate(masters=Count("experts", filter=masters(), distinct=True))


def _due(now: datetime) -> "QuerySet[Any]":
    """In use, described a while ago, mastered by too few, and not warned of since."""
    in_use = Solution.objects.filter(status__in=(Stage.PILOT, Stage.LIVE), created_at__lte=now - NAMED_WITHIN)
    few = _counted().filter(masters__lt=ENOUGH)
    return in_use.filter(few_told_at=None, pk__in=few.values("pk"))
