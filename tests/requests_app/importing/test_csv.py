"""A CSV of requests, as people export it from wherever they have it."""

import gzip
import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.management import CommandError
from django.utils import translation

from activity.models import Event, FanOut
from notifications.fanout import fan_out
from notifications.models import Delivery
from requests_app.choices import RequestType, Status, Turn
from requests_app.discussion import comment
from requests_app.models import Label, Request
from requests_app.workflow.inputs import Inputs
from requests_app.workflow.perform import perform
from teams.models import Person, Role, Side, Team
from tests.factories import add_member, make_admin, make_person, make_team
from tests.requests_app.importing.conftest import Import, Write

pytestmark = pytest.mark.django_db


def only() -> Request:
    return Request.objects.get()


def kinds() -> list[str]:
    return list(Event.objects.filter(object_type="request").order_by("id").values_list("kind", flat=True))


def test_text_and_topic_are_enough(run_import: Import, write: Write, desk: Team) -> None:
    text = "The newsletter " + "leaves out the branch " * 20
    lines = run_import(write(f"text,topic\n{text},Hardware\n"))
    assert lines == ["created 1, updated 0, skipped 0, failed 0"]
    assert only().customer_need == text.strip()
    assert only().title == text[:120].strip()
    assert list(only().labels.values_list("name", flat=True)) == ["Hardware"]
    assert (only().status, only().type, only().serving_team) == (Status.SUBMITTED, RequestType.OTHER, desk)
    assert only().turn == Turn.MARKETING
    assert kinds() == ["request.submitted"]


def test_german_headers_are_understood(run_import: Import, write: Write) -> None:
    row = 'T1;Gutschein;"Sie warten, zu lange";Erledigt;01.02.2026 08:30;03.02.2026;Ada Abel;1,5;Für Filialen'
    header = "Nummer;Titel;Beschreibung;Status;Erstellt am;Erledigt am;Melder;Zielwert;Ergebnis"
    run_import(write(f"{header}\n{row}\n"))
    assert (only().title, only().customer_need) == ("Gutschein", "Sie warten, zu lange")
    assert only().outcome == "Für Filialen"
    assert only().target == Decimal("1.5")
    assert only().created_at == datetime(2026, 2, 1, 7, 30, tzinfo=UTC)
    assert only().done_at == datetime(2026, 2, 3, 11, tzinfo=UTC)
    assert Event.objects.get(kind="request.submitted").data["by"] == "Ada Abel"
    assert not Person.objects.exists()


def test_english_headers_are_understood(run_import: Import, write: Write) -> None:
    header = "Key,Summary,Description,State,Type,Due date,Baseline,Measured on,Labels"
    row = 'A-1,Vouchers,They wait,In progress,Automation,2027-01-31,0.25,2027-03-01,"shop, app"'
    run_import(write(f"{header}\n{row}\n"))
    assert (only().status, only().type) == (Status.IN_PROGRESS, RequestType.AUTOMATION)
    assert (only().deadline, only().measured_on) == (date(2027, 1, 31), date(2027, 3, 1))
    assert only().baseline == Decimal("0.25")
    assert sorted(only().labels.values_list("name", flat=True)) == ["app", "shop"]
    assert kinds() == ["request.submitted", "request.started"]


def test_a_mapping_names_the_columns(run_import: Import, write: Write) -> None:
    mapping = write(json.dumps({"title": "Was", "customer_need": "Wozu"}), "mapping.json")
    run_import(write("Wozu,Was,Summary\nThey wait,Vouchers,Ignored\n"), "--mapping", str(mapping))
    assert (only().title, only().customer_need) == ("Vouchers", "They wait")


