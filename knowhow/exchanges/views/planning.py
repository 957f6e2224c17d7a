"""Planning, editing, moving and cancelling an exchange."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from knowhow.exchanges import planning, rights, wall_time
from knowhow.exchanges.forms import (
    CancelForm,
    EditForm,
    HoursForm,
    MoveForm,
    PlanForm,
    initial_hours,
    initial_of_exchange,
    initial_plan,
)
from knowhow.exchanges.models import Exchange, ExchangeKind, ExchangeProposal
from knowhow.exchanges.wall_time import Span
from teams.http import AuthedRequest
from teams.models import Person
from teams.unsent import typed
from teams.views.acting import made, show_form

FORM = "exchanges/form.html"


@require_http_methods(["GET", "POST"])
def new(request: AuthedRequest) -> HttpResponse:
    """Plan an exchange; ``?proposal=`` takes up what others wish for, ``?kind=shadowing`` offers a day."""
    proposal = _proposal(request)
    kind = proposal.kind if proposal else request.GET.get("kind", ExchangeKind.SESSION)
    if kind not in ExchangeKind.values:
        raise Http404
    form = PlanForm(typed(request), kind=kind, initial=initial_plan(request.user, proposal))
    if request.method == "POST" and form.is_valid():
        planned = _planned(request, form, kind, proposal)
        if planned:
            messages.success(request, _planned_words(planned))
            return redirect(planned[0])
    context = {"kind": kind, "proposal": proposal, "zone": timezone.get_current_timezone_name()}
    return show_form(request, "exchanges/plan.html", form, **context)


def _proposal(request: AuthedRequest) -> ExchangeProposal | None:
    asked = request.GET.get("proposal", "")
    if not asked:
        return None
    known = asked.isascii() and asked.isdigit() and len(asked) < 19
    found = ExchangeProposal.objects.filter(pk=int(asked) if known else 0, closed_at=None).first()
    if found is None:
        raise Http404
    return found


def _planned(
    request: AuthedRequest, form: PlanForm, kind: str, proposal: ExchangeProposal | None
) -> list[Exchange] | None:
    zone, rhythm, host = (
        ZoneInfo(timezone.get_current_timezone_name()),
        form.rhythm(),
        form.cleaned_data["host"],
    )
    span = form.span(zone)
    if _warned(form, host, wall_time.repeated(span, zone, rhythm.every_weeks, rhythm.times)):
        return None
    return made(
        form,
        lambda: planning.plan(
            form.words(),
            span,
            zone,
            by=request.user,
            host=host,
            kind=kind,
            rhythm=rhythm,
            proposal_id=proposal.pk if proposal else None,
        ),
    )


def _warned(form: HoursForm, host: Person, spans: Sequence[Span], but: Sequence[int] = ()) -> bool:
    """Whether the form now says that the host is elsewhere at that time, and waits for a second yes."""
    if not form.warns_of(planning.overlapping(host, spans, but)):
        return False
    form.add_error(
        "anyway", _("The host has something else at this time. Tick this to plan it all the same.")
    )
    return True


def _planned_words(planned: Sequence[Exchange]) -> str:
    words = ngettext("It is planned.", "%(count)d sessions are planned.", len(planned))
    return words % {"count": len(planned)}


@require_http_methods(["GET", "POST"])
def edit(request: AuthedRequest, pk: int) -> HttpResponse:
    """Change what it is about, where it is and how many can come."""
    exchange = _kept(request, pk)
    form = EditForm(typed(request), exchange=exchange, initial=initial_of_exchange(exchange))
    if request.method == "POST" and form.is_valid() and _edited(request, exchange, form):
        messages.success(request, _("Saved. Whoever comes is told what matters to them."))
        return redirect(exchange)
    return show_form(request, FORM, form, exchange=exchange, button=_("Save"))


def _edited(request: AuthedRequest, exchange: Exchange, form: EditForm) -> Exchange | None:
    seen = form.cleaned_data["version"]
    return made(
        form,
        lambda: planning.edit(exchange.pk, form.words(), by=request.user, seen_version=seen),
        now=lambda: initial_of_exchange(Exchange.objects.get(pk=exchange.pk)),
    )


@require_http_methods(["GET", "POST"])
def move(request: AuthedRequest, pk: int) -> HttpResponse:
    """Move it to another day or hour."""
    exchange = _kept(request, pk)
    form = MoveForm(typed(request), exchange=exchange, initial=initial_hours(exchange))
    if request.method == "POST" and form.is_valid() and _moved(request, exchange, form):
        messages.success(request, _("Moved. Whoever comes gets the new hours for their calendar."))
        return redirect(exchange)
    words = {"zone": exchange.zone, "button": _("Move it"), "title": _("Move")}
    return show_form(request, FORM, form, exchange=exchange, **words)


def _moved(request: AuthedRequest, exchange: Exchange, form: MoveForm) -> bool:
    span, data = form.span(ZoneInfo(exchange.zone)), form.cleaned_data
    if _warned(form, exchange.host, [span], [exchange.pk]):
        return False
    following, version = data.get("following", False), data["version"]
    moved = made(
        form,
        lambda: planning.move(exchange.pk, span, by=request.user, following=following, version=version),
        now=lambda: initial_hours(Exchange.objects.get(pk=exchange.pk)),
    )
    return moved is not None


@require_http_methods(["GET", "POST"])
def cancel(request: AuthedRequest, pk: int) -> HttpResponse:
    """Call it off, with a reason."""
    exchange = _kept(request, pk)
    form = CancelForm(typed(request), exchange=exchange, initial={"version": exchange.version})
    if request.method == "POST" and form.is_valid() and _cancelled(request, exchange, form):
        messages.success(request, _("Cancelled. Whoever had signed up is told, and calendars take it out."))
        return redirect(exchange)
    words = {"button": _("Cancel the exchange"), "title": _("Cancel this exchange")}
    return show_form(request, FORM, form, exchange=exchange, bad=True, **words)


def _cancelled(request: AuthedRequest, exchange: Exchange, form: CancelForm) -> list[Exchange] | None:
    data = form.cleaned_data
    following, version = data.get("following", False), data["version"]
    return made(
        form,
        lambda: planning.cancel(
            exchange.pk, data["reason"], by=request.user, following=following, version=version
        ),
        now=lambda: {"version": Exchange.objects.get(pk=exchange.pk).version},
    )


def _kept(request: AuthedRequest, pk: int) -> Exchange:
    """The exchange, for those who may change it."""
    exchange = rights.get_exchange(request.user, pk, Exchange.objects.select_related("host"))
    if not rights.may_keep(request.user, exchange):
        raise PermissionDenied
    return exchange
