"""What mail programs and mail servers ask for: hearing less by a link, and handing mail in."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from notifications import less_link, mute_link
from notifications.incoming import addresses
from notifications.incoming.parsing import LARGEST_MAIL
from notifications.incoming.taking import take
from notifications.mail_links import LinkUsedUp
from requests_app.discussion.people import mute
from teams.http import AuthedRequest, asked_by_the_page
from teams.models import Team

# What of a mail that is too large is read to know whom to tell.
HEAD_BYTES = 256 * 1024


@require_GET
@asked_by_the_page
def team_address(request: AuthedRequest, slug: str) -> HttpResponse:
    """Where a mail makes a draft for a team; nothing where no mail is taken."""
    address = addresses.address_of_team(get_object_or_404(Team, slug=slug))
    return render(request, "notifications/_team_address.html", {"address": address})


# A mail program sends it with one click, without session and cookies (RFC 8058); the link is signed.
@login_not_required
@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def mute_by_mail(request: HttpRequest, token: str) -> HttpResponse:
    """Hear nothing more of a request, by the link of a mail: GET asks, POST does it."""
    template = "notifications/mute.html"
    try:
        person, number = mute_link.read(token)
    except LinkUsedUp:
        return render(request, template, {"state": "used_up"}, status=410)
    with translation.override(person.language or translation.get_language()):
        title = mute_link.title_for(person, number)
        if not title:
            return render(request, template, {"state": "used_up"}, status=410)
        if request.method == "POST":
            mute(number, by=person)
            return render(request, template, {"state": "done", "title": title, "number": number})
        return render(request, template, {"state": "ask", "title": title, "token": token})


# As above.
@login_not_required
@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def less_by_mail(request: HttpRequest, token: str) -> HttpResponse:
    """No more mail of some kinds, by the link of a mail: GET asks, POST does it."""
    template = "notifications/less.html"
    try:
        person, kinds = less_link.read(token)
    except LinkUsedUp:
        return render(request, template, {"state": "used_up"}, status=410)
    with translation.override(person.language or translation.get_language()):
        if request.method == "POST":
            less_link.stop(person, kinds)
            return render(request, template, {"state": "done", "kinds": kinds})
        return render(request, template, {"state": "ask", "kinds": kinds, "token": token})


@login_not_required
@csrf_exempt
@never_cache
@require_POST
def hand_in(request: HttpRequest) -> HttpResponse:
    """A mail as it came over the wire (``message/rfc822``), from a mail provider that knows the secret.

    ``X-Envelope-To`` names for whom it is, where the header fields do not.
    """
    if not addresses.is_configured() or not settings.INCOMING_MAIL_SECRET:
        raise Http404
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not constant_time_compare(secret.strip(), settings.INCOMING_MAIL_SECRET):
        return JsonResponse({"detail": "the secret is missing or wrong"}, status=401)
    # Read from the wire: what is too large never comes into memory as a whole.
    raw = request.read(LARGEST_MAIL + 1)
    if not raw:
        return JsonResponse({"detail": "there is no mail in it"}, status=400)
    envelope = [one.strip() for one in request.headers.get("X-Envelope-To", "").split(",") if one.strip()]
    size = len(raw)
    row = take(raw if size <= LARGEST_MAIL else raw[:HEAD_BYTES], envelope=envelope[:100], size=size)
    return JsonResponse({"outcome": row.outcome, "reason": row.reason})
