"""The inbox page: reading, putting away, answering in place, and taking that back."""

from collections.abc import Callable, Sequence, Set

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from notifications.inboxes import acting
from notifications.inboxes.acting import Done
from notifications.inboxes.answering import answer_here, answerable
from notifications.inboxes.next_steps import asked_here
from notifications.inboxes.page import VIEWS, Group, page
from requests_app.asked_for import Asked
from teams.http import AuthedRequest
from teams.models import Person
from teams.rules import RuleViolation
from teams.unsent import typed
from teams.views.acting import attempt
from teams.zones import zone_of

# What was done last in this session, to be taken back by its button.
LAST = "inbox_done"
# What an answer is sent as, with the entry that it stands at.
BODY = "body_"
ACTS: dict[str, Callable[..., Done]] = {
    "read": acting.read,
    "unread": acting.unread,
    "archive": acting.archive,
    "take_out": acting.take_out,
}


@require_GET
def show(request: AuthedRequest) -> HttpResponse:
    """What happened that concerns the reader, by thing and newest first, as ``show`` narrows it down."""
    entry, kept = _unsent(request)
    return _show(request, kept=kept, entry=entry)


def _unsent(request: AuthedRequest) -> tuple[int, str]:
    """The answer that was sent after the session had ended, and to which entry."""
    sent = typed(request, at=reverse("notifications:inbox_act"))
    for name, said in sent.items() if sent is not None else ():
        if name.startswith(BODY) and said:
            return _number(name.removeprefix(BODY)), str(said)
    return 0, ""


def _show(request: AuthedRequest, *, kept: str = "", entry: int = 0, status: int = 200) -> HttpResponse:
    view = request.GET.get("show", "")
    found = page(request.user, request.GET.get("before", ""), view=view)
    query = {"before": found.older} | ({"show": view} if view else {})
    answers = answerable(request.user, found.groups)
    context = {
        "page": found,
        "view": view,
        "views": [(name, words) for name, words in VIEWS.items()],
        "older": f"{reverse('notifications:inbox')}?{urlencode(query)}" if found.older else "",
        "groups": _with_steps(request.user, found.groups, answers),
        "answerable": answers,
        "kept": kept,
        "kept_at": entry,
        "done": request.session.get(LAST),
    }
    return render(request, "notifications/inbox.html", context, status=status)


def _with_steps(
    person: Person, groups: Sequence[Group], answers: Set[int]
) -> list[tuple[Group, Asked | None]]:
    """Each group with the step it leads to; what is answered in place needs no way to the same answer."""
    asked = asked_here(person, groups)
    shown = {newest: step for newest, step in asked.items() if not (step.is_answer and newest in answers)}
    return [(group, shown.get(group.newest)) for group in groups]


@require_http_methods(["GET", "POST"])
def read(request: AuthedRequest, entry: int) -> HttpResponse:
    """Mark an entry as read: a link (GET) goes on to what it is about, a button (POST) stays in the inbox."""
    path = acting.mark_read(request.user, entry)
    return redirect(path) if request.method == "GET" else _back(request)


@require_POST
def read_all(request: AuthedRequest) -> HttpResponse:
    """Mark as read what the page showed or what lies behind it, but nothing that came in since."""
    acting.mark_all_read(request.user, up_to=_number(request.POST.get("newest", "")))
    return _back(request)


@require_http_methods(["GET", "POST"])
def act(request: AuthedRequest) -> HttpResponse:
    """Do something with one thing ("archive:12") or with all that are ticked ("archive")."""
    if request.method == "GET":
        return _back(request)
    what, _colon, one = request.POST.get("do", "").partition(":")
    newest = [one] if one else request.POST.getlist("numbers")
    entries = [_number(text) for text in newest]
    if what == "answer":
        return _answer(request, entries[0] if entries else 0)
    if not entries:
        messages.error(request, _("Choose at least one entry."))
        return _back(request)
    done = _done(request, what, entries)
    request.session[LAST] = done.to_json() | {"words": _words(done)}
    return _back(request)


def _done(request: AuthedRequest, what: str, entries: Sequence[int]) -> Done:
    if what == "snooze":
        until = request.POST.get("until") or "tomorrow"
        try:
            return acting.snooze(request.user, entries, until, zone_of(request.user))
        except RuleViolation:
            raise Http404 from None
    if what not in ACTS:
        raise Http404
    return ACTS[what](request.user, entries)


def _answer(request: AuthedRequest, entry: int) -> HttpResponse:
    said = request.POST.get(f"{BODY}{entry}", "")
    if attempt(request, lambda: answer_here(request.user, entry, said), _("Answered.")):
        return _back(request)
    return _show(request, kept=said, entry=entry, status=422)


@require_POST
def undo(request: AuthedRequest) -> HttpResponse:
    """Take back what was done last."""
    last = request.session.pop(LAST, None)
    if last is None:
        messages.error(request, _("There is nothing to take back."))
    else:
        acting.take_back(request.user, last)
    return _back(request)


def _words(done: Done) -> str:
    words = {
        "read": ngettext("%(count)d entry is read.", "%(count)d entries are read.", done.count),
        "unread": ngettext("%(count)d entry is unread.", "%(count)d entries are unread.", done.count),
        "archive": ngettext("%(count)d entry is archived.", "%(count)d entries are archived.", done.count),
        "take_out": ngettext("%(count)d entry is back.", "%(count)d entries are back.", done.count),
        "snooze": ngettext(
            "%(count)d entry comes back later.", "%(count)d entries come back later.", done.count
        ),
    }
    return words[done.what] % {"count": done.count}


def _back(request: AuthedRequest) -> HttpResponse:
    view = request.POST.get("show", "") or request.GET.get("show", "")
    query = f"?{urlencode({'show': view})}" if view in VIEWS and view else ""
    return redirect(f"{reverse('notifications:inbox')}{query}")


def _number(text: str) -> int:
    """The id that the form carried; anything else is none, so nothing is found."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
