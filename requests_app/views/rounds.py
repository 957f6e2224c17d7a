"""The round: opening one, and going through its agenda item by item, each on their own device."""

import json
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from requests_app.choices import AgendaKind
from requests_app.models import Request, Round
from requests_app.round_forms import DeferralForm, OpeningForm
from requests_app.rounds.agenda import agenda
from requests_app.rounds.meeting import Meeting, get_round, meeting_of
from requests_app.rounds.minutes import minutes_of
from requests_app.rounds.running import close_round, defer, join_round, open_round, step
from requests_app.rounds.shown import show
from requests_app.rounds.waiting import waiting_for_both
from requests_app.views.minutes import show_minutes
from teams.http import AuthedRequest, asked_by_the_page
from teams.ids import id_in
from teams.rules import InvalidFields, RuleViolation, StaleVersion
from teams.unsent import typed

START, PAGE, BODY = "requests_app/rounds.html", "requests_app/round.html", "requests_app/_round.html"
DEFER_FORM, DEFER_PAGE = "requests_app/_round_defer.html", "requests_app/round_defer.html"
SHOWN = 20


@require_http_methods(["GET", "POST"])
def rounds(request: AuthedRequest) -> HttpResponse:
    """What a round would talk about now, and opening one; those that are open, and the last ones."""
    form = OpeningForm((request.GET if request.method == "GET" else request.POST).dict())
    if not form.is_valid():
        return _start(request, form, status=400 if request.method == "GET" else 422)
    if request.method == "GET":
        return _start(request, form)
    minutes = form.cleaned_data["minutes"]
    try:
        return redirect(open_round(by=request.user, scope=form.scope, minutes=minutes, each=form.each))
    except RuleViolation as violation:
        form.refuse(violation)
        return _start(request, form, status=422 if isinstance(violation, InvalidFields) else 409)


def _start(request: AuthedRequest, form: OpeningForm, status: int = 200) -> HttpResponse:
    # Those that are open stand before the others.
    rows = Round.objects.select_related("opened_by").order_by(F("closed_at").desc(nulls_first=True), "-id")
    found = list(rows[:SHOWN])
    wrong = any(form.errors.get(field) for field in form.fields)
    context = {
        "form": form,
        "agenda": [] if wrong else _agenda(request, form),
        "open_rounds": [one for one in found if one.is_open],
        "past": [one for one in found if not one.is_open],
    }
    return render(request, START, context, status=status)


def _agenda(request: AuthedRequest, form: OpeningForm) -> list[tuple[Request, str, int]]:
    """Each request of the agenda that a round would have, why it is there, and for how many minutes."""
    minutes, each = form.cleaned_data["minutes"], form.each
    chosen = agenda(waiting_for_both(request.user, form.scope, minutes), minutes, each)
    numbers = [one.number for one in chosen]
    rows = Request.objects.visible_to(request.user).filter(number__in=numbers).for_rows().in_bulk()
    found = ((rows.get(one.number), one.kind) for one in chosen)
    return [(row, str(AgendaKind(kind).label), each[kind]) for row, kind in found if row is not None]


@require_GET
def round_page(request: AuthedRequest, pk: int) -> HttpResponse:
    """The round as it stands: the item that is talked about, or its minutes once it is closed."""
    found = get_round(pk)
    if not found.is_open:
        return show_minutes(request, minutes_of(found, request.user))
    return render(request, PAGE, _context(request, meeting_of(found)))


@asked_by_the_page
@require_GET
def round_now(request: AuthedRequest, pk: int) -> HttpResponse:
    """What stands there now, for the page that hears of a change."""
    return _body(request, get_round(pk))


def _body(request: AuthedRequest, found: Round) -> HttpResponse:
    if not found.is_open:
        return HttpResponse(headers={"HX-Redirect": found.get_absolute_url()})
    return render(request, BODY, _context(request, meeting_of(found)))


def _context(request: AuthedRequest, meeting: Meeting) -> dict[str, Any]:
    """``item`` is the request that is talked about, so that the parts of its page can be shown here."""
    context: dict[str, Any] = {"meeting": meeting, "round": meeting.round}
    if not meeting.has(request.user):
        return context
    entry = meeting.current
    shown = show(entry, meeting.round.opened_at, request.user) if entry else None
    item = shown.request if shown else None
    return {**context, "is_present": True, "entry": entry, "shown": shown, "item": item}


@require_POST
def join(request: AuthedRequest, pk: int) -> HttpResponse:
    """Take part."""
    return _do(request, pk, lambda: join_round(pk, by=request.user))


@require_POST
def go(request: AuthedRequest, pk: int) -> HttpResponse:
    """On to the next item, or back."""
    seen, back = _seen(request), "back" in request.POST
    return _do(request, pk, lambda: step(pk, by=request.user, seen=seen, back=back))


@require_POST
def close(request: AuthedRequest, pk: int) -> HttpResponse:
    """End the round."""
    return _do(request, pk, lambda: close_round(pk, by=request.user))


@require_http_methods(["GET", "POST"])
def put_off(request: AuthedRequest, pk: int) -> HttpResponse:
    """Put off what is talked about, with a reason."""
    found = get_round(pk)
    if request.method != "POST":
        form = DeferralForm(typed(request), initial={"seen": request.GET.get("seen", "0")})
        return _ask(request, found, form)
    form = DeferralForm(request.POST)
    if not form.is_valid():
        return _ask(request, found, form, 422)
    reason, seen = form.cleaned_data["reason"], form.cleaned_data["seen"]
    try:
        defer(pk, reason, by=request.user, seen=seen)
    except StaleVersion:
        form.add_error(None, _("The others have gone on meanwhile. Look at what is talked about now."))
        return _ask(request, found, form, 409)
    except RuleViolation as violation:
        form.refuse(violation)
        return _ask(request, found, form, 422 if isinstance(violation, InvalidFields) else 409)
    return _now(request, get_round(pk))


def _ask(request: AuthedRequest, found: Round, form: DeferralForm, status: int = 200) -> HttpResponse:
    template = DEFER_FORM if request.htmx else DEFER_PAGE
    return render(request, template, {"round": found, "form": form}, status=status)


def _do(request: AuthedRequest, pk: int, change: Callable[[], object]) -> HttpResponse:
    """Make a change that asks nothing; what stands in its way is said above the round as it is now."""
    said = ""
    try:
        change()
    except StaleVersion:
        said = _("Somebody was faster. This is what is talked about now.")
    except RuleViolation as violation:
        said = " ".join(str(missing.message) for missing in violation.missing)
    return _now(request, get_round(pk), said)


def _now(request: AuthedRequest, found: Round, said: str = "") -> HttpResponse:
    """The round as it is now, in the place of what stood there, or its page."""
    if not request.htmx:
        if said:
            messages.error(request, said)
        return redirect(found)
    answer = _body(request, found)
    answer["HX-Retarget"] = "#request"
    answer["HX-Reswap"] = "outerHTML"
    if said:
        answer["HX-Trigger"] = json.dumps({"tandem:toast": {"text": said}})
    return answer


def _seen(request: AuthedRequest) -> int:
    """The item that the person had before their eyes; what is no number is none of them."""
    seen = id_in(request.POST.get("seen", ""))
    return -1 if seen is None else seen
