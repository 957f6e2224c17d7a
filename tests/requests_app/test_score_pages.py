"""Scoring in the browser: blind forms, the reveal, joint values; with htmx and without."""

import re
from typing import Any

import pytest
from django.test import Client

from activity import clock
from requests_app.choices import Dimension
from requests_app.models import AgreedScore, Request, SideScore
from requests_app.scoring.agreement import propose
from teams.models import Person
from tests.factories import add_member, make_goal, make_person, make_scores, scores
from tests.requests_app.scenes import Scene, in_days, make_scene

pytestmark = pytest.mark.django_db
DAYS = {"best": "2", "likely": "3.5", "worst": "8"}
HTMX = {"HX-Request": "true"}


@pytest.fixture
def scene() -> Scene:
    """In shaping, with everything but scores."""
    result = {"metric": "sign-ups", "baseline": 1, "target": 2, "measured_on": in_days(60)}
    return make_scene("shaping", goal=make_goal(), **result)


@pytest.fixture
def apart(scene: Scene) -> Scene:
    """With one divergence: reach."""
    make_scores(scene.request, scores(4, reach=5), scores(4, reach=2))
    return scene


def browser(person: Person, **headers: str) -> Client:
    Person.objects.filter(pk=person.pk).update(language="en")
    client = Client(headers=headers)
    client.force_login(person)
    return client


def page(scene: Scene, role: str) -> str:
    answer = browser(scene.people[role]).get(f"/requests/{scene.request.number}/")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def put(scene: Scene, role: str, path: str, data: dict[str, Any], **headers: str) -> Any:
    client = browser(scene.people[role], **headers)
    return client.post(f"/requests/{scene.request.number}/scores/{path}/", data)


def typed(points: Any = 4, **others: Any) -> dict[str, Any]:
    return {**scores(points), "seen_version": "0", **others}


class TestBeforeTheReveal:
    def test_it_says_who_has_scored_and_not_what(self, scene: Scene) -> None:
        make_scores(scene.request, scores(5))
        text = page(scene, "outsider")
        assert f"{scene.marketing_owner.name} has scored" in text
        assert "has not scored yet" in text
        assert "duels" not in text

    def test_the_form_has_six_scales_with_a_sentence_at_each_end(self, scene: Scene) -> None:
        text = page(scene, "marketing_owner")
        assert text.count('<fieldset class="scale"') == len(Dimension)
        assert text.count('type="radio"') == 5 * len(Dimension)
        assert "Customers would hardly notice it." in text
        assert "Everybody concerned has to be trained." in text
        assert 'name="best"' not in text

    def test_it_is_asked_for_its_estimate(self, scene: Scene) -> None:
        assert page(scene, "it_lead").count('inputmode="decimal"') == 3

    @pytest.mark.parametrize("role", ["admin", "outsider", "requester", "it_member"])
    def test_others_get_no_form(self, scene: Scene, role: str) -> None:
        assert '<fieldset class="scale"' not in page(scene, role)

    def test_the_own_values_are_shown_and_can_be_changed(self, scene: Scene) -> None:
        make_scores(scene.request, scores(5))
        text = page(scene, "marketing_lead")
        assert "What Marketing has scored" in text
        assert 'value="5" required id="id_marketing_reach_4" checked' in text or re.search(
            r'name="reach" value="5"[^>]*checked', text
        )

    def test_who_could_score_for_both_is_told_to_choose(self, scene: Scene) -> None:
        bridge = make_person(lead_of=scene.marketing_team)
        add_member(scene.it_team, bridge, "lead")
        scene.people["bridge"] = bridge
        text = page(scene, "bridge")
        assert text.count("You could score for both sides") == 2
        put(scene, "bridge", "it", typed(**DAYS))
        text = page(scene, "bridge")
        assert 'id="score-it"' in text
        assert 'id="score-marketing"' not in text

    def test_decided_before_both_were_in_it_stays_hidden(self, scene: Scene) -> None:
        make_scores(scene.request, scores(5))
        scene.do("park", "it_owner", reason="Later", revisit_on=in_days(30))
        assert "stays hidden" in page(scene, "it_owner")


