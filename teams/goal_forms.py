"""Forms of goals: what they say, what they are measured by, how they stand and how they end."""

from typing import Any, cast

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from teams.form_fields import DateField, NumberField
from teams.forms import DomainForm, MeaningForm, long_text
from teams.goals import Fate
from teams.goals.closing import undecided
from teams.models import PLAIN_LINE, PLAIN_TEXT, Confidence, Goal, Health, KeyResult, Side, Team
from teams.models.goals import NOTE_TEXT, SECTION_TEXT, UNIT_LINE

BRIEF = ("brief", "customer_change", "expected_of_it", "expected_of_marketing", "way_in")


class GoalForm(MeaningForm):
    explained_up_to = "way_in"

    title = forms.CharField(
        label=_("Goal"), max_length=PLAIN_LINE, help_text=_("What we want to reach, in one sentence.")
    )
    brief = forms.CharField(
        label=_("What we want to reach"),
        help_text=_("Why it is worth it, so that somebody from the other side understands it."),
        max_length=PLAIN_TEXT,
        required=False,
        widget=long_text(4),
    )
    customer_change = forms.CharField(
        label=_("What changes for the customer"),
        max_length=SECTION_TEXT,
        required=False,
        widget=long_text(3),
    )
    expected_of_it = forms.CharField(
        label=_("What we expect of IT"), max_length=SECTION_TEXT, required=False, widget=long_text(2)
    )
    expected_of_marketing = forms.CharField(
        label=_("What we expect of Marketing"), max_length=SECTION_TEXT, required=False, widget=long_text(2)
    )
    way_in = forms.CharField(
        label=_("How to get involved"),
        help_text=_("Whom to ask, and where one can join."),
        max_length=SECTION_TEXT,
        required=False,
        widget=long_text(2),
    )
    teams = forms.ModelMultipleChoiceField(
        Team.objects.none(),
        label=_("Owning teams"),
        help_text=_("A goal that teams of both sides own is a joint goal."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Name at least one team that owns the goal.")},
    )
    is_company = forms.BooleanField(label=_("It is a goal of the whole company"), required=False)
    parent = forms.ModelChoiceField(
        Goal.objects.none(), label=_("It serves"), empty_label=_("No other goal"), required=False
    )
    starts_on = DateField(label=_("First day"), required=False)
    ends_on = DateField(label=_("Last day"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, offered: QuerySet[Team], goal: Goal | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelMultipleChoiceField[Team]", self.fields["teams"]).queryset = offered
        above = Goal.objects.filter(is_archived=False)
        if goal is None:
            self.is_new()
        else:
            above = (
                Goal.objects.filter(Q(is_archived=False) | Q(children=goal)).exclude(pk=goal.pk).distinct()
            )
        cast("forms.ModelChoiceField[Goal]", self.fields["parent"]).queryset = above


def initial_of_goal(goal: Goal) -> dict[str, Any]:
    """What a form of ``goal`` shows at first."""
    plain = ("title", *BRIEF, "is_company", "starts_on", "ends_on", "version")
    return {
        **{name: getattr(goal, name) for name in plain},
        "teams": goal.teams.all(),
        "parent": goal.parent_id,
        "in_substance": False,
        "what_changed": "",
    }


class KeyResultForm(DomainForm):
    title = forms.CharField(
        label=_("What is measured?"),
        help_text=_("A figure that both sides can look up."),
        max_length=PLAIN_LINE,
    )
    unit = forms.CharField(label=_("Unit"), max_length=UNIT_LINE, required=False)
    baseline = NumberField(label=_("Value at the start"))
    target = NumberField(label=_("Target"), help_text=_("Lower than the start where less is better."))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


def initial_of_key_result(one: KeyResult) -> dict[str, Any]:
    """What a form of a key result shows at first."""
    return {name: getattr(one, name) for name in KeyResultForm.base_fields}


class CheckInForm(DomainForm):
    value = NumberField(label=_("How does it stand?"))
    on = DateField(label=_("On"))
    confidence = forms.ChoiceField(
        label=_("Will it be reached?"), choices=Confidence.choices, initial=Confidence.MEDIUM
    )
    note = forms.CharField(label=_("Why?"), max_length=NOTE_TEXT, required=False)


class EndForm(DomainForm):
    reason = forms.CharField(label=_("Why does it end?"), max_length=NOTE_TEXT)


class HealthForm(DomainForm):
    health = forms.ChoiceField(
        label=_("How does it stand?"),
        choices=[("", _("As its figures say")), *Health.choices],
        required=False,
    )
    reason = forms.CharField(
        label=_("Why do you see it otherwise?"),
        help_text=_("Everybody can read it beside the goal."),
        max_length=NOTE_TEXT,
        required=False,
    )


class ClosingForm(DomainForm):
    """What came of it, and what becomes of each key result that is unfinished."""

    result = forms.CharField(label=_("What came of it?"), max_length=SECTION_TEXT, widget=long_text(3))
    learning = forms.CharField(label=_("What have we learnt?"), max_length=SECTION_TEXT, widget=long_text(3))

    def __init__(self, *args: Any, unfinished: list[KeyResult], heirs: QuerySet[Goal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unfinished = unfinished
        for one in unfinished:
            self.fields[f"to_{one.pk}"] = forms.ModelChoiceField(
                heirs,
                label=_("“%(title)s” goes on in") % {"title": one.title},
                empty_label=_("No other goal: it ends"),
                required=False,
            )
            self.fields[f"fate_{one.pk}"] = forms.CharField(
                label=_("Why it ends"), max_length=NOTE_TEXT, required=False
            )

    def clean(self) -> None:
        """Name at once all that is missing, and not first the two texts and then the key results."""
        for missing in undecided(self.unfinished, self.fates()):
            if not self.errors.keys() & {missing.field, missing.field.replace("fate_", "to_")}:
                self.add_error(missing.field, str(missing.message))

    def fates(self) -> dict[int, Fate]:
        """What becomes of each, by its id."""
        data = self.cleaned_data
        return {
            one.pk: Fate(data.get(f"to_{one.pk}"), data.get(f"fate_{one.pk}", "")) for one in self.unfinished
        }


class TreeFilter(forms.Form):
    """Which goals of the tree are looked at."""

    side = forms.ChoiceField(label=_("Side"), choices=[("", _("All sides")), *Side.choices], required=False)
    team = forms.ModelChoiceField(
        Team.objects.all(), to_field_name="slug", label=_("Team"), empty_label=_("All teams"), required=False
    )
    period = forms.ChoiceField(label=_("Period"), required=False)

    def __init__(self, *args: Any, periods: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["period"]).choices = [("", _("All periods")), *periods]
