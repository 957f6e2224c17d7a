"""The page of one request, and all that can be done on it."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries

from activity import clock
from activity.models import Event
from requests_app.choices import Status, WaitingFor
from requests_app.discussion import comment
from requests_app.intake.submit import create
from requests_app.models import Label, Request, Supporter, Watcher
from requests_app.workflow.inputs import Inputs
from requests_app.workflow.perform import perform
from teams.models import Person, Side, Team
from tests.factories import (
    make_admin,
    make_comment,
    make_goal,
    make_person,
    make_request,
    make_scores,
    make_solution,
    make_team,
    make_touchpoint,
    scores,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def crm() -> Team:
    return make_team(name="CRM platform")


@pytest.fixture
def campaigns() -> Team:
    return make_team(Side.MARKETING, name="Campaigns")


@pytest.fixture
def mira(campaigns: Team) -> Person:
    return make_person(campaigns, name="Mira Brandt", language="en")


@pytest.fixture
def tom(crm: Team) -> Person:
    return make_person(crm, name="Tom Reiter", language="en")


@pytest.fixture
def shaping(mira: Person, tom: Person, crm: Team, campaigns: Team) -> Request:
    """In shaping, with all that *accept* asks for."""
    row = make_request(
        Status.SHAPING,
        requester=mira,
        requesting_team=campaigns,
        serving_team=crm,
        marketing_owner=mira,
        it_owner=tom,
        goal=make_goal(title="More consent"),
        metric="confirmed sign-ups",
        unit="%",
        baseline="1.8",
        target="3.0",
        measured_on=timezone.localdate(clock.now()) + timedelta(days=120),
    )
    return make_scores(row, scores(), scores())


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page(person: Person, request: Request, query: str = "") -> str:
    answer = browser(person).get(f"/requests/{request.number}/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def act(person: Person, request: Request, action: str, **data: Any) -> Any:
    return browser(person).post(f"/requests/{request.number}/actions/{action}/", data)


def test_it_shows_need_outcome_result_deadline_and_who(shaping: Request, tom: Person) -> None:
    html = page(tom, shaping)
    for words in (
        shaping.key,
        shaping.title,
        shaping.customer_need,
        shaping.outcome,
        "1.8 % → 3 %",
        "confirmed sign-ups",
        "More consent",
        "Campaigns → CRM platform",
        "Mira Brandt",
        "Tom Reiter",
        "IT&#x27;s turn",
    ):
        assert words in html, words


def test_numbers_are_written_as_the_reader_writes_them(shaping: Request) -> None:
    reader = make_person(language="de")
    Request.objects.filter(pk=shaping.pk).update(baseline="12345.5", target="0.0001")
    assert "12.345,5 % → 0,0001 %" in page(reader, shaping)


def test_the_present_step_of_its_life_is_marked(shaping: Request, tom: Person) -> None:
    html = page(tom, shaping)
    assert re.search(r'<li class="past">Submitted</li>\s*<li aria-current="step">Shaping</li>', html)


def test_the_next_step_is_a_button_with_what_holds_and_what_misses(shaping: Request, tom: Person) -> None:
    html = page(tom, shaping)
    assert re.search(
        r'<button type="submit" class="btn btn-primary btn-wide" id="next-step">Accept</button>', html
    )
    assert "The goal is named" in html
    Request.objects.filter(pk=shaping.pk).update(goal=None)
    html = page(tom, shaping)
    assert re.search(r"<button [^>]*disabled[^>]*>Accept</button>", html)
    assert "Name the goal that the request serves." in html
    assert "no goal" in html


def test_who_may_not_act_sees_whose_step_it_is(shaping: Request) -> None:
    html = page(make_person(language="en"), shaping)
    assert re.search(r"<button [^>]*disabled[^>]*>Accept</button>", html)
    assert "This step is up to: the tandem" in html


def test_a_lead_may_go_on_all_the_same(shaping: Request, crm: Team) -> None:
    Request.objects.filter(pk=shaping.pk).update(goal=None)
    html = page(make_person(lead_of=crm, language="en"), shaping)
    assert "Accept all the same …" in html


def test_hidden_and_absent_are_the_same_404(mira: Person) -> None:
    hidden = make_request(restricted=True)
    draft = make_request(Status.DRAFT)
    client = browser(mira)
    bodies = set()
    for number in (hidden.number, draft.number, 999_999, 2**63 - 1, 2**63, 10**30):
        for path in ("", "actions/shape/", "watchers/"):
            answer = client.get(f"/requests/{number}/{path}")
            assert answer.status_code == 404
            bodies.add(re.sub(rb'content="\w{64}"', b"", answer.content))
        for path in ("actions/shape/", "comments/", "support/", "watch/", "watchers/"):
            assert client.post(f"/requests/{number}/{path}", {"body": "x"}).status_code == 404
    assert len(bodies) == 1


def test_ones_own_draft_leads_to_its_form(mira: Person) -> None:
    draft = create({"title": "A thought"}, by=mira, submit=False)
    answer = browser(mira).get(f"/requests/{draft.number}/")
    assert answer["Location"] == f"/requests/{draft.number}/edit/"


def test_labels_touchpoints_and_the_lock_are_shown(shaping: Request, tom: Person) -> None:
    shaping.labels.add(Label.objects.create(name="spring & summer"))
    shaping.touchpoints.add(make_touchpoint(name_de="Filiale", name_en="Store"))
    Request.objects.filter(pk=shaping.pk).update(restricted=True)
    html = page(tom, shaping)
    assert "spring &amp; summer" in html
    assert "?label=spring%20%26%20summer" in html
    assert "Store" in html
    assert "only those involved" in html


def test_what_people_wrote_is_escaped(tom: Person) -> None:
    evil = "<script>alert(1)</script>"
    row = make_request(
        title=evil, customer_need=evil, outcome=evil, wished_tool=evil, metric=evil, deadline_reason=evil
    )
    make_comment(row, tom, body=f"{evil} **bold** [x](javascript:alert(1))")
    Request.objects.filter(pk=row.pk).update(waiting_for=WaitingFor.OUTSIDE, blocked_reason=evil)
    html = page(tom, row)
    assert evil not in html
    assert 'href="javascript' not in html
    assert "<strong>bold</strong>" in html


# ---- acting


def test_a_step_without_questions_is_one_press(tom: Person, crm: Team) -> None:
    row = make_request(serving_team=crm)
    answer = act(tom, row, "shape", version=row.version)
    assert answer["Location"] == f"/requests/{row.number}/"
    row.refresh_from_db()
    assert (row.status, row.it_owner) == (Status.SHAPING, tom)


def test_the_form_of_a_step_asks_what_it_takes(shaping: Request, tom: Person) -> None:
    html = browser(tom).get(f"/requests/{shaping.number}/actions/park/").content.decode()
    assert 'name="reason"' in html
    assert 'name="revisit_on"' in html
    assert f'name="version" value="{shaping.version}"' in html


def test_a_refused_step_says_why_at_the_field_and_keeps_what_was_typed(shaping: Request, tom: Person) -> None:
    answer = act(tom, shaping, "park", reason="After the season.", revisit_on="2020-01-01")
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "After the season." in html
    assert "2020-01-01" in html
    assert re.search(r'id="id_revisit_on_error".*?Choose a future day', html, re.DOTALL)
    shaping.refresh_from_db()
    assert shaping.status == Status.SHAPING


def test_a_step_that_is_not_open_refuses_in_words(tom: Person, crm: Team) -> None:
    row = make_request(serving_team=crm, marketing_owner=None)
    answer = act(tom, row, "shape")
    assert answer.status_code == 409
    assert "Name the marketing owner." in answer.content.decode()
    assert browser(tom).get(f"/requests/{row.number}/actions/shape/").status_code == 200


@pytest.mark.parametrize("action", ["explode", "accepted"])
def test_there_are_no_other_actions(shaping: Request, tom: Person, action: str) -> None:
    assert act(tom, shaping, action).status_code == 404


def test_parking_through_the_page(shaping: Request, tom: Person) -> None:
    day = timezone.localdate(clock.now()) + timedelta(days=30)
    act(tom, shaping, "park", reason="After the season.", revisit_on=day.isoformat())
    shaping.refresh_from_db()
    assert (shaping.status, shaping.revisit_on) == (Status.PARKED, day)
    html = page(tom, shaping)
    assert "<q>After the season.</q>" in html
    assert re.search(
        r'<li class="stopped parked">Shaping<span class="visually-hidden"> \(stopped here\)', html
    )


def test_handing_over_with_a_new_explainer_and_delivering(tom: Person, mira: Person, crm: Team) -> None:
    row = make_request(Status.IN_PROGRESS, serving_team=crm, it_owner=tom, marketing_owner=mira)
    title, text = "Topic centre", "Readers choose their topics there."
    act(tom, row, "hand_over", explainer_title=title, explainer_text=text)
    row.refresh_from_db()
    assert row.solution is not None
    assert (row.status, row.solution.title) == (Status.IN_REVIEW, title)
    day = timezone.localdate(clock.now()) + timedelta(days=60)
    act(mira, row, "deliver", measured_on=day.isoformat())
    row.refresh_from_db()
    assert (row.status, row.measured_on) == (Status.DONE, day)


def test_handing_over_asks_for_the_explainer_at_its_field(tom: Person, crm: Team) -> None:
    row = make_request(Status.IN_PROGRESS, serving_team=crm, it_owner=tom)
    answer = act(tom, row, "hand_over", explainer_title="Only a name")
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Only a name" in html
    assert 'id="id_explainer_text_error"' in html


def test_an_override_needs_its_reason_and_is_told(shaping: Request, crm: Team, tom: Person) -> None:
    lead = make_person(lead_of=crm, language="en")
    Request.objects.filter(pk=shaping.pk).update(goal=None)
    assert act(lead, shaping, "accept", override="on").status_code == 409
    act(lead, shaping, "accept", override="on", reason="The goal is being written.")
    shaping.refresh_from_db()
    assert shaping.status == Status.READY
    html = page(tom, shaping)
    assert "accepted the request, although conditions were missing" in html
    assert "The goal is being written." in html


def test_who_did_not_see_the_latest_state_is_asked_again(shaping: Request, tom: Person) -> None:
    seen = shaping.version
    Request.objects.filter(pk=shaping.pk).update(version=seen + 1)
    answer = act(tom, shaping, "accept", version=seen)
    assert answer.status_code == 409
    assert "The request has changed meanwhile." in answer.content.decode()
    assert f'name="version" value="{seen + 1}"' in answer.content.decode()
    assert act(tom, shaping, "accept", version=seen + 1).status_code == 302


def test_pressing_twice_is_no_error(tom: Person, crm: Team) -> None:
    row = make_request(serving_team=crm)
    for _ in range(2):
        assert act(tom, row, "shape", version=row.version).status_code == 302
    assert Event.objects.filter(kind="request.shaped").count() == 1


def test_an_empty_seat_can_be_taken_with_one_press(tom: Person, crm: Team) -> None:
    row = make_request(serving_team=crm, it_owner=None)
    assert "Take IT's seat" in page(tom, row)
    act(tom, row, "assign", it_owner=tom.pk)
    row.refresh_from_db()
    assert row.it_owner == tom
    assert "Take IT's seat" not in page(tom, row)


def test_seats_are_offered_only_to_those_they_fit(mira: Person, crm: Team) -> None:
    row = make_request(serving_team=crm, it_owner=None)
    assert "Take IT's seat" not in page(mira, row)


def test_merging_leads_from_the_old_number_to_the_new_one(shaping: Request, tom: Person, crm: Team) -> None:
    original = make_request(serving_team=crm)
    act(tom, shaping, "merge", into=original.key)
    html = browser(tom).get(f"/requests/{shaping.number}/?own=1").content.decode()
    assert f'the talk goes on in <a href="/requests/{original.number}/">{original.key}</a>' in html
    assert f'<a href="/requests/{shaping.number}/?own=1">{shaping.key}</a>' in page(tom, original)


@pytest.mark.parametrize(
    ("language", "itself", "gone"),
    [
        ("en", "Choose another request", "Choose a request that is open, parked or done."),
        ("de", "Wählen Sie eine andere Anfrage", "Wählen Sie eine Anfrage, die"),
    ],
)
def test_a_merge_into_itself_or_in_a_ring_says_so_and_keeps_the_reason(
    shaping: Request, tom: Person, crm: Team, language: str, itself: str, gone: str
) -> None:
    Person.objects.filter(pk=tom.pk).update(language=language)
    tom.refresh_from_db()
    other = make_request(serving_team=crm)
    perform("merge", other.number, by=tom, inputs=Inputs(into=shaping.number))
    for into, words in ((shaping.key, itself), (other.key, gone)):
        answer = act(tom, shaping, "merge", into=into, reason="The same wish, twice.")
        html = answer.content.decode()
        assert answer.status_code == 422
        assert words in html
        assert f'value="{into}"' in html
        assert "The same wish, twice." in html
    assert Request.objects.get(pk=shaping.pk).status == Status.SHAPING


def test_the_number_of_a_hidden_original_is_not_told(shaping: Request, tom: Person, crm: Team) -> None:
    original = make_request(serving_team=crm)
    perform("merge", shaping.number, by=tom, inputs=Inputs(into=original.number))
    Request.objects.filter(pk=original.pk).update(restricted=True)
    html = page(make_person(language="en"), shaping)
    assert f'href="/requests/{original.number}/"' not in html
    assert "This request was merged with another one." in html


def test_where_a_moved_comment_was_written_is_told_only_to_those_who_may_know(
    shaping: Request, tom: Person, crm: Team
) -> None:
    original, reader = make_request(serving_team=crm), make_person(language="en")
    make_comment(shaping, tom, "Moved along.")
    perform("merge", shaping.number, by=tom, inputs=Inputs(into=original.number))
    assert f"written on {shaping.key}" in page(reader, original)
    Request.objects.filter(pk=shaping.pk).update(restricted=True)
    html = page(reader, original)
    assert "Moved along." in html
    assert shaping.key not in html
    assert f"written on {shaping.key}" in page(tom, original)


def test_the_way_to_a_question_stands_beside_the_next_step(tom: Person, mira: Person, crm: Team) -> None:
    row = make_request(serving_team=crm)
    assert 'href="?ask=marketing#comment-form"' in page(tom, row)
    assert 'href="?ask=it#comment-form"' in page(mira, row)
    client = browser(tom)
    asked = client.get(row.get_absolute_url(), {"ask": "marketing"}).content.decode()
    assert '<option value="marketing" selected>' in asked
    assert "?ask=" not in page(tom, make_request("parked", serving_team=crm))


def test_whose_seat_is_empty_is_said_beside_the_turn(tom: Person, crm: Team) -> None:
    row = make_request(serving_team=crm, marketing_owner=None, turn="marketing")
    assert "Marketing's seat is still empty" in page(tom, row)


def test_nobody_needs_their_own_request_too(mira: Person, crm: Team) -> None:
    own, other = make_request(serving_team=crm, requester=mira), make_request(serving_team=crm)
    assert f"/requests/{own.number}/support/" not in page(mira, own)
    assert f"/requests/{other.number}/support/" in page(mira, other)


def test_undo_is_offered_to_who_did_it_for_a_minute(tom: Person, mira: Person, crm: Team) -> None:
    row = make_request(serving_team=crm)
    perform("shape", row.number, by=tom)
    html = page(tom, row)
    assert re.search(r'data-seconds="(5\d|60)"', html)
    assert "data-seconds" not in page(mira, row)
    with clock.moved_to(clock.now() + timedelta(seconds=61)):
        assert "data-seconds" not in page(tom, row)
    act(tom, row, "undo")
    row.refresh_from_db()
    assert row.status == Status.SUBMITTED
    assert "took the last step back: Start shaping" in page(tom, row)


def test_blocked_says_who_has_to_act_and_why(shaping: Request, tom: Person) -> None:
    act(tom, shaping, "block", reason="The contract is not signed.", waiting_for="outside")
    html = page(tom, shaping)
    assert "somebody outside has to act" in html
    assert "The contract is not signed." in html
    assert re.search(
        r'<button type="submit" class="btn btn-primary btn-wide" id="next-step">Unblock</button>', html
    )


def test_who_loses_sight_by_acting_is_led_to_the_list(mira: Person, crm: Team) -> None:
    first = make_team(name="Old team")
    leaver = make_person(first, language="en")
    row = make_request(restricted=True, serving_team=first, it_owner=None)
    answer = act(leaver, row, "assign", serving_team=crm.pk)
    assert answer["Location"] == "/requests/"
    assert browser(leaver).get(f"/requests/{row.number}/").status_code == 404


# ---- with htmx


def hx(person: Person, path: str, **data: Any) -> Any:
    return browser(person).post(path, data, headers={"HX-Request": "true"})


def test_with_htmx_the_form_comes_alone_and_the_page_takes_the_change(shaping: Request, tom: Person) -> None:
    path = f"/requests/{shaping.number}/actions/park/"
    form = browser(tom).get(path, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in form
    refused = hx(tom, path, reason="")
    assert refused.status_code == 409
    assert "HX-Retarget" not in refused
    day = timezone.localdate(clock.now()) + timedelta(days=30)
    done = hx(tom, path, reason="After the season.", revisit_on=day.isoformat())
    assert (done["HX-Retarget"], done["HX-Reswap"]) == ("#request", "outerHTML")
    assert "<html" not in done.content.decode()
    assert 'id="request"' in done.content.decode()
    said = json.loads(done["HX-Trigger"])["tandem:toast"]["text"]
    assert said == f"{shaping.key} is now “Parked”."


def test_with_htmx_who_loses_sight_is_led_to_the_list(crm: Team) -> None:
    first = make_team()
    leaver = make_person(first)
    row = make_request(restricted=True, serving_team=first, it_owner=None)
    answer = hx(leaver, f"/requests/{row.number}/actions/assign/", serving_team=crm.pk)
    assert answer["HX-Redirect"] == "/requests/"


# ---- talk


def test_a_comment_appears_as_markdown_with_links_to_requests(shaping: Request, tom: Person) -> None:
    other = make_request(title="The other one")
    said = f"See **{other.key}** and `{other.key}`"
    answer = browser(tom).post(f"/requests/{shaping.number}/comments/", {"body": said})
    assert re.fullmatch(rf"/requests/{shaping.number}/#comment-\d+", answer["Location"])
    html = page(tom, shaping)
    link = f'<a href="/requests/{other.number}/" title="The other one">{other.key}</a>'
    assert f"<strong>{link}</strong>" in html
    assert f"<code>{other.key}</code>" in html
    assert "wrote a comment" in html


@pytest.mark.parametrize(
    ("body", "words"), [("", "Write something first."), ("a\x02b", "control characters")]
)
def test_a_comment_that_cannot_be_kept_is_shown_again(
    shaping: Request, tom: Person, body: str, words: str
) -> None:
    for answer in (
        browser(tom).post(f"/requests/{shaping.number}/comments/", {"body": body}),
        hx(tom, f"/requests/{shaping.number}/comments/", body=body),
    ):
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert not shaping.comments.exists()


def test_a_comment_that_is_too_long_is_not_lost(shaping: Request, tom: Person) -> None:
    body = "long " * 4_001
    answer = browser(tom).post(f"/requests/{shaping.number}/comments/", {"body": body})
    assert answer.status_code == 422
    assert "long long long" in answer.content.decode()


def test_with_htmx_a_comment_swaps_the_page(shaping: Request, tom: Person) -> None:
    answer = hx(tom, f"/requests/{shaping.number}/comments/", body="Hello")
    assert answer["HX-Retarget"] == "#request"
    assert "Hello" in answer.content.decode()


def test_earlier_comments_are_shown_on_request(
    shaping: Request, tom: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("requests_app.views.detail.SHOWN_COMMENTS", 2)
    for word in ("first", "second", "third"):
        make_comment(shaping, tom, body=f"{word} word")
    html = page(tom, shaping)
    assert "first word" not in html
    assert html.index("second word") < html.index("third word")
    assert "first word" in page(tom, shaping, "?all=1")


def test_me_too_and_following_can_be_switched(shaping: Request) -> None:
    reader = make_person(language="en")
    for path, model in (("support", Supporter), ("watch", Watcher)):
        for wanted, count in (("yes", 1), ("yes", 1), ("no", 0), ("no", 0)):
            browser(reader).post(f"/requests/{shaping.number}/{path}/", {"wanted": wanted})
            assert model._default_manager.filter(person=reader).count() == count
    assert hx(reader, f"/requests/{shaping.number}/support/", wanted="yes")["HX-Retarget"] == "#request"
    assert "You need this too" in page(reader, shaping)


def test_who_saw_it_only_by_following_is_led_to_the_list(shaping: Request) -> None:
    reader = make_person()
    Watcher.objects.create(request=shaping, person=reader, since=clock.now())
    Request.objects.filter(pk=shaping.pk).update(restricted=True)
    path = f"/requests/{shaping.number}/watch/"
    assert browser(reader).post(path, {"wanted": "no"})["Location"] == "/requests/"
    Watcher.objects.create(request=shaping, person=reader, since=clock.now())
    assert hx(reader, path, wanted="no")["HX-Redirect"] == "/requests/"


def test_requester_tandem_and_leads_name_who_follows(shaping: Request, mira: Person) -> None:
    reader = make_person(name="Ria Reader")
    path = f"/requests/{shaping.number}/watchers/"
    browser(mira).post(path, {"person": reader.pk})
    assert Watcher.objects.filter(request=shaping, person=reader).exists()
    assert "Ria Reader" in browser(mira).get(path).content.decode()
    assert browser(mira).post(path, {"person": reader.pk}).status_code == 422
    browser(mira).post(path, {"remove": reader.pk})
    assert not Watcher.objects.exists()
    assert browser(mira).post(path, {"remove": "x"}).status_code == 404
    assert browser(mira).post(path, {"remove": "9" * 5000}).status_code == 404
    assert browser(mira).post(path, {"remove": reader.pk}).status_code == 404


def test_others_name_nobody(shaping: Request) -> None:
    stranger, reader = make_person(language="en"), make_person()
    path = f"/requests/{shaping.number}/watchers/"
    assert "Let somebody follow" not in browser(stranger).get(path).content.decode()
    assert browser(stranger).post(path, {"person": reader.pk}).status_code == 409
    Watcher.objects.create(request=shaping, person=reader, since=clock.now())
    assert browser(stranger).post(path, {"remove": reader.pk}).status_code == 409
    assert Watcher.objects.count() == 1


@pytest.mark.parametrize("path", ["support/", "watch/"])
def test_these_only_take_posts(shaping: Request, tom: Person, path: str) -> None:
    assert browser(tom).get(f"/requests/{shaping.number}/{path}").status_code == 405


def test_nobody_acts_without_signing_in(shaping: Request) -> None:
    for path in ("", "actions/accept/", "comments/", "support/", "watch/", "watchers/"):
        answer = Client().post(f"/requests/{shaping.number}/{path}")
        assert answer.status_code == 302
        assert "/accounts/login/" in answer["Location"]


# ---- cost


def busy(request: Request, people: list[Person], comments: int) -> None:
    for n in range(comments):
        comment(request.number, f"Thought {n}, see T-{n + 1}", by=people[n % len(people)])


@pytest.mark.parametrize("comments", [1, 20])
def test_at_most_twelve_queries_with_twenty_comments(
    shaping: Request,
    tom: Person,
    mira: Person,
    comments: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    busy(shaping, [tom, mira], comments)
    perform("accept", shaping.number, by=tom)
    shaping.touchpoints.add(make_touchpoint(), make_touchpoint())
    client = browser(tom)
    with django_assert_max_num_queries(12):
        client.get(f"/requests/{shaping.number}/")


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("status", [status for status in Status.values if status != Status.DRAFT])
def test_it_can_be_read_in_every_status_and_language(status: str, language: str) -> None:
    row = make_request(status)
    with translation.override(language):
        for reader in (make_person(language=language), make_admin(language=language), row.requester):
            assert reader is not None
            assert row.key in page(reader, row)


def test_an_imported_request_without_people_can_be_read(tom: Person) -> None:
    row = make_request(
        Status.IN_PROGRESS,
        origin="import",
        requester=None,
        requesting_team=None,
        serving_team=None,
        marketing_owner=None,
        it_owner=None,
        outcome="",
        goal=None,
        metric="",
        baseline=None,
    )
    assert row.key in page(tom, row)


def test_a_declined_request_names_what_to_use_instead(shaping: Request, tom: Person) -> None:
    solution = make_solution(title="Preference centre")
    act(tom, shaping, "decline", reason="We have it.", solution=solution.pk)
    html = page(tom, shaping)
    assert "Use instead: Preference centre." in html
    assert "<q>We have it.</q>" in html
