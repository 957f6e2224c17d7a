"""The pages of the directory, of oneself, of people and of mentors."""

import pytest
from django.test import Client
from django.urls import reverse

from knowhow.bridges.mentoring import propose_pair
from knowhow.bridges.openness import choose
from knowhow.models import Mentoring, Openness, PersonSkill, RoleProfile, Skill, SkillGroup
from knowhow.skills import profile
from teams.models import Company, Person, Side
from tests.factories import give_skill, make_admin, make_person, make_skill, make_team

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def me() -> Person:
    return make_person(make_team(Side.MARKETING), language="en", name="Mira Brandt")


@pytest.fixture
def client(me: Person) -> Client:
    return signed_in(me)


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def text_of(client: Client, path: str, status: int = 200, **query: str) -> str:
    answer = client.get(path, query)
    assert answer.status_code == status, path
    return answer.content.decode()


class TestOwnSkills:
    path = "/people/me/skills/"

    def test_an_empty_profile_says_how_to_begin(self, client: Client) -> None:
        assert "Ten skills take half a minute" in text_of(client, "/know-how/")
        assert "Press Enter after each" in text_of(client, self.path)

    def test_a_line_is_added_with_and_without_javascript(self, client: Client, me: Person) -> None:
        assert client.post(self.path, {"skills": "SQL 3"}).status_code == 302
        answer = client.post(self.path, {"skills": "Kerning, SQL 4"}, headers=HTMX)
        assert answer.status_code == 200
        assert b"<html" not in answer.content
        assert b"Kerning" in answer.content
        assert set(me.skills.values_list("skill__name_de", "level")) == {("SQL", 4), ("Kerning", 2)}

    @pytest.mark.parametrize("line", ["", "x" * 10_000, "y" * 90])
    def test_what_cannot_be_kept_is_told_and_stays_typed(self, client: Client, line: str) -> None:
        answer = client.post(self.path, {"skills": line}, headers=HTMX)
        assert answer.status_code == 422
        assert b'id="id_skills_error"' in answer.content
        assert line.encode() in answer.content

    @pytest.mark.parametrize("headers", [{}, HTMX])
    def test_a_slip_is_asked_about_and_answered_by_a_button(
        self, client: Client, me: Person, headers: dict[str, str]
    ) -> None:
        make_skill(name="Newsletter")
        answer = client.post(self.path, {"skills": "Kerning 1, Newsleter 3"}, headers=headers)
        assert answer.status_code == 422
        shown = answer.content.decode()
        assert not me.skills.exists()
        assert 'name="skills" value="Kerning 1, Newsletter 3" data-focus' in shown
        assert 'name="new" value="Newsleter"' in shown
        assert shown.count("data-focus") == 1
        # As the browser sends the button last; a word that is new stays so while the next is asked about.
        client.post(self.path, {"skills": ["Kerning 1, Newsleter 3", "Kerning 1, Newsletter 3"]})
        assert set(me.skills.values_list("skill__name_de", "level")) == {("Kerning", 1), ("Newsletter", 3)}
        more = client.post(self.path, {"skills": "Newsleter, Kernin", "new": "Newsleter"}, headers=headers)
        assert more.content.decode().count('type="hidden" name="new" value="Newsleter"') == 2
        client.post(self.path, {"skills": "Newsleter, Kernin", "new": ["Newsleter", "Kernin"]})
        assert me.skills.filter(skill__state=Skill.State.PROPOSED).count() == 3

    def test_a_row_is_changed_as_a_whole(self, client: Client, me: Person) -> None:
        skill = give_skill(me, make_skill()).skill
        sent = {"level": "4", "teaches": "on", "last_used": "2025"}
        answer = client.post(f"{self.path}{skill.pk}/", sent, headers=HTMX)
        assert answer.status_code == 200
        row = me.skills.get()
        assert (row.level, row.teaches, row.wants, row.last_used) == (4, True, False, 2025)
        assert client.post(f"{self.path}{skill.pk}/", {"level": "1"}).status_code == 302
        assert not me.skills.get().teaches

    @pytest.mark.parametrize(
        "sent", [{"level": "9"}, {"level": "2", "last_used": "3000"}, {"level": "x"}, {}]
    )
    def test_a_wrong_row_is_told_in_its_place(self, client: Client, me: Person, sent: dict[str, str]) -> None:
        skill = give_skill(me, make_skill(), 1).skill
        answer = client.post(f"{self.path}{skill.pk}/", sent, headers=HTMX)
        assert answer.status_code == 422
        assert b'role="alert"' in answer.content
        assert me.skills.get().level == 1

    def test_nobody_changes_anothers(self, client: Client) -> None:
        other = give_skill(make_person(), make_skill())
        for path in (f"{self.path}{other.skill_id}/", f"{self.path}{other.skill_id}/drop/"):
            assert client.post(path, {"level": "0"}).status_code == 404
        other.refresh_from_db()
        assert other.level == 3

    def test_dropping(self, client: Client, me: Person) -> None:
        skill = give_skill(me, make_skill()).skill
        assert client.post(f"{self.path}{skill.pk}/drop/", headers=HTMX).status_code == 200
        assert not me.skills.exists()

    def test_who_sees_it_is_chosen_here(self, client: Client, me: Person) -> None:
        client.post("/people/me/openness/", {"skills": "leads"})
        own = Openness.objects.get(person=me)
        assert (own.skills, own.matching) == ("leads", False)
        client.post("/people/me/openness/", {"skills": "the world"})
        own.refresh_from_db()
        assert own.skills == "leads"


