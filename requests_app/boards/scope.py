"""Which requests a board shows: to whom is the business of ``visible``."""

from django.db.models import Q

from requests_app.models import Board, Request


def shown_on(board: Board) -> Q:
    """The condition under which a request stands on a whole board."""
    if board.team_id is not None:
        return Q(serving_team=board.team_id)
    teams, touchpoints = ([row["id"] for row in rows] for rows in (board.team_rows, board.touchpoint_rows))
    return narrowed(
        teams=teams,
        touchpoints=touchpoints,
        label=board.label,
        goal=board.goal_id,
        type=board.type,
        requesting_team__side=board.requesting_side,
        requesting_team=board.requesting_team_id,
    )


def narrowed(*, teams: list[int], touchpoints: list[int], label: str, **plain: object) -> Q:
    """The condition of fitting everything that is given; ids of rows, and what is empty is not asked."""
    found = Q(**{name: value for name, value in plain.items() if value})
    if teams:
        found &= Q(serving_team__in=teams)
    if touchpoints:
        through = Request.touchpoints.through.objects.filter(touchpoint__in=touchpoints)
        found &= Q(number__in=through.values("request"))
    if label:
        found &= Q(number__in=Request.labels.through.objects.filter(label__name=label).values("request"))
    return found
