"""What people say of themselves, and who may know it."""

import pytest
from django.http import Http404
from django.utils.translation import override

from activity.models import Event
from knowhow.bridges.openness import choose
from knowhow.models import Openness, PersonSkill, Skill
from knowhow.skills import profile
from knowhow.skills.directory import add_skill, refuse_skill
from knowhow.skills.words import USUAL_LEVEL
from teams.models import Person, Side
from teams.people import shut_out
from teams.rules import InvalidFields, RuleViolation
from tests.factories import give_skill, make_admin, make_person, make_skill, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    return make_person()


def levels(person: Person) -> dict[str, int]:
    return dict(PersonSkill.objects.filter(person=person).values_list("skill__name_de", "level"))


def test_ten_skills_come_in_one_line(person: Person) -> None:
    for n in range(9):
        make_skill(name=f"Skill{chr(97 + n)}")
    line = ", ".join(f"skill{chr(97 + n)} {n % 5}" for n in range(9)) + ", Kerning"
    rows = profile.add_skills(line, by=person)
    assert len(rows) == 10
    assert levels(person)["Skillc"] == 2
    assert levels(person)["Kerning"] == USUAL_LEVEL
    assert Event.objects.get().kind == "skills.added"


def test_a_synonym_and_either_language_mean_the_same(person: Person) -> None:
    skill = make_skill(Side.MARKETING, "opt-in", name_de="Einwilligung", name_en="Consent")
    rows = profile.add_skills("consent 1, Einwilligung 3, OPT-IN", by=person)
    assert [row.skill for row in rows] == [skill]
    assert levels(person) == {"Einwilligung": 1}


def test_a_level_corrects_what_is_there_and_none_leaves_it(person: Person) -> None:
    give_skill(person, make_skill(name="SQL"), 1)
    profile.add_skills("sql", by=person)
    assert levels(person) == {"SQL": 1}
    profile.add_skills("sql 4", by=person)
    assert levels(person) == {"SQL": 4}
    assert Event.objects.count() == 1


def test_what_is_no_longer_offered_stays_with_those_who_have_it(person: Person) -> None:
    skill = make_skill(name="Fax", state=Skill.State.ARCHIVED)
    with pytest.raises(InvalidFields):
        profile.add_skills("SQL, fax 3", by=person)
    assert not PersonSkill.objects.exists()
    give_skill(person, skill, 1)
    profile.add_skills("fax 3", by=person)
    assert levels(person) == {"Fax": 3}
    assert PersonSkill.objects.counted().filter(skill=skill).exists()


def test_two_people_propose_the_same_word_once(person: Person) -> None:
    first = profile.add_skills("Kerning", by=person)[0]
    second = profile.add_skills("kerning", by=make_person())[0]
    assert first.skill == second.skill
    assert first.skill.state == Skill.State.PROPOSED
    assert first.skill.proposed_by == person


@pytest.mark.parametrize(
    "line", ["", "  ", ",;,", "x" * 10_000, "y" * 81, "a\x00b", ", ".join(f"s{n}x" for n in range(31))]
)
def test_what_cannot_be_kept_is_told_at_the_field(person: Person, line: str) -> None:
    with pytest.raises(InvalidFields) as told:
        profile.add_skills(line, by=person)
    assert {missing.field for missing in told.value.missing} == {"skills"}
    assert not Skill.objects.exists()


def test_a_word_that_is_nearly_a_skill_is_asked_about_first(person: Person) -> None:
    make_skill(Side.MARKETING, "rundbrief", name_de="Newsletter", name_en="Newsletters")
    make_skill(name="Newsroom")
    for typed, names in (
        ("Newsleter 3", ["Newsletters"]),
        ("Newsl", ["Newsletters"]),
        ("rund", ["Newsletters"]),
    ):
        with override("en"), pytest.raises(profile.Unclear) as asked:
            profile.add_skills(f"Kerning 1, {typed}", by=person)
        assert [name for name, _line in asked.value.offers] == names
        assert [(one.code, one.field) for one in asked.value.missing] == [("did_you_mean", "skills")]
    assert "“rund”" in str(asked.value.missing[0].message)
    assert "Newsletters" in str(asked.value.missing[0].message)
    assert not Skill.objects.filter(state=Skill.State.PROPOSED).exists()
    profile.add_skills(asked.value.offers[0][1], by=person)
    assert levels(person) == {"Kerning": 1, "Newsletter": USUAL_LEVEL}


def test_whoever_says_that_it_is_new_proposes_it_all_the_same(person: Person) -> None:
    make_skill(name="JavaScript")
    rows = profile.add_skills("Java 3, JavaScript 1", by=person, new=["JAVA"])
    assert [row.skill.state for row in rows] == [Skill.State.LISTED, Skill.State.PROPOSED]
    # From then on it is a word of its own.
    assert profile.add_skills("Java 4", by=make_person())[0].skill == rows[1].skill


def test_what_was_only_proposed_is_offered_last(person: Person) -> None:
    make_skill(name="Newsletter")
    profile.add_skills("Newsleter", by=person, new=["Newsleter"])
    with pytest.raises(profile.Unclear) as asked:
        profile.add_skills("Newslete", by=person)
    assert [name for name, _line in asked.value.offers] == ["Newsletter", "Newsleter"]


