"""The same people and requests in the portal, and each step as a call of its domain function."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import Http404

from activity.models import Event
from requests_app.discussion import (
    answer,
    comment,
    delete_comment,
    edit_comment,
    support,
    unwatch,
    watch,
    withdraw_support,
)
from requests_app.intake.edit import edit
from requests_app.intake.fields import RequestFields
from requests_app.intake.submit import create
from requests_app.models import Comment, WipLimit
from requests_app.scoring.agreement import propose, reopen
from requests_app.scoring.enter import Given, enter_scores
from requests_app.workflow.inputs import Explainer, Inputs
from requests_app.workflow.perform import perform
from teams.models import Company, Goal, Person, Role, Team
from teams.rules import InvalidFields, RuleViolation
from tests.factories import add_member, make_goal, make_person, make_team
from tests.requests_app.life.lives import ADMINS, DONE, HIDDEN, SAME, SIDE_OF_TEAM, TEAMS, Answer, Step
from tests.requests_app.life.rules import TABLE

DAYS = {"best": Decimal(2), "likely": Decimal(3), "worst": Decimal(8)}
PERSONAL: dict[str, RequestFields] = {
    "none": {"personal_data": "none"},
    "unsigned": {"personal_data": "yes", "personal_data_which": "Addresses"},
    "signed": {
        "personal_data": "yes",
        "personal_data_which": "Addresses",
        "personal_data_signed_by": "D. Schutz",
        "personal_data_signed_on": date(2026, 11, 1),
    },
}


@dataclass
class World:
    """Teams, people and a goal; then the requests of one run."""

    teams: dict[str, Team]
    people: dict[str, Person]
    goal: Goal
    numbers: list[int] = field(default_factory=list)
    said: list[int] = field(default_factory=list)

    def name_of(self, pk: int | None) -> str | None:
        """The person's name in the model."""
        return next((name for name, person in self.people.items() if person.pk == pk), None)

    def limit(self, wip: int | None) -> None:
        if wip is not None:
            WipLimit.objects.create(team=self.teams["platform"], status="in_progress", limit=wip)

    def file(self, author: str, team: str, serving: str | None) -> None:
        """A draft of ``author``."""
        fields: RequestFields = {
            "title": "A wish",
            "customer_need": "They ask for it.",
            "outcome": "They get it.",
            "type": "automation",
            "requesting_team": self.teams[team],
            "serving_team": self.teams[serving] if serving else None,
        }
        self.numbers.append(create(fields, by=self.people[author], submit=False).pk)

    def do(self, step: Step) -> Answer:
        """Take the step, and say what became of it."""
        call = self._transition if step.name in TABLE else getattr(self, f"_{step.name}")
        events = Event.objects.count()
        try:
            made = call(step, self.numbers[step.on], self.people[step.by])
        except Http404:
            kind = HIDDEN
        except InvalidFields as error:
            kind = Answer.invalid(*(missing.code for missing in error.missing))
        except RuleViolation as error:
            kind = Answer.refused(*(missing.code for missing in error.missing))
        else:
            grown = Event.objects.count() - events
            assert grown in (0, 1), f"{grown} events for one step"
            if grown and isinstance(made, Comment) and made.pk not in self.said:
                self.said.append(made.pk)
            return DONE if grown else SAME
        assert Event.objects.count() == events, "a refusal left an event behind"
        return kind

    def _transition(self, step: Step, number: int, by: Person) -> object:
        given = dict(step.give)
        if given.pop("explainer", False):
            given["explainer"] = Explainer("Robot", "It helps.")
        if "into" in given:
            given["into"] = self.numbers[given["into"]]
        if "serving" in given:
            team = given.pop("serving")
            given["serving_team"] = self.teams[team] if team else None
        for seat in ("it_owner", "marketing_owner"):
            if given.get(seat):
                given[seat] = self.people[given[seat]]
        return perform(step.name, number, by=by, inputs=Inputs(**given))

    def _score(self, step: Step, number: int, by: Person) -> object:
        side = step.give["side"]
        given = Given(step.give["values"], DAYS if side == "it" else {})
        return enter_scores(number, side, given, by=by, reason=step.give.get("reason", ""))

    def _propose(self, step: Step, number: int, by: Person) -> object:
        return propose(number, step.give["dimension"], step.give["value"], step.give["note"], by=by)

    def _reopen_point(self, step: Step, number: int, by: Person) -> object:
        return reopen(number, step.give["dimension"], by=by)

    def _say(self, step: Step, number: int, by: Person) -> object:
        return comment(number, "A thought", by=by)

    def _ask(self, step: Step, number: int, by: Person) -> object:
        return comment(number, "When?", by=by, question_to=step.give["to"])

    def _answer(self, step: Step, number: int, by: Person) -> object:
        return answer(number, self.said[step.give["comment"]], self._unused("Soon"), by=by)

    def _reword(self, step: Step, number: int, by: Person) -> object:
        return edit_comment(number, self.said[step.give["comment"]], self._unused("Better"), by=by)

    def _delete(self, step: Step, number: int, by: Person) -> object:
        return delete_comment(number, self.said[step.give["comment"]], by=by)

    def _unused(self, words: str) -> str:
        """Words that nobody has written: the same ones again would change nothing."""
        return f"{words} {Event.objects.latest('id').pk}"

    def _support(self, step: Step, number: int, by: Person) -> object:
        return support(number, by=by)

    def _withdraw_support(self, step: Step, number: int, by: Person) -> object:
        return withdraw_support(number, by=by)

    def _watch(self, step: Step, number: int, by: Person) -> object:
        return watch(number, self.people[step.give["person"]], by=by)

    def _unwatch(self, step: Step, number: int, by: Person) -> object:
        return unwatch(number, self.people[step.give["person"]], by=by)

    def _edit(self, step: Step, number: int, by: Person) -> object:
        fields = self._fields(step.give["field"], step.give["value"])
        return edit(number, fields, by=by, reason=step.give.get("reason", ""))

    def _fields(self, name: str, value: Any) -> RequestFields:
        if name == "goal":
            return {"goal": self.goal if value else None}
        if name == "measured":
            known = value is not None
            numbers = (Decimal(1), Decimal(2)) if known else (None, None)
            return {
                "metric": "sales" if known else "",
                "baseline": numbers[0],
                "target": numbers[1],
                "measured_on": value,
            }
        if name == "personal":
            return PERSONAL[value]
        return RequestFields(**{name: value})  # type: ignore[misc]


def make_world() -> World:
    """A company whose days are those of UTC, as the model counts them."""
    Company.objects.create(pk=1, name="Nordwind", time_zone="UTC")
    teams = {name: make_team(side) for name, side in SIDE_OF_TEAM.items()}
    people = {name: make_person(is_admin=name in ADMINS) for name in TEAMS}
    for name, own in TEAMS.items():
        for team, role in own.items():
            add_member(teams[team], people[name], Role(role))
    return World(teams, people, make_goal())
