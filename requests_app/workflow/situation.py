"""What the rules of the workflow look at: the request, the person, their roles, and what was last."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.http import Http404

from activity import clock
from activity.models import Event
from requests_app.boards.wip import UNLIMITED, Wip, wip_row
from requests_app.choices import Status
from requests_app.models import Request, ResultProposal
from requests_app.scoring.reading import Round, round_from, round_rows
from requests_app.scoring.rules import Rules, rules_for, rules_row
from requests_app.workflow.inputs import NOTHING, Inputs
from requests_app.workflow.turn import Beside, asked_side
from teams import prepared
from teams.models import Absence, Membership, Person, Role, Side

TRANSITIONS = (
    "request.submitted",
    "request.assigned",
    "request.shaped",
    "request.accepted",
    "request.rethought",
    "request.parked",
    "request.declined",
    "request.started",
    "request.handed_over",
    "request.sent_back",
    "request.delivered",
    "request.withdrawn",
    "request.reconsidered",
    "request.reopened",
    "request.merged",
    "request.unmerged",
    "request.undone",
    "request.blocked",
    "request.unblocked",
)


@dataclass(frozen=True)
class Roles:
    """What a person is with regard to a request."""

    admin: bool = False
    requester: bool = False
    marketing_owner: bool = False
    it_owner: bool = False
    on_it: bool = False
    requesting_member: bool = False
    serving_member: bool = False
    requesting_lead: bool = False
    serving_lead: bool = False
    # Acts in Marketing's seat: leads its team, which for a request of side other is the owner's.
    marketing_lead: bool = False
    # Stands in for the holder of that seat, who is away; never for the other half of a tandem of one's own.
    marketing_deputy: bool = False
    it_deputy: bool = False
    member_of: frozenset[int] = frozenset()

    @property
    def leads(self) -> bool:
        """A lead of the teams concerned, or an admin."""
        return self.admin or self.requesting_lead or self.serving_lead or self.marketing_lead

    @property
    def takes_care(self) -> bool:
        """Requester, tandem, leads: they name watchers, and take away what others added."""
        in_seat = self.marketing_owner or self.it_owner or self.marketing_deputy or self.it_deputy
        return self.leads or self.requester or in_seat


@dataclass(frozen=True)
class LastStep:
    """The request's latest transition."""

    event: int
    action: str
    actor: int | None
    at: datetime
    data: dict[str, Any]
    # Whether anything was recorded of the request since.
    followed: bool


@dataclass(frozen=True)
class Situation:
    request: Request
    by: Person
    roles: Roles
    last: LastStep | None
    now: datetime
    rules: Rules
    # The scores, where the request can still be decided.
    round: Round = field(default=Round())
    # What its turn depends on beside its row, whatever its status.
    beside: Beside = field(default=Beside())
    # Whether somebody has proposed another expected result.
    proposed: bool = False
    wip: Wip = UNLIMITED
    inputs: Inputs = field(default=NOTHING)

    @property
    def today(self) -> date:
        """The date in the portal's zone."""
        return self.now.astimezone(self.rules.zone).date()


class Member(NamedTuple):
    """That a person belongs to a team, and as what."""

    person: int
    team: int
    side: str
    role: str


# What a page may have read along with the request.
READ_ALONG = {"round_rows": round_rows, "rules_row": rules_row}
# Stand for the ids in the query that is kept.
ANY_NUMBER, ANY_OWNER = -1, -2

MEMBER = {"person": "person_id", "team": "team_id", "side": "team__side", "role": "role"}


def roles_of(request: Request, by: Person) -> Roles:
    """What ``by`` is to ``request``; a deactivated person is nothing. One query."""
    if not by.is_active:
        return Roles()
    memberships = _memberships(by.pk, request.marketing_owner_id or by.pk)
    members = ArraySubquery(memberships.values(row=JSONObject(**MEMBER)))
    rows = Person.objects.filter(pk=by.pk).annotate(members=members, stands_for=_stands_for(by))
    found = next(iter(rows.values_list("members", "stands_for")), ([], []))
    return _roles(request, by, [Member(**one) for one in found[0]], found[1])


def _stands_for(by: Person) -> ArraySubquery:
    """The people who are away and for whom ``by`` stands in."""
    return ArraySubquery(Absence.objects.now().with_deputy().filter(deputy=by).values("person"))


def _memberships(*people: int) -> "QuerySet[Membership]":
    """Those that the roles of the first follow from, the second being the request's marketing owner."""
    return Membership.objects.filter(person_id__in=people)


