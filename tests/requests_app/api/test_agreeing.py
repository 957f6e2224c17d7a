"""Proposed result, checklist and outcome as machines see them."""

from typing import Any

import pytest

from requests_app.before_work.checklist import MOST_ITEMS, add_item
from requests_app.choices import Status
from requests_app.models import Request
from tests.api_client import machine, send
from tests.factories import make_person, make_request
from tests.requests_app.scenes import Scene, in_days, make_scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def ready() -> Scene:
    return make_scene(Status.READY)


@pytest.fixture
def done() -> Scene:
    return make_scene(Status.DONE)


def path(scene: Scene, rest: str = "") -> str:
    return f"requests/{scene.request.pk}/{rest}"


def fields(answer: Any) -> list[str]:
    assert answer.status_code == 400, answer.content
    return [error["field"] for error in answer.json()["errors"]]


def codes(answer: Any) -> list[str]:
    assert answer.status_code == 409, answer.content
    return [missing["code"] for missing in answer.json()["missing"]]


# The result -----------------------------------------------------------------------------------------------


def test_a_patch_of_the_agreed_result_proposes_it(ready: Scene) -> None:
    body = {"expected_result": {"target": 9}, "title": "New", "reason": "The market moved."}
    answer = send(machine(ready.marketing_owner), "patch", path(ready), body).json()
    assert (answer["title"], answer["expected_result"]["target"]) == ("New", 3)
    proposed = answer["proposed_result"]
    assert (proposed["baseline"], proposed["target"], proposed["measured_on"]) == (None, 9, None)
    assert (proposed["reason"], proposed["waits_for"]) == ("The market moved.", ["it"])
    assert proposed["proposed_by"]["id"] == ready.marketing_owner.pk
    assert send(machine(ready.outsider), "get", path(ready)).json()["proposed_result"] == proposed


def test_the_other_owner_assents(ready: Scene) -> None:
    patch = {"expected_result": {"target": 9}, "reason": "Why"}
    send(machine(ready.marketing_owner), "patch", path(ready), patch)
    own = send(machine(ready.marketing_owner), "post", path(ready, "result-proposal/"))
    assert codes(own) == ["not_yours"]
    answer = send(machine(ready.it_owner), "post", path(ready, "result-proposal/"))
    assert answer.status_code == 200
    assert answer.json()["expected_result"]["target"] == 9
    assert answer.json()["proposed_result"] is None
    again = send(machine(ready.it_owner), "post", path(ready, "result-proposal/"))
    assert codes(again) == ["already_done"]


def test_or_rejects_and_heeds_if_match(ready: Scene) -> None:
    patch = {"expected_result": {"target": 9}, "reason": "Why"}
    stale = send(machine(ready.it_owner), "get", path(ready)).headers["ETag"]
    send(machine(ready.marketing_owner), "patch", path(ready), patch)
    refused = send(machine(ready.it_owner, **{"if-match": stale}), "delete", path(ready, "result-proposal/"))
    assert refused.status_code == 412
    answer = send(machine(ready.it_owner), "delete", path(ready, "result-proposal/"), {"reason": "Too early"})
    assert (answer.status_code, answer.json()["proposed_result"]) == (200, None)
    assert ready.event().data["reason"] == "Too early"


def test_a_value_is_not_taken_away(ready: Scene) -> None:
    body = {"expected_result": {"target": None}, "reason": "Gone"}
    answer = send(machine(ready.marketing_owner), "patch", path(ready), body)
    assert codes(answer) == ["result_missing"]
    assert answer.json()["missing"][0]["field"] == "expected_result.target"


# Before work starts ---------------------------------------------------------------------------------------


def test_dates_costs_and_personal_data_are_patched_and_answered(ready: Scene) -> None:
    body: dict[str, Any] = {
        "agreed_on": "2027-03-05",
        "one_off_cost": 12500,
        "yearly_cost": 99.5,
        "personal_data": "yes",
        "personal_data_which": "Addresses",
        "personal_data_signed_by": "Ada Data",
        "personal_data_signed_on": "2026-01-05",
    }
    answer = send(machine(ready.it_owner), "patch", path(ready), {**body, "reason": "Now we know"})
    assert answer.status_code == 200, answer.content
    assert {name: answer.json()[name] for name in body} == body


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("agreed_on", "tomorrow"),
        ("one_off_cost", -1),
        ("one_off_cost", "5"),
        ("yearly_cost", 0.001),
        ("yearly_cost", 10**10),
        ("personal_data", "maybe"),
        ("personal_data_signed_on", "2999-01-01"),
        ("personal_data_which", "x" * 2001),
    ],
)
def test_what_cannot_be_kept_is_told_at_its_field(ready: Scene, name: str, value: Any) -> None:
    body = {name: value, "reason": "Why"}
    assert fields(send(machine(ready.it_owner), "patch", path(ready), body)) == [name]


def test_start_tells_the_missing_sign_off_in_its_code() -> None:
    scene = make_scene(Status.READY, personal_data="yes", personal_data_which="Addresses")
    answer = send(machine(scene.it_owner), "post", path(scene, "transitions/"), {"action": "start"})
    assert codes(answer) == ["personal_data_unsigned"]


