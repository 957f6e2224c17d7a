"""The pages and parts that read what requests tell of skills, bridges and teams."""

import pytest
from django.test import Client

from activity import clock
from knowhow.bridges.openness import choose
from knowhow.bridges.silo import LONELY_AFTER
from knowhow.models import Openness
from requests_app.bridging.ties import recount
from requests_app.choices import Status
from requests_app.models import Comment
from teams.models import Person, Side, Team
from tests.factories import give_skill, holder, make_person, make_request, make_skill, make_team

pytestmark = pytest.mark.django_db


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def page(person: Person, path: str, status: int = 200) -> str:
    answer = signed_in(person).get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


@pytest.fixture
def me() -> Person:
    return make_person(make_team(Side.IT), language="en", name="Ida Schwarz")


@pytest.fixture
def lead() -> Person:
    return make_person(lead_of=make_team(), language="en")


class TestScore:
    def test_oneself_is_asked_once_and_can_take_it_back(self, me: Person) -> None:
        path, client = f"/people/{me.pk}/bridge/", signed_in(me)
        assert "May leads see this?" in page(me, path)
        client.post("/people/me/bridge/", {"agrees": "no"})
        assert "May leads see this?" not in page(me, path)
        client.post("/people/me/bridge/", {"agrees": "yes"})
        assert Openness.objects.get(person=me).bridge
        assert "Take it back" in page(me, path)
        client.post("/people/me/bridge/", {"agrees": "no"})
        assert not Openness.objects.get(person=me).bridge

    def test_leads_see_it_with_consent_members_never(self, me: Person, lead: Person) -> None:
        path = f"/people/{me.pk}/bridge/"
        assert "There is nothing to see here." in page(lead, path)
        choose({"bridge": True}, by=me)
        assert "Skills of both sides" in page(lead, path)
        assert "Skills of both sides" not in page(make_person(language="en"), path)

    def test_each_number_opens_to_its_parts(self, me: Person) -> None:
        give_skill(me, make_skill(Side.IT, name="Abfragen"), 4)
        delivered = make_request(Status.DONE, it_owner=me, title="Delivered together")
        shown = page(me, f"/people/{me.pk}/bridge/")
        assert "Abfragen · IT · 4" in shown
        assert f"{delivered.key} Delivered together" in shown
        assert "6 of 30" in shown

    def test_a_number_opens_to_no_skill_that_is_shown_to_nobody(self, me: Person, lead: Person) -> None:
        give_skill(me, make_skill(Side.IT, name="Abfragen"), 4)
        choose({"bridge": True, "skills": "nobody"}, by=me)
        path = f"/people/{me.pk}/bridge/"
        assert "Abfragen · IT · 4" in page(me, path)
        shown = page(lead, path)
        assert "Skills of both sides" in shown
        assert "Abfragen" not in shown
        assert "Ida Schwarz does not show you which." in shown
        choose({"skills": "leads"}, by=me)
        assert "Abfragen · IT · 4" in page(lead, path)

    def test_delivered_requests_speak_for_a_skill(self, me: Person) -> None:
        give_skill(me, make_skill(name="Newsletter"), 3)
        delivered = make_request(Status.DONE, it_owner=me, title="Newsletter")
        assert delivered.key in page(make_person(language="en"), f"/people/{me.pk}/delivered/")


class TestGrowing:
    def test_leads_see_those_who_agreed_and_no_number(self, me: Person, lead: Person) -> None:
        for _n in range(2):
            give_skill(me, make_skill(Side.IT), 3)
        give_skill(me, make_skill(Side.MARKETING, name="Newsletter"), 1, wants=True)
        assert "Ida Schwarz" not in page(lead, "/know-how/people/")
        choose({"bridge": True}, by=me)
        assert "Ida Schwarz" in page(lead, "/know-how/people/")
        assert "You are strong in IT" in page(me, "/know-how/me/")

    def test_for_members_there_is_no_such_page(self, me: Person) -> None:
        page(me, "/know-how/people/", status=404)