class TestEntering:
    def test_without_javascript_it_leads_back_to_the_section(self, scene: Scene) -> None:
        answer = put(scene, "marketing_owner", "marketing", typed())
        assert (answer.status_code, answer["Location"]) == (
            302,
            f"/requests/{scene.request.number}/#scores",
        )
        assert SideScore.objects.get().values == scores()

    def test_with_htmx_the_page_is_swapped(self, scene: Scene) -> None:
        make_scores(scene.request, scores())
        answer = put(scene, "it_owner", "it", typed(**DAYS), **HTMX)
        assert answer["HX-Retarget"] == "#request"
        assert "Both sides scored blindly" in answer.content.decode()
        assert "everybody sees it now" in answer["HX-Trigger"]

    def test_it_understands_numbers_as_the_language_writes_them(self, scene: Scene) -> None:
        client = browser(scene.it_owner)
        Person.objects.filter(pk=scene.it_owner.pk).update(language="de")
        client.post(f"/requests/{scene.request.number}/scores/it/", typed(**{**DAYS, "likely": "3,5"}))
        assert SideScore.objects.get().likely == 3.5

    @pytest.mark.parametrize("wrong", ["0", "6", "2.5", "5 ", "5 x", "", "five"])
    def test_a_wrong_value_keeps_the_others_and_says_which(self, scene: Scene, wrong: str) -> None:
        answer = put(scene, "marketing_owner", "marketing", typed(reach=wrong), **HTMX)
        text = answer.content.decode()
        assert answer.status_code == 422
        assert "Choose a whole number from 1 to 5." in text
        assert re.search(r'name="effort" value="4"[^>]*checked', text)
        assert not SideScore.objects.exists()

    def test_best_likely_worst_come_in_this_order(self, scene: Scene) -> None:
        answer = put(scene, "it_owner", "it", typed(**{**DAYS, "best": "4"}))
        assert answer.status_code == 422
        assert "best case takes at most as long" in answer.content.decode()

    @pytest.mark.parametrize("role", ["outsider", "admin", "it_owner"])
    def test_others_are_refused(self, scene: Scene, role: str) -> None:
        answer = put(scene, role, "marketing", typed())
        assert answer.status_code == 409
        assert not SideScore.objects.exists()

    def test_a_colleagues_change_meanwhile_is_shown_and_nothing_is_lost(self, scene: Scene) -> None:
        make_scores(scene.request, scores(2))
        answer = put(scene, "marketing_lead", "marketing", typed(5), **HTMX)
        text = answer.content.decode()
        assert answer.status_code == 409
        assert "Somebody on your side changed this to 2." in text
        assert re.search(r'name="reach" value="5"[^>]*checked', text)
        seen = re.search(r'name="seen_version" value="(\d+)"', text)
        assert seen is not None
        again = put(scene, "marketing_lead", "marketing", typed(5, seen_version=seen[1]))
        assert again.status_code == 302
        assert SideScore.objects.get().reach == 5

    def test_who_sees_neither_side_learns_nothing_from_a_conflict(self, scene: Scene) -> None:
        make_scores(scene.request, scores(2))
        bridge = make_person(lead_of=scene.marketing_team)
        add_member(scene.it_team, bridge, "lead")
        scene.people["bridge"] = bridge
        text = put(scene, "bridge", "marketing", typed(5), **HTMX).content.decode()
        assert "Somebody on your side scored meanwhile" in text
        assert "to 2" not in text

    def test_a_change_after_the_reveal_asks_why_and_keeps_what_was_chosen(self, apart: Scene) -> None:
        data = typed(4, reach=3, seen_version="1", **DAYS)
        answer = put(apart, "it_owner", "it", data, **HTMX)
        text = answer.content.decode()
        assert answer.status_code == 409
        assert 'name="reason"' in text
        assert re.search(r'name="reach" value="3"[^>]*checked', text)
        answer = put(apart, "it_owner", "it", {**data, "reason": "We counted again."})
        assert answer.status_code == 302
        assert "We counted again." in page(apart, "outsider")

    @pytest.mark.parametrize("side", ["other", "both", "agreed"])
    def test_there_are_only_two_sides(self, scene: Scene, side: str) -> None:
        assert put(scene, "it_owner", side, typed()).status_code == 404

    def test_hidden_and_absent_are_the_same(self) -> None:
        hidden = make_scene("shaping", restricted=True)
        for path in ("it", "agreed/reach", "earlier"):
            client = browser(hidden.outsider)
            assert client.get(f"/requests/{hidden.request.number}/scores/{path}/").status_code == 404
            assert client.get(f"/requests/99999999/scores/{path}/").status_code == 404


