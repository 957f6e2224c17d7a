"""The catalogue of solutions, with the requests that built each: of these what the caller may see."""

from typing import Any, cast

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response
from rest_framework.views import APIView

from knowhow.models import Expert, Level, Solution, Stage
from knowhow.solutions import reads
from knowhow.solutions.catalogue import create_solution, edit_solution
from knowhow.solutions.experts import bus_factor, remove_expert, set_expert
from knowhow.solutions.fields import SolutionFields
from knowhow.solutions.models import DATA_TEXT
from requests_app.api.etags import IF_MATCH, IF_NONE_MATCH
from requests_app.api.fields import (
    MOST_TOUCHPOINTS,
    BySlug,
    Choice,
    Day,
    Flag,
    StrictSerializer,
    Text,
    Touchpoints,
    Whole,
)
from requests_app.api.inputs import read
from requests_app.api.output import Body
from requests_app.models import Request
from requests_app.touchpoint_map import BUILT
from requests_app.understanding import coverages
from teams.api import HIGHEST_ID, PAGING, PersonOut, found_or_404, me_of, refuse_unknown
from teams.etags import answer_one, version_expected
from teams.models import PLAIN_LINE, PLAIN_TEXT, Person, Team, Touchpoint
from teams.rules import InvalidFields, Missing
from teams.understanding import Coverage

UNKNOWN = _("Nothing has this value.")
FILTERS = ("q", "status", "team", "touchpoint")
IN_PIECES = ("title", "purpose", "limits", "what_to_do", "terms", "status", "data_held", "review_on")


class DescribedIn(StrictSerializer):
    """What the catalogue says of a solution."""

    title = Text(max_length=PLAIN_LINE)
    purpose = Text(max_length=PLAIN_TEXT)
    limits = Text(max_length=PLAIN_TEXT)
    what_to_do = Text(max_length=PLAIN_TEXT)
    terms = Text(max_length=PLAIN_TEXT)
    status = Choice(Stage.choices, required=False)
    data_held = Text(max_length=DATA_TEXT)
    review_on = Day(required=False, allow_null=True)
    affected_teams = serializers.ListField(
        child=BySlug(Team.objects.all), required=False, max_length=MOST_TOUCHPOINTS
    )
    touchpoints = Touchpoints(required=False)


class SolutionIn(DescribedIn):
    """A new solution: `title`, `purpose`, `limits` and `what_to_do` are needed."""

    team = BySlug(Team.objects.all)


class SolutionPatchIn(DescribedIn):
    """Only what is sent is changed. A section that is needed cannot be emptied.

    With `team` the solution is handed on: from then on that team answers for it.
    `in_substance` says that the explainer means something else now; `what_changed` tells it to everybody
    who had understood it and is asked again.
    """

    team = BySlug(Team.objects.all, required=False)
    in_substance = Flag(required=False)
    what_changed = Text(max_length=PLAIN_LINE)


class ExpertIn(StrictSerializer):
    level = Whole(min_value=min(Level.values), max_value=max(Level.values))


class ExpertOut(PersonOut):
    level = serializers.ChoiceField(Level.choices)


class CoverageOut(serializers.Serializer[Any]):
    """Of the people of the affected teams, how many say that they understand the explainer as it stands."""

    understood = serializers.IntegerField()
    of = serializers.IntegerField()


class SolutionOut(serializers.Serializer[Any]):
    """A solution. `bus_factor` counts the experts of level 3 and more; `requests` are those that built it."""

    slug = serializers.SlugField()
    title = serializers.CharField()
    purpose = serializers.CharField()
    limits = serializers.CharField(allow_blank=True)
    what_to_do = serializers.CharField(allow_blank=True)
    terms = serializers.CharField(allow_blank=True)
    status = serializers.ChoiceField(Stage.choices)
    data_held = serializers.CharField(allow_blank=True)
    review_on = serializers.DateField(allow_null=True)
    team = serializers.SlugField()
    affected_teams = serializers.ListField(child=serializers.SlugField())
    touchpoints = serializers.ListField(child=serializers.SlugField())
    experts = ExpertOut(many=True)
    bus_factor = serializers.IntegerField()
    understanding = CoverageOut()
    requests = serializers.ListField(child=serializers.IntegerField())
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    url = serializers.URLField()


class SolutionsView(GenericAPIView[Solution]):
    """The catalogue, the newest first."""

    serializer_class = SolutionOut

    @extend_schema(
        operation_id="solutions_list",
        parameters=[OpenApiParameter(name, str) for name in FILTERS],
        responses=SolutionOut(many=True),
    )
    def get(self, request: ApiRequest) -> Response:
        refuse_unknown(request, *PAGING, *FILTERS)
        rows = _with_all(reads.chosen(_wanted(request)), me_of(request)).order_by("-id")
        page = self.paginate_queryset(rows) or []
        covered = coverages(row.understanding for row in page)
        return self.get_paginated_response([solution_out(row, covered) for row in page])

    @extend_schema(operation_id="solutions_create", request=SolutionIn, responses={201: SolutionOut})
    def post(self, request: ApiRequest) -> Response:
        """Put a solution into the catalogue: members of the owner team, and admins."""
        refuse_unknown(request)
        given = read(SolutionIn, request.data)
        team, me = given.pop("team"), me_of(request)
        made = create_solution(team, cast(SolutionFields, given), by=me)
        found = _found(made.slug, me)
        response = answer_one(request, solution_out(found, _covered(found)), made.version, 201)
        response.headers["Location"] = request.build_absolute_uri(reverse("api:solution", args=[made.slug]))
        return response


