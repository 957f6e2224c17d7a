"""What pages show of the directory, in a fixed number of queries."""

from typing import Any

import pytest
from django.utils.translation import override

from knowhow.bridges.openness import choose
from knowhow.models import Openness, Skill
from knowhow.skills import reading
from teams.models import Person, Side
from tests.factories import give_skill, make_person, make_skill

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader() -> Person:
    return make_person()


def counts(reader: Person) -> dict[str, tuple[int, int]]:
    skills = [skill for _group, found in reading.counted_directory(reader) for skill in found]
    return {skill.name_en: (skill.can, skill.want) for skill in skills}  # type: ignore[attr-defined]


class TestDirectory:
    def test_who_can_and_who_wants_is_counted(self, reader: Person) -> None:
        skill = make_skill(name="SQL")
        for level, wants in ((0, True), (1, True), (4, False), (0, False)):
            give_skill(make_person(), skill, level, wants=wants)
        assert counts(reader) == {"SQL": (2, 2)}

    def test_what_somebody_hides_is_not_counted_for_others(self, reader: Person) -> None:
        skill, shy = make_skill(name="SQL"), make_person()
        give_skill(shy, skill)
        choose({"skills": Openness.Readers.NOBODY}, by=shy)
        assert counts(reader) == {"SQL": (0, 0)}
        assert counts(shy) == {"SQL": (1, 0)}

    def test_groups_without_skills_stand_there_and_proposals_do_not(self, reader: Person) -> None:
        skill = make_skill()
        make_skill(state=Skill.State.PROPOSED)
        Skill.objects.filter(pk=skill.pk).update(state=Skill.State.ARCHIVED)
        assert [found for _group, found in reading.counted_directory(reader)] == [[]]

    def test_skills_stand_by_name_in_the_readers_language(self, reader: Person) -> None:
        make_skill(name_de="Zahlen", name_en="Arithmetic")
        make_skill(name_de="Brot", name_en="Bread")
        for language, names in (("de", ["Brot", "Zahlen"]), ("en", ["Arithmetic", "Bread"])):
            with override(language):
                ((_group, skills),) = reading.counted_directory(reader)
                assert [str(skill) for skill in skills] == names

    def test_the_queries_do_not_grow(self, reader: Person, django_assert_num_queries: Any) -> None:
        for _n in range(6):
            give_skill(make_person(), make_skill(), 3)
        with django_assert_num_queries(4):
            reading.counted_directory(reader)


class TestMeaning:
    @pytest.mark.parametrize("words", ["sql", " SQL ", "Abfragen", "PSQL", "ＳＱＬ"])
    def test_names_and_synonyms_in_any_case(self, words: str) -> None:
        skill = make_skill(Side.IT, "psql", name_de="Abfragen", name_en="SQL")
        assert reading.skill_meant(words) == skill

    @pytest.mark.parametrize("words", ["", "  ", "\x00", "nothing", "x" * 5_000])
    def test_other_words_mean_nothing(self, words: str) -> None:
        make_skill(name="SQL")
        assert reading.skill_meant(words) is None

    def test_a_skill_that_is_no_longer_offered_is_not_meant(self) -> None:
        make_skill(name="SQL", state=Skill.State.ARCHIVED)
        assert reading.skill_meant("SQL") is None


class TestOffering:
    def test_what_begins_so_comes_before_what_holds_it(self) -> None:
        make_skill(name="Arbeiten mit SQL")
        make_skill(name="SQL")
        assert reading.skills_offered("sql") == ["SQL", "Arbeiten mit SQL"]

    def test_a_synonym_offers_the_name(self) -> None:
        make_skill(Side.IT, "abfragen", name="SQL")
        assert reading.skills_offered("abf") == ["SQL"]

    def test_no_more_than_a_list_shows_and_nothing_for_nonsense(self) -> None:
        for _n in range(reading.OFFERED + 3):
            make_skill()
        assert len(reading.skills_offered("")) == reading.OFFERED
        assert reading.skills_offered("%_\\'") == []


class TestPeople:
    def test_level_nothing_without_a_wish_is_not_found(self, reader: Person) -> None:
        skill = make_skill()
        for name, level, wants in (("Can", 1, False), ("Wants", 0, True), ("Neither", 0, False)):
            give_skill(make_person(name=name), skill, level, wants=wants)
        found = Person.objects.filter(reading.having(reader, skill)).order_by("name")
        assert [person.name for person in found] == ["Can", "Wants"]

    def test_a_list_shows_the_highest_levels_first(self, reader: Person) -> None:
        person = make_person()
        for level in (1, 4, 2):
            give_skill(person, make_skill(), level)
        shown = Person.objects.prefetch_related(reading.skills_shown(reader)).get(pk=person.pk)
        assert [row.level for row in shown.shown_skills] == [4, 2, 1]  # type: ignore[attr-defined]


def test_what_is_offered_stands_in_the_order_of_the_readers_language() -> None:
    for german, english in (("Zahlen", "Accounts"), ("Öffentlichkeit", "Public"), ("Orte", "Zones")):
        make_skill(name_de=german, name_en=english)
    with override("de"):
        assert reading.skills_offered("") == ["Öffentlichkeit", "Orte", "Zahlen"]
    with override("en"):
        assert reading.skills_offered("") == ["Accounts", "Public", "Zones"]
