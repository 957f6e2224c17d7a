"""The pages of teams, goals, people and settings: who may, what it does, how many queries."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from teams import company, goals, invitations, tokens
from teams.models import ApiToken, Company, Goal, Invitation, Membership, Person, Role, Side, Team, Touchpoint
from tests.factories import make_admin, make_goal, make_person, make_team

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def started(db: None) -> None:
    company.start(company.FirstStart("Nordlicht", "Europe/Berlin", "Platform", "Campaigns"), by=None)


def signed_in(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def text_of(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def queries_of(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return len(found)


def more_of_everything() -> None:
    for side in (Side.IT, Side.MARKETING):
        team = make_team(side)
        for _n in range(4):
            make_person(team)
        make_person(lead_of=team)
        make_goal(team)


# How many queries each page takes, session and person included, for a lead whose team has members and a goal.
QUERIES: dict[str, Callable[[Team, Goal, Person], str]] = {
    "teams": lambda team, goal, person: reverse("teams:teams"),
    "team": lambda team, goal, person: reverse("teams:team", args=[team.slug]),
    "team_edit": lambda team, goal, person: reverse("teams:team_edit", args=[team.slug]),
    "goals": lambda team, goal, person: reverse("teams:goals"),
    "goal": lambda team, goal, person: reverse("teams:goal", args=[goal.pk]),
    "people": lambda team, goal, person: reverse("knowhow:people"),
    "person": lambda team, goal, person: reverse("teams:person", args=[person.pk]),
    "profile": lambda team, goal, person: reverse("teams:profile"),
    "tokens": lambda team, goal, person: reverse("teams:tokens"),
    "settings": lambda team, goal, person: reverse("teams:settings"),
    "settings_people": lambda team, goal, person: reverse("teams:settings_people"),
    "settings_teams": lambda team, goal, person: reverse("teams:settings_teams"),
    "settings_touchpoints": lambda team, goal, person: reverse("teams:settings_touchpoints"),
    "settings_invitations": lambda team, goal, person: reverse("teams:settings_invitations"),
}


@pytest.mark.parametrize("name", QUERIES)
def test_the_number_of_queries_does_not_grow_with_the_rows(name: str) -> None:
    team = make_team()
    person, admin = make_person(lead_of=team), make_admin(time_zone="Europe/Berlin")
    goal = make_goal(team)
    url, client = QUERIES[name](team, goal, person), signed_in(admin)
    before = queries_of(client, url)
    more_of_everything()
    for _n in range(3):
        make_person(team)
        make_goal(team)
        goal.teams.add(make_team())
        invitations.invite(f"guest{_n}@example.org", team=team, by=admin)
        tokens.create_token(admin, "script", "read", by=admin)
    assert queries_of(client, url) <= before
    assert before <= 12


@pytest.mark.parametrize("name", QUERIES)
def test_no_page_carries_what_the_content_policy_forbids(name: str) -> None:
    team = make_team()
    person = make_person(lead_of=team)
    page = text_of(signed_in(make_admin()), QUERIES[name](team, make_goal(team), person))
    assert not re.search(r"<style|\sstyle=|\son\w+=|hx-on|javascript:", page)
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)


def test_the_list_shows_teams_by_side_with_their_leads() -> None:
    team = make_team(Side.MARKETING, name="Loyalty")
    make_person(lead_of=team, name="Mira Brandt")
    make_person(lead_of=make_team(), name="Gone Girl", is_active=False)
    page = text_of(signed_in(make_person()), "/teams/")
    assert "Loyalty" in page
    assert "Mira Brandt" in page
    assert "Gone Girl" not in page
    assert "New team" not in page


def test_a_lead_edits_the_brief_and_nobody_else_can() -> None:
    team = make_team()
    lead, member = make_person(lead_of=team), make_person(team)
    url = reverse("teams:team_edit", args=[team.slug])
    assert signed_in(member).get(url).status_code == 403
    data = {"name": team.name, "brief": "We keep <b>data</b>.", "version": "1"}
    assert signed_in(member).post(url, data).status_code == 403
    assert signed_in(lead).post(url, data).status_code == 302
    page = text_of(signed_in(member), reverse("teams:team", args=[team.slug]))
    assert "We keep &lt;b&gt;data&lt;/b&gt;." in page
    assert url not in page


def test_a_form_that_clashes_shows_both_texts_and_then_wins() -> None:
    team = make_team()
    client = signed_in(make_person(lead_of=team))
    url = reverse("teams:team_edit", args=[team.slug])
    client.post(url, {"name": team.name, "brief": "Theirs", "version": "1"})
    clash = client.post(url, {"name": team.name, "brief": "Mine", "version": "1"})
    assert clash.status_code == 422
    page = clash.content.decode()
    assert "Theirs" in page
    assert ">\nMine</textarea>" in page
    assert 'name="version" value="2"' in page
    client.post(url, {"name": team.name, "brief": "Mine", "version": "2"})
    assert Team.objects.get(pk=team.pk).brief == "Mine"


def test_after_a_clash_a_field_left_alone_keeps_what_somebody_else_wrote() -> None:
    team = make_team(name="Old name", brief="Old")
    client = signed_in(make_person(lead_of=team))
    url = reverse("teams:team_edit", args=[team.slug])
    client.post(url, {"name": "Their name", "brief": "Theirs", "version": "1"})
    page = client.post(url, {"name": "Old name", "brief": "Mine", "version": "1"}).content.decode()
    assert 'value="Their name"' in page
    assert '<p class="words" id="id_brief_theirs">Theirs</p>' in page
    assert "id_name_theirs" not in page


def test_a_lead_adds_who_has_an_account_and_invites_who_has_none() -> None:
    team = make_team()
    client, known = signed_in(make_person(lead_of=team)), make_person()
    url = reverse("teams:member_add", args=[team.slug])
    assert client.post(url, {"email": known.email.upper(), "role": "lead"}).status_code == 302
    assert Membership.objects.get(person=known).role == Role.LEAD
    invited = client.post(url, {"email": "new@example.org", "role": "member"})
    [sent] = mail.outbox
    assert isinstance(sent, EmailMultiAlternatives)
    [link] = re.findall(r"http://127\.0\.0\.1:8000/invitations/\S+/", str(sent.body))
    assert link in invited.content.decode()
    assert (sent.to, sent.subject) == (["new@example.org"], "Your invitation to Tandem")
    assert link in str(sent.alternatives[0][0])
    assert client.post(url, {"email": known.email, "role": "member"}).status_code == 422
    assert client.post(url, {"email": "nonsense", "role": "boss"}).status_code == 422


def test_a_mail_server_that_is_away_stops_nobody(settings: object) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # type: ignore[attr-defined]
    page = signed_in(make_admin()).post(
        "/settings/invitations/", {"email": "a@example.org", "role": "member"}
    )
    assert "could not be sent" in page.content.decode()
    assert Invitation.objects.count() == 1


def test_a_member_neither_adds_nor_changes_members() -> None:
    team = make_team()
    member, other = make_person(team), make_person(team)
    client = signed_in(member)
    client.post(
        reverse("teams:member_add", args=[team.slug]), {"email": make_person().email, "role": "member"}
    )
    client.post(reverse("teams:member_role", args=[team.slug, other.pk]), {"role": "lead"})
    assert Membership.objects.filter(team=team).count() == 2
    assert not Membership.objects.filter(role=Role.LEAD).exists()


def test_an_admin_creates_a_team_and_a_lead_does_not() -> None:
    data = {"name": "Data", "side": "it", "brief": ""}
    assert signed_in(make_person(lead_of=make_team())).post("/teams/new/", data).status_code == 403
    admin = signed_in(make_admin())
    assert admin.get("/teams/new/").status_code == 200
    assert admin.post("/teams/new/", data)["Location"] == "/teams/data/"
    assert admin.post("/teams/new/", data).status_code == 422
    assert admin.post("/teams/new/", {"name": "", "side": "sales"}).status_code == 422


def test_goals_are_set_edited_and_archived_by_leads() -> None:
    team = make_team()
    lead = signed_in(make_person(lead_of=team))
    assert "New goal" in text_of(lead, "/goals/")
    assert lead.get("/goals/new/").status_code == 200
    response = lead.post("/goals/new/", {"title": "More consent", "brief": "", "teams": [team.pk]})
    goal = Goal.objects.get()
    assert response["Location"] == f"/goals/{goal.pk}/"
    change = {"title": "Much more consent", "brief": "Why", "teams": [team.pk], "version": "1"}
    assert lead.post(f"/goals/{goal.pk}/edit/", change).status_code == 302
    lead.post(f"/goals/{goal.pk}/archive/")
    goal.refresh_from_db()
    assert (goal.title, goal.is_archived) == ("Much more consent", True)
    assert "Much more consent" not in text_of(lead, "/goals/")
    assert "Much more consent" in text_of(lead, "/goals/?archived=1")
    lead.post(f"/goals/{goal.pk}/archive/")
    assert not Goal.objects.get().is_archived


def test_goals_of_others_are_read_only() -> None:
    goal = make_goal(make_team(), title="Old")
    member, stranger = signed_in(make_person()), signed_in(make_person(lead_of=make_team()))
    assert member.get("/goals/new/").status_code == 403
    for client in (member, stranger):
        page = text_of(client, f"/goals/{goal.pk}/")
        assert "/edit/" not in page
        assert client.get(f"/goals/{goal.pk}/edit/").status_code == 403
        client.post(f"/goals/{goal.pk}/archive/")
    assert not Goal.objects.get().is_archived
    assert stranger.post("/goals/new/", {"title": "X", "teams": []}).status_code == 422


def test_a_goal_form_that_clashes_shows_both_texts() -> None:
    team = make_team()
    lead = make_person(lead_of=team)
    goal = make_goal(team)
    goals.edit_goal(goal, title="Theirs", by=lead)
    data = {"title": "Mine", "brief": "", "teams": [team.pk], "version": "1"}
    clash = signed_in(lead).post(f"/goals/{goal.pk}/edit/", data)
    assert clash.status_code == 422
    assert "Theirs" in clash.content.decode()


def test_a_joint_goal_is_called_so() -> None:
    goal = make_goal(make_team(Side.IT), make_team(Side.MARKETING))
    assert "joint goal" in text_of(signed_in(make_person()), f"/goals/{goal.pk}/")


def test_people_are_found_by_parts_of_their_name_and_by_side() -> None:
    make_person(make_team(Side.IT), name="Mira Brandt")
    make_person(make_team(Side.MARKETING), name="Tom Reiter")
    make_person(name="Gone Girl", is_active=False)
    client = signed_in(make_person(name="Zoe Reader"))
    assert "Mira Brandt" in text_of(client, "/people/?q=bra+mi")
    assert "Tom Reiter" not in text_of(client, "/people/?q=bra")
    assert "Tom Reiter" not in text_of(client, "/people/?side=it")
    assert "Gone Girl" not in text_of(client, "/people/")
    assert "Nobody found" in text_of(client, "/people/?q=%00%25nobody")
    assert client.get("/people/?page=99999999999999999999&side=x").status_code == 200


def test_people_come_in_pages() -> None:
    for n in range(51):
        make_person(name=f"Person {n:03}")
    client = signed_in(make_person(name="Zoe Reader"))
    first = text_of(client, "/people/?q=person")
    assert "Person 049" in first
    assert "Person 050" not in first
    assert "?q=person&amp;page=2" in first
    assert "Person 050" in text_of(client, "/people/?q=person&page=2")


def test_a_deactivated_person_keeps_a_page_without_the_address() -> None:
    gone = make_person(name="Gone Girl", is_active=False)
    page = text_of(signed_in(make_person()), f"/people/{gone.pk}/")
    assert "Gone Girl" in page
    assert gone.email not in page


def test_the_profile_is_ones_own() -> None:
    person = make_person(name="Old Name")
    client = signed_in(person)
    data = {"name": "New Name", "language": "en", "time_zone": "Europe/Vienna", "version": "1"}
    assert client.post("/people/me/", data).status_code == 302
    person.refresh_from_db()
    assert (person.name, person.language, person.time_zone) == ("New Name", "en", "Europe/Vienna")
    assert client.post("/people/me/", {**data, "time_zone": "Mars/Crater"}).status_code == 422
    assert client.post("/people/me/", {**data, "name": " "}).status_code == 422


def test_single_letters_as_keys_are_switched_off_in_the_profile_and_beside_the_keys() -> None:
    person = make_person(name="Nora")
    client = signed_in(person)
    assert '<html lang="en" data-keys="on">' in text_of(client, "/people/me/")
    data = {"name": "Nora", "language": "en", "time_zone": "Europe/Vienna", "version": "1"}
    client.post("/people/me/", data)
    assert '<html lang="en" data-keys="off">' in text_of(client, "/people/me/")
    answer = client.post("/people/me/keys/", {"letter_keys": "on"}, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert 'data-keys="on"' in text_of(client, "/")
    assert client.post("/people/me/keys/")["Location"] == "/people/me/"
    person.refresh_from_db()
    assert not person.letter_keys
    assert client.get("/people/me/keys/").status_code == 405


def test_a_token_is_shown_once_and_revoked() -> None:
    person = make_person()
    client = signed_in(person)
    made = client.post("/people/me/tokens/", {"name": "script", "scope": "read"}).content.decode()
    [secret] = re.findall(r"tdm_[\w-]{43}", made)
    assert tokens.authenticate(secret)
    assert secret not in text_of(client, "/people/me/tokens/")
    token = ApiToken.objects.get()
    url = reverse("teams:token_revoke", args=[token.pk])
    assert signed_in(make_admin()).post(url).status_code == 404
    client.post(url)
    assert tokens.authenticate(secret) is None
    assert client.post("/people/me/tokens/", {"name": "", "scope": "all"}).status_code == 422
    late = {"name": "x", "scope": "read", "expires_on": "2001-01-01"}
    assert client.post("/people/me/tokens/", late).status_code == 422


SETTINGS = [
    "settings",
    "settings_company",
    "settings_people",
    "settings_teams",
    "settings_touchpoints",
    "settings_invitations",
]


@pytest.mark.parametrize("name", SETTINGS)
def test_settings_are_for_admins(name: str) -> None:
    url = reverse(f"teams:{name}")
    assert signed_in(make_person(lead_of=make_team())).get(url).status_code == 403
    assert Client().get(url)["Location"].startswith("/accounts/login/")
    assert signed_in(make_admin()).get(url).status_code == 200


def test_admins_make_admins_end_that_and_reactivate() -> None:
    admin, person = make_admin(), make_person(is_active=False)
    client = signed_in(admin)
    for action in ("reactivate", "make-admin"):
        client.post(reverse("teams:person_change", args=[person.pk, action]))
    person.refresh_from_db()
    assert (person.is_active, person.is_admin) == (True, True)
    client.post(reverse("teams:person_change", args=[person.pk, "end-admin"]))
    client.post(reverse("teams:person_change", args=[admin.pk, "end-admin"]))
    assert Person.objects.get(is_admin=True) == admin
    assert "last administrator" in text_of(client, "/settings/people/")
    assert client.post(reverse("teams:person_change", args=[person.pk, "promote"])).status_code == 404
    stranger = signed_in(make_person())
    assert stranger.post(reverse("teams:person_change", args=[person.pk, "make-admin"])).status_code == 403


def test_the_companys_settings_are_saved() -> None:
    client = signed_in(make_admin())
    data = {
        "name": "Nordlicht AG",
        "time_zone": "Europe/Vienna",
        "digest_weekday": "4",
        "digest_hour": "16",
        "brief_stale_days": "45",
        "version": "1",
    }
    assert client.post("/settings/company/", data).status_code == 302
    found = company.company()
    assert found is not None
    assert (found.name, found.digest_weekday, found.digest_hour) == ("Nordlicht AG", 4, 16)
    assert found.brief_stale_days == 45
    for wrong in ("0", "367", "x", ""):
        assert client.post("/settings/company/", {**data, "brief_stale_days": wrong}).status_code == 422
    assert client.post("/settings/company/", {**data, "digest_hour": "24"}).status_code == 422
    assert client.post("/settings/company/", {**data, "digest_hour": "3"}).status_code == 422


def test_touchpoints_are_added_renamed_and_archived() -> None:
    client = signed_in(make_admin())
    data = {"name_de": "Messe", "name_en": "Trade fair", "phase": "discover"}
    assert client.post("/settings/touchpoints/", data).status_code == 302
    assert client.post("/settings/touchpoints/", data).status_code == 422
    made = Touchpoint.objects.get(slug="trade_fair")
    client.post(reverse("teams:touchpoint", args=[made.pk]), {**data, "name_en": "Fairs"})
    client.post(reverse("teams:touchpoint_archive", args=[made.pk]))
    made.refresh_from_db()
    assert (made.name_en, made.is_archived) == ("Fairs", True)
    stranger = signed_in(make_person())
    assert stranger.post(reverse("teams:touchpoint_archive", args=[made.pk])).status_code == 403


def test_an_invitation_is_sent_again_withdrawn_and_only_by_who_may() -> None:
    team, admin = make_team(), make_admin()
    lead, stranger = make_person(lead_of=team), make_person(lead_of=make_team())
    invited = invitations.invite("a@example.org", team=team, by=lead).invitation
    resend = reverse("teams:invitation_resend", args=[invited.pk])
    withdraw = reverse("teams:invitation_withdraw", args=[invited.pk])
    signed_in(stranger).post(resend)
    signed_in(stranger).post(withdraw)
    invited.refresh_from_db()
    assert (invited.withdrawn_at, mail.outbox) == (None, [])
    assert "a@example.org" in text_of(signed_in(lead), reverse("teams:team", args=[team.slug]))
    assert "a@example.org" not in text_of(
        signed_in(make_person(team)), reverse("teams:team", args=[team.slug])
    )
    assert signed_in(lead).post(resend).status_code == 200
    assert len(mail.outbox) == 1
    signed_in(admin).post(withdraw)
    invited.refresh_from_db()
    assert invited.withdrawn_at is not None
    assert "a@example.org" not in text_of(signed_in(admin), "/settings/invitations/")


def test_the_invited_chooses_name_and_password_and_is_in() -> None:
    team = make_team(Side.IT, name="Data")
    invited = invitations.invite("a@example.org", team=team, by=make_admin())
    client = Client(headers={"accept-language": "en"})
    path = reverse("teams:invitation", args=[invited.secret])
    assert "Data" in text_of(client, path)
    answers = {"name": "Ada", "password": "short", "repeated": "short", "zone": "Europe/Vienna"}
    assert client.post(path, answers).status_code == 422
    assert client.post(path, {**answers, "password": PASSWORD}).status_code == 422
    answers |= {"password": PASSWORD, "repeated": PASSWORD}
    assert client.post(path, answers).status_code == 302
    ada = Person.objects.get(email="a@example.org")
    assert (ada.time_zone, ada.language, ada.side) == ("Europe/Vienna", "en", "it")
    assert client.get("/people/me/").status_code == 200
    gone = Client().get(path)
    assert gone.status_code == 404
    assert "/accounts/login/" in gone.content.decode()


def test_the_first_start_page_sets_everything_up() -> None:
    Company.objects.all().delete()
    Team.objects.all().delete()
    client = signed_in(make_admin())
    answers = {
        "name": "Nord",
        "time_zone": "Europe/Berlin",
        "marketing_team": "A",
        "it_team": "a",
        "join_side": "",
    }
    assert client.post("/settings/first-start/", answers).status_code == 422
    done = client.post("/settings/first-start/", {**answers, "it_team": "B", "join_side": "marketing"})
    assert done["Location"] == "/settings/invitations/"
    assert Membership.objects.get().team.name == "A"
    assert signed_in(make_person()).get("/settings/first-start/").status_code == 403


def test_before_the_company_exists_there_is_only_what_works() -> None:
    Company.objects.all().delete()
    page = signed_in(make_admin(email="ada@example.org")).get("/settings/first-start/").content.decode()
    links = {
        link.partition('"')[0]
        for link in page.split('<a class="brand" href="')[1:] + page.split('<a href="')[1:]
    }
    forms = {form.partition('action="')[2].partition('"')[0] for form in page.split("<form")[1:]}
    assert links == {"/"}
    assert forms == {"", "/language/", "/accounts/logout/"}
    assert "<nav" not in page
    assert "ada@example.org" in page


def test_hidden_and_absent_addresses_are_the_same_404() -> None:
    client = signed_in(make_person())
    for path in ("/teams/none/", "/goals/999999/", "/people/999999/", "/goals/99999999999999999999/"):
        assert client.get(path).status_code == 404


def test_every_template_of_this_room_is_used() -> None:
    folder = Path(settings.BASE_DIR)
    code = "".join(
        path.read_text()
        for room in ("teams", "templates")
        for path in (folder / room).rglob("*.*")
        if path.suffix in {".py", ".html"}
    )
    unused = [
        path.name for path in (folder / "templates/teams").iterdir() if f"teams/{path.name}" not in code
    ]
    assert not unused
