"""The shared boards: reading, moving a card, setting limits."""

from dataclasses import asdict, replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBadRequest, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from requests_app.action_forms import ActionForm
from requests_app.boards.board import Column, boards, column_cards, get_board, page_of, show
from requests_app.boards.facts import cards_on, changed, facts_of
from requests_app.boards.filters import BoardFilters, canonical_of, filters_of
from requests_app.boards.fixes import fixes_for
from requests_app.boards.lanes import lane_page, lanes_of
from requests_app.boards.making import may_edit_board, may_make_boards
from requests_app.boards.move import move
from requests_app.boards.wip import LIMITED, set_wip_limit
from requests_app.choices import BOARD_COLUMNS, Status
from requests_app.models import Board, Request
from requests_app.templatetags.cards import drawn, told_parts
from requests_app.views.board_controls import controls, queues, sheet
from requests_app.workflow.actions import BY_MOVE
from requests_app.workflow.inputs import Inputs
from requests_app.workflow.perform import perform
from requests_app.workflow.verdicts import Verdict, evaluate
from teams.http import AuthedRequest
from teams.rules import RuleViolation, StaleVersion


class UndoForm(forms.Form):
    """Which card, as the browser knows it."""

    number = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    version = forms.IntegerField(min_value=1)


class MoveForm(UndoForm):
    """Where a card was dropped, as the browser tells it."""

    status = forms.CharField(max_length=20)
    before = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    after = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)


class LimitForm(forms.Form):
    """A limit of one column; empty takes it away."""

    status = forms.ChoiceField(
        choices=[(status, status.label) for status in LIMITED], label=gettext_lazy("Column")
    )
    limit = forms.IntegerField(required=False, label=gettext_lazy("At most"))


@require_GET
def board_list(request: AuthedRequest) -> HttpResponse:
    """All boards: one for each team of IT, and those that people made."""
    own = [team.pk for team in request.user.own_teams()]
    rows = sorted(boards(), key=lambda row: row.team_id not in own)
    context = {
        "own": own,
        "of_teams": [row for row in rows if row.team_id is not None],
        "made": [row for row in rows if row.team_id is None],
        "may_make": may_make_boards(request.user),
    }
    return render(request, "requests_app/boards.html", context)


@require_GET
def board(request: AuthedRequest, slug: str) -> HttpResponse:
    """One board; a wrong filter is told, never ignored."""
    found = get_board(slug)
    filters = filters_of(request.GET, found, request.user)
    errors = filters.errors_in_words()
    page = _page(request, found, filters) if not errors else {"board": found}
    context = page | controls(request.GET, filters, found, request.user) | {"errors": errors}
    return render(request, "requests_app/board.html", context, status=400 if errors else 200)


def _page(request: AuthedRequest, found: Board, filters: BoardFilters) -> dict[str, Any]:
    kind, asked, lanes = filters.lanes_asked, filters.asked, None
    shown = show(found, request.user, asked, with_cards=not kind)
    if kind:
        lanes = lanes_of(shown, kind, request.user, asked)
    facts = facts_of(found, lanes.cards() if lanes else cards_on(shown))
    may_edit = may_edit_board(found, request.user)
    return {
        "board": shown,
        "lanes": lanes,
        "facts": replace(facts, lanes=lanes.of_cards()) if lanes else facts,
        "queues": queues(found, facts),
        "share": found.operations_share,
        "may_edit": may_edit,
        "may_limit": may_edit and found.team_id is not None,
        "earlier": _earlier(found),
        "limited": LIMITED,
        "texts": _texts(),
    }


def _earlier(found: Board) -> str:
    """The query of the list of what was delivered earlier, as near to the board as its filters go."""
    teams = [found.team.slug] if found.team else [row["slug"] for row in found.team_rows]
    query = QueryDict(mutable=True)
    query["status"] = Status.DONE
    shown = {
        "team": teams[0] if len(teams) == 1 else "",
        "goal": found.goal_id,
        "type": found.type,
        "label": found.label,
        "side": found.requesting_side,
    }
    query.update({name: str(value) for name, value in shown.items() if value})
    return query.urlencode()


