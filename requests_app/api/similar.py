"""What resembles a text: asked before something is filed a second time."""

from django.conf import settings
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response
from rest_framework.views import APIView

from requests_app.api.answers import SimilarOut
from requests_app.api.output import Body
from requests_app.forecast.keeping import forecasts_for
from requests_app.forecast.outlooks import Forecast
from requests_app.similar.search import SimilarRequest, SimilarSolution, similar
from teams.api import me_of, refuse_unknown
from teams.rules import InvalidFields, Missing
from teams.texts import clean_text

LONGEST = 2_000
ASKED = OpenApiParameter(
    "q",
    str,
    required=True,
    description=f"A title or a few sentences, at most {LONGEST} characters.",
    examples=[OpenApiExample("a title", value="Anmeldung zum Newsletter vereinfachen")],
)


class SimilarView(APIView):
    """Open, parked and delivered requests and solutions that resemble a text, among what you may see."""

    @extend_schema(operation_id="similar_list", parameters=[ASKED], responses=SimilarOut)
    def get(self, request: ApiRequest) -> Response:
        refuse_unknown(request, "q")
        text = clean_text(request.query_params.get("q", ""), "q", LONGEST)
        if not text:
            raise InvalidFields([Missing("required", _("Say what you look for."), "q")])
        found = similar(text, to=me_of(request))
        foretold = forecasts_for(hit.request for hit in found.requests)
        return Response(
            {
                "requests": [request_out(hit, foretold[hit.request.number]) for hit in found.requests],
                "solutions": [solution_out(hit) for hit in found.solutions],
            }
        )


def request_out(hit: SimilarRequest, forecast: Forecast) -> Body:
    names = ("number", "key", "title", "status", "turn", "turn_since")
    return {
        **{name: getattr(hit.request, name) for name in names},
        "requesting_team": hit.requesting_team,
        "serving_team": hit.serving_team,
        "by_50": forecast.half,
        "by_85": forecast.likely,
        "url": f"{settings.BASE_URL}{hit.request.get_absolute_url()}",
    }


def solution_out(hit: SimilarSolution) -> Body:
    return {name: getattr(hit, name) for name in ("slug", "title", "explainer", "team")}
