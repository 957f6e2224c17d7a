"""Search over everything, for machines: what the page finds."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.searching.asked import read
from portal.searching.find import BY_KEY, Found, find
from portal.searching.kinds import Hit, Kind
from portal.searching.narrowing import narrow
from requests_app.search import clean_query, number_in
from teams.api import me_of, refuse_unknown
from teams.fields import wrong

Body = dict[str, Any]
KINDS = [(kind.key, kind.label) for kind in BY_KEY.values()]
HIGHEST_PAGE = 1_000
Q = OpenApiParameter(
    "q",
    str,
    required=True,
    description='Words, "phrases", -not, from:, in: and status:, as on the page.',
)
KIND = OpenApiParameter("kind", str, enum=[*BY_KEY], description="Hits of this kind alone.")
PAGE = OpenApiParameter("page", {"type": "integer", "minimum": 1, "maximum": HIGHEST_PAGE, "default": 1})


class FacetOut(serializers.Serializer[Any]):
    """How many hits a kind has; where `more` is true, there are more than `count`."""

    kind = serializers.ChoiceField(KINDS)
    label = serializers.CharField()  # type: ignore[assignment]
    count = serializers.IntegerField()
    more = serializers.BooleanField()


class HitOut(serializers.Serializer[Any]):
    """`title` and `excerpt` are HTML in which nothing but `mark` stands for what was looked for."""

    kind = serializers.ChoiceField(KINDS)
    key = serializers.CharField(allow_blank=True)
    title = serializers.CharField()
    excerpt = serializers.CharField(allow_blank=True)
    status = serializers.CharField(allow_blank=True)
    restricted = serializers.BooleanField()
    url = serializers.URLField()


class SearchOut(serializers.Serializer[Any]):
    """One page of hits, the best first; `facets` count all kinds. `notes`: filters that fit nothing."""

    total = serializers.IntegerField()
    more = serializers.BooleanField()
    page = serializers.IntegerField()
    pages = serializers.IntegerField()
    facets = FacetOut(many=True)
    hits = HitOut(many=True)
    notes = serializers.ListField(child=serializers.CharField())


class SearchView(APIView):
    """What you may see of what is looked for, ranked over all kinds, 20 hits a page."""

    @extend_schema(operation_id="search", parameters=[Q, KIND, PAGE], responses=SearchOut)
    def get(self, request: ApiRequest) -> Response:
        refuse_unknown(request, Q.name, KIND.name, PAGE.name)
        me, text = me_of(request), _text(request)
        kind, page = _kind(request), _page(request)
        asked = read(text)
        narrowed = narrow(asked, me)
        number = number_in(text) or 0
        found = find(asked, narrowed.filters, me, kind=kind, page=page, number=number)
        return Response(search_out(found, [str(note) for note in narrowed.notes]))


def _text(request: ApiRequest) -> str:
    text = clean_query(request.query_params.get(Q.name, ""))
    if not read(text):
        raise wrong(Q.name, _("Add a word that should be there."), "required")
    return text


def _kind(request: ApiRequest) -> str:
    kind = request.query_params.get(KIND.name, "")
    if kind and kind not in BY_KEY:
        raise wrong(KIND.name, _("Choose one of: %(choices)s.") % {"choices": ", ".join(BY_KEY)})
    return kind


def _page(request: ApiRequest) -> int:
    text = request.query_params.get(PAGE.name, "1")
    fits = text.isascii() and text.isdecimal() and len(text) <= 4
    if not fits or not 1 <= int(text) <= HIGHEST_PAGE:
        raise wrong(PAGE.name, _("Give a number from 1 to %(highest)d.") % {"highest": HIGHEST_PAGE})
    return int(text)


def search_out(found: Found, notes: list[str]) -> Body:
    return {
        "total": found.total,
        "more": found.more,
        "page": found.page,
        "pages": found.pages,
        "facets": [
            {"kind": one.kind.key, "label": str(one.kind.label), "count": one.count, "more": one.more}
            for one in found.facets
        ],
        "hits": [hit_out(kind, hit) for kind, hit in found.hits],
        "notes": notes,
    }


def hit_out(kind: Kind, hit: Hit) -> Body:
    plain = {name: str(getattr(hit, name)) for name in ("key", "title", "excerpt", "status")}
    return {"kind": kind.key, **plain, "restricted": hit.restricted, "url": f"{settings.BASE_URL}{hit.url}"}
