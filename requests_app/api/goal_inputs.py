"""What may be sent about goals and their key results."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from rest_framework import serializers

from requests_app.api.fields import (
    MOST_TOUCHPOINTS,
    ById,
    BySlug,
    Choice,
    Day,
    Flag,
    Number,
    StrictSerializer,
    Text,
    Whole,
)
from teams.goals import Fate
from teams.models import PLAIN_LINE, PLAIN_TEXT, Confidence, Goal, Health, KeyResult, Team
from teams.models.goals import NOTE_TEXT, SECTION_TEXT, UNIT_LINE
from teams.rules import InvalidFields, Missing

FATE, KEY_RESULTS = "fate_", "key_results"


def owning_teams(*, required: bool) -> serializers.ListField:
    return serializers.ListField(
        child=BySlug(Team.objects.all), required=required, max_length=MOST_TOUCHPOINTS
    )


class DescribedGoalIn(StrictSerializer):
    """What a goal says, and where it stands; null takes parent or period away."""

    brief = Text(max_length=PLAIN_TEXT)
    customer_change = Text(max_length=SECTION_TEXT)
    expected_of_it = Text(max_length=SECTION_TEXT)
    expected_of_marketing = Text(max_length=SECTION_TEXT)
    way_in = Text(max_length=SECTION_TEXT)
    parent = ById(Goal.objects.all, required=False, allow_null=True)  # type: ignore[assignment]
    is_company = Flag(required=False)
    starts_on = Day(required=False, allow_null=True)
    ends_on = Day(required=False, allow_null=True)


class GoalIn(DescribedGoalIn):
    """A goal of one team, or of several; with teams of both sides it is a joint one."""

    title = Text(max_length=PLAIN_LINE, required=True)
    teams = owning_teams(required=True)


class GoalPatchIn(DescribedGoalIn):
    """Only what is sent is changed; null takes parent or period away.

    `in_substance` says that the brief means something else now; `what_changed` tells it to everybody who had
    understood it and is asked again.
    """

    title = Text(max_length=PLAIN_LINE)
    teams = owning_teams(required=False)
    in_substance = Flag(required=False)
    what_changed = Text(max_length=PLAIN_LINE)


class HealthIn(StrictSerializer):
    """With a `health`, the `reason` is needed."""

    health = Choice(Health.choices, allow_blank=True)
    reason = Text(max_length=NOTE_TEXT)


class FateIn(StrictSerializer):
    """The key result goes on in `goal`, or ends `because` of something."""

    key_result = Whole()
    goal = ById(Goal.objects.all, required=False, allow_null=True)
    because = Text(max_length=NOTE_TEXT)


class CloseIn(StrictSerializer):
    """`key_results`: what becomes of each that has not reached its target."""

    result = Text(max_length=SECTION_TEXT, required=True)
    learning = Text(max_length=SECTION_TEXT, required=True)
    key_results = FateIn(many=True, required=False)


class KeyResultPatchIn(StrictSerializer):
    title = Text(max_length=PLAIN_LINE)
    unit = Text(max_length=UNIT_LINE)
    baseline = Number(required=False)
    target = Number(required=False)


class KeyResultIn(KeyResultPatchIn):
    title = Text(max_length=PLAIN_LINE, required=True)
    baseline = Number()
    target = Number()


class EndIn(StrictSerializer):
    reason = Text(max_length=NOTE_TEXT, required=True)


class CheckInIn(StrictSerializer):
    """`on`: today in the portal's zone, where it is not given."""

    key_result = ById(KeyResult.objects.all)
    value = Number()
    on = Day(required=False)
    confidence = Choice(Confidence.choices, required=False)
    note = Text(max_length=NOTE_TEXT)


def fates_in(given: Sequence[Mapping[str, Any]]) -> dict[int, Fate]:
    """What was sent of the key results, by their ids."""
    return {one["key_result"]: Fate(one.get("goal"), one.get("because", "")) for one in given}


@contextmanager
def naming_key_results() -> Iterator[None]:
    """Let refusals of the domain name the key results as the API calls them: `key_results.7`."""
    try:
        yield
    except InvalidFields as error:
        raise InvalidFields([_renamed(one) for one in error.missing]) from error


def _renamed(one: Missing) -> Missing:
    named = one.field.startswith(FATE)
    return replace(one, field=f"{KEY_RESULTS}.{one.field.removeprefix(FATE)}") if named else one
