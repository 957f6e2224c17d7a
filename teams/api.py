"""Teams and the own account, for machines: read-only; and how goals are told."""

from datetime import date
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import Model, QuerySet
from django.http import Http404
from django.urls import path
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from teams.etags import answer_one
from teams.goals.health import percent, progress
from teams.goals.tree import health_of
from teams.models import (
    ApiToken,
    Goal,
    Health,
    KeyResult,
    Level,
    Membership,
    Person,
    PersonSide,
    Role,
    Side,
    Team,
)
from teams.rules import InvalidFields, Missing

Body = dict[str, Any]
Row = TypeVar("Row", bound=Model)
PAGING = ("limit", "cursor")
HIGHEST_ID = 2**63 - 1
BRIEF_FIELDS = ("title", "brief", "customer_change", "expected_of_it", "expected_of_marketing", "way_in")
UNKNOWN_PARAMETER = gettext_lazy("This address does not know this parameter.")


class PersonOut(serializers.Serializer[Any]):
    """A person as every answer names one."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    side = serializers.ChoiceField(PersonSide.choices)


class TeamOut(serializers.Serializer[Any]):
    slug = serializers.SlugField()
    name = serializers.CharField()
    side = serializers.ChoiceField(Side.choices)
    brief = serializers.CharField(allow_blank=True)
    expects = serializers.CharField(allow_blank=True)
    contact = serializers.CharField(allow_blank=True)
    office_hour = serializers.CharField(allow_blank=True)
    country = serializers.CharField(allow_blank=True)
    region = serializers.CharField(allow_blank=True)
    version = serializers.IntegerField()
    url = serializers.URLField()


class MemberOut(PersonOut):
    role = serializers.ChoiceField(Role.choices)


class TeamWithMembersOut(TeamOut):
    members = MemberOut(many=True)


class KeyResultOut(serializers.Serializer[Any]):
    """`progress` is the part of the way in percent; null where nothing was measured yet."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    unit = serializers.CharField(allow_blank=True)
    baseline = serializers.FloatField()
    target = serializers.FloatField()
    current = serializers.FloatField(allow_null=True)
    checked_on = serializers.DateField(allow_null=True)
    confidence = serializers.CharField(allow_blank=True)
    direction = serializers.ChoiceField(["up", "down"])
    progress = serializers.IntegerField(allow_null=True)
    ended = serializers.BooleanField()
    version = serializers.IntegerField()


