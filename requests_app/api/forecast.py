"""The forecast of a request."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response
from rest_framework.views import APIView

from requests_app.api.etags import IF_NONE_MATCH
from requests_app.api.output import Body
from requests_app.forecast.keeping import forecast_for
from requests_app.forecast.outlooks import Basis, Forecast, State
from requests_app.forecast.words import rests_on, says
from requests_app.models import Request
from teams.api import me_of, refuse_unknown
from teams.etags import answer_one


class BoundOut(serializers.Serializer[Any]):
    """In `share` of 100 cases it is not done before `on`."""

    on = serializers.DateField()
    share = serializers.IntegerField()


class BasisOut(serializers.Serializer[Any]):
    """What a forecast rests on: `deliveries` in comparable requests since `since`; `borrowed`: of all teams.

    `same_status`: compared by time in the present status, else by time at work. `begun`: it is worked on,
    else the wait for a start comes before. `words` says it all in sentences.
    """

    deliveries = serializers.IntegerField()
    since = serializers.DateField()
    borrowed = serializers.BooleanField()
    same_status = serializers.BooleanField()
    begun = serializers.BooleanField()
    words = serializers.CharField()


class ForecastOut(serializers.Serializer[Any]):
    """By when a request is done in 50 and in 85 of 100 cases; null where history does not carry a date.

    `state`: `dated` (at least one date), `bounded` (a lower bound at most), `no_history` (fewer than ten
    comparable requests), `no_team`, `not_open`. `chance` is that of meeting `deadline`, of
    100; with `chance_at_least` it is only a lower bound.
    """

    number = serializers.IntegerField()
    state = serializers.ChoiceField([state.value for state in State])
    by_50 = serializers.DateField(allow_null=True)
    by_85 = serializers.DateField(allow_null=True)
    not_before = BoundOut(allow_null=True)
    deadline = serializers.DateField(allow_null=True)
    chance = serializers.IntegerField(allow_null=True)
    chance_at_least = serializers.BooleanField()
    rests_on = BasisOut(allow_null=True)
    says = serializers.CharField(allow_blank=True)


class ForecastView(APIView):
    """By when it is done, as the history of the team says."""

    @extend_schema(
        operation_id="forecast",
        parameters=[IF_NONE_MATCH],
        responses=ForecastOut,
    )
    def get(self, request: ApiRequest, number: int) -> Response:
        refuse_unknown(request)
        seen = Request.objects.get_visible(me_of(request), number)
        return answer_one(request, forecast_out(forecast_for(seen)))


def forecast_out(forecast: Forecast) -> Body:
    return {
        "number": forecast.number,
        "state": forecast.state,
        "by_50": forecast.half,
        "by_85": forecast.likely,
        "not_before": _bound(forecast),
        "deadline": forecast.deadline,
        "chance": forecast.chance,
        "chance_at_least": forecast.at_least,
        "rests_on": _basis(forecast, forecast.basis),
        "says": says(forecast),
    }


def _bound(forecast: Forecast) -> Body | None:
    if forecast.not_before is None:
        return None
    return {"on": forecast.not_before, "share": forecast.beyond}


def _basis(forecast: Forecast, basis: Basis | None) -> Body | None:
    if basis is None:
        return None
    return {
        "deliveries": basis.deliveries,
        "since": basis.since,
        "borrowed": basis.borrowed,
        "same_status": basis.same_status,
        "begun": not basis.place,
        "words": " ".join(rests_on(forecast)),
    }
