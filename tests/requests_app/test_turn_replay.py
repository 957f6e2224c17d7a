"""Whose turn it is, after random walks through the domain functions, against a replay of the event log.

The replay knows nothing but what a request was filed with and its events, in plain Python written apart from
the rule; time per side is compared with the turns that the replay went through.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from activity import clock
from activity.models import Event
from requests_app.before_work.checklist import add_item
from requests_app.before_work.proposals import assent, reject
from requests_app.choices import Status
from requests_app.intake.edit import edit
from requests_app.models import Request, TurnPeriod
from requests_app.outcomes.record import record_outcome
from requests_app.scoring.agreement import propose, reopen
from requests_app.scoring.enter import Given, enter_scores
from requests_app.seats import leave_seats
from requests_app.workflow.inputs import Explainer, Inputs
from requests_app.workflow.perform import perform
from teams.models import Goal, Side
from teams.rules import InvalidFields, RuleViolation
from tests.factories import make_goal, scores
from tests.requests_app.scenes import ROLES, Scene, in_days, make_scene
from tests.requests_app.test_races import FULL

START = datetime(2026, 11, 23, 8, tzinfo=UTC)
DAYS = {"best": Decimal(2), "likely": Decimal(3), "worst": Decimal(8)}
OPEN = {"submitted", "shaping", "ready", "in_progress", "in_review"}
Step = Callable[[Scene, Goal], object]


@dataclass
class Replay:
    """A request as its events tell of it."""

    facts: dict[str, Any]
    status: str = "submitted"
    waiting_for: str = ""
    round: int = 1
    scores: dict[str, dict[str, int] | None] = field(default_factory=dict)
    agreed: dict[str, str] = field(default_factory=dict)
    proposals: dict[str, str] = field(default_factory=dict)
    # What an undo brings back, as it was before the last step.
    before: tuple[Any, ...] = ()

    def take(self, event: Event) -> None:
        data = event.data
        for name, change in (data.get("changes") or {}).items():
            self.facts[name] = change["to"]
        if event.kind == "request.seat_emptied":
            self.facts[data["seat"]] = None
        if event.kind.startswith("request.score"):
            self._score(event.kind, data)
        if "action" in data:
            self._step(data)

    def _step(self, data: dict[str, Any]) -> None:
        self.status = data["to"]
        for name in ("serving_team", "marketing_owner", "it_owner"):
            self.facts[name] = data["after"][name]
        if data["action"] in ("undo", "unmerge"):
            undone = self.before
            self.waiting_for, self.round = undone[0], undone[1]
            self.scores, self.agreed, self.proposals = undone[2:]
            return
        self.before = (self.waiting_for, self.round, self.scores, self.agreed, self.proposals)
        if data["action"] == "block":
            self.waiting_for = data["waiting_for"]
        if data["action"] == "unblock" or self.status not in OPEN:
            self.waiting_for = ""
        if data["action"] == "reconsider":
            self.scores, self.agreed, self.proposals = {}, {}, {}
        if data["action"] == "deliver":
            self.facts["measured_on"] = data["measured_on"]

    def _score(self, kind: str, data: dict[str, Any]) -> None:
        if kind == "request.scored":
            if data["first"]:
                self.scores = {**self.scores, data["side"]: None}
            if "scores" in data:
                self.scores = dict(data["scores"])
            for name, change in data.get("score_changes", {}).items():
                view = self.scores[data["side"]]
                assert view is not None
                self.scores = {**self.scores, data["side"]: {**view, name: change["to"]}}
                self.agreed.pop(name, None)
                self.proposals.pop(name, None)
            return
        for known in (self.agreed, self.proposals):
            known.pop(data["dimension"], None)
        if kind == "request.score_proposed":
            self.proposals[data["dimension"]] = data["side"]
        if kind == "request.score_agreed":
            self.agreed[data["dimension"]] = data["side"]

    def apart(self) -> set[str]:
        marketing, it = self.scores.get("marketing"), self.scores.get("it")
        if not marketing or not it:
            return set()
        return {name for name in scores() if abs(marketing[name] - it[name]) >= 2}

    def turn(self) -> str:
        if self.status not in OPEN or self.waiting_for == "outside":
            return "nobody"
        if self.waiting_for:
            return self.waiting_for
        if self.status == "submitted":
            lacking = self.facts["serving_team"] and not self.facts["marketing_owner"]
            return "marketing" if lacking else "it"
        if self.status != "shaping":
            return "marketing" if self.status == "in_review" else "it"
        if "it" in self.proposals.values():
            return "marketing"
        if not self.facts["it_owner"] or "it" not in self.scores or self.apart() - set(self.agreed):
            return "it"
        wanted = ("marketing_owner", "goal", "metric", "baseline", "target", "measured_on")
        complete = all(self.facts[name] not in (None, "") for name in wanted) and "marketing" in self.scores
        return "it" if complete else "marketing"


def step(action: str, role: str, **inputs: Any) -> Step:
    return lambda scene, goal: perform(
        action, scene.request.pk, by=scene.people[role], inputs=Inputs(reason="Because", **inputs)
    )


def fields(role: str, **values: Any) -> Step:
    return lambda scene, goal: edit(
        scene.request.pk,
        {name: goal if value == "goal" else value for name, value in values.items()},  # type: ignore[arg-type]
        by=scene.people[role],
        reason="Because",
    )


def score(side: str, points: int) -> Step:
    def enter(scene: Scene, goal: Goal) -> object:
        owner = scene.people["marketing_owner" if side == "marketing" else "it_owner"]
        given_ = Given(scores(points), DAYS if side == "it" else {})
        return enter_scores(scene.request.pk, side, given_, by=owner, reason="Counted")

    return enter


def joint(role: str, value: int) -> Step:
    return lambda scene, goal: propose(
        scene.request.pk, "reach", value, "Half of them", by=scene.people[role]
    )


RESULT = {"metric": "sales", "baseline": Decimal(1), "target": Decimal(2), "measured_on": in_days(90)}
# Walks find their steps by the place in this list.
STEPS: list[Step] = [
    step("assign", "it_lead", it_owner=None),
    step("assign", "marketing_member", marketing_owner=None),
    lambda scene, goal: step("assign", "it_lead", it_owner=scene.it_owner)(scene, goal),
    lambda scene, goal: step("assign", "requester", marketing_owner=scene.marketing_owner)(scene, goal),
    step("shape", "it_owner"),
    step("shape", "it_member"),
    step("accept", "marketing_owner"),
    step("accept", "it_lead", override=True),
    step("rethink", "it_owner"),
    step("start", "it_owner"),
    step("hand_over", "it_owner", explainer=Explainer("Robot", "It helps.")),
    step("send_back", "marketing_owner"),
    step("deliver", "marketing_owner", measured_on=in_days(100)),
    step("reopen", "it_owner"),
    step("park", "it_lead", revisit_on=in_days(200)),
    step("decline", "it_lead"),
    step("reconsider", "admin"),
    step("block", "it_owner", waiting_for="marketing"),
    step("block", "marketing_owner", waiting_for="it"),
    step("block", "it_owner", waiting_for="outside"),
    step("unblock", "it_owner"),
    *(step("undo", role) for role in ("it_owner", "it_lead", "marketing_owner", "requester")),
    fields("requester", goal="goal"),
    fields("requester", goal=None),
    fields("marketing_owner", **RESULT),
    fields("it_owner", **RESULT),
    fields("marketing_owner", target=Decimal(9)),
    fields("requester", metric=""),
    fields("it_owner", personal_data="none"),
    *(score(side, points) for side in ("marketing", "it") for points in (4, 2)),
    *(joint(role, value) for role in ("marketing_owner", "it_owner") for value in (3, 4)),
    lambda scene, goal: reopen(scene.request.pk, "reach", by=scene.it_owner),
    lambda scene, goal: assent(scene.request.pk, by=scene.it_owner),
    lambda scene, goal: reject(scene.request.pk, by=scene.marketing_owner),
    lambda scene, goal: add_item(scene.request.pk, "Ask", by=scene.it_owner),
    lambda scene, goal: record_outcome(scene.request.pk, Decimal(2), by=scene.marketing_owner),
    lambda scene, goal: leave_seats(scene.it_owner, [Side.IT], by=None),
]
# Walks that get somewhere: most random ones stay in triage.
DECIDED = [5, 25, 27, 32, 34]
ON_THE_WAY = {
    "submitted": [],
    "shaping": [5],
    "scored": DECIDED,
    "apart": [5, 25, 27, 32, 35, 38],
    "ready": [*DECIDED, 6],
    "in_progress": [*DECIDED, 6, 9],
    "in_review": [*DECIDED, 6, 9, 10],
}
PAUSES = [timedelta(seconds=20), timedelta(hours=5), timedelta(days=2)]
pauses = st.sampled_from(PAUSES)
walks = st.lists(st.tuples(st.integers(0, len(STEPS) - 1), pauses), max_size=14)


def paced(*places: int) -> list[tuple[int, timedelta]]:
    """A walk with some hours between its steps."""
    return [(place, PAUSES[1]) for place in places]


def begin() -> tuple[Scene, Replay]:
    scene = make_scene(Status.SUBMITTED)
    # Made now: who is made in a step that is refused would be gone with it.
    for role in ROLES:
        assert scene.people[role].pk
    wanted = ("serving_team", "marketing_owner", "it_owner", "goal")
    facts: dict[str, Any] = {name: getattr(scene.request, f"{name}_id") for name in wanted}
    facts |= {"metric": "", "baseline": None, "target": None, "measured_on": None}
    return scene, Replay(facts)


def walk_along(beginning: list[int], walk: list[tuple[int, timedelta]]) -> None:
    now = START
    with clock.moved_to(now):
        (scene, replay), goal = begin(), make_goal()
    told, turns = 0, [(replay.turn(), now)]
    for place, pause in [*((one, timedelta(hours=1)) for one in beginning), *walk]:
        now += pause
        with clock.moved_to(now), transaction.atomic():
            try:
                with transaction.atomic():
                    STEPS[place](scene, goal)
            except (RuleViolation, InvalidFields):
                continue
        for event in Event.objects.filter(object_type="request", id__gt=told).order_by("id"):
            replay.take(event)
            told = event.pk
            turns = after(turns, event, replay.turn(), now)
        request = Request.objects.get(pk=scene.request.pk)
        assert (request.turn, request.status) == (replay.turn(), replay.status), event.kind
        assert request.turn_since == turns[-1][1]
    assert kept(scene.request) == spans(turns)


def after(
    turns: list[tuple[str, datetime]], event: Event, turn: str, now: datetime
) -> list[tuple[str, datetime]]:
    """The turns and their beginnings; a step that is taken back never was."""
    if event.kind == "request.undone" and turns[-1][1] == undone_at(event):
        turns = turns[:-1]
    return turns if turns[-1][0] == turn else [*turns, (turn, now)]


def undone_at(event: Event) -> datetime:
    return Event.objects.get(pk=event.data["undone_event"]).occurred_at


def spans(turns: list[tuple[str, datetime]]) -> list[tuple[str, datetime, datetime | None]]:
    ends: list[datetime | None] = [since for _turn, since in turns[1:]]
    return [
        (turn, since, until)
        for (turn, since), until in zip(turns, [*ends, None], strict=True)
        if turn != "nobody"
    ]


def kept(request: Request) -> list[tuple[str, datetime, datetime | None]]:
    rows = TurnPeriod.objects.filter(request=request).order_by("since")
    return list(rows.values_list("side", "since", "until"))


@pytest.mark.django_db
@settings(
    max_examples=300 if FULL else 20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.sampled_from(sorted(ON_THE_WAY)), walks)
# One of Marketing's parts is taken away; both scored, apart, with Marketing's part missing; a joint value is
# found and reopened; blocked to and fro; a step is taken back.
@example("scored", paced(26, 25, 30, 27))
@example("scored", paced(1, 3))
@example("shaping", paced(32, 35, 38, 36, 40))
@example("apart", paced(36, 40))
@example("in_progress", paced(17, 20, 19, 20, 18))
@example("scored", [(6, PAUSES[1]), (23, PAUSES[0]), (17, PAUSES[1]), (21, PAUSES[0])])
def test_the_turn_and_its_periods_are_what_the_log_tells(
    beginning: str, walk: list[tuple[int, timedelta]]
) -> None:
    with transaction.atomic():
        walk_along(ON_THE_WAY[beginning], walk)
        transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.parametrize("beginning", ON_THE_WAY)
def test_the_prepared_ways_get_where_they_are_meant_to(beginning: str) -> None:
    with clock.moved_to(START):
        (scene, _replay), goal = begin(), make_goal()
        for place in ON_THE_WAY[beginning]:
            STEPS[place](scene, goal)
    assert scene.fresh().status == {"scored": "shaping", "apart": "shaping"}.get(beginning, beginning)
