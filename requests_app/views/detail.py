"""The page of one request: what it is, whose turn it is, what can be done now, talk and timeline."""

import json
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from activity import clock
from requests_app.before_work.shown import before_work_of, with_before_work
from requests_app.belongings import belongings
from requests_app.choices import Status
from requests_app.intake.edit import may_edit_in
from requests_app.link_forms import LinkForm
from requests_app.models import ASKABLE, Request
from requests_app.outcomes.shown import review_of, with_outcomes
from requests_app.querysets import RequestQuerySet, number_from
from requests_app.scoring.acceptance import accepted_although, with_acceptance
from requests_app.scoring.panel import panel_of
from requests_app.scoring.reading import with_scores
from requests_app.side_times import times_of, with_turns
from requests_app.steps import asked_by, life_of, seats_to_take, steps_of
from requests_app.talk_forms import CommentForm
from requests_app.talk_shown import named_in, newest_comments, talk
from requests_app.timeline import UNTOLD, Entry, by_day, newest_event, timeline
from requests_app.timeline.subjects import choices, known
from requests_app.workflow.actions import ACTIONS
from requests_app.workflow.conditions import UNDO_WITHIN
from requests_app.workflow.situation import Situation, look
from requests_app.workflow.verdicts import verdict
from teams import prepared
from teams.http import AuthedRequest
from teams.models import Person
from teams.unsent import typed

# More than these are shown on request: a page must not grow without end.
SHOWN_EVENTS = 30
SHOWN_COMMENTS = 100
ALL = 10_000

# What a page that is open says of a change; of all others it says "other".
NEWS_WORDS = {
    "request.commented": _("There is a new comment."),
    "request.asked": _("There is a new question."),
    "request.answered": _("There is a new answer."),
    "request.attached": _("There is a new file."),
    "other": _("This request was changed."),
}

# Events whose reason stands at the top while the request is put aside.
PUT_ASIDE = ("request.parked", "request.declined", "request.withdrawn", "request.merged")
BODY = "requests_app/_request.html"
TIMELINE = "requests_app/_timeline.html"
TIMELINE_PAGE = "requests_app/timeline.html"
PAGE = "requests_app/detail.html"
# Stands for the number in the query that is kept.
ANY_NUMBER = -1


@require_GET
def detail(request: AuthedRequest, number: int) -> HttpResponse:
    """The page; one's own draft is shown in the form that it is written in.

    A merged request leads to the one that stays, except where it is asked for by ``?own=1``.
    """
    found = on_page(request.user, number)
    if found.status == Status.DRAFT:
        return redirect("requests:edit", found.number)
    if request.htmx:
        return _body(request, found)
    if found.duplicate_of_id and request.GET.get("own") != "1":
        original = _kin(found, request.user)["original"]
        if original:
            return redirect(f"{reverse('requests:detail', args=[original])}?merged={found.number}")
    unsent = typed(request, at=reverse("requests:comment", args=[number]))
    form = CommentForm(unsent) if unsent else None
    return render(request, PAGE, page_context(request, found, form))


def on_page(person: Person, number: int) -> Request:
    """The request with everything that ``page_context`` shows of it, in one query.

    :raises Http404: where the person may not see it.
    """
    # What is changed before it is shown is changed by now.
    person.keep_teams()
    found = prepared.rows(_for_page, person, ANY_NUMBER, values={ANY_NUMBER: number_from(number)})
    if not found:
        raise Http404
    shown: Request = found[0]
    return shown


def _for_page(person: Person, number: int) -> RequestQuerySet:
    rows = with_acceptance(with_scores(Request.objects.for_page(person), person))
    return with_turns(with_outcomes(with_before_work(rows))).visible_to(person).filter(number=number)


def page_after_change(request: AuthedRequest, number: int, said: str = "") -> HttpResponse:
    """The page's body anew, for htmx to put in the place of the old one; ``said`` is told in a toast.

    A step that was taken in a round is shown there: its page is told, and asks for what stands there now.
    """
    if _in_a_round(request):
        told = {"tandem:done": {}, "tandem:toast": {"text": said or gettext("Saved.")}}
        return HttpResponse(headers={"HX-Reswap": "none", "HX-Trigger": json.dumps(told)})
    answer = _body(request, on_page(request.user, number))
    if said:
        answer["HX-Trigger"] = json.dumps({"tandem:toast": {"text": said}})
    return answer


def _body(request: AuthedRequest, found: Request) -> HttpResponse:
    answer = render(request, BODY, page_context(request, found))
    answer["HX-Retarget"] = "#request"
    answer["HX-Reswap"] = "outerHTML"
    return answer