class GoalOut(serializers.Serializer[Any]):
    """`brief` is what we want to reach; the other sections of the brief stand beside it."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    level = serializers.ChoiceField(Level.choices)
    parent = serializers.IntegerField(allow_null=True)  # type: ignore[assignment]
    brief = serializers.CharField(allow_blank=True)
    customer_change = serializers.CharField(allow_blank=True)
    expected_of_it = serializers.CharField(allow_blank=True)
    expected_of_marketing = serializers.CharField(allow_blank=True)
    way_in = serializers.CharField(allow_blank=True)
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)
    health = serializers.ChoiceField(Health.choices, allow_null=True)
    key_results = KeyResultOut(many=True)
    result = serializers.CharField(allow_blank=True)
    learning = serializers.CharField(allow_blank=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    teams = serializers.ListField(child=serializers.SlugField())
    archived = serializers.BooleanField()
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    url = serializers.URLField()


class OwnTeamOut(serializers.Serializer[Any]):
    slug = serializers.SlugField()
    side = serializers.ChoiceField(Side.choices)
    role = serializers.ChoiceField(Role.choices)


class MeOut(PersonOut):
    email = serializers.EmailField()
    language = serializers.CharField(allow_blank=True)
    time_zone = serializers.CharField(allow_blank=True)
    admin = serializers.BooleanField()
    scope = serializers.ChoiceField(["read", "write"])
    teams = OwnTeamOut(many=True)


def me_of(request: Request) -> Person:
    """Who asks; the permission lets nobody else in."""
    person = request.user
    if not isinstance(person, Person):
        raise Http404
    return person


def refuse_unknown(request: Request, *known: str) -> None:
    """Check that the address asks for nothing that is not there.

    :raises InvalidFields: naming each query parameter that is not among ``known``.
    """
    unknown = [name for name in request.query_params if name not in known]
    if unknown:
        raise InvalidFields([Missing("unknown_field", UNKNOWN_PARAMETER, name) for name in unknown])


def found_or_404(rows: "QuerySet[Row]", **key: Any) -> Row:
    """The row with this key."""
    found = rows.filter(**key).first()
    if found is None:
        raise Http404
    return found


def name_out(person: Person) -> Body:
    """A person as every answer names one."""
    return {"id": person.pk, "name": person.name, "side": person.side}


def team_out(team: Team) -> Body:
    return {
        "slug": team.slug,
        "name": team.name,
        "side": team.side,
        "brief": team.brief,
        "expects": team.expects,
        "contact": team.contact,
        "office_hour": team.office_hour,
        "country": team.country,
        "region": team.region,
        "version": team.version,
        "url": f"{settings.BASE_URL}/teams/{team.slug}/",
    }


def members_out(team: Team) -> list[Body]:
    members = Membership.objects.filter(team=team, person__is_active=True).order_by(
        "person__sort_key", "person"
    )
    rows = members.values_list("person", "person__name", "person__side", "role")
    return [{"id": pk, "name": name, "side": side, "role": role} for pk, name, side, role in rows]


def goal_out(goal: Goal, day: date) -> Body:
    plain = (
        *BRIEF_FIELDS,
        "starts_on",
        "ends_on",
        "result",
        "learning",
        "closed_at",
        "version",
        "created_at",
    )
    return {
        "id": goal.pk,
        **{name: getattr(goal, name) for name in plain},
        "level": goal.level,
        "parent": goal.parent_id,
        "health": health_of(goal, day),
        "key_results": [key_result_out(one) for one in goal.key_results.all()],
        "teams": sorted(team.slug for team in goal.teams.all()),
        "archived": goal.is_archived,
        "url": f"{settings.BASE_URL}/goals/{goal.pk}/",
    }


def key_result_out(one: KeyResult) -> Body:
    return {
        "id": one.pk,
        "title": one.title,
        "unit": one.unit,
        "baseline": float(one.baseline),
        "target": float(one.target),
        "current": None if one.current is None else float(one.current),
        "checked_on": one.checked_on,
        "confidence": one.confidence,
        "direction": "up" if one.rises else "down",
        "progress": percent(progress(one.baseline, one.target, one.current)),
        "ended": not one.is_open,
        "version": one.version,
    }


class TeamsView(GenericAPIView[Team]):
    """All teams, by name."""

    serializer_class = TeamOut

    @extend_schema(operation_id="teams_list", responses=TeamOut(many=True))
    def get(self, request: Request) -> Response:
        refuse_unknown(request, *PAGING)
        page = self.paginate_queryset(Team.objects.order_by("sort_key", "id")) or []
        return self.get_paginated_response([team_out(team) for team in page])


class TeamView(APIView):
    """One team with its active members."""

    @extend_schema(operation_id="teams_retrieve", responses=TeamWithMembersOut)
    def get(self, request: Request, slug: str) -> Response:
        refuse_unknown(request)
        team = found_or_404(Team.objects.all(), slug=slug)
        return answer_one(request, team_out(team) | {"members": members_out(team)}, team.version)


class MeView(APIView):
    """Who I am to the API."""

    @extend_schema(operation_id="me_retrieve", responses=MeOut)
    def get(self, request: Request) -> Response:
        refuse_unknown(request)
        me = me_of(request)
        token = request.auth if isinstance(request.auth, ApiToken) else None
        return answer_one(request, me_out(me, token), me.version)


def me_out(me: Person, token: ApiToken | None) -> Body:
    memberships = Membership.objects.filter(person=me).order_by("team__sort_key")
    rows = memberships.values_list("team__slug", "team__side", "role")
    return {
        "id": me.pk,
        "name": me.name,
        "side": me.side,
        "email": me.email,
        "language": me.language,
        "time_zone": me.time_zone,
        "admin": me.is_admin,
        "scope": token.scope if token else ApiToken.Scope.WRITE,
        "teams": [{"slug": slug, "side": side, "role": role} for slug, side, role in rows],
    }


urlpatterns = [
    path("teams/", TeamsView.as_view(), name="teams"),
    path("teams/<slug:slug>/", TeamView.as_view(), name="team"),
    path("me/", MeView.as_view(), name="me"),
]
