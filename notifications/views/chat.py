"""The chat channels of a team, for its leads and administrators."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from notifications.chat import setting, telling
from notifications.chat.forms import ChannelForm, NewChannelForm, initial_of
from notifications.chat.kinds import Kind
from notifications.chat.models import ChatChannel
from notifications.operations.dead import tests_of
from requests_app.querysets import HIGHEST_NUMBER
from teams import rights
from teams.http import AuthedRequest
from teams.models import Team
from teams.rules import StaleVersion
from teams.unsent import typed
from teams.views.acting import attempt, made, show_form

ACTIONS = ("test", "on", "off", "remove")


@require_GET
def index(request: AuthedRequest, slug: str) -> HttpResponse:
    """The channels of a team, and how they do."""
    team = _led(request, slug)
    context = {"team": team, "channels": ChatChannel.objects.of_team(team).order_by("name", "pk")}
    return render(request, "notifications/chats.html", context)


@require_http_methods(["GET", "POST"])
def new(request: AuthedRequest, slug: str) -> HttpResponse:
    """Add a channel."""
    team = _led(request, slug)
    initial = {"language": settings.LANGUAGE_CODE, "kinds": [Kind.NEW, Kind.DECISIONS, Kind.RESULTS]}
    form = NewChannelForm(typed(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        channel = made(form, lambda: setting.add_channel(team, form.entered, by=request.user))
        if channel:
            messages.success(request, _("The channel is there. Send it a test message."))
            return redirect("notifications:chat", team.slug, channel.pk)
    return show_form(request, "notifications/chat_form.html", form, team=team)


@require_http_methods(["GET", "POST"])
def edit(request: AuthedRequest, slug: str, pk: int) -> HttpResponse:
    """Change a channel, and see how it does."""
    team, channel = _channel(request, slug, pk)
    form = ChannelForm(typed(request), initial=initial_of(channel))
    if request.method == "POST" and form.is_valid() and _changed(request, channel, form):
        messages.success(request, _("Saved."))
        return redirect("notifications:chats", team.slug)
    tests = tests_of(request.user, f"{telling.TEST_KEY}{channel.pk}:")
    context = {"team": team, "channel": channel, "tests": tests}
    return show_form(request, "notifications/chat_form.html", form, **context)


def _changed(request: AuthedRequest, channel: ChatChannel, form: ChannelForm) -> ChatChannel | None:
    seen = form.cleaned_data["version"]
    try:
        return made(
            form, lambda: setting.change_channel(channel, form.entered, by=request.user, version=seen)
        )
    except StaleVersion as stale:
        form.show_differences(stale, initial_of(channel))
        return None


@require_POST
def act(request: AuthedRequest, slug: str, pk: int, action: str) -> HttpResponse:
    """Test a channel, switch it on or off, remove it."""
    team, channel = _channel(request, slug, pk)
    if action not in ACTIONS:
        raise Http404
    if action == "remove":
        attempt(
            request, lambda: setting.remove_channel(channel, by=request.user), _("The channel is removed.")
        )
        return redirect("notifications:chats", team.slug)
    if action == "test":
        telling.send_test(channel, request.user)
        messages.success(request, _("The test message is on its way. This page says what becomes of it."))
    else:
        attempt(
            request, lambda: setting.switch_channel(channel, action == "on", by=request.user), _("Saved.")
        )
    return redirect("notifications:chat", team.slug, channel.pk)


def _led(request: AuthedRequest, slug: str) -> Team:
    """The team, for who leads it."""
    team = get_object_or_404(Team, slug=slug)
    if not rights.may_lead(request.user, team):
        raise PermissionDenied
    return team


def _channel(request: AuthedRequest, slug: str, pk: int) -> tuple[Team, ChatChannel]:
    team = _led(request, slug)
    return team, get_object_or_404(ChatChannel.objects.of_team(team), pk=min(pk, HIGHEST_NUMBER))
