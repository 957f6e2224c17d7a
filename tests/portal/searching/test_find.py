"""Searching over everything: what is found, how it is ranked and marked, and that it takes any input."""

import re
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from activity import clock
from knowhow.exchanges.planning import plan
from knowhow.exchanges.session_fields import SessionFields
from knowhow.exchanges.wall_time import Span
from portal.searching import find as finding
from portal.searching.asked import FETCH, MOST_RANKED, SAMPLE, is_frequent, queries, read, widened
from portal.searching.find import Found, find
from portal.searching.kinds import KINDS, Filters, Kind
from portal.searching.narrowing import narrow
from requests_app.choices import Status
from requests_app.highlights import highlighted
from requests_app.search import clean_query, number_in
from requests_app.vocabulary import learn
from teams.models import Person, Side
from tests.factories import (
    make_admin,
    make_comment,
    make_goal,
    make_person,
    make_request,
    make_solution,
    make_team,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader() -> Person:
    return make_person(name="Rita Reinhold")


def search(text: str, person: Person, **shown: Any) -> Found:
    """What the page does with ``text``."""
    asked = read(text)
    number = number_in(text) or 0
    return find(asked, narrow(asked, person).filters, person, number=number, **shown)


def keys(text: str, person: Person, **shown: Any) -> list[str]:
    return [hit.key for _kind, hit in search(text, person, **shown).hits]


def numbers(text: str, person: Person) -> list[int]:
    """The numbers of the requests that are found."""
    return [int(key.removeprefix("T-")) for key in keys(text, person, kind="requests")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Viele Kündigungen gehen im Rauschen unter", "kündigung"),
        ("Der Wert eines Gutscheins fehlt", "Gutscheine"),
        ("Anfragen aus den Filialen bleiben liegen", "filiale anfrage"),
        ("Customers are choosing their topics", "choose topic"),
        ("Customers are choosing their topics", "Customer"),
    ],
)
def test_both_languages_find_other_forms_of_a_word(reader: Person, text: str, words: str) -> None:
    row = make_request(customer_need=text)
    make_request(customer_need="Etwas anderes, something else.")
    assert numbers(words, reader) == [row.number]


@pytest.mark.parametrize("field", ["title", "customer_need", "outcome", "wished_tool", "metric"])
def test_every_text_is_searched(reader: Person, field: str) -> None:
    row = make_request(**{field: "Kaleidoskop"})
    make_request()
    assert numbers("Kaleidoskop", reader) == [row.number]


def test_all_words_are_asked_for(reader: Person) -> None:
    both = make_request(title="Newsletter Themen")
    make_request(title="Newsletter")
    make_request(title="Themen")
    assert numbers("themen newsletter", reader) == [both.number]


def test_the_last_word_is_a_beginning(reader: Person) -> None:
    row = make_request(title="Einwilligungen einholen")
    assert numbers("einwill", reader) == [row.number]
    assert numbers("einholen einw", reader) == [row.number]
    assert numbers("einw einholen", reader) == []


def test_two_letters_are_no_beginning(reader: Person) -> None:
    make_request(title="Einwilligungen einholen")
    assert numbers("xz", reader) == numbers("ei", reader) == []


def test_quotes_or_and_without_work(reader: Person) -> None:
    first = make_request(title="rote Ampel")
    second = make_request(title="Ampel in rote Farbe getaucht")
    third = make_request(title="blaue Welle")
    assert numbers('"rote Ampel"', reader) == [first.number]
    assert set(numbers("ampel or welle", reader)) == {first.number, second.number, third.number}
    assert numbers("ampel -farbe", reader) == [first.number]


def test_a_hit_in_the_title_goes_before_one_in_the_text(reader: Person) -> None:
    title = make_request(title="Gutschein einlösen")
    make_request(wished_tool="Ein Werkzeug für den Gutschein")
    assert numbers("gutschein", reader)[0] == title.number


def test_of_equal_hits_the_newer_goes_first(reader: Person) -> None:
    rows = [make_request(title="Gutschein") for _ in range(3)]
    assert numbers("gutschein", reader) == [row.number for row in reversed(rows)]


