"""The situations of this room's domain functions."""

from collections.abc import Callable
from typing import Any

from knowhow.bridges import mentoring, openness, role_profiles
from knowhow.bridges.role_profiles import Texts
from knowhow.models import Mentoring
from knowhow.skills import directory, profile
from teams.models import Person, Side
from tests.factories import give_skill, make_admin, make_person, make_skill

Change = Callable[[], Any]
TEXTS = Texts(title_de="Rolle", title_en="Role", text_de="Wir suchen.", text_en="We look for.")


def adding_a_group() -> Change:
    admin = make_admin()
    return lambda: directory.add_group("Daten", "Data", Side.IT, by=admin)


def renaming_a_group() -> Change:
    admin, group = make_admin(), make_skill().group
    assert group is not None
    return lambda: directory.edit_group(group, name_de="Neu", name_en="New", side=Side.IT, by=admin)


def adding_a_skill() -> Change:
    admin, group = make_admin(), make_skill().group
    assert group is not None
    return lambda: directory.add_skill(group, "Abfragen", "Queries", by=admin, synonyms=["SQL"])


def editing_a_skill() -> Change:
    admin, skill = make_admin(), make_skill()
    return lambda: directory.edit_skill(skill, {"name_de": "Besser"}, by=admin)


def refusing_a_proposal() -> Change:
    admin = make_admin()
    skill = make_skill(group=None, state="proposed")
    return lambda: directory.refuse_skill(skill, by=admin)


def merging() -> Change:
    admin, skill, into = make_admin(), make_skill(), make_skill()
    give_skill(make_person(), skill)
    return lambda: directory.merge_skills(skill, into, by=admin)


def adding_own_skills() -> Change:
    person = make_person()
    return lambda: profile.add_skills("Abfragen 3, Kerning", by=person)


def changing_an_own_skill() -> Change:
    row = give_skill(make_person(), make_skill())
    return lambda: profile.change_skill(row.skill_id, {"teaches": True}, by=row.person)


def dropping_an_own_skill() -> Change:
    row = give_skill(make_person(), make_skill())
    return lambda: profile.drop_skill(row.skill_id, by=row.person)


def choosing() -> Change:
    person = make_person()
    return lambda: openness.choose({"bridge": True}, by=person)


def two() -> tuple[Person, Person, int]:
    """A mentor, a learner and what is to be learnt."""
    skill, mentor, learner = make_skill(), make_person(), make_person()
    give_skill(mentor, skill, 4, teaches=True)
    return mentor, learner, skill.pk


def proposing() -> Change:
    mentor, learner, skill = two()
    return lambda: mentoring.propose_pair(mentor.pk, learner.pk, skill, by=learner)


def proposed() -> Mentoring:
    mentor, learner, skill = two()
    return mentoring.propose_pair(mentor.pk, learner.pk, skill, by=learner)


def answering() -> Change:
    pair = proposed()
    return lambda: mentoring.answer_pair(pair.pk, True, by=pair.mentor)


def ending() -> Change:
    pair = proposed()
    return lambda: mentoring.end_pair(pair.pk, by=pair.mentor)


def keeping_a_role() -> Change:
    admin = make_admin()
    return lambda: role_profiles.keep_role(TEXTS, by=admin)


def changing_a_role() -> Change:
    admin = make_admin()
    role = role_profiles.keep_role(TEXTS, by=admin)
    return lambda: role_profiles.change_role(role.pk, {**TEXTS, "text_de": "Wir suchen dich."}, by=admin)


KNOWHOW: dict[str, Callable[[], Change]] = {
    "knowhow.bridges.mentoring.answer_pair": answering,
    "knowhow.bridges.mentoring.end_pair": ending,
    "knowhow.bridges.mentoring.propose_pair": proposing,
    "knowhow.bridges.openness.choose": choosing,
    "knowhow.bridges.role_profiles.change_role": changing_a_role,
    "knowhow.bridges.role_profiles.keep_role": keeping_a_role,
    "knowhow.skills.directory.add_group": adding_a_group,
    "knowhow.skills.directory.add_skill": adding_a_skill,
    "knowhow.skills.directory.edit_group": renaming_a_group,
    "knowhow.skills.directory.edit_skill": editing_a_skill,
    "knowhow.skills.directory.merge_skills": merging,
    "knowhow.skills.directory.refuse_skill": refusing_a_proposal,
    "knowhow.skills.profile.add_skills": adding_own_skills,
    "knowhow.skills.profile.change_skill": changing_an_own_skill,
    "knowhow.skills.profile.drop_skill": dropping_an_own_skill,
}
