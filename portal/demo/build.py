"""Builds the demo's past through the domain functions, with the clock moved to when each thing happened."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from django.db import connection

from activity import clock, log
from activity.models import Origin
from knowhow.bridges.mentoring import propose_matches
from knowhow.exchanges.reminding import say_what_is_due as say_what_is_due_of_exchanges
from knowhow.solutions import warning
from notifications.digest.lead_words import coming_week, say
from notifications.digest.send import send_due_digests
from notifications.fanout import fan_out
from notifications.inbox import deliver_inbox
from notifications.models import InboxEntry
from portal.demo.calendar import Calendar
from portal.demo.catalogue import describe, talk_about
from portal.demo.company import check_ins, explain, found, set_boards, set_limits
from portal.demo.exchanges import Exchanges
from portal.demo.history import ZONE, Happening, History
from portal.demo.skills import bring_together, fill_directory
from requests_app.escalating.speaking import speak_up
from requests_app.reminding import say_what_is_due
from teams.models import Person, Team, Touchpoint
from teams.understanding import chasing

WEEKS_OF_DIGESTS = 3
TALKED_ABOUT_SOLUTIONS = timedelta(days=8, hours=-10)
READ_AFTER = timedelta(days=3)
SPEAKS_UP_SINCE, ASKED_BEFORE = timedelta(days=14), timedelta(hours=20)
MONDAY, SATURDAY = 0, 5
# Weeks ago, whose readers, who says what.
SAID_BY_LEADS = (
    (
        0,
        "crm-platform",
        "it.lead@demo.example",
        "Danke für die ruhige Woche: Die Segmente laufen seit Donnerstag ohne Handarbeit.",
    ),
    (
        0,
        "campaigns",
        "marketing.lead@demo.example",
        "Bitte bis Mittwoch die offenen Bewertungen eintragen, dann können wir in der Runde entscheiden.",
    ),
    (
        1,
        "crm-platform",
        "it.lead@demo.example",
        "Diese Woche ist Release: Rückfragen bitte gleich an die Anfrage, nicht ins Postfach.",
    ),
)
# After so many happenings the database counts anew what it holds: within a transaction nobody else does.
COUNTED_AGAIN = {100, 400}


def build(now: datetime) -> int:
    """Build the whole demo as of ``now`` (aware); returns how many requests it has."""
    local = now.astimezone(ZONE)
    monday = (local - timedelta(days=local.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    with log.origin(Origin.DEMO):
        with clock.moved_to(monday - timedelta(days=100)):
            staff, teams, goals = found(local.date())
            solutions = describe(teams, staff, {row.slug: row for row in Touchpoint.objects.all()})
            fill_directory(staff)
        history = History(Calendar(monday, now), staff, teams, goals, solutions)
        talked = Happening(monday - TALKED_ABOUT_SOLUTIONS, 700_000, partial(talk_about, solutions, staff))
        exchanges = _exchanges(monday, now, staff)
        told = [*_reminders(monday, now), *_said_by_leads(monday, now, staff, teams), *_digests(monday, now)]
        values = (Happening(at, 700_001 + n, do) for n, (at, do) in enumerate(check_ins(staff, now)))
        happenings = sorted([*history.happenings(), talked, *exchanges, *values, *told])
        for n, one in enumerate(happenings):
            if n in COUNTED_AGAIN:
                _count_again()
            with clock.moved_to(one.at):
                one.do()
        with clock.moved_to(now):
            set_limits(teams, staff["admin@demo.example"])
            set_boards(staff, goals)
        explain(staff, teams, goals, now)
        bring_together(staff, now)
        with clock.moved_to(now - ASKED_BEFORE):
            _ask_around(now)
        with clock.moved_to(now):
            _fill_inboxes(now)
    return len(history.numbers)


def _count_again() -> None:
    """Of our own tables alone: those that all databases of a server share stay free for the others."""
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(map(connection.ops.quote_name, tables))}")


def _exchanges(monday: datetime, now: datetime, staff: dict[str, Person]) -> Iterator[Happening]:
    """What people showed each other; at last, what the portal says of it by itself."""
    for n, (at, do) in enumerate(Exchanges(monday, now, staff).steps()):
        yield Happening(at, 800_000 + n, do)
    yield Happening(now, 899_999, partial(say_what_is_due_of_exchanges, now))


def _reminders(monday: datetime, now: datetime) -> Iterator[Happening]:
    """What the portal says by itself, so that nothing is due when the demo begins.

    On working days, and on Mondays before the last weeks: each morning costs hundredths of a second. What it
    speaks up about costs more, and is said from the last weeks on.
    """
    days = (day for day in range(-98, 7) if day % 7 < SATURDAY)
    mornings = (monday + timedelta(days=day, hours=8) for day in days)
    told = [at for at in mornings if at < now and (now - at < SPEAKS_UP_SINCE or at.weekday() == MONDAY)]
    for n, at in enumerate([*told, now]):
        yield Happening(at, 900_000 + n, partial(_say_what_is_due, at, speaks_up=now - at < SPEAKS_UP_SINCE))


def _say_what_is_due(at: datetime, *, speaks_up: bool) -> None:
    # At one time one act, as the scheduler has it.
    with log.together():
        say_what_is_due(at)
        if speaks_up:
            speak_up(at)


def _ask_around(now: datetime) -> None:
    """What the portal asks and proposes by itself about what people have explained and can do."""
    chasing.say_what_is_due(now)
    warning.say_what_is_due(now)
    propose_matches(now)


def _said_by_leads(
    monday: datetime, now: datetime, staff: dict[str, Person], teams: dict[str, Team]
) -> Iterator[Happening]:
    """A sentence to the readers of two teams, each on a Sunday evening before the digests."""
    for n, (weeks, team, lead, text) in enumerate(SAID_BY_LEADS):
        at = monday - timedelta(weeks=weeks, hours=6)
        if at < now:
            yield Happening(at, 950_000 + n, partial(_say, teams[team], text, staff[lead]))


def _say(team: Team, text: str, lead: Person) -> None:
    say(team, coming_week(clock.now()), text, by=lead)


def _digests(monday: datetime, now: datetime) -> Iterator[Happening]:
    due = [
        monday - timedelta(weeks=week) + timedelta(hours=7, minutes=1) for week in range(WEEKS_OF_DIGESTS + 1)
    ]
    for n, at in enumerate([moment for moment in due if moment <= now][:WEEKS_OF_DIGESTS]):
        yield Happening(at, 1_000_000 + n, partial(send_due_digests, at))


def _fill_inboxes(now: datetime) -> None:
    while fan_out():
        pass
    deliver_inbox()
    InboxEntry.objects.filter(created_at__lt=now - READ_AFTER).update(read_at=now)
