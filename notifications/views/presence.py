"""What an open page asks by itself: who else is here. It says at the same time that its reader is."""

from django import forms
from django.http import HttpResponse, HttpResponseBadRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from notifications.live.presence import Place, arrive, leave, present
from requests_app.boards.board import get_board
from requests_app.models import OPEN_QUESTION, Comment, Request
from requests_app.querysets import HIGHEST_NUMBER
from teams.http import AuthedRequest, asked_by_the_page
from teams.models import Person


class HereForm(forms.Form):
    """A board by its slug or a request by its number, and what its reader does there."""

    board = forms.CharField(required=False, max_length=200)
    request = forms.IntegerField(required=False, min_value=1, max_value=HIGHEST_NUMBER)
    answering = forms.IntegerField(required=False, min_value=1, max_value=HIGHEST_NUMBER)
    leaving = forms.BooleanField(required=False)

    def clean(self) -> None:
        if bool(self.cleaned_data.get("board")) == bool(self.cleaned_data.get("request")):
            raise forms.ValidationError("board or request")


@never_cache
@require_http_methods(["GET", "POST"])
@asked_by_the_page
def presence(request: AuthedRequest) -> HttpResponse:
    """Who else is at a place; POST also says that the reader is there, answers a question, or leaves."""
    form = HereForm(request.POST if request.method == "POST" else request.GET)
    if not form.is_valid():
        return HttpResponseBadRequest()
    place = _place(form, request.user)
    if request.method == "POST":
        if form.cleaned_data["leaving"]:
            leave(place, request.user)
            return HttpResponse(status=204)
        arrive(place, request.user, _question(form, place))
    found = present(place, request.user)
    answering = {pk: [person.name for person in by] for pk, by in found.answering.items()}
    return JsonResponse({"people": [_told(person) for person in found.people], "answering": answering})


def _place(form: HereForm, person: Person) -> Place:
    """The board or request.

    :raises Http404: where it is hidden or absent.
    """
    number = form.cleaned_data["request"]
    if number is not None:
        return Place("request", Request.objects.get_visible(person, number).number)
    return Place("board", get_board(form.cleaned_data["board"]).pk)


def _question(form: HereForm, place: Place) -> int | None:
    """The open question of this request that is being answered; anything else is none."""
    asked: int | None = form.cleaned_data["answering"]
    if asked is None or place.kind != "request":
        return None
    is_open = Comment.objects.filter(OPEN_QUESTION, pk=asked, request=place.number).exists()
    return asked if is_open else None


def _told(person: Person) -> dict[str, str]:
    return {
        "name": f"{person.name}, {person.get_side_display()}",
        "initials": person.initials,
        "side": person.side,
    }
