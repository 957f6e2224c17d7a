"""What administrators set for deciding; what it would change is shown before it is saved."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from requests_app.scoring.arithmetic import Weights
from requests_app.scoring.setting import preview, set_rules
from teams.company import HOURS_A_YEAR, CompanyFields, company
from teams.form_fields import NumberField
from teams.forms import VersionedForm
from teams.http import AuthedRequest
from teams.models import Company
from teams.rules import StaleVersion
from teams.unsent import typed
from teams.views.acting import made, show_form
from teams.views.settings import for_admins

DAY = 24
PLAIN = ("weight_value", "weight_urgency", "weight_ease", "gate", "first_response_hours")
WHOLE_WEIGHTS = 100


class RulesForm(VersionedForm):
    """Weights, gate, and how long things may take."""

    weight_value = forms.IntegerField(
        label=gettext_lazy("Weight of the value (%)"), min_value=0, max_value=100
    )
    weight_urgency = forms.IntegerField(
        label=gettext_lazy("Weight of the urgency (%)"), min_value=0, max_value=100
    )
    weight_ease = forms.IntegerField(label=gettext_lazy("Weight of the ease (%)"), min_value=0, max_value=100)
    gate = forms.IntegerField(
        label=gettext_lazy("Gate"),
        help_text=gettext_lazy("A request whose impact lies below it is nice to have: parking is suggested."),
        min_value=0,
        max_value=100,
    )
    stalled_after_days = NumberField(
        label=gettext_lazy("Stalled after how many days"),
        help_text=gettext_lazy("Open requests that nothing happened to for so long are called stalled."),
        max_value=Decimal(HOURS_A_YEAR) / DAY,
    )
    first_response_hours = forms.IntegerField(
        label=gettext_lazy("First response of IT within how many working hours"),
        help_text=gettext_lazy("Monday to Friday from 9 to 17: 8 hours are a working day."),
        min_value=1,
        max_value=HOURS_A_YEAR,
    )

    def clean_stalled_after_days(self) -> Decimal:
        """Days that are a whole number of hours."""
        days: Decimal = self.cleaned_data["stalled_after_days"]
        if days <= 0 or days * DAY != int(days * DAY):
            raise forms.ValidationError(_("Enter a number of days above 0, such as 7 or 2.5."))
        return days

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        weights = [data.get(name) for name in PLAIN[:3]]
        if all(one is not None for one in weights) and sum(cast("list[int]", weights)) != WHOLE_WEIGHTS:
            text = _("Together the three weights make 100 %%; now they make %(whole)d %%.")
            self.add_error("weight_value", text % {"whole": sum(cast("list[int]", weights))})
        return data

    def show_theirs(self, stale: StaleVersion, now: Mapping[str, Any]) -> None:
        """As everywhere; what is kept in hours is asked for in days."""
        names = {"stalled_after_hours": "stalled_after_days"}
        clash, theirs = ([names.get(name, name) for name in one] for one in (stale.clash, stale.theirs))
        super().show_theirs(StaleVersion(stale.current_version, clash, theirs), now)

    def changes(self) -> CompanyFields:
        """The content as the domain function takes it."""
        hours = int(self.cleaned_data["stalled_after_days"] * DAY)
        return cast(
            CompanyFields,
            {name: self.cleaned_data[name] for name in PLAIN} | {"stalled_after_hours": hours},
        )

    def weights(self) -> Weights:
        return Weights(*(self.cleaned_data[name] for name in PLAIN[:3]))


def initial_of(found: Company) -> dict[str, Any]:
    """What the form shows at first."""
    days = (Decimal(found.stalled_after_hours) / DAY).normalize()
    plain = {name: getattr(found, name) for name in PLAIN}
    return {**plain, "stalled_after_days": Decimal(format(days, "f")), "version": found.version}


@require_http_methods(["GET", "POST"])
@for_admins
def edit_rules(request: AuthedRequest) -> HttpResponse:
    """Weights, gate, stalled after, first response; *preview* says what would change, and saves nothing."""
    found = company()
    if found is None:
        return redirect("teams:first_start")
    form = RulesForm(typed(request), initial=initial_of(found))
    seen = None
    if request.method == "POST" and form.is_valid():
        if request.POST.get("action") == "preview":
            seen = preview(form.weights(), form.cleaned_data["gate"])
        elif _saved(request, form):
            messages.success(request, _("Saved."))
            return redirect("requests:settings_deciding")
    return show_form(request, "requests_app/settings_deciding.html", form, preview=seen)


def _saved(request: AuthedRequest, form: RulesForm) -> Company | None:
    changes, version = form.changes(), form.cleaned_data["version"]
    return made(
        form,
        lambda: set_rules(changes, by=request.user, seen_version=version),
        now=lambda: initial_of(Company.objects.get()),
    )
