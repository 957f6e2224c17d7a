"""The demo's company: Nordwind, an outdoor retailer with a shop, an app and 34 branches."""

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password

from activity import clock
from requests_app.boards.making import edit_board, make_board
from requests_app.boards.wanted import BoardFields, ColumnFields
from requests_app.boards.wip import set_wip_limit
from requests_app.choices import Status
from requests_app.models import Request
from teams import people
from teams.company import FirstStart, start
from teams.goal_forms import BRIEF
from teams.goals import add_key_result, check_in, create_goal
from teams.models import Goal, KeyResult, Person, Role, Team
from teams.teams import create_team, edit_team
from teams.understanding import answer, ask, confirm, still_true

PASSWORD = "tandem-demo"  # noqa: S105 - printed by `make demo`; these accounts exist only there


@dataclass(frozen=True)
class Hire:
    """Somebody who works there: language, teams they belong to, the one they lead."""

    email: str
    name: str
    language: str
    teams: tuple[str, ...] = ()
    leads: str = ""
    is_admin: bool = False


TEXTS = tomllib.loads(Path(__file__).with_name("company.toml").read_text())
STAFF = (
    Hire("admin@demo.example", "Petra Albers", "de", is_admin=True),
    Hire("marketing@demo.example", "Mira Brandt", "de", ("campaigns",)),
    Hire("marketing.lead@demo.example", "Jonas Sander", "de", leads="campaigns"),
    Hire("it@demo.example", "Tom Reiter", "de", ("crm-platform",)),
    Hire("it.lead@demo.example", "Leyla Hoffmann", "de", leads="crm-platform"),
    Hire("bridge@demo.example", "Priya Sharma", "en", ("campaigns", "crm-platform")),
    Hire("outsider@demo.example", "Olaf Winter", "de", ("stores",)),
    Hire("anna.kling@demo.example", "Anna Kling", "de", ("campaigns",)),
    Hire("emre.yildiz@demo.example", "Emre Yıldız", "de", ("campaigns",)),
    Hire("carla.voss@demo.example", "Carla Voß", "de", leads="loyalty"),
    Hire("ben.okafor@demo.example", "Ben Okafor", "en", ("loyalty",)),
    Hire("sofie.lund@demo.example", "Sofie Lund", "de", ("loyalty",)),
    Hire("matteo.ricci@demo.example", "Matteo Ricci", "de", ("loyalty",)),
    Hire("hanna.beck@demo.example", "Hanna Beck", "de", leads="brand"),
    Hire("grace.miller@demo.example", "Grace Miller", "en", ("brand",)),
    Hire("paul.neumann@demo.example", "Paul Neumann", "de", ("brand",)),
    Hire("ida.schwarz@demo.example", "Ida Schwarz", "de", ("crm-platform",)),
    Hire("viktor.petrov@demo.example", "Viktor Petrov", "de", ("crm-platform",)),
    Hire("nora.falk@demo.example", "Nora Falk", "de", leads="web-platform"),
    Hire("daniel.cho@demo.example", "Daniel Cho", "en", ("web-platform",)),
    Hire("lena.graf@demo.example", "Lena Graf", "de", ("web-platform",)),
    Hire("yusuf.demir@demo.example", "Yusuf Demir", "de", ("web-platform",)),
    Hire("sven.larsen@demo.example", "Sven Larsen", "de", leads="data-integration"),
    Hire("marta.nowak@demo.example", "Marta Nowak", "de", ("data-integration",)),
    Hire("felix.ott@demo.example", "Felix Ott", "de", ("data-integration", "brand")),
    Hire("birgit.haas@demo.example", "Birgit Haas", "de", leads="stores"),
    # Works with nobody yet: what the map of teams says of them.
    Hire("rosa.adler@demo.example", "Rosa Adler", "de", leads="service"),
    Hire("malik.stein@demo.example", "Malik Stein", "de", ("service",)),
)
FREE_SLOTS = {"crm-platform": 3, "data-integration": 1, "web-platform": 0}


def found(today: date) -> tuple[dict[str, Person], dict[str, Team], dict[str, Goal]]:
    """The company with its people by e-mail, teams by slug and goals by key, set for this quarter."""
    admin = people.create_person(STAFF[0].email, STAFF[0].name, by=None)
    people.make_admin(admin, by=None)
    admin = Person.objects.get(pk=admin.pk)
    # The slugs that others rely on follow from these names; the teams then get their own.
    start(FirstStart("Nordwind", "Europe/Berlin", "CRM platform", "Campaigns"), by=admin)
    teams = {row["slug"]: _team(admin=admin, **row) for row in TEXTS["team"]}
    staff = {admin.email: admin} | {hire.email: _hire(hire, teams, admin) for hire in STAFF[1:]}
    _let_in(staff)
    goals: dict[str, Goal] = {}
    for row in TEXTS["goal"]:
        goals[row["key"]] = _goal(row, teams, goals, admin, today)
    return staff, teams, goals