class TestAfterTheSessionEnded:
    def sign_in_again(self, client: Client, person: Person, path: str) -> str:
        """As a sign-in does: the session stays, its person is new."""
        kept = dict(client.session)
        client.force_login(person)
        session = client.session
        session.update({name: value for name, value in kept.items() if not name.startswith("_auth")})
        session.save()
        return client.get(path).content.decode()

    def test_scores_wait_until_their_author_has_signed_in_again(self, scene: Scene) -> None:
        path = f"/requests/{scene.request.number}/scores/marketing/"
        client = Client()
        answer = client.post(path, typed(5, author=scene.marketing_owner.pk))
        assert answer["Location"].startswith("/accounts/login/?next=")
        text = self.sign_in_again(client, scene.marketing_owner, path)
        assert re.search(r'name="reach" value="5"[^>]*checked', text)
        assert not SideScore.objects.exists()

    def test_nobody_else_gets_to_see_them(self, scene: Scene) -> None:
        path = f"/requests/{scene.request.number}/scores/marketing/"
        client = Client()
        client.post(path, typed(5, author=scene.marketing_owner.pk))
        text = self.sign_in_again(client, scene.marketing_lead, path)
        assert 'name="reach" value="5"' in text
        assert not re.search(r'name="reach"[^>]*checked', text)

    def test_htmx_is_led_to_the_sign_in_as_a_whole_page(self, scene: Scene) -> None:
        path = f"/requests/{scene.request.number}/scores/marketing/"
        answer = Client(headers=HTMX).post(path, typed(5))
        assert answer.status_code == 204
        assert answer["HX-Redirect"].startswith("/accounts/login/?next=")

    def test_a_note_waits_too(self, apart: Scene) -> None:
        path = f"/requests/{apart.request.number}/scores/agreed/reach/"
        client = Client()
        client.post(path, {"value": 3, "note": "Half of them.", "author": apart.it_owner.pk})
        assert "Half of them." in self.sign_in_again(client, apart.it_owner, path)


class TestAfterTheReveal:
    def test_both_handles_stand_on_the_line_with_their_letters(self, apart: Scene) -> None:
        text = page(apart, "outsider")
        assert '<b class="handle marketing at5">M</b><b class="handle it at2">IT</b>' in text
        assert "Marketing 5, IT 2, gap 3" in text
        assert 'class="gap from2 to5 apart"' in text
        assert text.count("talk about this") == 1
        assert "alignment <b>88 %</b>" in text

    def test_the_arithmetic_stands_in_numbers_and_words(self, apart: Scene) -> None:
        text = page(apart, "outsider")
        assert "Impact = 100 × (0.60 · 0.71 + 0.25 · 0.75 + 0.15 · 0.75) = <b>73</b>" in text
        assert "gate 40" in text
        assert "estimate 2 / 3 / 8 person-days" in text
        assert "the mean of customer value, reach and goal fit" in text

    def test_the_dial_says_that_it_is_provisional(self, apart: Scene) -> None:
        text = page(apart, "outsider")
        assert "makes the difference" in text
        assert "1 point to talk about" in text

    def test_below_the_gate_parking_is_suggested(self, scene: Scene) -> None:
        make_scores(scene.request, scores(1), scores(1))
        text = page(scene, "it_owner")
        assert "below the gate of 40" in text
        assert re.search(r'btn-primary btn-wide" id="next-step" href="/requests/\d+/actions/park/"', text)

    def test_while_something_is_to_be_talked_about_parking_is_not_yet(self, scene: Scene) -> None:
        make_scores(scene.request, scores(1), scores(1, reach=4))
        assert "btn-primary btn-wide" not in page(scene, "it_owner")

    def test_what_a_lead_set_aside_stands_on_the_page_for_good(self, scene: Scene) -> None:
        make_scores(scene.request, scores(1), scores(1))
        scene.do("accept", "it_lead", override=True, reason="The law asks for it.")
        scene.do("start", "it_owner")
        text = page(scene, "outsider")
        assert f"{scene.it_lead.name} accepted this although" in text
        assert "the impact lay below the gate, because: <q>The law asks for it.</q>" in text


