"""A sentence for each kind of event, in words a person would use."""

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from requests_app.choices import OutcomeVerdict, WaitingFor
from requests_app.discussion import story
from requests_app.models import Relation
from requests_app.naming import Names
from requests_app.scoring import told as scores_told
from requests_app.timeline.changes import edited
from requests_app.timeline.values import Data, day_of, moment_of, name_of, number_of, text_of
from requests_app.workflow.actions import ACTIONS

DECISIONS = {"request.accepted", "request.parked", "request.declined"}

SENTENCES: dict[str, str | Promise] = {
    "request.submitted": gettext_lazy("submitted the request"),
    "request.shaped": gettext_lazy("started shaping"),
    "request.accepted": gettext_lazy("accepted the request"),
    "request.rethought": gettext_lazy("put the request back to shaping"),
    "request.started": gettext_lazy("started the work"),
    "request.sent_back": gettext_lazy("sent the result back"),
    "request.withdrawn": gettext_lazy("withdrew the request"),
    "request.reconsidered": gettext_lazy("asked to look at the request again"),
    "request.reopened": gettext_lazy("reopened the request"),
    "request.unmerged": gettext_lazy("took the merge back"),
    "request.unblocked": gettext_lazy("removed the block"),
    "request.restricted": gettext_lazy("made the request visible only to those involved"),
    "request.opened_up": gettext_lazy("made the request visible to everybody"),
    "request.result_proposed": gettext_lazy("proposed to change the agreed result"),
    "request.result_assented": gettext_lazy(
        "agreed to change the result; the other side has to agree as well"
    ),
    "request.result_agreed": gettext_lazy("agreed to change the result, which now holds"),
    "request.measuring_postponed": gettext_lazy("put the measuring date off"),
    "request.revisit_asked": gettext_lazy("asked the tandem to look at the request again"),
    "request.outcome_asked": gettext_lazy("asked Marketing what was achieved"),
    "request.outcome_reminded": gettext_lazy("asked Marketing again what was achieved"),
    "request.learning_added": gettext_lazy("wrote down what was learnt"),
    "request.comment_edited": gettext_lazy("changed a comment"),
    "request.woken": gettext_lazy("brought the request back into triage"),
    "request.supported": gettext_lazy("needs this too"),
    "request.support_withdrawn": gettext_lazy("no longer needs this"),
}
UNKNOWN = gettext_lazy("changed something about the request")


def _assigned(data: Data, names: Names) -> str:
    before = data.get("before") or {}
    after, named = data.get("after") or before, data.get("named") or {}
    parts = [
        _taken_words(name)
        if kind == "person" and data["actor"] and after.get(name) == data["actor"]
        else _seat_words(name, text_of(named.get(name)) or name_of(names, kind, after.get(name)))
        for name, kind in SEATS.items()
        if after.get(name) != before.get(name) or name in named
    ]
    return "; ".join(parts) or _("changed who works on the request")


SEATS = {"serving_team": "team", "marketing_owner": "person", "it_owner": "person"}


def _taken_words(seat: str) -> str:
    return _("took IT's seat") if seat == "it_owner" else _("took Marketing's seat")


def _seat_words(seat: str, holder: str) -> str:
    words = {
        ("serving_team", True): _("gave the request to %(name)s"),
        ("serving_team", False): _("took the serving team off"),
        ("marketing_owner", True): _("named %(name)s as marketing owner"),
        ("marketing_owner", False): _("emptied Marketing's seat"),
        ("it_owner", True): _("named %(name)s as IT owner"),
        ("it_owner", False): _("emptied IT's seat"),
    }
    text = words[seat, bool(holder)]
    return text % {"name": holder} if holder else text


def _seat_emptied(data: Data, names: Names) -> str:
    # Its holder left the team or the company; nobody chose to give up this request.
    if data.get("seat") == "it_owner":
        text = _("emptied IT's seat: %(name)s is no longer there")
    else:
        text = _("emptied Marketing's seat: %(name)s is no longer there")
    return text % {"name": name_of(names, "person", data.get("person"))}


