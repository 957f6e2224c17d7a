"""Adding, changing and removing the chat channels of a team: its leads and administrators do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from activity import clock, log
from notifications.chat.kinds import Kind
from notifications.chat.models import NAME_LENGTH, ChatChannel, Vendor
from notifications.outgoing import AddressRefused, checked
from notifications.sealed import seal
from teams import fields, locks, rights
from teams.models import Person, Team
from teams.rules import InvalidFields, Missing, RuleViolation

MOST_OF_A_TEAM = 10


@dataclass(frozen=True)
class ChannelFields:
    """What a team enters; an empty ``url`` keeps the one that is known."""

    vendor: str
    name: str
    kinds: Sequence[str]
    language: str
    url: str = ""


def add_channel(team: Team, entered: ChannelFields, *, by: Person) -> ChatChannel:
    """Let a channel be told of the requests of ``team``.

    :raises InvalidFields: naming each field that cannot be kept; the address above all.
    :raises RuleViolation: ``not_yours`` for all but the team's leads and admins, ``too_many``.
    """
    clean = _clean(entered, needs_url=True)
    with transaction.atomic():
        team = locks.lock_team(team.pk)
        rights.require_lead(by, team)
        if ChatChannel.objects.of_team(team).count() >= MOST_OF_A_TEAM:
            words = _("A team has at most %(most)d channels. Remove one first.") % {"most": MOST_OF_A_TEAM}
            raise RuleViolation([Missing("too_many", words)])
        channel = ChatChannel.objects.create(team=team, added_by=by, created_at=clock.now(), **clean)
        log.record("chat_channel.added", channel, by=by, data=_told(channel))
        return channel


def change_channel(
    channel: ChatChannel, entered: ChannelFields, *, by: Person, version: int | None = None
) -> ChatChannel:
    """Change what a channel is called and told, or where it is.

    :raises InvalidFields: naming each field that cannot be kept.
    :raises RuleViolation: ``not_yours`` for all but the team's leads and admins.
    :raises StaleVersion: where somebody changed it since ``version``.
    """
    clean = _clean(entered, needs_url=entered.vendor != channel.vendor)
    with transaction.atomic():
        channel = held(channel, by)
        fields.check_version(channel.version, version)
        for name, value in clean.items():
            setattr(channel, name, value)
        channel.version += 1
        channel.save()
        log.record("chat_channel.changed", channel, by=by, data=_told(channel))
        return channel


def switch_channel(channel: ChatChannel, on: bool, *, by: Person | None, error: str = "") -> ChatChannel:
    """Switch a channel on or off; None is the portal itself, which switches off what does not exist any more.

    Being what it is to be changes nothing.

    :raises RuleViolation: ``not_yours`` for all but the team's leads and admins.
    """
    with transaction.atomic():
        channel = held(channel, by)
        if channel.is_on == on:
            return channel
        channel.is_on, channel.failures, channel.last_error = on, 0, error[:500]
        channel.version += 1
        channel.save(update_fields=["is_on", "failures", "last_error", "version"])
        kind = "chat_channel.switched_on" if on else "chat_channel.switched_off"
        log.record(kind, channel, by=by, data={"team": channel.team.slug, "name": channel.name})
        return channel


def remove_channel(channel: ChatChannel, *, by: Person) -> ChatChannel:
    """Forget a channel and its address.

    :raises RuleViolation: ``not_yours`` for all but the team's leads and admins.
    """
    with transaction.atomic():
        channel = held(channel, by)
        channel.removed_at, channel.is_on, channel.sealed_url = clock.now(), False, ""
        channel.version += 1
        channel.save(update_fields=["removed_at", "is_on", "sealed_url", "version"])
        log.record("chat_channel.removed", channel, by=by, data=_told(channel))
        return channel


def held(channel: ChatChannel, by: Person | None) -> ChatChannel:
    """The channel's row, held, for who may change it.

    :raises Http404: where it is removed.
    :raises RuleViolation: ``not_yours``.
    """
    found = ChatChannel.objects.select_for_update().filter(pk=channel.pk, removed_at=None).first()
    if found is None:
        raise Http404
    rights.require_lead(by, found.team)
    return found


def _told(channel: ChatChannel) -> dict[str, Any]:
    """What the log says: never the address."""
    return {"team": channel.team.slug, "name": channel.name, "vendor": channel.vendor, "kinds": channel.kinds}


def _clean(entered: ChannelFields, needs_url: bool) -> dict[str, Any]:
    wrong: list[Missing] = []
    clean: dict[str, Any] = {
        "vendor": entered.vendor,
        "language": entered.language,
        "kinds": [kind for kind in Kind.values if kind in entered.kinds],
    }
    try:
        clean["name"] = fields.needed_line(entered.name, "name", NAME_LENGTH)
    except InvalidFields as refused:
        wrong += refused.missing
    if entered.vendor not in Vendor.values:
        wrong.append(Missing("invalid", _("Choose one of the programs."), "vendor"))
    if entered.language not in dict(settings.LANGUAGES):
        wrong.append(Missing("invalid", _("Choose one of the offered languages."), "language"))
    if not clean["kinds"]:
        wrong.append(Missing("required", _("Choose at least one."), "kinds"))
    clean |= _clean_url(entered.url.strip(), needs_url, wrong)
    if wrong:
        raise InvalidFields(wrong)
    return clean


def _clean_url(url: str, is_needed: bool, wrong: list[Missing]) -> dict[str, str]:
    if not url:
        if is_needed:
            wrong.append(Missing("required", _("Enter the address of the incoming webhook."), "url"))
        return {}
    try:
        parts = checked(url)
    except AddressRefused as refused:
        wrong.append(Missing("invalid", str(refused), "url"))
        return {}
    return {"sealed_url": seal(url), "host": parts.hostname or ""}
