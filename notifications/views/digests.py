"""The pages of the weekly digest, and switching it off and on."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from notifications.digest import page, preference
from teams.http import AuthedRequest


@require_GET
def archive(request: AuthedRequest) -> HttpResponse:
    """One's own digests, and the running week so far."""
    context = {"archive": page.archive(request.user), "weekly": preference.gets_weekly(request.user)}
    return render(request, "notifications/digests.html", context)


@require_GET
def week(request: AuthedRequest, week: str) -> HttpResponse:
    """One digest, or the preview of the running week."""
    leaf = page.leaf(request.user, week)
    return render(request, "notifications/digest.html", {"leaf": leaf, "sheet": leaf.sheet})


@require_POST
def switch(request: AuthedRequest) -> HttpResponse:
    """Switch one's weekly digest on or off."""
    if request.POST.get("weekly") == "on":
        preference.switch_on(request.user)
        messages.success(request, _("You will get the weekly digest again."))
    else:
        preference.switch_off(request.user)
        messages.success(request, _("You will get no weekly digest any more."))
    return redirect("notifications:digests")


# A mail program sends it with one click, without session and cookies (RFC 8058); the link is signed.
@login_not_required
@csrf_exempt
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Switch the weekly digest off by the link of a mail: GET asks, POST does it."""
    template = "notifications/unsubscribe.html"
    try:
        person = preference.person_of(token)
    except preference.LinkUsedUp:
        return render(request, template, {"state": "used_up"}, status=410)
    with translation.override(person.language or translation.get_language()):
        if request.method == "POST":
            preference.switch_off(person)
        if not preference.gets_weekly(person):
            return render(request, template, {"state": "done"})
        return render(request, template, {"state": "ask", "token": token})
