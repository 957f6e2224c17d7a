"""The outcome review of a request, and what all reviews together say."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from requests_app.agreeing_forms import LearningForm, OutcomeForm, PostponementForm
from requests_app.outcomes.hit_rate import hit_rates
from requests_app.outcomes.record import (
    add_learning,
    learning_side,
    outcome_of,
    postpone_measuring,
    record_outcome,
)
from requests_app.views.small_forms import Question, ask, submitted, take
from requests_app.workflow.situation import roles_of
from teams.http import AuthedRequest


@require_http_methods(["GET", "POST"])
def record(request: AuthedRequest, number: int) -> HttpResponse:
    """Record what was measured."""
    found = submitted(request, number)
    question = Question(_("Record the result"), _("Record"), reverse("requests:outcome", args=[number]))
    if request.method != "POST":
        return ask(request, found, OutcomeForm(), question)
    form = OutcomeForm(request.POST)
    return take(
        request,
        found,
        form,
        question,
        lambda: record_outcome(
            number, form.cleaned_data["measured"], form.cleaned_data["learnt"], by=request.user
        ),
    )


@require_http_methods(["GET", "POST"])
def learn(request: AuthedRequest, number: int) -> HttpResponse:
    """Write down what one's own side has learnt."""
    found = submitted(request, number)
    address = reverse("requests:outcome_learning", args=[number])
    question = Question(_("What have you learnt?"), _("Save"), address)
    side = learning_side(roles_of(found, request.user), request.user)
    before = getattr(outcome_of(found), f"{side}_learnt", "")
    start = {"learnt": before, "version": found.version}
    if request.method != "POST":
        return ask(request, found, LearningForm(initial=start), question)
    form = LearningForm(request.POST)

    def save() -> object:
        data = form.cleaned_data
        return add_learning(number, data["learnt"], by=request.user, seen_version=data["version"])

    return take(request, found, form, question, save, lambda: start)


@require_http_methods(["GET", "POST"])
def postpone(request: AuthedRequest, number: int) -> HttpResponse:
    """Put the measuring date off."""
    found = submitted(request, number)
    address = reverse("requests:outcome_later", args=[number])
    question = Question(_("Measure later"), _("Put the date off"), address)
    if request.method != "POST":
        return ask(request, found, PostponementForm(), question)
    form = PostponementForm(request.POST)
    return take(
        request,
        found,
        form,
        question,
        lambda: postpone_measuring(
            number, form.cleaned_data["measured_on"], form.cleaned_data["reason"], by=request.user
        ),
    )


@require_GET
def hit_rate(request: AuthedRequest) -> HttpResponse:
    """How often deliveries reached their target, by impact; a fragment for request page and matrix."""
    page = "requests_app/_hit_rate.html" if request.htmx else "requests_app/hit_rate.html"
    quartiles = hit_rates(request.user)
    return render(request, page, {"quartiles": quartiles, "outcomes": sum(one.n for one in quartiles)})
