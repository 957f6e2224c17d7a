"""Making, setting and throwing away boards, with a preview of what they would show."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from requests_app.boards.board import Shown, get_board
from requests_app.boards.board_forms import BoardForm, ColumnsForm, OwnBoardForm, initial_of
from requests_app.boards.making import delete_board, edit_board, make_board, may_edit_board, may_make_boards
from requests_app.boards.preview import preview
from requests_app.models import Board
from teams.http import AuthedRequest
from teams.models import Team
from teams.rules import InvalidFields
from teams.unsent import typed
from teams.views.acting import attempt, made, show_form

PAGE = "requests_app/board_form.html"
# So many cards of each column tell what a board will look like.
CARDS_PREVIEWED = 5


@require_http_methods(["GET", "POST"])
def new(request: AuthedRequest) -> HttpResponse:
    """The editor of a new board."""
    if not may_make_boards(request.user):
        raise PermissionDenied
    form = BoardForm(typed(request), initial=_asked_for(request))
    if request.method == "POST" and form.is_valid():
        board = made(form, lambda: make_board(form.wanted(), by=request.user))
        if board is not None:
            messages.success(request, _("The board “%(name)s” is there.") % {"name": board.name})
            return redirect("requests:board", board.slug)
    return show_form(request, PAGE, form, may_make=True)


def _asked_for(request: AuthedRequest) -> dict[str, str]:
    """A goal's or a touchpoint's page may lead here: `/boards/new/?goal=3`."""
    return {
        name: request.GET[name] for name in ("goal", "touchpoints") if request.GET.get(name, "").isdecimal()
    }


@require_http_methods(["GET", "POST"])
def edit(request: AuthedRequest, slug: str) -> HttpResponse:
    """The editor of a board; of a team's own only the columns."""
    found = get_board(slug)
    if not may_edit_board(found, request.user):
        raise PermissionDenied
    form = _form_of(request, found)
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["version"]
        changed = made(
            form,
            lambda: edit_board(slug, form.wanted(), by=request.user, seen_version=seen),
            lambda: initial_of(get_board(slug)),
        )
        if changed is not None:
            messages.success(request, _("The board is saved."))
            return redirect("requests:board", slug)
    return show_form(request, PAGE, form, board=found, may_delete=found.team_id is None)


def _form_of(request: AuthedRequest, found: Board) -> ColumnsForm:
    start = initial_of(found)
    if found.team_id is not None:
        return OwnBoardForm(typed(request), initial=start)
    return BoardForm(typed(request), initial=start, board=found)


@require_POST
def delete(request: AuthedRequest, slug: str) -> HttpResponse:
    """Throw a board away."""
    found = get_board(slug)
    words = _("The board “%(name)s” is removed. Its requests are untouched.") % {"name": found.title}
    if attempt(request, lambda: delete_board(slug, by=request.user), words):
        return redirect("requests:boards")
    return redirect("requests:board", slug)


@require_POST
def show_preview(request: AuthedRequest) -> HttpResponse:
    """The cards that the board in the editor would show, and how many it would put out of sight."""
    edited = _edited(request)
    own = edited.team if edited else None
    form = OwnBoardForm(request.POST) if own else BoardForm(request.POST, board=edited)
    form.is_valid()
    context = {"shown": _previewed(request, form, own), "cards": CARDS_PREVIEWED}
    return render(request, "requests_app/_board_preview.html", context)


def _edited(request: AuthedRequest) -> Board | None:
    slug = request.POST.get("board", "").replace("\0", "")
    return Board.objects.whole().filter(slug=slug).first()


def _previewed(request: AuthedRequest, form: ColumnsForm, own: Team | None) -> Shown | None:
    """What can be shown of what is typed so far; None where it cannot be understood."""
    wanted = form.wanted()
    # A board without a name can be looked at, too.
    wanted.pop("name", None)
    try:
        return preview(wanted, request.user, own)
    except InvalidFields:
        return None
