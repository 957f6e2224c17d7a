"""The page of one's personal calendar feed; what calendar programs fetch stands in a room above."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from knowhow.exchanges import feeds
from knowhow.exchanges.models import CalendarFeed
from teams.http import AuthedRequest
from teams.views.acting import attempt


@never_cache
@require_http_methods(["GET", "POST"])
def feed(request: AuthedRequest) -> HttpResponse:
    """One's own feed: its address is shown once, in the answer that made it."""
    secret = feeds.open_feed(by=request.user).secret if request.method == "POST" else ""
    path = reverse("requests:calendar_file", args=[secret]) if secret else ""
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
