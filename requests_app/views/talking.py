"""Comments and questions: said, looked at before they are said, answered, changed, deleted."""

from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from requests_app import discussion
from requests_app.choices import Status
from requests_app.discussion.comments import may_edit
from requests_app.discussion.mentions import mention, offered
from requests_app.keys import keys_in
from requests_app.models import COMMENT_TEXT, Comment, Request
from requests_app.naming import titles_of
from requests_app.querysets import HIGHEST_NUMBER
from requests_app.talk_forms import CommentForm, EditForm
from requests_app.talk_shown import answer_form
from requests_app.views.detail import PAGE, on_page, page_after_change, page_context
from teams.choosing import LONGEST
from teams.http import AuthedRequest, asked_by_the_page
from teams.ids import id_in
from teams.rules import InvalidFields, RuleViolation, StaleVersion
from teams.unsent import typed

# A page of its own for those without JavaScript; htmx gets the part alone, for the dialog.
ALONE = "requests_app/comment.html"
CHANGED = "requests_app/_comment_edit.html"


@require_http_methods(["GET", "POST"])
def comment(request: AuthedRequest, number: int) -> HttpResponse:
    """Say something; what cannot be kept is shown again, with what is wrong. The form is the request's."""
    found = submitted(request, number)
    if request.method != "POST":
        return redirect(f"{found.get_absolute_url()}#comment-form")
    form = CommentForm(request.POST)
    if request.POST.get("action") == "preview":
        return _whole_page(request, number, form, {"preview": True}, status=200)
    if form.is_valid():
        try:
            made = discussion.comment(number, by=request.user, **form.cleaned_data)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            said = _("Your question is there.") if made.question_to else _("Your comment is there.")
            return _said(request, found, made, said)
    if request.htmx:
        return render(
            request, "requests_app/_comment_form.html", {"item": found, "comment_form": form}, status=422
        )
    return _whole_page(request, number, form, {}, status=422)


def submitted(request: AuthedRequest, number: int) -> Request:
    """:raises Http404: also for a draft, about which there is no talk."""
    found = Request.objects.get_visible(request.user, number)
    if found.status == Status.DRAFT:
        raise Http404
    return found


def _whole_page(
    request: AuthedRequest, number: int, form: CommentForm, more: dict[str, Any], status: int
) -> HttpResponse:
    whole = on_page(request.user, number)
    context = page_context(request, whole, form)
    if more:
        context |= _preview(request)
    return render(request, PAGE, context, status=status)


def _said(request: AuthedRequest, found: Request, made: Comment, words: str) -> HttpResponse:
    if request.htmx:
        return page_after_change(request, found.number, words)
    return redirect(f"{found.get_absolute_url()}#comment-{made.pk}")


@asked_by_the_page
@require_POST
def preview(request: AuthedRequest, number: int) -> HttpResponse:
    """What is being written, as it will read; nothing is kept."""
    submitted(request, number)
    return render(request, "requests_app/_comment_preview.html", _preview(request))


def _preview(request: AuthedRequest) -> dict[str, Any]:
    text = request.POST.get("body", "").replace("\0", "")[:COMMENT_TEXT]
    keys = keys_in([text])
    return {"preview": text, "preview_titles": titles_of(keys, request.user) if keys else {}}


@require_GET
def mentionable(request: AuthedRequest, number: int) -> JsonResponse:
    """Whom a comment on the request may mention: those who may see it, and whom ``q`` fits."""
    found = submitted(request, number)
    words = request.GET.get("q", "").replace("\0", "")[:LONGEST]
    people = offered(found, words, request.user)
    rows = [{"name": one.name, "hint": str(one.get_side_display()), "insert": mention(one)} for one in people]
    return JsonResponse({"choices": rows})


