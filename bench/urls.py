"""The portal's addresses and a bare view, which all others are compared with."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path


@login_not_required
def bare(request: HttpRequest) -> HttpResponse:
    """What a request costs in which Django does nothing but its own work."""
    return HttpResponse("ok", content_type="text/plain")


urlpatterns: list[URLPattern | URLResolver] = [
    path("bench/bare/", bare),
    path("", include("portal.urls")),
]
