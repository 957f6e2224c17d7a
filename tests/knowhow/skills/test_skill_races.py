"""A skill is merged while somebody takes it into their profile; two propose the same word at once."""

from collections.abc import Callable
from functools import partial
from threading import Barrier, Thread

import pytest
from django.db import connection

from knowhow.models import PersonSkill, Skill
from knowhow.skills import directory, profile
from tests.factories import make_admin, make_person, make_skill
from tests.processes import PATIENCE

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*changes: Callable[[], object]) -> list[Exception]:
    """Runs all changes at the same moment, each in a connection of its own; returns what was raised."""
    barrier, raised = Barrier(len(changes)), []

    def run(change: Callable[[], object]) -> None:
        barrier.wait(PATIENCE)
        try:
            change()
        except Exception as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(change,)) for change in changes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    return raised


def test_a_merge_loses_nobody_who_adds_the_skill_meanwhile() -> None:
    admin = make_admin()
    for turn in range(4):
        old, new = make_skill(name=f"Alt{turn}x"), make_skill(name=f"Neu{turn}x")
        people = [make_person() for _n in range(4)]
        adding = [partial(profile.add_skills, f"{old.name_de} 3", by=one) for one in people]
        raised = at_once(partial(directory.merge_skills, old, new, by=admin), *adding)
        assert not raised
        rows = PersonSkill.objects.filter(person__in=people)
        assert {(row.skill_id, row.level) for row in rows} == {(new.pk, 3)}
        assert len(rows) == len(people)


def test_the_same_word_proposed_by_many_is_one_proposal() -> None:
    people = [make_person() for _n in range(5)]
    assert not at_once(*(partial(profile.add_skills, "Kerning", by=one) for one in people))
    assert Skill.objects.count() == 1
    assert PersonSkill.objects.count() == len(people)


def test_the_same_person_in_two_tabs_has_it_once() -> None:
    person, skill = make_person(), make_skill(name="SQL")
    assert not at_once(*(lambda: profile.add_skills("sql 3", by=person) for _n in range(4)))
    assert PersonSkill.objects.get(person=person).skill == skill
