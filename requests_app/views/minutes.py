"""The minutes of a round: reading, correcting and taking them along."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from activity import clock
from requests_app.round_forms import CorrectionForm, written
from requests_app.rounds.meeting import get_round
from requests_app.rounds.minutes import Minutes, as_markdown, correct_minutes, may_correct, minutes_of
from teams.http import AuthedRequest
from teams.unsent import typed
from teams.views.acting import made, show_form

PAGE, FORM = "requests_app/round_minutes.html", "requests_app/round_correct.html"


def show_minutes(request: AuthedRequest, minutes: Minutes) -> HttpResponse:
    """The page of a closed round."""
    took_part = any(person.pk == request.user.pk for person in minutes.present)
    context: dict[str, Any] = {
        "minutes": minutes,
        "round": minutes.round,
        "markdown": as_markdown(minutes),
        "may_correct": may_correct(minutes, request.user),
        "goes_out_at": minutes.mailed_at if took_part and _is_ahead(minutes) else None,
    }
    return render(request, PAGE, context)


def _is_ahead(minutes: Minutes) -> bool:
    return minutes.mailed_at is not None and minutes.mailed_at > clock.now()


def _closed(request: AuthedRequest, pk: int) -> Minutes:
    """:raises Http404: while the round goes on, when there are no minutes."""
    found = get_round(pk)
    if found.is_open:
        raise Http404
    return minutes_of(found, request.user)


@require_http_methods(["GET", "POST"])
def correct(request: AuthedRequest, pk: int) -> HttpResponse:
    """Put one's own words in the place of what the log tells."""
    minutes = _closed(request, pk)
    if not may_correct(minutes, request.user):
        messages.error(request, _("Minutes are corrected by those who took part."))
        return redirect(minutes.round)
    form = CorrectionForm(typed(request), minutes=minutes, initial=written(minutes))
    if request.method == "POST" and form.is_valid():
        change = partial(
            correct_minutes, pk, form.notes(), by=request.user, seen_version=form.cleaned_data["version"]
        )
        if made(form, change, lambda: written(_closed(request, pk))):
            messages.success(request, _("Saved."))
            return redirect(minutes.round)
    return show_form(request, FORM, form, minutes=minutes, round=minutes.round)


@require_GET
def as_file(request: AuthedRequest, pk: int) -> HttpResponse:
    """The minutes as a Markdown file."""
    text = as_markdown(_closed(request, pk))
    name = f"tandem-round-{pk}.md"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="text/markdown; charset=utf-8", headers=headers)
