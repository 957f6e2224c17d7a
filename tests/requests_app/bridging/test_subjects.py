"""Which skills requests are about, and what that tells; of what everybody may see."""

import pytest
from django.test import Client

from knowhow.bridges.openness import choose
from knowhow.models import Openness, Skill
from requests_app.bridging import subjects
from requests_app.bridging.lacking import drafted, lacks
from requests_app.choices import Status
from requests_app.models import Label
from teams.models import Company, Side
from tests.factories import give_skill, make_person, make_request, make_skill, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def newsletter() -> Skill:
    return make_skill(Side.MARKETING, "mailing", name="Newsletter")


@pytest.fixture
def sql() -> Skill:
    return make_skill(Side.IT, name="Abfragen")


def test_texts_and_labels_say_what_a_request_is_about(newsletter: Skill, sql: Skill) -> None:
    request = make_request(title="Ein Mailing", customer_need="Sie fragen.", outcome="Sie lesen.")
    request.labels.add(Label.objects.create(name="abfragen"))
    found = subjects.subject_of(request)
    assert found.words == {newsletter.pk: "Mailing", sql.pk: "abfragen"}
    assert found.sides == {newsletter.pk: "marketing", sql.pk: "it"}


def test_archived_and_merged_skills_name_nothing(newsletter: Skill) -> None:
    Skill.objects.filter(pk=newsletter.pk).update(state=Skill.State.ARCHIVED)
    assert subjects.subject_of(make_request(title="Newsletter")).skills == {}


def test_open_requests_need_it_of_both_their_teams(newsletter: Skill) -> None:
    request = make_request(title="Newsletter")
    make_request(Status.DONE, title="Newsletter", serving_team=request.serving_team)
    teams = (request.requesting_team_id, request.serving_team_id)
    assert subjects.needed() == {(team, newsletter.pk): 1 for team in teams}
    assert subjects.coming() == {newsletter.pk: 1}


def test_restricted_requests_and_drafts_count_nowhere(newsletter: Skill) -> None:
    owner = make_person(make_team(Side.MARKETING))
    make_request(title="Newsletter", restricted=True)
    make_request(Status.DRAFT, title="Newsletter")
    make_request(Status.DONE, title="Newsletter", restricted=True, marketing_owner=owner)
    assert subjects.needed() == {}
    assert subjects.coming() == {}
    assert subjects.done_with(owner.pk) == {}


def test_what_somebody_works_on_is_what_they_hold_a_seat_in_as_the_reader_sees_it() -> None:
    me = make_person(make_team(Side.IT))
    running = make_request(Status.IN_PROGRESS, it_owner=me)
    make_request(Status.DONE, it_owner=me), make_request(Status.IN_PROGRESS)
    hidden = make_request(Status.READY, it_owner=me, restricted=True)
    assert list(subjects.worked_on(me, make_person())) == [running]
    assert list(subjects.worked_on(me, me)) == [hidden, running]
    reader = Client()
    reader.force_login(make_person(language="en"))
    page = reader.get(f"/people/{me.pk}/delivered/").content.decode()
    assert "Works on now" in page
    assert f'href="/requests/{running.pk}/"' in page
    assert f"/requests/{hidden.pk}/" not in page


def test_delivered_requests_speak_for_their_owners(newsletter: Skill) -> None:
    owner = make_person(make_team(Side.IT))
    one = make_request(Status.DONE, title="Newsletter", it_owner=owner)
    other = make_request(Status.DONE, title="Mailing", it_owner=owner)
    make_request(Status.READY, title="Newsletter", it_owner=owner)
    assert subjects.done_with(owner.pk) == {newsletter.pk: [other.pk, one.pk]}


class TestLacking:
    def test_needed_and_hardly_mastered(self, newsletter: Skill, sql: Skill) -> None:
        make_request(title="Newsletter mit Abfragen")
        for _n in range(2):
            give_skill(make_person(), sql, 3)
        give_skill(make_person(), newsletter, 2)
        (found,) = lacks()
        assert (found.name_de, found.side, found.requests, found.masters) == ("Newsletter", "marketing", 1, 0)

    def test_who_shows_it_to_leads_only_is_not_counted(self, newsletter: Skill) -> None:
        make_request(title="Newsletter")
        person = make_person()
        give_skill(person, newsletter, 4)
        assert lacks()[0].masters == 1
        choose({"skills": Openness.Readers.LEADS}, by=person)
        assert lacks()[0].masters == 0

    def test_the_draft_speaks_in_the_companys_name(self, newsletter: Skill) -> None:
        Company.objects.create(pk=1, name="Nordwind")
        assert "Nordwind" in drafted([]).text_de
        assert "Newsletter" not in drafted([]).text_de