def test_what_has_no_field_is_left_out(run_import: Import, write: Write) -> None:
    run_import(write("title,colour\nVouchers,red\n"))
    assert only().title == "Vouchers"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_encodings_delimiters_and_line_ends(
    run_import: Import, write: Write, delimiter: str, encoding: str, line_end: str
) -> None:
    lines = [delimiter.join(["Titel", "Text"]), delimiter.join(["Größe", '"Für „alle“ – 5 €"'])]
    run_import(write(line_end.join([*lines, ""]), encoding=encoding))
    assert (only().title, only().customer_need) == ("Größe", "Für „alle“ – 5 €")


def test_a_quoted_cell_may_have_several_lines(run_import: Import, write: Write) -> None:
    lines = run_import(write('title,text\nA,"one\n""two"", and\n\nthree"\n,\n\nB,four\n'))
    assert lines == ["created 2, updated 0, skipped 0, failed 0"]
    assert Request.objects.get(title="A").customer_need == 'one\n"two", and\n\nthree'


def test_a_compressed_file_is_read(run_import: Import, write: Write) -> None:
    run_import(write(gzip.compress(b"title\nVouchers\n"), "requests.csv.gz"))
    assert only().title == "Vouchers"


STATUSES = {
    "": Status.SUBMITTED,
    "Neu": Status.SUBMITTED,
    "in Ausarbeitung": Status.SHAPING,
    "ready": Status.READY,
    "In Bearbeitung": Status.IN_PROGRESS,
    "IN_REVIEW": Status.IN_REVIEW,
    "gelöst": Status.DONE,
    "On hold": Status.PARKED,
    "abgelehnt": Status.DECLINED,
    "cancelled": Status.WITHDRAWN,
}


@pytest.mark.parametrize("word", sorted(STATUSES))
def test_a_status_column_is_understood(run_import: Import, write: Write, word: str) -> None:
    run_import(write(f"title,status\nVouchers,{word}\n"))
    assert only().status == STATUSES[word]
    assert only().rank
    assert len(kinds()) == (1 if word in ("", "Neu") else 2)
    assert (only().done_at is not None) == (only().status == Status.DONE)


BAD_ROWS = {
    "status": ("title,status\nA,?!?\n", "?!?"),
    "draft": ("title,status\nA,draft\n", "draft"),
    "date": ("title,deadline\nA,32.01.2026\n", "32.01.2026"),
    "moment": ("title,created\nA,yesterday\n", "yesterday"),
    "moment out of all calendars": ("title,created\nA,0001-01-01 00:00\n", "0001"),
    "future": ("title,created\nA,2999-01-01\n", "created_at"),
    "number": ("title,target\nA,much\n", "much"),
    "no finite number": ("title,target\nA,NaN\n", "NaN"),
    "large number": ("title,target\nA,1e30\n", "1e30"),
    "end before the beginning": ("title,status,created,done\nA,done,2026-02-02,2026-01-01\n", "done_at"),
    "nothing": ('title,text,topic\n" ","",x\n', ""),
    "too many cells": ("title,text\nA,B,C\n", "3"),
    "too few cells": ("title,text,topic\nA,B\n", "2"),
    "100,000 characters": (f"title,text\nA,{'x' * 100_000}\n", "100000"),
    "long title": (f"title\n{'x' * 201}\n", "201"),
    "control character": ("title\nA\x07B\n", "title"),
    "long label": (f"title,topic\nA,{'x' * 61}\n", "61"),
}


@pytest.mark.parametrize("name", sorted(BAD_ROWS))
def test_a_bad_row_fails_and_stops_no_other(run_import: Import, write: Write, name: str) -> None:
    content, named = BAD_ROWS[name]
    width = content.splitlines()[0].count(",")
    lines = run_import(write(f"{content}Good{',' * width}\n"))
    assert lines[-1] == "created 1, updated 0, skipped 0, failed 1"
    assert "2" in lines[0].split(":")[0]
    assert named in lines[0]
    assert only().title == "Good"


