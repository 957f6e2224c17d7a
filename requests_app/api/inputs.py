"""What may be sent, and how it becomes what the domain functions take."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, cast

from django.utils.translation import gettext as _
from rest_framework import serializers

from knowhow.models import Solution
from requests_app.api.fields import (
    ById,
    BySlug,
    Choice,
    Day,
    Flag,
    Labels,
    Moment,
    Number,
    StrictSerializer,
    Text,
    Touchpoints,
    Whole,
)
from requests_app.choices import BOARD_COLUMNS, PersonalData, RequestType, WaitingFor
from requests_app.intake.fields import RESULT_FIELDS, RequestFields
from requests_app.models import ASKABLE, COMMENT_TEXT, NEED_TEXT, REASON_TEXT, Relation
from requests_app.workflow.actions import ACTIONS
from requests_app.workflow.inputs import Explainer, Inputs
from teams.models import PLAIN_LINE, PLAIN_TEXT, Goal, Person, Team
from teams.rules import InvalidFields, Missing, RuleViolation

RESULT = "expected_result"
BOARD_STATUSES = [(status.value, status.label) for status in BOARD_COLUMNS]


class ResultIn(StrictSerializer):
    metric = Text(max_length=PLAIN_LINE)
    unit = Text(max_length=40)
    baseline = Number(required=False, allow_null=True)
    target = Number(required=False, allow_null=True)
    measured_on = Day(required=False, allow_null=True)


class FieldsIn(StrictSerializer):
    """The fields that filing and editing share; what must be there at submit is told by the answer."""

    title = Text(max_length=PLAIN_LINE)
    customer_need = Text(max_length=NEED_TEXT)
    outcome = Text(max_length=NEED_TEXT)
    type = Choice(RequestType.choices, required=False, allow_blank=True)
    touchpoints = Touchpoints(required=False, keeps_archived=True)
    labels = Labels(required=False)
    goal = ById(Goal.objects.all, required=False, allow_null=True)
    requesting_team = BySlug(Team.objects.all, required=False, allow_null=True)
    serving_team = BySlug(Team.objects.all, required=False, allow_null=True)
    deadline = Day(required=False, allow_null=True)
    deadline_reason = Text(max_length=REASON_TEXT)
    wished_tool = Text(max_length=REASON_TEXT)
    restricted = Flag(required=False)
    expected_result = ResultIn(required=False, allow_null=True)


class RequestIn(FieldsIn):
    """A new request; `submit: false` keeps it as a draft that only its author sees."""

    submit = Flag(required=False, default=True)


class RequestPatchIn(FieldsIn):
    """Only what is sent is changed; from *ready* on with a `reason`.

    From *ready* on, `baseline`, `target` and `measured_on` do not change at once: they become the
    `proposed_result`, which holds once both owners have assented.
    """

    agreed_on = Day(required=False, allow_null=True)
    one_off_cost = Number(required=False, allow_null=True)
    yearly_cost = Number(required=False, allow_null=True)
    personal_data = Choice(PersonalData.choices, required=False, allow_blank=True)
    personal_data_which = Text(max_length=REASON_TEXT)
    personal_data_signed_by = Text(max_length=PLAIN_LINE)
    personal_data_signed_on = Day(required=False, allow_null=True)
    reason = Text(max_length=REASON_TEXT)


class ExplainerIn(StrictSerializer):
    """`text` says what the solution does, and for whom.

    Alone it may say everything; with one of the other sections, `limits` and `what_to_do` are needed, too.
    """

    title = Text(max_length=PLAIN_LINE, required=True)
    text = Text(max_length=PLAIN_TEXT, required=True)
    limits = Text(max_length=PLAIN_TEXT)
    what_to_do = Text(max_length=PLAIN_TEXT)
    terms = Text(max_length=PLAIN_TEXT)


class StepIn(StrictSerializer):
    """What steps ask for, whether taken by action or by moving a card."""

    reason = Text(max_length=REASON_TEXT)
    override = Flag(required=False)
    revisit_on = Day(required=False)
    measured_on = Day(required=False)
    solution = BySlug(Solution.objects.all, required=False)
    explainer = ExplainerIn(required=False)


class TransitionIn(StepIn):
    action = Choice(sorted(ACTIONS))
    into = Whole(required=False)
    waiting_for = Choice(WaitingFor.choices, required=False)
    serving_team = BySlug(Team.objects.all, required=False, allow_null=True)
    it_owner = ById(Person.objects.all, required=False, allow_null=True)
    marketing_owner = ById(Person.objects.all, required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        asked = {ask.name for ask in ACTIONS[attrs["action"]].asks} | {"action", "reason"}
        foreign = sorted(set(attrs) - asked)
        if foreign:
            words = _("This action does not take this field.")
            raise serializers.ValidationError(
                {name: [serializers.ErrorDetail(words, code="unknown_field")] for name in foreign}
            )
        return attrs


class SnoozeIn(StrictSerializer):
    until = Moment()
    reason = Text(max_length=REASON_TEXT)


class PositionIn(StepIn):
    """`after` is the card directly above, `before` the one directly below; both null: on top."""

    status = Choice(BOARD_STATUSES)
    before = Whole(required=False, allow_null=True)
    after = Whole(required=False, allow_null=True)


class MergeIn(StrictSerializer):
    """`into`: the number of the request that stays."""

    into = Whole()
    reason = Text(max_length=REASON_TEXT)


class LinkIn(StrictSerializer):
    """What this request is to the `other` one."""

    relation = Choice(Relation.choices)
    other = Whole()


class WatcherIn(StrictSerializer):
    """Without a `person` it is yourself."""

    person = ById(Person.objects.all, required=False)


class NothingIn(StrictSerializer):
    """An empty object: all is said by the address."""


class CommentIn(StrictSerializer):
    """With `question_to` a side is asked, whose turn it is until it answers."""

    body = Text(max_length=COMMENT_TEXT, required=True, allow_blank=False)
    question_to = serializers.ChoiceField(ASKABLE, required=False, allow_null=True)


class TextIn(StrictSerializer):
    body = Text(max_length=COMMENT_TEXT, required=True, allow_blank=False)


def read(kind: type[StrictSerializer], data: Any) -> dict[str, Any]:
    """What was sent, checked.

    :raises rest_framework.exceptions.ValidationError: naming each field that is wrong or unknown.
    """
    given = kind(data=data)
    given.is_valid(raise_exception=True)
    return cast(dict[str, Any], given.validated_data)


def request_fields(given: Mapping[str, Any]) -> RequestFields:
    """The fields of a request as the domain takes them; a result of null empties all that belongs to it."""
    fields = {name: given[name] for name in RequestFields.__annotations__ if name in given}
    if RESULT in given:
        result = given[RESULT]
        fields |= {"metric": "", "unit": "", **NO_NUMBERS} if result is None else result
    return cast(RequestFields, fields)


NO_NUMBERS: dict[str, Any] = {"baseline": None, "target": None, "measured_on": None}


def step_inputs(given: Mapping[str, Any]) -> Inputs:
    """What was handed in with a step."""
    names = Inputs.__dataclass_fields__
    values = {name: value for name, value in given.items() if name in names}
    if "explainer" in values:
        values["explainer"] = Explainer(**values["explainer"])
    return Inputs(**values)


@contextmanager
def told_in_our_words() -> Iterator[None]:
    """Let refusals of the domain name the fields as the API calls them: `expected_result.metric`."""
    try:
        yield
    except InvalidFields as error:
        raise InvalidFields([_renamed(one) for one in error.missing]) from error
    except RuleViolation as error:
        raise RuleViolation([_renamed(one) for one in error.missing]) from error


def _renamed(one: Missing) -> Missing:
    return replace(one, field=f"{RESULT}.{one.field}") if one.field in RESULT_FIELDS else one
