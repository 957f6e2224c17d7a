"""The pages of the catalogue: who may, what they show and say, how forms come back."""

import re
from typing import Any

import pytest
from django.test import Client

from knowhow.models import Expert, Solution
from knowhow.solutions.readability import LONG_SENTENCE
from teams.models import Company, Person, Team
from tests.factories import make_admin, make_person, make_solution, make_team, make_touchpoint

WHOLE = {
    "title": "Mail robot",
    "purpose": "It sends the mails that you write.",
    "limits": "It writes none.",
    "what_to_do": "A mail is wrong: stop it.",
    "status": "live",
}


@pytest.fixture(autouse=True)
def started(db: None) -> None:
    Company.objects.create(pk=1, name="Nordwind")


@pytest.fixture
def team() -> Team:
    return make_team(name="CRM")


@pytest.fixture
def member(team: Team) -> Person:
    return make_person(team)


@pytest.fixture
def solution(team: Team) -> Solution:
    return make_solution(team, **WHOLE, slug="robot")


def browser(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def page(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status
    return answer.content.decode()


def titles(html: str) -> list[str]:
    return re.findall(r'<td class="main"><a href="[^"]+">([^<]+)</a>', html)


def expert(solution: Solution, level: int = 3) -> Person:
    return Expert.objects.create(solution=solution, person=make_person(), level=level).person


def test_an_empty_catalogue_says_how_to_begin(member: Person) -> None:
    html = page(browser(member), "/solutions/")
    assert "No solution yet" in html
    assert '<a class="btn" href="/solutions/new/">Describe a solution</a>' in html


def test_the_catalogue_is_narrowed_by_words_status_touchpoint_and_experts(
    solution: Solution, member: Person
) -> None:
    other = make_solution(title="Till", purpose="Counts vouchers", status="pilot")
    touched = make_touchpoint(slug="till")
    other.touchpoints.add(touched)
    expert(other), expert(other)
    client = browser(member)
    assert titles(page(client, "/solutions/")) == ["Mail robot", "Till"]
    assert titles(page(client, "/solutions/?q=voucher")) == ["Till"]
    assert titles(page(client, "/solutions/?q=obo")) == ["Mail robot"]
    assert titles(page(client, "/solutions/?status=pilot")) == ["Till"]
    assert titles(page(client, "/solutions/?touchpoint=till")) == ["Till"]
    assert titles(page(client, "/solutions/?few=1")) == ["Mail robot"]
    assert titles(page(client, f"/solutions/?team={solution.team.slug}")) == ["Mail robot"]
    assert "No solution fits all of this" in page(client, "/solutions/?q=nowhere")


@pytest.mark.parametrize(
    "query",
    ["status=gone", "touchpoint=none", "team=%20!", "page=x", "page=0", "q=%00", "few=maybe", "q=%27%22%28"],
)
def test_what_nobody_can_choose_breaks_nothing(solution: Solution, member: Person, query: str) -> None:
    page(browser(member), f"/solutions/?{query}")


def test_owners_are_warned_of_solutions_that_too_few_master(solution: Solution, member: Person) -> None:
    words = "Too few people master these solutions of your teams:"
    expert(solution), expert(solution, 2)
    assert words in page(browser(member), "/solutions/")
    assert words not in page(browser(make_person(make_team())), "/solutions/")
    expert(solution)
    assert words not in page(browser(member), "/solutions/")


def test_a_page_of_the_catalogue_leads_on(member: Person) -> None:
    for n in range(51):
        make_solution(title=f"Tool {n:02}")
    client = browser(member)
    assert len(titles(page(client, "/solutions/?q=Tool"))) == 50
    assert 'rel="next" href="?q=Tool&amp;page=2"' in page(client, "/solutions/?q=Tool")
    assert titles(page(client, "/solutions/?q=Tool&page=2")) == ["Tool 50"]
    assert titles(page(client, "/solutions/?q=Tool&page=999999")) == []


def test_the_page_tells_the_sections_in_order_and_escapes_them(member: Person, team: Team) -> None:
    terms = "Robot: a <b>program</b>\nNo colon here"
    texts = {**WHOLE, "limits": "<script>alert(1)</script>", "terms": terms}
    make_solution(team, **{**texts, "slug": "robot", "data_held": "Addresses"})
    html = page(browser(member), "/solutions/robot/")
    heads = ["What it does, and for whom", "What it cannot do", "What to do when …", "Words explained"]
    places = [html.index(f"<h3>{head}</h3>") for head in heads]
    assert places == sorted(places)
    assert "<script>alert" not in html
    assert "<dt>Robot</dt><dd>a &lt;b&gt;program&lt;/b&gt;</dd>" in html
    assert "<dd>No colon here</dd>" in html


def test_an_explainer_in_one_piece_says_what_is_not_said_yet(member: Person, team: Team) -> None:
    make_solution(team, slug="robot")
    html = page(browser(member), "/solutions/robot/")
    assert "not said yet: What it cannot do · What to do when …" in html
    assert "not said yet" not in page(browser(member), f"/solutions/{make_solution(None, **WHOLE).slug}/")


def test_two_candidates_are_named_where_too_few_master_it(solution: Solution, member: Person) -> None:
    helping = expert(solution, 2)
    html = " ".join(page(browser(make_person()), "/solutions/robot/").split())
    assert "Nobody keeps this running alone." in html
    assert f">{helping.name}</a> – works with it with help" in html
    assert f">{member.name}</a> – belongs to the owner team" in html
    expert(solution)
    assert "Only one person keeps this running." in page(browser(member), "/solutions/robot/")
    expert(solution)
    html = page(browser(member), "/solutions/robot/")
    assert "keeps this running" not in html
    assert "Who could soonest" not in html


def test_only_the_owner_team_finds_what_changes_it(solution: Solution, member: Person) -> None:
    theirs, others = (
        page(browser(member), "/solutions/robot/"),
        page(browser(make_person()), "/solutions/robot/"),
    )
    for words in ("Name somebody", "Name a team", "/solutions/robot/edit/"):
        assert words in theirs
        assert words not in others


def test_a_member_describes_a_solution(team: Team, member: Person) -> None:
    touched = make_touchpoint()
    client = browser(member)
    assert f'<option value="{team.pk}" selected>' in page(client, "/solutions/new/")
    sent = {**WHOLE, "team": team.pk, "touchpoints": [touched.pk], "review_on": "2027-06-01"}
    answer = client.post("/solutions/new/", sent)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/solutions/mail-robot/")
    made = Solution.objects.get()
    assert (made.team, str(made.review_on)) == (team, "2027-06-01")
    assert list(made.touchpoints.all()) == [touched]


@pytest.mark.parametrize("name", ["title", "purpose", "limits", "what_to_do"])
def test_a_form_that_lacks_something_comes_back_filled_in(team: Team, member: Person, name: str) -> None:
    answer = browser(member).post("/solutions/new/", {**WHOLE, "team": team.pk, name: " "})
    assert answer.status_code == 422
    assert "A mail is wrong" in answer.content.decode() or name == "what_to_do"
    assert not Solution.objects.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", "x" * 201),
        ("purpose", "x" * 10_001),
        ("limits", "a\x00b"),
        ("review_on", "soon"),
        ("status", "gone"),
    ],
)
def test_bad_input_is_told_at_the_form(team: Team, member: Person, name: str, value: str) -> None:
    answer = browser(member).post("/solutions/new/", {**WHOLE, "team": team.pk, name: value})
    assert answer.status_code == 422
    assert not Solution.objects.exists()


