"""The mails that the demo kept: to oneself, to an administrator all."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from notifications.demo_mail import BODY_POLICY, is_shown
from notifications.models import DemoMail
from teams.http import AuthedRequest

MAILS_SHOWN = 50


@require_GET
def show(request: AuthedRequest) -> HttpResponse:
    """The mails, newest first, one of them open with its HTML and its text."""
    if not is_shown():
        raise Http404
    mails = DemoMail.objects.visible_to(request.user).defer("html", "text").order_by("-sent_at", "-pk")
    newest = list(mails[:MAILS_SHOWN])
    chosen = _find(request, request.GET.get("mail", "")) if request.GET.get("mail") else None
    if chosen is None and newest:
        chosen = newest[0]
    context = {"mails": newest, "chosen": chosen, "limit": MAILS_SHOWN}
    return render(request, "notifications/demo_mail.html", context)


@require_GET
@xframe_options_sameorigin
def body(request: AuthedRequest, mail: int) -> HttpResponse:
    """The HTML of one mail, in a sandbox without scripts and without any address of the portal."""
    if not is_shown():
        raise Http404
    found = _find(request, str(mail))
    response = HttpResponse(found.html)
    response._csp_replace = {}  # type: ignore[attr-defined]
    response["Content-Security-Policy"] = f"{BODY_POLICY}; frame-ancestors 'self'"
    return response


def _find(request: AuthedRequest, mail: str) -> DemoMail:
    if not (mail.isascii() and mail.isdigit() and len(mail) < 19):
        raise Http404
    found = DemoMail.objects.visible_to(request.user).filter(pk=mail).first()
    if found is None:
        raise Http404
    return found