def _in_a_round(request: AuthedRequest) -> bool:
    path = request.htmx.current_url_abs_path or ""
    return path.startswith(reverse("requests:rounds"))


def page_context(
    request: AuthedRequest, found: Request, comment_form: CommentForm | None = None
) -> dict[str, Any]:
    """Everything that the page's templates show of ``found``, which comes from ``on_page``."""
    everything = request.GET.get("all") == "1"
    comments, more_comments = newest_comments(found, ALL if everything else SHOWN_COMMENTS)
    keys = named_in(comments, found.customer_need, found.outcome)
    entries, older, titles = timeline(found, ALL if everything else SHOWN_EVENTS, request.user, keys)
    situation, kin = look(found, request.user), _kin(found, request.user)
    aside = None if found.is_open else next((one for one in entries if one.kind in PUT_ASIDE), None)
    return {
        "item": found,
        "life": life_of(found, aside.came_from if aside else ""),
        "aside": aside,
        "talk": talk(comments, situation),
        "more_comments": more_comments,
        "titles": titles,
        "merged": _merged(request, kin["duplicates"]),
        "told_days": by_day(entries),
        "mark": max((entry.event for entry in entries), default=0),
        "news_words": NEWS_WORDS | {"untold": sorted(UNTOLD)},
        "subjects": choices(),
        "older": older,
        **kin,
        "comment_form": comment_form or CommentForm(initial=_asked_side(request)),
        "link_form": LinkForm(),
        "ask": asked_by(found, request.user) if found.is_open else "",
        "although": accepted_although(found),
        **belongings(found, request.user, situation.roles.takes_care),
        **_what_to_do(situation, entries),
    }


@require_GET
def state(request: AuthedRequest, number: int) -> JsonResponse:
    """Up to which event the page would tell: whether one that is open still shows the truth."""
    found = Request.objects.get_visible(request.user, number)
    return JsonResponse({"mark": newest_event(found, request.user)})


@require_GET
def what_happened(request: AuthedRequest, number: int) -> HttpResponse:
    """What happened to a request, filtered by ``?told=``; for htmx that section of its page alone."""
    found = Request.objects.get_visible(request.user, number)
    if found.status == Status.DRAFT:
        raise Http404
    subject = known(request.GET.get("told", ""))
    limit = ALL if request.GET.get("all") == "1" else SHOWN_EVENTS
    story = timeline(found, limit, request.user, subject=subject)
    context = {
        "item": found,
        "told_days": by_day(story.entries),
        "older": story.older,
        "subjects": choices(),
        "subject": subject,
    }
    return render(request, TIMELINE if request.htmx else TIMELINE_PAGE, context)


def _asked_side(request: AuthedRequest) -> dict[str, str]:
    """The side that a link proposes to ask, as *triage* does."""
    side = request.GET.get("ask", "")
    return {"question_to": side} if side in dict(ASKABLE) else {}


def _kin(found: Any, person: Person) -> dict[str, Any]:
    """The duplicates, and what it is a duplicate of, as far as the person may see them; seldom a query."""
    numbers = {*found.copies, found.duplicate_of_id} - {None}
    seen: set[int] = set()
    if numbers:
        visible = Request.objects.visible_to(person).filter(number__in=numbers)
        seen = set(visible.values_list("number", flat=True))
    return {
        "duplicates": [number for number in found.copies if number in seen],
        "original": found.duplicate_of_id if found.duplicate_of_id in seen else None,
    }


def _merged(request: AuthedRequest, duplicates: list[int]) -> int | None:
    """The number of the merged request from whose page one comes."""
    number = request.GET.get("merged", "")
    return next((copy for copy in duplicates if str(copy) == number), None)


def _what_to_do(situation: Situation, entries: list[Entry]) -> dict[str, Any]:
    found, person = situation.request, situation.by
    verdicts = [verdict(action, situation) for action in ACTIONS.values()]
    steps = steps_of(found, verdicts)
    return {
        "steps": steps,
        "seats_to_take": seats_to_take(found, verdicts, person),
        "may_edit": may_edit_in(situation),
        "before_work": before_work_of(situation),
        "review": review_of(situation),
        "side_times": times_of(found),
        "is_stalled": found.is_stalled,
        "scores": panel_of(found, person, situation.roles),
        "undo_seconds": _undo_seconds(entries) if steps.undo else 0,
    }


def _undo_seconds(entries: list[Entry]) -> int:
    """How long the last step can still be taken back."""
    left = UNDO_WITHIN - (clock.now() - entries[0].at) if entries else UNDO_WITHIN
    return max(1, int(left.total_seconds()))
