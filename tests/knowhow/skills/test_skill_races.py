"""A skill is merged while somebody takes it into their profile; two propose the same word at once."""

from collections.abc import Callable
from functools import partial
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction
from django.http import Http404

from knowhow.models import PersonSkill, Skill
from knowhow.skills import directory, profile
from tests.factories import give_skill, make_admin, make_person, make_skill
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


def while_held(holding: Callable[[], object], waiting: Callable[[], object]) -> list[Exception]:
    """Runs ``waiting`` while what ``holding`` did is not committed yet; returns what was raised by it.

    ``holding`` is committed once the other one waits for it in the database, or has ended.
    """
    raised: list[Exception] = []
    pids: list[int] = []

    def run() -> None:
        pids.append(_backend())
        try:
            waiting()
        except Exception as error:
            raised.append(error)
        finally:
            connection.close()

    thread = Thread(target=run)
    with transaction.atomic():
        holding()
        thread.start()
        while thread.is_alive() and not (pids and _waits(pids[0])):
            thread.join(0.01)
    thread.join(30)
    return raised


def _backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def _waits(pid: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [pid])
        return bool(cursor.fetchone()[0])


def test_what_is_turned_down_while_somebody_takes_it_is_proposed_anew() -> None:
    proposal = profile.add_skills("Kerning", by=make_person())[0].skill
    person = make_person()
    refuse = partial(directory.refuse_skill, proposal, by=make_admin())
    assert not while_held(refuse, partial(profile.add_skills, "Kerning 3", by=person))
    row = PersonSkill.objects.get(person=person)
    assert (row.level, row.skill.state) == (3, Skill.State.PROPOSED)
    assert row.skill != proposal


def test_a_change_during_a_merge_brings_no_merged_skill_back() -> None:
    new, both, one = make_skill(name="Neu"), make_person(), make_person()
    give_skill(both, new, 2)
    for person in (both, one):
        left = make_skill(name=f"Alt{person.pk}")
        give_skill(person, left, 1)
        merge = partial(directory.merge_skills, left, new, by=make_admin())
        change = partial(profile.change_skill, left.pk, {"level": 4}, by=person)
        assert [type(error) for error in while_held(merge, change)] == [Http404]
        assert not PersonSkill.objects.filter(skill=left).exists()


def test_a_level_changed_while_two_skills_are_merged_is_kept() -> None:
    old, new, person = make_skill(name="Alt"), make_skill(name="Neu"), make_person()
    give_skill(person, old, 1)
    give_skill(person, new, 1)
    change = partial(profile.change_skill, old.pk, {"level": 4}, by=person)
    assert not while_held(change, partial(directory.merge_skills, old, new, by=make_admin()))
    assert PersonSkill.objects.get(person=person).level == 4