class SolutionView(APIView):
    """One solution."""

    @extend_schema(operation_id="solutions_retrieve", parameters=[IF_NONE_MATCH], responses=SolutionOut)
    def get(self, request: ApiRequest, slug: str) -> Response:
        refuse_unknown(request)
        return _answer(request, slug)

    @extend_schema(
        operation_id="solutions_partial_update",
        parameters=[IF_MATCH],
        request=SolutionPatchIn,
        responses=SolutionOut,
    )
    def patch(self, request: ApiRequest, slug: str) -> Response:
        """Change what the catalogue says: members of the owner team, and admins."""
        refuse_unknown(request)
        seen = found_or_404(Solution.objects.all(), slug=slug)
        given = read(SolutionPatchIn, request.data)
        meaning = {name: given.pop(name) for name in ("in_substance", "what_changed") if name in given}
        version = version_expected(request.headers.get("If-Match"), seen.version)
        edit_solution(seen, cast(SolutionFields, given), **meaning, by=me_of(request), version=version)
        return _answer(request, slug)


class ExpertView(APIView):
    """How well a person masters a solution."""

    @extend_schema(operation_id="experts_update", request=ExpertIn, responses=SolutionOut)
    def put(self, request: ApiRequest, slug: str, person_id: int) -> Response:
        """Say the level: 0 is getting to know it, 3 keeps it running alone, 4 teaches it."""
        refuse_unknown(request)
        solution, person = _solution_and_person(slug, person_id)
        level = read(ExpertIn, request.data)["level"]
        if not solution.experts.filter(person=person, level=level).exists():
            set_expert(solution, person, level, by=me_of(request))
        return _answer(request, slug)

    @extend_schema(operation_id="experts_destroy", responses={204: None})
    def delete(self, request: ApiRequest, slug: str, person_id: int) -> Response:
        """Take the person off the experts: the owner team, admins, and the person themselves."""
        refuse_unknown(request)
        solution, person = _solution_and_person(slug, person_id)
        remove_expert(solution, person, by=me_of(request))
        return Response(status=204)


def _solution_and_person(slug: str, person_id: int) -> tuple[Solution, Person]:
    solution = found_or_404(Solution.objects.all(), slug=slug)
    return solution, found_or_404(Person.objects.all(), pk=min(person_id, HIGHEST_ID))


def _wanted(request: ApiRequest) -> Body:
    """The filters of the list.

    :raises InvalidFields: for a value that nothing can have.
    """
    wanted: Body = {name: request.query_params.get(name, "") for name in FILTERS}
    known = {
        "status": wanted["status"] in ("", *Stage.values),
        "q": "\0" not in wanted["q"] and len(wanted["q"]) <= PLAIN_LINE,
        "team": not wanted["team"] or _there_is(Team.objects.all(), wanted["team"]),
        "touchpoint": not wanted["touchpoint"] or _there_is(Touchpoint.objects.all(), wanted["touchpoint"]),
    }
    if wrong := [name for name, is_known in known.items() if not is_known]:
        raise InvalidFields([Missing("invalid_choice", UNKNOWN, name) for name in wrong])
    if wanted["touchpoint"]:
        wanted["touchpoint"] = Touchpoint.objects.get(slug=wanted["touchpoint"])
    return wanted


def _there_is(rows: "QuerySet[Any]", slug: str) -> bool:
    return "\0" not in slug and rows.filter(slug=slug).exists()


def _found(slug: str, me: Person) -> Solution:
    return found_or_404(_with_all(Solution.objects.all(), me), slug=slug)


def _with_all(rows: "QuerySet[Solution]", me: Person) -> "QuerySet[Solution]":
    experts = Expert.objects.filter(person__is_active=True).select_related("person")
    built = Request.objects.visible_to(me).filter(status__in=BUILT).only("number", "solution")
    return rows.select_related("team", "understanding").prefetch_related(
        "affected_teams",
        "touchpoints",
        Prefetch("experts", experts.order_by("-level", "person__sort_key"), to_attr="shown_experts"),
        Prefetch("requests", built.order_by("number"), to_attr="built_by"),
    )


def _answer(request: ApiRequest, slug: str) -> Response:
    solution = _found(slug, me_of(request))
    return answer_one(request, solution_out(solution, _covered(solution)), solution.version)


def _covered(solution: Solution) -> dict[int, Coverage]:
    return coverages([solution.understanding])


def solution_out(solution: Any, covered: dict[int, Coverage]) -> Body:
    """A solution that ``_with_all`` has read, with the coverage of its brief."""
    coverage = covered[solution.understanding_id]
    return {name: getattr(solution, name) for name in ("slug", *IN_PIECES)} | {
        "team": solution.team.slug,
        "affected_teams": sorted(team.slug for team in solution.affected_teams.all()),
        "touchpoints": sorted(one.slug for one in solution.touchpoints.all()),
        "experts": [_expert_out(one) for one in solution.shown_experts],
        "bus_factor": bus_factor(one.level for one in solution.shown_experts),
        "understanding": {"understood": len(coverage.understood), "of": coverage.of},
        "requests": [one.number for one in solution.built_by],
        "version": solution.version,
        "created_at": solution.created_at,
        "url": f"{settings.BASE_URL}{reverse('solutions:solution', args=[solution.slug])}",
    }


def _expert_out(expert: Expert) -> Body:
    person = expert.person
    return {"id": person.pk, "name": person.name, "side": person.side, "level": expert.level}
