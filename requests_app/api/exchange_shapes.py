"""Exchanges and proposals as they are sent, and as they are answered."""

from typing import Any

from django.conf import settings
from rest_framework import serializers

from knowhow.exchanges import planning, wishes
from knowhow.exchanges.models import (
    ABILITY_TEXT,
    LINK_LINE,
    MOST_SEATS,
    MOST_SESSIONS,
    REASON_TEXT,
    TOPIC_LINE,
    ZONE_LINE,
    Answer,
    ExchangeKind,
    ExchangeMaterial,
    Standing,
)
from requests_app.api.fields import ById, Choice, Flag, Moment, StrictSerializer, Text, Whole
from requests_app.api.output import Body
from teams.api import PersonOut
from teams.models import PLAIN_LINE, Person

WORDS = ("title", "ability", "topic", "place", "link", "seats")


class WordsIn(StrictSerializer):
    title = Text(max_length=PLAIN_LINE)
    ability = Text(max_length=ABILITY_TEXT)
    topic = Text(max_length=TOPIC_LINE)
    place = Text(max_length=PLAIN_LINE)
    link = Text(max_length=LINK_LINE)
    seats = Whole(max_value=MOST_SEATS, required=False)


class ExchangeIn(WordsIn):
    """`every_weeks` and `times` make a series that keeps its wall time in `time_zone`.

    `proposal` takes up what others wish for. Without a `host` it is yourself.
    """

    kind = Choice(ExchangeKind.choices, required=False, default=ExchangeKind.SESSION)
    starts_at = Moment()
    ends_at = Moment()
    time_zone = Text(max_length=ZONE_LINE)
    host = ById(lambda: Person.objects.filter(is_active=True), required=False)
    every_weeks = Whole(max_value=planning.MOST_WEEKS, required=False, default=1)
    times = Whole(max_value=MOST_SESSIONS, required=False, default=1)
    proposal = Whole(required=False)


class HoursIn(StrictSerializer):
    """`following` moves all later sessions of the series as well."""

    starts_at = Moment()
    ends_at = Moment()
    following = Flag(required=False, default=False)


class CancellationIn(StrictSerializer):
    reason = Text(max_length=REASON_TEXT, required=True)
    following = Flag(required=False, default=False)


class AttendanceIn(StrictSerializer):
    """The ids of those who were there; all others who had a seat were not."""

    present = serializers.ListField(child=Whole(), max_length=MOST_SEATS)


class FeedbackIn(StrictSerializer):
    """Can you now do what was promised?"""

    answer = Choice(Answer.choices)


class MaterialIn(StrictSerializer):
    title = Text(max_length=PLAIN_LINE, required=True)
    link = Text(max_length=LINK_LINE, required=True)


class ProposalIn(StrictSerializer):
    title = Text(max_length=PLAIN_LINE, required=True)
    ability = Text(max_length=ABILITY_TEXT, required=True)
    topic = Text(max_length=TOPIC_LINE)
    kind = Choice(ExchangeKind.choices, required=False, default=ExchangeKind.SESSION)


class ExchangeOut(serializers.Serializer[Any]):
    """An exchange. `standing` is yours: `seat`, `waiting`, or null; `series` joins the sessions of one."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(ExchangeKind.choices)
    title = serializers.CharField()
    ability = serializers.CharField()
    topic = serializers.CharField(allow_blank=True)
    host = PersonOut()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    time_zone = serializers.CharField()
    place = serializers.CharField(allow_blank=True)
    link = serializers.CharField(allow_blank=True)
    seats = serializers.IntegerField()
    taken = serializers.IntegerField()
    waiting = serializers.IntegerField()
    standing = serializers.ChoiceField([Standing.SEAT, Standing.WAITING], allow_null=True)
    series = serializers.IntegerField(allow_null=True)
    cancelled = serializers.BooleanField()
    cancel_reason = serializers.CharField(allow_blank=True)
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    url = serializers.URLField()


class WarningOut(serializers.Serializer[Any]):
    code = serializers.ChoiceField(["host_busy"])
    message = serializers.CharField()


class PlannedOut(ExchangeOut):
    """The first session; `sessions` are the ids of all. `warnings` say what may have been overlooked."""

    sessions = serializers.ListField(child=serializers.IntegerField())
    warnings = WarningOut(many=True)


class MaterialOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    title = serializers.CharField()
    link = serializers.CharField()
    added_at = serializers.DateTimeField()


class ProposalOut(serializers.Serializer[Any]):
    """What people wish for. `wishes` of the `needed` would come."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(ExchangeKind.choices)
    title = serializers.CharField()
    ability = serializers.CharField()
    topic = serializers.CharField(allow_blank=True)
    proposer = PersonOut()
    wishes = serializers.IntegerField()
    needed = serializers.IntegerField()
    wished = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    url = serializers.URLField()


def _person(person: Person) -> Body:
    return {"id": person.pk, "name": person.name, "side": person.side}


def exchange_out(exchange: Any) -> Body:
    """An exchange of ``reads.exchanges_of``."""
    own = exchange.standing
    return {
        **{name: getattr(exchange, name) for name in ("kind", *WORDS, "taken", "waiting", "version")},
        "id": exchange.pk,
        "host": _person(exchange.host),
        "starts_at": exchange.starts_at,
        "ends_at": exchange.ends_at,
        "time_zone": exchange.zone,
        "standing": None if own == Standing.LEFT else own,
        "series": exchange.series_id,
        "cancelled": exchange.is_cancelled,
        "cancel_reason": exchange.cancel_reason,
        "created_at": exchange.created_at,
        "url": f"{settings.BASE_URL}{exchange.get_absolute_url()}",
    }


def material_out(material: ExchangeMaterial) -> Body:
    return {"id": material.pk, "title": material.title, "link": material.link, "added_at": material.added_at}


def proposal_out(proposal: Any) -> Body:
    """A proposal of ``reads.open_proposals``."""
    return {
        **{name: getattr(proposal, name) for name in ("kind", "title", "ability", "topic", "created_at")},
        "id": proposal.pk,
        "proposer": _person(proposal.proposer),
        "wishes": proposal.voices,
        "needed": wishes.needed(proposal.kind),
        "wished": proposal.wished,
        "url": f"{settings.BASE_URL}{proposal.get_absolute_url()}",
    }
