"""The operations page for administrators, and its figures for Prometheus."""

import ipaddress

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from notifications import test_mail
from notifications.chat.models import ChatChannel
from notifications.incoming import addresses, mailbox
from notifications.incoming.models import IncomingMail, Outcome
from notifications.models import Channel
from notifications.operations import dead, metrics
from notifications.operations.state import Operations, operations
from notifications.tasks import SCHEDULES
from teams.http import AuthedRequest, asked_by_the_page
from teams.models import Person
from teams.views.settings import for_admins

REFUSED_SHOWN = 10
CHATS_SHOWN = 20
MOST_AT_ONCE = 1_000


@require_GET
@for_admins
def show(request: AuthedRequest) -> HttpResponse:
    """What waits, what goes out, what was given up, and who is at work."""
    channel = request.GET.get("channel", "")
    context = {
        **_state(),
        "channel": channel if channel in Channel.values else "",
        "channels": Channel.choices,
        "given_up": dead.shown(channel),
        "given_up_count": dead.given_up(channel).count(),
        "tests": dead.tests_of(request.user, test_mail.KEY),
        "returned": Person.objects.filter(is_active=True, mail_fails_since__isnull=False).order_by(
            "-mail_fails_since"
        )[:REFUSED_SHOWN],
        # Those in trouble first.
        "chats": ChatChannel.objects.filter(removed_at=None)
        .select_related("team")
        .order_by("is_on", "-failures", "team__sort_key", "name", "pk")[:CHATS_SHOWN],
        "refused": IncomingMail.objects.filter(outcome=Outcome.REFUSED).order_by("-received_at", "-pk")[
            :REFUSED_SHOWN
        ],
        "takes_mail": addresses.is_configured(),
        "has_mailbox": mailbox.is_configured(),
    }
    return render(request, "notifications/operations.html", context)


@require_GET
@for_admins
@asked_by_the_page
def state(request: AuthedRequest) -> HttpResponse:
    """The figures anew, for the page that is open."""
    return render(request, "notifications/_operations.html", _state())


def _state() -> dict[str, Operations]:
    return {"now": operations(SCHEDULES)}


@require_POST
@for_admins
def retry(request: AuthedRequest) -> HttpResponse:
    """Try what was given up again: the rows that were ticked, or all of a channel."""
    if "all" in request.POST:
        count = dead.try_all_again(request.POST.get("channel", ""))
    else:
        rows = [
            row for row in request.POST.getlist("row") if row.isascii() and row.isdigit() and len(row) < 19
        ]
        count = dead.try_again([int(row) for row in rows[:MOST_AT_ONCE]])
    words = ngettext("%(count)d delivery is tried again.", "%(count)d deliveries are tried again.", count)
    messages.success(request, words % {"count": count})
    return redirect("notifications:operations")


@require_POST
@for_admins
def send_test(request: AuthedRequest) -> HttpResponse:
    """Send oneself a mail."""
    test_mail.send_test(request.user)
    messages.success(request, _("The test mail is on its way. This page says what becomes of it."))
    return redirect("notifications:operations")


@login_not_required
@never_cache
@require_safe
def show_metrics(request: HttpRequest) -> HttpResponse:
    """The figures as Prometheus reads them: on this machine, or with METRICS_TOKEN."""
    if not may_read_metrics(request):
        return HttpResponse("forbidden\n", content_type="text/plain", status=403)
    try:
        found: Operations | None = operations(SCHEDULES)
    except DatabaseError:
        found = None
    return HttpResponse(metrics.text(found), content_type=CONTENT_TYPE_LATEST)


def may_read_metrics(request: HttpRequest) -> bool:
    """Whether the request carries the token, or comes from this machine and through no proxy."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if settings.METRICS_TOKEN and scheme.lower() == "bearer":
        return constant_time_compare(token.strip(), settings.METRICS_TOKEN)
    through = settings.ALLAUTH_TRUSTED_PROXY_COUNT or settings.ALLAUTH_TRUSTED_CLIENT_IP_HEADER
    if through or "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    return _is_loopback(request.META.get("REMOTE_ADDR", ""))


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
