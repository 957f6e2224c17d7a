"""The shapes of answers, for the OpenAPI document; `output.py` writes them."""

from typing import Any

from rest_framework import serializers

from activity.models import Origin
from requests_app.choices import BOARD_COLUMNS, PersonalData, RequestType, Status, Turn, WaitingFor
from requests_app.models import ASKABLE, Relation
from requests_app.workflow.actions import ACTIONS
from teams.api import PersonOut
from teams.models import Side

BOTH_SIDES = [(side.value, side.label) for side in (Side.MARKETING, Side.IT)]
BOARD_STATUSES = [(status.value, status.label) for status in BOARD_COLUMNS]


class ResultOut(serializers.Serializer[Any]):
    metric = serializers.CharField(allow_blank=True)
    unit = serializers.CharField(allow_blank=True)
    baseline = serializers.FloatField(allow_null=True)
    target = serializers.FloatField(allow_null=True)
    measured_on = serializers.DateField(allow_null=True)


class ProposedOut(serializers.Serializer[Any]):
    """A change of the agreed result that waits for assent; null in a field: it stays as it is.

    `waits_for` names the sides that have not said yes.
    """

    baseline = serializers.FloatField(allow_null=True)
    target = serializers.FloatField(allow_null=True)
    measured_on = serializers.DateField(allow_null=True)
    reason = serializers.CharField()
    proposed_by = PersonOut()
    proposed_at = serializers.DateTimeField()
    waits_for = serializers.ListField(child=serializers.ChoiceField(BOTH_SIDES))


class CardOut(serializers.Serializer[Any]):
    """What a card on a board shows."""

    number = serializers.IntegerField()
    key = serializers.CharField()
    title = serializers.CharField(allow_blank=True)
    status = serializers.ChoiceField(Status.choices)
    status_since = serializers.DateTimeField()
    goal = serializers.IntegerField(allow_null=True)
    marketing_owner = PersonOut(allow_null=True)
    it_owner = PersonOut(allow_null=True)
    difference = serializers.IntegerField(allow_null=True)
    difference_provisional = serializers.BooleanField()
    effort = serializers.FloatField(allow_null=True)
    deadline = serializers.DateField(allow_null=True)
    turn = serializers.ChoiceField(Turn.choices)
    turn_since = serializers.DateTimeField(allow_null=True)
    blocked = serializers.BooleanField()
    waiting_for = serializers.ChoiceField(WaitingFor.choices, allow_blank=True)
    blocked_reason = serializers.CharField(allow_blank=True)
    restricted = serializers.BooleanField()
    version = serializers.IntegerField()
    url = serializers.URLField()


class RequestOut(CardOut):
    """A request. `difference` and `effort` are null until both sides have scored it."""

    customer_need = serializers.CharField(allow_blank=True)
    outcome = serializers.CharField(allow_blank=True)
    type = serializers.ChoiceField(RequestType.choices, allow_blank=True)
    touchpoints = serializers.ListField(child=serializers.SlugField())
    labels = serializers.ListField(child=serializers.CharField())
    requesting_team = serializers.SlugField(allow_null=True)
    serving_team = serializers.SlugField(allow_null=True)
    requester = PersonOut(allow_null=True)
    expected_result = ResultOut()
    proposed_result = ProposedOut(allow_null=True)
    agreed_on = serializers.DateField(allow_null=True)
    one_off_cost = serializers.FloatField(allow_null=True)
    yearly_cost = serializers.FloatField(allow_null=True)
    personal_data = serializers.ChoiceField(PersonalData.choices, allow_blank=True)
    personal_data_which = serializers.CharField(allow_blank=True)
    personal_data_signed_by = serializers.CharField(allow_blank=True)
    personal_data_signed_on = serializers.DateField(allow_null=True)
    deadline_reason = serializers.CharField(allow_blank=True)
    wished_tool = serializers.CharField(allow_blank=True)
    revisit_on = serializers.DateField(allow_null=True)
    solution = serializers.SlugField(allow_null=True)
    duplicate_of = serializers.IntegerField(allow_null=True)
    created_at = serializers.DateTimeField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    done_at = serializers.DateTimeField(allow_null=True)
    updated_at = serializers.DateTimeField()


class MissingOut(serializers.Serializer[Any]):
    """A condition that does not hold; `field` is the input that would mend it, where there is one."""

    code = serializers.CharField()
    message = serializers.CharField()
    field = serializers.CharField(allow_blank=True)


class InputOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    required = serializers.BooleanField()  # type: ignore[assignment]


class VerdictOut(serializers.Serializer[Any]):
    """Whether an action is allowed now, and what it asks for."""

    action = serializers.ChoiceField(sorted(ACTIONS))
    label = serializers.CharField()  # type: ignore[assignment]
    allowed = serializers.BooleanField()
    missing = MissingOut(many=True)
    inputs = InputOut(many=True)
    may_override = serializers.BooleanField()


