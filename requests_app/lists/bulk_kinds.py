"""What can be done with many requests at once, and what each asks for: a row for each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from requests_app.action_forms import SEAT_LABELS, SEATS, plain_field
from requests_app.discussion import unwatch, watch
from requests_app.forms import long_text
from requests_app.intake.edit import edit
from requests_app.intake.fields import RequestFields
from requests_app.lists.bulk import Change
from requests_app.models import REASON_TEXT, Request
from requests_app.workflow.actions import ACTIONS, UNDOABLE, Action
from requests_app.workflow.inputs import Inputs
from requests_app.workflow.perform import perform
from teams.choosing import PersonField, TeamField, at_home_on
from teams.form_fields import DateField
from teams.models import Goal, Person, Side, Team

Fields = dict[str, forms.Field]
Given = dict[str, Any]
# What needs a look at the one request (a solution, a measuring date, the duplicate) is not done for many.
STEPS = (
    *("assign", "shape", "accept", "rethink", "start", "park", "decline"),
    *("withdraw", "reconsider", "block", "unblock"),
)


@dataclass(frozen=True)
class Kind:
    """One thing to do with many requests: the fields of its form, and the change made of what was entered."""

    name: str
    label: str | Promise
    fields: Callable[[Sequence[Request], Person], Fields]
    change: Callable[[Given], Change]
    can_be_undone: bool = False


class BulkForm(forms.Form):
    """Asks once for what all the chosen requests get."""

    def __init__(self, *args: Any, kind: Kind, requests: Sequence[Request], person: Person) -> None:
        super().__init__(*args)
        self.kind = kind
        self.fields.update(kind.fields(requests, person))

    def change(self) -> Change:
        """The change of one request, after validation."""
        given = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        return self.kind.change(given)


def _step(action: Action) -> Kind:
    def change(given: Given) -> Change:
        inputs = Inputs(**given)
        return lambda number, person: perform(action.name, number, by=person, inputs=inputs)

    return Kind(action.name, action.label, partial(_step_fields, action), change, action.name in UNDOABLE)


def _step_fields(action: Action, requests: Sequence[Request], person: Person) -> Fields:
    fields: Fields = {}
    for ask in action.asks:
        if ask.name in SEATS:
            fields[ask.name] = _seat(ask.name, requests, person)
        # Setting conditions aside is a decision about one request.
        elif ask.name != "override":
            fields[ask.name] = plain_field(ask.name)
            fields[ask.name].required = bool(ask.checks) or ask.required
    return fields


def _seat(name: str, requests: Sequence[Request], person: Person) -> forms.Field:
    options: dict[str, Any] = {
        "label": SEAT_LABELS[name],
        "help_text": _("Empty leaves it as it is."),
        "required": False,
    }
    if name == "serving_team":
        return TeamField(Team.objects.filter(side=Side.IT), sides=[Side.IT], **options)
    side, team = (
        (Side.IT, "serving_team_id") if name == "it_owner" else (Side.MARKETING, "requesting_team_id")
    )
    people = _members(side, {getattr(row, team) for row in requests}, person)
    return PersonField(people, sides=[side], **options)


def _members(side: str, teams: set[int | None], person: Person) -> "QuerySet[Person]":
    """Whom the seats of these requests can go to: their teams' people, and one's own."""
    own = person.memberships.filter(team__side=side).values_list("team", flat=True)
    people = Person.objects.filter(is_active=True, side__in=at_home_on([side]))
    return (
        people.filter(memberships__team__in=(teams | set(own)) - {None}).distinct().order_by("sort_key", "pk")
    )


def _reason() -> forms.Field:
    return forms.CharField(
        label=_("Why?"),
        help_text=_("Needed for requests that both sides have agreed on; everybody reads it."),
        max_length=REASON_TEXT,
        required=False,
        widget=long_text(3),
    )


def _goal_fields(requests: Sequence[Request], person: Person) -> Fields:
    goals = Goal.objects.filter(is_archived=False)
    return {"goal": forms.ModelChoiceField(goals, label=_("Goal")), "reason": _reason()}


def _deadline_fields(requests: Sequence[Request], person: Person) -> Fields:
    why = forms.CharField(label=_("Reason for the deadline"), max_length=REASON_TEXT, widget=long_text(3))
    return {"deadline": DateField(label=_("Deadline")), "deadline_reason": why, "reason": _reason()}


def _edit(given: Given) -> Change:
    fields = RequestFields(**{name: value for name, value in given.items() if name != "reason"})  # type: ignore[typeddict-item]
    return lambda number, person: edit(number, fields, by=person, reason=given.get("reason", ""))


def _nothing(requests: Sequence[Request], person: Person) -> Fields:
    return {}


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        *(_step(ACTIONS[name]) for name in STEPS),
        Kind("goal", _("Set the goal"), _goal_fields, _edit),
        Kind("deadline", _("Set the deadline"), _deadline_fields, _edit),
        Kind("watch", _("Follow"), _nothing, lambda given: lambda number, person: watch(number, by=person)),
        Kind(
            "unwatch",
            _("No longer follow"),
            _nothing,
            lambda given: lambda number, person: unwatch(number, by=person),
        ),
    )
}
# Offered only beside what was just done.
UNDO = _step(ACTIONS["undo"])
