"""One's inbox, for machines: what the page shows and does, by the same functions."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response
from rest_framework.views import APIView

from notifications.api.shapes import (
    LaterIn,
    NotificationOut,
    UnreadOut,
    UpToIn,
    notification_out,
)
from notifications.inbox import unread_count
from notifications.inboxes import acting
from notifications.inboxes.lines import lines, told_from
from notifications.inboxes.page import VIEWS, entries
from notifications.models import InboxEntry
from requests_app.api.etags import IF_MATCH, IF_NONE_MATCH
from requests_app.api.inputs import NothingIn, read
from requests_app.api.output import Body
from requests_app.querysets import HIGHEST_NUMBER
from teams.api import PAGING, found_or_404, me_of, refuse_unknown
from teams.etags import answer_one, refuse_stale
from teams.fields import wrong
from teams.models import Person
from teams.zones import zone_of

SHOWS = tuple(view for view in VIEWS if view)
SHOW = OpenApiParameter("show", str, enum=SHOWS, description="Without it what lies in the inbox now.")


class NotificationsView(GenericAPIView[InboxEntry]):
    """What happened that concerns you, the newest first; three months of it are kept."""

    serializer_class = NotificationOut

    @extend_schema(
        operation_id="notifications_list",
        parameters=[SHOW],
        responses=NotificationOut(many=True),
    )
    def get(self, request: ApiRequest) -> Response:
        refuse_unknown(request, *PAGING, SHOW.name)
        me = me_of(request)
        rows = told_from(entries(me, _view_asked(request))).order_by("-created_at", "-id")
        found = lines(me, self.paginate_queryset(rows) or [])
        return self.get_paginated_response([notification_out(line, me) for line in found])


def _view_asked(request: ApiRequest) -> str:
    given = request.query_params.getlist(SHOW.name)
    if len(given) > 1 or (given and given[0] not in SHOWS):
        raise wrong(SHOW.name, _("Choose one of: %(choices)s.") % {"choices": ", ".join(SHOWS)})
    return given[0] if given else ""


class UnreadView(APIView):
    """How many are unread."""

    @extend_schema(
        operation_id="notifications_unread",
        parameters=[IF_NONE_MATCH],
        responses=UnreadOut,
    )
    def get(self, request: ApiRequest) -> Response:
        refuse_unknown(request)
        return answer_one(request, {"unread": unread_count(me_of(request))})

    @extend_schema(
        operation_id="notifications_read_all",
        request=UpToIn,
        responses=UnreadOut,
    )
    def post(self, request: ApiRequest) -> Response:
        """Mark all as read that lies in the inbox, or what does up to the one named."""
        refuse_unknown(request)
        me = me_of(request)
        acting.mark_all_read(me, up_to=read(UpToIn, request.data).get("up_to"))
        return Response({"unread": unread_count(me)})


class NotificationView(APIView):
    """One of them."""

    @extend_schema(
        operation_id="notifications_retrieve",
        parameters=[IF_NONE_MATCH],
        responses=NotificationOut,
    )
    def get(self, request: ApiRequest, entry: int) -> Response:
        refuse_unknown(request)
        return answer_one(request, _body(me_of(request), entry))


class _StandingView(APIView):
    """What changes how one entry stands; the answer is the entry as it stands then."""

    def seen(self, request: ApiRequest, entry: int) -> Person:
        """Who asks, where they hold the entry as it is now."""
        refuse_unknown(request)
        me = me_of(request)
        refuse_stale(request, _body(me, entry))
        return me


class NotificationReadView(_StandingView):
    @extend_schema(
        operation_id="notifications_read",
        parameters=[IF_MATCH],
        request=NothingIn,
        responses=NotificationOut,
    )
    def put(self, request: ApiRequest, entry: int) -> Response:
        """Mark it as read, with all that came before it about the same thing."""
        me = self.seen(request, entry)
        read(NothingIn, request.data)
        acting.read(me, [entry])
        return answer_one(request, _body(me, entry))

    @extend_schema(
        operation_id="notifications_unread_again",
        parameters=[IF_MATCH],
        responses=NotificationOut,
    )
    def delete(self, request: ApiRequest, entry: int) -> Response:
        """Let this one be unread again."""
        me = self.seen(request, entry)
        acting.unread(me, [entry])
        return answer_one(request, _body(me, entry))


class NotificationArchiveView(_StandingView):
    @extend_schema(
        operation_id="notifications_archive",
        parameters=[IF_MATCH],
        request=NothingIn,
        responses=NotificationOut,
    )
    def put(self, request: ApiRequest, entry: int) -> Response:
        """Put it away, with all that came before it about the same thing; what happens later comes anew."""
        me = self.seen(request, entry)
        read(NothingIn, request.data)
        acting.archive(me, [entry])
        return answer_one(request, _body(me, entry))

    @extend_schema(
        operation_id="notifications_take_out",
        parameters=[IF_MATCH],
        responses=NotificationOut,
    )
    def delete(self, request: ApiRequest, entry: int) -> Response:
        """Bring it back from the archive, with all that came before it about the same thing."""
        me = self.seen(request, entry)
        acting.take_out(me, [entry])
        return answer_one(request, _body(me, entry))


class NotificationLaterView(_StandingView):
    @extend_schema(
        operation_id="notifications_later",
        parameters=[IF_MATCH],
        request=LaterIn,
        responses=NotificationOut,
    )
    def put(self, request: ApiRequest, entry: int) -> Response:
        """Put it off, with all that came before it about the same thing; then it is there again, unread."""
        me = self.seen(request, entry)
        until = read(LaterIn, request.data)["until"]
        acting.snooze(me, [entry], until, zone_of(me))
        return answer_one(request, _body(me, entry))

    @extend_schema(
        operation_id="notifications_now",
        parameters=[IF_MATCH],
        responses=NotificationOut,
    )
    def delete(self, request: ApiRequest, entry: int) -> Response:
        """Bring it back before its time, with all that came before it about the same thing."""
        me = self.seen(request, entry)
        acting.take_out(me, [entry])
        return answer_one(request, _body(me, entry))


def _body(me: Person, entry: int) -> Body:
    rows = told_from(InboxEntry.objects.visible_to(me))
    found = found_or_404(rows, pk=min(entry, HIGHEST_NUMBER))
    return notification_out(lines(me, [found])[0], me)
