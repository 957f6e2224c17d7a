"""The intake and edit forms: nothing typed is ever lost."""

import re
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from activity.models import Event
from requests_app.choices import Status
from requests_app.forms import EditForm
from requests_app.intake.edit import edit
from requests_app.intake.fields import RequestFields
from requests_app.models import Request
from teams.forms import in_words
from teams.models import Person, Side, Team
from tests.factories import make_goal, make_person, make_request, make_team, make_touchpoint

pytestmark = pytest.mark.django_db
NEW = "/requests/new/"


@pytest.fixture
def campaigns() -> Team:
    return make_team(Side.MARKETING, name="Campaigns")


@pytest.fixture
def mira(campaigns: Team) -> Person:
    return make_person(campaigns, language="en")


@pytest.fixture
def signed_in(client: Client, mira: Person) -> Client:
    client.force_login(mira)
    return client


def typed(team: Team, **more: str) -> dict[str, str]:
    return {
        "customer_need": "Readers want to choose topics.",
        "title": "Choose topics",
        "outcome": "They switch topics on and off.",
        "type": "automation",
        "requesting_team": str(team.pk),
        "submission_id": str(uuid4()),
        **more,
    }


def test_it_asks_for_the_need_first_and_the_tool_last(signed_in: Client) -> None:
    page = signed_in.get(NEW).content.decode()
    order = [
        page.index(f'name="{name}"')
        for name in ("customer_need", "outcome", "goal", "deadline", "wished_tool")
    ]
    assert order == sorted(order)


def test_it_offers_the_own_team(signed_in: Client, campaigns: Team) -> None:
    assert f'name="requesting_team" value="{campaigns.name}"' in signed_in.get(NEW).content.decode()


def test_it_submits(signed_in: Client, campaigns: Team) -> None:
    answer = signed_in.post(NEW, typed(campaigns))
    request = Request.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == f"/requests/{request.number}/"
    assert request.status == Status.SUBMITTED


def test_it_understands_numbers_as_the_language_writes_them(client: Client, campaigns: Team) -> None:
    client.force_login(make_person(campaigns, language="de"))
    client.post(NEW, typed(campaigns, baseline="1,8", target="3"))
    assert str(Request.objects.get().baseline) == "1.8000"


def test_it_names_what_is_missing_at_the_field_and_on_top(signed_in: Client, campaigns: Team) -> None:
    answer = signed_in.post(NEW, typed(campaigns, outcome="", deadline="2030-02-01"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'class="errors-summary"' in page
    assert 'href="#id_outcome"' in page
    assert "Say what changes for your customers." in page
    assert "Say why it has to be done by then." in page
    assert "Readers want to choose topics." in page
    assert not Request.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("deadline", "tomorrow"),
        ("baseline", "a lot"),
        ("baseline", "1e400"),
        ("goal", "99999999999999999999"),
        ("touchpoints", "x"),
        ("type", "magic"),
        ("title", "nul\0"),
        ("submission_id", "not-an-id"),
    ],
)
def test_it_refuses_wrong_input_and_keeps_the_rest(
    signed_in: Client, campaigns: Team, field: str, value: str
) -> None:
    answer = signed_in.post(NEW, typed(campaigns, **{field: value}))
    assert answer.status_code == 422
    assert "They switch topics on and off." in answer.content.decode()
    assert not Request.objects.exists()


def test_it_saves_a_draft_with_whatever_there_is(signed_in: Client) -> None:
    answer = signed_in.post(NEW, {"submission_id": str(uuid4()), "title": "A thought", "action": "draft"})
    draft = Request.objects.get()
    assert answer["Location"] == f"/requests/{draft.number}/edit/"
    assert draft.status == Status.DRAFT
    assert "A thought" in signed_in.get(answer["Location"]).content.decode()
    assert not Event.objects.exists()


def test_it_goes_on_with_a_draft_and_submits_it(signed_in: Client, campaigns: Team, mira: Person) -> None:
    draft = make_request(Status.DRAFT, requester=mira, requesting_team=campaigns)
    url = reverse("requests:edit", args=[draft.number])
    signed_in.post(url, typed(campaigns, version=str(draft.version), title="Now whole"))
    draft.refresh_from_db()
    assert (draft.status, draft.title) == (Status.SUBMITTED, "Now whole")