BAD_FILES = {
    "empty": b"",
    "white space": b" \n\n ",
    "NUL": b"title\nVou\x00chers\n",
    "UTF-16": "title\nVouchers\n".encode("utf-16"),
    "no encoding we know": b"title\nVou\x81chers\n",
    "wrong columns": b"colour,size\nred,12\n",
    "open quotation mark": b'title\nA\n"B\nC\n',
    "damaged compression": gzip.compress(b"title\nVouchers\n" * 500)[:-20],
    "no compression": b"\x1f\x8bVouchers",
}


@pytest.mark.parametrize("name", sorted(BAD_FILES))
def test_an_unreadable_file_changes_nothing(run_import: Import, write: Write, name: str) -> None:
    with pytest.raises(CommandError) as refused:
        run_import(write(BAD_FILES[name]))
    assert len(str(refused.value)) > 15
    assert not Request.objects.exists()


def test_what_is_unreadable_at_the_end_leaves_nothing_of_the_beginning(
    run_import: Import, write: Write
) -> None:
    rows = "".join(f"Vouchers {n}\n" for n in range(1000))
    with pytest.raises(CommandError):
        run_import(write(f"title\n{rows}".encode() + b"\x00"))
    assert not Request.objects.exists()


def test_refusals_are_told_in_the_portals_language(run_import: Import, write: Write) -> None:
    with translation.override("en"), pytest.raises(CommandError, match="The file is empty"):
        run_import(write(b""))


@pytest.mark.parametrize(
    "mapping", ["{", "[]", '{"title": 3}', '{"colour": "title"}', '{"title": "no such column"}']
)
def test_a_mapping_that_does_not_fit_refuses_the_file(run_import: Import, write: Write, mapping: str) -> None:
    with pytest.raises(CommandError):
        run_import(write("title\nVouchers\n"), "--mapping", str(write(mapping, "mapping.json")))
    assert not Request.objects.exists()


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_example_of_a_mapping_can_be_copied(run_import: Import, write: Write, language: str) -> None:
    mapping = str(write("[]", "mapping.json"))
    with translation.override(language), pytest.raises(CommandError) as refused:
        run_import(write("title\nVouchers\n"), "--mapping", mapping)
    said = str(refused.value)
    assert json.loads(said[said.index("{") : said.index("}") + 1]) == {"title": "Betreff"}


def test_missing_files_columns_and_teams_are_told(run_import: Import, write: Write, desk: Team) -> None:
    path = write("title\nVouchers\n")
    with pytest.raises(CommandError):
        run_import(path.with_name("nowhere.csv"))
    with pytest.raises(CommandError):
        run_import(path, "--mapping", str(path.with_name("nowhere.json")))
    with pytest.raises(CommandError):
        run_import(path, "--team-column", "group")
    desk.delete()
    with pytest.raises(CommandError, match="service-desk"):
        run_import(path)


def test_each_value_of_the_team_column_becomes_an_it_team(
    run_import: Import, write: Write, desk: Team
) -> None:
    run_import(write("title,group\nA,Shop\nB,Ärzte\nC,?\nD,\n"), "--team-column", "group")
    served = dict(Request.objects.values_list("title", "serving_team__name"))
    assert served == {"A": "Shop", "B": "Ärzte", "C": desk.name, "D": desk.name}
    assert set(Team.objects.values_list("side", flat=True)) == {Side.IT}
    assert Event.objects.filter(kind="team.created").count() == 2


def test_a_second_run_creates_nothing(run_import: Import, write: Write) -> None:
    path = write("id,title,status\n1,Vouchers,done\n2,Points,\n")
    run_import(path)
    before = list(Request.objects.order_by("pk").values())
    assert run_import(path) == ["created 0, updated 0, skipped 2, failed 0"]
    assert list(Request.objects.order_by("pk").values()) == before
    assert Event.objects.filter(object_type="request").count() == 3


def test_rows_without_an_id_are_known_by_what_they_say(run_import: Import, write: Write) -> None:
    path = write("text\nOne\nTwo\nOne\n")
    assert run_import(path) == ["created 2, updated 0, skipped 1, failed 0"]
    assert run_import(path) == ["created 0, updated 0, skipped 3, failed 0"]