def _ways() -> dict[str, list[str]]:
    """To which columns a step leads from each column."""
    return {
        source: [target for target in BOARD_COLUMNS if (source, target) in BY_MOVE]
        for source in BOARD_COLUMNS
    }


def _texts() -> dict[str, Any]:
    """What the script says aloud, where it lets a card go, and what it puts on cards."""
    return {
        "parts": told_parts(),
        "pickedUp": _("{title} picked up. Arrow keys carry it, Space drops it, Escape puts it back."),
        "over": _("{column}, place {place} of {count}."),
        "putBack": _("{title} is back in its place."),
        "cancelled": _("The card went back. Nothing was changed."),
        "offline": _("The portal cannot be reached. The card went back; please try again."),
        "failed": _("That did not work. The card went back; please reload the board."),
        "undo": _("Undo"),
        "moveTo": _("Move {title} to …"),
        "ways": _ways(),
        "quoted": _("“{name}”"),
        "noWay": _("A card cannot go from “{from}” to “{to}”. From “{from}” it can go to {ways}."),
        "stays": _("A card cannot go from “{from}” to “{to}”. On this board it stays where it is."),
        "chosen": _("{count} chosen"),
        "partly": _("{done} moved, {left} could not be moved."),
    }


@require_GET
def column(request: AuthedRequest, slug: str, status: str) -> HttpResponse:
    """The next cards of a long column, or of where a lane crosses it."""
    found = get_board(slug)
    filters = filters_of(request.GET, found, request.user)
    if not filters.is_valid():
        return HttpResponseBadRequest()
    lane, below = (request.GET.get(name, "").replace("\0", "") for name in ("lane", "below"))
    kind = filters.lanes_asked
    rows = column_cards(found, status, request.user, below or None, filters.asked)
    page = lane_page(rows, kind, lane) if kind else page_of(rows)
    facts = facts_of(found, page.cards)
    if kind:
        facts = replace(facts, lanes={card.number: lane for card in page.cards})
    context = {"board": found, "status": status, "page": page, "facts": facts}
    context |= {"lane": lane if kind else "", "here": canonical_of(request.GET)}
    return render(request, "requests_app/_more_cards.html", context)


@require_GET
def filter_sheet(request: AuthedRequest, slug: str) -> HttpResponse:
    """The filters to choose from, fetched when somebody opens them."""
    context = sheet(request.GET) | {"board": get_board(slug)}
    return render(request, "requests_app/_board_filters.html", context)


@require_POST
def move_card(request: AuthedRequest, slug: str) -> JsonResponse:
    """Move a card; answers with it and the columns' heads, with what is still asked, or with why not."""
    found = get_board(slug)
    form = MoveForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"message": _("This is no move. Load the board again.")}, status=400)
    drop = form.cleaned_data
    seen = Request.objects.with_people().get_visible(request.user, drop["number"])
    asked = _asked(request, seen, drop["status"]) if request.POST.get("answered") else None
    if asked is not None and not asked.is_valid():
        return _ask(request, asked)
    try:
        moved = move(
            drop["number"],
            by=request.user,
            status=drop["status"],
            before=drop["before"],
            after=drop["after"],
            inputs=asked.inputs() if asked else Inputs(),
            version=drop["version"],
            seen=seen,
        )
    except StaleVersion:
        return _stale()
    except RuleViolation as violation:
        # Only now it is worth finding out what the step would need.
        asked = asked or _asked(request, seen, drop["status"])
        if asked is not None and not asked.is_valid():
            return _ask(request, asked)
        return _refused(request, seen, asked, violation)
    if moved.status == seen.status:
        return JsonResponse(_reordered(moved))
    return JsonResponse(_moved(request, found, moved) | {"undo": True})


