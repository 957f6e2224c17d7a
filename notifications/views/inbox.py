"""The inbox page."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from notifications import inbox
from teams.http import AuthedRequest


@require_GET
def show(request: AuthedRequest) -> HttpResponse:
    """What happened that concerns the reader, newest first; ``unread`` shows only those."""
    only_unread = request.GET.get("show") == "unread"
    page = inbox.page(request.user, request.GET.get("before", ""), only_unread=only_unread)
    query = {"before": page.older} | ({"show": "unread"} if only_unread else {})
    older = f"{reverse('notifications:inbox')}?{urlencode(query)}" if page.older else ""
    newest = page.lines[0].entry.pk if page.lines else 0
    context = {"page": page, "only_unread": only_unread, "older": older, "newest": newest}
    return render(request, "notifications/inbox.html", context)


@require_http_methods(["GET", "POST"])
def read(request: AuthedRequest, entry: int) -> HttpResponse:
    """Mark an entry as read: a link (GET) goes on to what it is about, a button (POST) stays in the inbox."""
    path = inbox.mark_read(request.user, entry)
    if request.method == "GET":
        return redirect(path)
    return redirect("notifications:inbox")


@require_POST
def read_all(request: AuthedRequest) -> HttpResponse:
    """Mark as read what the page showed or what lies behind it, but nothing that came in since."""
    inbox.mark_all_read(request.user, up_to=_number(request.POST.get("newest", "")))
    return redirect("notifications:inbox")


def _number(text: str) -> int:
    """The id that the form carried; anything else is none, so nothing is marked."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
