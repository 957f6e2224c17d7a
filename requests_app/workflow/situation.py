"""What the rules of the workflow look at: the request, the person, their roles, and what was last."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef

from activity import clock
from activity.models import Event
from requests_app.boards.wip import UNLIMITED, Wip, wip_of
from requests_app.choices import Status
from requests_app.models import Request
from requests_app.scoring.reading import Round, round_of
from requests_app.scoring.rules import Rules, rules_for
from requests_app.workflow.inputs import NOTHING, Inputs
from teams.models import Membership, Person, Role, Side

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
    member_of: frozenset[int] = frozenset()

    @property
    def leads(self) -> bool:
        """A lead of the teams concerned, or an admin."""
        return self.admin or self.requesting_lead or self.serving_lead or self.marketing_lead

    @property
    def takes_care(self) -> bool:
        """Requester, tandem, leads: they name watchers, and take away what others added."""
        return self.leads or self.requester or self.marketing_owner or self.it_owner


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
    wip: Wip = UNLIMITED
    inputs: Inputs = field(default=NOTHING)

    @property
    def today(self) -> date:
        """The date in the portal's zone."""
        return self.now.astimezone(self.rules.zone).date()


def roles_of(request: Request, by: Person) -> Roles:
    """What ``by`` is to ``request``; a deactivated person is nothing. One query."""
    if not by.is_active:
        return Roles()
    people = {by.pk, request.marketing_owner_id or by.pk}
    rows = Membership.objects.filter(person_id__in=people).values_list(
        "person_id", "team_id", "team__side", "role"
    )
    memberships = list(rows)
    own = {team: role for person, team, _, role in memberships if person == by.pk}
    leads = {team for team, role in own.items() if role == Role.LEAD}
    asking = request.requesting_team
    owners_teams = {
        team
        for person, team, side, _ in memberships
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
        member_of=frozenset(own),
    )


def last_step(number: int) -> LastStep | None:
    """The latest transition of the request ``number``. One query."""
    of_request = Event.objects.filter(object_type="request", object_id=number)
    later = Event.objects.filter(
        object_type="request", object_id=OuterRef("object_id"), id__gt=OuterRef("id")
    )
    event = of_request.filter(kind__in=TRANSITIONS).annotate(followed=Exists(later)).order_by("-id").first()
    if event is None:
        return None
    return LastStep(
        event=event.pk,
        action=event.data.get("action", ""),
        actor=event.actor_id,
        at=event.occurred_at,
        data=event.data,
        followed=event.followed,
    )


def look(request: Request, by: Person, inputs: Inputs = NOTHING) -> Situation:
    """Everything that the rules need, in at most four queries beside the request with its people."""
    starts = request.status == Status.READY and request.serving_team_id is not None
    return Situation(
        request=request,
        by=by,
        roles=roles_of(request, by),
        last=last_step(request.number),
        now=clock.now(),
        rules=rules_for(request),
        round=round_of(request) if request.status == Status.SHAPING else Round(request.scoring_round),
        wip=wip_of(request.serving_team_id, Status.IN_PROGRESS) if starts else UNLIMITED,
        inputs=inputs,
    )