def test_the_same_ids_in_another_teams_list_are_other_requests(
    run_import: Import, write: Write, desk: Team
) -> None:
    path = write("id,title\n1,Vouchers\n")
    run_import(path)
    other = make_team(Side.IT, slug="other")
    assert run_import(path, "--team", other.slug) == ["created 1, updated 0, skipped 0, failed 0"]


def test_a_changed_row_updates_its_request(run_import: Import, write: Write) -> None:
    run_import(write("id,title,status\n1,Vouchers,new\n"))
    lines = run_import(write("id,title,status\n1,Better vouchers,done\n"))
    assert lines == ["created 0, updated 1, skipped 0, failed 0"]
    assert (only().title, only().status) == ("Better vouchers", Status.DONE)
    assert kinds() == ["request.submitted", "request.edited", "request.delivered"]


def test_what_people_changed_here_stays_theirs(run_import: Import, write: Write, desk: Team) -> None:
    run_import(write("id,title\n1,Vouchers\n2,Points\n"))
    lead = make_person(lead_of=desk)
    touched = Request.objects.get(title="Vouchers")
    perform("assign", touched.pk, by=lead, inputs=Inputs(it_owner=lead))
    comment(Request.objects.get(title="Points").pk, "Talk alone makes it nobody's.", by=lead)
    lines = run_import(write("id,title\n1,Better vouchers\n2,More points\n"))
    assert lines == ["created 0, updated 1, skipped 1, failed 0"]
    assert sorted(Request.objects.values_list("title", flat=True)) == ["More points", "Vouchers"]


def test_a_dry_run_writes_nothing_and_tells_the_same(run_import: Import, write: Write) -> None:
    run_import(write("id,title,group\n1,Vouchers,Shop\n"), "--team-column", "group")
    path = write("id,title,group\n1,Better,Shop\n2,Points,New team\n2,Points,New team\n3,,\n")
    counts = [Model.objects.count() for Model in (Request, Event, Team, Label)]
    last = Request.objects.latest("pk").pk
    foreseen = run_import(path, "--team-column", "group", "--dry-run")
    assert [Model.objects.count() for Model in (Request, Event, Team, Label)] == counts
    done = run_import(path, "--team-column", "group")
    assert foreseen[-1] == done[-1] == "created 1, updated 1, skipped 1, failed 1"
    # Not even a number was used up.
    assert Request.objects.latest("pk").pk == last + 1


def test_imported_history_sends_nobody_anything(run_import: Import, write: Write, desk: Team) -> None:
    add_member(desk, make_admin(), Role.LEAD)
    run_import(write("title,status,group\nA,done,Shop\nB,declined,Shop\nC,,\n"), "--team-column", "group")
    assert not FanOut.objects.exists()
    fan_out()
    assert not Delivery.objects.exists()


def test_ranks_are_unique_and_in_the_order_of_time(run_import: Import, write: Write) -> None:
    rows = "".join(f"{n},2026-01-{n:02} 08:00\n" for n in range(28, 0, -1))
    run_import(write(f"title,created\n{rows}"))
    ranked = list(Request.objects.order_by("rank").values_list("title", flat=True))
    assert ranked == [str(n) for n in range(1, 29)]
    run_import(write("title,created\nlate,2026-01-01\n"))
    assert Request.objects.order_by("rank").last() == Request.objects.get(title="late")


def test_a_row_that_only_the_database_refuses_fails_alone(
    run_import: Import, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("requests_app.importing.csv_rows.LINES", {"title": 1000, "metric": 200, "unit": 40})
    lines = run_import(write(f"title,group\nA,Shop\n{'x' * 201},Till\nB,Shop\n"), "--team-column", "group")
    assert lines[-1] == "created 2, updated 0, skipped 0, failed 1"
    assert sorted(Request.objects.values_list("title", "serving_team__name")) == [
        ("A", "Shop"),
        ("B", "Shop"),
    ]
    assert not Team.objects.filter(name="Till").exists()
