"""What else a transition needs (PRODUCT §4): of the state of things, and of what is handed in with it."""

from collections.abc import Callable
from datetime import date, timedelta

from tests.requests_app.life.lives import GATE, SIDE_OF_TEAM, Life, Step, on
from tests.requests_app.life.portal import Portal
from tests.requests_app.life.who import ASSIGNERS, assigns


def _unless(holds: object, code: str) -> list[str]:
    return [] if holds else [code]


def _to_shape(portal: Portal, life: Life, step: Step) -> list[str]:
    # Whoever of IT shapes takes the empty seat.
    takes = on(step.by, "it") and step.by != life.marketing_owner
    return [
        *_unless(life.serving, "team_missing"),
        *_unless(life.marketing_owner, "owner_missing"),
        *_unless(life.it_owner or takes, "owner_missing"),
    ]


def _to_accept(portal: Portal, life: Life, step: Step) -> list[str]:
    found, difference = life.round, life.round.difference()
    return [
        *_unless(life.goal, "goal_missing"),
        *_unless(life.marketing_owner, "owner_missing"),
        *_unless(life.it_owner, "owner_missing"),
        *_unless(life.measured, "result_missing"),
        *_unless(found.revealed, "score_missing"),
        *_unless(not found.left(), "divergence_open"),
        *_unless(difference is None or difference >= GATE, "below_gate"),
    ]


def _to_start(portal: Portal, life: Life, step: Step) -> list[str]:
    signed = _unless(life.personal != "unsigned", "personal_data_unsigned")
    return signed + _unless(not portal.full(step.on), "wip_full")


def _to_turn_down(portal: Portal, life: Life, step: Step) -> list[str]:
    return _unless(life.serving or life.status != "submitted", "team_missing")


def _to_park(portal: Portal, life: Life, step: Step) -> list[str]:
    ahead = step.give.get("revisit_on")
    return _unless(ahead and ahead > portal.now.date(), "date_missing")


def _to_hand_over(portal: Portal, life: Life, step: Step) -> list[str]:
    return _unless(step.give.get("explainer") or life.solution, "explainer_missing")


def _to_deliver(portal: Portal, life: Life, step: Step) -> list[str]:
    day: date | None = step.give.get("measured_on") or life.measured
    return _unless(day and day >= portal.now.date() + timedelta(days=14), "date_missing")


def _to_assign(portal: Portal, life: Life, step: Step) -> list[str]:
    give, codes = step.give, []
    if assigns(life, step.by, step):
        codes = [
            "not_yours" for name, may in ASSIGNERS.items() if name in give and not may(life, step.by, step)
        ]
    if "serving" in give:
        team = give["serving"]
        kept = team is None and (life.restricted or life.status != "submitted")
        codes += _unless(not kept and (team is None or SIDE_OF_TEAM[team] == "it"), "team_missing")
    for name, side in (("it_owner", "it"), ("marketing_owner", "marketing")):
        if give.get(name):
            codes += _unless(on(give[name], side), "owner_missing")
    marketing = give.get("marketing_owner", life.marketing_owner)
    it = give.get("it_owner", life.it_owner)
    return codes + _unless(marketing is None or marketing != it, "owner_missing")


def _to_undo(portal: Portal, life: Life, step: Step) -> list[str]:
    last = life.last
    in_time = last and portal.now - last.at <= timedelta(seconds=60)
    return _unless(in_time, "wrong_status") + _unless(last and not last.followed, "wrong_status")


def _to_unmerge(portal: Portal, life: Life, step: Step) -> list[str]:
    return _unless(life.last and portal.now - life.last.at <= timedelta(days=1), "wrong_status")


Codes = Callable[[Portal, Life, Step], list[str]]
NEEDS: dict[str, Codes] = {
    "shape": _to_shape,
    "accept": _to_accept,
    "start": _to_start,
    "park": _to_turn_down,
    "decline": _to_turn_down,
    "undo": _to_undo,
    "unmerge": _to_unmerge,
}
HANDED_IN: dict[str, Codes] = {
    "assign": _to_assign,
    "park": _to_park,
    "hand_over": _to_hand_over,
    "deliver": _to_deliver,
}
