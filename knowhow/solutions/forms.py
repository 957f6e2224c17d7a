"""Forms of the catalogue: describing a solution, its experts, its affected teams, and looking for one."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from knowhow.solutions.fields import SolutionFields
from knowhow.solutions.models import DATA_TEXT, SECTIONS, Level, Solution, Stage
from teams.choosing import PersonField, TeamField
from teams.forms import DomainForm, MeaningForm, long_text
from teams.models import PLAIN_LINE, PLAIN_TEXT, Person, Team, Touchpoint

PLAIN = ("title", *SECTIONS, "status", "data_held", "review_on")
LABELS = {
    "purpose": _("What it does, and for whom"),
    "limits": _("What it cannot do"),
    "what_to_do": _("What to do when …"),
    "terms": _("Words explained"),
}
GUIDES = {
    "purpose": _(
        "In plain language, as you would tell a new colleague: what changes for those who live with it?"
    ),
    "limits": _("What do people expect of it that it does not do?"),
    "what_to_do": _("When something is wrong or unusual: what do people do, and whom do they ask?"),
    "terms": _("Each word that not everybody knows on a line of its own, with its meaning behind a colon."),
}


def section_field(name: str, *, required: bool) -> forms.CharField:
    """The field of one section of an explainer."""
    return forms.CharField(
        label=LABELS[name],
        help_text=GUIDES[name],
        max_length=PLAIN_TEXT,
        required=required,
        widget=long_text(6 if name == "purpose" else 4),
    )


class SolutionForm(DomainForm):
    title = forms.CharField(label=_("Name"), max_length=PLAIN_LINE)
    purpose = section_field("purpose", required=True)
    limits = section_field("limits", required=True)
    what_to_do = section_field("what_to_do", required=True)
    terms = section_field("terms", required=False)
    status = forms.ChoiceField(
        label=pgettext_lazy("solution", "Status"), choices=Stage.choices, initial=Stage.LIVE
    )
    data_held = forms.CharField(
        label=_("Data it holds"),
        help_text=_("Which data, about whom, and for how long."),
        max_length=DATA_TEXT,
        required=False,
        widget=long_text(3),
    )
    touchpoints = forms.ModelMultipleChoiceField(
        Touchpoint.objects.filter(is_archived=False),
        label=_("Touchpoints"),
        help_text=_("Where customers meet it."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    review_on = forms.DateField(
        label=_("Look at it again on"),
        help_text=_("Until then the explainer should still be true."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def given(self) -> SolutionFields:
        """What was entered, for the domain functions."""
        names = (*PLAIN, "touchpoints")
        return cast(SolutionFields, {name: self.cleaned_data[name] for name in names})


class NewSolutionForm(SolutionForm):
    team = forms.ModelChoiceField(
        Team.objects.none(), label=_("Owner team"), help_text=_("It answers for the explainer.")
    )

    def __init__(self, *args: Any, offered: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = offered  # type: ignore[attr-defined]
        self.order_fields(["title", "team"])


class EditSolutionForm(MeaningForm, SolutionForm):
    """What is described already; the owner team can hand it on to another one."""

    explained_up_to = "terms"

    team = TeamField(
        Team.objects.all(),
        label=_("Owner team"),
        help_text=_(
            "It answers for the explainer. Only its members, and administrators, can change it later."
        ),
        required=False,
    )

    def given(self) -> SolutionFields:
        team = self.cleaned_data["team"]
        return {**super().given(), "team": team} if team else super().given()


def initial_of(solution: Solution) -> dict[str, Any]:
    """What a form of ``solution`` shows at first."""
    return {name: getattr(solution, name) for name in (*PLAIN, "version")} | {
        "touchpoints": list(solution.touchpoints.all()),
        "team": solution.team,
        "in_substance": False,
        "what_changed": "",
    }


class ExpertForm(DomainForm):
    person = PersonField(Person.objects.filter(is_active=True), label=_("Person"))
    level = forms.TypedChoiceField(label=_("Level"), choices=Level.choices, coerce=int, initial=Level.ALONE)


class AffectedForm(DomainForm):
    team = TeamField(Team.objects.all(), label=_("Team"))


class CatalogueFilter(forms.Form):
    """What of the catalogue is shown; what nobody can choose counts as not chosen."""

    q = forms.CharField(label=_("Search"), max_length=200, required=False, strip=True)
    status = forms.ChoiceField(
        label=pgettext_lazy("solution", "Status"),
        choices=[("", _("Any status")), *Stage.choices],
        required=False,
    )
    touchpoint = forms.ModelChoiceField(
        Touchpoint.objects.all(),
        to_field_name="slug",
        label=_("Touchpoint"),
        empty_label=_("Any touchpoint"),
        required=False,
    )
    team = forms.SlugField(required=False, widget=forms.HiddenInput)
    few = forms.BooleanField(label=_("too few experts"), required=False)