class TestTalkingAboutADivergence:
    def test_one_proposes_and_the_other_assents(self, apart: Scene) -> None:
        assert put(apart, "it_owner", "agreed/reach", {"value": 3, "note": "Half."}).status_code == 302
        assert "Agree to 3" in page(apart, "marketing_owner")
        assert "Agree to 3" not in page(apart, "it_owner")
        answer = put(apart, "marketing_owner", "agreed/reach", {"step": "assent", "value": 3}, **HTMX)
        assert "Joint value 3" in answer.content.decode()
        assert AgreedScore.objects.get().agreed_by == apart.marketing_owner

    def test_a_proposal_without_a_note_keeps_its_value(self, apart: Scene) -> None:
        answer = put(apart, "it_owner", "agreed/reach", {"value": 3, "note": " "}, **HTMX)
        text = answer.content.decode()
        assert answer.status_code == 422
        assert "Say in a sentence how you arrive at this value." in text
        assert re.search(r'value="3"[^>]*checked', text)

    @pytest.mark.parametrize("value", ["0", "6", "x", ""])
    def test_a_wrong_value_keeps_the_note(self, apart: Scene, value: str) -> None:
        answer = put(apart, "it_owner", "agreed/reach", {"value": value, "note": "Half of them."})
        assert answer.status_code == 422
        assert "Half of them." in answer.content.decode()

    def test_assenting_to_what_has_changed_meanwhile_changes_nothing(self, apart: Scene) -> None:
        propose(apart.request.number, "reach", 4, "With the app.", by=apart.it_owner)
        answer = put(apart, "marketing_owner", "agreed/reach", {"step": "assent", "value": 3}, **HTMX)
        assert "has changed meanwhile" in answer["HX-Trigger"]
        assert AgreedScore.objects.get().value == 4

    def test_either_opens_it_again(self, apart: Scene) -> None:
        propose(apart.request.number, "reach", 3, "Half.", by=apart.it_owner)
        propose(apart.request.number, "reach", 3, by=apart.marketing_owner)
        assert put(apart, "marketing_owner", "agreed/reach", {"step": "reopen"}).status_code == 302
        assert not AgreedScore.objects.exists()

    def test_others_are_told_why_not(self, apart: Scene) -> None:
        data = {"value": 3, "note": "I think so."}
        answer = put(apart, "outsider", "agreed/reach", data)
        assert answer.status_code == 409
        assert "Joint values are up to the tandem" in answer.content.decode()
        client = browser(apart.outsider)
        answer = client.get(f"/requests/{apart.request.number}/scores/agreed/reach/", follow=True)
        assert "nothing for you to agree on" in answer.content.decode()

    def test_an_unknown_point_is_absent(self, apart: Scene) -> None:
        assert put(apart, "it_owner", "agreed/beauty", {"value": 3}).status_code == 404


def test_earlier_rounds_come_on_request(apart: Scene) -> None:
    apart.do("park", "it_owner", reason="Later", revisit_on=in_days(30))
    apart.do("reconsider", "marketing_owner", reason="Things have changed.")
    text = page(apart, "outsider")
    assert "Show the round before this one" in text
    assert "duels" not in text
    path = f"/requests/{apart.request.number}/scores/earlier/"
    whole = browser(apart.outsider).get(path).content.decode()
    assert '<b class="handle marketing at5">M</b>' in whole
    assert "<html" in whole
    assert "<html" not in browser(apart.outsider, **HTMX).get(path).content.decode()


@pytest.mark.parametrize("role", ["it_owner", "admin", "outsider"])
def test_the_page_keeps_its_budget(apart: Scene, role: str, django_assert_max_num_queries: Any) -> None:
    propose(apart.request.number, "reach", 3, "Half.", by=apart.marketing_owner)
    Request.objects.filter(pk=apart.request.pk).update(scoring_round=1)
    client = browser(apart.people[role])
    client.get(f"/requests/{apart.request.number}/")
    with django_assert_max_num_queries(12):
        client.get(f"/requests/{apart.request.number}/")


def test_a_draft_has_no_scores(scene: Scene) -> None:
    draft = Request.objects.create(
        requester=scene.requester,
        status="draft",
        created_at=clock.now(),
        updated_at=clock.now(),
        status_since=clock.now(),
    )
    assert browser(scene.requester).get(f"/requests/{draft.number}/scores/it/").status_code == 404