def test_a_draft_changed_in_another_window_is_not_overwritten(
    signed_in: Client, campaigns: Team, mira: Person
) -> None:
    draft = make_request(Status.DRAFT, requester=mira, requesting_team=campaigns, version=5, title="Newer")
    url = reverse("requests:edit", args=[draft.number])
    answer = signed_in.post(url, typed(campaigns, version="4", title="Older"))
    assert answer.status_code == 409
    assert "Older" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.title == "Newer"


def test_a_double_click_files_one_request(signed_in: Client, campaigns: Team) -> None:
    form = typed(campaigns)
    first, second = signed_in.post(NEW, form), signed_in.post(NEW, form)
    assert first["Location"] == second["Location"]
    assert Request.objects.count() == 1


def test_the_back_button_leads_to_changing_what_was_filed(signed_in: Client, campaigns: Team) -> None:
    form = typed(campaigns)
    signed_in.post(NEW, form)
    answer = signed_in.post(NEW, {**form, "title": "A second thought"})
    page = answer.content.decode()
    assert "A second thought" in page
    assert f'action="/requests/{Request.objects.get().number}/edit/"' in page
    assert Request.objects.get().title == "Choose topics"


def test_what_is_sent_after_the_session_ended_waits_for_the_sign_in(
    client: Client, campaigns: Team, mira: Person
) -> None:
    answer = client.post(NEW, typed(campaigns, title="Typed for an hour", author=str(mira.pk)))
    assert answer.status_code == 302
    assert "login" in answer["Location"]
    assert not Request.objects.exists()
    client.force_login(mira)
    assert "Typed for an hour" in client.get(NEW).content.decode()
    assert "Typed for an hour" not in client.get(NEW).content.decode()


def test_nobody_else_sees_what_was_sent_after_the_session_ended(
    client: Client, campaigns: Team, mira: Person
) -> None:
    client.post(NEW, typed(campaigns, title="Typed for an hour", author=str(mira.pk)))
    client.force_login(make_person(campaigns))
    assert "Typed for an hour" not in client.get(NEW).content.decode()


@pytest.mark.parametrize("status", [Status.DRAFT, Status.SUBMITTED])
def test_changes_that_were_sent_after_the_session_ended_wait_too(
    client: Client, campaigns: Team, mira: Person, status: Status
) -> None:
    request = make_request(status, requester=mira, requesting_team=campaigns)
    url = reverse("requests:edit", args=[request.number])
    client.post(url, typed(campaigns, title="A better title", author=str(mira.pk), version="1"))
    client.force_login(mira)
    assert "A better title" not in client.get(NEW).content.decode()
    assert "A better title" in client.get(url).content.decode()


def test_nobody_else_opens_or_throws_away_a_draft(client: Client) -> None:
    draft = make_request(Status.DRAFT)
    client.force_login(make_person(is_admin=True))
    for name in ("edit", "throw_away"):
        assert client.post(reverse(f"requests:{name}", args=[draft.number])).status_code == 404


def test_enter_keeps_a_draft_and_throwing_it_away_is_a_form_of_its_own(
    signed_in: Client, campaigns: Team, mira: Person
) -> None:
    """Enter presses the first button of a form: it must neither throw away nor hand in."""
    draft = make_request(Status.DRAFT, requester=mira, requesting_team=campaigns)
    for address in (NEW, reverse("requests:edit", args=[draft.number])):
        page = signed_in.get(address).content.decode()
        form = page[page.index('id="intake"') : page.index("</form>", page.index('id="intake"'))]
        own = [button for button in re.findall(r"<button[^>]*>", form) if 'type="submit"' in button]
        first = next(button for button in own if " form=" not in button)
        assert 'value="draft"' in first
        assert 'form="throw-away-form"' in next(button for button in own if "data-throw-away" in button)


def test_the_author_throws_a_draft_away(signed_in: Client, campaigns: Team, mira: Person) -> None:
    draft = make_request(Status.DRAFT, requester=mira, requesting_team=campaigns)
    signed_in.post(reverse("requests:throw_away", args=[draft.number]))
    assert not Request.objects.exists()


def test_a_submitted_request_is_not_thrown_away(signed_in: Client, campaigns: Team, mira: Person) -> None:
    request = make_request(requester=mira, requesting_team=campaigns)
    assert signed_in.post(reverse("requests:throw_away", args=[request.number])).status_code == 404


