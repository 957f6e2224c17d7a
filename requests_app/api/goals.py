"""Goals as they are set, measured, judged and closed."""

from typing import Any, cast

from django.http import Http404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response
from rest_framework.views import APIView

from requests_app.api.etags import IF_MATCH, IF_NONE_MATCH
from requests_app.api.goal_inputs import (
    CheckInIn,
    CloseIn,
    EndIn,
    GoalIn,
    GoalPatchIn,
    HealthIn,
    KeyResultIn,
    KeyResultPatchIn,
    fates_in,
    naming_key_results,
)
from requests_app.api.inputs import read
from requests_app.api.output import Body
from teams import goals
from teams.api import (
    HIGHEST_ID,
    PAGING,
    GoalOut,
    KeyResultOut,
    PersonOut,
    found_or_404,
    goal_out,
    key_result_out,
    me_of,
    name_out,
    refuse_unknown,
)
from teams.etags import answer_one, version_expected
from teams.goals import GoalFields
from teams.goals.key_results import KeyResultFields, today
from teams.models import CheckIn, Confidence, Goal, KeyResult
from teams.rules import StaleVersion

WITH_ALL = ("teams", "key_results")


class CheckInOut(serializers.Serializer[Any]):
    """How a key result stood on a day."""

    id = serializers.IntegerField()
    key_result = serializers.IntegerField()
    on = serializers.DateField()
    value = serializers.FloatField()
    confidence = serializers.ChoiceField(Confidence.choices)
    note = serializers.CharField(allow_blank=True)
    by = PersonOut()