@require_http_methods(["GET", "POST"])
def answer(request: AuthedRequest, number: int, comment: int) -> HttpResponse:
    """The answer to a question; its form stands under it."""
    found, question = _one(request, number, comment)
    if not question.question_to:
        raise Http404
    form = answer_form(question, typed(request))
    if request.method == "POST" and form.is_valid():
        body, version = form.cleaned_data["body"], _version(request)
        try:
            made = discussion.answer(number, comment, body, by=request.user, version=version)
        except (RuleViolation, StaleVersion) as refused:
            return _refused(request, found, question, form, refused, "requests_app/_answer_form.html")
        return _said(request, found, made, _("Your answer is there."))
    status = 422 if request.method == "POST" else 200
    return _show(request, found, question, "requests_app/_answer_form.html", status, form=form)


@require_http_methods(["GET", "POST"])
def edit_comment(request: AuthedRequest, number: int, comment: int) -> HttpResponse:
    """One's own comment in a form, for a quarter of an hour."""
    found, said = _one(request, number, comment)
    if request.method != "POST" and not may_edit(said, request.user):
        return redirect(f"{found.get_absolute_url()}#comment-{said.pk}")
    form = EditForm(typed(request), initial={"body": said.body}, auto_id="edit-%s")
    if request.method == "POST" and form.is_valid():
        body, version = form.cleaned_data["body"], _version(request)
        try:
            made = discussion.edit_comment(number, comment, body, by=request.user, version=version)
        except (RuleViolation, StaleVersion) as refused:
            return _refused(request, found, said, form, refused, CHANGED)
        return _said(request, found, made, _("Your comment is changed."))
    return _show(request, found, said, CHANGED, 422 if request.method == "POST" else 200, form=form)


@require_http_methods(["GET", "POST"])
def delete_comment(request: AuthedRequest, number: int, comment: int) -> HttpResponse:
    """Asks before it takes a comment's text away for good."""
    found, said = _one(request, number, comment)
    if request.method != "POST":
        return _show(request, found, said, "requests_app/_comment_delete.html")
    try:
        gone = discussion.delete_comment(number, comment, by=request.user, version=_version(request))
    except (RuleViolation, StaleVersion) as refused:
        words = _words(refused)
        return _show(request, found, said, "requests_app/_comment_delete.html", 409, refused=words)
    return _said(request, found, gone, _("The comment is deleted."))


@require_GET
def versions(request: AuthedRequest, number: int, comment: int) -> HttpResponse:
    """What a comment said before it was changed."""
    found, said = _one(request, number, comment)
    rows = said.versions.order_by("-version")
    return _show(request, found, said, "requests_app/_comment_versions.html", versions=rows)


def _one(request: AuthedRequest, number: int, comment: int) -> tuple[Request, Comment]:
    found = submitted(request, number)
    rows = Comment.objects.visible_to(request.user).filter(request=found, pk=min(comment, HIGHEST_NUMBER))
    said = rows.select_related("author").first()
    if said is None:
        raise Http404
    return found, said


def _version(request: AuthedRequest) -> int | None:
    """The version of the comment that the person had before their eyes; without one, any will do."""
    return id_in(request.POST.get("version", ""))


def _words(refused: RuleViolation | StaleVersion) -> list[str]:
    if isinstance(refused, StaleVersion):
        return [_("The comment has changed meanwhile. Look at it again, then confirm.")]
    return [str(missing.message) for missing in refused.missing]


def _refused(
    request: AuthedRequest,
    found: Request,
    said: Comment,
    form: Any,
    refused: RuleViolation | StaleVersion,
    part: str,
) -> HttpResponse:
    if isinstance(refused, RuleViolation):
        form.refuse(refused)
    else:
        form.add_error(None, _words(refused)[0])
    # What stands there now is shown above the form, and the next press counts for it.
    said.refresh_from_db()
    return _show(request, found, said, part, 422 if isinstance(refused, InvalidFields) else 409, form=form)


def _show(
    request: AuthedRequest, found: Request, said: Comment, part: str, status: int = 200, **more: Any
) -> HttpResponse:
    titles = titles_of(keys_in([said.body]), request.user)
    context = {"item": found, "comment": said, "titles": titles, "part": part, **more}
    return render(request, part if request.htmx else ALONE, context, status=status)
