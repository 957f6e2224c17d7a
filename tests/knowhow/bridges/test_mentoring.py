"""Mentors and learners: both agree, nobody against their will, nobody beyond a mentor's places."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.http import Http404

from activity import clock
from knowhow.bridges import mentoring
from knowhow.bridges.mentoring import answer_pair, end_pair, propose_matches, propose_pair
from knowhow.bridges.openness import choose
from knowhow.bridges.pairing import MOST_LEARNERS
from knowhow.models import Mentoring, Openness, Skill
from knowhow.skills.directory import merge_skills
from teams.models import Person, Side
from teams.people import shut_out
from teams.rules import RuleViolation
from tests.factories import give_skill, make_admin, make_person, make_skill, make_team
from tests.processes import PATIENCE

pytestmark = pytest.mark.django_db


@pytest.fixture
def skill() -> Skill:
    return make_skill()


def mentor_of(skill: Skill, level: int = 4) -> Person:
    person = make_person(make_team(Side.IT))
    give_skill(person, skill, level, teaches=True)
    return person


def learner_of(skill: Skill, level: int = 2) -> Person:
    person = make_person(make_team(Side.MARKETING))
    give_skill(person, skill, level, wants=True)
    return person


def code_of(change: object) -> str:
    with pytest.raises(RuleViolation) as told:
        change()  # type: ignore[operator]
    return told.value.missing[0].code


def test_who_asks_has_agreed_and_it_runs_once_the_other_does(skill: Skill) -> None:
    mentor, learner = mentor_of(skill), learner_of(skill)
    pair = propose_pair(mentor.pk, learner.pk, skill.pk, by=learner)
    assert (pair.learner_agrees, pair.mentor_agrees, pair.is_running) == (True, None, False)
    pair = answer_pair(pair.pk, True, by=mentor)
    assert pair.is_running


def test_a_no_ends_it_and_it_is_not_asked_again(skill: Skill) -> None:
    mentor, learner = mentor_of(skill), learner_of(skill)
    pair = propose_pair(mentor.pk, learner.pk, skill.pk, by=learner)
    pair = answer_pair(pair.pk, False, by=mentor)
    assert not pair.is_open
    assert code_of(lambda: propose_pair(mentor.pk, learner.pk, skill.pk, by=learner)) == "already_done"
    assert code_of(lambda: answer_pair(pair.pk, True, by=mentor)) == "wrong_status"


def test_either_ends_it_once(skill: Skill) -> None:
    mentor, learner = mentor_of(skill), learner_of(skill)
    pair = propose_pair(mentor.pk, learner.pk, skill.pk, by=mentor)
    end_pair(pair.pk, by=learner)
    assert code_of(lambda: end_pair(pair.pk, by=mentor)) == "already_done"


def test_nobody_answers_twice(skill: Skill) -> None:
    mentor, learner = mentor_of(skill), learner_of(skill)
    pair = propose_pair(mentor.pk, learner.pk, skill.pk, by=learner)
    assert code_of(lambda: answer_pair(pair.pk, True, by=learner)) == "already_done"


def test_others_neither_propose_nor_answer_nor_know(skill: Skill) -> None:
    mentor, learner, other = mentor_of(skill), learner_of(skill), make_admin()
    assert code_of(lambda: propose_pair(mentor.pk, learner.pk, skill.pk, by=other)) == "not_yours"
    pair = propose_pair(mentor.pk, learner.pk, skill.pk, by=learner)
    with pytest.raises(Http404):
        answer_pair(pair.pk, True, by=other)
    with pytest.raises(Http404):
        end_pair(pair.pk, by=other)
    assert not Mentoring.objects.visible_to(other).exists()


def test_who_teaches_must_be_ahead_and_say_so(skill: Skill) -> None:
    learner = learner_of(skill, 3)
    assert (
        code_of(lambda: propose_pair(mentor_of(skill, 3).pk, learner.pk, skill.pk, by=learner)) == "not_ahead"
    )
    silent = make_person()
    give_skill(silent, skill, 4)
    assert code_of(lambda: propose_pair(silent.pk, learner.pk, skill.pk, by=learner)) == "not_ahead"


def test_never_across_an_opt_out(skill: Skill) -> None:
    mentor, learner = mentor_of(skill), learner_of(skill)
    choose({"matching": False}, by=mentor)
    assert code_of(lambda: propose_pair(mentor.pk, learner.pk, skill.pk, by=learner)) == "opted_out"
    assert propose_matches(clock.now()) == 0


def test_hidden_skills_are_as_if_there_were_none(skill: Skill) -> None:
    mentor, learner = mentor_of(skill), learner_of(skill)
    choose({"skills": Openness.Readers.NOBODY}, by=mentor)
    with pytest.raises(Http404):
        propose_pair(mentor.pk, learner.pk, skill.pk, by=learner)
    assert propose_matches(clock.now()) == 0
    assert mentoring.free_mentors([skill.pk]) == {}


def test_who_left_is_neither_proposed_nor_shown(skill: Skill) -> None:
    mentor, learner = mentor_of(skill), learner_of(skill)
    propose_pair(mentor.pk, learner.pk, skill.pk, by=learner)
    shut_out(mentor, by=make_admin())
    assert mentoring.pairs_of(learner) == []
    assert Mentoring.objects.count() == 1
    with pytest.raises(Http404):
        propose_pair(mentor.pk, learner_of(skill).pk, skill.pk, by=None)


def test_a_mentor_has_so_many_places(skill: Skill) -> None:
    mentor = mentor_of(skill)
    for _n in range(MOST_LEARNERS):
        propose_pair(mentor.pk, learner_of(skill).pk, skill.pk, by=None)
    assert code_of(lambda: propose_pair(mentor.pk, learner_of(skill).pk, skill.pk, by=None)) == "full"
    assert mentoring.free_mentors([skill.pk]) == {}


def test_what_nobody_answers_frees_the_place(skill: Skill) -> None:
    mentor = mentor_of(skill)
    with clock.moved_to(clock.now() - mentoring.ANSWER_WITHIN - timedelta(days=1)):
        for _n in range(MOST_LEARNERS):
            propose_pair(mentor.pk, learner_of(skill).pk, skill.pk, by=None)
    assert mentoring.free_mentors([skill.pk])[skill.pk][0].person == mentor


def test_what_was_left_unanswered_for_long_takes_no_yes(skill: Skill) -> None:
    mentor, learner = mentor_of(skill), learner_of(skill)
    with clock.moved_to(clock.now() - mentoring.ANSWER_WITHIN):
        pair = propose_pair(mentor.pk, learner.pk, skill.pk, by=learner)
    for _n in range(MOST_LEARNERS):
        propose_pair(mentor.pk, learner_of(skill).pk, skill.pk, by=None)
    assert code_of(lambda: answer_pair(pair.pk, True, by=mentor)) == "wrong_status"
    assert Mentoring.objects.filter(mentoring.taking_place(clock.now())).count() == MOST_LEARNERS


class TestMerging:
    def test_pairs_go_along(self, skill: Skill) -> None:
        mentor, learner, into = mentor_of(skill), learner_of(skill), make_skill()
        pair = propose_pair(mentor.pk, learner.pk, skill.pk, by=learner)
        merge_skills(skill, into, by=make_admin())
        pair.refresh_from_db()
        assert pair.skill == into
        assert code_of(lambda: propose_pair(mentor.pk, learner.pk, into.pk, by=learner)) == "already_done"

    def test_where_both_were_proposed_each_stays(self, skill: Skill) -> None:
        mentor, learner, into = mentor_of(skill), learner_of(skill), make_skill()
        give_skill(mentor, into, 4, teaches=True)
        pairs = [propose_pair(mentor.pk, learner.pk, one.pk, by=learner).pk for one in (skill, into)]
        merge_skills(skill, into, by=make_admin())
        kept = dict(Mentoring.objects.values_list("pk", "skill"))
        assert kept == {pairs[0]: skill.pk, pairs[1]: into.pk}


class TestMatching:
    def test_of_more_than_can_be_matched_at_once_everybody_has_a_week(
        self, skill: Skill, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(mentoring, "MOST_MATCHED", 1)
        mentors = {mentor_of(skill) for _n in range(3)}
        learners = {learner_of(skill) for _n in range(3)}
        for week in range(60):
            assert propose_matches(clock.now() + timedelta(weeks=week)) <= 1
        met = Mentoring.objects.all()
        assert {pair.learner for pair in met} == learners
        assert {pair.mentor for pair in met} <= mentors

    def test_it_proposes_across_the_sides_and_asks_both(self, skill: Skill) -> None:
        mentor, learner = mentor_of(skill), learner_of(skill)
        give_skill(make_person(make_team(Side.MARKETING)), skill, 4, teaches=True)
        assert propose_matches(clock.now()) == 1
        pair = Mentoring.objects.get()
        assert (pair.mentor, pair.learner, pair.mentor_agrees, pair.learner_agrees) == (
            mentor,
            learner,
            None,
            None,
        )

    def test_a_second_week_proposes_nothing_anew(self, skill: Skill) -> None:
        mentor_of(skill), learner_of(skill)
        propose_matches(clock.now())
        assert propose_matches(clock.now()) == 0

    def test_who_said_no_is_proposed_somebody_else(self, skill: Skill) -> None:
        first, learner = mentor_of(skill), learner_of(skill)
        propose_matches(clock.now())
        answer_pair(Mentoring.objects.get().pk, False, by=first)
        second = mentor_of(skill)
        assert propose_matches(clock.now()) == 1
        assert Mentoring.objects.latest("pk").mentor == second
        assert Mentoring.objects.latest("pk").learner == learner

    def test_it_asks_few_queries_of_the_people(
        self, skill: Skill, django_assert_max_num_queries: object
    ) -> None:
        for _n in range(6):
            learner_of(skill)
        with django_assert_max_num_queries(6):  # type: ignore[operator]
            propose_matches(clock.now())


@pytest.mark.django_db(transaction=True)
def test_the_last_place_goes_to_one_of_two() -> None:
    skill = make_skill()
    mentor, learners = mentor_of(skill), [learner_of(skill) for _n in range(MOST_LEARNERS + 2)]
    barrier, told = Barrier(len(learners)), []

    def ask(learner: Person) -> None:
        barrier.wait(PATIENCE)
        try:
            propose_pair(mentor.pk, learner.pk, skill.pk, by=learner)
        except RuleViolation as violation:
            told.append(violation.missing[0].code)
        finally:
            connection.close()

    threads = [Thread(target=ask, args=(learner,)) for learner in learners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert told == ["full", "full"]
    assert Mentoring.objects.count() == MOST_LEARNERS
