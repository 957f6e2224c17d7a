"""The small form of one action: it asks exactly what the transition table says the action takes."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from knowhow.models import Solution
from knowhow.solutions.forms import section_field
from knowhow.solutions.models import SECTIONS
from requests_app.choices import WaitingFor
from requests_app.forms import long_text
from requests_app.models import REASON_TEXT, Request
from requests_app.workflow.inputs import Explainer, Inputs
from requests_app.workflow.verdicts import Verdict
from teams.choosing import PersonField, TeamField, TypedField, at_home_on
from teams.form_fields import DateField
from teams.models import PLAIN_LINE, Person, Side, Team
from teams.rules import RuleViolation

SEATS = ("serving_team", "it_owner", "marketing_owner")


class NumberOfRequest(forms.CharField):
    """A request's number as people write it: 12 or T-12."""

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        found = re.fullmatch(r"(?:T-)?([1-9]\d{0,17})", text.strip(), re.IGNORECASE)
        if found is None:
            raise forms.ValidationError(_("Enter the number of a request, such as T-12."))
        return int(found[1])


class ActionForm(forms.Form):
    """Asks for the inputs of ``verdict``; whether they suffice is decided by the workflow."""

    def __init__(self, *args: Any, request: Request, verdict: Verdict, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.verdict = verdict
        asked = {one.name: one.required for one in verdict.inputs}
        for name, required in asked.items():
            self.fields.update(self._fields_of(name, request, verdict))
            if name in self.fields:
                # Said in the label; refusing is the workflow's part, so that nothing is decided twice.
                self.fields[name].is_needed = required  # type: ignore[attr-defined]
        if verdict.action == "hand_over":
            self._ask_for_one()

    def _ask_for_one(self) -> None:
        """Of a solution that exists and a new one, one is needed; neither is just optional."""
        for field in self.fields.values():
            field.is_needed = True  # type: ignore[attr-defined]
        if "solution" in self.fields:
            self.fields["solution"].help_text = _("Choose it here, or name and explain a new one below.")

    def _fields_of(self, name: str, request: Request, verdict: Verdict) -> dict[str, forms.Field]:
        if name == "override" and not verdict.may_override:
            return {}
        if name == "explainer":
            return explainer_fields()
        if name in SEATS:
            return {name: seat_field(name, request)}
        return {name: plain_field(name)}

    def offer_first(self, solutions: Sequence[int]) -> None:
        """Put these solutions, by their ids, before all others."""
        field = self.fields.get("solution")
        if not solutions or not isinstance(field, forms.ModelChoiceField):
            return
        by_id = {row.pk: str(row) for row in field.queryset or ()}
        first = [(pk, by_id[pk]) for pk in solutions if pk in by_id]
        others = [(pk, title) for pk, title in by_id.items() if pk not in solutions]
        field.choices = [
            ("", field.empty_label),
            (_("They could fit"), first),
            (_("All others"), others),
        ]

    def inputs(self) -> Inputs:
        """What was entered, for ``perform`` and ``move``."""
        data = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        parts = {name: data.pop(f"explainer_{name}", "") for name in ("title", "text")}
        # The page sends all sections, if only empty; a script that knows none of them sends one text.
        sent = [name for name in SECTIONS[1:] if f"explainer_{name}" in self.data]
        parts |= {name: data.pop(f"explainer_{name}", "") for name in sent}
        if any(parts.values()):
            data["explainer"] = Explainer(**parts)
        return Inputs(**data)

    def refuse(self, violation: RuleViolation) -> None:
        """Show each condition that does not hold at its field, or above the form."""
        for missing in violation.missing:
            field = missing.field.replace(".", "_")
            field = "explainer_text" if field == "explainer" else field
            self.add_error(field if field in self.fields else None, str(missing.message))


def explainer_fields() -> dict[str, forms.Field]:
    """What a new solution needs: a name, and the sections of its explainer."""
    title = forms.CharField(label=_("Name of the new solution"), max_length=PLAIN_LINE, required=False)
    sections = {
        f"explainer_{'text' if name == 'purpose' else name}": section_field(name, required=False)
        for name in SECTIONS
    }
    return {"explainer_title": title, **sections}


def seat_field(name: str, request: Request) -> TypedField:
    """Chooses somebody, or a team, who fits the seat; empty leaves it as it is."""
    options: dict[str, Any] = {
        "label": SEAT_LABELS[name],
        "help_text": _("Empty leaves it as it is."),
        "required": False,
        "initial": getattr(request, f"{name}_id"),
    }
    if name == "serving_team":
        return TeamField(Team.objects.filter(side=Side.IT), sides=[Side.IT], **options)
    side, team = _seat_of(name, request)
    people = Person.objects.filter(is_active=True, side__in=at_home_on([side]))
    if team is None:
        return PersonField(people, sides=[side], **options)
    return PersonField(people.filter(memberships__team=team), sides=[side], team=team.slug, **options)


SEAT_LABELS = {
    "serving_team": _("Serving team"),
    "it_owner": _("IT owner"),
    "marketing_owner": _("Marketing owner"),
}


def _seat_of(name: str, request: Request) -> tuple[Side, Team | None]:
    """The side of an owner's seat, and the team of whose members one has to be."""
    if name == "it_owner":
        return Side.IT, request.serving_team
    asking = request.requesting_team
    return Side.MARKETING, asking if asking and asking.side == Side.MARKETING else None


def plain_field(name: str) -> forms.Field:
    """The field of an input that depends on nothing."""
    return PLAIN[name]()


PLAIN: dict[str, Callable[[], forms.Field]] = {
    "reason": lambda: forms.CharField(
        label=_("Why?"),
        help_text=_("Everybody who sees the request reads this."),
        max_length=REASON_TEXT,
        required=False,
        widget=long_text(3),
    ),
    "override": lambda: forms.BooleanField(
        label=_("Go on although something is missing"),
        help_text=_("As a lead you may. Your reason stays visible to everybody."),
        required=False,
    ),
    "revisit_on": lambda: DateField(
        label=_("Look at it again on"),
        help_text=_("On that day the tandem is asked again."),
        required=False,
    ),
    "measured_on": lambda: DateField(
        label=_("When will the effect be measured?"),
        help_text=_("At least 14 days from now."),
        required=False,
    ),
    "solution": lambda: forms.ModelChoiceField(
        Solution.objects.all(),
        label=_("Solution that exists already"),
        empty_label=_("None of these"),
        required=False,
    ),
    "into": lambda: NumberOfRequest(
        label=_("Which request stays?"),
        help_text=_("Comments, supporters and watchers move there."),
        max_length=25,
        required=False,
    ),
    "waiting_for": lambda: forms.ChoiceField(
        choices=[("", _("Please choose")), *WaitingFor.choices],
        label=_("Who has to act?"),
        required=False,
    ),
}
