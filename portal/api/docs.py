"""The OpenAPI document, the page that shows it, and the answer for addresses that do not exist."""

from functools import cache
from typing import Any, NoReturn

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiJsonRenderer2
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView


@cache
def document(language: str) -> dict[str, Any]:
    """The OpenAPI 3 document in ``language``; made once per process, because it is the same for everybody."""
    with override(language):
        generator = SchemaGenerator()  # type: ignore[no-untyped-call]
        found: dict[str, Any] = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return found


@extend_schema(exclude=True)
class SchemaView(APIView):
    """The OpenAPI document; it tells nothing of anybody's data and is open to all."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    # It comes from memory; counting would cost more than answering.
    throttle_classes = ()
    renderer_classes = (OpenApiJsonRenderer2, OpenApiJsonRenderer)

    def get(self, request: Request) -> Response:
        return Response(document(get_language() or "en"))


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The document as a page on which one can try things out, in the rights of the own session."""
    return render(request, "portal/api_docs.html")


@extend_schema(exclude=True)
class UnknownView(APIView):
    """Every address under /api/ that there is not."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> NoReturn:
        raise Http404
