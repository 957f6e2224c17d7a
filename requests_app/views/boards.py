"""The shared boards: reading, moving a card, setting limits."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from requests_app.action_forms import ActionForm
from requests_app.boards.board import Column, boards, card_of, column_page, get_board, show
from requests_app.boards.facts import cards_on, facts_of
from requests_app.boards.making import may_edit_board, may_make_boards
from requests_app.boards.move import move
from requests_app.boards.wip import LIMITED, set_wip_limit
from requests_app.choices import Status
from requests_app.models import Board, Request
from requests_app.templatetags.cards import drawn
from requests_app.workflow.actions import BY_MOVE
from requests_app.workflow.inputs import Inputs
from requests_app.workflow.verdicts import Verdict, evaluate
from teams.http import AuthedRequest
from teams.rules import RuleViolation, StaleVersion


class MoveForm(forms.Form):
    """Where a card was dropped, as the browser tells it."""

    number = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    version = forms.IntegerField(min_value=1)
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
    rows = list(boards())
    context = {
        "of_teams": [row for row in rows if row.team_id is not None],
        "made": [row for row in rows if row.team_id is None],
        "may_make": may_make_boards(request.user),
    }
    return render(request, "requests_app/boards.html", context)


@require_GET
def board(request: AuthedRequest, slug: str) -> HttpResponse:
    """One board."""
    return render(request, "requests_app/board.html", _page(request, get_board(slug)))


def _page(request: AuthedRequest, found: Board) -> dict[str, Any]:
    may_edit = may_edit_board(found, request.user)
    shown = show(found, request.user)
    return {
        "board": shown,
        "facts": facts_of(found, cards_on(shown)),
        "may_edit": may_edit,
        "earlier": _earlier(found),
        "may_limit": may_edit and found.team_id is not None,
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


def _texts() -> dict[str, str]:
    """What the script says aloud."""
    return {
        "pickedUp": _("{title} picked up. Arrow keys carry it, Space drops it, Escape puts it back."),
        "over": _("{column}, place {place} of {count}."),
        "putBack": _("{title} is back in its place."),
        "cancelled": _("The card went back. Nothing was changed."),
        "offline": _("The portal cannot be reached. The card went back; please try again."),
        "failed": _("That did not work. The card went back; please reload the board."),
    }


@require_GET
def column(request: AuthedRequest, slug: str, status: str) -> HttpResponse:
    """The next cards of a long column."""
    found = get_board(slug)
    page = column_page(found, status, request.user, request.GET.get("below") or None)
    context = {"board": found, "status": status, "page": page, "facts": facts_of(found, page.cards)}
    return render(request, "requests_app/_more_cards.html", context)


@require_POST
def move_card(request: AuthedRequest, slug: str) -> JsonResponse:
    """Move a card; answers with it and the columns' heads, with what is still asked, or with why not."""
    found = get_board(slug)
    form = MoveForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"message": _("This is no move. Load the board again.")}, status=400)
    drop = form.cleaned_data
    seen = Request.objects.with_people().get_visible(request.user, drop["number"])
    asked = _asked(request, seen, drop["status"])
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
        )
    except StaleVersion:
        return JsonResponse(
            {"message": _("Somebody else changed this card. Load the board again.")}, status=409
        )
    except RuleViolation as violation:
        return _refused(request, asked, violation)
    return JsonResponse(_moved(request, found, moved))


def _asked(request: AuthedRequest, seen: Request, status: str) -> ActionForm | None:
    """The form of the step that the move means; None for a move within a column or where there is no step."""
    if status not in Status.values or seen.status == status:
        return None
    action = BY_MOVE.get((Status(seen.status), Status(status)))
    if action is None:
        return None
    verdict = next(one for one in evaluate(seen, request.user) if one.action == action.name)
    return ActionForm(request.POST, request=seen, verdict=verdict)


def _refused(request: AuthedRequest, asked: ActionForm | None, violation: RuleViolation) -> JsonResponse:
    """Ask for what can be handed in; say what cannot."""
    if asked is not None and _can_be_answered(asked, violation):
        if request.POST.get("answered"):
            asked.refuse(violation)
        return _ask(request, asked, violation)
    words = " ".join(str(missing.message) for missing in violation.missing)
    return JsonResponse({"message": words}, status=409)


def _can_be_answered(asked: ActionForm, violation: RuleViolation) -> bool:
    verdict: Verdict = asked.verdict
    if not (verdict.allowed or verdict.may_override):
        return False
    state = {missing.code for missing in verdict.missing}
    return bool(asked.fields) and all(m.code in state or m.field in _names(asked) for m in violation.missing)


def _names(asked: ActionForm) -> set[str]:
    return {*asked.fields, *(one.name for one in asked.verdict.inputs), "explainer.title", "explainer.text"}


def _ask(request: AuthedRequest, asked: ActionForm, violation: RuleViolation | None = None) -> JsonResponse:
    facts = {"form": asked, "verdict": asked.verdict, "violation": violation}
    form = render_to_string("requests_app/_move_form.html", facts, request=request)
    return JsonResponse({"form": form, "message": str(asked.verdict.label)}, status=422)


def _moved(request: AuthedRequest, board: Board, moved: Request) -> dict[str, Any]:
    card = card_of(moved.number, request.user)
    heads = {column.status: _head(column) for column in show(board, request.user).columns}
    words = _("%(key)s is now in “%(column)s”.")
    return {
        "card": drawn([card], facts_of(board, [card])),
        "heads": heads,
        "message": words % {"key": card.key, "column": Status(card.status).label},
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
