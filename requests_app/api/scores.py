"""What both sides have scored, blind until both are in, and the joint values."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response
from rest_framework.views import APIView

from requests_app.api import inputs
from requests_app.api.etags import IF_MATCH, IF_NONE_MATCH, expected_of
from requests_app.api.fields import Number, StrictSerializer, Text, Whole
from requests_app.choices import Dimension
from requests_app.models import REASON_TEXT, Request
from requests_app.scoring.agreement import propose, reopen
from requests_app.scoring.enter import Given, enter_scores
from requests_app.scoring.reading import BOTH, ESTIMATE, with_scores
from requests_app.scoring.scales import WHOLE
from requests_app.scoring.shown import Shown, ShownSide, shown_to
from teams.api import me_of, refuse_unknown
from teams.etags import answer_one
from teams.models import Side


class Point(Whole):
    """A whole number from 1 to 5."""

    default_error_messages = dict.fromkeys(("invalid", "min_value", "max_value"), WHOLE)

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_value": 5, **options})


class MarketingScoresIn(StrictSerializer):
    """Marketing's view; `reason` is needed once both sides are in."""

    customer_value = Point()
    reach = Point()
    goal_fit = Point()
    time_criticality = Point()
    effort = Point()
    comprehension_burden = Point()
    reason = Text(max_length=REASON_TEXT)


class ItScoresIn(MarketingScoresIn):
    """IT's view, with its estimate in person-days: best ≤ likely ≤ worst."""

    best = Number()
    likely = Number()
    worst = Number()


class AgreedIn(StrictSerializer):
    """A joint value; `note` is needed to propose one, not to assent."""

    value = Point()
    note = Text(max_length=REASON_TEXT)


class SideOut(serializers.Serializer[Any]):
    """`values` and `estimate` are null while you may not see them."""

    scored = serializers.BooleanField()
    by = serializers.CharField(allow_null=True)
    at = serializers.DateTimeField(allow_null=True)
    may_enter = serializers.BooleanField()
    values = serializers.DictField(child=serializers.IntegerField(), allow_null=True)
    estimate = serializers.DictField(child=serializers.FloatField(), allow_null=True)


class PointOut(serializers.Serializer[Any]):
    """One dimension after the reveal; `agreed` is null while a proposal waits for the other side."""

    dimension = serializers.ChoiceField(Dimension.choices)
    gap = serializers.IntegerField()
    divergence = serializers.BooleanField()
    joint = serializers.FloatField()
    agreed = serializers.BooleanField(allow_null=True)
    proposal = serializers.DictField(allow_null=True)


class ScoresOut(serializers.Serializer[Any]):
    """Everything but who has scored is null or empty until both sides are in."""

    round = serializers.IntegerField()
    revealed = serializers.BooleanField()
    marketing = SideOut()
    it = SideOut()
    points = PointOut(many=True)
    difference = serializers.IntegerField(allow_null=True)
    provisional = serializers.BooleanField()
    effort = serializers.FloatField(allow_null=True)
    alignment = serializers.FloatField(allow_null=True)
    gate = serializers.IntegerField()
    weights = serializers.DictField(child=serializers.IntegerField())


def answer(request: ApiRequest, number: int) -> Response:
    """The scores of one request, as the caller may see them.

    :raises Http404: the same for a hidden and an absent request.
    """
    me = me_of(request)
    found = with_scores(Request.objects.with_people(), me).get_visible(me, number)
    return answer_one(request, scores_body(shown_to(found, me)), found.version)


def scores_body(shown: Shown) -> dict[str, Any]:
    return {
        "round": shown.number,
        "revealed": shown.is_revealed,
        **{side.side: _side_body(side) for side in shown.sides},
        "points": [
            {
                "dimension": point.dimension,
                "gap": point.gap,
                "divergence": point.is_divergence,
                "joint": float(point.joint),
                "agreed": point.agreement.is_agreed if point.agreement else None,
                "proposal": _proposal(point.agreement),
            }
            for point in shown.points
        ],
        "difference": shown.difference,
        "provisional": shown.is_provisional,
        "effort": None if shown.effort is None else float(shown.effort),
        "alignment": None if shown.alignment is None else round(float(shown.alignment), 4),
        "gate": shown.gate,
        "weights": shown.weights,
    }


