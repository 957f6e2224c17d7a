"""How a change is answered: it happened, or the page says why not."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise

from teams.forms import DomainForm
from teams.rules import RuleViolation, StaleVersion

Made = TypeVar("Made")


def attempt(
    request: HttpRequest, change: Callable[[], Made], done: str | Promise | Callable[[Made], str | Promise]
) -> bool:
    """Whether a button's ``change`` was made; either way the next page says so.

    ``done`` are the words for it, or what finds them for that which ``change`` gave.
    """
    try:
        given = change()
    except RuleViolation as violation:
        for missing in violation.missing:
            messages.error(request, str(missing.message))
        return False
    messages.success(request, str(done(given) if callable(done) else done))
    return True


def made(
    form: DomainForm, change: Callable[[], Made], now: Callable[[], Mapping[str, Any]] | None = None
) -> Made | None:
    """What ``change`` gives; None where it was refused, which the form then tells at its fields.

    ``now`` reads what stands there, in the shape of the form's ``initial``, where somebody else was faster.
    """
    try:
        return change()
    except StaleVersion as stale:
        if now is None:
            raise
        # Where nobody knows who changed which field, what differs stands beside it.
        show = form.show_theirs if stale.clash else form.show_differences
        show(stale, now())
    except RuleViolation as violation:
        form.refuse(violation)
    return None


def show_form(request: HttpRequest, template: str, form: Form, **context: Any) -> HttpResponse:
    """The page of ``form``; with 422 where what was sent cannot be kept."""
    refused = request.method == "POST" and form.errors
    return render(request, template, {"form": form, **context}, status=422 if refused else 200)
