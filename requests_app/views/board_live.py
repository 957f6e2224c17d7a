"""What an open board asks for when it hears of a change, and to know whether it is still true."""

from dataclasses import replace

from django import forms
from django.http import HttpResponse, HttpResponseBadRequest, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods

from requests_app.boards.board import get_board, show
from requests_app.boards.facts import facts_of
from requests_app.boards.filters import BoardFilters, filters_of
from requests_app.boards.fresh import MOST, End, Fresh, Shown, fresh_cards, outdated
from requests_app.models import Board
from requests_app.querysets import HIGHEST_NUMBER
from requests_app.templatetags.cards import drawn
from teams.http import AuthedRequest, asked_by_the_page
from teams.ids import id_in

# Of a board with some thousand cards, each with its number, version and rank.
LONGEST = 200_000
MOST_ENDS = 200


class HaveForm(forms.Form):
    """What an open board shows: ``number:version:rank`` a card, ``status:lane:rank`` an end of a column."""

    cards = forms.CharField(required=False, max_length=LONGEST)
    ends = forms.CharField(required=False, max_length=LONGEST)

    def clean_cards(self) -> dict[int, Shown]:
        rows = [row.split(":") for row in self.cleaned_data["cards"].split()]
        try:
            shown = {int(number): Shown(int(version), rank) for number, version, rank in rows}
        except ValueError:
            raise forms.ValidationError("number:version:rank") from None
        if not all(0 < number <= HIGHEST_NUMBER for number in shown):
            raise forms.ValidationError("number")
        return shown

    def clean_ends(self) -> list[End]:
        rows = [row.split(":") for row in self.cleaned_data["ends"].split()]
        if not all(len(row) == len(End._fields) for row in rows) or len(rows) > MOST_ENDS:
            raise forms.ValidationError("status:lane:rank")
        return [End(*row) for row in rows]


@require_http_methods(["GET", "POST"])
@asked_by_the_page
def fresh(request: AuthedRequest, slug: str) -> HttpResponse:
    """Cards as they are now: those named by ``?n=`` (GET), or all that the page shows wrongly (POST)."""
    board = get_board(slug)
    query = request.GET.copy()
    query.pop("n", None)
    filters = filters_of(query, board, request.user)
    if not filters.is_valid():
        return HttpResponseBadRequest()
    numbers = _wrong(request, board, filters) if request.method == "POST" else _named(request)
    if numbers is None:
        return HttpResponseBadRequest()
    if len(numbers) > MOST:
        return JsonResponse({"reload": True})
    found = fresh_cards(board, numbers, request.user, kind=filters.lanes_asked, asked=filters.asked)
    columns = show(board, request.user, filters.asked, with_cards=False).columns
    heads = {
        column.status: render_to_string("requests_app/_column_head.html", {"column": column})
        for column in columns
    }
    return JsonResponse({"cards": _drawn(board, found), "heads": heads})


def _named(request: AuthedRequest) -> set[int] | None:
    numbers = {id_in(one) for one in request.GET.getlist("n")}
    return None if None in numbers else {number for number in numbers if number is not None}


def _wrong(request: AuthedRequest, board: Board, filters: BoardFilters) -> set[int] | None:
    form = HaveForm(request.POST)
    if not form.is_valid():
        return None
    shown, ends = form.cleaned_data["cards"], form.cleaned_data["ends"]
    kind = filters.lanes_asked
    return outdated(board, shown, ends, request.user, kind=kind, asked=filters.asked)


def _drawn(board: Board, found: Fresh) -> dict[int, dict[str, str] | None]:
    cards = [card for card in found.cards.values() if card is not None]
    facts = replace(facts_of(board, cards), lanes=found.lanes)
    told: dict[int, dict[str, str] | None] = dict.fromkeys(found.cards)
    for card in cards:
        lane = found.lanes.get(card.number, "")
        told[card.number] = {"html": drawn([card], facts), "status": card.status, "lane": lane}
    return told
