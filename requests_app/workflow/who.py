"""Who may take a step: small questions about a situation, with words for the answer "not you"."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from requests_app.choices import Status
from requests_app.workflow.inputs import Unset
from requests_app.workflow.situation import Roles, Situation
from teams.models import Person, Side


@dataclass(frozen=True)
class Who:
    """Some of those who may take a step; ``acts_for`` names the holder of the seat that they act in."""

    words: str | Promise
    holds: Callable[[Situation], bool]
    acts_for: Callable[[Situation], Person | None] = lambda situation: None


def is_lead(s: Situation) -> bool:
    """A lead of the requesting or the serving team (for side other: of the marketing owner's); an admin."""
    return s.roles.leads


def is_marketing_lead(s: Situation) -> bool:
    return s.roles.admin or s.roles.marketing_lead


def is_serving_lead(s: Situation) -> bool:
    return s.roles.admin or s.roles.serving_lead


def is_serving_member(s: Situation) -> bool:
    return s.roles.admin or s.roles.serving_member


def serves_or_could(s: Situation) -> bool:
    """A member of the serving team; without one IT, who then hears that the team is missing."""
    return is_serving_member(s) or (s.request.serving_team_id is None and s.roles.on_it)


def is_tandem(s: Situation) -> bool:
    """One of the tandem, or who stands in for one who is away."""
    return holds_marketing(s) or holds_it(s)


def holds_marketing(s: Situation) -> bool:
    return s.roles.marketing_owner or s.roles.marketing_deputy


def holds_it(s: Situation) -> bool:
    return s.roles.it_owner or s.roles.it_deputy


def seats_of(roles: Roles) -> frozenset[str]:
    """The side whose seat the person holds; empty where they hold none."""
    held = {Side.MARKETING: roles.marketing_owner, Side.IT: roles.it_owner}
    return frozenset(str(side) for side, holds in held.items() if holds)


def sides_led(roles: Roles) -> frozenset[str]:
    """The sides in whose seat a lead, or a deputy of who is away, may act."""
    led = {
        Side.MARKETING: roles.admin or roles.marketing_lead or roles.marketing_deputy,
        Side.IT: roles.admin or roles.serving_lead or roles.it_deputy,
    }
    return frozenset(str(side) for side, leads in led.items() if leads)


def is_submitted(s: Situation) -> bool:
    return s.request.status == Status.SUBMITTED


def will_serve(s: Situation) -> bool:
    """A member of the serving team that the request has after this step."""
    team = s.inputs.serving_team
    team_id = team.pk if team is not None and not isinstance(team, Unset) else s.request.serving_team_id
    return s.roles.admin or (team_id is not None and team_id in s.roles.member_of)


def may_set_serving_team(s: Situation) -> bool:
    """Any IT member while it is empty, then the team's members and the leads."""
    if s.request.serving_team_id is None:
        return s.roles.admin or s.roles.on_it
    return is_serving_member(s) or is_lead(s)


def may_set_it_owner(s: Situation) -> bool:
    return will_serve(s)


def may_take_it_seat(s: Situation) -> bool:
    """Who of IT chooses the serving team may fill the seat in the same step."""
    return may_set_it_owner(s) or (s.roles.on_it and may_set_serving_team(s))


def may_set_marketing_owner(s: Situation) -> bool:
    """Requester and requesting team; the serving team where these are gone or side other left it empty."""
    roles = s.roles
    return roles.admin or roles.requester or roles.requesting_member or (_asker_is_gone(s) and will_serve(s))


def _asker_is_gone(s: Situation) -> bool:
    request = s.request
    if request.requester is None or not request.requester.is_active or request.requesting_team is None:
        return True
    return request.requesting_team.side == Side.OTHER and request.marketing_owner_id is None


def may_assign(s: Situation) -> bool:
    return may_set_serving_team(s) or may_set_it_owner(s) or may_set_marketing_owner(s)


def may_undo(s: Situation) -> bool:
    return s.last is not None and s.last.actor == s.by.pk


def _marketing_owner(s: Situation) -> Person | None:
    return s.request.marketing_owner


def _it_owner(s: Situation) -> Person | None:
    return s.request.it_owner


def _absent(s: Situation) -> Person | None:
    """In whose seat a deputy acts who holds none of their own."""
    if s.roles.marketing_owner or s.roles.it_owner:
        return None
    return s.request.marketing_owner if s.roles.marketing_deputy else s.request.it_owner


REQUESTER = Who(_("the requester"), lambda s: s.roles.requester)
TANDEM = Who(_("the tandem"), is_tandem, _absent)
MARKETING_OWNER = Who(_("the marketing owner"), holds_marketing, _marketing_owner)
IT_OWNER = Who(_("the IT owner"), holds_it, _it_owner)
FOR_MARKETING_OWNER = Who("", is_marketing_lead, _marketing_owner)
FOR_IT_OWNER = Who("", is_serving_lead, _it_owner)
LEAD = Who(_("a lead of the teams concerned"), is_lead)
SERVING_LEAD = Who(_("a lead of the serving team"), is_serving_lead)
SERVING_MEMBER = Who(_("a member of the serving team"), is_serving_member)
SHAPER = Who(_("a member of the serving team"), serves_or_could)
TRIAGE = Who(
    _("a member of the serving team while the request is new"),
    lambda s: is_submitted(s) and serves_or_could(s),
)
TANDEM_LATER = Who(_("the tandem after that"), lambda s: not is_submitted(s) and is_tandem(s), _absent)
LEAD_LATER = Who(_("a lead of the teams concerned after that"), lambda s: not is_submitted(s) and is_lead(s))
ASSIGNER = Who(_("those who fill the seats of this request"), may_assign)
LAST_ACTOR = Who(_("the person who took the last step"), may_undo)
FIRST_TIME_TANDEM = Who(
    _("the tandem once"), lambda s: not s.request.times_reconsidered and is_tandem(s), _absent
)
FIRST_TIME_REQUESTER = Who(
    _("the requester once"), lambda s: not s.request.times_reconsidered and s.roles.requester
)