def _parked(data: Data, names: Names) -> str:
    if not data.get("revisit_on"):
        return _("parked the request")
    return _("parked the request until %(date)s") % {"date": day_of(data["revisit_on"])}


def _snoozed(data: Data, names: Names) -> str:
    return _("put the request aside in triage until %(moment)s") % {"moment": moment_of(data.get("until"))}


def _declined(data: Data, names: Names) -> str:
    if not data.get("solution"):
        return _("declined the request")
    return _("declined the request and pointed to the solution “%(title)s”") % {"title": _solution(data)}


def _handed_over(data: Data, names: Names) -> str:
    if not data.get("solution"):
        return _("handed the result over for review")
    return _("handed the result over for review, with the solution “%(title)s”") % {"title": _solution(data)}


def _delivered(data: Data, names: Names) -> str:
    if not data.get("measured_on"):
        return _("confirmed the delivery")
    text = _("confirmed the delivery; the result is measured on %(date)s")
    return text % {"date": day_of(data["measured_on"])}


def _merged(data: Data, names: Names) -> str:
    key = _key(data.get("into"), names)
    if not key:
        return _("merged the request as a duplicate into another one")
    return _("merged the request as a duplicate into %(key)s") % {"key": key}


def _key(number: Any, names: Names) -> str:
    """ "T-12" where the reader may know of it, else nothing."""
    return f"T-{number}" if isinstance(number, int) and ("request", number) in names else ""


def _attached(data: Data, names: Names) -> str:
    files = [file["name"] for file in data.get("files", [])]
    words = ngettext(
        "put a file to the request: %(names)s", "put files to the request: %(names)s", len(files)
    )
    return words % {"names": ", ".join(files)}


def _detached(data: Data, names: Names) -> str:
    return _("took the file %(name)s away") % {"name": data.get("name", "")}


def _linked(data: Data, names: Names) -> str:
    key = _key(data.get("other"), names)
    if not key:
        return _("linked the request with another one")
    return str(LINKED[data["relation"]]) % {"key": key}


def _unlinked(data: Data, names: Names) -> str:
    key = _key(data.get("other"), names)
    if not key:
        return _("removed a link to another request")
    return str(UNLINKED[data["relation"]]) % {"key": key}


LINKED: dict[str, str | Promise] = {
    Relation.BLOCKS: gettext_lazy("noted that this blocks %(key)s"),
    Relation.IS_BLOCKED_BY: gettext_lazy("noted that this is blocked by %(key)s"),
    Relation.DUPLICATES: gettext_lazy("noted that this duplicates %(key)s"),
    Relation.IS_DUPLICATED_BY: gettext_lazy("noted that this is duplicated by %(key)s"),
    Relation.RELATES_TO: gettext_lazy("noted that this relates to %(key)s"),
}
UNLINKED: dict[str, str | Promise] = {
    Relation.BLOCKS: gettext_lazy("noted that this no longer blocks %(key)s"),
    Relation.IS_BLOCKED_BY: gettext_lazy("noted that this is no longer blocked by %(key)s"),
    Relation.DUPLICATES: gettext_lazy("noted that this does not duplicate %(key)s"),
    Relation.IS_DUPLICATED_BY: gettext_lazy("noted that this is not duplicated by %(key)s"),
    Relation.RELATES_TO: gettext_lazy("noted that this no longer relates to %(key)s"),
}


def _undone(data: Data, names: Names) -> str:
    action = ACTIONS.get(data.get("undone", ""))
    if action is None:
        return _("took the last step back")
    return _("took the last step back: %(step)s") % {"step": action.label}


def _blocked(data: Data, names: Names) -> str:
    whom = data.get("waiting_for")
    if whom not in WaitingFor.values:
        return _("marked the request as blocked")
    if whom == WaitingFor.OUTSIDE:
        return _("marked the request as blocked: somebody outside has to act")
    return _("marked the request as blocked: %(side)s has to act") % {"side": WaitingFor(whom).label}


def _watched(data: Data, names: Names) -> str:
    if data.get("for_other"):
        return _("lets %(name)s follow the request") % {"name": name_of(names, "person", data.get("person"))}
    return _("follows the request")


