"""What people may want to do: the usual next step, and for every step what they may hand in with it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from tests.requests_app.life import rules, talk
from tests.requests_app.life.lives import AGREED, DIMENSIONS, DONE, TEAMS, Answer, Step
from tests.requests_app.life.portal import Portal, is_open
from tests.requests_app.life.rules import TABLE

WHY = {"reason": "Because"}
DECISIVE = dict(zip(DIMENSIONS, (5, 5, 5, 4, 3, 2), strict=True))
CLOSE = dict(zip(DIMENSIONS, (4, 4, 4, 4, 3, 2), strict=True))
DOUBTFUL = dict(zip(DIMENSIONS, (5, 2, 5, 4, 1, 2), strict=True))
NICE = dict(zip(DIMENSIONS, (1, 1, 2, 1, 4, 5), strict=True))
VIEWS = (DECISIVE, CLOSE, DOUBTFUL, NICE)
TALK = tuple(talk.JUDGES)
Give = dict[str, Any]


def judge(portal: Portal, step: Step) -> Answer:
    return rules.judge(portal, step) if step.name in TABLE else talk.judge(portal, step)


def take(portal: Portal, step: Step) -> None:
    """Change ``portal`` by a step that was found to be done; versions move with what is no mere talk."""
    turns = [portal.turn(place) for place in range(len(portal.lives))]
    (rules if step.name in TABLE else talk).change(portal, step)
    for place, life in enumerate(portal.lives):
        own = place == step.on
        life.version += (own and is_change(step)) or portal.turn(place) != turns[place]
        if own and life.last and life.last.at != portal.now:
            life.last.followed = True


def is_change(step: Step) -> bool:
    """Whether the step changes the request itself."""
    return step.name in TABLE or step.name in ("score", "propose", "reopen_point", "edit")


def gives(portal: Portal, name: str, place: int) -> list[Give]:
    """What may be handed in with a step, rightly and wrongly."""
    if name in GIVES:
        return GIVES[name]
    today = portal.now.date()
    others = list(range(len(portal.lives)))
    said = [{"comment": n} for n, one in enumerate(portal.said) if one.home == place]
    found: dict[str, list[Give]] = {
        "park": [{**WHY, "revisit_on": today + timedelta(days=30)}, WHY, {**WHY, "revisit_on": today}],
        "deliver": [{"measured_on": today + timedelta(days=days)} for days in (40, 14, 13)] + [{}],
        "merge": [{"into": n} for n in others] + [{}],
        "answer": said + [{"comment": n} for n in range(len(portal.said))],
        "reword": said,
        "delete": said,
        "edit": list(_edits(portal, place)),
    }
    return found[name]


def _edits(portal: Portal, place: int) -> Iterator[Give]:
    life = portal.lives[place]
    if life.status == "draft":
        # Nobody hears of what is kept for oneself.
        return
    values: dict[str, tuple[Any, ...]] = {
        "title": ("One", "Two"),
        "goal": (True, False),
        "personal": ("none", "unsigned", "signed"),
        "restricted": (True, False),
    }
    if life.status not in AGREED:
        # From then on a change of the result is a proposal, which has tests of its own.
        values["measured"] = (portal.now.date() + timedelta(days=200), None)
    for field, fits in values.items():
        for value in fits:
            yield {"field": field, "value": value, **WHY}
    yield {"field": "title", "value": "Three"}


GIVES: dict[str, list[Give]] = {
    "submit": [{}],
    "assign": [
        {},
        {"serving": "platform"},
        {"serving": "data"},
        {"serving": "stores"},
        {"serving": None},
        {"serving": "data", "it_owner": "ivan"},
        *({"it_owner": person} for person in (None, "tom", "ivan", "bea", "mira")),
        *({"marketing_owner": person} for person in (None, "mira", "lena", "bea", "tom")),
    ],
    "shape": [{}],
    "accept": [{}, {"override": True, **WHY}, {"override": True}],
    "rethink": [WHY, {}],
    "decline": [WHY, {}],
    "start": [{}, {"override": True, **WHY}, {"override": True}],
    "hand_over": [{"explainer": True}, {}],
    "send_back": [WHY, {}],
    "withdraw": [WHY, {}],
    "reconsider": [WHY, {}],
    "reopen": [WHY, {}],
    "unmerge": [{}],
    "block": [
        *({"waiting_for": who, **WHY} for who in ("marketing", "it", "outside")),
        WHY,
        {"waiting_for": "it"},
    ],
    "unblock": [{}],
    "undo": [{}],
    "score": [{"side": side, "values": view, **WHY} for side in ("marketing", "it") for view in VIEWS]
    + [{"side": "it", "values": CLOSE}],
    "propose": [
        {"dimension": dimension, "value": value, "note": note}
        for dimension in ("reach", "effort", "customer_value")
        for value, note in ((3, "Half"), (4, "More"), (4, ""))
    ],
    "reopen_point": [{"dimension": dimension} for dimension in ("reach", "effort", "customer_value")],
    "say": [{}],
    "ask": [{"to": "marketing"}, {"to": "it"}],
    "support": [{}],
    "withdraw_support": [{}],
    "watch": [{"person": person} for person in TEAMS],
    "unwatch": [{"person": person} for person in TEAMS],
}


def possible(portal: Portal, name: str, people: list[str]) -> Iterator[Step]:
    """All ways to take a step that are open to one of ``people``."""
    steps = (
        Step(name, by, place, give)
        for place in range(len(portal.lives))
        for give in gives(portal, name, place)
        for by in people
    )
    return (step for step in steps if judge(portal, step) == DONE)


def onward(portal: Portal, place: int, people: list[str]) -> list[Step]:
    """What leads a request on: the first that is missing, by anybody who may."""
    for name, give in _next(portal, place):
        steps = [Step(name, by, place, give) for by in people]
        if fit := [step for step in steps if judge(portal, step) == DONE]:
            return fit
    return []


def _next(portal: Portal, place: int) -> Iterator[tuple[str, Give]]:
    life, today = portal.lives[place], portal.now.date()
    yield from (
        ("answer", {"comment": n}) for n, one in enumerate(portal.said) if one.home == place and is_open(one)
    )
    if life.waiting_for:
        yield "unblock", {}
    if life.status == "submitted" and not life.serving:
        yield "assign", {"serving": "platform"}
    if life.status == "submitted" and not life.marketing_owner:
        yield from (("assign", {"marketing_owner": person}) for person in ("mira", "lena"))
    if life.status == "shaping":
        yield from _before_accepting(portal, place)
    if life.status == "ready" and life.personal == "unsigned":
        yield "edit", {"field": "personal", "value": "signed", **WHY}
    steps: dict[str, list[tuple[str, Give]]] = {
        "draft": [("submit", {})],
        "submitted": [("shape", {})],
        "shaping": [("accept", {}), ("accept", {"override": True, **WHY})],
        "ready": [("start", {}), ("start", {"override": True, **WHY})],
        "in_progress": [("hand_over", {"explainer": True})],
        "in_review": [("deliver", {"measured_on": today + timedelta(days=40)})],
        "done": [("reopen", WHY)],
    }
    yield from steps.get(life.status, [("reconsider", WHY)])


def _before_accepting(portal: Portal, place: int) -> Iterator[tuple[str, Give]]:
    life = portal.lives[place]
    if not life.goal:
        yield "edit", {"field": "goal", "value": True, **WHY}
    if not life.measured:
        yield "edit", {"field": "measured", "value": portal.now.date() + timedelta(days=200), **WHY}
    views = {"marketing": DECISIVE, "it": DOUBTFUL}
    yield from (
        ("score", {"side": side, "values": view})
        for side, view in views.items()
        if side not in life.round.scores
    )
    for name in life.round.left():
        proposed = life.round.joint.get(name)
        yield "propose", {"dimension": name, "value": proposed.value if proposed else 4, "note": "More"}
