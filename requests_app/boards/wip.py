"""How much a serving team works on at once: limits, counts, and who may set them."""

from dataclasses import dataclass
from functools import cache

from django.db import transaction
from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.utils.translation import gettext as _

from activity import log
from requests_app.boards import locks
from requests_app.choices import Status
from requests_app.models import Request, WipLimit
from teams.models import Membership, Person, Role, Side, Team
from teams.rules import InvalidFields, Missing, RuleViolation

LIMITED = (Status.SHAPING, Status.READY, Status.IN_PROGRESS, Status.IN_REVIEW)
HIGHEST_LIMIT = 999


@dataclass(frozen=True)
class Wip:
    """What a team holds in a status, all requests counted, and its limit (None: as many as it likes)."""

    count: int = 0
    limit: int | None = None

    @property
    def full(self) -> bool:
        return self.limit is not None and self.count >= self.limit


UNLIMITED = Wip()


def wip_of(team_id: int | None, status: str, besides: int = 0) -> Wip:
    """The WIP of a serving team in ``status`` without the request ``besides``; one query."""
    limits = WipLimit.objects.filter(team=team_id, status=status)
    row = limits.annotate(held=_held(besides)).values_list("held", "limit").first()
    return Wip(*row) if row else UNLIMITED


@cache
def wip_row(status: str) -> Subquery:
    """For annotating requests with the fields of their serving team's WIP in ``status``; null: unlimited."""
    limits = WipLimit.objects.filter(team=OuterRef("serving_team"), status=status)
    return Subquery(limits.values(row=JSONObject(count=_held(), limit="limit")))


def _held(besides: int = 0) -> Coalesce:
    """How many requests stand where a limit holds."""
    here = Request.objects.filter(serving_team=OuterRef("team"), status=OuterRef("status"))
    counted = here.exclude(number=besides).order_by().values("serving_team").annotate(held=Count("number"))
    return Coalesce(Subquery(counted.values("held"), output_field=IntegerField()), 0)


def set_wip_limit(team: Team, status: str, limit: int | None, *, by: Person) -> Team:
    """Set how many requests of ``status`` the serving team works on at once; None takes the limit away.

    Setting the limit that holds already changes nothing.

    :raises InvalidFields: for a status without limits, a limit below 1, or a team that is not of IT.
    :raises RuleViolation: ``not_yours`` for all but the team's leads and admins.
    """
    _check_limit(team, status, limit)
    with transaction.atomic():
        locks.lock_team(team.pk)
        team.refresh_from_db()
        if not may_set_limit(team, by):
            raise RuleViolation([Missing("not_yours", _("Only the team's leads set its limits."))])
        before = WipLimit.objects.filter(team=team, status=status).values_list("limit", flat=True).first()
        if before == limit:
            return team
        _write_limit(team, status, limit)
        team.version += 1
        team.save(update_fields=["version"])
        log.record("wip_limit.set", team, by=by, data={"status": status, "limit": limit, "before": before})
        return team


def may_set_limit(team: Team, person: Person) -> bool:
    """Whether ``person`` leads the team, or is an active admin."""
    fresh = Person.objects.filter(pk=person.pk, is_active=True)
    leads = Membership.objects.filter(team=team, person=person, role=Role.LEAD)
    return fresh.filter(is_admin=True).exists() or (fresh.exists() and leads.exists())


def _check_limit(team: Team, status: str, limit: int | None) -> None:
    wrong = []
    if status not in LIMITED:
        wrong.append(Missing("invalid", _("This column has no limit."), "status"))
    if limit is not None and not 1 <= limit <= HIGHEST_LIMIT:
        message = _("Enter a number from 1 to %(highest)d.") % {"highest": HIGHEST_LIMIT}
        wrong.append(Missing("invalid", message, "limit"))
    if team.side != Side.IT:
        wrong.append(Missing("invalid", _("Only teams of IT have limits."), "team"))
    if wrong:
        raise InvalidFields(wrong)


def _write_limit(team: Team, status: str, limit: int | None) -> None:
    if limit is None:
        WipLimit.objects.filter(team=team, status=status).delete()
    else:
        WipLimit.objects.update_or_create(team=team, status=status, defaults={"limit": limit})
