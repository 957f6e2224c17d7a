"""What happened to a request, read from the event log and told in words a person would use."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from django.utils import formats
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from activity.log import object_type
from activity.models import Event, Origin
from requests_app.choices import RequestType, WaitingFor
from requests_app.discussion import story
from requests_app.models import Relation, Request
from requests_app.naming import Names, Wanted, names_of, titles_in
from requests_app.workflow.actions import ACTIONS
from teams.models import Person

# Where a card lies in its column is of no interest later.
UNTOLD = ("request.moved",)
READ = (
    "kind",
    "occurred_at",
    "data",
    "origin",
    "actor__name",
    "actor__side",
    "for_person__name",
)
DECISIONS = {"request.accepted", "request.parked", "request.declined"}
LONGEST_VALUE = 300

Data = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """One field before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """One event, told: ``who`` and what they did make one sentence."""

    event: int
    kind: str
    at: datetime
    who: str
    did: str
    side: str = ""
    reason: str = ""
    changes: list[Change] = field(default_factory=list)
    comment: int | None = None
    # The status that a step led away from.
    came_from: str = ""
    is_decision: bool = False
    is_imported: bool = False


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
    "request.edited": gettext_lazy("changed the request"),
    "request.comment_edited": gettext_lazy("changed a comment"),
    "request.supported": gettext_lazy("needs this too"),
    "request.support_withdrawn": gettext_lazy("no longer needs this"),
}
UNKNOWN = gettext_lazy("changed something about the request")


class Story(NamedTuple):
    """Entries from newest to oldest, whether there are older ones; titles of requests by their numbers."""

    entries: list[Entry]
    older: bool
    titles: dict[int, str]


def timeline(
    request: Request, limit: int, reader: Person | None = None, mentioned: Iterable[int] = ()
) -> Story:
    """The newest ``limit`` events of ``request``; whoever sees the request sees its events. Two queries.

    Other requests are named only where ``reader`` may see them; of those ``mentioned`` in the page's texts
    the titles are looked up with the same query.
    """
    events = Event.objects.filter(object_type=object_type(request), object_id=request.pk)
    told = events.exclude(kind__in=UNTOLD).select_related("actor", "for_person").only(*READ)
    # What was imported comes into the log late; a person reads it by the time at which it happened.
    newest = list(told.order_by("-occurred_at", "-id")[: limit + 1])
    shown = newest[:limit]
    names = names_of(_wanted(shown, mentioned), reader)
    return Story([_entry(event, names) for event in shown], len(newest) > limit, titles_in(names))


def _entry(event: Event, names: Names) -> Entry:
    return Entry(
        event=event.pk,
        kind=event.kind,
        at=event.occurred_at,
        who=_who(event),
        did=_did(event, names),
        side=event.actor.side if event.actor else "",
        reason=_text(event.data.get("reason")),
        changes=_changes(event, names),
        comment=event.data.get("comment"),
        came_from=_text(event.data.get("from")),
        is_decision=event.kind in DECISIONS,
        is_imported=event.origin == Origin.IMPORT,
    )


def _who(event: Event) -> str:
    if event.actor is None:
        # People of imported files are text, never accounts.
        return _text(event.data.get("by")) or (
            pgettext("actor", "Somebody") if event.origin == Origin.IMPORT else "Tandem"
        )
    if event.for_person is None or event.for_person == event.actor:
        return event.actor.name
    return _("%(person)s for %(absent)s") % {"person": event.actor.name, "absent": event.for_person.name}


def _did(event: Event, names: Names) -> str:
    say = TOLD_WITH_DETAIL.get(event.kind)
    data = {
        **event.data,
        "for_other": event.data.get("person") not in (None, event.actor_id),
        "actor": event.actor_id,
    }
    words = say(data, names) if say else str(SENTENCES.get(event.kind, UNKNOWN))
    if event.data.get("override"):
        words = _("%(what)s, although conditions were missing") % {"what": words}
    return words


