"""Proposals: what people would come to."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from knowhow.exchanges import wishes
from knowhow.exchanges.forms import ProposalForm
from knowhow.exchanges.models import TOPIC_LINE, ExchangeKind, ExchangeProposal
from knowhow.exchanges.rights import HIGHEST_ID, is_same_side
from knowhow.exchanges.topics import could_host
from teams.http import AuthedRequest
from teams.unsent import typed
from teams.views.acting import attempt, made, show_form

MOST_SHOWN = 60


@require_http_methods(["GET", "POST"])
def propose(request: AuthedRequest) -> HttpResponse:
    """Wish for an exchange; ``?kind=shadowing`` asks for a day with the other side."""
    kind = request.GET.get("kind", ExchangeKind.SESSION)
    if kind not in ExchangeKind.values:
        raise Http404
    form = ProposalForm(typed(request), initial={"topic": request.GET.get("topic", "")[:TOPIC_LINE]})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        proposal = made(
            form,
            lambda: wishes.propose(
                data["title"], data["ability"], topic=data["topic"], kind=kind, by=request.user
            ),
        )
        if proposal:
            messages.success(
                request, _("It is there for all to see. Show it to those who would come as well.")
            )
            return redirect(proposal)
    return show_form(request, "exchanges/propose.html", form, kind=kind)


@require_GET
def proposal(request: AuthedRequest, pk: int) -> HttpResponse:
    """A proposal, who would come, and who could host it."""
    found = _found(pk)
    voices = found.wishes.filter(person__is_active=True).select_related("person").order_by("created_at", "pk")
    people = [one.person for one in voices[:MOST_SHOWN]]
    context = {
        "proposal": found,
        "people": people,
        "count": voices.count(),
        "needed": wishes.needed(found.kind),
        "wished": voices.filter(person=request.user).exists(),
        "hosts": could_host(found) if found.closed_at is None else [],
        "same_side": found.kind == ExchangeKind.SHADOWING and is_same_side(found.proposer, request.user),
        "may_withdraw": wishes.may_withdraw(request.user, found),
    }
    return render(request, "exchanges/proposal.html", context)


@require_POST
def wish(request: AuthedRequest, pk: int) -> HttpResponse:
    """Say that one would come."""
    _found(pk)
    attempt(request, lambda: wishes.wish(pk, by=request.user), _("It is noted that you would come."))
    return redirect("exchanges:proposal", pk)


@require_POST
def unwish(request: AuthedRequest, pk: int) -> HttpResponse:
    """Take it back."""
    _found(pk)
    attempt(request, lambda: wishes.unwish(pk, by=request.user), _("It is noted that you would not come."))
    return redirect("exchanges:proposal", pk)


@require_POST
def withdraw(request: AuthedRequest, pk: int) -> HttpResponse:
    """Close one's own proposal."""
    _found(pk)
    attempt(request, lambda: wishes.withdraw(pk, by=request.user), _("The proposal is withdrawn."))
    return redirect(f"{reverse('exchanges:exchanges')}?show=wished")


def _found(pk: int) -> ExchangeProposal:
    rows = ExchangeProposal.objects.select_related("proposer", "exchange")
    found = rows.filter(pk=min(pk, HIGHEST_ID)).first()
    if found is None:
        raise Http404
    return found
