"""The checklist of a request, and the answer to a proposed result."""

from functools import partial

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from requests_app.agreeing_forms import ItemForm
from requests_app.before_work import checklist, proposals
from requests_app.models import ChecklistItem
from requests_app.views.small_forms import Question, ask, do, done, submitted, take
from teams.http import AuthedRequest
from teams.ids import id_in
from teams.rules import StaleVersion


@require_http_methods(["GET", "POST"])
def add(request: AuthedRequest, number: int) -> HttpResponse:
    """Put something on the checklist."""
    found = submitted(request, number)
    address = reverse("requests:checklist", args=[number])
    question = Question(_("Put on the checklist"), _("Put on the list"), address)
    if request.method != "POST":
        return ask(request, found, ItemForm(request=found), question)
    form = ItemForm(request.POST, request=found)
    return take(
        request,
        found,
        form,
        question,
        lambda: checklist.add_item(
            number, form.cleaned_data["text"], form.cleaned_data["person"], by=request.user
        ),
    )


@require_http_methods(["GET", "POST"])
def change(request: AuthedRequest, number: int, item: int) -> HttpResponse:
    """Change or remove an item."""
    found = submitted(request, number)
    row = ChecklistItem.objects.visible_to(request.user).filter(request=found, pk=item).first()
    if row is None:
        raise Http404
    address = reverse("requests:checklist_item", args=[number, item])
    question = Question(_("Change the item"), _("Save"), address, removable=True)
    if "remove" in request.POST:
        return do(request, found, partial(checklist.remove_item, number, item, by=request.user))
    start = {"text": row.text, "person": row.person, "version": found.version}
    if request.method != "POST":
        return ask(request, found, ItemForm(request=found, chosen=row.person, initial=start), question)
    form = ItemForm(request.POST, request=found, chosen=row.person)

    def save() -> object:
        data = form.cleaned_data
        return checklist.change_item(
            number,
            item,
            by=request.user,
            text=data["text"],
            person=data["person"],
            seen_version=data["version"],
        )

    return take(request, found, form, question, save, lambda: start)


@require_POST
def tick(request: AuthedRequest, number: int, item: int) -> HttpResponse:
    """Say that an item is done, or is not."""
    found = submitted(request, number)
    done = request.POST.get("done") != "no"
    return do(request, found, partial(checklist.change_item, number, item, by=request.user, done=done))


@require_POST
def move(request: AuthedRequest, number: int, item: int) -> HttpResponse:
    """Put an item behind another one, or on top."""
    found = submitted(request, number)
    after = request.POST.get("after", "")
    behind = id_in(after)
    if after and behind is None:
        raise Http404
    return do(request, found, partial(checklist.move_item, number, item, behind, by=request.user))


@require_POST
def answer_proposal(request: AuthedRequest, number: int) -> HttpResponse:
    """Assent to the proposed result, or turn it down."""
    found = submitted(request, number)
    answer = proposals.assent if request.POST.get("answer") == "assent" else proposals.reject
    try:
        return do(
            request, found, partial(answer, number, by=request.user, stamp=request.POST.get("stamp", ""))
        )
    except StaleVersion:
        words = _("The proposal has changed meanwhile. Look at it again.")
        return done(request, found, words, wrong=True)
