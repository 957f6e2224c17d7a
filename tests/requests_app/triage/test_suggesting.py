"""Suggested team and type: from what everybody may see, with the words that decided, by a press alone."""

import gzip
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from activity import clock
from activity.models import Origin
from requests_app.choices import RequestType, Status
from requests_app.models import Clue, Lesson, Request
from requests_app.triage.suggesting import relearn, suggested_team, suggested_type, suggestions
from teams.models import Person, Side, Team
from tests.factories import make_person, make_request, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def mail() -> Team:
    return make_team(Side.IT, name="Mail team")


@pytest.fixture
def shop() -> Team:
    return make_team(Side.IT, name="Shop team")


@pytest.fixture
def tom(shop: Team) -> Person:
    return make_person(shop, language="en")


def past(mail: Team, shop: Team) -> None:
    marketing = make_team(Side.MARKETING)
    requester = make_person(marketing)
    asked = {"requesting_team": marketing, "requester": requester}
    owners = {mail: make_person(mail), shop: make_person(shop)}
    kinds = (
        (mail, "newsletter mailing", RequestType.CAMPAIGN_TOOL),
        (shop, "checkout basket", RequestType.WEBSITE_APP),
    )
    for _ in range(12):
        for team, words, kind in kinds:
            make_request(
                Status.SHAPING, serving_team=team, it_owner=owners[team], title=words, type=kind, **asked
            )


def new_one(**fields: Any) -> Request:
    return make_request(
        **{"title": "A newsletter for mailing", "serving_team": None, "type": RequestType.OTHER, **fields}
    )


def test_it_suggests_team_and_type_from_the_words(mail: Team, shop: Team) -> None:
    past(mail, shop)
    relearn(clock.now())
    found = suggestions(new_one())
    assert suggested_team(found) == mail
    assert suggested_type(found) == RequestType.CAMPAIGN_TOOL
    assert set(found["team"].words) >= {"newsletter", "mailing"}


def test_learning_anew_replaces_what_was_learnt(mail: Team, shop: Team) -> None:
    past(mail, shop)
    first = relearn(clock.now())
    assert relearn(clock.now()) == first
    assert Lesson.objects.count() == 2
    assert Clue.objects.count() == first
    Request.objects.all().delete()
    assert relearn(clock.now()) == 0


def test_restricted_requests_drafts_and_new_ones_teach_nothing(mail: Team, shop: Team) -> None:
    for status, restricted in ((Status.SHAPING, True), (Status.DRAFT, False), (Status.SUBMITTED, False)):
        for _ in range(3):
            make_request(status, serving_team=mail, restricted=restricted, title="Topsecret merger")
    relearn(clock.now())
    assert not Clue.objects.filter(word__in=["topsecret", "merger"]).exists()


def test_imports_teach_teams_but_no_types(mail: Team) -> None:
    for _ in range(3):
        make_request(Status.DONE, serving_team=mail, title="Legacy ticket", origin=Origin.IMPORT)
    relearn(clock.now())
    assert set(Clue.objects.filter(word="legacy").values_list("lesson", flat=True)) == {"team"}


def test_from_a_few_requests_nothing_is_suggested(mail: Team, shop: Team) -> None:
    make_request(serving_team=mail, title="newsletter mailing")
    make_request(serving_team=shop, title="newsletter basket")
    relearn(clock.now())
    assert suggestions(new_one()) == {}


def test_where_it_is_no_better_than_the_most_frequent_it_is_silent(mail: Team, shop: Team) -> None:
    for _ in range(12):
        for team in (mail, shop):
            make_request(Status.SHAPING, serving_team=team, title="newsletter checkout")
    relearn(clock.now())
    lesson = Lesson.objects.get(kind="team")
    assert lesson.judged == 5
    assert suggestions(new_one()) == {}


def test_before_anything_was_learnt_it_is_silent() -> None:
    assert suggestions(new_one()) == {}
    assert suggested_team({}) is None


# The page -------------------------------------------------------------------------------------------------