class GoalsView(GenericAPIView[Goal]):
    """All goals, the newest first."""

    serializer_class = GoalOut

    @extend_schema(operation_id="goals_list", responses=GoalOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        refuse_unknown(request, *PAGING)
        rows = Goal.objects.prefetch_related(*WITH_ALL).order_by("-id")
        page, day = self.paginate_queryset(rows) or [], today()
        return self.get_paginated_response([goal_out(goal, day) for goal in page])

    @extend_schema(operation_id="goals_create", request=GoalIn, responses={201: GoalOut})
    def post(self, request: ApiRequest) -> Response:
        """Set a goal, as a lead of a team that owns it."""
        refuse_unknown(request)
        given: Any = read(GoalIn, request.data)
        title, teams = given.pop("title"), given.pop("teams")
        made = goals.create_goal(title, teams, by=me_of(request), **given)
        response = _answer(request, made.pk, 201)
        response.headers["Location"] = request.build_absolute_uri(reverse("api:goal", args=[made.pk]))
        return response


class GoalView(APIView):
    """One goal."""

    @extend_schema(operation_id="goals_retrieve", parameters=[IF_NONE_MATCH], responses=GoalOut)
    def get(self, request: ApiRequest, pk: int) -> Response:
        refuse_unknown(request)
        return _answer(request, pk)

    @extend_schema(
        operation_id="goals_partial_update", parameters=[IF_MATCH], request=GoalPatchIn, responses=GoalOut
    )
    def patch(self, request: ApiRequest, pk: int) -> Response:
        """Change what it says, who owns it or where it stands, as a lead of an owning team."""
        refuse_unknown(request)
        seen, given = _goal(pk), read(GoalPatchIn, request.data)
        meaning = {name: given.pop(name) for name in ("in_substance", "what_changed") if name in given}
        fields = cast(GoalFields, given)
        goals.edit_goal(seen, by=me_of(request), version=_expected(request, seen), **meaning, **fields)
        return _answer(request, pk)


class HealthView(APIView):
    """How a goal stands, against what its figures say."""

    @extend_schema(operation_id="goals_health", parameters=[IF_MATCH], request=HealthIn, responses=GoalOut)
    def put(self, request: ApiRequest, pk: int) -> Response:
        """Say for everybody how it stands, and why; "" lets its figures speak again."""
        refuse_unknown(request)
        seen, given = _goal(pk), read(HealthIn, request.data)
        _refuse_stale(request, seen)
        goals.say_health(seen, given["health"], given.get("reason", ""), by=me_of(request))
        return _answer(request, pk)


class ClosingView(APIView):
    """The end of a goal's period."""

    @extend_schema(operation_id="goals_close", parameters=[IF_MATCH], request=CloseIn, responses=GoalOut)
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Close it with its result and what was learnt; each unfinished key result moves on or ends."""
        refuse_unknown(request)
        seen, given = _goal(pk), read(CloseIn, request.data)
        _refuse_stale(request, seen)
        with naming_key_results():
            fates = fates_in(given.get("key_results", []))
            goals.close_goal(seen, given["result"], given["learning"], fates, by=me_of(request))
        return _answer(request, pk)


class KeyResultsView(APIView):
    """What a goal is measured by."""

    @extend_schema(operation_id="key_results_create", request=KeyResultIn, responses={201: KeyResultOut})
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Measure it by the way of a value from `baseline` to `target`, as a lead of an owning team."""
        refuse_unknown(request)
        seen, given = _goal(pk), read(KeyResultIn, request.data)
        made = goals.add_key_result(seen, by=me_of(request), **given)
        return answer_one(request, key_result_out(made), made.version, 201)


class KeyResultView(APIView):
    """One key result."""

    @extend_schema(operation_id="key_results_retrieve", parameters=[IF_NONE_MATCH], responses=KeyResultOut)
    def get(self, request: ApiRequest, pk: int, key_result: int) -> Response:
        refuse_unknown(request)
        found = _key_result(pk, key_result)
        return answer_one(request, key_result_out(found), found.version)

    @extend_schema(
        operation_id="key_results_partial_update",
        parameters=[IF_MATCH],
        request=KeyResultPatchIn,
        responses=KeyResultOut,
    )
    def patch(self, request: ApiRequest, pk: int, key_result: int) -> Response:
        """Change what is measured, or from where to where."""
        refuse_unknown(request)
        seen = _key_result(pk, key_result)
        given = cast(KeyResultFields, read(KeyResultPatchIn, request.data))
        version = version_expected(request.headers.get("If-Match"), seen.version)
        changed = goals.edit_key_result(seen, by=me_of(request), version=version, **given)
        return answer_one(request, key_result_out(changed), changed.version)


class KeyResultEndView(APIView):
    @extend_schema(
        operation_id="key_results_end", parameters=[IF_MATCH], request=EndIn, responses=KeyResultOut
    )
    def post(self, request: ApiRequest, pk: int, key_result: int) -> Response:
        """Measure it no more; what was checked in stays."""
        refuse_unknown(request)
        seen, given = _key_result(pk, key_result), read(EndIn, request.data)
        _refuse_stale(request, seen)
        ended = goals.end_key_result(seen, given["reason"], by=me_of(request))
        return answer_one(request, key_result_out(ended), ended.version)


class CheckInsView(GenericAPIView[CheckIn]):
    """The values of a goal's key results, the newest first."""

    serializer_class = CheckInOut

    @extend_schema(operation_id="check_ins_list", responses=CheckInOut(many=True))
    def get(self, request: ApiRequest, pk: int) -> Response:
        refuse_unknown(request, *PAGING)
        rows = CheckIn.objects.filter(key_result__goal=_goal(pk)).select_related("by").order_by("-id")
        return self.get_paginated_response([check_in_out(row) for row in self.paginate_queryset(rows) or []])

    @extend_schema(
        operation_id="check_ins_create",
        request=CheckInIn,
        responses={201: CheckInOut},
    )
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Keep how a key result stands, as a member of an owning team."""
        refuse_unknown(request)
        me, goal = me_of(request), _goal(pk)
        given = read(CheckInIn, request.data)
        measured, value = given.pop("key_result"), given.pop("value")
        if measured.goal_id != goal.pk:
            raise Http404
        return Response(check_in_out(goals.check_in(measured, value, by=me, **given)), status=201)


def _goal(pk: int) -> Goal:
    return found_or_404(Goal.objects.all(), pk=min(pk, HIGHEST_ID))


def _key_result(pk: int, key_result: int) -> KeyResult:
    rows = KeyResult.objects.filter(goal=min(pk, HIGHEST_ID))
    return found_or_404(rows, pk=min(key_result, HIGHEST_ID))


def _expected(request: ApiRequest, seen: Goal | KeyResult) -> int | None:
    return version_expected(request.headers.get("If-Match"), seen.version)


def _refuse_stale(request: ApiRequest, seen: Goal | KeyResult) -> None:
    """Check the version that was sent, for steps that are not refused by a version of their own.

    :raises StaleVersion: where it is another one.
    """
    if _expected(request, seen) not in (None, seen.version):
        raise StaleVersion(seen.version)


def _answer(request: ApiRequest, pk: int, status: int = 200) -> Response:
    goal = found_or_404(Goal.objects.prefetch_related(*WITH_ALL), pk=min(pk, HIGHEST_ID))
    return answer_one(request, goal_out(goal, today()), goal.version, status)


def check_in_out(row: CheckIn) -> Body:
    return {
        "id": row.pk,
        "key_result": row.key_result_id,
        "on": row.on,
        "value": float(row.value),
        "confidence": row.confidence,
        "note": row.note,
        "by": name_out(row.by),
    }
