"""Finding exchanges and looking at one."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from activity import clock
from knowhow.exchanges import calendars, reads
from knowhow.exchanges.forms import MaterialForm
from knowhow.exchanges.models import Answer
from knowhow.exchanges.rights import get_exchange
from knowhow.exchanges.wishes import needed
from knowhow.skills.raising import offer_after
from teams.http import AuthedRequest
from teams.numbered import page_address, page_number

COMING, WISHED, PAST = "coming", "wished", "past"
TABS = ((COMING, _("Coming up")), (WISHED, _("Wished for")), (PAST, _("Past")))
MOST_PROPOSALS = 100
MOST_OWN = 20
LONGEST_QUERY = 200
CALENDAR = "text/calendar; charset=utf-8"


@require_GET
def index(request: AuthedRequest) -> HttpResponse:
    """What is coming up, what is wished for, or what took place; one's own first."""
    tab = request.GET.get("show", COMING)
    tab = tab if tab in dict(TABS) else COMING
    words = request.GET.get("q", "").replace("\0", "")[:LONGEST_QUERY]
    context = {"tabs": TABS, "tab": tab, "q": words, "now": clock.now()}
    found = _wished(request) if tab == WISHED else _listed(request, tab, words)
    return render(request, "exchanges/index.html", {**context, **found})


def _wished(request: AuthedRequest) -> dict[str, object]:
    rows = reads.open_proposals(request.user)[:MOST_PROPOSALS]
    return {"proposals": [(one, needed(one.kind)) for one in rows]}


def _listed(request: AuthedRequest, tab: str, words: str) -> dict[str, object]:
    now = clock.now()
    rows = reads.past(request.user, now) if tab == PAST else reads.coming(request.user, now)
    own = list(reads.of_person(request.user, now)[:MOST_OWN]) if tab == COMING and not words else []
    others = reads.matching(rows, words).exclude(pk__in=[one.pk for one in own])
    page = reads.page_of(others, page_number(request))
    return {
        "page": page,
        "mine": own,
        "next": page_address(request, page.next),
        "previous": page_address(request, page.previous),
    }


@require_GET
def detail(request: AuthedRequest, pk: int) -> HttpResponse:
    """An exchange with what one can do about it now."""
    return show(request, pk, MaterialForm())


def show(request: AuthedRequest, pk: int, form: MaterialForm, status: int = 200) -> HttpResponse:
    """The page of an exchange; ``form`` adds a link to it."""
    look = reads.look_at(request.user, pk)
    context = {
        "look": look,
        "exchange": look.exchange,
        "form": form,
        "answers": Answer.choices,
        "raise": offer_after(look.own, look.exchange) if look.own else None,
    }
    return render(request, "exchanges/exchange.html", context, status=status)


@require_GET
def file(request: AuthedRequest, pk: int) -> HttpResponse:
    """The exchange as a file for a calendar."""
    exchange = get_exchange(request.user, pk)
    entry = calendars.entry_for(exchange, request.user)
    content = calendars.published([calendars.Entry(exchange, turns=entry.turns)])
    name = f'attachment; filename="exchange-{exchange.pk}.ics"'
    return HttpResponse(content, CALENDAR, headers={"Content-Disposition": name})