def test_the_page_shows_the_words_and_applies_nothing_by_itself(
    client: Client, mail: Team, shop: Team, tom: Person
) -> None:
    past(mail, shop)
    relearn(clock.now())
    request = new_one()
    client.force_login(tom)
    page = client.get(f"/triage/{request.number}/beside/", headers={"HX-Request": "true"}).content.decode()
    assert "Suggested team: <b>Mail team</b>" in page
    assert "<q>newsletter</q>" in page
    assert "Suggested type: <b>Campaign tool</b>" in page
    request.refresh_from_db()
    assert request.serving_team is None
    data = {"back": "triage", "queue": f"request={request.number}", "serving_team": mail.slug}
    answer = client.post(f"/requests/{request.number}/actions/assign/", data)
    assert f"request={request.number}" in answer["Location"]
    request.refresh_from_db()
    assert request.serving_team == mail


def test_the_type_is_used_by_who_may_edit(client: Client, mail: Team, shop: Team) -> None:
    request = new_one(serving_team=shop)
    address = f"/triage/{request.number}/type/"
    client.force_login(make_person(lead_of=shop, language="en"))
    for wrong in ("", "nonsense", "x\0"):
        client.post(address, {"type": wrong})
        request.refresh_from_db()
        assert request.type == RequestType.OTHER
    client.post(address, {"type": "campaign_tool"})
    request.refresh_from_db()
    assert request.type == RequestType.CAMPAIGN_TOOL
    client.force_login(make_person(make_team(Side.IT)))
    client.post(address, {"type": "integration"})
    request.refresh_from_db()
    assert request.type == RequestType.CAMPAIGN_TOOL


def test_similar_ones_are_at_hand(client: Client, tom: Person, shop: Team) -> None:
    first, second = (make_request(serving_team=shop, title="Birthday voucher mailing") for _ in range(2))
    hidden = make_request(title="Birthday voucher mailing", restricted=True)
    client.force_login(tom)
    address = f"/triage/{first.number}/beside/"
    page = client.get(address, {"queue": f"request={second.number}"}).content.decode()
    merge = f"/requests/{first.number}/actions/merge/?into={second.number}&amp;back=triage"
    assert merge in page
    assert f"T-{hidden.number}" not in page
    # Only beside the queue there is a dialog to open; a page of its own leads on to the next.
    assert 'hx-target="#step-body"' not in page
    part = client.get(address, {"queue": f"request={second.number}"}, headers={"HX-Request": "true"})
    assert 'hx-target="#step-body"' in part.content.decode()
    assert client.get(f"/triage/{hidden.number}/beside/").status_code == 404


def test_its_queries_are_few(
    client: Client, mail: Team, shop: Team, tom: Person, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    past(mail, shop)
    relearn(clock.now())
    request = new_one()
    client.force_login(tom)
    with django_assert_max_num_queries(12):
        client.get(f"/triage/{request.number}/beside/", headers={"HX-Request": "true"})


# The command ----------------------------------------------------------------------------------------------


def judged(*arguments: object) -> Any:
    out = StringIO()
    call_command("judge_suggestions", *arguments, stdout=out)
    return json.loads(out.getvalue())


def test_the_command_judges_a_file(tmp_path: Path) -> None:
    rows = ["text,topic"] + ["newsletter mailing,mail", "checkout basket,shop"] * 20
    plain, packed = tmp_path / "rows.csv", tmp_path / "rows.csv.gz"
    plain.write_text("\n".join(rows))
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert judged(plain) == judged(packed)
    assert judged(plain)["right"] == 8


def test_the_command_judges_the_portals_own_history(mail: Team, shop: Team) -> None:
    past(mail, shop)
    assert judged()["team"] == {"texts": 5, "right": 5, "most_frequent": judged()["team"]["most_frequent"]}


@pytest.mark.parametrize("content", [b"a,b\n1,2\n", b"\xff\xfe\x00"])
def test_a_file_that_it_cannot_read_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError):
        judged(path)
    with pytest.raises(CommandError):
        judged(tmp_path / "nowhere.csv")
    packed = tmp_path / "rows.csv.gz"
    for broken in (b"no gzip", gzip.compress(b"text,topic\n" * 99)[:-12]):
        packed.write_bytes(broken)
        with pytest.raises(CommandError):
            judged(packed)
