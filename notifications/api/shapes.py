"""What somebody is told, as it is sent and answered."""

from typing import Any

from django.conf import settings
from rest_framework import serializers

from notifications.audience import Why
from notifications.choosing.kinds import Kind, kind_of
from notifications.inboxes.acting import LATER
from notifications.inboxes.lines import Line
from notifications.things import Thing
from requests_app.api.fields import Choice, StrictSerializer, Whole
from requests_app.api.output import Body
from teams.api import PersonOut, name_out
from teams.models import Person


class LaterIn(StrictSerializer):
    """In three hours, tomorrow at 8:00 or on Monday at 8:00, in your zone."""

    until = Choice([(name, name) for name in LATER])


class UpToIn(StrictSerializer):
    """`up_to`: the id of the newest that you have seen; without it, all."""

    up_to = Whole(required=False)


class AboutOut(serializers.Serializer[Any]):
    """The thing it is about; `id` of a request is its number."""

    object = serializers.CharField()
    id = serializers.IntegerField()
    title = serializers.CharField()
    url = serializers.URLField()


class NotificationOut(serializers.Serializer[Any]):
    """One thing that happened, told to you.

    `type` is the event's, `kind` what you choose by, `why` you are told; `comment` and `quote` (a reason) are
    what was said. `about` is null where it is no longer there. `acting_for` is whom you stand in for.
    """

    id = serializers.IntegerField()
    type = serializers.CharField()
    kind = serializers.ChoiceField(Kind.choices)
    text = serializers.CharField(allow_blank=True)
    quote = serializers.CharField(allow_blank=True)
    comment = serializers.CharField(allow_blank=True)
    about = AboutOut(allow_null=True)
    actor = PersonOut(allow_null=True)
    acting_for = PersonOut(allow_null=True)
    why = serializers.ChoiceField(Why.choices, allow_blank=True)
    created_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)
    archived_at = serializers.DateTimeField(allow_null=True)
    put_off_until = serializers.DateTimeField(allow_null=True)


class UnreadOut(serializers.Serializer[Any]):
    """How many are unread, counted up to 100."""

    unread = serializers.IntegerField(min_value=0, max_value=100)


def notification_out(line: Line, reader: Person) -> Body:
    """``line`` for ``reader``, whose it is."""
    entry, news = line.entry, line.news
    return {
        "id": entry.pk,
        "type": entry.event.kind,
        "kind": kind_of(entry.event, reader.pk),
        "text": news.sentence if news else "",
        "quote": news.quote if news else "",
        "comment": news.said if news else "",
        "about": about_out(line.thing) if line.thing else None,
        "actor": name_out(entry.event.actor) if entry.event.actor else None,
        "acting_for": name_out(entry.stands_for) if entry.stands_for else None,
        "why": entry.why,
        "created_at": entry.created_at,
        "read_at": entry.read_at,
        "archived_at": entry.archived_at,
        "put_off_until": entry.snoozed_until,
    }


def about_out(thing: Thing) -> Body:
    return {
        "object": thing.place.kind,
        "id": thing.place.pk,
        "title": thing.name,
        "url": f"{settings.BASE_URL}{thing.path}",
    }