class CommentOut(serializers.Serializer[Any]):
    """A comment; with `question_to` a question, which is open while `answered_at` and `deleted_at` are null.

    People are mentioned as `@[Name](person:ID)`. Of a deleted one, `body` is empty.
    """

    id = serializers.IntegerField()
    author = PersonOut(allow_null=True)
    body = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()
    question_to = serializers.ChoiceField(ASKABLE, allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    answered_by = PersonOut(allow_null=True)
    answer_to = serializers.IntegerField(allow_null=True)
    edited_at = serializers.DateTimeField(allow_null=True)
    deleted_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()


class AttachmentOut(serializers.Serializer[Any]):
    """A file; `size` in bytes, `content`: where it is downloaded."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    content_type = serializers.CharField()
    size = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    uploader = PersonOut()
    content = serializers.URLField()


class LinkOut(serializers.Serializer[Any]):
    """What the request is to the one whose `number` stands here."""

    id = serializers.IntegerField()
    relation = serializers.ChoiceField(Relation.choices)
    number = serializers.IntegerField()
    key = serializers.CharField()
    title = serializers.CharField(allow_blank=True)
    status = serializers.ChoiceField(Status.choices)
    created_at = serializers.DateTimeField()
    url = serializers.URLField()


class SnoozeOut(serializers.Serializer[Any]):
    """How a request is put aside in triage; null: it is not."""

    number = serializers.IntegerField()
    snoozed_until = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)
    version = serializers.IntegerField()


class FollowerOut(serializers.Serializer[Any]):
    person = PersonOut()
    since = serializers.DateTimeField()


class EventOut(serializers.Serializer[Any]):
    """One change. `changed` names the fields of an edit; `number` is that of the request, else null."""

    position = serializers.IntegerField()
    id = serializers.IntegerField()
    type = serializers.CharField()
    occurred_at = serializers.DateTimeField()
    recorded_at = serializers.DateTimeField()
    origin = serializers.ChoiceField(Origin.choices)
    object = serializers.CharField()
    object_id = serializers.IntegerField()
    number = serializers.IntegerField(allow_null=True)
    actor = PersonOut(allow_null=True)
    acting_for = PersonOut(allow_null=True)
    status_before = serializers.CharField(allow_null=True)
    status = serializers.CharField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)
    override = serializers.ListField(child=serializers.CharField())
    changed = serializers.ListField(child=serializers.CharField())
    url = serializers.URLField(allow_null=True)


class SimilarRequestOut(serializers.Serializer[Any]):
    """A found request; by when it is done in 50 and in 85 of 100 cases, where history says."""

    number = serializers.IntegerField()
    key = serializers.CharField()
    title = serializers.CharField(allow_blank=True)
    status = serializers.ChoiceField(Status.choices)
    turn = serializers.ChoiceField(Turn.choices)
    turn_since = serializers.DateTimeField(allow_null=True)
    requesting_team = serializers.CharField(allow_blank=True)
    serving_team = serializers.CharField(allow_blank=True)
    by_50 = serializers.DateField(allow_null=True)
    by_85 = serializers.DateField(allow_null=True)
    url = serializers.URLField()


class SimilarSolutionOut(serializers.Serializer[Any]):
    slug = serializers.SlugField()
    title = serializers.CharField()
    explainer = serializers.CharField()
    team = serializers.CharField()


class SimilarOut(serializers.Serializer[Any]):
    """What resembles a text, the most similar first; teams by their names."""

    requests = SimilarRequestOut(many=True)
    solutions = SimilarSolutionOut(many=True)


class BoardOut(serializers.Serializer[Any]):
    """A board: that of an IT team (`team`), or one that somebody made and keeps (`owner`)."""

    slug = serializers.SlugField()
    name = serializers.CharField()
    team = serializers.SlugField(allow_null=True)
    owner = PersonOut(allow_null=True)
    url = serializers.URLField()


class ShowsOut(serializers.Serializer[Any]):
    """What a request must fit to stand on the board; what is empty does not narrow it."""

    teams = serializers.ListField(child=serializers.SlugField())
    goal = serializers.IntegerField(allow_null=True)
    touchpoints = serializers.ListField(child=serializers.SlugField())
    type = serializers.ChoiceField(RequestType.choices, allow_blank=True)
    label = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    requesting_side = serializers.ChoiceField(Side.choices, allow_blank=True)
    requesting_team = serializers.SlugField(allow_null=True)


class HiddenColumnOut(serializers.Serializer[Any]):
    """A column that the board does not show, and how many cards you would see in it."""

    status = serializers.ChoiceField(BOARD_STATUSES)
    count = serializers.IntegerField()


class ColumnOut(serializers.Serializer[Any]):
    """A status with the cards at its top; `count` is what you may see, `full`: the limit is reached.

    `age_mark`: days from which on a card is old; null: what the team usually needs.
    """

    status = serializers.ChoiceField(BOARD_STATUSES)
    label = serializers.CharField()  # type: ignore[assignment]
    policy = serializers.CharField(allow_blank=True)
    age_mark = serializers.IntegerField(allow_null=True)
    count = serializers.IntegerField()
    limit = serializers.IntegerField(allow_null=True)
    full = serializers.BooleanField()
    cards = CardOut(many=True)
    next = serializers.URLField(allow_null=True)


class BoardWithColumnsOut(BoardOut):
    shows = ShowsOut()
    hidden = HiddenColumnOut(many=True)
    columns = ColumnOut(many=True)