class TestMaps:
    def test_a_gap_is_told_in_words(self, me: Person) -> None:
        make_skill(Side.IT, name="Abfragen")
        team = me.teams.get()
        make_request(title="Abfragen", serving_team=team)
        assert "gap" in page(me, "/know-how/skills/")

    def test_teams_are_chosen_and_a_choice_that_fits_none_says_so(self, me: Person) -> None:
        make_skill()
        other = make_team(Side.MARKETING, name="Brand")
        assert other.name in page(me, "/know-how/skills/")
        assert other.name not in page(me, "/know-how/skills/?teams=own")
        assert "No team fits this choice." in page(me, "/know-how/skills/?teams=other")
        assert other.name in page(me, "/know-how/skills/?teams=nonsense")

    @pytest.mark.parametrize("group", ["", "x", "0", "9" * 30])
    def test_any_group_that_is_asked_for_is_answered(self, me: Person, group: str) -> None:
        make_skill()
        page(me, f"/know-how/skills/?group={group}")

    def test_empty_maps_say_how_to_begin(self, me: Person) -> None:
        assert "The directory is empty" in page(me, "/know-how/skills/")
        assert "Nothing joins teams yet" in page(me, "/know-how/teams/")

    def test_a_team_without_any_tie_is_named(self, me: Person) -> None:
        request = make_request()
        recount(clock.now())
        assert "has worked with no other team" not in page(me, "/know-how/teams/")
        Team.objects.update(created_at=clock.now() - LONELY_AFTER)
        shown = page(me, "/know-how/teams/")
        assert f"<b>{me.teams.get().name}</b> has worked with no other team for 60 days." in shown
        assert request.serving_team is not None
        assert f"<b>{request.serving_team.name}</b>" not in shown


class TestTranslators:
    @pytest.fixture
    def bridge(self) -> Person:
        person = make_person(make_team(Side.MARKETING), name="Priya Sharma", language="en")
        give_skill(person, make_skill(Side.MARKETING, name="Newsletter"), 3)
        give_skill(person, make_skill(Side.IT, name="Abfragen"), 3)
        return person

    def test_who_and_why_and_asking_them_in(self, me: Person, bridge: Person) -> None:
        request = make_request(title="Newsletter mit Abfragen")
        path = f"/requests/{request.number}/translators/"
        shown = page(me, path)
        assert "Priya Sharma" in shown
        assert "at home in Marketing" in shown
        form = page(me, f"{path}{bridge.pk}/")
        assert "You know Newsletter, Abfragen." in form
        body = f"@[Priya Sharma](person:{bridge.pk}), could you help?"
        assert signed_in(me).post(f"{path}{bridge.pk}/", {"body": body}).status_code == 302
        assert Comment.objects.get().body == body

    def test_on_a_page_of_its_own_asking_opens_another_page(self, me: Person, bridge: Person) -> None:
        request = make_request(title="Newsletter", customer_need="Abfragen")
        path = f"/requests/{request.number}/translators/"
        asks = f'href="{path}{bridge.pk}/"'
        assert f"{asks}>" in page(me, path)
        part = signed_in(me).get(path, headers={"HX-Request": "true"}).content.decode()
        assert f'{asks} hx-get="{path}{bridge.pk}/" hx-target="#step-body"' in part

    def test_nobody_else_can_be_asked_so(self, me: Person, bridge: Person) -> None:
        request = make_request(title="Newsletter mit Abfragen")
        page(me, f"/requests/{request.number}/translators/{make_person().pk}/", status=404)
        page(me, f"/requests/{request.number}/translators/{me.pk}/", status=404)

    def test_an_empty_message_is_told(self, me: Person, bridge: Person) -> None:
        request = make_request(title="Newsletter mit Abfragen")
        path = f"/requests/{request.number}/translators/{bridge.pk}/"
        assert signed_in(me).post(path, {"body": " "}).status_code == 422
        assert not Comment.objects.exists()

    def test_hidden_requests_are_not_there(self, me: Person, bridge: Person) -> None:
        request = make_request(title="Newsletter", restricted=True)
        page(me, f"/requests/{request.number}/translators/", status=404)
        page(me, f"/requests/{request.number}/translators/{bridge.pk}/", status=404)
        assert "Priya" not in page(holder(request.requester), f"/requests/{request.number}/translators/")

    def test_texts_without_skills_say_so(self, me: Person) -> None:
        request = make_request()
        assert "name no skill" in page(me, f"/requests/{request.number}/translators/")


def test_a_role_is_drafted_from_what_is_lacking(lead: Person) -> None:
    make_skill(Side.MARKETING, name_de="Einwilligung", name_en="Consent")
    make_request(title="Einwilligung")
    shown = page(lead, "/know-how/roles/new/")
    assert "**Einwilligung**" in shown
    assert "**Consent**: 1 open request needs it" in shown
