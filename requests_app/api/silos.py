"""What joins the sides, for machines: the touchpoint map, bridges and who could become one."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response
from rest_framework.views import APIView

from knowhow.bridges.role_profiles import may_keep_roles
from knowhow.models import Solution, Stage
from requests_app.api.etags import IF_NONE_MATCH
from requests_app.api.output import Body
from requests_app.bridging.growing import Growing, NextStep, bridges_and_potentials, own_potential
from requests_app.touchpoint_map import Gap, Phase, Place, touchpoint_map
from teams.api import PersonOut, me_of, name_out, refuse_unknown
from teams.etags import answer_one
from teams.models import Side


class ToolOut(serializers.Serializer[Any]):
    slug = serializers.SlugField()
    title = serializers.CharField()
    status = serializers.ChoiceField(Stage.choices)


class ServedGoalOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    title = serializers.CharField()


class PlaceOut(serializers.Serializer[Any]):
    """`tools` in use, those that are `leaving`, how many open `wishes`, the `goals` of these, and the gap."""

    touchpoint = serializers.SlugField()
    name = serializers.CharField()
    tools = ToolOut(many=True)
    leaving = ToolOut(many=True)
    wishes = serializers.IntegerField()
    goals = ServedGoalOut(many=True)
    gap = serializers.ChoiceField(Gap.choices, allow_blank=True)


class PhaseOut(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]
    touchpoints = PlaceOut(many=True)


class MapOut(serializers.Serializer[Any]):
    """The customer's journey from the first meeting to service; wishes are those that you may see."""

    phases = PhaseOut(many=True)


class StepOut(serializers.Serializer[Any]):
    """What could be done next for a skill: a mentor, an exchange (id), a request (number)."""

    skill = serializers.IntegerField()
    mentor = PersonOut(allow_null=True)
    exchange = serializers.IntegerField(allow_null=True)
    request = serializers.IntegerField(allow_null=True)


class PotentialOut(serializers.Serializer[Any]):
    """Somebody strong on one `side` who wants the other; skills by their ids."""

    person = PersonOut()
    side = serializers.ChoiceField(Side.choices)
    strong = serializers.ListField(child=serializers.IntegerField())
    wanted = serializers.ListField(child=serializers.IntegerField())
    next_step = StepOut(allow_null=True)


class BridgesOut(serializers.Serializer[Any]):
    """Of those who agreed, by name: who is at home on both sides, and who could be."""

    bridges = PersonOut(many=True)
    potentials = PotentialOut(many=True)


class OwnPotentialOut(serializers.Serializer[Any]):
    """Null where you are not strong on one side alone, or want nothing of the other."""

    potential = PotentialOut(allow_null=True)


class TouchpointsView(APIView):
    """What happens where customers meet the company."""

    @extend_schema(operation_id="touchpoints_retrieve", parameters=[IF_NONE_MATCH], responses=MapOut)
    def get(self, request: ApiRequest) -> Response:
        refuse_unknown(request)
        phases = [phase_out(phase) for phase in touchpoint_map(me_of(request))]
        return answer_one(request, {"phases": phases})


class BridgesView(APIView):
    """Who joins the sides, and who could; for leads and administrators, else 404."""

    @extend_schema(operation_id="bridges_retrieve", parameters=[IF_NONE_MATCH], responses=BridgesOut)
    def get(self, request: ApiRequest) -> Response:
        refuse_unknown(request)
        if not may_keep_roles(me_of(request)):
            raise Http404
        bridges, potentials = bridges_and_potentials(me_of(request))
        body = {
            "bridges": [name_out(person) for person in bridges],
            "potentials": [potential_out(one) for one in potentials],
        }
        return answer_one(request, body)


class MyPotentialView(APIView):
    """Whether you could become a bridge, and what would be next; nobody else is told."""

    @extend_schema(
        operation_id="me_potential_retrieve", parameters=[IF_NONE_MATCH], responses=OwnPotentialOut
    )
    def get(self, request: ApiRequest) -> Response:
        refuse_unknown(request)
        own = own_potential(me_of(request))
        return answer_one(request, {"potential": potential_out(own) if own else None})


def phase_out(phase: Phase) -> Body:
    return {"label": phase.label, "touchpoints": [place_out(place) for place in phase.places]}


def place_out(place: Place) -> Body:
    touchpoint = place.touchpoint
    return {
        "touchpoint": touchpoint.slug,
        "name": str(touchpoint),
        "tools": [tool_out(one) for one in place.tools],
        "leaving": [tool_out(one) for one in place.leaving],
        "wishes": place.wishes,
        "goals": [{"id": goal.pk, "title": goal.title} for goal in place.goals],
        "gap": place.gap,
    }


def tool_out(solution: Solution) -> Body:
    return {"slug": solution.slug, "title": solution.title, "status": solution.status}


def potential_out(one: Growing) -> Body:
    return {
        "person": name_out(one.person),
        "side": one.side,
        "strong": [skill.pk for skill in one.strong],
        "wanted": [skill.pk for skill in one.wanted],
        "next_step": step_out(one.step) if one.step else None,
    }


def step_out(step: NextStep) -> Body:
    return {
        "skill": step.skill.pk,
        "mentor": name_out(step.mentor) if step.mentor else None,
        "exchange": step.exchange.pk if step.exchange else None,
        "request": step.request.number if step.request else None,
    }
