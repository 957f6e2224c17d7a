"""Filing, reading and changing requests through the API."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from activity.models import Event, Origin
from requests_app.choices import Status
from requests_app.intake.edit import edit
from requests_app.models import Label, Request
from teams.models import Person, Team
from tests.api_client import PROBLEM, machine, send
from tests.factories import make_goal, make_person, make_request, make_team, make_touchpoint

pytestmark = pytest.mark.django_db


def whole(**changes: Any) -> dict[str, Any]:
    """The body that INTERFACES gives as an example."""
    return {
        "title": "Choose newsletter topics",
        "customer_need": "Readers want to choose topics.",
        "outcome": "They switch topics on and off.",
        "type": "automation",
        "touchpoints": ["email"],
        "goal": None,
        "requesting_team": "campaigns",
        "serving_team": "crm-platform",
        "deadline": "2027-02-01",
        "deadline_reason": "The spring campaign starts.",
        "wished_tool": "",
        "restricted": False,
        "submit": True,
        "expected_result": {
            "metric": "newsletter conversion",
            "unit": "%",
            "baseline": 1.8,
            "target": 3.0,
            "measured_on": "2027-05-01",
        },
        **changes,
    }


def errors(response: Any) -> dict[str, str]:
    """Field and code of each error of a 400."""
    assert response.status_code == 400, response.content
    assert response.headers["Content-Type"] == PROBLEM
    return {error["field"]: error["code"] for error in response.json()["errors"]}


# Filing ---------------------------------------------------------------------------------------------------


def test_it_files_a_request_and_answers_with_all_of_it(
    marketing: Client, mira: Person, campaigns: Team, crm: Team
) -> None:
    goal = make_goal(campaigns)
    sent = whole(goal=goal.pk)
    response = send(marketing, "post", "requests/", sent)
    assert response.status_code == 201
    body = response.json()
    assert {name: body[name] for name in sent if name != "submit"} == {
        name: value for name, value in sent.items() if name != "submit"
    }
    me = {"id": mira.pk, "name": "Mira Marketing", "side": "marketing"}
    number = body["number"]
    assert (body["key"], body["status"], body["turn"]) == (f"T-{number}", "submitted", "it")
    assert (body["marketing_owner"], body["it_owner"], body["requester"]) == (me, None, me)
    assert (body["difference"], body["effort"]) == (None, None)
    assert body["url"] == f"{settings.BASE_URL}/requests/{number}/"
    assert {"turn_since", "created_at", "updated_at", "version"} <= set(body)
    assert response.headers["Location"].endswith(f"/api/v1/requests/{number}/")


def test_what_an_api_call_changes_has_the_origin_api(marketing: Client, campaigns: Team, crm: Team) -> None:
    number = send(marketing, "post", "requests/", whole()).json()["number"]
    assert Event.objects.get(object_type="request", object_id=number).origin == Origin.API
    assert Request.objects.get(pk=number).origin == Origin.API


def test_it_keeps_a_draft_without_any_event(marketing: Client, campaigns: Team, crm: Team) -> None:
    response = send(marketing, "post", "requests/", {"title": "A thought", "submit": False})
    assert (response.status_code, response.json()["status"]) == (201, "draft")
    assert not Event.objects.filter(object_type="request").exists()


def test_it_names_every_field_that_is_missing_at_submit(marketing: Client) -> None:
    found = errors(send(marketing, "post", "requests/", {"deadline": "2027-02-01"}))
    missing = ["title", "customer_need", "outcome", "type", "requesting_team", "deadline_reason"]
    assert found == dict.fromkeys(missing, "required")
    assert not Request.objects.exists()


@pytest.mark.parametrize(
    "name",
    ["status", "number", "version", "rank", "marketing_owner", "it_owner", "turn", "requester", "url", "id"],
)
def test_what_is_not_for_writing_is_an_unknown_field(
    marketing: Client, campaigns: Team, crm: Team, name: str
) -> None:
    assert errors(send(marketing, "post", "requests/", whole(**{name: 1}))) == {name: "unknown_field"}
    request = make_request(requesting_team=campaigns)
    assert errors(send(marketing, "patch", f"requests/{request.number}/", {name: 1})) == {
        name: "unknown_field"
    }


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("title", ["a list"], "invalid"),
        ("title", 12, "invalid"),
        ("title", None, "null"),
        ("title", "x" * 201, "max_length"),
        ("customer_need", {"a": "b"}, "invalid"),
        ("type", "spaceship", "invalid_choice"),
        ("type", ["automation"], "invalid_choice"),
        ("restricted", "true", "invalid"),
        ("restricted", [], "invalid"),
        ("submit", 1, "invalid"),
        ("deadline", "tomorrow", "invalid"),
        ("deadline", "20270201", "invalid"),
        ("deadline", ["2027-02-01"], "invalid"),
        ("deadline", "2027-02-30", "invalid"),
        ("goal", 2**64, "invalid"),
        ("goal", 2**63 - 1, "does_not_exist"),
        ("goal", "3", "invalid"),
        ("goal", [3], "invalid"),
        ("goal", True, "invalid"),
        ("goal", -1, "invalid"),
        ("requesting_team", "no-such-team", "does_not_exist"),
        ("requesting_team", ["campaigns"], "invalid"),
        ("requesting_team", "crm-platform", "invalid"),
        ("serving_team", "campaigns", "invalid"),
        ("serving_team", 5, "invalid"),
        ("touchpoints", "email", "invalid"),
        ("touchpoints", [["email"]], "invalid"),
        ("touchpoints", ["email", "email"], "invalid"),
        ("touchpoints", ["no-such"], "does_not_exist"),
        ("expected_result", [], "invalid"),
        ("expected_result", "3 %", "invalid"),
    ],
)
def test_a_wrong_value_is_named_with_its_field(
    marketing: Client, campaigns: Team, crm: Team, name: str, value: Any, code: str
) -> None:
    assert errors(send(marketing, "post", "requests/", whole(**{name: value}))) == {name: code}
    assert not Request.objects.exists()


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("baseline", "1.8", "invalid"),
        ("baseline", True, "invalid"),
        ("baseline", [1], "invalid"),
        ("target", 10**14, "too_large"),
        ("target", 1.23456, "decimals"),
        ("measured_on", 5, "invalid"),
        ("metric", None, "null"),
        ("share", 5, "unknown_field"),
    ],
)
def test_a_wrong_value_of_the_result_is_named_with_its_path(
    marketing: Client, campaigns: Team, crm: Team, name: str, value: Any, code: str
) -> None:
    sent = whole(expected_result={name: value})
    assert errors(send(marketing, "post", "requests/", sent)) == {f"expected_result.{name}": code}


def test_refusals_of_the_domain_name_the_path_too(marketing: Client, campaigns: Team, crm: Team) -> None:
    request = make_request(Status.READY, requesting_team=campaigns)
    lead = machine(make_person(lead_of=campaigns))
    response = send(lead, "patch", f"requests/{request.number}/", {"expected_result": {"target": None}})
    assert response.status_code == 409
    missing = [(one["code"], one["field"]) for one in response.json()["missing"]]
    assert missing == [("reason_missing", "reason"), ("result_missing", "expected_result.target")]


def test_an_archived_touchpoint_cannot_be_chosen(marketing: Client, campaigns: Team, crm: Team) -> None:
    make_touchpoint(slug="fax", is_archived=True)
    found = errors(send(marketing, "post", "requests/", whole(touchpoints=["fax"])))
    assert found == {"touchpoints": "does_not_exist"}


def test_an_archived_touchpoint_stays_on_a_request_that_has_it(marketing: Client, mira: Person) -> None:
    request = make_request(requester=mira)
    request.touchpoints.add(make_touchpoint(slug="fax", is_archived=True))
    path, both = f"requests/{request.pk}/", ["email", "fax"]
    answer = send(marketing, "patch", path, {"touchpoints": both}, if_match="*")
    assert (answer.status_code, answer.json()["touchpoints"]) == (200, both)


def test_exact_decimals_come_back_as_they_were_sent(marketing: Client, campaigns: Team, crm: Team) -> None:
    sent = whole(expected_result={"baseline": 0.1, "target": 1234567890.1234})
    result = send(marketing, "post", "requests/", sent).json()["expected_result"]
    assert (result["baseline"], result["target"]) == (0.1, 1234567890.1234)
    assert (result["metric"], result["measured_on"]) == ("", None)


# Reading one ----------------------------------------------------------------------------------------------


def test_hidden_and_absent_answer_the_same_404(marketing: Client) -> None:
    hidden = [make_request(restricted=True).number, make_request(Status.DRAFT).number]
    answers = [send(marketing, "get", f"requests/{number}/") for number in [*hidden, 999_999, 2**63, 10**30]]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    for path in ("", "transitions/", "comments/", "events/"):
        assert send(marketing, "get", f"requests/{hidden[0]}/{path}").status_code == 404


@pytest.mark.parametrize("path", ["", "transitions/", "position/", "comments/"])
def test_nobody_changes_what_they_do_not_see(marketing: Client, path: str) -> None:
    method = "post" if path else "patch"
    for request in (make_request(restricted=True), make_request(Status.DRAFT)):
        assert send(marketing, method, f"requests/{request.number}/{path}").status_code == 404


def test_those_concerned_see_a_restricted_request(it: Client, crm: Team) -> None:
    request = make_request(restricted=True, serving_team=crm)
    body = send(it, "get", f"requests/{request.number}/").json()
    assert (body["number"], body["restricted"]) == (request.number, True)


def test_a_duplicate_names_its_original_only_to_who_may_see_it(
    marketing: Client, it: Client, crm: Team
) -> None:
    original = make_request(restricted=True, serving_team=crm)
    request = make_request(Status.DECLINED, duplicate_of=original)
    path = f"requests/{request.number}/"
    assert send(it, "get", path).json()["duplicate_of"] == original.number
    assert send(marketing, "get", path).json()["duplicate_of"] is None
    assert send(marketing, "get", "requests/").json()["results"][0]["duplicate_of"] is None


# Changing -------------------------------------------------------------------------------------------------


def test_a_patch_changes_what_is_sent_and_nothing_else(marketing: Client, mira: Person) -> None:
    request = make_request(Status.SHAPING, requester=mira, metric="sign-ups", target=5)
    path = f"requests/{request.number}/"
    before = send(marketing, "get", path).json()
    after = send(marketing, "patch", path, {"title": "Better", "expected_result": {"target": 7}}).json()
    assert after["version"] == before["version"] + 1
    assert (after["title"], after["expected_result"]["target"]) == ("Better", 7)
    assert after["expected_result"]["metric"] == "sign-ups"
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"title", "expected_result", "version", "updated_at"}


def test_null_empties_the_expected_result(marketing: Client, mira: Person) -> None:
    request = make_request(requester=mira, metric="sign-ups", baseline=1, target=5)
    result = send(marketing, "patch", f"requests/{request.number}/", {"expected_result": None}).json()
    empty = {"metric": "", "unit": "", "baseline": None, "target": None, "measured_on": None}
    assert result["expected_result"] == empty


def test_from_ready_on_a_change_needs_its_reason(marketing: Client, mira: Person) -> None:
    request = make_request(Status.READY, requester=mira)
    path = f"requests/{request.number}/"
    refused = send(marketing, "patch", path, {"title": "Better"})
    assert (refused.status_code, refused.json()["missing"][0]["code"]) == (409, "reason_missing")
    assert send(marketing, "patch", path, {"title": "Better", "reason": "Shorter"}).status_code == 200


def test_who_may_not_edit_is_told_so(it: Client) -> None:
    response = send(it, "patch", f"requests/{make_request().number}/", {"title": "Mine"})
    assert (response.status_code, response.json()["missing"][0]["code"]) == (409, "not_yours")


def test_an_own_draft_is_changed_and_handed_in(marketing: Client, campaigns: Team, crm: Team) -> None:
    number = send(marketing, "post", "requests/", whole(title="", submit=False)).json()["number"]
    refused = send(marketing, "post", f"requests/{number}/transitions/", {"action": "submit"})
    assert errors(refused) == {"title": "required"}
    assert send(marketing, "patch", f"requests/{number}/", {"title": "Topics"}).status_code == 200
    done = send(marketing, "post", f"requests/{number}/transitions/", {"action": "submit"})
    assert (done.status_code, done.json()["status"]) == (200, "submitted")


# ETag -----------------------------------------------------------------------------------------------------


def test_a_stale_if_match_is_refused_and_a_fresh_one_accepted(marketing: Client, mira: Person) -> None:
    request = make_request(requester=mira)
    path = f"requests/{request.number}/"
    etag = send(marketing, "get", path).headers["ETag"]
    changed = send(marketing, "patch", path, {"title": "First"}, if_match=etag)
    assert changed.status_code == 200
    stale = send(marketing, "patch", path, {"title": "Second"}, if_match=etag)
    assert (stale.status_code, stale.headers["Content-Type"]) == (412, PROBLEM)
    assert stale.json()["current_version"] == changed.json()["version"]
    assert send(marketing, "get", path).json()["title"] == "First"
    several = f'"nonsense", {changed.headers["ETag"]}'
    assert send(marketing, "patch", path, {"title": "Third"}, if_match=several).status_code == 200


def test_the_etag_of_a_compressed_answer_changes_what_was_read(marketing: Client, mira: Person) -> None:
    """Nearly every client asks for compression, which makes the tag a weak one on its way."""
    request = make_request(requester=mira, customer_need="Customers ask for it. " * 40)
    path = f"requests/{request.number}/"
    read = send(marketing, "get", path, accept_encoding="gzip")
    etag = read.headers["ETag"]
    assert (read.headers["Content-Encoding"], etag[:2]) == ("gzip", "W/")
    assert send(marketing, "get", path, accept_encoding="gzip", if_none_match=etag).status_code == 304
    assert send(marketing, "patch", path, {"title": "First"}, if_match=etag).status_code == 200
    assert send(marketing, "patch", path, {"title": "Second"}, if_match=etag).status_code == 412


@pytest.mark.parametrize(
    "tag", ['"nonsense"', "nonsense", 'W/"99-0123456789abcdef"', '"99-0123456789abcdef"', ""]
)
def test_an_if_match_that_is_not_the_etag_is_stale(marketing: Client, mira: Person, tag: str) -> None:
    request = make_request(requester=mira)
    response = send(marketing, "patch", f"requests/{request.number}/", {"title": "New"}, if_match=tag)
    assert response.status_code == 412
    request.refresh_from_db()
    assert request.title != "New"


def test_a_star_matches_any_version_of_what_exists(marketing: Client, mira: Person) -> None:
    request = make_request(requester=mira)
    path = f"requests/{request.number}/"
    assert send(marketing, "patch", path, {"title": "New"}, if_match="*").status_code == 200
    assert send(marketing, "patch", "requests/999999/", {"title": "New"}, if_match="*").status_code == 404


def test_what_a_reader_holds_already_is_not_sent_again(marketing: Client, mira: Person) -> None:
    request = make_request(requester=mira)
    path = f"requests/{request.number}/"
    etag = send(marketing, "get", path).headers["ETag"]
    assert not etag.startswith("W/")
    held = send(marketing, "get", path, if_none_match=etag)
    assert (held.status_code, held.content, held.headers["ETag"]) == (304, b"", etag)
    edit(request.number, {"title": "New"}, by=mira)
    assert send(marketing, "get", path, if_none_match=etag).status_code == 200


def test_the_etag_changes_with_a_name_that_the_body_tells(marketing: Client, mira: Person) -> None:
    request = make_request(requester=mira)
    path = f"requests/{request.number}/"
    etag = send(marketing, "get", path).headers["ETag"]
    mira.name = "Mira Married"
    mira.save()
    assert send(marketing, "get", path, if_none_match=etag).status_code == 200
    # The request itself is the same, so this is no conflict.
    assert send(marketing, "patch", path, {"title": "New"}, if_match=etag).status_code == 200


# The list -------------------------------------------------------------------------------------------------


def numbers(response: Any) -> list[int]:
    assert response.status_code == 200, response.content
    return [row["number"] for row in response.json()["results"]]


def test_the_list_holds_what_one_may_see_and_no_drafts(marketing: Client, mira: Person) -> None:
    seen = make_request()
    own_draft = make_request(Status.DRAFT, requester=mira)
    make_request(restricted=True)
    make_request(Status.DRAFT)
    body = send(marketing, "get", "requests/").json()
    assert set(body) == {"next", "previous", "results"}
    assert [row["number"] for row in body["results"]] == [seen.number]
    assert numbers(send(marketing, "get", "requests/?status=draft")) == [own_draft.number]


def test_a_row_of_the_list_is_the_same_as_the_one(marketing: Client, campaigns: Team, crm: Team) -> None:
    goal = make_goal(campaigns)
    made = send(marketing, "post", "requests/", whole(goal=goal.pk, touchpoints=["email", "app"])).json()
    Request.objects.get(pk=made["number"]).labels.add(Label.objects.create(name="spring"))
    row = send(marketing, "get", "requests/").json()["results"][0]
    assert row == send(marketing, "get", f"requests/{made['number']}/").json()
    assert (row["touchpoints"], row["labels"]) == (["app", "email"], ["spring"])


@pytest.mark.parametrize(
    "query",
    [
        "status=shaping",
        "type=integration",
        "team=kiosk",
        "goal={goal}",
        "owner={owner}",
        "requester={requester}",
        "side=other",
        "turn=marketing",
        "q=Gutschein",
        "label=spring",
        "blocked=true",
        "deadline_before=2027-01-01",
    ],
)
def test_every_filter_narrows_the_list(marketing: Client, query: str) -> None:
    make_request()
    goal, kiosk = make_goal(), make_team("other", slug="kiosk")
    requester = make_person(kiosk)
    wanted = make_request(
        Status.SHAPING,
        type="integration",
        requesting_team=kiosk,
        requester=requester,
        goal=goal,
        deadline="2026-12-24",
        deadline_reason="Christmas",
        customer_need="Gutscheine online einlösen.",
        waiting_for="marketing",
        blocked_reason="No texts yet",
    )
    wanted.labels.add(Label.objects.create(name="spring"))
    asked = query.format(goal=goal.pk, owner=wanted.it_owner_id, requester=requester.pk)
    assert numbers(send(marketing, "get", f"requests/?{asked}")) == [wanted.number]


def test_changes_since_a_moment_are_found(marketing: Client) -> None:
    request = make_request()
    moment = request.updated_at.isoformat().replace("+00:00", "Z")
    assert numbers(send(marketing, "get", f"requests/?updated_since={moment}")) == [request.number]
    assert numbers(send(marketing, "get", "requests/?updated_since=2100-01-01T00:00:00Z")) == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("status=nonsense", "status"),
        ("team=no-such-team", "team"),
        ("owner=99999999999999999999999", "owner"),
        ("goal=x", "goal"),
        ("goal=1&goal=2", "goal"),
        ("updated_since=yesterday", "updated_since"),
        ("ordering=words", "ordering"),
        ("ordering=title,-title", "ordering"),
        ("q=%00", "q"),
        ("label=%00", "label"),
        ("requester__email=a@example.org", "requester__email"),
        ("restricted=true", "restricted"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=many", "limit"),
        ("limit=5&limit=6", "limit"),
        ("cursor=nonsense", "cursor"),
        ("format=json", "format"),
    ],
)
def test_a_wrong_or_unknown_filter_is_told_never_ignored(marketing: Client, query: str, field: str) -> None:
    make_request()
    assert list(errors(send(marketing, "get", f"requests/?{query}"))) == [field]


def test_a_filter_never_finds_the_hidden(marketing: Client, mira: Person) -> None:
    hidden = make_request(restricted=True, title="Gutschein", customer_need="Gutschein")
    draft = make_request(Status.DRAFT, title="Gutschein")
    for query in ("q=Gutschein", f"q=T-{hidden.number}", f"owner={hidden.marketing_owner_id}"):
        assert numbers(send(marketing, "get", f"requests/?{query}")) == []
    assert numbers(send(marketing, "get", f"requests/?requester={draft.requester_id}&status=draft")) == []


@pytest.mark.parametrize(
    "ordering",
    [
        sign + name
        for name in ("created_at", "updated_at", "deadline", "number", "rank")
        for sign in ("", "-")
    ],
)
def test_pages_forward_and_back_hold_each_row_once(marketing: Client, ordering: str) -> None:
    for day in ("2027-03-01", None, "2027-01-01", "2027-03-01", None, "2027-02-01", None):
        reason = "A fair" if day else ""
        make_request(Status.READY if day else Status.SUBMITTED, deadline=day, deadline_reason=reason)
    whole_list = numbers(send(marketing, "get", f"requests/?ordering={ordering}"))
    assert len(whole_list) == 7
    pages, address = [], f"/api/v1/requests/?ordering={ordering}&limit=3"
    while address:
        body = marketing.get(address).json()
        pages.append([row["number"] for row in body["results"]])
        address, last = body["next"], body
    assert [number for page in pages for number in page] == whole_list
    back = marketing.get(last["previous"]).json()
    assert [row["number"] for row in back["results"]] == pages[1]
    first = marketing.get(back["previous"]).json()
    assert ([row["number"] for row in first["results"]], first["previous"]) == (pages[0], None)


@pytest.mark.parametrize("rows", [2, 50])
def test_a_list_takes_few_queries_whatever_its_length(
    marketing: Client, django_assert_max_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    original = make_request()
    for _ in range(rows - 1):
        request = make_request(Status.DECLINED, duplicate_of=original, goal=make_goal())
        request.touchpoints.add(make_touchpoint())
    send(marketing, "get", "me/")
    with django_assert_max_num_queries(6):
        assert len(numbers(send(marketing, "get", "requests/"))) == rows


def test_one_takes_few_queries(
    marketing: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    request = make_request()
    send(marketing, "get", "me/")
    with django_assert_max_num_queries(5):
        assert send(marketing, "get", f"requests/{request.number}/").status_code == 200
