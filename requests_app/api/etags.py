"""If-Match and If-None-Match of requests."""

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request as ApiRequest

from requests_app.models import Request
from teams.etags import version_expected

IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The ETag that the change starts from, or `*`; where it is stale, the answer is 412.",
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    str,
    OpenApiParameter.HEADER,
    description="The ETag that you hold; where it is fresh, the answer is 304.",
)


def expected_of(request: ApiRequest, seen: Request) -> int | None:
    """The version that the caller wants to change, None for whichever stands."""
    return version_expected(request.headers.get("If-Match"), seen.version)
