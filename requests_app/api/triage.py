"""Putting new requests aside in triage."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response
from rest_framework.views import APIView

from requests_app.api import inputs
from requests_app.api.answers import SnoozeOut
from requests_app.api.etags import IF_MATCH, expected_of
from requests_app.api.output import Body
from requests_app.models import Request
from requests_app.triage.snoozing import snooze, wake
from teams.api import me_of, refuse_unknown


class SnoozeView(APIView):
    """A new request put aside in triage, for all who serve it."""

    @extend_schema(
        operation_id="snooze_create",
        parameters=[IF_MATCH],
        request=inputs.SnoozeIn,
        responses=SnoozeOut,
    )
    def post(self, request: ApiRequest, number: int) -> Response:
        """Put it aside `until` a moment, at most a year ahead; the next comment brings it back before."""
        refuse_unknown(request)
        me = me_of(request)
        seen = Request.objects.get_visible(me, number)
        given = inputs.read(inputs.SnoozeIn, request.data)
        reason, version = given.get("reason", ""), expected_of(request, seen)
        return Response(snooze_out(snooze(number, given["until"], reason, by=me, version=version)))

    @extend_schema(operation_id="snooze_destroy", parameters=[IF_MATCH], responses={204: None})
    def delete(self, request: ApiRequest, number: int) -> Response:
        """Bring it back into the queue."""
        refuse_unknown(request)
        me = me_of(request)
        seen = Request.objects.get_visible(me, number)
        wake(number, by=me, version=expected_of(request, seen))
        return Response(status=204)


def snooze_out(request: Request) -> Body:
    return {
        "number": request.number,
        "snoozed_until": request.snoozed_until,
        "reason": request.snooze_reason,
        "version": request.version,
    }
