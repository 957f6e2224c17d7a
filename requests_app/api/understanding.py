"""How well goals, teams and solutions are understood: confirmations, questions, looking again."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response
from rest_framework.views import APIView

from knowhow.models import Solution
from requests_app.api.etags import IF_NONE_MATCH
from requests_app.api.fields import Flag, StrictSerializer, Text, Whole
from requests_app.api.inputs import NothingIn, read
from requests_app.api.output import Body
from requests_app.understanding.shown import Understanding, get_brief, understanding_of
from teams import understanding as domain
from teams.api import HIGHEST_ID, PersonOut, found_or_404, me_of, name_out, refuse_unknown
from teams.etags import answer_one
from teams.models import Brief, BriefQuestion, Goal, Team
from teams.models.understanding import QUESTION_TEXT, WORDS_LINE


class ConfirmationIn(StrictSerializer):
    """`substance`: what was read; where it changed since, nothing is confirmed."""

    words = Text(max_length=WORDS_LINE)
    substance = Whole(required=False)


class QuestionIn(StrictSerializer):
    text = Text(max_length=QUESTION_TEXT, required=True)


class QuestionPatchIn(StrictSerializer):
    """Either `answer`, as a team that answers for it, or `settled: true`, as who asked."""

    answer = Text(max_length=QUESTION_TEXT)
    settled = Flag(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("answer" in attrs) == (attrs.get("settled") is True):
            raise serializers.ValidationError({"answer": [self.error("either")]})
        return attrs

    default_error_messages = {
        **StrictSerializer.default_error_messages,
        "either": _("Send either an answer or settled: true."),
    }


class QuestionOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    text = serializers.CharField()
    asker = PersonOut()
    asked_at = serializers.DateTimeField()
    answer = serializers.CharField(allow_blank=True)
    answered_by = PersonOut(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    settled_at = serializers.DateTimeField(allow_null=True)


class ConfirmationOut(serializers.Serializer[Any]):
    person = PersonOut()
    words = serializers.CharField(allow_blank=True)
    at = serializers.DateTimeField()


class UnderstandingOut(serializers.Serializer[Any]):
    """`percent` is null where nobody should understand it; `missing` names the first of those who do not."""

    substance = serializers.IntegerField()
    what_changed = serializers.CharField(allow_blank=True)
    changed_at = serializers.DateTimeField()
    reviewed_at = serializers.DateTimeField()
    stale = serializers.BooleanField()
    should = serializers.IntegerField()
    understood = serializers.IntegerField()
    percent = serializers.IntegerField(allow_null=True)
    missing = PersonOut(many=True)
    confirmed = ConfirmationOut(many=True)
    questions = QuestionOut(many=True)


def question_out(row: BriefQuestion) -> Body:
    return {
        "id": row.pk,
        "text": row.text,
        "asker": name_out(row.asker),
        "asked_at": row.asked_at,
        "answer": row.answer,
        "answered_by": name_out(row.answered_by) if row.answered_by else None,
        "answered_at": row.answered_at,
        "settled_at": row.settled_at,
    }


def understanding_out(shown: Understanding) -> Body:
    brief, coverage = shown.brief, shown.coverage
    return {
        "substance": brief.substance,
        "what_changed": brief.what_changed,
        "changed_at": brief.changed_at,
        "reviewed_at": brief.reviewed_at,
        "stale": shown.stale_since is not None,
        "should": coverage.of,
        "understood": len(coverage.understood),
        "percent": coverage.percent,
        "missing": [name_out(person) for person in shown.missing],
        "confirmed": [
            {"person": name_out(one.person), "words": one.words, "at": one.at} for one in shown.confirmations
        ],
        "questions": [question_out(question) for question in shown.questions],
    }


def _goal(pk: int) -> Brief:
    return _brief(Goal.objects.all(), pk=min(pk, HIGHEST_ID))


def _team(slug: str) -> Brief:
    return _brief(Team.objects.all(), slug=slug)


def _solution(slug: str) -> Brief:
    return _brief(Solution.objects.all(), slug=slug)


def _brief(rows: "QuerySet[Any]", **key: Any) -> Brief:
    brief: Brief = found_or_404(rows.select_related("understanding"), **key).understanding
    return brief


def _shown(request: ApiRequest, brief: Brief, status: int = 200) -> Response:
    found = get_brief(brief.pk)
    body = understanding_out(understanding_of(found, me_of(request)))
    return answer_one(request, body, found.version, status)


def _told(request: ApiRequest, brief: Brief) -> Response:
    refuse_unknown(request)
    return _shown(request, brief)


def _confirmed(request: ApiRequest, brief: Brief) -> Response:
    refuse_unknown(request)
    given = read(ConfirmationIn, request.data)
    domain.confirm(brief, given.get("words", ""), by=me_of(request), seen=given.get("substance"))
    return _shown(request, brief, status=201)


def _reviewed(request: ApiRequest, brief: Brief) -> Response:
    refuse_unknown(request)
    read(NothingIn, request.data)
    domain.still_true(brief, by=me_of(request))
    return _shown(request, brief)


def _asked(request: ApiRequest, brief: Brief) -> Response:
    refuse_unknown(request)
    text = read(QuestionIn, request.data)["text"]
    return Response(question_out(domain.ask(brief, text, by=me_of(request))), status=201)


class GoalUnderstandingView(APIView):
    @extend_schema(
        operation_id="goal_understanding_retrieve", parameters=[IF_NONE_MATCH], responses=UnderstandingOut
    )
    def get(self, request: ApiRequest, pk: int) -> Response:
        """How well a goal is understood."""
        return _told(request, _goal(pk))

    @extend_schema(
        operation_id="goal_understanding_confirm",
        request=ConfirmationIn,
        responses={201: UnderstandingOut},
    )
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Say that you understand it, in your own words if you like."""
        return _confirmed(request, _goal(pk))


