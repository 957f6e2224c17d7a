"""How well something is explained: a part that any page loads by its address, and a page of its own."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from requests_app.understanding.shown import get_brief, understanding_of
from requests_app.understanding_forms import BriefAnswerForm, ConfirmForm, QuestionForm
from teams import understanding as domain
from teams.forms import DomainForm
from teams.http import AuthedRequest, asked_by_the_page
from teams.models import Brief, BriefQuestion
from teams.rules import InvalidFields, RuleViolation
from teams.unsent import typed

PART, PAGE = "teams/_understanding.html", "requests_app/understanding.html"
# In short, beside a word that means it; asked for by ``card`` in the address.
CARD = "requests_app/_brief_card.html"
Forms = dict[str, DomainForm]


@asked_by_the_page
@require_GET
def understanding(request: AuthedRequest, pk: int) -> HttpResponse:
    """Coverage, confirmations, questions and answers of one brief."""
    return _show(request, get_brief(pk), {})


@require_http_methods(["GET", "POST"])
def confirm(request: AuthedRequest, pk: int) -> HttpResponse:
    """Say that one understands it."""
    brief = get_brief(pk)
    form = confirm_form(brief, typed(request))

    def change() -> object:
        data = form.cleaned_data
        return domain.confirm(brief, data["words"], by=request.user, seen=data["seen"])

    return _take(request, brief, {"confirming": form}, change, _("Thank you. It counts from now on."))


def confirm_form(brief: Brief, data: QueryDict | None = None) -> ConfirmForm:
    """The form that says *I understand this*; of several on a page each has ids of its own."""
    return ConfirmForm(data, initial={"seen": brief.substance}, auto_id=f"id_brief_{brief.pk}_%s")


@require_http_methods(["GET", "POST"])
def ask(request: AuthedRequest, pk: int) -> HttpResponse:
    """Ask what is not clear."""
    brief, form = get_brief(pk), QuestionForm(typed(request))

    def change() -> object:
        return domain.ask(brief, form.cleaned_data["text"], by=request.user)

    return _take(request, brief, {"asking": form}, change, _("Your question is there."))


@require_http_methods(["GET", "POST"])
def answer(request: AuthedRequest, pk: int) -> HttpResponse:
    """Answer a question."""
    question = _question(pk)
    form = answer_form(question, typed(request))

    def change() -> object:
        return domain.answer(question, form.cleaned_data["text"], by=request.user)

    return _take(
        request, get_brief(question.brief_id), {"answering": form}, change, _("Your answer is there.")
    )


def answer_form(question: BriefQuestion, data: QueryDict | None = None) -> BriefAnswerForm:
    """The form under a question; its fields have ids of their own on the page."""
    initial = {"text": question.answer}
    return BriefAnswerForm(data, initial=initial, auto_id=f"id_answer_{question.pk}_%s")


@require_POST
def settle(request: AuthedRequest, pk: int) -> HttpResponse:
    """Say, as who asked, that the answer will do."""
    question = _question(pk)
    return _do(
        request, get_brief(question.brief_id), lambda: domain.settle(question, by=request.user), SETTLED
    )


@require_POST
def still_true(request: AuthedRequest, pk: int) -> HttpResponse:
    """Say, as a lead, that it still holds."""
    brief = get_brief(pk)
    return _do(request, brief, lambda: domain.still_true(brief, by=request.user), STILL_TRUE)


SETTLED = gettext_lazy("The question is settled.")
STILL_TRUE = gettext_lazy("Noted: it is still true today.")


def _question(pk: int) -> BriefQuestion:
    found: BriefQuestion | None = BriefQuestion.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _take(
    request: AuthedRequest, brief: Brief, sent: Forms, change: Callable[[], object], said: str
) -> HttpResponse:
    """Make what a form asks for; a refusal is told in the form, which keeps what was typed."""
    if request.method != "POST":
        return _show(request, brief, sent)
    form = next(iter(sent.values()))
    if not form.is_valid():
        return _show(request, brief, sent, status=422)
    try:
        change()
    except RuleViolation as violation:
        form.refuse(violation)
        status, now = 422 if isinstance(violation, InvalidFields) else 409, get_brief(brief.pk)
        if isinstance(form, ConfirmForm):
            form.read_anew(now.substance)
        return _show(request, now, sent, status=status)
    return _done(request, brief, said)


def _do(request: AuthedRequest, brief: Brief, change: Callable[[], object], said: Any) -> HttpResponse:
    try:
        change()
    except RuleViolation as violation:
        refused = " ".join(str(one.message) for one in violation.missing)
        if request.htmx:
            return _show(request, brief, {}, status=409, refused=refused)
        messages.error(request, refused)
        return redirect(brief.thing.get_absolute_url())
    return _done(request, brief, str(said))


def _done(request: AuthedRequest, brief: Brief, said: str) -> HttpResponse:
    if request.htmx:
        return _show(request, get_brief(brief.pk), {}, said=said)
    messages.success(request, said)
    return redirect(f"{brief.thing.get_absolute_url()}#understanding")


def _show(
    request: AuthedRequest, brief: Brief, sent: Forms, status: int = 200, said: str = "", refused: str = ""
) -> HttpResponse:
    shown = understanding_of(brief, request.user)
    answering = sent.get("answering")
    forms = [
        (question, answering if _is_for(answering, question) else answer_form(question))
        for question in shown.open_questions
    ]
    context = {
        "shown": shown,
        "open_questions": forms,
        "confirming": sent.get("confirming") or confirm_form(brief),
        "asking": sent.get("asking") or QuestionForm(),
        "said": said,
        "refused": refused,
        "wants": set(sent),
    }
    part = CARD if "card" in request.GET else PART
    return render(request, part if request.htmx else PAGE, context, status=status)


def _is_for(form: DomainForm | None, question: BriefQuestion) -> bool:
    return form is not None and str(form.auto_id).startswith(f"id_answer_{question.pk}_")
