"""What a delivery has achieved."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response
from rest_framework.views import APIView

from requests_app.api import inputs
from requests_app.api.etags import IF_MATCH, IF_NONE_MATCH, expected_of
from requests_app.api.fields import Day, Number, StrictSerializer, Text
from requests_app.api.output import Body, Row, number_out, person_in
from requests_app.choices import OutcomeVerdict
from requests_app.models import REASON_TEXT, Outcome, Request
from requests_app.outcomes.record import add_learning, postpone_measuring, record_outcome
from teams.api import PersonOut, me_of, refuse_unknown
from teams.etags import answer_one
from teams.models import Person

NUMBERS = ("baseline", "target", "measured")
PLAIN = ("metric", "unit", "verdict", "marketing_learnt", "it_learnt", "delivered_at", "recorded_at")
COLUMNS = (*NUMBERS, *PLAIN, *(f"recorded_by{part}" for part in ("_id", "__name", "__side")))


class OutcomeIn(StrictSerializer):
    """The measured value; what was learnt may come later."""

    measured = Number()
    learnt = Text(max_length=REASON_TEXT)


class LearningIn(StrictSerializer):
    learnt = Text(max_length=REASON_TEXT, required=True)


class PostponementIn(StrictSerializer):
    measured_on = Day()
    reason = Text(max_length=REASON_TEXT)


class RecordedOut(serializers.Serializer[Any]):
    """One measured delivery, with what was expected of it then."""

    metric = serializers.CharField(allow_blank=True)
    unit = serializers.CharField(allow_blank=True)
    baseline = serializers.FloatField()
    target = serializers.FloatField()
    measured = serializers.FloatField()
    verdict = serializers.ChoiceField(OutcomeVerdict.choices)
    marketing_learnt = serializers.CharField(allow_blank=True)
    it_learnt = serializers.CharField(allow_blank=True)
    delivered_at = serializers.DateTimeField()
    recorded_at = serializers.DateTimeField()
    recorded_by = PersonOut()


class OutcomeOut(serializers.Serializer[Any]):
    """`recorded` is null until the present delivery has been measured; `history`: of earlier deliveries."""

    measured_on = serializers.DateField(allow_null=True)
    may_be_postponed = serializers.BooleanField()
    recorded = RecordedOut(allow_null=True)
    history = RecordedOut(many=True)


class OutcomeView(APIView):
    """The outcome of a request."""

    @extend_schema(
        operation_id="outcome_retrieve",
        parameters=[IF_NONE_MATCH],
        responses=OutcomeOut,
    )
    def get(self, request: ApiRequest, number: int) -> Response:
        refuse_unknown(request)
        return answer(request, number)

    @extend_schema(
        operation_id="outcome_record",
        parameters=[IF_MATCH],
        request=OutcomeIn,
        responses={201: OutcomeOut},
    )
    def post(self, request: ApiRequest, number: int) -> Response:
        """Record what was measured. Reached, partly or missed follows from baseline and target."""
        me, version = _seen(request, number)
        given = inputs.read(OutcomeIn, request.data)
        record_outcome(number, given["measured"], given.get("learnt", ""), by=me, version=version)
        return answer(request, number, 201)


class LearningView(APIView):
    """What one side has learnt from the delivery."""

    @extend_schema(
        operation_id="outcome_learn", parameters=[IF_MATCH], request=LearningIn, responses=OutcomeOut
    )
    def put(self, request: ApiRequest, number: int) -> Response:
        """Say it for your side, or say it anew."""
        me, version = _seen(request, number)
        given = inputs.read(LearningIn, request.data)
        add_learning(number, given["learnt"], by=me, version=version)
        return answer(request, number)


class PostponementView(APIView):
    """The one postponement of the measuring date."""

    @extend_schema(
        operation_id="outcome_postpone", parameters=[IF_MATCH], request=PostponementIn, responses=OutcomeOut
    )
    def post(self, request: ApiRequest, number: int) -> Response:
        """Measure later, with a reason; once for each delivery."""
        me, version = _seen(request, number)
        given = inputs.read(PostponementIn, request.data)
        postpone_measuring(number, given["measured_on"], given.get("reason", ""), by=me, version=version)
        return answer(request, number)


def _seen(request: ApiRequest, number: int) -> tuple[Person, int | None]:
    refuse_unknown(request)
    me = me_of(request)
    return me, expected_of(request, Request.objects.get_visible(me, number))


def answer(request: ApiRequest, number: int, status: int = 200) -> Response:
    """The outcome of one request, as the caller may see it.

    :raises Http404: the same for a hidden and an absent request.
    """
    me = me_of(request)
    about = Request.objects.get_visible(me, number)
    rows = Outcome.objects.visible_to(me).filter(request=about).order_by("-delivered_at").values(*COLUMNS)
    return answer_one(request, outcome_body(about, list(rows)), about.version, status)


def outcome_body(about: Request, rows: list[Row]) -> Body:
    present = [row for row in rows if row["delivered_at"] == about.done_at]
    open_ = about.done_at is not None and not present
    return {
        "measured_on": about.measured_on,
        "may_be_postponed": open_ and not about.measuring_moved,
        "recorded": _recorded(present[0]) if present else None,
        "history": [_recorded(row) for row in rows if row["delivered_at"] != about.done_at],
    }


def _recorded(row: Row) -> Body:
    body = {name: number_out(row[name]) for name in NUMBERS} | {name: row[name] for name in PLAIN}
    return body | {"recorded_by": person_in(row, "recorded_by")}