def test_it_changes_a_submitted_request(signed_in: Client, campaigns: Team, mira: Person) -> None:
    request = make_request(requester=mira, requesting_team=campaigns)
    url = reverse("requests:edit", args=[request.number])
    assert request.title in signed_in.get(url).content.decode()
    answer = signed_in.post(url, typed(campaigns, version=str(request.version), title="Better"))
    assert answer.status_code == 302
    assert Request.objects.get().title == "Better"


def test_changing_the_title_keeps_a_goal_and_a_touchpoint_that_were_archived_since(
    signed_in: Client, campaigns: Team, mira: Person
) -> None:
    goal, touchpoint = make_goal(title="Long gone", is_archived=True), make_touchpoint(is_archived=True)
    request = make_request(requester=mira, requesting_team=campaigns, goal=goal)
    request.touchpoints.add(touchpoint)
    url = reverse("requests:edit", args=[request.number])
    form = signed_in.get(url).context["form"]
    shown = {name: form[name].value() for name in ("goal", "touchpoints")}
    assert f'<option value="{goal.pk}" selected>Long gone' in signed_in.get(url).content.decode()
    data = typed(campaigns, version=str(request.version), title="Better", goal=str(shown["goal"]))
    answer = signed_in.post(url, data | {"touchpoints": shown["touchpoints"]})
    assert answer.status_code == 302
    request.refresh_from_db()
    assert (request.title, request.goal, list(request.touchpoints.all())) == ("Better", goal, [touchpoint])


def test_two_people_do_not_overwrite_each_other(signed_in: Client, campaigns: Team, mira: Person) -> None:
    request = make_request(requester=mira, requesting_team=campaigns, title="Old")
    edit(request.pk, {"title": "Theirs"}, by=mira)
    url = reverse("requests:edit", args=[request.number])
    answer = signed_in.post(url, typed(campaigns, version=str(request.version), title="Mine"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert '<p class="words" id="id_title_theirs">Theirs</p>' in page
    assert 'value="Mine"' in page
    assert 'aria-describedby="id_title_guide id_title_error id_title_theirs"' in page
    again = signed_in.post(url, typed(campaigns, version=str(request.version + 1), title="Mine"))
    assert again.status_code == 302
    assert Request.objects.get().title == "Mine"


def test_after_a_clash_fields_left_alone_keep_what_somebody_else_wrote(
    signed_in: Client, campaigns: Team, mira: Person
) -> None:
    request = make_request(requester=mira, requesting_team=campaigns, title="Old", type="automation")
    places = [make_touchpoint(), make_touchpoint()]
    theirs: RequestFields = {
        "title": "Theirs",
        "type": "integration",
        "baseline": Decimal("1250.5"),
        "touchpoints": places,
        "deadline": date(2030, 2, 1),
        "deadline_reason": "The season begins.",
    }
    edit(request.pk, theirs, by=mira)
    url = reverse("requests:edit", args=[request.number])
    sent = typed(campaigns, version=str(request.version), title="Mine", customer_need=request.customer_need)
    page = signed_in.post(url, sent | {"outcome": request.outcome})
    form = page.context["form"]
    assert (page.status_code, [*form.errors]) == (409, ["title"])
    again = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    assert signed_in.post(url, again).status_code == 302
    request.refresh_from_db()
    assert (request.title, request.type, request.baseline) == ("Mine", "integration", Decimal("1250.5"))
    assert (request.deadline, [*request.touchpoints.order_by("pk")]) == (date(2030, 2, 1), places)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("type", "integration", "Integration"),
        ("deadline", date(2030, 2, 1), "1 February 2030"),
        ("restricted", True, "yes"),
        ("unit", "", "–"),
        ("baseline", Decimal("1250.5"), "1250.5"),
    ],
)
def test_a_clash_is_told_in_words(mira: Person, field: str, value: object, words: str) -> None:
    with override("en"):
        assert in_words(EditForm(person=mira).fields[field], value) == words


def test_who_may_not_change_it_is_told_and_led_back(client: Client) -> None:
    team = make_team(Side.MARKETING)
    request = make_request(requesting_team=team)
    client.force_login(make_person(language="en"))
    answer = client.get(reverse("requests:edit", args=[request.number]))
    assert answer["Location"] == f"/requests/{request.number}/"
    posted = client.post(reverse("requests:edit", args=[request.number]), typed(team, version="1"))
    assert posted.status_code == 422