def test_new_requests_do_not_take_these_fields() -> None:
    person = make_person()
    answer = send(machine(person), "post", "requests/", {"submit": False, "agreed_on": "2030-01-01"})
    assert fields(answer) == ["agreed_on"]


# The checklist --------------------------------------------------------------------------------------------


def test_a_checklist_is_kept_over_the_api(ready: Scene) -> None:
    client, address = machine(ready.it_owner), path(ready, "checklist/")
    first = send(client, "post", address, {"text": "Ask", "person": ready.marketing_owner.pk}).json()
    second = send(client, "post", address, {"text": "Tell"}).json()
    assert (first["person"]["id"], second["person"], second["done"]) == (
        ready.marketing_owner.pk,
        None,
        False,
    )
    ticked = send(client, "patch", f"{address}{first['id']}/", {"done": True}).json()
    assert (ticked["done"], ticked["done_by"]["id"]) == (True, ready.it_owner.pk)
    order = send(client, "post", f"{address}{second['id']}/position/", {"after": None}).json()
    assert [item["text"] for item in order] == ["Tell", "Ask"]
    assert send(client, "get", address).json() == order
    assert send(client, "delete", f"{address}{first['id']}/").status_code == 204
    assert [item["text"] for item in send(client, "get", address).json()] == ["Tell"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "text"),
        ({"text": 5}, "text"),
        ({"text": ""}, "text"),
        ({"text": "Ask", "person": "me"}, "person"),
        ({"text": "Ask", "person": 2**40}, "person"),
        ({"text": "Ask", "done": True}, "done"),
    ],
)
def test_wrong_items_are_told_at_their_field(ready: Scene, body: dict[str, Any], field: str) -> None:
    assert fields(send(machine(ready.it_owner), "post", path(ready, "checklist/"), body)) == [field]


def test_hidden_and_absent_are_the_same(ready: Scene) -> None:
    hidden = make_request(Status.DONE, restricted=True)
    client = machine(ready.it_owner)
    for rest in ("checklist/", "outcome/"):
        assert send(client, "get", f"requests/{hidden.pk}/{rest}").status_code == 404
    foreign = add_item(make_scene(Status.READY).request.pk, "Foreign", by=make_admin_of_nothing())
    assert send(client, "patch", path(ready, f"checklist/{foreign.pk}/"), {"done": True}).status_code == 404
    assert MOST_ITEMS < 100


def make_admin_of_nothing() -> Any:
    return make_person(is_admin=True)


# The outcome ----------------------------------------------------------------------------------------------


def test_an_outcome_is_recorded_and_read(done: Scene) -> None:
    empty = send(machine(done.outsider), "get", path(done, "outcome/")).json()
    assert (empty["recorded"], empty["history"], empty["may_be_postponed"]) == (None, [], True)
    made = send(machine(done.marketing_owner), "post", path(done, "outcome/"), {"measured": 2.5})
    assert made.status_code == 201
    recorded = made.json()["recorded"]
    assert (recorded["measured"], recorded["verdict"], recorded["baseline"]) == (2.5, "partly", 1)
    learnt = {"learnt": "Consents took long."}
    put = send(machine(done.it_owner), "put", path(done, "outcome/learning/"), learnt).json()
    assert put["recorded"]["it_learnt"] == "Consents took long."
    again = send(machine(done.marketing_owner), "post", path(done, "outcome/"), {"measured": 3})
    assert codes(again) == ["already_done"]
    assert send(machine(done.outsider), "get", path(done, "outcome/")).json() == put


def test_a_reopened_one_is_history(done: Scene) -> None:
    send(machine(done.marketing_owner), "post", path(done, "outcome/"), {"measured": 2.5})
    done.do("reopen", "it_owner", reason="A bug")
    body = send(machine(done.outsider), "get", path(done, "outcome/")).json()
    assert (body["recorded"], body["may_be_postponed"]) == (None, False)
    assert [one["measured"] for one in body["history"]] == [2.5]


def test_the_date_is_put_off_once(done: Scene) -> None:
    client, address = machine(done.marketing_owner), path(done, "outcome/postponement/")
    body = {"measured_on": in_days(200).isoformat(), "reason": "Late"}
    answer = send(client, "post", address, body)
    assert answer.json()["may_be_postponed"] is False
    assert answer.json()["measured_on"] == body["measured_on"]
    assert codes(send(client, "post", address, {**body, "measured_on": "2099-01-01"})) == ["already_done"]


@pytest.mark.parametrize("measured", ["2.5", None, True, 1e20, 0.00001, [2]])
def test_what_is_no_number_is_refused(done: Scene, measured: Any) -> None:
    body = {"measured": measured}
    answer = send(machine(done.marketing_owner), "post", path(done, "outcome/"), body)
    assert fields(answer) == ["measured"]


def test_it_is_in_the_document_with_an_example(done: Scene) -> None:
    document = send(machine(done.outsider), "get", "schema/")
    assert document.status_code == 200
    text = document.content.decode()
    assert "/requests/{number}/outcome/" in text
    assert "Partly reached" in text


def test_lists_tell_it_too(ready: Scene) -> None:
    row = send(machine(ready.outsider), "get", "requests/").json()["results"][0]
    assert row["proposed_result"] is None
    assert row["personal_data"] == ""
    assert Request.objects.count() == 1
