"""The pages of goals: tree, page, forms; each refusal in words at its field."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from teams.goals import folding
from teams.goals.key_results import today
from teams.goals.tree import rolled_up
from teams.models import Brief, CheckIn, Goal, KeyResult, Person, Side, Team
from tests.factories import make_goal, make_key_result, make_person, make_team

pytestmark = pytest.mark.django_db


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def team() -> Team:
    return make_team(Side.IT, slug="crm-platform", name="CRM platform")


@pytest.fixture
def lead(team: Team) -> Client:
    return browser(make_person(lead_of=team, language="en"))


@pytest.fixture
def reader() -> Client:
    return browser(make_person(make_team(Side.MARKETING), language="en"))


@pytest.fixture
def goal(team: Team) -> Goal:
    start = today() - timedelta(days=50)
    return make_goal(
        team,
        title="More consent",
        brief="Three of a hundred.",
        starts_on=start,
        ends_on=start + timedelta(days=100),
    )


def text(answered: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answered.content.decode()))


def described(**others: object) -> dict[str, Any]:
    return {"title": "More consent", "teams": [], "version": 1, **others}


# The tree -----------------------------------------------------------------------------------------------
def test_the_tree_shows_how_far_each_goal_has_come(reader: Client, goal: Goal, team: Team) -> None:
    make_key_result(goal, baseline=Decimal(0), target=Decimal(4), current=Decimal(3))
    make_goal(team, title="Below it", parent=goal)
    page = reader.get("/goals/")
    assert re.search(r"depth-0.*More consent.*depth-1.*Below it", page.content.decode(), re.S)
    assert "75 %" in text(page)
    assert "on track" in text(page)
    assert "not measured yet" in text(page)


def test_it_is_narrowed_by_side_team_and_period(reader: Client, goal: Goal) -> None:
    make_goal(make_team(Side.MARKETING, slug="brand"), title="Another")
    period = f"{goal.starts_on}_{goal.ends_on}"
    for query, first, second in (
        ("side=it", True, False),
        ("team=brand", False, True),
        (f"period={period}", True, False),
        ("", True, True),
    ):
        page = text(reader.get(f"/goals/?{query}"))
        assert ("More consent" in page, "Another" in page) == (first, second)
    assert "No goal fits this filter." in text(reader.get("/goals/?side=other"))


@pytest.mark.parametrize("query", ["side=up", "team=none", "period=long", "team=%00"])
def test_an_unknown_filter_is_told_and_never_a_server_error(reader: Client, goal: Goal, query: str) -> None:
    page = reader.get(f"/goals/?{query}")
    assert page.status_code == 400
    assert "There is no such filter." in text(page)


def test_a_large_tree_is_folded_and_opens_by_a_link_that_keeps_the_filter(
    reader: Client, goal: Goal, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folding, "MOST_OPEN", 2)
    make_goal(team, title="Below it", parent=goal)
    make_goal(make_team(Side.MARKETING), title="Another")
    page = reader.get("/goals/")
    assert "1 goal below" in text(page)
    assert "Below it" not in text(page)
    opens = re.search(r'class="unfold" href="([^"#]+)#goal-\d+" aria-expanded="false"', page.content.decode())
    assert opens
    assert "Below it" in text(reader.get(f"/goals/{opens[1]}"))
    assert "Fold what stands below" in text(reader.get(f"/goals/{opens[1]}"))
    # The goals of one's own team, or of the team that is asked for, stand there at once.
    assert "Below it" in text(browser(make_person(team, language="en")).get("/goals/"))
    assert "Below it" in text(reader.get(f"/goals/?team={team.slug}"))
    assert reader.get(f"/goals/?open={'9' * 5000}&open=x").status_code == 200


def test_the_tree_is_rolled_up_once_however_many_goals_serve_one(
    reader: Client, goal: Goal, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(3):
        make_key_result(make_goal(team, title=f"Below {n}", parent=goal), current=Decimal(2))
    times: list[int] = []

    def counted(rows: list[Goal]) -> dict[int, Any]:
        times.append(len(rows))
        return rolled_up(rows)

    monkeypatch.setattr("teams.views.goals.rolled_up", counted)
    assert text(reader.get(f"/goals/{goal.pk}/")).count("100 %") >= 3
    assert times == [4]


def test_archiving_is_offered_once_no_key_result_runs(lead: Client, goal: Goal) -> None:
    archive = f'action="/goals/{goal.pk}/archive/"'
    assert archive in lead.get(f"/goals/{goal.pk}/").content.decode()
    make_key_result(goal)
    assert archive not in lead.get(f"/goals/{goal.pk}/").content.decode()
    refused = lead.post(f"/goals/{goal.pk}/archive/", follow=True)
    assert "Close its period" in text(refused)


def test_the_first_goal_is_offered_to_who_may_set_it(reader: Client, lead: Client) -> None:
    assert "Set the first goal" in text(lead.get("/goals/"))
    assert "Set the first goal" not in text(reader.get("/goals/"))


def test_without_goals_the_page_says_how_to_begin(reader: Client) -> None:
    assert "every request serves one" in text(reader.get("/goals/"))
    assert "Goals whose period is closed stand here" in text(reader.get("/goals/?archived=1"))


# The page -----------------------------------------------------------------------------------------------
def test_the_page_shows_sections_curve_and_table(reader: Client, goal: Goal, team: Team) -> None:
    one = make_key_result(goal, title="Consents", baseline=Decimal("1.8"), target=Decimal(3))
    by = make_person(team, name="Tom Reiter")
    for days, value in ((20, "2.0"), (2, "2.4")):
        on = today() - timedelta(days=days)
        CheckIn.objects.create(
            key_result=one, on=on, value=Decimal(value), confidence="high", note="", by=by, at=one.created_at
        )
    KeyResult.objects.filter(pk=one.pk).update(current=Decimal("2.4"), checked_on=today(), confidence="high")
    page = reader.get(f"/goals/{goal.pk}/")
    html = page.content.decode()
    assert html.count("<circle") == 2
    assert 'class="expected"' in html
    assert 'style="' not in html
    for words in ("1.8 → 3", "expected by now: 2.4", "Tom Reiter", "Three of a hundred.", "50 %"):
        assert words in text(page)
    assert "Check in" not in text(page)
    assert "Edit" not in text(page)


def test_a_lead_s_word_stands_beside_what_the_figures_say(lead: Client, goal: Goal) -> None:
    make_key_result(goal, baseline=Decimal(0), target=Decimal(4), current=Decimal(0))
    path = f"/goals/{goal.pk}/health/"
    assert lead.post(path, {"health": "on_track", "reason": ""}).status_code == 422
    assert lead.post(path, {"health": "on_track", "reason": "Live on Monday"}).status_code == 302
    page = text(lead.get(f"/goals/{goal.pk}/"))
    assert "says “on track”: Live on Monday The figures say “off track”." in page


def test_who_does_not_own_it_gets_no_form(reader: Client, goal: Goal) -> None:
    one = make_key_result(goal)
    for path in (
        *(f"/goals/{goal.pk}/{what}/" for what in ("edit", "health", "close", "key-results")),
        *(f"/goals/key-results/{one.pk}/{what}" for what in ("", "check-in/", "end/")),
    ):
        assert reader.get(path).status_code == 403
        assert reader.post(path, {}).status_code == 403
    for path in ("/goals/0/close/", f"/goals/key-results/{2**63}/", "/goals/key-results/0/check-in/"):
        assert reader.get(path).status_code == 404


# Forms --------------------------------------------------------------------------------------------------
def test_a_lead_sets_a_goal_with_all_its_sections(lead: Client, team: Team, goal: Goal) -> None:
    sent = described(
        title="Fewer leave",
        teams=[team.pk],
        brief="Nine of a thousand leave.",
        customer_change="One click to change topics.",
        parent=goal.pk,
        starts_on="2026-10-01",
        ends_on="2026-12-31",
    )
    assert lead.post("/goals/new/", sent).status_code == 302
    made = Goal.objects.get(title="Fewer leave")
    assert (made.customer_change, made.parent) == ("One click to change topics.", goal)


def test_a_circle_and_a_period_backwards_are_told_at_their_fields(
    lead: Client, team: Team, goal: Goal
) -> None:
    below = make_goal(team, parent=goal)
    path = f"/goals/{goal.pk}/edit/"
    refused = lead.post(path, described(teams=[team.pk], parent=below.pk))
    assert refused.status_code == 422
    assert "serve itself in a circle" in text(refused)
    refused = lead.post(path, described(teams=[team.pk], starts_on="2026-12-31", ends_on="2026-10-01"))
    assert "The last day must come after the first." in text(refused)
    goal.refresh_from_db()
    assert goal.parent is None


def test_a_change_of_substance_needs_its_sentence(lead: Client, team: Team, goal: Goal) -> None:
    path = f"/goals/{goal.pk}/edit/"
    sent = described(teams=[team.pk], brief="Four of a hundred.", in_substance="on")
    refused = lead.post(path, sent)
    assert refused.status_code == 422
    assert "Say in one sentence what changed" in text(refused)
    assert lead.post(path, sent | {"what_changed": "Four instead of three"}).status_code == 302
    assert Brief.objects.get(goal=goal).substance == 2


def test_a_key_result_is_added_changed_and_ended(lead: Client, goal: Goal) -> None:
    path = f"/goals/{goal.pk}/key-results/"
    same = lead.post(path, {"title": "Rate", "baseline": "2", "target": "2"})
    assert same.status_code == 422
    assert "nothing would change" in text(same)
    assert (
        lead.post(path, {"title": "Rate", "baseline": "1.8", "target": "3", "unit": "%"}).status_code == 302
    )
    one = KeyResult.objects.get()
    page = f"/goals/key-results/{one.pk}/"
    changed = {"title": "Rate", "baseline": "1.8", "target": "3.5", "unit": "%", "version": 1}
    assert lead.post(page, changed).status_code == 302
    stale = lead.post(page, changed | {"target": "4"})
    assert (stale.status_code, "was changed meanwhile" in text(stale)) == (422, True)
    assert lead.post(f"{page}end/", {"reason": ""}).status_code == 422
    assert lead.post(f"{page}end/", {"reason": "The law changed"}).status_code == 302
    assert "The law changed" in text(lead.get(f"/goals/{goal.pk}/"))


def test_numbers_are_read_as_the_reader_writes_them(goal: Goal, team: Team) -> None:
    german = browser(make_person(lead_of=team, language="de"))
    sent = {"title": "Quote", "baseline": "1.250,5", "target": "1.800"}
    assert german.post(f"/goals/{goal.pk}/key-results/", sent).status_code == 302
    one = KeyResult.objects.get()
    assert (one.baseline, one.target) == (Decimal("1250.5"), Decimal(1800))


def test_a_member_checks_in_and_never_in_the_future(goal: Goal, team: Team) -> None:
    member, one = browser(make_person(team, language="en")), make_key_result(goal)
    path = f"/goals/key-results/{one.pk}/check-in/"
    tomorrow = (today() + timedelta(days=1)).isoformat()
    refused = member.post(path, {"value": "1.5", "on": tomorrow, "confidence": "low"})
    assert refused.status_code == 422
    assert "a day in the future" in text(refused)
    sent = {"value": "1.5", "on": today().isoformat(), "confidence": "low", "note": "Slow"}
    assert member.post(path, sent).status_code == 302
    assert CheckIn.objects.get().note == "Slow"


def test_closing_asks_what_becomes_of_what_is_unfinished(lead: Client, goal: Goal, team: Team) -> None:
    moves, ends = make_key_result(goal, title="Moves"), make_key_result(goal, title="Ends")
    heir = make_goal(team, title="Next year")
    path = f"/goals/{goal.pk}/close/"
    assert "“Moves” goes on in" in text(lead.get(path))
    empty = lead.post(path, {})
    for words in ("What came of it? – Fill in", "Say where “Moves” goes on", "Say where “Ends” goes on"):
        assert words in text(empty)
    assert lead.post(path, {f"to_{moves.pk}": "0", f"fate_{ends.pk}": "\x07"}).status_code == 422
    texts = {"result": "Half of it.", "learning": "Start earlier."}
    refused = lead.post(path, texts | {f"to_{moves.pk}": heir.pk})
    assert refused.status_code == 422
    assert "Say where “Ends” goes on, or why it ends." in text(refused)
    sent = texts | {f"to_{moves.pk}": heir.pk, f"fate_{ends.pk}": "Too dear"}
    assert lead.post(path, sent).status_code == 302
    page = text(lead.get(f"/goals/{goal.pk}/"))
    for words in ("What came of it", "Half of it.", "Start earlier.", "It goes on in Next year", "Too dear"):
        assert words in page
    assert "Close the period" not in page
    assert "Half of it." in text(lead.get("/goals/?archived=1"))
