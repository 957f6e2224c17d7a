"""What an edit changed: short fields in the sentence itself, long texts word by word below it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from requests_app.choices import PersonalData, RequestType
from requests_app.models import Request
from requests_app.naming import Names
from requests_app.scoring import told as scores_told
from requests_app.timeline.diff import Part, difference
from requests_app.timeline.values import Data, day_of, euros_of, name_of, number_of, text_of

NOTHING = "–"
LONGEST_VALUE = 300
# A sentence with more than these cannot be read any more.
MOST_IN_A_SENTENCE = 3
EDITED = "request.edited"

NAMED = {
    "goal": "goal",
    "requesting_team": "team",
    "serving_team": "team",
    "touchpoints": "touchpoint",
}
DAYS = ("deadline", "measured_on", "revisit_on", "agreed_on", "personal_data_signed_on")
NUMBERS = ("baseline", "target")
EUROS = ("one_off_cost", "yearly_cost")
TEXTS = ("customer_need", "outcome", "deadline_reason", "wished_tool", "personal_data_which")
CHOICES = {"type": RequestType, "personal_data": PersonalData}
# The sentence of the event says it.
UNTOLD_FIELDS = ("restricted",)

# As they stand behind a verb: "changed the title".
OBJECTS: dict[str, str | Promise] = {
    "title": pgettext_lazy("what was changed", "the title"),
    "customer_need": pgettext_lazy("what was changed", "the customer need"),
    "outcome": pgettext_lazy("what was changed", "the outcome for the customer"),
    "type": pgettext_lazy("what was changed", "the type"),
    "metric": pgettext_lazy("what was changed", "the metric"),
    "unit": pgettext_lazy("what was changed", "the unit"),
    "baseline": pgettext_lazy("what was changed", "today's value"),
    "target": pgettext_lazy("what was changed", "the target"),
    "measured_on": pgettext_lazy("what was changed", "the measuring date"),
    "touchpoints": pgettext_lazy("what was changed", "the touchpoints"),
    "labels": pgettext_lazy("what was changed", "the labels"),
    "goal": pgettext_lazy("what was changed", "the goal"),
    "deadline": pgettext_lazy("what was changed", "the deadline"),
    "deadline_reason": pgettext_lazy("what was changed", "the reason for the deadline"),
    "wished_tool": pgettext_lazy("what was changed", "the wished tool"),
    "requesting_team": pgettext_lazy("what was changed", "the requesting team"),
    "serving_team": pgettext_lazy("what was changed", "the serving team"),
    "agreed_on": pgettext_lazy("what was changed", "the agreed delivery date"),
    "one_off_cost": pgettext_lazy("what was changed", "the expected one-off cost"),
    "yearly_cost": pgettext_lazy("what was changed", "the expected yearly cost"),
    "personal_data": pgettext_lazy("what was changed", "the statement on personal data"),
    "personal_data_which": pgettext_lazy("what was changed", "which personal data it is about"),
    "personal_data_signed_by": pgettext_lazy("what was changed", "who signed off the personal data"),
    "personal_data_signed_on": pgettext_lazy("what was changed", "the date of the sign-off"),
}


@dataclass(frozen=True)
class Change:
    """One field before and after.

    ``parts`` is the difference of a long text; what is ``in_words`` has been said in the event's sentence.
    """

    label: str
    before: str
    after: str
    parts: tuple[Part, ...] = ()
    in_words: bool = False


def changes_of(kind: str, data: Data, names: Names) -> list[Change]:
    """Every field that the event changed."""
    if "score_changes" in data:
        return [Change(*change) for change in scores_told.changes(data)]
    changed = _changed(data)
    told = kind == EDITED and len(changed) <= MOST_IN_A_SENTENCE
    return [_change(name, both, names, told) for name, both in changed.items()]


def edited(data: Data, names: Names) -> str:
    """ "moved the deadline from 1 March to 15 April; changed the goal from … to …"."""
    changed = _changed(data)
    if not changed:
        return _("changed the request")
    if len(changed) > MOST_IN_A_SENTENCE:
        things = [_object(name) for name in changed]
        words = _("changed %(things)s and %(last)s")
        return words % {"things": ", ".join(things[:-1]), "last": things[-1]}
    return "; ".join(_phrase(name, both, names) for name, both in changed.items())


def reason_in(data: Data) -> str:
    """Why a deadline was set or moved, where that is said with the deadline and nowhere else."""
    changed = _changed(data)
    return text_of(changed.get("deadline_reason", {}).get("to")) if "deadline" in changed else ""


def ids_in_changes(data: Data) -> Iterator[tuple[str, Any]]:
    """The rows that changed fields name, by kind and id."""
    for name, both in _changed(data).items():
        for value in (both.get("from"), both.get("to")) if name in NAMED else ():
            for one in value if isinstance(value, list) else [value]:
                yield NAMED[name], one


def _changed(data: Data) -> dict[str, Mapping[str, Any]]:
    changes: dict[str, Any] = {}
    for part in (data.get("changes"), data.get("proposed")):
        changes |= part if isinstance(part, dict) else {}
    # The database keeps no order of fields; the form's is the one that people know.
    order = {name: place for place, name in enumerate(OBJECTS)}
    names = sorted(changes, key=lambda name: (order.get(name, len(order)), name))
    return {name: changes[name] for name in names if name not in UNTOLD_FIELDS}


def _change(name: str, both: Mapping[str, Any], names: Names, told: bool) -> Change:
    before, after = both.get("from"), both.get("to")
    is_text = name in TEXTS
    return Change(
        label=_label(name),
        before=_value(name, before, names),
        after=_value(name, after, names),
        parts=difference(text_of(before), text_of(after)) if is_text else (),
        in_words=told and not is_text,
    )


def _phrase(name: str, both: Mapping[str, Any], names: Names) -> str:
    before, after = (_value(name, both.get(half), names) for half in ("from", "to"))
    words = _wording(name, before != NOTHING, after != NOTHING)
    return words % {"what": _object(name), "before": before, "after": after}


def _wording(name: str, was_there: bool, is_there: bool) -> str:
    if name in TEXTS:
        return _("changed %(what)s") if was_there and is_there else _text_wording(is_there)
    if name in DAYS:
        return _day_wording(was_there, is_there)
    if not is_there:
        return _("removed %(what)s “%(before)s”")
    if not was_there:
        return _("set %(what)s to “%(after)s”")
    return _("changed %(what)s from “%(before)s” to “%(after)s”")


def _text_wording(is_there: bool) -> str:
    return _("added %(what)s") if is_there else _("removed %(what)s")


def _day_wording(was_there: bool, is_there: bool) -> str:
    if not is_there:
        return _("removed %(what)s, %(before)s")
    if not was_there:
        return _("set %(what)s to %(after)s")
    return _("moved %(what)s from %(before)s to %(after)s")


def _object(name: str) -> str:
    return str(OBJECTS[name]) if name in OBJECTS else _("“%(field)s”") % {"field": _label(name)}


def _label(name: str) -> str:
    """The field's name as people know it; of a field that is gone, as the event has it."""
    try:
        return str(Request._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    except FieldDoesNotExist:
        return name.replace("_", " ")


def _value(name: str, value: Any, names: Names) -> str:
    if value in (None, "", []):
        return NOTHING
    if name in NAMED:
        kept: Iterable[Any] = value if isinstance(value, list) else [value]
        return ", ".join(name_of(names, NAMED[name], one) or str(one) for one in kept)
    if name in DAYS:
        return day_of(value)
    if name in NUMBERS:
        return number_of(value)
    if name in EUROS:
        return euros_of(value)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if name in CHOICES:
        return str(dict(CHOICES[name].choices).get(value, value))
    return Truncator(str(value)).chars(LONGEST_VALUE)
