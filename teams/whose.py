"""Whose page it is: what one person wrote is never performed as somebody else who signed in meanwhile.

Browsers keep one session for all tabs. A page that was drawn for Mira goes on standing there after Ivo has
signed in beside it, and what is sent from it would be done in Ivo's name.
"""

import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from teams.ids import id_in
from teams.models import Person
from teams.unsent import AUTHOR

# What scripts put into the forms that do not say for whom they were drawn, as those do that hold text.
DRAWN_FOR = "drawn_for"
# What scripts and htmx say beside what they send: for whom the page was drawn that they stand in.
HEADER = "X-Author"


def refusal(request: HttpRequest, *, by_the_page: bool = False) -> HttpResponse | None:
    """The answer to what comes from a page of somebody else; None where it is that of who is signed in.

    It leaves the page as it is, with all that was typed. ``by_the_page``: nobody pressed anything, so there
    is nothing to be told.
    """
    person = request.user
    if not isinstance(person, Person):
        return None
    strangers = [one for one in _authors(request) if one and one != str(person.pk)]
    if not strangers:
        return None
    words = _words(strangers[0], person)
    if not request.accepts("text/html"):
        briefly = _("Not saved: somebody else is signed in by now.")
        return JsonResponse({"message": words, "said": briefly, "unsent": True}, status=409)
    if not HtmxDetails(request):
        return render(request, "teams/somebody_else.html", {"words": words}, status=409)
    if by_the_page:
        return HttpResponse(status=204)
    answer = render(request, "teams/_somebody_else.html", {"words": words}, status=409)
    answer["HX-Reswap"] = "none"
    answer["HX-Trigger"] = json.dumps({"tandem:toast": {"text": words}})
    return answer


def _authors(request: HttpRequest) -> list[str]:
    return [request.headers.get(HEADER, ""), request.POST.get(AUTHOR, ""), request.POST.get(DRAWN_FOR, "")]


def _words(author: str, person: Person) -> str:
    then = Person.objects.filter(pk=id_in(author) or 0).values_list("name", flat=True).first()
    now = person.name or person.email
    if not then:
        return _(
            "You were signed in as somebody else when you wrote this; now you are %(now)s. Nothing was "
            "done and nothing is lost: copy it, load the page again and send it as %(now)s."
        ) % {"now": now}
    return _(
        "You were signed in as %(then)s when you wrote this; now you are %(now)s. Nothing was done and "
        "nothing is lost: sign in as %(then)s in another tab and send it again here, or copy it, load the "
        "page again and send it as %(now)s."
    ) % {"then": then, "now": now}
