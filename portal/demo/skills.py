"""The demo's skills, consents, mentors and role profile; its texts stand in skills.toml."""

import tomllib
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from activity import clock
from knowhow.bridges.mentoring import answer_pair, propose_pair
from knowhow.bridges.openness import choose
from knowhow.bridges.role_profiles import Texts, keep_role
from knowhow.models import SkillWord
from knowhow.skills.directory import add_group, add_skill
from knowhow.skills.profile import add_skills, change_skill
from knowhow.skills.words import plain
from requests_app.bridging.lacking import drafted, lacks
from requests_app.bridging.ties import recount
from teams.models import Person

TEXTS = tomllib.loads(Path(__file__).with_name("skills.toml").read_text())
# Mentor, learner, skill, and whether the mentor has agreed.
PAIRS = (
    ("marta.nowak@demo.example", "anna.kling@demo.example", "SQL", True),
    ("marketing@demo.example", "it@demo.example", "Newsletter", False),
)
MONTHS_OF_TIES = 4


def fill_directory(staff: dict[str, Person]) -> None:
    """The directory, and what people have said of themselves."""
    admin = staff["admin@demo.example"]
    for row in TEXTS["group"]:
        group = add_group(row["name_de"], row["name_en"], row["side"], by=admin)
        for line in row["skills"]:
            german, english, synonyms = line.split(" | ")
            add_skill(group, german, english, by=admin, synonyms=synonyms.split(", "))
    for row in TEXTS["person"]:
        _describe(staff[row["email"]], row)


def _describe(person: Person, row: dict[str, Any]) -> None:
    rows = add_skills(row["skills"], by=person)
    ids = {name: own.skill_id for own in rows for name in (own.skill.name_de, own.skill.name_en)}
    for name in _both(row.get("teaches", ()), row.get("wants", ())):
        teaches, wants = name in row.get("teaches", ()), name in row.get("wants", ())
        change_skill(ids[name], {"teaches": teaches, "wants": wants}, by=person)
    if row.get("open"):
        choose({"bridge": True}, by=person)


def _both(one: Iterable[str], other: Iterable[str]) -> list[str]:
    return list(dict.fromkeys([*one, *other]))


def bring_together(staff: dict[str, Person], now: datetime) -> None:
    """Pairs who learn from each other, what joins teams, and a posting for what is lacking."""
    with clock.moved_to(now - timedelta(days=9)):
        for mentor, learner, name, agrees in PAIRS:
            skill = SkillWord.objects.get(text=plain(name)).skill_id
            one, other = staff[mentor], staff[learner]
            pair = propose_pair(one.pk, other.pk, skill, by=one if not agrees else other)
            if agrees:
                answer_pair(pair.pk, True, by=one)
    recount(now, MONTHS_OF_TIES)
    found = drafted(lacks())
    with clock.moved_to(now - timedelta(days=3)):
        keep_role(cast(Texts, vars(found)), by=staff["it.lead@demo.example"])
