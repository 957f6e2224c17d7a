"""A small question about a request: in the page's dialog, or as a page of its own without JavaScript."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from requests_app.choices import Status
from requests_app.models import Request
from requests_app.triage.queue import Look
from requests_app.views.detail import page_after_change
from teams.forms import DomainForm
from teams.http import AuthedRequest
from teams.rules import InvalidFields, RuleViolation, StaleVersion

FORM = "requests_app/_small_form.html"
PAGE = "requests_app/small_form.html"


@dataclass(frozen=True)
class Question:
    """What is asked, the word on the button, where it is sent, and whether the thing can be removed."""

    title: str | Promise
    button: str | Promise
    url: str
    removable: bool = False
    # The id of the field for which saved replies are offered.
    replies_into: str = ""


def submitted(request: AuthedRequest, number: int) -> Request:
    """:raises Http404: where the person does not see it, and for drafts, which have a form of their own."""
    found = Request.objects.with_people().get_visible(request.user, number)
    if found.status == Status.DRAFT:
        raise Http404
    return found


def ask(
    request: AuthedRequest,
    found: Request,
    form: forms.Form,
    question: Question,
    status: int = 200,
    queue: Look | None = None,
) -> HttpResponse:
    """The form, in the dialog or on its page; ``queue``: the look at the queue that it goes back to."""
    context = {"item": found, "form": form, "question": question, "queue": queue}
    return render(request, FORM if request.htmx else PAGE, context, status=status)


def take(
    request: AuthedRequest,
    found: Request,
    form: DomainForm,
    question: Question,
    change: Callable[[], object],
    now: Callable[[], Mapping[str, Any]] = dict,
) -> HttpResponse:
    """Make the change that a form asks for; a refusal is told in the form, which keeps what was typed.

    ``now`` reads what stands there, as the form's ``initial``, where somebody else may be faster.
    """
    if not form.is_valid():
        return ask(request, found, form, question, status=422)
    try:
        change()
    except StaleVersion as stale:
        form.show_theirs(stale, now())
        return ask(request, found, form, question, status=409)
    except RuleViolation as violation:
        form.refuse(violation)
        return ask(
            request, found, form, question, status=422 if isinstance(violation, InvalidFields) else 409
        )
    return done(request, found)


def do(request: AuthedRequest, found: Request, change: Callable[[], object]) -> HttpResponse:
    """Make a change that asks nothing; a refusal is told above the page."""
    try:
        change()
    except RuleViolation as violation:
        return done(request, found, " ".join(str(one.message) for one in violation.missing), wrong=True)
    return done(request, found)


def done(request: AuthedRequest, found: Request, said: str = "", *, wrong: bool = False) -> HttpResponse:
    """The page as it is now."""
    if request.htmx:
        return page_after_change(request, found.number, said)
    if said or not wrong:
        (messages.error if wrong else messages.success)(request, said or _("Saved."))
    return redirect(found)