class GoalReviewView(APIView):
    @extend_schema(operation_id="goal_review", request=NothingIn, responses=UnderstandingOut)
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Say that what is explained still holds, as a lead of a team that answers for it."""
        return _reviewed(request, _goal(pk))


class GoalQuestionsView(APIView):
    @extend_schema(operation_id="goal_questions_create", request=QuestionIn, responses={201: QuestionOut})
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Ask what is not clear."""
        return _asked(request, _goal(pk))


class TeamUnderstandingView(APIView):
    @extend_schema(
        operation_id="team_understanding_retrieve", parameters=[IF_NONE_MATCH], responses=UnderstandingOut
    )
    def get(self, request: ApiRequest, slug: str) -> Response:
        """How well a team is understood."""
        return _told(request, _team(slug))

    @extend_schema(
        operation_id="team_understanding_confirm",
        request=ConfirmationIn,
        responses={201: UnderstandingOut},
    )
    def post(self, request: ApiRequest, slug: str) -> Response:
        """Say that you understand it, in your own words if you like."""
        return _confirmed(request, _team(slug))


class TeamReviewView(APIView):
    @extend_schema(operation_id="team_review", request=NothingIn, responses=UnderstandingOut)
    def post(self, request: ApiRequest, slug: str) -> Response:
        """Say that what is explained still holds, as a lead of a team that answers for it."""
        return _reviewed(request, _team(slug))


class TeamQuestionsView(APIView):
    @extend_schema(operation_id="team_questions_create", request=QuestionIn, responses={201: QuestionOut})
    def post(self, request: ApiRequest, slug: str) -> Response:
        """Ask what is not clear."""
        return _asked(request, _team(slug))


class SolutionUnderstandingView(APIView):
    @extend_schema(
        operation_id="solution_understanding_retrieve", parameters=[IF_NONE_MATCH], responses=UnderstandingOut
    )
    def get(self, request: ApiRequest, slug: str) -> Response:
        """How well a solution is understood."""
        return _told(request, _solution(slug))

    @extend_schema(
        operation_id="solution_understanding_confirm",
        request=ConfirmationIn,
        responses={201: UnderstandingOut},
    )
    def post(self, request: ApiRequest, slug: str) -> Response:
        """Say that you understand it, in your own words if you like."""
        return _confirmed(request, _solution(slug))


class SolutionReviewView(APIView):
    @extend_schema(operation_id="solution_review", request=NothingIn, responses=UnderstandingOut)
    def post(self, request: ApiRequest, slug: str) -> Response:
        """Say that what is explained still holds, as a lead of a team that answers for it."""
        return _reviewed(request, _solution(slug))


class SolutionQuestionsView(APIView):
    @extend_schema(operation_id="solution_questions_create", request=QuestionIn, responses={201: QuestionOut})
    def post(self, request: ApiRequest, slug: str) -> Response:
        """Ask what is not clear."""
        return _asked(request, _solution(slug))


class BriefQuestionView(APIView):
    """One question about a goal, a team or a solution."""

    @extend_schema(operation_id="brief_question_update", request=QuestionPatchIn, responses=QuestionOut)
    def patch(self, request: ApiRequest, pk: int) -> Response:
        """Answer it, or say that the answer will do."""
        refuse_unknown(request)
        me, given = me_of(request), read(QuestionPatchIn, request.data)
        question = found_or_404(BriefQuestion.objects.all(), pk=min(pk, HIGHEST_ID))
        changed = (
            domain.settle(question, by=me)
            if given.get("settled")
            else domain.answer(question, given["answer"], by=me)
        )
        return Response(question_out(changed))
