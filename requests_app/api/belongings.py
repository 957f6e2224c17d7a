"""What belongs to a request: files, links, who follows and who needs it, too."""

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response
from rest_framework.views import APIView

from requests_app.api import inputs
from requests_app.api.answers import AttachmentOut, LinkOut
from requests_app.api.output import Body, Row, page_of, person_in
from requests_app.attachments import sending
from requests_app.attachments.keeping import attach, detach
from requests_app.links import link, unlink
from requests_app.models import Attachment, Link, Relation, Request
from teams.api import PAGING, me_of, refuse_unknown
from teams.rules import InvalidFields, Missing

FILE_COLUMNS = (
    "id",
    "request_id",
    "name",
    "content_type",
    "size",
    "created_at",
    *(f"uploader{part}" for part in ("_id", "__name", "__side")),
)
ENDS = ("source", "target")
LINK_COLUMNS = (
    "id",
    "kind",
    "created_at",
    *(f"{end}{part}" for end in ENDS for part in ("_id", "__title", "__status")),
)
UPLOAD = {
    "multipart/form-data": {
        "type": "object",
        "required": ["file"],
        "additionalProperties": False,
        "properties": {"file": {"type": "array", "items": {"type": "string", "format": "binary"}}},
    }
}


class AnyTypeRenderer(JSONRenderer):
    """Lets a caller accept whatever type the file has; problems are told in JSON."""

    media_type = "*/*"


class AttachmentsView(GenericAPIView[Attachment]):
    """The files of a request, the oldest first."""

    serializer_class = AttachmentOut
    parser_classes = (MultiPartParser,)

    @extend_schema(operation_id="attachments_list", responses=AttachmentOut(many=True))
    def get(self, request: ApiRequest, number: int) -> Response:
        refuse_unknown(request, *PAGING)
        me = me_of(request)
        about = Request.objects.get_visible(me, number)
        rows: Any = Attachment.objects.visible_to(me).filter(request=about).order_by("created_at", "id")
        page = self.paginate_queryset(rows.values(*FILE_COLUMNS)) or []
        return self.get_paginated_response([attachment_out(row) for row in page])

    @extend_schema(
        operation_id="attachments_create", request=UPLOAD, responses={201: AttachmentOut(many=True)}
    )
    def post(self, request: ApiRequest, number: int) -> Response:
        """Put files to the request, all that are sent or none: at most 25 MB each, 10 a request."""
        refuse_unknown(request)
        me = me_of(request)
        about = Request.objects.get_visible(me, number)
        made = attach(about.number, files_sent(request), by=me)
        rows = Attachment.objects.visible_to(me).filter(pk__in=[one.pk for one in made]).order_by("id")
        return Response([attachment_out(row) for row in rows.values(*FILE_COLUMNS)], status=201)


def files_sent(request: ApiRequest) -> "list[UploadedFile[Any]]":
    """The files under `file` of a form.

    :raises InvalidFields: naming each other field.
    """
    unknown = sorted({*request.data} - {"file"})
    if unknown:
        words = _("There is no field with this name.")
        raise InvalidFields([Missing("unknown_field", words, name) for name in unknown])
    return request.FILES.getlist("file") if request.FILES else []


class AttachmentView(APIView):
    """One file."""

    renderer_classes = (JSONRenderer, AnyTypeRenderer)

    @extend_schema(
        operation_id="attachments_retrieve",
        responses={(200, "*/*"): OpenApiTypes.BINARY},
    )
    def get(self, request: ApiRequest, number: int, attachment: int) -> HttpResponseBase:
        """The content, as a download."""
        refuse_unknown(request)
        return sending.download(sending.find_attachment(number, attachment, me_of(request)))

    @extend_schema(operation_id="attachments_destroy", responses={204: None})
    def delete(self, request: ApiRequest, number: int, attachment: int) -> Response:
        """Take the file away for good."""
        refuse_unknown(request)
        detach(number, attachment, by=me_of(request))
        return Response(status=204)


def attachment_out(row: Row) -> Body:
    body = {name: row[name] for name in ("id", "name", "content_type", "size", "created_at")}
    path = f"/api/v1/requests/{row['request_id']}/attachments/{row['id']}/"
    return body | {"uploader": person_in(row, "uploader"), "content": f"{settings.BASE_URL}{path}"}


class LinksView(GenericAPIView[Link]):
    """What a request is to others, and they to it; of requests that you may see."""

    serializer_class = LinkOut

    @extend_schema(operation_id="links_list", responses=LinkOut(many=True))
    def get(self, request: ApiRequest, number: int) -> Response:
        refuse_unknown(request, *PAGING)
        me = me_of(request)
        about = Request.objects.get_visible(me, number)
        rows: Any = Link.objects.visible_to(me).filter(Q(source=about) | Q(target=about))
        page = self.paginate_queryset(rows.order_by("created_at", "id").values(*LINK_COLUMNS)) or []
        return self.get_paginated_response([link_out(row, about.number) for row in page])

    @extend_schema(operation_id="links_create", request=inputs.LinkIn, responses={201: LinkOut})
    def post(self, request: ApiRequest, number: int) -> Response:
        """Say what the request is to another one; a second time answers with the link that is there."""
        refuse_unknown(request)
        me = me_of(request)
        about = Request.objects.get_visible(me, number)
        given = inputs.read(inputs.LinkIn, request.data)
        made = link(about.number, given["relation"], given["other"], by=me)
        row = Link.objects.visible_to(me).values(*LINK_COLUMNS).get(pk=made.pk)
        return Response(link_out(row, about.number), status=201)


class LinkView(APIView):
    @extend_schema(operation_id="links_destroy", responses={204: None})
    def delete(self, request: ApiRequest, number: int, link_id: int) -> Response:
        """Take the link away."""
        refuse_unknown(request)
        unlink(number, link_id, by=me_of(request))
        return Response(status=204)


def link_out(row: Row, number: int) -> Body:
    outwards = row["source_id"] == number
    other = "target" if outwards else "source"
    return {
        "id": row["id"],
        "relation": Relation.of(row["kind"], outwards),
        "number": row[f"{other}_id"],
        "key": f"T-{row[f'{other}_id']}",
        "title": row[f"{other}__title"],
        "status": row[f"{other}__status"],
        "created_at": row["created_at"],
        "url": page_of(row[f"{other}_id"]),
    }
