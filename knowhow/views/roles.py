"""Role profiles: read, print, take along as Markdown, change."""

from typing import cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from knowhow.bridges.role_profiles import Texts, change_role, may_keep_roles
from knowhow.forms import RoleForm, initial_of_role
from knowhow.models import RoleProfile
from teams.http import AuthedRequest
from teams.unsent import typed
from teams.views.acting import made, show_form

LANGUAGES = ("de", "en")


@require_GET
def roles(request: AuthedRequest) -> HttpResponse:
    """All postings, those that changed last first."""
    rows = RoleProfile.objects.select_related("written_by")
    return render(request, "knowhow/roles.html", {"roles": rows, "may_keep": may_keep_roles(request.user)})


@require_GET
def role(request: AuthedRequest, pk: int) -> HttpResponse:
    """A posting in one language, to read and print."""
    found = get_object_or_404(RoleProfile, pk=pk)
    language = request.GET.get("language", "")
    language = language if language in LANGUAGES else (get_language() or "en")[:2]
    title, text = _in(found, language)
    context = {
        "role": found,
        "language": language,
        "title": title,
        "text": text,
        "may_keep": may_keep_roles(request.user),
    }
    return render(request, "knowhow/role.html", context)


def _in(found: RoleProfile, language: str) -> tuple[str, str]:
    """Title and text of a posting in ``language``."""
    if language == "de":
        return found.title_de, found.text_de
    return found.title_en, found.text_en


@require_GET
def role_file(request: AuthedRequest, pk: int, language: str) -> HttpResponse:
    """A posting in one language as a Markdown file."""
    found = get_object_or_404(RoleProfile, pk=pk)
    title, text = _in(found, language)
    headers = {"Content-Disposition": f'attachment; filename="tandem-role-{pk}-{language}.md"'}
    return HttpResponse(
        f"# {title}\n\n{text}\n", content_type="text/markdown; charset=utf-8", headers=headers
    )


@require_http_methods(["GET", "POST"])
def edit_role(request: AuthedRequest, pk: int) -> HttpResponse:
    """Change a posting."""
    found = get_object_or_404(RoleProfile, pk=pk)
    if not may_keep_roles(request.user):
        messages.error(request, _("Only leads and administrators write role profiles."))
        return redirect("knowhow:role", pk)
    form = RoleForm(typed(request), initial=initial_of_role(found))
    if request.method == "POST" and form.is_valid():
        texts, version = cast(Texts, form.cleaned_data), form.cleaned_data["version"]
        if made(
            form,
            lambda: change_role(pk, texts, by=request.user, version=version),
            now=lambda: initial_of_role(RoleProfile.objects.get(pk=pk)),
        ):
            messages.success(request, _("Saved."))
            return redirect("knowhow:role", pk)
    return show_form(request, "knowhow/edit_role.html", form, role=found)