def _unwatched(data: Data, names: Names) -> str:
    if data.get("for_other"):
        text = _("no longer lets %(name)s follow the request")
        return text % {"name": name_of(names, "person", data.get("person"))}
    return _("no longer follows the request")


def _item_added(data: Data, names: Names) -> str:
    return _("put “%(text)s” on the checklist") % {"text": text_of(data.get("text"))}


def _item_changed(data: Data, names: Names) -> str:
    changes = data.get("item_changes") or {}
    if list(changes) == ["person"]:
        name = name_of(names, "person", changes["person"].get("to")) or _("nobody")
        words = _("gave “%(text)s” on the checklist to %(name)s")
        return words % {"text": text_of(data.get("text")), "name": name}
    return _("changed “%(text)s” on the checklist") % {"text": text_of(data.get("text"))}


def _item_done(data: Data, names: Names) -> str:
    return _("ticked “%(text)s” off") % {"text": text_of(data.get("text"))}


def _item_reopened(data: Data, names: Names) -> str:
    return _("took the tick from “%(text)s”") % {"text": text_of(data.get("text"))}


def _item_removed(data: Data, names: Names) -> str:
    return _("took “%(text)s” off the checklist") % {"text": text_of(data.get("text"))}


def _result_rejected(data: Data, names: Names) -> str:
    if data.get("own"):
        return _("took the proposed change of the result back")
    return _("turned the proposed change of the result down")


def _stalled(data: Data, names: Names) -> str:
    since = text_of(data.get("since"))[:10]
    return _("noticed that nothing has moved since %(date)s") % {"date": day_of(since)}


def _escalated(data: Data, names: Names) -> str:
    said = {
        "stalled long": _("asked the leads of both sides, because nothing has moved for %(days)s days"),
        "deadline": _("noticed that the deadline will probably be missed"),
        "question": _("asked for an answer to a question that is %(days)s days old"),
        "first response": _("noticed that hardly any time is left for the first response"),
    }
    return said.get(text_of(data.get("cause")), _("asked for help")) % {"days": data.get("days", "")}


def _outcome_recorded(data: Data, names: Names) -> str:
    verdict = dict(OutcomeVerdict.choices).get(data.get("verdict", ""), "")
    words = _("recorded what was achieved: %(value)s – %(verdict)s")
    return words % {"value": number_of(data.get("measured", "")), "verdict": verdict}


TOLD_WITH_DETAIL: dict[str, Callable[[Data, Names], str]] = {
    "request.assigned": _assigned,
    "request.edited": edited,
    "request.seat_emptied": _seat_emptied,
    "request.parked": _parked,
    "request.declined": _declined,
    "request.snoozed": _snoozed,
    "request.handed_over": _handed_over,
    "request.delivered": _delivered,
    "request.merged": _merged,
    "request.undone": _undone,
    "request.blocked": _blocked,
    "request.item_added": _item_added,
    "request.item_changed": _item_changed,
    "request.item_done": _item_done,
    "request.item_reopened": _item_reopened,
    "request.item_removed": _item_removed,
    "request.result_rejected": _result_rejected,
    "request.stalled": _stalled,
    "request.escalated": _escalated,
    "request.outcome_recorded": _outcome_recorded,
    "request.commented": story.commented,
    "request.asked": story.asked,
    "request.answered": story.answered,
    "request.comment_deleted": story.deleted,
    "request.watched": _watched,
    "request.unwatched": _unwatched,
    "request.attached": _attached,
    "request.detached": _detached,
    "request.linked": _linked,
    "request.unlinked": _unlinked,
    "request.scored": lambda data, names: scores_told.scored(data),
    "request.score_proposed": lambda data, names: scores_told.proposed(data),
    "request.score_agreed": lambda data, names: scores_told.agreed(data),
    "request.score_reopened": lambda data, names: scores_told.reopened(data),
}


def _solution(data: Data) -> str:
    solution = data["solution"]
    return str(solution.get("title", "")) if isinstance(solution, dict) else str(solution)
