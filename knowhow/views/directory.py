"""The directory as everybody reads it, and as administrators keep it."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from knowhow.bridges.mentoring import pairs_of
from knowhow.bridges.role_profiles import may_keep_roles
from knowhow.forms import EditSkillForm, GroupForm, MergeForm, SkillForm, initial_of_skill
from knowhow.models import Skill, SkillGroup
from knowhow.skills import directory as domain
from knowhow.skills import reading
from teams.http import AuthedRequest, asked_by_the_page
from teams.unsent import typed
from teams.views.acting import attempt, made, show_form
from teams.views.settings import for_admins

# Who knows a skill: as many as a page reads well.
MOST_SHOWN = 100


@require_GET
def index(request: AuthedRequest) -> HttpResponse:
    """What know-how there is, and where to begin."""
    own = reading.own_skills(request.user, request.user)
    context = {
        "groups": reading.directory(),
        "has_skills": bool(own),
        "wishes": [row.skill for row in own if row.wants],
        "open_pairs": [pair for pair in pairs_of(request.user) if _waits_for(pair, request.user.pk)],
        "may_lead": may_keep_roles(request.user),
    }
    return render(request, "knowhow/index.html", context)


@asked_by_the_page
@require_GET
def counts(request: AuthedRequest) -> HttpResponse:
    """The directory with how many people can and want each skill; asked for when it comes into sight."""
    if not request.htmx:
        return redirect("knowhow:index")
    context = {"groups": reading.counted_directory(request.user)}
    return render(request, "knowhow/_directory.html", context)


def _waits_for(pair: Any, person: int) -> bool:
    own = pair.mentor_agrees if pair.mentor_id == person else pair.learner_agrees
    return pair.is_open and own is None


@require_GET
def skill(request: AuthedRequest, pk: int) -> HttpResponse:
    """Who can do something, teaches it or wants it; what was merged leads on."""
    found = get_object_or_404(Skill.objects.select_related("group").exclude(state=Skill.State.REFUSED), pk=pk)
    if found.merged_into_id:
        return redirect("knowhow:skill", found.merged_into_id)
    people = list(reading.knowing(found, request.user)[: MOST_SHOWN + 1])
    more, people = len(people) > MOST_SHOWN, people[:MOST_SHOWN]
    context = {
        "skill": found,
        "masters": [row for row in people if row.level >= reading.MASTERS],
        "others": [row for row in people if row.level < reading.MASTERS],
        "more": more,
        "synonyms": found.words.filter(is_synonym=True),
    }
    return render(request, "knowhow/skill.html", context)


@require_http_methods(["GET", "POST"])
@for_admins
def settings(request: AuthedRequest) -> HttpResponse:
    """All skills by group, what people proposed, and a form for one more."""
    form = SkillForm(typed(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if made(form, lambda: domain.add_skill(**data, by=request.user)):
            messages.success(request, _("The skill is in the directory."))
            return redirect("knowhow:settings")
    return _settings(request, form, GroupForm())


@require_POST
@for_admins
def add_group(request: AuthedRequest) -> HttpResponse:
    """One more shelf."""
    form = GroupForm(request.POST)
    if form.is_valid() and _group_added(request, form):
        messages.success(request, _("The group is there."))
        return redirect("knowhow:settings")
    return _settings(request, SkillForm(), form)


def _group_added(request: AuthedRequest, form: GroupForm) -> SkillGroup | None:
    return made(form, lambda: domain.add_group(**form.cleaned_data, by=request.user))


def _group_edited(request: AuthedRequest, form: GroupForm, found: SkillGroup) -> SkillGroup | None:
    return made(form, lambda: domain.edit_group(found, **form.cleaned_data, by=request.user))


def _settings(request: AuthedRequest, form: SkillForm, group_form: GroupForm) -> HttpResponse:
    rows = Skill.objects.exclude(state__in=[Skill.State.MERGED, Skill.State.REFUSED])
    skills = sorted(rows.prefetch_related("words"), key=reading.by_name)
    groups = [
        (group, [one for one in skills if one.group_id == group.pk]) for group in SkillGroup.objects.all()
    ]
    proposals = [one for one in skills if one.state == Skill.State.PROPOSED]
    context = {"form": form, "group_form": group_form, "groups": groups, "proposals": proposals}
    refused = request.method == "POST" and (form.errors or group_form.errors)
    return render(request, "knowhow/settings.html", context, status=422 if refused else 200)


@require_http_methods(["GET", "POST"])
@for_admins
def edit_group(request: AuthedRequest, pk: int) -> HttpResponse:
    """Rename a group, or say at whose home its skills are."""
    found = get_object_or_404(SkillGroup, pk=pk)
    initial = {name: getattr(found, name) for name in GroupForm.base_fields}
    form = GroupForm(typed(request), initial=initial)
    if request.method == "POST" and form.is_valid() and _group_edited(request, form, found):
        messages.success(request, _("Saved."))
        return redirect("knowhow:settings")
    return show_form(request, "knowhow/edit_group.html", form, group=found)


@require_http_methods(["GET", "POST"])
@for_admins
def edit_skill(request: AuthedRequest, pk: int) -> HttpResponse:
    """Change a skill, take a proposal, or merge it into another one."""
    found = _kept(pk)
    form = EditSkillForm(typed(request), initial=initial_of_skill(found))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        changes = cast(domain.SkillFields, {name: data[name] for name in data if name != "version"})
        change = lambda: domain.edit_skill(found, changes, by=request.user, version=data["version"])  # noqa: E731
        if made(form, change, now=lambda: initial_of_skill(_kept(pk))):
            messages.success(request, _("Saved."))
            return redirect("knowhow:settings")
    return show_form(request, "knowhow/edit_skill.html", form, skill=found, merge_form=_merging(found))


@require_POST
@for_admins
def merge_skill(request: AuthedRequest, pk: int) -> HttpResponse:
    """Let a skill be meant by another one."""
    found = _kept(pk)
    form = MergeForm(request.POST, offered=_merging(found).fields["into"].queryset)  # type: ignore[attr-defined]
    if not form.is_valid():
        messages.error(request, _("Choose another skill to merge it into."))
        return redirect("knowhow:edit_skill", pk)
    into = form.cleaned_data["into"]
    done = _("“%(skill)s” now means “%(into)s”.") % {"skill": found, "into": into}
    attempt(request, lambda: domain.merge_skills(found, into, by=request.user), done)
    return redirect("knowhow:settings")


@require_POST
@for_admins
def put_away(request: AuthedRequest, pk: int) -> HttpResponse:
    """Turn a proposal down; offer a skill no more, or again."""
    found = _kept(pk)
    if found.state == Skill.State.PROPOSED:
        attempt(
            request, lambda: domain.refuse_skill(found, by=request.user), _("The proposal is turned down.")
        )
        return redirect("knowhow:settings")
    archived = found.state == Skill.State.ARCHIVED
    state = Skill.State.LISTED if archived else Skill.State.ARCHIVED
    attempt(request, lambda: domain.edit_skill(found, {"state": state}, by=request.user), _("Saved."))
    return redirect("knowhow:settings")


def _kept(pk: int) -> Skill:
    """:raises Http404: for what was merged or turned down."""
    gone = [Skill.State.MERGED, Skill.State.REFUSED]
    return get_object_or_404(Skill.objects.select_related("group").exclude(state__in=gone), pk=pk)


def _merging(found: Skill) -> MergeForm:
    listed = Skill.objects.filter(state=Skill.State.LISTED).exclude(pk=found.pk)
    return MergeForm(offered=listed.order_by(reading.by_own_name(), "pk"))
