"""The directory: kept by admins, one meaning a word, merged without losing anybody's skill."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from activity.models import Event
from knowhow.models import PersonSkill, Skill, SkillGroup, SkillWord
from knowhow.skills import directory, profile
from knowhow.skills.models import SKILL_NAME
from teams.models import Person, Side
from teams.rules import InvalidFields, RuleViolation, StaleVersion
from tests.factories import give_skill, make_admin, make_person, make_skill

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Person:
    return make_admin()


@pytest.fixture
def group(admin: Person) -> SkillGroup:
    return directory.add_group("Daten", "Data", Side.IT, by=admin)


def words(skill: Skill) -> list[str]:
    return list(skill.words.values_list("text", flat=True))


def refused(change: Callable[[], object], code: str) -> None:
    with pytest.raises(RuleViolation) as told:
        change()
    assert [missing.code for missing in told.value.missing] == [code]


def test_a_skill_is_meant_by_its_names_and_synonyms(group: SkillGroup, admin: Person) -> None:
    skill = directory.add_skill(
        group, "Einwilligung", "Consent", by=admin, synonyms=["Opt-in", "opt-in", "DOI"]
    )
    assert words(skill) == ["consent", "doi", "einwilligung", "opt-in"]
    assert skill.side == Side.IT


def test_groups_stand_in_the_order_in_which_they_came(group: SkillGroup, admin: Person) -> None:
    later = directory.add_group("Texte", "Copy", Side.MARKETING, by=admin)
    assert list(SkillGroup.objects.all()) == [group, later]


@pytest.mark.parametrize("name", ["", "   ", "x" * (SKILL_NAME + 1), "bad\x00name"])
def test_a_name_must_be_one(group: SkillGroup, admin: Person, name: str) -> None:
    with pytest.raises(InvalidFields):
        directory.add_skill(group, name, "Fine", by=admin)


def test_a_synonym_of_10_000_characters_is_told_in_words(group: SkillGroup, admin: Person) -> None:
    with pytest.raises(InvalidFields) as told:
        directory.add_skill(group, "SQL", "SQL", by=admin, synonyms=["x" * 10_000])
    assert told.value.missing[0].field == "synonyms"


def test_a_word_means_one_skill(group: SkillGroup, admin: Person) -> None:
    directory.add_skill(group, "Einwilligung", "Consent", by=admin, synonyms=["Opt-in"])
    refused(lambda: directory.add_skill(group, "Anmeldung", "OPT-IN", by=admin), "already_done")
    assert not Skill.objects.filter(name_de="Anmeldung").exists()


def test_only_admins_keep_it(group: SkillGroup) -> None:
    anybody, skill = make_person(), make_skill()
    refused(lambda: directory.add_group("A", "A", Side.IT, by=anybody), "not_yours")
    refused(lambda: directory.edit_group(group, name_de="A", name_en="A", side="it", by=anybody), "not_yours")
    refused(lambda: directory.add_skill(group, "A", "A", by=anybody), "not_yours")
    refused(lambda: directory.edit_skill(skill, {"name_de": "B"}, by=anybody), "not_yours")
    refused(lambda: directory.merge_skills(skill, make_skill(), by=anybody), "not_yours")


def test_renaming_keeps_the_old_words_out_and_the_synonyms_in(group: SkillGroup, admin: Person) -> None:
    skill = directory.add_skill(group, "Tabellen", "Sheets", by=admin, synonyms=["Excel"])
    skill = directory.edit_skill(skill, {"name_en": "Spreadsheets"}, by=admin)
    assert words(skill) == ["excel", "spreadsheets", "tabellen"]
    assert skill.version == 2


def test_what_is_the_same_is_no_change(group: SkillGroup, admin: Person) -> None:
    skill = directory.add_skill(group, "SQL", "SQL", by=admin)
    assert directory.edit_skill(skill, {"name_de": "SQL", "synonyms": []}, by=admin).version == 1
    assert not Event.objects.filter(kind="skill.edited").exists()


def test_a_stale_edit_is_told(group: SkillGroup, admin: Person) -> None:
    skill = directory.add_skill(group, "SQL", "SQL", by=admin)
    directory.edit_skill(skill, {"name_de": "Abfragen"}, by=admin, version=1)
    with pytest.raises(StaleVersion):
        directory.edit_skill(skill, {"name_de": "Datenbanken"}, by=admin, version=1)


def test_a_proposal_that_gets_a_group_is_listed(group: SkillGroup, admin: Person) -> None:
    row = profile.add_skills("Matomo", by=make_person())[0]
    skill = directory.edit_skill(row.skill, {"group": group, "name_en": "Matomo Analytics"}, by=admin)
    assert skill.state == Skill.State.LISTED
    assert Event.objects.filter(kind="skill.accepted", object_id=skill.pk).exists()


def test_a_proposal_is_not_listed_without_a_group(admin: Person) -> None:
    row = profile.add_skills("Matomo", by=make_person())[0]
    with pytest.raises(InvalidFields):
        directory.edit_skill(row.skill, {"state": Skill.State.LISTED}, by=admin)


def test_what_is_turned_down_leaves_profiles_and_frees_its_word(admin: Person) -> None:
    person = make_person()
    skill = profile.add_skills("Kaffee kochen", by=person)[0].skill
    directory.refuse_skill(skill, by=admin)
    assert not PersonSkill.objects.counted().filter(person=person).exists()
    assert profile.add_skills("Kaffee kochen", by=person)[0].skill_id != skill.pk


def test_only_proposals_are_turned_down(admin: Person) -> None:
    refused(lambda: directory.refuse_skill(make_skill(), by=admin), "wrong_status")


class TestMerging:
    def test_everybody_keeps_the_best_of_both(self, admin: Person) -> None:
        excel, sheets = make_skill(name="Excel"), make_skill(name="Tabellen")
        both, one = make_person(), make_person()
        give_skill(both, excel, 4, teaches=True, last_used=2020)
        give_skill(both, sheets, 2, wants=True, last_used=2024)
        give_skill(one, excel, 1)
        directory.merge_skills(excel, sheets, by=admin)
        kept = PersonSkill.objects.get(person=both)
        assert (kept.skill, kept.level, kept.teaches, kept.wants, kept.last_used) == (
            sheets,
            4,
            True,
            True,
            2024,
        )
        assert PersonSkill.objects.get(person=one).skill == sheets

    def test_its_words_mean_the_other_one(self, admin: Person) -> None:
        excel, sheets = make_skill(Side.IT, "xls", name="Excel"), make_skill(name="Tabellen")
        directory.merge_skills(excel, sheets, by=admin)
        assert words(sheets) == ["excel", "tabellen", "xls"]
        assert SkillWord.objects.get(text="excel").is_synonym

    def test_a_chain_of_merges_leads_to_the_last(self, admin: Person) -> None:
        first, second, third = make_skill(), make_skill(), make_skill()
        directory.merge_skills(first, second, by=admin)
        directory.merge_skills(second, third, by=admin)
        first.refresh_from_db()
        assert first.merged_into == third

    def test_not_into_itself_and_not_twice(self, admin: Person) -> None:
        skill, other = make_skill(), make_skill()
        refused(lambda: directory.merge_skills(skill, skill, by=admin), "wrong_status")
        directory.merge_skills(skill, other, by=admin)
        refused(lambda: directory.merge_skills(skill, other, by=admin), "wrong_status")
        refused(lambda: directory.edit_skill(skill, {"name_de": "X"}, by=admin), "wrong_status")


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "merged"},
        {"state": "listed", "group": None},
        {"name_de": ""},
        {"state": "nonsense"},
    ],
)
def test_the_database_refuses_what_makes_no_sense(fields: dict[str, object]) -> None:
    skill = make_skill()
    with pytest.raises(IntegrityError), transaction.atomic():
        Skill.objects.filter(pk=skill.pk).update(**fields)