def _team(slug: str, name: str, side: str, brief: str, admin: Person, **way_in: Any) -> Team:
    there = Team.objects.filter(slug=slug).first()
    if there is None:
        there = create_team(name, side, by=admin, brief=brief, slug=slug)
    return edit_team(there, name=name, brief=brief, by=admin, **way_in)


def _goal(
    row: dict[str, Any], teams: dict[str, Team], goals: dict[str, Goal], admin: Person, today: date
) -> Goal:
    owners, first = [teams[slug] for slug in row["teams"]], _quarter(today)
    details = {name: row[name] for name in ("is_company", *BRIEF) if name in row}
    goal = create_goal(
        row["title"],
        owners,
        by=admin,
        parent=goals.get(row.get("parent", "")),
        starts_on=first,
        ends_on=_quarter(first + timedelta(days=92 * row.get("quarters", 1) + 5)) - timedelta(days=1),
        **details,
    )
    for one in row.get("key_result", ()):
        numbers = {name: Decimal(str(one[name])) for name in ("baseline", "target")}
        add_key_result(goal, one["title"], unit=one["unit"], by=admin, **numbers)
    return goal


def _quarter(day: date) -> date:
    """The first day of its quarter."""
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)


CONFIDENCES = ("high", "medium", "high", "medium")


def check_ins(staff: dict[str, Person], now: datetime) -> Iterator[tuple[datetime, Callable[[], object]]]:
    """The values of the last weeks with their moments, by leads of the owning teams; the newest of yesterday.

    They come in between everything else, so that digests tell of them.
    """
    leads = {hire.leads: staff[hire.email] for hire in STAFF if hire.leads}
    for row in TEXTS["goal"]:
        for one in row.get("key_result", ()):
            measured, by = KeyResult.objects.get(title=one["title"]), leads[row["teams"][0]]
            for n, value in enumerate(reversed(one["values"])):
                number, sure = Decimal(str(value)), CONFIDENCES[n]
                at = now - timedelta(days=14 * n, hours=20)
                yield at, partial(check_in, measured, number, confidence=sure, by=by)


def _hire(hire: Hire, teams: dict[str, Team], admin: Person) -> Person:
    person = people.create_person(hire.email, hire.name, by=admin)
    for slug in hire.teams:
        people.add_member(teams[slug], person, by=admin)
    if hire.leads:
        people.add_member(teams[hire.leads], person, Role.LEAD, by=admin)
    return Person.objects.get(pk=person.pk)


def _let_in(staff: dict[str, Person]) -> None:
    """Give all of them the well-known password; one hash, because each would cost a tenth of a second."""
    secret = make_password(PASSWORD)
    for hire in STAFF:
        person = staff[hire.email]
        person.password, person.language, person.is_demo = secret, hire.language, True
        person.save(update_fields=["password", "language", "is_demo"])


def set_boards(staff: dict[str, Person], goals: dict[str, Goal]) -> None:
    """Set up the board that is shown first, and make one that goes across teams."""
    columns: dict[str, ColumnFields] = {
        "ready": {"policy": "Beide Seiten haben bewertet, und der Hebel reicht."},
        "in_review": {"policy": "Die Lösung läuft und ist in einfachen Worten erklärt."},
    }
    own: BoardFields = {"columns": columns, "operations_share": 35}
    edit_board("crm-platform", own, by=staff["it.lead@demo.example"])
    across: BoardFields = {"name": "Wiederkäufe, alle Teams", "goal": goals["repeat"]}
    make_board(across, by=staff["marketing.lead@demo.example"])


def set_limits(teams: dict[str, Team], by: Person) -> None:
    """Limit the work in progress of the IT teams: two free slots, one free, none."""
    for slug, free in FREE_SLOTS.items():
        team = teams[slug]
        held = Request.objects.filter(serving_team=team, status=Status.IN_PROGRESS).count()
        set_wip_limit(team, Status.IN_PROGRESS, held + free, by=by)


def explain(staff: dict[str, Person], teams: dict[str, Team], goals: dict[str, Goal], now: datetime) -> None:
    """What people confirmed, asked and answered in the last weeks, and what was looked at anew."""
    with clock.moved_to(now - timedelta(days=8)):
        for row in TEXTS["reviewed"]:
            briefs = [goals[key].understanding for key in row["goals"]]
            briefs += [teams[slug].understanding for slug in row["teams"]]
            for brief in briefs:
                still_true(brief, by=staff["admin@demo.example"])
    with clock.moved_to(now - timedelta(days=6)):
        for row in TEXTS["confirmed"]:
            confirm(goals[row["goal"]].understanding, row["words"], by=staff[row["by"]])
    with clock.moved_to(now - timedelta(days=4)):
        for row in TEXTS["asked"]:
            asked = ask(goals[row["goal"]].understanding, row["text"], by=staff[row["by"]])
            if "answer" in row:
                answer(asked, row["answer"], by=staff[row["answered_by"]])
