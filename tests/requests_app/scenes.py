"""A request with everybody around it, for the tests of the workflow and the boards."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from activity import clock
from activity.models import Event
from requests_app.choices import Status
from requests_app.models import Request
from requests_app.workflow.actions import ACTIONS
from requests_app.workflow.inputs import Explainer, Inputs
from requests_app.workflow.perform import perform
from teams.models import Person, Side, Team
from teams.rules import Missing, RuleViolation
from tests.factories import make_admin, make_person, make_request, make_scores, make_team, scores

ROLES = (
    "requester",
    "marketing_owner",
    "it_owner",
    "marketing_member",
    "marketing_lead",
    "it_member",
    "it_lead",
    "other_it",
    "outsider",
    "admin",
)


class People(dict[str, Person]):
    """The people of a scene, each made when it is first asked for."""

    def __init__(self, marketing_team: Team, it_team: Team) -> None:
        super().__init__()
        self.makers: dict[str, Callable[[], Person]] = {
            "requester": lambda: make_person(make_team(Side.MARKETING)),
            "marketing_owner": lambda: make_person(make_team(Side.MARKETING)),
            "it_owner": lambda: make_person(make_team(Side.IT)),
            "marketing_member": lambda: make_person(marketing_team),
            "marketing_lead": lambda: make_person(lead_of=marketing_team),
            "it_member": lambda: make_person(it_team),
            "it_lead": lambda: make_person(lead_of=it_team),
            "other_it": lambda: make_person(make_team(Side.IT)),
            "outsider": lambda: make_person(make_team(Side.OTHER)),
            "admin": make_admin,
        }

    def __missing__(self, role: str) -> Person:
        self[role] = self.makers[role]()
        return self[role]


@dataclass
class Scene:
    """One request, its two teams and ten people who stand differently to it."""

    request: Request
    marketing_team: Team
    it_team: Team
    people: People

    def __getattr__(self, role: str) -> Person:
        if role not in ROLES:
            raise AttributeError(role)
        return self.people[role]

    def fresh(self) -> Request:
        """The request as it stands in the database now."""
        return Request.objects.with_people().get(number=self.request.number)

    def do(self, action: str, role: str, **inputs: Any) -> Request:
        return perform(action, self.request.number, by=self.people[role], inputs=Inputs(**inputs))

    def refused(self, action: str, role: str, **inputs: Any) -> tuple[Missing, ...]:
        """What is missing; fails where the action is not refused."""
        before = Request.objects.filter(number=self.request.number).values().get(), Event.objects.count()
        try:
            self.do(action, role, **inputs)
        except RuleViolation as error:
            after = Request.objects.filter(number=self.request.number).values().get(), Event.objects.count()
            assert after == before, "a refused step left something behind"
            return error.missing
        raise AssertionError(f"{action} by {role} was not refused")

    def codes(self, action: str, role: str, **inputs: Any) -> list[str]:
        return [missing.code for missing in self.refused(action, role, **inputs)]

    def event(self) -> Event:
        """The latest event of the request."""
        event = Event.objects.filter(object_type="request", object_id=self.request.number).latest("id")
        assert event.data.get("version", self.fresh().version) == self.fresh().version
        return event


def make_scene(status: str = Status.SUBMITTED, **fields: Any) -> Scene:
    """A request in ``status`` between a marketing and an IT team."""
    marketing_team = fields.pop("requesting_team", None) or make_team(Side.MARKETING)
    it_team = fields.pop("serving_team", None) or make_team(Side.IT)
    people = People(marketing_team, it_team)
    seats = {name: people[name] for name in ("requester", "marketing_owner", "it_owner")}
    teams = {"requesting_team": marketing_team, "serving_team": it_team}
    return Scene(make_request(status, **{**teams, **seats, **fields}), marketing_team, it_team, people)


def in_days(days: int) -> date:
    """A day as the portal counts them: by its own zone, not by the database's."""
    return timezone.localdate(clock.now()) + timedelta(days=days)


@dataclass(frozen=True)
class Row:
    """One legal way to take an action: from which status, by whom, with what."""

    status: str
    role: str
    inputs: dict[str, Any]


def legal_rows() -> dict[str, Row]:
    """A legal way for every action but submit, undo and unmerge, which take a step before."""
    why = {"reason": "Because the numbers say so."}
    explainer = Explainer("Mail robot", "It sends the mails that you write.")
    return {
        "assign": Row("submitted", "it_member", {"it_owner": None}),
        "shape": Row("submitted", "it_member", {}),
        "accept": Row("shaping", "marketing_owner", {}),
        "rethink": Row("ready", "it_owner", why),
        "start": Row("ready", "it_owner", {}),
        "hand_over": Row("in_progress", "it_owner", {"explainer": explainer}),
        "send_back": Row("in_review", "marketing_owner", why),
        "deliver": Row("in_review", "marketing_owner", {"measured_on": in_days(30)}),
        "park": Row("ready", "marketing_owner", {**why, "revisit_on": in_days(60)}),
        "decline": Row("shaping", "it_owner", why),
        "withdraw": Row("in_progress", "requester", why),
        "reconsider": Row("parked", "marketing_owner", why),
        "reopen": Row("done", "it_owner", why),
        "merge": Row("submitted", "it_member", {}),
        "block": Row("in_progress", "it_owner", {**why, "waiting_for": "outside"}),
        "unblock": Row("in_progress", "it_owner", {}),
    }


def scene_for(action: str) -> tuple[Scene, dict[str, Any]]:
    """A scene in which ``action`` is possible, and the inputs that it needs."""
    if action in {"undo", "unmerge"}:
        scene = make_scene("ready")
        other = make_request("ready")
        scene.do("merge", "it_owner", into=other.number)
        return scene, {}
    row = legal_rows()[action]
    extra: dict[str, Any] = {}
    if row.status == "shaping":
        ready = make_request("ready")
        names = ("goal", "metric", "baseline", "target", "measured_on")
        extra = {name: getattr(ready, name) for name in names}
    if action == "unblock":
        extra = {"waiting_for": "outside", "blocked_reason": "The supplier is silent."}
    inputs = dict(row.inputs)
    if action == "merge":
        inputs["into"] = make_request("submitted").number
    scene = make_scene(row.status, **extra)
    if action == "accept":
        make_scores(scene.request, scores(), scores())
    return scene, inputs


WITHOUT_PREPARATION = [name for name in ACTIONS if name not in {"submit", "undo", "unmerge"}]
