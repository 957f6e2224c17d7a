"""The private feed of one's digests: its page, and what feed readers fetch."""

import hashlib

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from notifications.digest import feed
from notifications.digest.models import DigestFeed
from teams.http import AuthedRequest
from teams.views.acting import attempt

ATOM = "application/atom+xml; charset=utf-8"


@never_cache
@require_http_methods(["GET", "POST"])
def page(request: AuthedRequest) -> HttpResponse:
    """One's own feed: its address is shown once, in the answer that made it."""
    secret = feed.open_feed(by=request.user).secret if request.method == "POST" else ""
    path = reverse("notifications:digest_feed_file", args=[secret]) if secret else ""
    context = {
        "address": f"{settings.BASE_URL}{path}" if path else "",
        "feed": DigestFeed.objects.filter(person=request.user).first(),
    }
    return render(request, "notifications/digest_feed.html", context)


@require_POST
def close(request: AuthedRequest) -> HttpResponse:
    """Let the address lead nowhere."""
    attempt(request, lambda: feed.close_feed(by=request.user), _("The address leads nowhere from now on."))
    return redirect("notifications:digest_feed")


@login_not_required
@require_safe
def file(request: HttpRequest, secret: str) -> HttpResponse:
    """What a feed reader fetches: the owner's digests."""
    content = feed.atom(feed.reader_of(secret)).encode()
    etag = quote_etag(hashlib.sha256(content).hexdigest()[:32])
    answer = HttpResponse(content, ATOM, headers={"ETag": etag, "Cache-Control": "private, no-cache"})
    return get_conditional_response(request, etag=etag, response=answer) or answer