def test_nobody_describes_a_solution_of_another_team(team: Team) -> None:
    stranger = make_person(make_team())
    answer = browser(stranger).post("/solutions/new/", {**WHOLE, "team": team.pk})
    assert answer.status_code == 422
    assert browser(make_person()).get("/solutions/new/").status_code == 403
    assert browser(make_admin()).post("/solutions/new/", {**WHOLE, "team": team.pk}).status_code == 302


def test_members_edit_and_others_may_not(solution: Solution, member: Person) -> None:
    client = browser(member)
    assert "It writes none." in page(client, "/solutions/robot/edit/")
    sent = {**WHOLE, "limits": "No pictures.", "version": 1}
    assert client.post("/solutions/robot/edit/", sent).status_code == 302
    solution.refresh_from_db()
    assert (solution.limits, solution.version) == ("No pictures.", 2)
    assert browser(make_person()).get("/solutions/robot/edit/").status_code == 403
    assert browser(make_person()).post("/solutions/robot/edit/", sent).status_code == 403


def test_who_was_slower_sees_both_texts(solution: Solution, member: Person) -> None:
    client = browser(member)
    client.post("/solutions/robot/edit/", {**WHOLE, "limits": "No pictures.", "version": 1})
    answer = client.post("/solutions/robot/edit/", {**WHOLE, "limits": "No films.", "version": 1})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "No pictures." in html
    assert "No films." in html
    again = {**WHOLE, "limits": "No films.", "version": 2}
    assert client.post("/solutions/robot/edit/", again).status_code == 302


