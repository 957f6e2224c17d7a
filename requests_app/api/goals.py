"""Goals and teams as they are measured and understood: check-ins, confirmations, questions."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response
from rest_framework.views import APIView

from requests_app.api import inputs
from requests_app.api.fields import ById, Choice, Day, Flag, Number, StrictSerializer, Text, Whole
from requests_app.api.output import Body
from requests_app.understanding.shown import Understanding, get_brief, understanding_of
from teams import understanding as domain
from teams.api import HIGHEST_ID, PAGING, PersonOut, found_or_404, me_of, refuse_unknown
from teams.goals import check_in
from teams.models import Brief, BriefQuestion, CheckIn, Confidence, Goal, KeyResult, Person, Team
from teams.models.goals import NOTE_TEXT
from teams.models.understanding import QUESTION_TEXT, WORDS_LINE

CHECKED_IN = {
    "id": 31,
    "key_result": 4,
    "on": "2026-11-23",
    "value": 2.4,
    "confidence": "medium",
    "note": "The new form is live.",
    "by": {"id": 5, "name": "Mira Brandt", "side": "marketing"},
}
UNDERSTOOD = {
    "substance": 2,
    "what_changed": "We count consents at the till too.",
    "changed_at": "2026-11-02T09:00:00+01:00",
    "reviewed_at": "2026-11-20T14:10:00+01:00",
    "stale": False,
    "should": 14,
    "understood": 6,
    "percent": 42,
    "missing": [{"id": 9, "name": "Ben Okafor", "side": "marketing"}],
    "confirmed": [
        {
            "person": {"id": 7, "name": "Lena Graf", "side": "it"},
            "words": "Fewer addresses, but such as said yes.",
            "at": "2026-11-21T11:02:00+01:00",
        }
    ],
    "questions": [
        {
            "id": 3,
            "text": "Why 3 %?",
            "asker": {"id": 9, "name": "Ben Okafor", "side": "marketing"},
            "asked_at": "2026-11-22T08:30:00+01:00",
            "answer": "",
            "answered_by": None,
            "answered_at": None,
            "settled_at": None,
        }
    ],
}


class CheckInIn(StrictSerializer):
    """`on`: today in the portal's zone, where it is not given."""

    key_result = ById(KeyResult.objects.all)
    value = Number()
    on = Day(required=False)
    confidence = Choice(Confidence.choices, required=False)
    note = Text(max_length=NOTE_TEXT)


class CheckInOut(serializers.Serializer[Any]):
    """How a key result stood on a day."""

    id = serializers.IntegerField()
    key_result = serializers.IntegerField()
    on = serializers.DateField()
    value = serializers.FloatField()
    confidence = serializers.ChoiceField(Confidence.choices)
    note = serializers.CharField(allow_blank=True)
    by = PersonOut()


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


def person_out(person: Person) -> Body:
    return {"id": person.pk, "name": person.name, "side": person.side}


def check_in_out(row: CheckIn) -> Body:
    return {
        "id": row.pk,
        "key_result": row.key_result_id,
        "on": row.on,
        "value": float(row.value),
        "confidence": row.confidence,
        "note": row.note,
        "by": person_out(row.by),
    }


def question_out(row: BriefQuestion) -> Body:
    return {
        "id": row.pk,
        "text": row.text,
        "asker": person_out(row.asker),
        "asked_at": row.asked_at,
        "answer": row.answer,
        "answered_by": person_out(row.answered_by) if row.answered_by else None,
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
        "missing": [person_out(person) for person in shown.missing],
        "confirmed": [
            {"person": person_out(one.person), "words": one.words, "at": one.at}
            for one in shown.confirmations
        ],
        "questions": [question_out(question) for question in shown.questions],
    }