@pytest.mark.parametrize("form", ["T-{}", "t-{}", "T{}", "#{}", "{}", " t - {} "])
def test_a_number_is_found_in_every_form_and_goes_first(reader: Person, form: str) -> None:
    row = make_request()
    other = make_request(title=f"Nachtrag zu T-{row.number} und {row.number}")
    found = numbers(form.format(row.number), reader)
    assert found[0] == row.number
    assert set(found) <= {row.number, other.number}


def test_restricted_requests_are_found_only_by_who_may_see_them(reader: Person) -> None:
    crm = make_team()
    row = make_request(title="Fusion der Filialen", restricted=True, serving_team=crm)
    for query in ("fusion", row.key):
        assert numbers(query, reader) == []
        assert search(query, reader).total == 0
        assert numbers(query, make_person(crm)) == [row.number]
        assert numbers(query, make_admin()) == [row.number]


def test_drafts_are_not_found_not_even_ones_own(reader: Person) -> None:
    draft = make_request(Status.DRAFT, title="Vorläufig", requester=reader)
    assert numbers("vorläufig", reader) == numbers(draft.key, reader) == []


def test_the_words_are_marked_in_title_and_text(reader: Person) -> None:
    make_request(title="Newsletter-Themen wählen", outcome="Jede Ausgabe des Newsletters passt.")
    hit = search("newsletter", reader).hits[0][1]
    assert "<mark>Newsletter</mark>" in hit.title
    assert "<mark>Newsletters</mark>" in hit.excerpt


def test_a_passage_that_was_cut_says_so(reader: Person) -> None:
    make_request(customer_need="Gutschein " + "und noch viel mehr Text " * 30, outcome="Kurz.")
    assert search("gutschein", reader).hits[0][1].excerpt.endswith(" …")
    make_request(title="Kassenbon", customer_need="Ganz.", outcome="Kurz.")
    assert search("kassenbon", reader).hits[0][1].excerpt == "Ganz. … Kurz."


def test_an_english_text_is_marked_by_english_rules(reader: Person) -> None:
    make_request(outcome="Customers are choosing topics.")
    assert "<mark>choosing</mark>" in search("choose", reader).hits[0][1].excerpt


@pytest.mark.parametrize(
    "evil", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<b>Angebot</b>", "&lt;i&gt;"]
)
def test_what_people_wrote_is_escaped_around_the_marks(reader: Person, evil: str) -> None:
    make_request(title=f"Angebot {evil} Ende", customer_need=f"{evil} Angebot {evil}")
    hit = search("angebot", reader).hits[0][1]
    for html in (hit.title, hit.excerpt):
        bare = html.replace("<mark>", "").replace("</mark>", "")
        assert html != bare
        assert "<" not in bare


def test_nobody_can_write_a_mark_into_a_text() -> None:
    assert highlighted("\x02a\x03 \x03b\x02 <i>\x02c\x02\x03") == "<mark>a</mark> b &lt;i&gt;c"


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60))
def test_any_input_is_a_valid_query(reader: Person, text: str) -> None:
    assert {kind.key for kind, _ in search(clean_query(text), reader).hits} <= {"people"}


@pytest.mark.parametrize(
    "text",
    [
        "'",
        "\\",
        "&",
        "a & | b",
        "!",
        "(",
        ":*",
        "it's",
        '"',
        '"open',
        "-",
        "--",
        "or",
        "<->",
        "a:*",
        "%",
        "ab'c",
    ],
)
def test_the_databases_own_signs_do_no_harm(reader: Person, text: str) -> None:
    make_request()
    search(text, reader)


def test_a_word_of_no_meaning_finds_nothing(reader: Person) -> None:
    make_request(title="in")
    assert search("in", reader).total == 0


def test_pages_hold_twenty_and_the_last_one_the_rest(reader: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "PAGE_SIZE", 2)
    rows = [make_request(title="Gutschein").key for _ in range(5)]
    pages = [search("gutschein", reader, page=page) for page in (1, 2, 3)]
    assert [hit.key for found in pages for _, hit in found.hits] == rows[::-1]
    assert {found.pages for found in pages} == {3}
    assert search("gutschein", reader, page=99).page == 3
    assert search("gutschein", reader, page=-1).page == 1


