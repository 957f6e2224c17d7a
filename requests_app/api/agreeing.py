"""What both sides agree on besides scores: the checklist, and changes of the agreed result."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response
from rest_framework.views import APIView

from requests_app.api import inputs
from requests_app.api.answers import RequestOut
from requests_app.api.etags import IF_MATCH, expected_of
from requests_app.api.fields import ById, Flag, StrictSerializer, Text, Whole
from requests_app.api.output import Body, Row, person_in
from requests_app.api.requests import changed
from requests_app.before_work.checklist import add_item, change_item, move_item, remove_item
from requests_app.before_work.proposals import assent, reject
from requests_app.models import REASON_TEXT, ChecklistItem, Request
from requests_app.workflow.inputs import UNSET
from teams.api import PersonOut, me_of, refuse_unknown
from teams.models import PLAIN_LINE, Person

COLUMNS = (
    *("id", "text", "done_at"),
    *(f"{who}{part}" for who in ("person", "done_by") for part in ("_id", "__name", "__side")),
)


class RejectionIn(StrictSerializer):
    reason = Text(max_length=REASON_TEXT)


class ItemIn(StrictSerializer):
    text = Text(max_length=PLAIN_LINE, required=True)
    person = ById(Person.objects.all, required=False, allow_null=True)


class ItemPatchIn(StrictSerializer):
    """Only what is sent is changed."""

    text = Text(max_length=PLAIN_LINE)
    person = ById(Person.objects.all, required=False, allow_null=True)
    done = Flag(required=False)


class PlaceIn(StrictSerializer):
    """`after` is the item directly above; null: on top."""

    after = Whole(allow_null=True)


class ItemOut(serializers.Serializer[Any]):
    """An item of the checklist, in their order."""

    id = serializers.IntegerField()
    text = serializers.CharField()
    person = PersonOut(allow_null=True)
    done = serializers.BooleanField()
    done_by = PersonOut(allow_null=True)
    done_at = serializers.DateTimeField(allow_null=True)


class ResultProposalView(APIView):
    """The open proposal to change baseline, target or measuring date; a PATCH of the request makes one."""

    @extend_schema(
        operation_id="result_proposal_assent", parameters=[IF_MATCH], request=None, responses=RequestOut
    )
    def post(self, request: ApiRequest, number: int) -> Response:
        """Assent to it. The second side's assent puts it into force."""
        me, version = _seen(request, number)
        inputs.read(StrictSerializer, request.data)
        assent(number, by=me, version=version)
        return changed(request, number)

    @extend_schema(
        operation_id="result_proposal_reject",
        parameters=[IF_MATCH],
        request=RejectionIn,
        responses=RequestOut,
    )
    def delete(self, request: ApiRequest, number: int) -> Response:
        """Turn it down, or take one's own back; the agreed result stays."""
        me, version = _seen(request, number)
        given = inputs.read(RejectionIn, request.data)
        reject(number, given.get("reason", ""), by=me, version=version)
        return changed(request, number)


class ChecklistView(APIView):
    """What has to be done before work starts."""

    @extend_schema(operation_id="checklist_list", responses=ItemOut(many=True))
    def get(self, request: ApiRequest, number: int) -> Response:
        refuse_unknown(request)
        me = me_of(request)
        return Response(checklist_of(Request.objects.get_visible(me, number), me))

    @extend_schema(
        operation_id="checklist_create", parameters=[IF_MATCH], request=ItemIn, responses={201: ItemOut}
    )
    def post(self, request: ApiRequest, number: int) -> Response:
        """Put something at its end."""
        me, version = _seen(request, number)
        given = inputs.read(ItemIn, request.data)
        made = add_item(number, given["text"], given.get("person"), by=me, version=version)
        return Response(_item(made, me), status=201)


class ChecklistItemView(APIView):
    """One item."""

    @extend_schema(
        operation_id="checklist_update", parameters=[IF_MATCH], request=ItemPatchIn, responses=ItemOut
    )
    def patch(self, request: ApiRequest, number: int, item: int) -> Response:
        """Change its text or person, or tick it."""
        me, version = _seen(request, number)
        given = inputs.read(ItemPatchIn, request.data)
        row = change_item(
            number,
            item,
            by=me,
            text=given.get("text"),
            person=given.get("person", UNSET),
            done=given.get("done"),
            version=version,
        )
        return Response(_item(row, me))

    @extend_schema(operation_id="checklist_remove", parameters=[IF_MATCH], responses={204: None})
    def delete(self, request: ApiRequest, number: int, item: int) -> Response:
        """Take it off."""
        me, version = _seen(request, number)
        remove_item(number, item, by=me, version=version)
        return Response(status=204)


class ChecklistPositionView(APIView):
    """Its place in the order."""

    @extend_schema(
        operation_id="checklist_move",
        parameters=[IF_MATCH],
        request=PlaceIn,
        responses=ItemOut(many=True),
    )
    def post(self, request: ApiRequest, number: int, item: int) -> Response:
        """Move it; the answer is the whole checklist."""
        me, version = _seen(request, number)
        given = inputs.read(PlaceIn, request.data)
        move_item(number, item, given["after"], by=me, version=version)
        return Response(checklist_of(Request.objects.get_visible(me, number), me))


def _seen(request: ApiRequest, number: int) -> tuple[Person, int | None]:
    refuse_unknown(request)
    me = me_of(request)
    return me, expected_of(request, Request.objects.get_visible(me, number))


def checklist_of(about: Request, person: Person) -> list[Body]:
    """The items of a request that ``person`` may see."""
    rows = ChecklistItem.objects.visible_to(person).filter(request=about).order_by("position")
    return [item_out(row) for row in rows.values(*COLUMNS)]


def _item(row: ChecklistItem, person: Person) -> Body:
    return item_out(ChecklistItem.objects.visible_to(person).values(*COLUMNS).get(pk=row.pk))


def item_out(row: Row) -> Body:
    return {
        "id": row["id"],
        "text": row["text"],
        "person": person_in(row, "person"),
        "done": row["done_at"] is not None,
        "done_by": person_in(row, "done_by"),
        "done_at": row["done_at"],
    }