class TestPeople:
    def test_search_by_name_synonym_and_wish(self, client: Client) -> None:
        skill = make_skill(Side.IT, "abfragen", name="SQL")
        give_skill(make_person(name="Ada Can"), skill, 3)
        give_skill(make_person(name="Ben Wants"), skill, 0, wants=True)
        give_skill(make_person(name="Cleo Neither"), skill, 0)
        for words in ("sql", "SQL", "Abfragen"):
            page = text_of(client, "/people/", skill=words)
            assert "Ada Can" in page
            assert "Ben Wants" in page
            assert "Cleo Neither" not in page

    def test_who_masters_it_is_named_first_and_the_rest_is_a_click_away(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("knowhow.views.directory.MOST_SHOWN", 2)
        skill = make_skill(name="SQL")
        for name, level in (("Ada Less", 1), ("Ben Less", 2), ("Cleo Nothing", 0), ("Zoe Master", 3)):
            give_skill(make_person(name=name), skill, level)
        shown = text_of(client, f"/know-how/skills/{skill.pk}/")
        assert [name in shown for name in ("Zoe Master", "Ada Less", "Ben Less", "Cleo Nothing")] == [
            *(True, True),
            *(False, False),
        ]
        assert 'href="/people/?skill=SQL"' in shown

    def test_a_word_that_nobody_has_entered_invites_to_do_so(self, client: Client) -> None:
        page = text_of(client, "/people/", skill="<b>Juggling")
        assert "Nobody has entered “&lt;b&gt;Juggling” yet" in page

    def test_what_is_hidden_is_not_found_nor_shown(self, client: Client) -> None:
        skill, shy = make_skill(name="SQL"), make_person(name="Shy Person")
        give_skill(shy, skill, 4)
        choose({"skills": Openness.Readers.NOBODY}, by=shy)
        assert "Shy Person" not in text_of(client, "/people/", skill="SQL")
        assert "shows no skills here" in text_of(client, f"/people/{shy.pk}/skills/")
        assert "Shy Person" not in text_of(client, f"/know-how/skills/{skill.pk}/")

    def test_skills_are_offered_while_one_types(self, client: Client) -> None:
        make_skill(Side.IT, "abfragen", name="SQL")
        make_skill(name="Absatz")
        make_skill(name="Verborgen", state=Skill.State.ARCHIVED)
        assert client.get("/choices/skills/?q=abf").json() == {"choices": ["SQL"]}
        assert set(client.get("/choices/skills/").json()["choices"]) == {"SQL", "Absatz"}

    def test_a_merged_skill_leads_on_and_a_refused_one_is_gone(self, client: Client) -> None:
        new = make_skill()
        old = make_skill(state=Skill.State.MERGED, merged_into=new)
        assert client.get(f"/know-how/skills/{old.pk}/").headers["Location"] == f"/know-how/skills/{new.pk}/"
        text_of(client, f"/know-how/skills/{make_skill(state=Skill.State.REFUSED).pk}/", status=404)


class TestMentors:
    def test_asking_answering_and_ending(self, client: Client, me: Person) -> None:
        skill = make_skill(name="SQL")
        mentor = make_person(make_team(Side.IT), name="Tom Reiter", language="en")
        give_skill(mentor, skill, 4, teaches=True)
        give_skill(me, skill, 1, wants=True)
        assert "Tom Reiter" in text_of(client, "/know-how/mentors/")
        client.post(f"/know-how/mentors/{skill.pk}/{mentor.pk}/")
        assert "With Tom Reiter, see above." in text_of(client, "/know-how/mentors/")
        theirs = signed_in(mentor)
        assert "Waits for your yes" in text_of(theirs, "/know-how/")
        pair = Mentoring.objects.get()
        theirs.post(f"/know-how/mentoring/{pair.pk}/", {"answer": "yes"})
        assert "running" in text_of(client, "/know-how/mentors/")
        client.post(f"/know-how/mentoring/{pair.pk}/", {"answer": "end"})
        pair.refresh_from_db()
        assert pair.ended_at is not None

    def test_without_a_wish_it_says_how_to_begin(self, client: Client) -> None:
        assert "What do you want to learn?" in text_of(client, "/know-how/mentors/")

    def test_a_slip_is_asked_about_here_as_well(self, client: Client, me: Person) -> None:
        make_skill(name="Newsletter")
        answer = client.post("/know-how/mentors/", {"skills": "Newsl"})
        assert answer.status_code == 422
        assert 'name="skills" value="Newsletter"' in answer.content.decode()
        client.post("/know-how/mentors/", {"skills": ["Newsl", "Newsletter"]})
        assert me.skills.get().wants

    def test_where_nobody_teaches_it_the_page_leads_on(self, client: Client, me: Person) -> None:
        skill = make_skill(name="A/B & C")
        give_skill(me, skill, 0, wants=True)
        give_skill(make_person(name="Ida Masters"), skill, 3)
        page = text_of(client, "/know-how/mentors/")
        assert "Nobody has said yet that they pass it on." in page
        assert "Ida Masters" in page
        assert 'href="/exchanges/proposals/new/?topic=A/B%20%26%20C"' in page

    def test_a_refusal_is_told_and_others_hear_of_nothing(self, client: Client, me: Person) -> None:
        skill, mentor = make_skill(), make_person()
        give_skill(mentor, skill, 4, teaches=True)
        choose({"matching": False}, by=mentor)
        answer = client.post(f"/know-how/mentors/{skill.pk}/{mentor.pk}/", follow=True)
        assert "does not want to be matched" in answer.content.decode()
        choose({"matching": True}, by=mentor)
        pair = propose_pair(mentor.pk, make_person().pk, skill.pk, by=None)
        assert client.post(f"/know-how/mentoring/{pair.pk}/", {"answer": "yes"}).status_code == 404


class TestKeepingTheDirectory:
    def test_what_to_merge_into_is_offered_by_name_in_ones_own_language(self) -> None:
        Company.objects.create(name="Nordwind")
        admin = signed_in(make_admin(language="de"))
        for german, english in (("Zahlen", "Accounts"), ("Öffentlichkeit", "Public"), ("Orte", "Zones")):
            make_skill(name_de=german, name_en=english)
        page = text_of(admin, f"/settings/skills/{make_skill(name='Doppelt').pk}/")
        places = [page.index(f">{name}</option>") for name in ("Öffentlichkeit", "Orte", "Zahlen")]
        assert places == sorted(places)

    @pytest.fixture
    def admin(self) -> Client:
        Company.objects.create(pk=1, name="Nordwind")
        return signed_in(make_admin(language="en"))

    def test_a_group_then_a_skill(self, admin: Client) -> None:
        assert "The directory is empty" in text_of(admin, "/settings/skills/")
        admin.post("/settings/skills/groups/", {"name_de": "Daten", "name_en": "Data", "side": "it"})
        group = SkillGroup.objects.get()
        sent = {"group": group.pk, "name_de": "Abfragen", "name_en": "SQL", "synonyms": "Datenbank, psql"}
        assert admin.post("/settings/skills/", sent).status_code == 302
        assert set(Skill.objects.get().words.values_list("text", flat=True)) == {
            *("abfragen", "datenbank", "psql", "sql")
        }
        admin.post(f"/settings/skills/groups/{group.pk}/", {"name_de": "D", "name_en": "E", "side": "other"})
        group.refresh_from_db()
        assert (group.name_de, group.side) == ("D", "other")

    def test_a_taken_word_is_told_at_the_field(self, admin: Client) -> None:
        skill = make_skill(name="SQL")
        sent = {"group": skill.group_id, "name_de": "sql", "name_en": "Other", "synonyms": ""}
        answer = admin.post("/settings/skills/", sent)
        assert answer.status_code == 422
        assert "means another skill already" in answer.content.decode()

    def test_a_proposal_is_taken_merged_or_turned_down(self, admin: Client, me: Person) -> None:
        group = make_skill(name="SQL").group
        assert group is not None
        rows = profile.add_skills("Matomo, Structured queries, Juggling", by=me)
        matomo, queries, juggling = (row.skill for row in rows)
        assert "Proposed by people" in text_of(admin, "/settings/skills/")
        sent = {"group": group.pk, "name_de": "Matomo", "name_en": "Matomo", "synonyms": "", "version": "1"}
        admin.post(f"/settings/skills/{matomo.pk}/", sent)
        admin.post(f"/settings/skills/{queries.pk}/merge/", {"into": Skill.objects.get(name_de="SQL").pk})
        admin.post(f"/settings/skills/{juggling.pk}/put-away/")
        states = [Skill.objects.get(pk=one.pk).state for one in (matomo, queries, juggling)]
        assert states == ["listed", "merged", "refused"]
        assert set(PersonSkill.objects.counted().values_list("skill__name_de", flat=True)) == {
            "Matomo",
            "SQL",
        }

    def test_archiving_and_offering_again(self, admin: Client) -> None:
        skill = make_skill()
        for state in (Skill.State.ARCHIVED, Skill.State.LISTED):
            admin.post(f"/settings/skills/{skill.pk}/put-away/")
            skill.refresh_from_db()
            assert skill.state == state

    def test_two_admins_clash(self, admin: Client) -> None:
        skill = make_skill(name="SQL")
        sent = {"group": skill.group_id, "name_en": "SQL", "synonyms": "", "version": "1"}
        admin.post(f"/settings/skills/{skill.pk}/", {**sent, "name_de": "Abfragen"})
        answer = admin.post(f"/settings/skills/{skill.pk}/", {**sent, "name_de": "Datenbank"})
        assert answer.status_code == 422
        assert "Save again to keep what you wrote" in answer.content.decode()

    def test_members_do_not_get_in(self, client: Client) -> None:
        skill = make_skill()
        for path in ("/settings/skills/", f"/settings/skills/{skill.pk}/"):
            text_of(client, path, status=403)
        for path in ("groups/", f"{skill.pk}/merge/", f"{skill.pk}/put-away/"):
            assert client.post(f"/settings/skills/{path}").status_code == 403


class TestRoles:
    texts = {
        "title_de": "Brücke",
        "title_en": "Bridge",
        "text_de": "## Wir\n\nsuchen",
        "text_en": "## We\n\nlook",
    }

    def test_a_lead_keeps_changes_and_prints_it_in_both_languages(self) -> None:
        lead = signed_in(make_person(lead_of=make_team(), language="en"))
        assert "No role profile yet" in text_of(lead, "/know-how/roles/")
        assert "names none" in text_of(lead, "/know-how/roles/new/")
        answer = lead.post("/know-how/roles/new/", self.texts)
        role = RoleProfile.objects.get()
        assert answer.headers["Location"] == reverse("knowhow:role", args=[role.pk])
        assert "<h2>We</h2>" in text_of(lead, f"/know-how/roles/{role.pk}/")
        assert "<h2>Wir</h2>" in text_of(lead, f"/know-how/roles/{role.pk}/", language="de")
        file = lead.get(f"/know-how/roles/{role.pk}/de.md")
        assert file.content.decode() == "# Brücke\n\n## Wir\n\nsuchen\n"
        assert file.headers["Content-Type"] == "text/markdown; charset=utf-8"
        lead.post(f"/know-how/roles/{role.pk}/edit/", {**self.texts, "title_en": "Better", "version": "1"})
        role.refresh_from_db()
        assert (role.title_en, role.version) == ("Better", 2)

    def test_members_read_but_do_not_write(self, client: Client, me: Person) -> None:
        lead = make_person(lead_of=make_team())
        signed_in(lead).post("/know-how/roles/new/", self.texts)
        pk = RoleProfile.objects.get().pk
        text_of(client, f"/know-how/roles/{pk}/")
        assert client.post(f"/know-how/roles/{pk}/edit/", self.texts).status_code == 302
        assert client.post("/know-how/roles/new/", self.texts).status_code == 302
        assert RoleProfile.objects.get().version == 1

    def test_scripts_in_a_posting_stay_text(self) -> None:
        lead = signed_in(make_person(lead_of=make_team(), language="en"))
        lead.post("/know-how/roles/new/", {**self.texts, "text_en": "<script>alert(1)</script>"})
        assert "<script>alert" not in text_of(lead, f"/know-how/roles/{RoleProfile.objects.get().pk}/")


def test_what_one_wants_to_learn_is_said_where_mentors_are_found(client: Client) -> None:
    mentor = make_person(make_team(Side.IT))
    give_skill(mentor, make_skill(name="SQL"), 4, teaches=True)
    assert client.post("/know-how/mentors/", {"skills": "sql"}).status_code == 302
    page = client.get("/know-how/mentors/").content.decode()
    assert mentor.name in page
    assert "Ask as mentor" in page
    refused = client.post("/know-how/mentors/", {"skills": " , "})
    assert refused.status_code == 422
    assert "Fill in this field." in refused.content.decode()


def test_the_page_counts_nobody_until_the_directory_comes_into_sight(client: Client) -> None:
    skill = make_skill(name="SQL")
    for _ in range(2):
        give_skill(make_person(), skill, 2)
    page = text_of(client, "/know-how/")
    assert "SQL" in page
    assert "2 people" not in page
    assert 'hx-get="/know-how/directory/" hx-trigger="revealed"' in page
    assert "2 people" in client.get("/know-how/directory/", headers=HTMX).content.decode()
    assert client.get("/know-how/directory/").headers["Location"] == "/know-how/"