def test_beyond_the_limit_the_newest_are_ranked_and_the_total_is_not_counted(
    reader: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    oldest = make_request(title="Gutschein Gutschein Gutschein")
    newer = [make_request(outcome="Ein Gutschein hilft.") for _ in range(3)]
    monkeypatch.setattr(finding, "MOST_RANKED", 3)
    found = search("gutschein", reader)
    assert (found.total, found.more) == (3, True)
    assert {hit.key for _, hit in found.hits} == {row.key for row in newer} - {oldest.key}


def test_a_number_is_found_even_where_newer_hits_fill_the_limit(
    reader: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = make_request()
    for _ in range(3):
        make_request(title=f"Gate {old.number}")
    monkeypatch.setattr(finding, "MOST_RANKED", 2)
    found = search(str(old.number), reader)
    assert found.hits[0][1].key == old.key
    assert found.more


def test_talk_is_found_with_its_request(reader: Person) -> None:
    row = make_request(title="Merkliste")
    said = make_comment(row, reader, "Ohne **Kaleidoskop** geht es nicht.")
    make_comment(make_request(), reader, "Kaleidoskop", deleted_at=said.created_at)
    kind, hit = search("kaleidoskop", reader).hits[0]
    assert (kind.key, hit.key, hit.title) == ("comments", row.key, "Merkliste")
    assert hit.url.endswith(f"/requests/{row.number}/#comment-{said.pk}")
    assert "<mark>Kaleidoskop</mark>" in hit.excerpt
    assert search("kaleidoskop", reader).total == 1


def test_talk_of_hidden_requests_is_not_found(reader: Person) -> None:
    make_comment(make_request(restricted=True, serving_team=make_team()), make_person(), "Kaleidoskop")
    assert search("kaleidoskop", reader).total == 0
    assert search("kaleidoskop", make_admin()).total == 1


def test_what_was_said_anew_is_found_by_its_new_words(reader: Person) -> None:
    said = make_comment(make_request(), reader, "Kaleidoskop")
    said.body = "Fernrohr"
    said.save(update_fields=["body"])
    assert search("kaleidoskop", reader).total == 0
    assert search("fernrohr", reader).total == 1


def test_goals_teams_people_and_solutions_are_found_by_their_words(reader: Person) -> None:
    team = make_team(name="Schaufenster", brief="Wir zeigen Neues.")
    make_goal(title="Schaufenster öffnen")
    make_person(team, name="Sabine Schaufenster")
    make_solution(title="Der Planer", purpose="Plant das Schaufenster.")
    make_request(title="Ein Schaufenster mehr")
    tomorrow = clock.now() + timedelta(days=1)
    wanted = SessionFields(title="Schaufenster bauen", ability="Eines bauen.", place="Lager", seats=3)
    plan(wanted, Span(tomorrow, tomorrow + timedelta(hours=1)), ZoneInfo("Europe/Berlin"), by=reader)
    found = search("schaufenster", reader)
    counts = {facet.kind.key: facet.count for facet in found.facets if facet.count}
    assert counts == {"requests": 1, "goals": 1, "teams": 1, "people": 1, "solutions": 1, "exchanges": 1}
    # A name leads to the person.
    assert found.hits[0][0].key == "people"
    assert found.total == 6


def test_somebody_who_left_is_not_found(reader: Person) -> None:
    make_person(name="Weggegangen Weiter", is_active=False)
    assert search("weggegangen", reader).total == 0


def test_a_compound_is_found_by_its_part_and_a_part_by_the_compound(reader: Person) -> None:
    whole = make_request(title="Newsletteranmeldung kürzen")
    parts = make_request(title="Anmeldung zum Newsletter")
    for row in (whole, parts):
        learn(row)
    assert set(numbers("anmeldung", reader)) == {whole.number, parts.number}
    assert set(numbers("newsletteranmeldung", reader)) == {whole.number, parts.number}


def test_one_kind_alone_is_shown_and_all_are_counted(reader: Person) -> None:
    row = make_request(title="Fernrohr")
    make_comment(row, reader, "Fernrohr")
    found = search("fernrohr", reader, kind="comments")
    assert [kind.key for kind, _ in found.hits] == ["comments"]
    assert found.total == 2


def test_filters_leave_what_they_name(reader: Person) -> None:
    lena, team = make_person(name="Lena Ludwig"), make_team(Side.IT, name="Kasse", slug="kasse")
    row = make_request(title="Fernrohr", requester=lena, serving_team=team)
    make_request(title="Fernrohr")
    make_comment(row, lena, "Fernrohr")
    assert keys("fernrohr from:lena", reader) == [row.key, row.key]
    assert keys('fernrohr von:"Lena Ludwig"', reader, kind="requests") == [row.key]
    assert keys("fernrohr in:kasse", reader, kind="requests") == [row.key]
    assert row.key in keys("fernrohr status:offen", reader, kind="requests")
    assert keys("fernrohr status:done", reader) == []
    assert keys("from:me", lena) == [row.key, row.key]


def test_filters_alone_show_the_newest_first(reader: Person) -> None:
    rows = [make_request(requester=reader).key for _ in range(3)]
    assert keys("from:me", reader) == rows[::-1]


def test_frequent_and_rare_words_find_the_same_newest_ones(
    reader: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    requests = [make_request(title="Fernrohr") for _n in range(5)]
    make_comment(requests[0], reader, "Fernrohr")
    monkeypatch.setattr(finding, "MOST_RANKED", 3)
    for is_one in (True, False):
        monkeypatch.setattr(
            "portal.searching.asked.is_frequent", lambda hits, _rows, one=is_one: one and hits > 1
        )
        words = queries(read("fernrohr"))
        assert words
        assert words.frequent == ({"requests"} if is_one else set())
        assert numbers("fernrohr", reader) == [one.number for one in reversed(requests)][:3]


@pytest.mark.parametrize("rows", [100_000, 1_000_000, 10_000_000])
def test_a_word_is_frequent_where_walking_to_enough_hits_is_quicker_than_fetching_all(rows: int) -> None:
    for hits in range(1, SAMPLE):
        looked_at, fetched = MOST_RANKED * SAMPLE / hits, FETCH * rows * hits / SAMPLE
        assert is_frequent(hits, rows) == (looked_at < fetched)
    assert not is_frequent(0, rows)


def test_in_a_small_company_no_word_is_frequent() -> None:
    # Tables that nobody has looked at yet are said to have -1 rows.
    assert not any(is_frequent(SAMPLE, rows) for rows in (-1, 0, MOST_RANKED // FETCH))


def test_a_word_without_relatives_is_not_looked_for_again(reader: Person) -> None:
    learn(make_request(title="Newsletteranmeldung"))
    for text, has_more in {"anmeldung": True, "xylophon": False}.items():
        narrow_ones = queries(read(text))
        assert narrow_ones
        assert (widened(read(text), narrow_ones) is not None) == has_more


def test_the_queries_do_not_grow_with_the_hits(
    reader: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(2):
        make_comment(make_request(title="Fernrohr"), reader, "Fernrohr")
    # As every page does.
    reader.keep_teams(reader.own_teams())
    # The query and all kinds at once; the word's relatives, of which there are none; the two kinds shown.
    with django_assert_num_queries(5):
        assert search("fernrohr", reader).total == 4
    for _ in range(6):
        make_comment(make_request(title="Fernrohr"), reader, "Fernrohr")
    with django_assert_num_queries(5):
        assert search("fernrohr", reader).total == 16


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_every_kind_is_looked_up_in_an_index(kind: Kind, reader: Person) -> None:
    words = queries(read("fernrohr"))
    assert words
    with connection.cursor() as cursor:
        # Few rows are read one by one, which tells nothing of many.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
    rows = kind.rows(reader, Filters()).alias(looked_in=kind.vector).filter(looked_in=kind.query(words))
    assert re.search(r"Index Cond: .* @@ ", rows.values("pk").explain())
