"""Saying that somebody is away, and who stands in."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from teams.absences import announce_absence, current_or_coming, end_absence, may_announce
from teams.choosing import PersonField
from teams.forms import DomainForm
from teams.http import AuthedRequest
from teams.models import Person
from teams.unsent import typed
from teams.views.acting import attempt, made, show_form


class AbsenceForm(DomainForm):
    """From when to when, and who stands in."""

    first_day = forms.DateField(
        label=gettext_lazy("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last_day = forms.DateField(
        label=gettext_lazy("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    deputy = PersonField(
        Person.objects.filter(is_active=True),
        label=gettext_lazy("Who stands in"),
        help_text=gettext_lazy(
            "Somebody of the same side: your turns come to them, and they may act in your seats, marked “for "
            "…”. Without one, or in requests that they may not see, the leads stand in."
        ),
        required=False,
    )


@require_http_methods(["GET", "POST"])
def absence(request: AuthedRequest, pk: int) -> HttpResponse:
    """Announce an absence, or end it; for oneself, as a lead for members, as an admin for all."""
    person = get_object_or_404(Person, pk=pk, is_active=True)
    if not may_announce(person, request.user):
        raise PermissionDenied
    found = current_or_coming(person)
    if request.method == "POST" and "end" in request.POST:
        attempt(request, lambda: end_absence(person, by=request.user), _("The absence is ended."))
        return redirect("teams:absence", pk)
    initial = (
        {"first_day": found.first_day, "last_day": found.last_day, "deputy": found.deputy_id} if found else {}
    )
    form = AbsenceForm(typed(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        days = data["first_day"], data["last_day"], data["deputy"]
        if made(form, lambda: announce_absence(person, *days, by=request.user)):
            messages.success(request, _("Saved."))
            return redirect("teams:absence", pk)
    return show_form(request, "teams/absence.html", form, person=person, absence=found)
