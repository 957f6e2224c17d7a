"""Lists as files: the same rows and columns, in order, without formulas and without what is hidden."""

import csv
import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from requests_app.choices import Status
from requests_app.lists import export
from requests_app.lists.export import BOM, HEAD, cell, delimiter_for, guarded
from requests_app.models import Label, Request
from teams.models import Person, Side, Team
from tests.factories import make_person, make_request, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def crm() -> Team:
    return make_team(slug="crm-platform", name="CRM platform")


@pytest.fixture
def mira() -> Person:
    return make_person(make_team(Side.MARKETING), language="en")


def download(person: Person, form: str, query: str = "", status: int = 200) -> str:
    client = Client()
    client.force_login(person)
    answer: Any = client.get(f"/requests/export/{form}/{query}")
    assert answer.status_code == status
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text: str = body.decode()
    return text


def table(text: str, delimiter: str = ",") -> list[dict[str, str]]:
    assert text.startswith(BOM)
    return list(csv.DictReader(io.StringIO(text.removeprefix(BOM)), delimiter=delimiter))


# What a cell is -----------------------------------------------------------------------------------
@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", " =", "  @"])
def test_no_text_is_a_formula(first: str) -> None:
    assert guarded(f"{first}HYPERLINK(1)") == f"'{first}HYPERLINK(1)"


@pytest.mark.parametrize("text", ["", "T-12", "a=b", "5 - 3", "'quoted", "mail@example.org", "…"])
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert guarded(text) == text


def test_values_are_written_for_spreadsheets() -> None:
    moment = datetime(2026, 11, 25, 9, 5, tzinfo=UTC)
    assert [cell(value) for value in (None, "a", 7, -7, date(2027, 2, 1), moment)] == [
        *("", "a", "7", "-7", "2027-02-01", "2026-11-25 09:05"),
    ]
    with translation.override("de"):
        assert cell(Decimal("3.5")) == "3,5"
    with translation.override("en"):
        assert cell(Decimal("12345.5")) == "12345.5"


def test_the_delimiter_is_what_excel_expects() -> None:
    assert (delimiter_for("de"), delimiter_for("de-at"), delimiter_for("en"), delimiter_for("")) == (
        ";",
        ";",
        ",",
        ",",
    )


# The current view as CSV --------------------------------------------------------------------------
def test_rows_columns_and_order_are_those_of_the_list(mira: Person, crm: Team) -> None:
    rows = [
        make_request(Status.READY, serving_team=crm, title=title, deadline=day, deadline_reason="Season.")
        for title, day in (("B", date(2027, 2, 1)), ("A", date(2027, 2, 1)), ("C", None))
    ]
    make_request(Status.DONE)
    text = download(mira, "csv", "?status=ready&ordering=deadline,title&columns=deadline,teams,status")
    found = table(text)
    assert [row["Number"] for row in found] == [rows[1].key, rows[0].key, rows[2].key]
    assert list(found[0]) == ["Number", "Title", "Deadline", "Requesting team", "Serving team", "Status"]
    assert found[0]["Deadline"] == "2027-02-01"
    assert found[0]["Serving team"] == "CRM platform"
    assert found[2]["Deadline"] == ""


def test_german_words_come_with_semicolons(mira: Person) -> None:
    make_request(Status.READY, title='Semikolon; Komma, „Zitat“ "und" Umlaut ä')
    mira.language = "de"
    mira.save()
    (row,) = table(download(mira, "csv", "?columns=status"), ";")
    assert row == {
        "Nummer": row["Nummer"],
        "Titel": 'Semikolon; Komma, „Zitat“ "und" Umlaut ä',
        "Status": "Bereit",
    }


def test_a_formula_in_any_text_is_shown_and_not_run(mira: Person, crm: Team) -> None:
    evil = '=HYPERLINK("https://evil.example";"x")'
    team = make_team(Side.MARKETING, name="@SUM(A1)")
    row = make_request(
        title=evil,
        requesting_team=team,
        requester=make_person(team, name="+49"),
        deadline=date(2027, 1, 1),
        deadline_reason="-1+1",
    )
    row.labels.add(Label.objects.create(name="=label"))
    columns = "teams,tandem,requester,labels,deadline_reason,blocked,turn"
    for form in (download(mira, "csv", f"?columns={columns}"),):
        cells = [value for row in table(form) for value in row.values()]
        assert f"'{evil}" in cells
        assert not [value for value in cells if value.startswith(("=", "+", "-", "@"))]


