"""Signing up and off, saying who was there and whether it helped, adding links."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from knowhow.exchanges import afterwards, places
from knowhow.exchanges.forms import MaterialForm
from knowhow.exchanges.models import Standing
from knowhow.exchanges.rights import HIGHEST_ID, get_exchange, may_keep
from knowhow.exchanges.views.looking import show
from teams.http import AuthedRequest
from teams.views.acting import Made, attempt, made

MOST_PRESENT = 500
_SIGNED_UP = {
    Standing.SEAT: gettext_lazy("You have a seat. The invitation for your calendar comes by mail."),
    Standing.WAITING: gettext_lazy("You are on the waiting list; as soon as a seat is free, you have it."),
}


def _done(
    request: AuthedRequest,
    pk: int,
    change: Callable[[], Made],
    words: str | Promise | Callable[[Made], str | Promise],
) -> HttpResponse:
    """Press a button of the exchange's page and come back to it."""
    get_exchange(request.user, pk)
    attempt(request, change, words)
    return redirect("exchanges:exchange", pk)


@require_POST
def sign_up(request: AuthedRequest, pk: int) -> HttpResponse:
    """Take a seat, or a place on the waiting list."""
    return _done(
        request,
        pk,
        lambda: places.sign_up(pk, by=request.user),
        lambda signup: _SIGNED_UP[Standing(signup.standing)],
    )


@require_POST
def sign_off(request: AuthedRequest, pk: int) -> HttpResponse:
    """Give it back."""
    return _done(request, pk, lambda: places.sign_off(pk, by=request.user), _("You are signed off."))


@require_POST
def attendance(request: AuthedRequest, pk: int) -> HttpResponse:
    """Say who was there."""
    present = [int(one) for one in request.POST.getlist("present")[:MOST_PRESENT] if _is_id(one)]
    words = _("It is noted who was there.")
    return _done(request, pk, lambda: afterwards.record_attendance(pk, present, by=request.user), words)


@require_POST
def feedback(request: AuthedRequest, pk: int) -> HttpResponse:
    """Answer the one question."""
    answer = request.POST.get("answer", "")
    words = _("Thank you. The host sees only how many gave which answer.")
    return _done(request, pk, lambda: afterwards.give_feedback(pk, answer, by=request.user), words)


@require_http_methods(["GET", "POST"])
def add_material(request: AuthedRequest, pk: int) -> HttpResponse:
    """Add a link. The form stands on the page of the exchange."""
    if request.method != "POST":
        return redirect("exchanges:exchange", pk)
    if not may_keep(request.user, get_exchange(request.user, pk)):
        raise PermissionDenied
    form = MaterialForm(request.POST)
    if form.is_valid():
        title, link = form.cleaned_data["title"], form.cleaned_data["link"]
        if made(form, lambda: afterwards.add_material(pk, title, link, by=request.user)):
            return redirect("exchanges:exchange", pk)
    return show(request, pk, form, 422)


@require_POST
def remove_material(request: AuthedRequest, pk: int, material: int) -> HttpResponse:
    """Take a link away."""
    words = _("The link is gone.")
    return _done(request, pk, lambda: afterwards.remove_material(pk, material, by=request.user), words)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19 and int(text) <= HIGHEST_ID
