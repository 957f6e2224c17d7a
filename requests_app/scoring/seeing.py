"""Who may enter and who may see what a side has scored: the blindness of PRODUCT §4 in one place."""

from requests_app.models import Request, Scorer
from requests_app.scoring.reading import Round
from requests_app.workflow.situation import Roles
from teams.models import Person, Side


def could_enter(roles: Roles) -> frozenset[str]:
    """The sides whose seat they hold or stand in for, or whose team they lead. Here an admin is no lead."""
    sides = {
        Side.MARKETING: roles.marketing_owner or roles.marketing_lead or roles.marketing_deputy,
        Side.IT: roles.it_owner or roles.serving_lead or roles.it_deputy,
    }
    return frozenset(str(side) for side, fits in sides.items() if fits)


def may_enter(roles: Roles, scores_for: str) -> frozenset[str]:
    """The sides for which the person may enter; ``scores_for`` is the one they have scored for, or ""."""
    sides = could_enter(roles)
    return sides & {scores_for} if scores_for else sides


def sees(roles: Roles, scores_for: str, round_: Round, side: str) -> bool:
    """Whether the person may see the values of ``side``.

    Until both sides are in, only who may enter for that side; who could enter for both sees neither until
    they have entered for one, and then only that one.
    """
    return round_.is_revealed or may_enter(roles, scores_for) == {side}


def scores_for(request: Request, person: Person) -> str:
    """The side of ``request`` that ``person`` has scored for in any round, or "".

    One query, or none where ``with_scores`` brought it along.
    """
    known = getattr(request, "scores_for", None)
    if known is not None:
        return str(known)
    return Scorer.objects.filter(request=request, person=person).values_list("side", flat=True).first() or ""
