"""Confirming: by others, of what stands there now, once each."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import Http404

from activity import clock
from activity.models import Event
from requests_app.events import visible_events
from teams.goals import edit_goal
from teams.models import Brief, Confirmation, Goal, Person, Side
from teams.rules import InvalidFields, RuleViolation
from teams.understanding import confirm
from tests.factories import make_admin, make_goal, make_person, make_team
from tests.processes import PATIENCE
from tests.requests_app.test_races import waiting


def refused(brief: Brief, person: Person, **more: object) -> str:
    with pytest.raises(RuleViolation) as refusal:
        confirm(brief, by=person, **more)  # type: ignore[arg-type]
    return refusal.value.missing[0].code


@pytest.fixture
def goal() -> Goal:
    return make_goal(make_team(Side.IT), make_team(Side.MARKETING), brief="More consent.")


@pytest.mark.django_db
def test_the_other_side_confirms_in_its_own_words(goal: Goal) -> None:
    reader = make_person(make_team(Side.MARKETING))
    made = confirm(goal.understanding, "  More people\nsay yes. ", by=reader, seen=1)
    assert (made.words, made.substance, made.person) == ("More people say yes.", 1, reader)
    event = Event.objects.get()
    assert (event.kind, event.object_type, event.object_id) == (
        "brief.confirmed",
        "brief",
        goal.understanding_id,
    )


@pytest.mark.django_db
def test_nobody_confirms_their_own_brief(goal: Goal) -> None:
    for team in goal.teams.all():
        assert refused(goal.understanding, make_person(team)) == "own_brief"
        assert refused(team.understanding, make_person(lead_of=team)) == "own_brief"
    assert not Confirmation.objects.exists()


@pytest.mark.django_db
def test_an_empty_brief_cannot_be_understood() -> None:
    assert refused(make_goal(make_team()).understanding, make_person()) == "not_written"
    assert refused(make_team().understanding, make_person()) == "not_written"


@pytest.mark.django_db
def test_who_was_deactivated_confirms_nothing(goal: Goal) -> None:
    assert refused(goal.understanding, make_person(is_active=False)) == "not_yours"


@pytest.mark.django_db
def test_a_sentence_of_ten_thousand_characters_is_refused_in_words(goal: Goal) -> None:
    with pytest.raises(InvalidFields) as refusal:
        confirm(goal.understanding, "x" * 10_000, by=make_person())
    assert (refusal.value.missing[0].field, refusal.value.missing[0].code) == ("words", "too_long")


@pytest.mark.django_db
def test_again_changes_the_words_or_nothing(goal: Goal) -> None:
    reader = make_person()
    confirm(goal.understanding, "First", by=reader)
    for words in ("", "First", "Second", "Second"):
        confirm(goal.understanding, words, by=reader)
    assert Confirmation.objects.get().words == "Second"
    assert Event.objects.filter(kind="brief.confirmed").count() == 2


@pytest.mark.django_db
def test_what_was_read_before_a_change_of_meaning_is_not_confirmed(goal: Goal) -> None:
    edit_goal(goal, brief="Less.", in_substance=True, what_changed="We want less", by=make_admin())
    with pytest.raises(RuleViolation) as refusal:
        confirm(goal.understanding, by=make_person(), seen=1)
    assert refusal.value.missing[0].code == "brief_changed"
    assert "We want less" in str(refusal.value.missing[0].message)


@pytest.mark.django_db
def test_after_a_change_of_meaning_everybody_is_asked_again(goal: Goal) -> None:
    reader = make_person()
    confirm(goal.understanding, by=reader)
    edit_goal(goal, brief="Less.", in_substance=True, what_changed="We want less", by=make_admin())
    confirm(goal.understanding, by=reader)
    assert list(Confirmation.objects.order_by("substance").values_list("substance", flat=True)) == [1, 2]


@pytest.mark.django_db
def test_there_is_no_brief_without_its_row() -> None:
    with pytest.raises(Http404):
        confirm(Brief(pk=0, kind="goal"), by=make_person())


@pytest.mark.django_db
def test_the_database_keeps_one_confirmation_for_each_substance(goal: Goal) -> None:
    reader = make_person()
    made = confirm(goal.understanding, by=reader)
    with pytest.raises(IntegrityError), transaction.atomic():
        Confirmation.objects.create(brief=made.brief, person=reader, substance=made.substance, at=clock.now())


@pytest.mark.django_db(transaction=True)
def test_a_confirmation_waits_for_a_change_of_meaning_and_sees_it(goal: Goal) -> None:
    """The form was opened before; the change commits while the confirmation is on its way."""
    admin, reader, codes = make_admin(), make_person(), list[str]()

    def confirming() -> None:
        try:
            codes.append(refused(goal.understanding, reader, seen=1))
        finally:
            connection.close()

    other = threading.Thread(target=confirming)
    with transaction.atomic():
        edit_goal(goal, brief="Less.", in_substance=True, what_changed="We want less", by=admin)
        other.start()
        while not waiting():
            assert other.is_alive(), "it did not wait"
    other.join(PATIENCE)
    assert codes == ["brief_changed"]


@pytest.mark.django_db
def test_what_is_understood_is_told_to_every_member(goal: Goal) -> None:
    confirm(goal.understanding, by=make_person())
    assert visible_events(make_person()).filter(kind="brief.confirmed").exists()
    assert not visible_events(make_person(is_active=False)).exists()
