"""The personal calendar feed: its page, and what calendar programs fetch."""

import hashlib

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from knowhow.exchanges import feeds
from knowhow.exchanges.calendars import entries_for, published
from knowhow.exchanges.models import CalendarFeed
from knowhow.exchanges.views.looking import CALENDAR
from teams.http import AuthedRequest
from teams.views.acting import attempt

# Older ones are of no use in a calendar that is fetched each hour.
MOST_ENTRIES = 1_000


@never_cache
@require_http_methods(["GET", "POST"])
def feed(request: AuthedRequest) -> HttpResponse:
    """One's own feed: its address is shown once, in the answer that made it."""
    secret = feeds.open_feed(by=request.user).secret if request.method == "POST" else ""
    path = reverse("exchanges:feed_file", args=[secret]) if secret else ""
    context = {
        "address": f"{settings.BASE_URL}{path}" if path else "",
        "feed": CalendarFeed.objects.filter(person=request.user).first(),
    }
    return render(request, "exchanges/feed.html", context)


@require_POST
def close(request: AuthedRequest) -> HttpResponse:
    """Let the address lead nowhere."""
    attempt(request, lambda: feeds.close_feed(by=request.user), _("The address leads nowhere from now on."))
    return redirect("exchanges:feed")


@login_not_required
@require_safe
def feed_file(request: HttpRequest, secret: str) -> HttpResponse:
    """What a calendar program fetches: the reader's exchanges; cancelled ones too, to take them out."""
    person = feeds.reader_of(secret)
    newest = feeds.in_calendar_of(person).reverse()[:MOST_ENTRIES]
    with translation.override(person.language or settings.LANGUAGE_CODE):
        content = published(entries_for(reversed(newest), person), _("Exchanges in Tandem"))
    etag = quote_etag(hashlib.sha256(content).hexdigest()[:32])
    answer = HttpResponse(content, CALENDAR, headers={"ETag": etag, "Cache-Control": "private, no-cache"})
    return get_conditional_response(request, etag=etag, response=answer) or answer