def _goal(pk: int) -> Goal:
    return found_or_404(Goal.objects.all(), pk=min(pk, HIGHEST_ID))


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
        examples=[
            OpenApiExample("A value of today", {"key_result": 4, "value": 2.4}, request_only=True),
            OpenApiExample("Checked in", CHECKED_IN, response_only=True),
        ],
    )
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Keep how a key result stands, as a member of an owning team."""
        refuse_unknown(request)
        me, goal = me_of(request), _goal(pk)
        given = inputs.read(CheckInIn, request.data)
        measured, value = given.pop("key_result"), given.pop("value")
        if measured.goal_id != goal.pk:
            raise Http404
        return Response(check_in_out(check_in(measured, value, by=me, **given)), status=201)


class _UnderstandingView(APIView):
    """How well something is understood, and confirming it."""

    def brief(self, key: Any) -> Brief:
        raise NotImplementedError

    def shown(self, request: ApiRequest, brief: Brief, status: int = 200) -> Response:
        shown = understanding_of(get_brief(brief.pk), me_of(request))
        return Response(understanding_out(shown), status=status)

    def confirmed(self, request: ApiRequest, brief: Brief) -> Response:
        refuse_unknown(request)
        given = inputs.read(ConfirmationIn, request.data)
        domain.confirm(brief, given.get("words", ""), by=me_of(request), seen=given.get("substance"))
        return self.shown(request, brief, status=201)


EXAMPLES = [
    OpenApiExample("In one's own words", {"words": "Fewer, but willing.", "substance": 2}, request_only=True),
    OpenApiExample("Understood by six of fourteen", UNDERSTOOD, response_only=True),
]


class GoalUnderstandingView(_UnderstandingView):
    @extend_schema(
        operation_id="goal_understanding_retrieve", responses=UnderstandingOut, examples=EXAMPLES[1:]
    )
    def get(self, request: ApiRequest, pk: int) -> Response:
        """How well a goal is understood."""
        refuse_unknown(request)
        return self.shown(request, _goal(pk).understanding)

    @extend_schema(
        operation_id="goal_understanding_confirm",
        request=ConfirmationIn,
        responses={201: UnderstandingOut},
        examples=EXAMPLES,
    )
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Say that one understands it."""
        return self.confirmed(request, _goal(pk).understanding)


class TeamUnderstandingView(_UnderstandingView):
    @extend_schema(
        operation_id="team_understanding_retrieve", responses=UnderstandingOut, examples=EXAMPLES[1:]
    )
    def get(self, request: ApiRequest, slug: str) -> Response:
        """How well a team is understood."""
        refuse_unknown(request)
        return self.shown(request, found_or_404(Team.objects.all(), slug=slug).understanding)

    @extend_schema(
        operation_id="team_understanding_confirm",
        request=ConfirmationIn,
        responses={201: UnderstandingOut},
        examples=EXAMPLES,
    )
    def post(self, request: ApiRequest, slug: str) -> Response:
        """Say that one understands it."""
        return self.confirmed(request, found_or_404(Team.objects.all(), slug=slug).understanding)


class GoalQuestionsView(APIView):
    """Questions about a goal."""

    @extend_schema(
        operation_id="goal_questions_create",
        request=QuestionIn,
        responses={201: QuestionOut},
        examples=[OpenApiExample("A question", {"text": "Why 3 %?"}, request_only=True)],
    )
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Ask what is not clear."""
        refuse_unknown(request)
        text = inputs.read(QuestionIn, request.data)["text"]
        return Response(
            question_out(domain.ask(_goal(pk).understanding, text, by=me_of(request))), status=201
        )


class TeamQuestionsView(APIView):
    """Questions about a team."""

    @extend_schema(
        operation_id="team_questions_create",
        request=QuestionIn,
        responses={201: QuestionOut},
        examples=[OpenApiExample("A question", {"text": "Who decides?"}, request_only=True)],
    )
    def post(self, request: ApiRequest, slug: str) -> Response:
        """Ask what is not clear."""
        refuse_unknown(request)
        text = inputs.read(QuestionIn, request.data)["text"]
        team = found_or_404(Team.objects.all(), slug=slug)
        return Response(question_out(domain.ask(team.understanding, text, by=me_of(request))), status=201)


class BriefQuestionView(APIView):
    """One question about a goal, a team or a solution."""

    @extend_schema(
        operation_id="brief_question_update",
        request=QuestionPatchIn,
        responses=QuestionOut,
        examples=[OpenApiExample("An answer", {"answer": "It pays from there on."}, request_only=True)],
    )
    def patch(self, request: ApiRequest, pk: int) -> Response:
        """Answer it, or say that the answer will do."""
        refuse_unknown(request)
        me = me_of(request)
        given = inputs.read(QuestionPatchIn, request.data)
        question: BriefQuestion | None = BriefQuestion.objects.filter(pk=min(pk, HIGHEST_ID)).first()
        if question is None:
            raise Http404
        changed = (
            domain.settle(question, by=me)
            if given.get("settled")
            else domain.answer(question, given["answer"], by=me)
        )
        return Response(question_out(changed))
