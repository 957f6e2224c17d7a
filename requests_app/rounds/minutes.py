"""The minutes of a round: they write themselves from the event log, and can be corrected.

Every reader has their own: of each request only what they may see now.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from activity import clock, log
from requests_app.choices import AgendaOutcome
from requests_app.models import NOTE_TEXT, Request, Round, RoundItem
from requests_app.rounds.meeting import get_round
from requests_app.timeline import Entry, told_between
from teams import fields
from teams.models import Person
from teams.rules import InvalidFields, Missing, RuleViolation
from teams.texts import clean_text

CORRECTED = "round.corrected"
# The mail waits for so long, so that a correction and a step taken back are in it.
MAILED_AFTER = timedelta(minutes=10)
# What Markdown would read as more than text.
MARKS = re.compile(r"([\\`*_{}\[\]<>#|~])")


@dataclass(frozen=True)
class Point:
    """One item of the agenda: what became of it, and what the log tells, or the words put in its place."""

    item: RoundItem
    entries: Sequence[Entry]

    @property
    def request(self) -> Request:
        return self.item.request

    @property
    def outcome(self) -> str:
        """In words; while the round goes on, nothing is said yet of what was not put off."""
        return str(AgendaOutcome(self.item.outcome).label) if self.item.outcome else ""


@dataclass(frozen=True)
class Minutes:
    """The minutes of ``round`` for one reader."""

    round: Round
    present: Sequence[Person]
    points: Sequence[Point]

    @property
    def decided(self) -> int:
        return sum(point.item.outcome == AgendaOutcome.DECIDED for point in self.points)

    @property
    def mailed_at(self) -> datetime | None:
        """When they go to those who were present; None while the round goes on."""
        return None if self.round.closed_at is None else self.round.closed_at + MAILED_AFTER


def minutes_of(round: Round, reader: Person) -> Minutes:
    """What the minutes tell ``reader``. Four queries."""
    there = round.presences.select_related("person").order_by("joined_at", "pk")
    present = [one.person for one in there]
    seen = RoundItem.objects.visible_to(reader).filter(round=round)
    items = list(seen.select_related("request").defer("request__words").order_by("position"))
    numbers, people = [item.request_id for item in items], [person.pk for person in present]
    until = round.closed_at or clock.now()
    told = told_between(numbers, people, round.opened_at, until, reader)
    return Minutes(round, present, [Point(item, told.get(item.request_id, [])) for item in items])


def may_correct(minutes: Minutes, person: Person) -> bool:
    """Whether ``person`` took part, and the round is over."""
    there = any(one.pk == person.pk for one in minutes.present)
    return person.is_active and there and not minutes.round.is_open


def correct_minutes(
    pk: int, notes: Mapping[int, str], *, by: Person, seen_version: int | None = None
) -> Round:
    """Put words in the place of what the log tells of items, by their ids; "" lets the log speak again.

    ``seen_version`` is what a form was built from and refuses only where both changed the same words.

    :raises Http404: where there is no such round.
    :raises InvalidFields: for a text that cannot be kept; the field is ``note_<id>``.
    :raises RuleViolation: ``not_yours`` for who did not take part, or for items that ``by`` does not see;
        ``wrong_status`` while the round goes on.
    :raises StaleVersion: where somebody else has corrected the same words.
    """
    clean = _clean(notes)
    with transaction.atomic():
        found = Round.objects.select_for_update(no_key=True).get(pk=get_round(pk).pk)
        items = _to_correct(found, clean, by)
        now = {_field(key): items[key].note for key in clean}
        wanted = {_field(key): text for key, text in clean.items()}
        changes = fields.own_changes(found, [CORRECTED], wanted, now, seen_version)
        if changes:
            changed = [key for key in clean if _field(key) in changes]
            for key in changed:
                items[key].note = clean[key]
            RoundItem.objects.bulk_update([items[key] for key in changed], ["note"])
            found.version += 1
            found.save(update_fields=["version"])
            data = {"changes": fields.told(changes, now), "version": found.version}
            log.record(CORRECTED, found, by=by, data=data)
        return found


def _to_correct(found: Round, notes: Mapping[int, str], by: Person) -> dict[int, RoundItem]:
    if found.is_open:
        raise RuleViolation([Missing("wrong_status", _("Close the round first."))])
    items = {item.pk: item for item in RoundItem.objects.visible_to(by).filter(round=found)}
    if not found.presences.filter(person=by).exists() or not notes.keys() <= items.keys():
        raise RuleViolation([Missing("not_yours", _("Minutes are corrected by those who took part."))])
    return items


def _field(key: int) -> str:
    return f"note_{key}"


def _clean(notes: Mapping[int, str]) -> dict[int, str]:
    clean: dict[int, str] = {}
    wrong: list[Missing] = []
    for key, text in notes.items():
        try:
            clean[key] = clean_text(text, _field(key), NOTE_TEXT)
        except InvalidFields as refused:
            wrong += refused.missing
    if wrong:
        raise InvalidFields(wrong)
    return clean


# As text ----------------------------------------------------------------------------------------------
def as_markdown(minutes: Minutes) -> str:
    """The minutes as Markdown, in the active language and zone."""
    opened = date_format(localtime(minutes.round.opened_at), "DATETIME_FORMAT")
    people = ", ".join(_plain(person.name) for person in minutes.present)
    head = [
        "# " + _("Round: %(title)s") % {"title": _plain(minutes.round.title)},
        f"{opened}  \n" + _("Present: %(people)s") % {"people": people},
    ]
    return "\n\n".join([*head, *(_section(point) for point in minutes.points)]) + "\n"


def _section(point: Point) -> str:
    title = f"## {point.request.key} {_plain(point.request.title)}"
    outcome = f"**{point.outcome}**" if point.outcome else ""
    if point.item.outcome == AgendaOutcome.DEFERRED:
        outcome += f": {_plain(point.item.reason)}"
    said = _plain(point.item.note) or "\n".join(_line(entry) for entry in point.entries)
    return "\n\n".join(part for part in (title, outcome, said) if part)


def _line(entry: Entry) -> str:
    reason = f" – {_plain(' '.join(entry.reason.split()))}" if entry.reason else ""
    return f"- {_plain(entry.who)} {_plain(entry.did)}{reason}"


def _plain(text: str) -> str:
    """``text`` as Markdown shows it letter by letter."""
    return MARKS.sub(r"\\\1", text)
