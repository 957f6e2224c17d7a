"""The steps of triage that are no rows of the transition table: taking, asking, putting aside."""

from collections.abc import Callable
from datetime import time

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from activity import clock
from requests_app import discussion
from requests_app.models import Request
from requests_app.scoring.rules import rules_now
from requests_app.talk_forms import CommentForm
from requests_app.triage import snoozing
from requests_app.triage.forms import SnoozeForm, next_working_day
from requests_app.triage.history import history
from requests_app.triage.taking import take as take_it
from requests_app.views.small_forms import Question, submitted
from requests_app.views.small_forms import ask as show
from requests_app.views.triage import go_on, posted, refused
from teams.forms import DomainForm
from teams.http import AuthedRequest, asked_by_the_page
from teams.ids import id_in
from teams.models import Side, Team
from teams.rules import InvalidFields, RuleViolation
from teams.unsent import typed


@require_POST
def take(request: AuthedRequest, number: int) -> HttpResponse:
    """IT's seat for oneself; where somebody else has it, the page says who."""
    found = submitted(request, number)
    try:
        take_it(number, by=request.user, team=_team(request))
    except RuleViolation as violation:
        return refused(request, number, " ".join(str(one.message) for one in violation.missing))
    return go_on(request, number, _("You have taken %(key)s.") % {"key": found.key})


def _team(request: AuthedRequest) -> Team | None:
    """The own team that the form names."""
    chosen = id_in(request.POST.get("team", "")) or 0
    return Team.objects.filter(side=Side.IT, members=request.user, pk=chosen).first()


@require_http_methods(["GET", "POST"])
def ask(request: AuthedRequest, number: int) -> HttpResponse:
    """A question to Marketing, or a comment, without leaving the queue."""
    found = submitted(request, number)
    form = CommentForm(typed(request), initial={"question_to": Side.MARKETING}, auto_id="ask-%s")
    address = reverse("requests:triage_ask", args=[number])
    question = Question(_("Ask a question"), pgettext("button", "Send"), address, replies_into="ask-body")

    def change() -> str:
        made = discussion.comment(number, by=request.user, **form.cleaned_data)
        return _("Your question is there.") if made.question_to else _("Your comment is there.")

    return _answer(request, found, form, question, change, undo=False)


@require_http_methods(["GET", "POST"])
def snooze(request: AuthedRequest, number: int) -> HttpResponse:
    """Put a request aside until a moment."""
    found = submitted(request, number)
    form = SnoozeForm(typed(request), initial={"day": next_working_day(), "time": time(9)})
    question = Question(_("Put aside"), _("Put aside"), reverse("requests:triage_snooze", args=[number]))

    def change() -> str:
        put = snoozing.snooze(number, form.moment(), form.cleaned_data["reason"], by=request.user)
        return _("%(key)s is put aside.") % {"key": put.key}

    return _answer(request, found, form, question, change, undo=True)


@require_POST
def wake(request: AuthedRequest, number: int) -> HttpResponse:
    """Bring a request back into the queue."""
    found = submitted(request, number)
    try:
        snoozing.wake(number, by=request.user)
    except RuleViolation as violation:
        return refused(request, number, " ".join(str(one.message) for one in violation.missing))
    return go_on(request, number, _("%(key)s is back in the queue.") % {"key": found.key}, undo=False)


@asked_by_the_page
@require_GET
def first_response(request: AuthedRequest) -> HttpResponse:
    """How often the teams met the target; a part of the queue's page, or a page of its own."""
    context = {"history": history(clock.now()), "hours": rules_now().first_response_hours}
    page = "requests_app/_first_response.html" if request.htmx else "requests_app/first_response.html"
    return render(request, page, context)


def _answer(
    request: AuthedRequest,
    found: Request,
    form: DomainForm,
    question: Question,
    change: Callable[[], str],
    *,
    undo: bool,
) -> HttpResponse:
    """The form; or the ``change`` that was sent, which says what it did, and then the next request."""
    back = posted(form.data or request.GET)
    if request.method != "POST":
        return show(request, found, form, question, queue=back)
    if not form.is_valid():
        return show(request, found, form, question, 422, queue=back)
    try:
        said = change()
    except RuleViolation as violation:
        form.refuse(violation)
        status = 422 if isinstance(violation, InvalidFields) else 409
        return show(request, found, form, question, status, queue=back)
    return go_on(request, found.number, said, undo=undo)
