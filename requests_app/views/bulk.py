"""One step for many requests: what it asks for, and what became of each."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from requests_app.lists.bulk import Outcome, change_all, chosen
from requests_app.lists.bulk_kinds import KINDS, UNDO, BulkForm, Kind
from requests_app.models import Request
from teams.http import AuthedRequest
from teams.rules import InvalidFields

PAGE = "requests_app/bulk.html"


@require_POST
def bulk(request: AuthedRequest) -> HttpResponse:
    """Ask what the step needs, then take it; a hidden or absent number refuses all at once."""
    try:
        requests = chosen(request.POST.getlist("numbers"), request.user)
    except InvalidFields as refusal:
        return _refuse(request, [str(missing.message) for missing in refusal.missing])
    kind = {**KINDS, UNDO.name: UNDO}.get(request.POST.get("action", ""))
    if kind is None:
        return _refuse(request, [_("Choose what shall be done with the requests.")])
    confirmed = "confirmed" in request.POST
    data = request.POST if confirmed else None
    form = BulkForm(data, kind=kind, requests=requests, person=request.user)
    if not form.is_valid():
        return _ask(request, kind, requests, form, status=422 if confirmed else 200)
    return _tell(request, kind, change_all(requests, form.change(), request.user))


def back(request: AuthedRequest) -> str:
    """The query of the list that the person came from."""
    return request.POST.get("back", "").removeprefix("?")[:2_000]


def _refuse(request: AuthedRequest, refused: list[str]) -> HttpResponse:
    return render(request, PAGE, {"refused": refused, "back": back(request)}, status=400)


def _ask(
    request: AuthedRequest, kind: Kind, requests: Sequence[Request], form: BulkForm, status: int
) -> HttpResponse:
    context = {"kind": kind, "requests": requests, "form": form, "back": back(request)}
    return render(request, PAGE, context, status=status)


def _tell(request: AuthedRequest, kind: Kind, outcomes: Sequence[Outcome]) -> HttpResponse:
    refused = [one for one in outcomes if one.refused]
    context = {
        "kind": kind,
        "done": [one for one in outcomes if not one.refused],
        "not_done": refused,
        "can_be_undone": [one for one in outcomes if one.changed] if kind.can_be_undone else [],
        "back": back(request),
    }
    return render(request, PAGE, context)
