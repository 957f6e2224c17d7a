"""Checklist, proposed result, outcome and times on the page of a request, with htmx and without."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from activity import clock
from activity.models import Event
from requests_app.before_work.checklist import add_item, change_item
from requests_app.before_work.proposals import stamp_of
from requests_app.choices import Status
from requests_app.intake.edit import edit
from requests_app.models import ChecklistItem, Outcome, Request, ResultProposal
from requests_app.outcomes.record import record_outcome
from teams.models import Person
from tests.factories import make_person, make_request
from tests.requests_app.scenes import Scene, in_days, make_scene

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def visitor(person: Person) -> Client:
    Person.objects.filter(pk=person.pk).update(language="en")
    person.refresh_from_db()
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def page(client: Client, request: Request) -> str:
    response = client.get(f"/requests/{request.pk}/")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def at(name: str, *args: Any) -> str:
    return reverse(f"requests:{name}", args=args)


def send(client: Client, name: str, *args: Any, **data: Any) -> Any:
    return client.post(at(name, *args), data, headers=HTMX)


@pytest.fixture
def ready() -> Scene:
    return make_scene(Status.READY)


@pytest.fixture
def done() -> Scene:
    return make_scene(Status.DONE)


# The checklist --------------------------------------------------------------------------------------------


def test_an_item_is_put_on_the_list_in_the_dialog(ready: Scene) -> None:
    client, number = visitor(ready.it_owner), ready.request.pk
    asked = client.get(at("checklist", number), headers=HTMX)
    assert b"<html" not in asked.content
    assert b"What has to be done?" in asked.content
    answer = send(client, "checklist", number, text="Ask the lawyers", person=ready.marketing_owner.pk)
    assert answer.headers["HX-Retarget"] == "#request"
    assert b"Ask the lawyers" in answer.content
    assert ready.marketing_owner.name.encode() in answer.content


def test_without_javascript_it_is_a_page_of_its_own(ready: Scene) -> None:
    client, number = visitor(ready.it_owner), ready.request.pk
    assert b"<html" in client.get(at("checklist", number)).content
    assert client.post(at("checklist", number), {"text": "Ask"}).headers["Location"] == f"/requests/{number}/"


def test_a_refused_text_keeps_what_was_typed(ready: Scene) -> None:
    answer = send(visitor(ready.it_owner), "checklist", ready.request.pk, text=" ", person="")
    assert answer.status_code == 422
    assert b"Fill in this field." in answer.content


def test_strangers_see_the_list_and_change_nothing(ready: Scene) -> None:
    item = add_item(ready.request.pk, "Ask the lawyers", by=ready.it_owner)
    client = visitor(ready.outsider)
    shown = page(client, ready.request)
    assert "Ask the lawyers" in shown
    assert at("checklist_tick", ready.request.pk, item.pk) not in shown
    send(client, "checklist_tick", ready.request.pk, item.pk)
    assert send(client, "checklist", ready.request.pk, text="Mine").status_code == 409
    assert ChecklistItem.objects.get().done_at is None


def test_a_tick_a_change_and_a_removal(ready: Scene) -> None:
    client, number = visitor(ready.it_owner), ready.request.pk
    item = add_item(number, "Ask", by=ready.it_owner).pk
    assert b'aria-pressed="true"' in send(client, "checklist_tick", number, item, done="yes").content
    assert b"0 of 1 done" in send(client, "checklist_tick", number, item, done="no").content
    assert b'value="Ask"' in client.get(at("checklist_item", number, item), headers=HTMX).content
    assert b"Ask twice" in send(client, "checklist_item", number, item, text="Ask twice").content
    send(client, "checklist_item", number, item, remove="yes")
    assert not ChecklistItem.objects.exists()


def test_two_who_change_an_item_see_both_texts(ready: Scene) -> None:
    client, number = visitor(ready.it_owner), ready.request.pk
    item = add_item(number, "Ask", by=ready.it_owner).pk
    version = client.get(at("checklist_item", number, item), headers=HTMX).context["form"]["version"].value()
    change_item(number, item, by=ready.requester, text="Ask twice")
    late = send(client, "checklist_item", number, item, text="Ask never", version=version)
    assert (late.status_code, ChecklistItem.objects.get().text) == (409, "Ask twice")
    text = late.content.decode()
    assert all(words in text for words in (">Ask twice</p>", 'value="Ask never"', f'value="{version + 1}"'))
    send(client, "checklist_item", number, item, text="Ask never", version=version + 1)
    assert ChecklistItem.objects.get().text == "Ask never"


def test_each_buttons_place_is_one_up_or_down(ready: Scene) -> None:
    client, number = visitor(ready.it_owner), ready.request.pk
    a, b, c = (add_item(number, text, by=ready.it_owner).pk for text in "ABC")
    shown = page(client, ready.request)
    assert f'id="item-{c}-up" name="after" value="{a}"' in shown
    assert f'id="item-{b}-up" name="after" value=""' in shown
    assert f'id="item-{a}-down" name="after" value="{b}"' in shown
    send(client, "checklist_move", number, c, after=a)
    rows = ChecklistItem.objects.order_by("position").values_list("pk", flat=True)
    assert list(rows) == [a, c, b]


@pytest.mark.parametrize("after", ["x", "-1", "9" * 40, "9" * 5000, "²"])
def test_a_place_that_is_none_is_not_found(ready: Scene, after: str) -> None:
    item = add_item(ready.request.pk, "A", by=ready.it_owner).pk
    assert (
        send(visitor(ready.it_owner), "checklist_move", ready.request.pk, item, after=after).status_code
        == 404
    )


def test_the_person_is_typed_and_both_teams_are_offered_first(ready: Scene) -> None:
    asked = visitor(ready.it_owner).get(at("checklist", ready.request.pk), headers=HTMX).content.decode()
    near = f"near={ready.marketing_team.slug}&amp;near={ready.it_team.slug}"
    assert f'data-choices="/choices/people/?{near}"' in asked
    send(visitor(ready.it_owner), "checklist", ready.request.pk, text="Ask", person=ready.outsider.name)
    assert ChecklistItem.objects.get().person == ready.outsider


def test_an_unknown_person_is_refused_and_what_was_typed_stays(ready: Scene) -> None:
    answer = send(visitor(ready.it_owner), "checklist", ready.request.pk, text="Ask", person="Nobody at all")
    assert answer.status_code == 422
    assert b'value="Nobody at all"' in answer.content
    assert b"Nobody fits this." in answer.content
    assert not ChecklistItem.objects.exists()


def test_who_may_not_see_a_restricted_request_cannot_be_chosen() -> None:
    scene = make_scene(Status.READY, restricted=True)
    answer = send(
        visitor(scene.it_owner), "checklist", scene.request.pk, text="Ask", person=scene.outsider.pk
    )
    assert answer.status_code == 422
    assert b"Choose an active person who may see this request." in answer.content


def test_an_item_of_somebody_who_left_can_be_worded_anew(ready: Scene) -> None:
    gone, number = ready.it_member, ready.request.pk
    item = add_item(number, "Ask", gone, by=ready.it_owner).pk
    Person.objects.filter(pk=gone.pk).update(is_active=False)
    client = visitor(ready.it_owner)
    send(client, "checklist_item", number, item, text="Ask twice", person=gone.email)
    row = ChecklistItem.objects.get()
    assert (row.text, row.person) == ("Ask twice", gone)
    assert send(client, "checklist", number, text="Another", person=gone.email).status_code == 422


# Before work starts ---------------------------------------------------------------------------------------


def test_the_agreed_date_stands_beside_the_deadline_with_the_difference() -> None:
    scene = make_scene(
        Status.READY,
        deadline=date(2027, 3, 1),
        deadline_reason="Fair",
        agreed_on=date(2027, 3, 5),
        one_off_cost=Decimal("12500"),
        yearly_cost=Decimal("99.5"),
    )
    shown = page(visitor(scene.outsider), scene.request)
    assert "4 days after the deadline" in shown
    assert "12,500 € once, 99.50 € a year" in shown


@pytest.mark.parametrize(
    ("agreed", "words"),
    [(date(2027, 2, 28), "1 day before the deadline"), (date(2027, 3, 1), "on the deadline")],
)
def test_earlier_and_on_the_day_are_said_too(agreed: date, words: str) -> None:
    facts: dict[str, Any] = {"deadline": date(2027, 3, 1), "deadline_reason": "Fair", "agreed_on": agreed}
    scene = make_scene(Status.READY, **facts)
    assert words in page(visitor(scene.outsider), scene.request)


def test_unsigned_personal_data_stand_on_the_page_and_in_the_checklist_of_start() -> None:
    scene = make_scene(Status.READY, personal_data="yes", personal_data_which="Addresses")
    shown = page(visitor(scene.it_owner), scene.request)
    assert "not signed off yet" in shown
    assert "The personal data are not signed off yet" in shown


def test_the_form_asks_for_it_and_keeps_the_date_for_it(ready: Scene) -> None:
    client = visitor(ready.marketing_owner)
    address = f"/requests/{ready.request.pk}/edit/"
    form = client.get(address).context["form"]
    data = {name: value for name, value in form.initial.items() if value not in (None, "")}
    data = {name: getattr(value, "pk", value) for name, value in data.items() if name != "touchpoints"}
    data |= {
        "personal_data": "none",
        "yearly_cost": "1,200",
        "reason": "Now we know",
        "agreed_on": "2030-01-01",
    }
    refused = client.post(address, data)
    assert refused.status_code == 422
    assert "agreed_on" in refused.context["form"].errors
    assert client.post(address, data | {"agreed_on": ""}).status_code == 302
    saved = ready.fresh()
    assert (saved.personal_data, saved.yearly_cost) == ("none", Decimal(1200))


# The proposed result --------------------------------------------------------------------------------------


def test_both_values_are_shown_and_the_other_owner_answers(ready: Scene) -> None:
    edit(ready.request.pk, {"target": Decimal(9)}, by=ready.marketing_owner, reason="The market moved.")
    for person, words in (
        (ready.it_owner, "Agree</button>"),
        (ready.marketing_owner, "Take the proposal back"),
    ):
        shown = page(visitor(person), ready.request)
        assert "1 % → 3 %" in shown
        assert "1 % → 9 %" in shown
        assert "The market moved." in shown
        assert words in shown
    assert "Agree</button>" not in page(visitor(ready.outsider), ready.request)
    it = visitor(ready.it_owner)
    stale = send(it, "result_proposal", ready.request.pk, answer="assent", stamp="2020-01-01")
    assert "The proposal has changed meanwhile" in stale.headers["HX-Trigger"]
    stamp = stamp_of(ResultProposal.objects.get())
    assert f'name="stamp" value="{stamp}"' in page(it, ready.request)
    answer = send(it, "result_proposal", ready.request.pk, answer="assent", stamp=stamp)
    assert b"Another result is proposed" not in answer.content
    assert ready.fresh().target == 9


def test_a_proposal_is_turned_down_on_the_page(ready: Scene) -> None:
    edit(ready.request.pk, {"target": Decimal(9)}, by=ready.marketing_owner, reason="Why")
    send(visitor(ready.it_owner), "result_proposal", ready.request.pk, answer="reject")
    assert not ResultProposal.objects.exists()
    late = send(visitor(ready.it_owner), "result_proposal", ready.request.pk, answer="assent")
    assert "proposed any more" in late.headers["HX-Trigger"]


# The outcome ----------------------------------------------------------------------------------------------


def test_marketing_records_and_both_learn(done: Scene) -> None:
    client, number = visitor(done.marketing_owner), done.request.pk
    assert "Record the result" in page(client, done.request)
    assert b"What did you measure?" in client.get(at("outcome", number), headers=HTMX).content
    answer = send(client, "outcome", number, measured="2.5", learnt="Readers like it.")
    assert b"Partly reached" in answer.content
    assert b"Readers like it." in answer.content
    it = visitor(done.it_owner)
    send(it, "outcome_learning", number, learnt="Consents took long.")
    assert b"Consents took long." in it.get(at("outcome_learning", number), headers=HTMX).content
    assert Outcome.objects.get().it_learnt == "Consents took long."
    # Who leads a side is shown what that side has written.
    asked = visitor(done.it_lead).get(at("outcome_learning", number), headers=HTMX)
    assert asked.context["form"]["learnt"].value() == "Consents took long."
    assert "Consents took long." in page(visitor(done.outsider), done.request)


@pytest.mark.parametrize("measured", ["", "abc", "1e400", "NaN"])
def test_what_is_no_number_is_told_at_the_field(done: Scene, measured: str) -> None:
    answer = send(visitor(done.marketing_owner), "outcome", done.request.pk, measured=measured)
    assert answer.status_code == 422
    assert "measured" in answer.context["form"].errors
    assert not Event.objects.exists()


def test_a_second_record_is_refused_with_words(done: Scene) -> None:
    record_outcome(done.request.pk, Decimal(2), by=done.marketing_owner)
    answer = send(visitor(done.marketing_owner), "outcome", done.request.pk, measured="3")
    assert answer.status_code == 409
    assert b"recorded already" in answer.content


def test_the_date_is_put_off_once(done: Scene) -> None:
    client, number = visitor(done.marketing_owner), done.request.pk
    later = in_days(200)
    assert b"put off once" in client.get(at("outcome_later", number), headers=HTMX).content
    assert send(client, "outcome_later", number, measured_on=later, reason="").status_code == 409
    answer = send(client, "outcome_later", number, measured_on=later, reason="The campaign is late.")
    assert b"put off once" in answer.content
    assert "Measure later" not in page(client, done.request)


def test_on_the_measuring_date_the_question_stands_first() -> None:
    scene = make_scene(Status.DONE, measured_on=in_days(0))
    shown = page(visitor(scene.marketing_owner), scene.request)
    assert "to be measured now" in shown
    assert shown.index('id="outcome"') < shown.index("What do the customers need?")


def test_the_hit_rate_is_a_page_and_a_fragment(done: Scene) -> None:
    Outcome.objects.create(
        request=done.request,
        delivered_at=done.request.done_at or clock.now(),
        baseline=1,
        target=3,
        measured=3,
        verdict="reached",
        blind_difference=64,
        recorded_by=done.marketing_owner,
        recorded_at=clock.now(),
    )
    client = visitor(done.outsider)
    whole, fragment = client.get(at("hit_rate")), client.get(at("hit_rate"), headers=HTMX)
    assert b"<html" in whole.content
    assert b"<html" not in fragment.content
    for response in (whole, fragment):
        assert b"100 % (1)" in response.content
        assert b"1 measured delivery" in response.content
    assert at("hit_rate") in page(client, done.request)


def test_a_draft_and_a_hidden_request_have_none_of_it() -> None:
    draft, hidden = make_request(Status.DRAFT), make_request(Status.DONE, restricted=True)
    pairs = ((visitor(draft.requester), draft), (visitor(make_person()), hidden))  # type: ignore[arg-type]
    for client, request in pairs:
        for name in ("checklist", "outcome", "outcome_learning", "outcome_later"):
            assert client.get(at(name, request.pk)).status_code == 404, name
        assert send(client, "result_proposal", request.pk, answer="assent").status_code == 404


# Times ----------------------------------------------------------------------------------------------------


def test_the_time_of_each_side_and_a_stall_are_shown(ready: Scene) -> None:
    change_item(
        ready.request.pk, add_item(ready.request.pk, "A", by=ready.it_owner).pk, by=ready.it_owner, done=True
    )
    shown = page(visitor(ready.outsider), ready.request)
    assert "Where the time has gone" in shown
    assert "0 working hours" in shown
    assert "stands still" not in shown
    Request.objects.filter(pk=ready.request.pk).update(stall_told_at=clock.now())
    assert "stands still" in page(visitor(ready.outsider), ready.request)