def test_an_expert_is_named_and_taken_off(solution: Solution, member: Person) -> None:
    other, client = make_person(), browser(member)
    sent = {"person": other.email, "level": 3}
    assert client.post("/solutions/robot/experts/", sent).status_code == 302
    assert Expert.objects.get().person == other
    assert client.post("/solutions/robot/experts/", sent).status_code == 422, "it is said already"
    assert browser(other).post(f"/solutions/robot/experts/{other.pk}/remove/").status_code == 302
    assert not Expert.objects.exists()


@pytest.mark.parametrize("sent", [{}, {"person": "nobody@x.example", "level": 3}, {"person": "", "level": 9}])
def test_an_expert_that_cannot_be_named_is_told(
    solution: Solution, member: Person, sent: dict[str, Any]
) -> None:
    answer = browser(member).post("/solutions/robot/experts/", sent)
    assert answer.status_code == 422
    assert '<details class="adding" open>' in answer.content.decode()


def test_strangers_change_neither_experts_nor_teams(solution: Solution, team: Team) -> None:
    stranger = make_person()
    client = browser(stranger)
    assert client.post("/solutions/robot/experts/", {"person": stranger.email, "level": 3}).status_code == 422
    assert client.post("/solutions/robot/affected/", {"team": team.name}).status_code == 422
    kept = expert(solution)
    client.post(f"/solutions/robot/experts/{kept.pk}/remove/")
    assert Expert.objects.filter(person=kept).exists()


def test_a_team_is_named_as_affected_and_taken_off(solution: Solution, member: Person) -> None:
    shaped, client = make_team(name="Campaigns", slug="campaigns"), browser(member)
    assert client.post("/solutions/robot/affected/", {"team": "Campaigns"}).status_code == 302
    assert list(solution.affected_teams.all()) == [shaped]
    assert client.post("/solutions/robot/affected/", {"team": "No such team"}).status_code == 422
    assert client.post("/solutions/robot/affected/campaigns/remove/").status_code == 302
    assert not solution.affected_teams.exists()


@pytest.mark.parametrize(
    "path", ["", "edit/", "experts/", "experts/1/remove/", "affected/", "affected/x/remove/", "requests/"]
)
def test_what_is_not_there_is_not_found(member: Person, path: str) -> None:
    client = browser(member)
    method = client.post if "/" in path and path not in ("edit/", "requests/") else client.get
    assert method(f"/solutions/no-such/{path}").status_code == 404


def test_the_hint_says_what_makes_a_text_hard(member: Person) -> None:
    long = "and then " * LONG_SENTENCE + "it ends."
    answer = browser(member).post("/solutions/readable/", {"purpose": f"The ERP is there. {long}"})
    html = answer.content.decode()
    assert "Make two sentences of one" in html
    assert '<span class="tag">ERP</span>' in html
    known = browser(member).post(
        "/solutions/readable/", {"purpose": f"The ERP. {long}", "terms": "ERP: the books"}
    )
    assert '<span class="tag">ERP</span>' not in known.content.decode()


@pytest.mark.parametrize("sent", [{}, {"purpose": "short"}, {"purpose": "\x00"}, {"purpose": "x" * 20_000}])
def test_the_hint_takes_whatever_is_typed(member: Person, sent: dict[str, str]) -> None:
    answer = browser(member).post("/solutions/readable/", sent)
    assert answer.status_code == 200
    assert "As soon as you have written" in answer.content.decode()