@require_POST
def undo_move(request: AuthedRequest, slug: str) -> JsonResponse:
    """Take the last step of a card back; answers as a move does."""
    found = get_board(slug)
    form = UndoForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"message": _("This is no move. Load the board again.")}, status=400)
    try:
        undone = perform(
            "undo", form.cleaned_data["number"], by=request.user, version=form.cleaned_data["version"]
        )
    except StaleVersion:
        return _stale()
    except RuleViolation as violation:
        return JsonResponse({"message": _in_words(violation)}, status=409)
    return JsonResponse(_moved(request, found, undone))


def _stale() -> JsonResponse:
    words = _("Somebody else changed this card. Load the board again.")
    return JsonResponse({"message": words}, status=409)


def _asked(request: AuthedRequest, seen: Request, status: str) -> ActionForm | None:
    """The form of the step that the move means; None for a move within a column or where there is no step."""
    if status not in Status.values or seen.status == status:
        return None
    action = BY_MOVE.get((Status(seen.status), Status(status)))
    if action is None:
        return None
    verdict = next(one for one in evaluate(seen, request.user) if one.action == action.name)
    return ActionForm(request.POST, request=seen, verdict=verdict)


def _refused(
    request: AuthedRequest, seen: Request, asked: ActionForm | None, violation: RuleViolation
) -> JsonResponse:
    """Ask for what can be handed in; say what cannot."""
    if asked is not None and _can_be_answered(asked, violation):
        if request.POST.get("answered"):
            asked.refuse(violation)
        return _ask(request, asked, violation)
    fixes = [asdict(fix) for fix in fixes_for(violation, seen, request.user)]
    return JsonResponse({"message": _in_words(violation), "fixes": fixes}, status=409)


def _in_words(violation: RuleViolation) -> str:
    return " ".join(str(missing.message) for missing in violation.missing)


def _can_be_answered(asked: ActionForm, violation: RuleViolation) -> bool:
    verdict: Verdict = asked.verdict
    if not (verdict.allowed or verdict.may_override):
        return False
    state = {missing.code for missing in verdict.missing}
    return bool(asked.fields) and all(m.code in state or m.field in _names(asked) for m in violation.missing)


def _names(asked: ActionForm) -> set[str]:
    parts = {name.replace("_", ".", 1) for name in asked.fields if name.startswith("explainer_")}
    return {*asked.fields, *(one.name for one in asked.verdict.inputs), *parts}


def _ask(request: AuthedRequest, asked: ActionForm, violation: RuleViolation | None = None) -> JsonResponse:
    facts = {"form": asked, "verdict": asked.verdict, "violation": violation}
    form = render_to_string("requests_app/_move_form.html", facts, request=request)
    return JsonResponse({"form": form, "message": str(asked.verdict.label)}, status=422)


def _reordered(moved: Request) -> dict[str, Any]:
    """The card is what it was; only its place and its version are new."""
    return {"version": moved.version, "rank": moved.rank, "message": _now_in(moved)}


def _now_in(moved: Request) -> str:
    words = _("%(key)s is now in “%(column)s”.")
    return words % {"key": moved.key, "column": Status(moved.status).label}


def _moved(request: AuthedRequest, board: Board, moved: Request) -> dict[str, Any]:
    asked = filters_of(request.GET, board, request.user).asked
    now = changed(board, moved.number, request.user, asked)
    heads = {column.status: _head(column) for column in now.shown.columns}
    return {
        "card": drawn([now.card], now.facts),
        "status": now.card.status,
        "heads": heads,
        "message": _now_in(moved),
    }


def _head(column: Column) -> str:
    return render_to_string("requests_app/_column_head.html", {"column": column})


@require_POST
def set_limit(request: AuthedRequest, slug: str) -> HttpResponse:
    """Set or take away the limit of a column."""
    team = get_board(slug).team
    if team is None:
        raise Http404
    form = LimitForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect("requests:board", slug)
    try:
        set_wip_limit(team, form.cleaned_data["status"], form.cleaned_data["limit"], by=request.user)
    except RuleViolation as violation:
        messages.error(request, " ".join(str(missing.message) for missing in violation.missing))
    else:
        messages.success(request, _("The limit is set."))
    return redirect("requests:board", slug)