def test_what_is_entered_instead_means_that_skill_also_where_its_name_ends_in_a_number(
    person: Person,
) -> None:
    skill = make_skill(name="Google Analytics 4")
    with pytest.raises(profile.Unclear) as asked:
        profile.add_skills("Google Analytics, Kerning", by=person)
    rows = profile.add_skills(asked.value.offers[0][1], by=person)
    assert {(row.skill, row.level) for row in rows} >= {(skill, USUAL_LEVEL)}


def test_what_is_not_offered_is_not_suggested_either(person: Person) -> None:
    make_skill(name="Faxversand", state=Skill.State.ARCHIVED)
    assert profile.add_skills("Faxversandt", by=person)[0].skill.state == Skill.State.PROPOSED


@pytest.mark.parametrize("name", ["ß" * 60, "\ufdfa" * 20])
def test_a_word_that_grows_in_plain_letters_is_too_long_as_well(person: Person, name: str) -> None:
    with pytest.raises(InvalidFields) as told:
        profile.add_skills(name, by=person)
    assert [missing.field for missing in told.value.missing] == ["skills"]
    group = make_skill().group
    assert group
    for field, more in (("name_de", {}), ("synonyms", {"synonyms": [name]})):
        with pytest.raises(InvalidFields) as told:
            add_skill(group, name if field == "name_de" else "Ligaturen", "Ligatures", by=None, **more)
        assert [missing.field for missing in told.value.missing] == [field]


def test_what_was_turned_down_takes_no_room(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profile, "MOST_SKILLS", 2)
    refused = profile.add_skills("one, two", by=person)[0].skill
    refuse_skill(refused, by=make_admin())
    profile.add_skills("three", by=person)
    with pytest.raises(RuleViolation):
        profile.add_skills("four", by=person)


def test_a_profile_has_an_end(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profile, "MOST_SKILLS", 2)
    profile.add_skills("one, two", by=person)
    with pytest.raises(RuleViolation):
        profile.add_skills("three", by=person)
    assert not Skill.objects.filter(name_de="three").exists()


def test_changing_says_what_differs_but_not_to_what(person: Person) -> None:
    skill = give_skill(person, make_skill(), 1).skill
    row = profile.change_skill(skill.pk, {"level": 4, "teaches": True, "last_used": 2020}, by=person)
    assert (row.level, row.teaches, row.last_used) == (4, True, 2020)
    assert Event.objects.get().data == {"fields": ["last_used", "level", "teaches"]}
    profile.change_skill(skill.pk, {"level": 4}, by=person)
    assert Event.objects.count() == 1


@pytest.mark.parametrize(
    "changes", [{"level": 5}, {"level": -1}, {"last_used": 1949}, {"last_used": 9999}, {"last_used": 0}]
)
def test_impossible_levels_and_years_are_refused(person: Person, changes: profile.Changes) -> None:
    skill = give_skill(person, make_skill()).skill
    with pytest.raises(InvalidFields):
        profile.change_skill(skill.pk, changes, by=person)


def test_nobody_changes_or_drops_what_is_not_theirs(person: Person) -> None:
    skill = give_skill(make_person(), make_skill()).skill
    with pytest.raises(Http404):
        profile.change_skill(skill.pk, {"level": 1}, by=person)
    with pytest.raises(Http404):
        profile.drop_skill(skill.pk, by=person)


def test_who_has_left_adds_nothing(person: Person) -> None:
    shut_out(person, by=make_admin())
    with pytest.raises(RuleViolation):
        profile.add_skills("SQL", by=person)


class TestWhoMayKnow:
    """By what the owner chose: all, leads, nobody."""

    @pytest.mark.parametrize(
        ("choice", "member", "lead", "admin"),
        [
            (None, True, True, True),
            (Openness.Readers.ALL, True, True, True),
            (Openness.Readers.LEADS, False, True, True),
            (Openness.Readers.NOBODY, False, False, False),
        ],
    )
    def test_readers(self, person: Person, choice: str | None, member: bool, lead: bool, admin: bool) -> None:
        row = give_skill(person, make_skill())
        if choice:
            choose({"skills": choice}, by=person)
        readers = {make_person(): member, make_person(lead_of=make_team()): lead, make_admin(): admin}
        for reader, sees in readers.items():
            assert (row in PersonSkill.objects.visible_to(reader)) is sees
        assert row in PersonSkill.objects.visible_to(person)
        assert (row in PersonSkill.objects.shown_to_all()) is member

    def test_who_left_is_shown_to_nobody_but_the_history_stays(self, person: Person) -> None:
        row = give_skill(person, make_skill())
        admin = make_admin()
        shut_out(person, by=admin)
        person.refresh_from_db()
        assert row not in PersonSkill.objects.visible_to(admin)
        assert row not in PersonSkill.objects.visible_to(person)
        assert PersonSkill.objects.filter(pk=row.pk).exists()


def test_what_one_wants_to_learn_begins_at_nothing_and_keeps_what_one_can(person: Person) -> None:
    make_skill(name="SQL")
    known = give_skill(person, make_skill(name="Figma"), 3)
    rows = {
        str(row.skill): row for row in profile.add_skills("SQL, Figma, Kerning 1", by=person, wanted=True)
    }
    assert {name: (row.level, row.wants) for name, row in rows.items()} == {
        "SQL": (0, True),
        "Figma": (3, True),
        "Kerning": (1, True),
    }
    before = Event.objects.count()
    profile.add_skills("SQL, Figma", by=person, wanted=True)
    assert Event.objects.count() == before
    profile.add_skills("SQL 2", by=person)
    known.refresh_from_db()
    assert known.wants
    assert PersonSkill.objects.get(person=person, skill__name_en="SQL").wants
