"""Steps of the workflow, and moving cards."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response
from rest_framework.views import APIView

from requests_app.api import inputs
from requests_app.api.answers import RequestOut, VerdictOut
from requests_app.api.etags import IF_MATCH, expected_of
from requests_app.api.output import Body
from requests_app.api.requests import changed
from requests_app.boards.move import move
from requests_app.models import Request
from requests_app.workflow.perform import evaluate, perform
from requests_app.workflow.verdicts import Verdict
from teams.api import me_of, refuse_unknown


class TransitionsView(APIView):
    """What can be done with a request now, and what stands in the way."""

    @extend_schema(operation_id="transitions_list", responses=VerdictOut(many=True))
    def get(self, request: ApiRequest, number: int) -> Response:
        refuse_unknown(request)
        me = me_of(request)
        seen = Request.objects.with_people().get_visible(me, number)
        return Response([verdict_out(verdict) for verdict in evaluate(seen, me)])

    @extend_schema(
        operation_id="transitions_create",
        parameters=[IF_MATCH],
        request=inputs.TransitionIn,
        responses=RequestOut,
    )
    def post(self, request: ApiRequest, number: int) -> Response:
        """Take a step. Who asks again for the step that they have just taken succeeds without change."""
        refuse_unknown(request)
        me = me_of(request)
        seen = Request.objects.get_visible(me, number)
        given = inputs.read(inputs.TransitionIn, request.data)
        step = inputs.step_inputs(given)
        perform(given["action"], number, by=me, inputs=step, version=expected_of(request, seen))
        return changed(request, number)


class MergeView(APIView):
    """A short name for the step *merge*."""

    @extend_schema(
        operation_id="merge_create", parameters=[IF_MATCH], request=inputs.MergeIn, responses=RequestOut
    )
    def post(self, request: ApiRequest, number: int) -> Response:
        """Merge the request as a duplicate `into` another one; `unmerge` among the transitions undoes it."""
        refuse_unknown(request)
        me = me_of(request)
        seen = Request.objects.get_visible(me, number)
        step = inputs.step_inputs(inputs.read(inputs.MergeIn, request.data))
        perform("merge", number, by=me, inputs=step, version=expected_of(request, seen))
        return changed(request, number)


def verdict_out(verdict: Verdict) -> Body:
    return {
        "action": verdict.action,
        "label": str(verdict.label),
        "allowed": verdict.allowed,
        "missing": [
            {"code": one.code, "message": str(one.message), "field": one.field} for one in verdict.missing
        ],
        "inputs": [{"name": asked.name, "required": asked.required} for asked in verdict.inputs],
        "may_override": verdict.may_override,
    }


class PositionView(APIView):
    """The place of a card in the one order of its column."""

    @extend_schema(
        operation_id="position_create", parameters=[IF_MATCH], request=inputs.PositionIn, responses=RequestOut
    )
    def post(self, request: ApiRequest, number: int) -> Response:
        """Move a card; another column is a step of the workflow and takes what that step asks for."""
        refuse_unknown(request)
        me = me_of(request)
        seen = Request.objects.get_visible(me, number)
        given = inputs.read(inputs.PositionIn, request.data)
        move(
            number,
            by=me,
            status=given["status"],
            before=given.get("before"),
            after=given.get("after"),
            inputs=inputs.step_inputs(given),
            version=expected_of(request, seen),
        )
        return changed(request, number)