def _side_body(side: ShownSide) -> dict[str, Any]:
    entered = side.entered
    return {
        "scored": side.has_scored,
        "by": side.by_name or None,
        "at": side.at,
        "may_enter": side.may_enter,
        "values": entered.values if entered else None,
        "estimate": entered.estimate if entered and side.side == Side.IT else None,
    }


def _proposal(agreement: Any) -> dict[str, Any] | None:
    if agreement is None:
        return None
    kept = {name: getattr(agreement, name) for name in ("value", "note", "side")}
    return kept | {"by": agreement.by_name, "agreed_by": agreement.agreed_by_name or None}


class ScoresView(APIView):
    """What both sides have scored."""

    @extend_schema(operation_id="scores_retrieve", parameters=[IF_NONE_MATCH], responses=ScoresOut)
    def get(self, request: ApiRequest, number: int) -> Response:
        """Values of a side are null until both sides are in, except for those who may enter them."""
        refuse_unknown(request)
        return answer(request, number)


class _SideView(APIView):
    side: str
    serializer: type[StrictSerializer]

    def enter(self, request: ApiRequest, number: int) -> Response:
        refuse_unknown(request)
        me = me_of(request)
        seen = Request.objects.get_visible(me, number)
        given = inputs.read(self.serializer, request.data)
        values = {name: given[name] for name in Dimension.values}
        estimate = {name: given[name] for name in ESTIMATE if name in given}
        reason, version = given.get("reason", ""), expected_of(request, seen)
        enter_scores(number, self.side, Given(values, estimate), by=me, reason=reason, version=version)
        return answer(request, number)


class MarketingScoresView(_SideView):
    """Marketing's view."""

    side, serializer = BOTH[0], MarketingScoresIn

    @extend_schema(
        operation_id="scores_marketing", parameters=[IF_MATCH], request=MarketingScoresIn, responses=ScoresOut
    )
    def put(self, request: ApiRequest, number: int) -> Response:
        """Enter or change what Marketing scores. The second side's scores reveal both."""
        return self.enter(request, number)


class ItScoresView(_SideView):
    """IT's view."""

    side, serializer = BOTH[1], ItScoresIn

    @extend_schema(operation_id="scores_it", parameters=[IF_MATCH], request=ItScoresIn, responses=ScoresOut)
    def put(self, request: ApiRequest, number: int) -> Response:
        """Enter or change what IT scores, with its estimate. The second side's scores reveal both."""
        return self.enter(request, number)


class AgreedScoreView(APIView):
    """The joint value of one dimension."""

    @extend_schema(operation_id="scores_agree", parameters=[IF_MATCH], request=AgreedIn, responses=ScoresOut)
    def put(self, request: ApiRequest, number: int, dimension: str) -> Response:
        """Propose a joint value for a divergence; the other owner's PUT of the same value assents."""
        me, version = self._seen(request, number, dimension)
        given = inputs.read(AgreedIn, request.data)
        propose(number, dimension, given["value"], given.get("note", ""), by=me, version=version)
        return answer(request, number)

    @extend_schema(operation_id="scores_reopen", parameters=[IF_MATCH], responses=ScoresOut)
    def delete(self, request: ApiRequest, number: int, dimension: str) -> Response:
        """Take a joint value, or a proposal for one, away again."""
        me, version = self._seen(request, number, dimension)
        reopen(number, dimension, by=me, version=version)
        return answer(request, number)

    def _seen(self, request: ApiRequest, number: int, dimension: str) -> tuple[Any, int | None]:
        refuse_unknown(request)
        me = me_of(request)
        seen = Request.objects.get_visible(me, number)
        if dimension not in Dimension.values:
            raise Http404
        return me, expected_of(request, seen)