def test_all_pages_are_in_the_file_read_in_batches(mira: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "BATCH", 4)
    numbers = [make_request().key for _ in range(30)]
    assert [row["Number"] for row in table(download(mira, "csv"))] == numbers[::-1]


@pytest.mark.parametrize("form", ["csv", "json"])
def test_an_empty_list_is_a_file_too(mira: Person, form: str) -> None:
    text = download(mira, form)
    assert json.loads(text) == [] if form == "json" else table(text) == []


@pytest.mark.parametrize("form", ["csv", "json"])
def test_queries_grow_with_batches_and_not_with_rows(mira: Person, form: str) -> None:
    counts = []
    for _round in range(2):
        for _ in range(5):
            make_request().labels.add(Label.objects.get_or_create(name="spring")[0])
        with CaptureQueriesContext(connection) as captured:
            download(mira, form, "?columns=labels,teams,tandem,goal")
        counts.append(len(captured))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("form", ["csv", "json"])
def test_what_is_hidden_is_in_no_file(mira: Person, form: str) -> None:
    hidden = make_request(restricted=True, title="Fusion", customer_need="Fusion", outcome="Fusion")
    make_request(Status.DRAFT, title="Fusion")
    make_request(duplicate_of=hidden)
    text = download(mira, form, "?q=Fusion") + download(mira, form)
    assert "Fusion" not in text
    assert f'"duplicate_of":{hidden.number}' not in text.replace(" ", "")


def test_json_is_what_the_api_answers(mira: Person) -> None:
    row = make_request(Status.READY, title="Umlaut ä")
    client = Client()
    client.force_login(mira)
    api: Any = client.get("/api/v1/requests/?ordering=title")
    (body,) = json.loads(download(mira, "json", "?ordering=title&columns=status"))
    assert body == api.json()["results"][0]
    assert body["number"] == row.number


def test_the_file_has_a_name_and_stays_in_no_cache(mira: Person) -> None:
    client = Client()
    client.force_login(mira)
    answer = client.get("/requests/export/csv/")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="tandem-20')
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_wrong_address_is_told_as_on_the_list(mira: Person) -> None:
    assert "There is no such team." in download(mira, "csv", "?team=nobody", status=400)
    assert download(mira, "xlsx", status=404)


# The operator's command ---------------------------------------------------------------------------
def exported(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    call_command("export_requests", *options)
    return capsys.readouterr().out


def test_the_operator_gets_everything_but_drafts(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [make_request(title="Open"), make_request(restricted=True, title="Fusion")]
    make_request(Status.DRAFT)
    bodies = json.loads(exported(capsys, "--format", "json"))
    assert [body["number"] for body in bodies] == [row.number for row in rows]
    assert [row["title"] for row in csv.DictReader(io.StringIO(exported(capsys)))] == ["Open", "Fusion"]


def test_the_command_names_columns_as_the_api_and_runs_no_formula(capsys: pytest.CaptureFixture[str]) -> None:
    request = make_request(Status.READY, title="=1+1", baseline=Decimal("-1.5"))
    request.labels.add(Label.objects.create(name="spring"), Label.objects.create(name="fair"))
    (row,) = csv.DictReader(io.StringIO(exported(capsys)))
    assert list(row) == HEAD
    assert (row["title"], row["baseline"], row["labels"]) == ("'=1+1", "-1.5", "fair, spring")
    assert (row["requester"], row["restricted"]) == (request.requester and request.requester.name, "false")


def test_without_requests_there_is_a_head(capsys: pytest.CaptureFixture[str]) -> None:
    assert next(csv.reader(io.StringIO(exported(capsys)))) == HEAD
    assert json.loads(exported(capsys, "--format", "json")) == []


def test_what_was_exported_can_be_imported(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, crm: Team
) -> None:
    make_request(Status.DONE, title="Topics", serving_team=crm)
    file = tmp_path / "all.csv"
    file.write_text(exported(capsys))
    call_command("import_requests", str(file), "--format", "csv", "--team", crm.slug)
    assert "created 1, updated 0, skipped 0, failed 0" in capsys.readouterr().out
    twin = Request.objects.latest("number")
    assert (twin.title, twin.status, twin.customer_need != "") == ("Topics", Status.DONE, True)
