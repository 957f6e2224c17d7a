"""When the portal speaks up by itself, with what each rule would have said over the last thirty days."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from activity import clock
from requests_app.escalating.causes import CAUSES
from requests_app.escalating.dry_run import Trial, try_rule
from requests_app.escalating.rules import Rule, check_after, rules, set_rule
from teams.forms import DomainForm
from teams.http import AuthedRequest
from teams.rules import RuleViolation
from teams.views.acting import made
from teams.views.settings import for_admins


class RuleForm(DomainForm):
    """Whether a cause is on, and after how many days it speaks."""

    cause = forms.CharField(max_length=20)
    is_on = forms.BooleanField(required=False)
    after = forms.IntegerField(required=False)


@require_http_methods(["GET", "POST"])
@for_admins
def escalations(request: AuthedRequest) -> HttpResponse:
    """All causes; *try* says what a rule would have said, and saves nothing."""
    form, trial, status = RuleForm(request.POST or None), None, 200
    if request.method == "POST":
        if form.is_valid() and form.cleaned_data["cause"] in CAUSES:
            if request.POST.get("action") == "try":
                trial = _tried(form)
            elif _saved(request, form):
                return redirect("requests:escalations")
        status = 200 if trial else 422
    rows = [
        {
            "name": name,
            "cause": CAUSES[name],
            "rule": _typed(form) if _is_asked(form, name) else rule,
            "trial": trial if _is_asked(form, name) else None,
            "errors": form.errors.get("after", ()) if _is_asked(form, name) else (),
        }
        for name, rule in rules().items()
    ]
    return render(request, "requests_app/escalations.html", {"rows": rows}, status=status)


def _is_asked(form: RuleForm, name: str) -> bool:
    return form.is_bound and form.data.get("cause") == name


def _typed(form: RuleForm) -> Rule:
    return Rule("is_on" in form.data, getattr(form, "cleaned_data", {}).get("after"))


def _tried(form: RuleForm) -> Trial | None:
    name, rule = form.cleaned_data["cause"], _typed(form)
    try:
        check_after(name, rule.after)
    except RuleViolation as violation:
        form.refuse(violation)
        return None
    return try_rule(name, rule, clock.now())


def _saved(request: AuthedRequest, form: RuleForm) -> bool:
    data = form.cleaned_data
    kept = made(form, lambda: set_rule(data["cause"], data["is_on"], data["after"], by=request.user))
    if kept is None:
        return False
    messages.success(request, _("Saved."))
    return True