def _assigned(data: Data, names: Names) -> str:
    before, after = data.get("before") or {}, data.get("after") or {}
    parts = [
        _taken_words(name)
        if kind == "person" and data["actor"] and after.get(name) == data["actor"]
        else _seat_words(name, _name(names, kind, after.get(name)) or _text(data.get(name)))
        for name, kind in SEATS.items()
        if after.get(name) != before.get(name) or isinstance(data.get(name), str)
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


def _parked(data: Data, names: Names) -> str:
    if not data.get("revisit_on"):
        return _("parked the request")
    return _("parked the request until %(date)s") % {"date": _day(data["revisit_on"])}


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
    return text % {"date": _day(data["measured_on"])}


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
        return _("lets %(name)s follow the request") % {"name": _name(names, "person", data.get("person"))}
    return _("follows the request")


def _unwatched(data: Data, names: Names) -> str:
    if data.get("for_other"):
        text = _("no longer lets %(name)s follow the request")
        return text % {"name": _name(names, "person", data.get("person"))}
    return _("no longer follows the request")


TOLD_WITH_DETAIL: dict[str, Callable[[Data, Names], str]] = {
    "request.assigned": _assigned,
    "request.parked": _parked,
    "request.declined": _declined,
    "request.handed_over": _handed_over,
    "request.delivered": _delivered,
    "request.merged": _merged,
    "request.undone": _undone,
    "request.blocked": _blocked,
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
}


def _changes(event: Event, names: Names) -> list[Change]:
    changes = event.data.get("changes")
    if not isinstance(changes, dict):
        return []
    return [
        Change(_label(name), _value(name, both.get("from"), names), _value(name, both.get("to"), names))
        for name, both in changes.items()
        if name != "restricted"
    ]


def _label(name: str) -> str:
    return str(Request._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


NAMED = {
    "goal": "goal",
    "requesting_team": "team",
    "serving_team": "team",
    "touchpoints": "touchpoint",
}
DAYS = ("deadline", "measured_on", "revisit_on")


def _value(name: str, value: Any, names: Names) -> str:
    if value in (None, "", []):
        return "–"
    if name in NAMED:
        kept = value if isinstance(value, list) else [value]
        return ", ".join(_name(names, NAMED[name], one) or str(one) for one in kept)
    if name in DAYS:
        return _day(value)
    if name == "labels":
        return ", ".join(value)
    if name == "type":
        return str(dict(RequestType.choices).get(value, value))
    return Truncator(str(value)).chars(LONGEST_VALUE)


def _day(value: str) -> str:
    try:
        return formats.date_format(date.fromisoformat(value))
    except (TypeError, ValueError):
        return str(value)


def _solution(data: Data) -> str:
    solution = data["solution"]
    return str(solution.get("title", "")) if isinstance(solution, dict) else str(solution)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _name(names: Names, kind: str, number: Any) -> str:
    return names.get((kind, number), "") if isinstance(number, int) else ""


def _wanted(events: Iterable[Event], mentioned: Iterable[int]) -> Wanted:
    """All rows that the events name by id."""
    wanted: Wanted = {"request": set(mentioned)}
    for event in events:
        for kind, number in _ids_in(event.data):
            if isinstance(number, int):
                wanted.setdefault(kind, set()).add(number)
    return wanted


def _ids_in(data: Data) -> Iterable[tuple[str, Any]]:
    for half in (data.get("before"), data.get("after")):
        for name, kind in SEATS.items():
            if isinstance(half, dict):
                yield kind, half.get(name)
    yield "person", data.get("person")
    yield "request", data.get("into")
    yield "request", data.get("other")
    changes = data.get("changes")
    for name, both in changes.items() if isinstance(changes, dict) else ():
        for value in (both.get("from"), both.get("to")):
            for one in value if isinstance(value, list) else [value]:
                if name in NAMED:
                    yield NAMED[name], one
