"""People and what they can: the directory, oneself, the score between the sides, mentors, translators."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response
from rest_framework.views import APIView

from knowhow.bridges import mentoring
from knowhow.bridges.openness import choose, openness_of, sees_score
from knowhow.bridges.score import bridge_score
from knowhow.models import Mentoring, Openness, PersonSkill, Skill
from knowhow.skills import profile, reading
from knowhow.skills.models import SKILL_NAME
from knowhow.skills.profile import LONGEST_LINE
from requests_app.api.etags import IF_MATCH, IF_NONE_MATCH
from requests_app.api.fields import Choice, Flag, StrictSerializer, Text, Whole
from requests_app.api.inputs import read
from requests_app.api.knowhow_answers import (
    MentoringOut,
    OpennessOut,
    PersonSkillOut,
    PersonWithSkillsOut,
    ScoreOut,
    SkillOut,
    TranslatorsOut,
    mentoring_out,
    openness_out,
    own_out,
    person_out,
    skill_out,
)
from requests_app.api.output import Body
from requests_app.bridging.evidence import evidence_of
from requests_app.bridging.translators import who_could_translate
from requests_app.models import Request
from requests_app.querysets import HIGHEST_NUMBER
from teams import reads
from teams.api import PAGING, found_or_404, me_of, name_out, refuse_unknown
from teams.etags import answer_one, refuse_stale
from teams.models import Person, Side

Q = OpenApiParameter("q", str, description="Words in the name or the address.")
SIDE = OpenApiParameter("side", str, enum=Side.values)
SKILL = OpenApiParameter("skill", str, description="A name or synonym: who can it or wants to learn it.")


class SkillsIn(StrictSerializer):
    """`SQL 3, Newsletter`: names, synonyms and both languages; what means nothing yet is proposed.

    A word that is like others is refused with `did_you_mean`, which names them, unless it stands in `new`.
    """

    skills = Text(max_length=LONGEST_LINE, required=True)
    new = serializers.ListField(
        child=Text(max_length=SKILL_NAME), required=False, max_length=profile.MOST_AT_ONCE
    )


class SkillPatchIn(StrictSerializer):
    """Only what is sent is changed."""

    level = Whole(min_value=0, max_value=PersonSkill.HIGHEST, required=False)
    teaches = Flag(required=False)
    wants = Flag(required=False)
    last_used = Whole(required=False, allow_null=True)


class OpennessIn(StrictSerializer):
    """Who sees your skills, whether leads see how you stand between the sides, whether you are matched."""

    skills = Choice(choices=Openness.Readers.choices, required=False)
    bridge = Flag(required=False)
    matching = Flag(required=False)


class MentorIn(StrictSerializer):
    """Asks `mentor` (an id) to teach you `skill` (an id)."""

    mentor = Whole(required=True)
    skill = Whole(required=True)


class AnswerIn(StrictSerializer):
    answer = Choice(choices=[("yes", "yes"), ("no", "no"), ("end", "end")], required=True)


class SkillsView(GenericAPIView[Skill]):
    """The directory: what is listed and what is proposed."""

    serializer_class = SkillOut

    @extend_schema(operation_id="skills_list", responses=SkillOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        refuse_unknown(request, *PAGING)
        rows = Skill.objects.filter(state__in=reading.IN_DIRECTORY).select_related("group")
        page = self.paginate_queryset(rows.prefetch_related("words").order_by("id")) or []
        return self.get_paginated_response([skill_out(skill) for skill in page])


class SkillView(APIView):
    """One skill; of what was merged, the one that it is now."""

    @extend_schema(operation_id="skills_retrieve", responses=SkillOut)
    def get(self, request: ApiRequest, pk: int) -> Response:
        refuse_unknown(request)
        rows = Skill.objects.exclude(state=Skill.State.REFUSED).select_related("group", "merged_into__group")
        found = found_or_404(rows, pk=min(pk, HIGHEST_NUMBER))
        skill = found.merged_into or found
        return answer_one(request, skill_out(skill), skill.version)


class PeopleView(GenericAPIView[Person]):
    """Active people, by name."""

    serializer_class = PersonWithSkillsOut

    @extend_schema(
        operation_id="people_list", parameters=[Q, SIDE, SKILL], responses=PersonWithSkillsOut(many=True)
    )
    def get(self, request: ApiRequest) -> Response:
        refuse_unknown(request, *PAGING, "q", "side", "skill")
        asked = request.query_params
        rows = reads.found(asked.get("q", "").replace("\0", "")[:200], asked.get("side", ""))
        if asked.get("skill"):
            skill = reading.skill_meant(asked["skill"])
            rows = rows.filter(reading.having(me_of(request), skill)) if skill else rows.none()
        page = self.paginate_queryset(with_skills(rows, me_of(request)).order_by("sort_key", "id")) or []
        return self.get_paginated_response([person_out(person) for person in page])


class PersonView(APIView):
    """One person, with what they show to you."""

    @extend_schema(operation_id="people_retrieve", responses=PersonWithSkillsOut)
    def get(self, request: ApiRequest, pk: int) -> Response:
        refuse_unknown(request)
        rows = with_skills(Person.objects.filter(is_active=True), me_of(request))
        person = found_or_404(rows, pk=min(pk, HIGHEST_NUMBER))
        return answer_one(request, person_out(person), person.version)


class PersonBridgeView(APIView):
    """How somebody stands between the sides: to themselves, and to leads where they agreed; else 404."""

    @extend_schema(operation_id="people_bridge_retrieve", parameters=[IF_NONE_MATCH], responses=ScoreOut)
    def get(self, request: ApiRequest, pk: int) -> Response:
        refuse_unknown(request)
        me = me_of(request)
        person = found_or_404(Person.objects.all(), pk=min(pk, HIGHEST_NUMBER))
        if not sees_score(me, person):
            raise Http404
        score = bridge_score(evidence_of(person))
        seen = Request.objects.visible_to(me).filter(pk__in=score.evidence.tandem).order_by("pk")
        pieces = [{"part": one.part, "points": one.points, "most": one.most} for one in score.pieces]
        numbers = list(seen.values_list("pk", flat=True))
        return answer_one(request, {"total": score.total, "pieces": pieces, "requests": numbers})


class MySkillsView(GenericAPIView[PersonSkill]):
    """What you can, teach and want."""

    serializer_class = PersonSkillOut

    @extend_schema(operation_id="me_skills_list", responses=PersonSkillOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        refuse_unknown(request, *PAGING)
        rows = PersonSkill.objects.counted().filter(person=me_of(request)).select_related("skill")
        page = self.paginate_queryset(rows.order_by("id")) or []
        return self.get_paginated_response([own_out(row) for row in page])

    @extend_schema(
        operation_id="me_skills_create",
        request=SkillsIn,
        responses={201: PersonSkillOut(many=True)},
    )
    def post(self, request: ApiRequest) -> Response:
        """Take some into your profile; the answer is these, as they now stand."""
        refuse_unknown(request)
        me = me_of(request)
        given = read(SkillsIn, request.data)
        rows = profile.add_skills(given["skills"], by=me, new=given.get("new", ()))
        return Response([own_out(row) for row in rows], status=201)


class MySkillView(APIView):
    """One of your skills."""

    @extend_schema(operation_id="me_skills_retrieve", parameters=[IF_NONE_MATCH], responses=PersonSkillOut)
    def get(self, request: ApiRequest, skill: int) -> Response:
        refuse_unknown(request)
        return answer_one(request, _own(me_of(request), skill))

    @extend_schema(
        operation_id="me_skills_partial_update",
        parameters=[IF_MATCH],
        request=SkillPatchIn,
        responses=PersonSkillOut,
    )
    def patch(self, request: ApiRequest, skill: int) -> Response:
        """Change level, teaching, wish or year."""
        refuse_unknown(request)
        me = me_of(request)
        changes: Any = read(SkillPatchIn, request.data)
        refuse_stale(request, _own(me, skill))
        row = profile.change_skill(min(skill, HIGHEST_NUMBER), changes, by=me)
        return answer_one(request, own_out(row))

    @extend_schema(operation_id="me_skills_destroy", parameters=[IF_MATCH], responses={204: None})
    def delete(self, request: ApiRequest, skill: int) -> Response:
        """Take it out of your profile."""
        refuse_unknown(request)
        me = me_of(request)
        refuse_stale(request, _own(me, skill))
        profile.drop_skill(min(skill, HIGHEST_NUMBER), by=me)
        return Response(status=204)


def _own(me: Person, skill: int) -> Body:
    rows = PersonSkill.objects.counted().filter(person=me).select_related("skill")
    return own_out(found_or_404(rows, skill=min(skill, HIGHEST_NUMBER)))


class MyOpennessView(APIView):
    """What you let others see."""

    @extend_schema(operation_id="me_openness_retrieve", parameters=[IF_NONE_MATCH], responses=OpennessOut)
    def get(self, request: ApiRequest) -> Response:
        refuse_unknown(request)
        return answer_one(request, openness_out(openness_of(me_of(request))))

    @extend_schema(
        operation_id="me_openness_partial_update",
        parameters=[IF_MATCH],
        request=OpennessIn,
        responses=OpennessOut,
    )
    def patch(self, request: ApiRequest) -> Response:
        """Choose, or take it back."""
        refuse_unknown(request)
        me = me_of(request)
        choice: Any = read(OpennessIn, request.data)
        refuse_stale(request, openness_out(openness_of(me)))
        return answer_one(request, openness_out(choose(choice, by=me)))


class MyMentoringsView(GenericAPIView[Mentoring]):
    """Your mentors and learners, also those that were declined or have ended."""

    serializer_class = MentoringOut

    @extend_schema(operation_id="me_mentoring_list", responses=MentoringOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        refuse_unknown(request, *PAGING)
        rows = Mentoring.objects.visible_to(me_of(request)).select_related("mentor", "learner")
        page = self.paginate_queryset(rows.order_by("id")) or []
        return self.get_paginated_response([mentoring_out(pair) for pair in page])

    @extend_schema(operation_id="me_mentoring_create", request=MentorIn, responses={201: MentoringOut})
    def post(self, request: ApiRequest) -> Response:
        """Ask somebody to be your mentor."""
        refuse_unknown(request)
        me = me_of(request)
        given = read(MentorIn, request.data)
        pair = mentoring.propose_pair(given["mentor"], me.pk, given["skill"], by=me)
        return Response(mentoring_out(pair), status=201)


class MyMentoringView(APIView):
    @extend_schema(operation_id="me_mentoring_answer", request=AnswerIn, responses=MentoringOut)
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Say yes or no to a proposal, or end what runs."""
        refuse_unknown(request)
        me, answer = me_of(request), read(AnswerIn, request.data)["answer"]
        pk = min(pk, HIGHEST_NUMBER)
        ends = answer == "end"
        pair = mentoring.end_pair(pk, by=me) if ends else mentoring.answer_pair(pk, answer == "yes", by=me)
        return Response(mentoring_out(pair))


class TranslatorsView(APIView):
    """Who knows both sides of what a request is about."""

    @extend_schema(operation_id="translators_retrieve", parameters=[IF_NONE_MATCH], responses=TranslatorsOut)
    def get(self, request: ApiRequest, number: int) -> Response:
        refuse_unknown(request)
        me = me_of(request)
        subject, named = who_could_translate(Request.objects.submitted().get_visible(me, number), me)
        people = [
            {
                "person": name_out(one.person),
                "skills": [skill.pk for skill in one.skills],
                "sides": list(one.homes),
            }
            for one in named
        ]
        return answer_one(request, {"subject": list(subject.skills), "people": people})


def with_skills(rows: "QuerySet[Person]", reader: Person) -> "QuerySet[Person]":
    return rows.prefetch_related(reads.own_teams(), reading.skills_shown(reader))