def _roles(request: Request, by: Person, memberships: Iterable[Member], stands_for: Collection[int]) -> Roles:
    if not by.is_active:
        return Roles()
    own = {team: role for person, team, _side, role in memberships if person == by.pk}
    leads = {team for team, role in own.items() if role == Role.LEAD}
    asking = request.requesting_team
    owners_teams = {
        team
        for person, team, side, _role in memberships
        if person == request.marketing_owner_id and side == Side.MARKETING
    }
    asked_by_marketing = asking is not None and asking.side == Side.MARKETING
    marketing_teams = {request.requesting_team_id} if asked_by_marketing else owners_teams
    return Roles(
        admin=by.is_admin,
        requester=request.requester_id == by.pk,
        marketing_owner=request.marketing_owner_id == by.pk,
        it_owner=request.it_owner_id == by.pk,
        on_it=by.on_side(Side.IT),
        requesting_member=request.requesting_team_id in own,
        serving_member=request.serving_team_id in own,
        requesting_lead=request.requesting_team_id in leads,
        serving_lead=request.serving_team_id in leads,
        marketing_lead=bool(marketing_teams & leads),
        marketing_deputy=request.marketing_owner_id in stands_for and request.it_owner_id != by.pk,
        it_deputy=request.it_owner_id in stands_for and request.marketing_owner_id != by.pk,
        member_of=frozenset(own),
    )


def last_step(number: int) -> LastStep | None:
    """The latest transition of the request ``number``. One query."""
    row = _steps().filter(object_id=number).values_list("row", flat=True).first()
    return _last(row) if row else None


@cache
def _steps() -> Any:  # a queryset with an annotation that its type cannot name
    """The transitions of requests, the latest first, as ``_last`` takes them."""
    later = Event.objects.filter(
        object_type="request", object_id=OuterRef("object_id"), id__gt=OuterRef("id")
    )
    row = JSONObject(
        event="id",
        actor="actor_id",
        at="occurred_at",
        data="data",
        followed=Exists(later),
    )
    steps = Event.objects.filter(object_type="request", kind__in=TRANSITIONS)
    return steps.annotate(row=row).order_by("-id")


def _last(row: dict[str, Any]) -> LastStep:
    at, action = datetime.fromisoformat(row["at"]), row["data"].get("action", "")
    return LastStep(**row | {"at": at, "action": action})


def look(request: Request, by: Person, inputs: Inputs = NOTHING) -> Situation:
    """Everything that the rules need, beside the request with its people. One query.

    :raises Http404: where the request is gone by now.
    """
    found = _read(request, by)
    row = request if hasattr(request, "round_rows") else found
    scored = round_from(row.round_rows, request.scoring_round)
    starts = request.status == Status.READY and request.serving_team_id is not None
    return Situation(
        request=request,
        by=by,
        roles=_roles(request, by, [Member(**one) for one in found.members], found.stands_for),
        last=_last(found.last_row) if found.last_row else None,
        now=clock.now(),
        rules=rules_for(request if hasattr(request, "rules_row") else found),
        round=scored if request.status == Status.SHAPING else Round(request.scoring_round),
        beside=Beside(found.asked, scored),
        proposed=found.proposed,
        wip=Wip(**found.wip_row) if starts and found.wip_row else UNLIMITED,
        inputs=inputs,
    )


def _read(request: Request, by: Person) -> Any:  # a row with annotations that its type cannot name
    """What stands beside the request's row, without what was read along with it."""
    # Nobody's teams decide what is asked; they are among what is found.
    reader = Person(pk=by.pk)
    reader.keep_teams(())
    lacking = tuple(name for name in READ_ALONG if not hasattr(request, name))
    known = {ANY_NUMBER: request.pk, ANY_OWNER: request.marketing_owner_id or by.pk}
    found = prepared.rows(_beside_the_row, reader, ANY_NUMBER, ANY_OWNER, lacking, values=known)
    if not found:
        raise Http404
    return found[0]


def _beside_the_row(by: Person, number: int, owner: int, lacking: tuple[str, ...]) -> "QuerySet[Request]":
    members = _memberships(by.pk, owner).values(row=JSONObject(**MEMBER))
    asked: dict[str, Any] = {
        "members": ArraySubquery(members),
        "stands_for": _stands_for(by),
        "last_row": Subquery(_steps().filter(object_id=OuterRef("pk")).values("row")[:1]),
        "wip_row": wip_row(Status.IN_PROGRESS),
        "asked": asked_side(),
        "proposed": Exists(ResultProposal.objects.filter(request=OuterRef("pk"))),
        **{name: READ_ALONG[name]() for name in lacking},
    }
    return Request.objects.annotate(**asked).only("pk").filter(pk=number)
