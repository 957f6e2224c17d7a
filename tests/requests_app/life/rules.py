"""The transition table of PRODUCT §4 in plain Python: from where to where, and what it changes."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from tests.requests_app.life.lives import DONE, HIDDEN, OPEN, SAME, Answer, Last, Life, Round, Step, on
from tests.requests_app.life.needs import HANDED_IN, NEEDS
from tests.requests_app.life.portal import Portal
from tests.requests_app.life.who import ASSIGNERS, MAY, leads_service

TURNED_DOWN = ("parked", "declined", "withdrawn")
EARLY = ("submitted", "shaping", "ready")
EVERY = ("draft", *OPEN, "done", *TURNED_DOWN)
# From where to where; without a target the status stays, or is that of before.
TABLE: dict[str, tuple[tuple[str, ...], str | None]] = {
    "submit": (("draft",), "submitted"),
    "assign": ((*OPEN, "done"), None),
    "shape": (("submitted",), "shaping"),
    "accept": (("shaping",), "ready"),
    "rethink": (("ready",), "shaping"),
    "park": ((*EARLY, "in_progress"), "parked"),
    "decline": ((*EARLY, "in_progress"), "declined"),
    "start": (("ready",), "in_progress"),
    "hand_over": (("in_progress",), "in_review"),
    "send_back": (("in_review",), "in_progress"),
    "deliver": (("in_review",), "done"),
    "withdraw": (OPEN, "withdrawn"),
    "reconsider": (TURNED_DOWN, "submitted"),
    "reopen": (("done",), "in_progress"),
    "merge": (EARLY, "declined"),
    "unmerge": (("declined",), None),
    "block": (OPEN, None),
    "unblock": (OPEN, None),
    "undo": (EVERY, None),
}
NEEDS_REASON = {
    *("rethink", "park", "decline", "send_back", "withdraw", "reconsider", "reopen", "block"),
}
# What a lead may set aside with a reason.
OVERRIDDEN = {
    "accept": {"goal_missing", "score_missing", "divergence_open", "below_gate"},
    "start": {"wip_full"},
}
# What a step may change, and its undoing brings back.
KEPT = (
    *("status", "serving", "marketing_owner", "it_owner", "waiting_for", "reconsidered", "round"),
    *("solution", "duplicate_of"),
)


def judge(portal: Portal, step: Step) -> Answer:
    """What becomes of a transition."""
    life, give = portal.lives[step.on], step.give
    if not life.sees(step.by):
        return HIDDEN
    into = give.get("into")
    if step.name == "merge" and into is not None and not portal.lives[into].sees(step.by):
        return Answer.invalid("invalid")
    wrong = _wrong_status(life, step.name)
    if wrong == "already_done" and life.last and life.last.by == step.by:
        return SAME
    codes = [wrong] if wrong else _missing(portal, life, step)
    return Answer.refused(*codes) if codes else _checked(portal, life, step)


def _wrong_status(life: Life, name: str) -> str:
    fits = life.status in TABLE[name][0]
    last = life.last.action if life.last else ""
    if name == "block":
        fits = fits and not life.waiting_for
    if name == "unblock":
        fits = fits and bool(life.waiting_for)
    if name == "undo":
        fits = bool(last) and last not in ("submit", "undo", "unmerge")
    if name == "unmerge":
        fits = fits and last == "merge" and life.duplicate_of is not None
    if fits:
        return ""
    return "already_done" if last == name else "wrong_status"


def _missing(portal: Portal, life: Life, step: Step) -> list[str]:
    give, codes = step.give, in_the_way(portal, step)
    codes += HANDED_IN[step.name](portal, life, step) if step.name in HANDED_IN else []
    overrules = life.leads(step.by) if step.name == "accept" else leads_service(life, step.by)
    if give.get("override") and overrules and (aside := set(codes) & OVERRIDDEN.get(step.name, set())):
        codes = [code for code in codes if code not in aside]
        codes += [] if give.get("reason") else ["reason_missing"]
    if step.name in NEEDS_REASON and not give.get("reason"):
        codes.append("reason_missing")
    return codes


def in_the_way(portal: Portal, step: Step) -> list[str]:
    """What the state of things holds against a transition, whatever is handed in."""
    life = portal.lives[step.on]
    if wrong := _wrong_status(life, step.name):
        return [wrong]
    needs = NEEDS[step.name](portal, life, step) if step.name in NEEDS else []
    return needs if MAY[step.name](life, step.by, step) else ["not_yours", *needs]


def _checked(portal: Portal, life: Life, step: Step) -> Answer:
    """What no code of the table tells of."""
    give = step.give
    if step.name == "submit":
        return Answer.invalid("team_missing") if life.restricted and not life.serving else DONE
    if step.name == "block" and not give.get("waiting_for"):
        return Answer.invalid("required")
    if step.name == "assign":
        named = [name for name in ASSIGNERS if name in give]
        if not named:
            return Answer.invalid("required")
        return SAME if all(give[name] == getattr(life, name) for name in named) else DONE
    if step.name == "merge":
        return _may_merge(portal, step)
    return DONE


def _may_merge(portal: Portal, step: Step) -> Answer:
    into = step.give.get("into")
    if into is None:
        return Answer.invalid("required")
    one, other = portal.lives[step.on], portal.lives[into]
    same = one.restricted == other.restricted and (not one.restricted or one.audience() == other.audience())
    stays = other.status in (*OPEN, "parked", "done")
    return DONE if into != step.on and same and stays else Answer.invalid("invalid")


def change(portal: Portal, step: Step) -> None:
    """Take a transition that was found to be done."""
    life = portal.lives[step.on]
    before = {name: getattr(life, name) for name in KEPT} | {"round": deepcopy(life.round)}
    before |= {"measured": life.measured}
    was, stood = (life.status, life.serving), life.last
    life.status = TABLE[step.name][1] or life.status
    life.last = Last(step.name, step.by, portal.now, before)
    if step.name in EFFECTS:
        EFFECTS[step.name](portal, life, step)
    if step.name in ("undo", "unmerge") and stood:
        _restore(portal, step.on, stood)
    if life.status not in OPEN:
        life.waiting_for = ""
    if life.status != "in_progress":
        life.over_wip = False
    elif was != (life.status, life.serving):
        life.over_wip = portal.full(step.on)


def _restore(portal: Portal, place: int, stood: Last) -> None:
    life = portal.lives[place]
    for name in KEPT:
        setattr(life, name, stood.before[name])
    if stood.action == "deliver":
        life.measured = stood.before["measured"]
    if stood.action == "merge":
        _bring_back(portal, place, stood.moved)


def _bring_back(portal: Portal, place: int, moved: dict[str, Any]) -> None:
    life, into = portal.lives[place], portal.lives[moved["into"]]
    for one in portal.said:
        if place in one.path:
            one.home, one.path = place, one.path[: one.path.index(place)]
    into.supporters -= moved["supporters"] - moved["supported"]
    life.supporters |= moved["supporters"]
    into.watchers -= moved["watchers"] - moved["watched"]
    # Who watched before it was restricted has lost sight of it for good.
    life.watchers |= moved["watchers"] if life.restrictions == moved["restrictions"] else set()


def _submit(portal: Portal, life: Life, step: Step) -> None:
    life.marketing_owner = step.by if on(step.by, "marketing") else life.marketing_owner


def _assign(portal: Portal, life: Life, step: Step) -> None:
    for name in ASSIGNERS:
        if name in step.give:
            setattr(life, name, step.give[name])


def _shape(portal: Portal, life: Life, step: Step) -> None:
    if life.it_owner is None:
        life.it_owner = step.by


def _hand_over(portal: Portal, life: Life, step: Step) -> None:
    life.solution = True


def _deliver(portal: Portal, life: Life, step: Step) -> None:
    life.measured = step.give.get("measured_on") or life.measured


def _reconsider(portal: Portal, life: Life, step: Step) -> None:
    life.reconsidered += 1
    life.round, life.duplicate_of, life.solution = Round(), None, False


def _block(portal: Portal, life: Life, step: Step) -> None:
    life.waiting_for = step.give["waiting_for"]


def _unblock(portal: Portal, life: Life, step: Step) -> None:
    life.waiting_for = ""


def _merge(portal: Portal, life: Life, step: Step) -> None:
    into, place = portal.lives[step.give["into"]], step.on
    life.duplicate_of = step.give["into"]
    assert life.last
    life.last.moved = {
        "into": step.give["into"],
        "restrictions": life.restrictions,
        "supporters": set(life.supporters),
        "supported": set(into.supporters),
        "watchers": set(life.watchers),
        "watched": set(into.watchers),
    }
    for one in portal.said:
        if one.home == place:
            one.home, one.path = step.give["into"], (*one.path, place)
    into.supporters |= life.supporters
    into.watchers |= life.watchers
    life.supporters, life.watchers = set(), set()


EFFECTS: dict[str, Callable[[Portal, Life, Step], None]] = {
    "submit": _submit,
    "assign": _assign,
    "shape": _shape,
    "hand_over": _hand_over,
    "deliver": _deliver,
    "reconsider": _reconsider,
    "block": _block,
    "unblock": _unblock,
    "merge": _merge,
}
