"""A digest takes two minutes: forty lines of eighty characters in the mail, whatever happened."""

from dataclasses import replace

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifications.digest import letter
from notifications.digest.length import MOST_LINES, WIDTH, fitted, lines_of
from notifications.digest.sheet import YOUR_TURN, Figure, Row, Section, Sheet
from notifications.digest.weeks import Week

ROW = Row("T-1", "A title", "/requests/1/", "accepted")
Texts = st.text(alphabet="ab ", max_size=260)
Rows = st.builds(Row, st.just("T-1"), Texts, st.just("/requests/1/"), Texts, quote=Texts)
Sections = st.builds(
    Section,
    st.just("one"),
    st.text(alphabet="ab", min_size=1, max_size=60),
    st.lists(Rows, min_size=1, max_size=8),
    st.integers(0, 92),
    word=st.one_of(st.just(""), Texts),
    note=st.text(alphabet="ab", max_size=30),
)


def sheet(sections: list[Section], others: str = "") -> Sheet:
    figures = [Figure(n, "delivered") for n in range(3)]
    return Sheet(Week(2026, 46), "Your week", "Your week", "9 – 16 November", figures, sections, others)


def read_lines(text: str) -> int:
    """What one has to read: blank lines and addresses are none, long ones are several."""
    lines = [line for line in text.partition("\n-- \n")[0].splitlines() if line.strip()]
    return sum(-(-len(line) // WIDTH) for line in lines if "http://" not in line and "https://" not in line)


def written(fit: Sheet) -> str:
    with translation.override("en"):
        return letter.write(fit, "Mira", "https://tandem.example/off/").text


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(Sections, max_size=12), Texts)
def test_the_mail_never_has_more_than_forty_lines(sections: list[Section], others: str) -> None:
    assert read_lines(written(fitted(sheet(sections, others)))) <= MOST_LINES


def test_what_fits_stays_as_it_is() -> None:
    short = sheet([Section("decided", "Decided", [ROW, ROW]), Section("stalled", "Still", [ROW], 3)])
    assert fitted(short) == short


def test_each_section_has_its_first_row_before_any_has_its_second() -> None:
    many = [Section(str(n), f"Section {n}", [ROW] * 8) for n in range(7)]
    fit = fitted(sheet(many))
    assert len(fit.sections) == 7
    counts = [len(section.rows) for section in fit.sections]
    assert counts == sorted(counts, reverse=True)
    assert max(counts) - min(counts) <= 1 <= min(counts)


def test_of_what_waits_for_the_reader_twice_as_much_is_kept() -> None:
    turn, decided, delivered = (
        Section(slug, "A heading", [ROW] * 30) for slug in (YOUR_TURN, "decided", "delivered")
    )
    fit = fitted(sheet([turn, decided, delivered]))
    kept = {section.slug: len(section.rows) for section in fit.sections}
    assert kept[YOUR_TURN] >= 2 * kept["decided"] - 1 > kept["delivered"] > 1


def test_what_is_left_out_is_counted() -> None:
    fit = fitted(sheet([Section("decided", "Decided", [ROW] * 30, 5), Section("stalled", "Still", [ROW])]))
    assert [section.total for section in fit.sections] == [35, 1]
    assert fit.sections[0].more > 5
    assert f"DECIDED ({len(fit.sections[0].rows)} OF 35)" in written(fit)


def test_the_word_of_a_lead_stays_where_no_row_fits() -> None:
    huge = replace(ROW, title="a" * WIDTH * MOST_LINES)
    fit = fitted(sheet([Section("team", "CRM", [huge], word="“Come to the demo.” (Lena)")]))
    assert "Come to the demo." in written(fit)
    assert list(fit.sections[0].rows) == []


@pytest.mark.parametrize(("text", "lines"), [("", 0), ("a", 1), ("a" * 80, 1), ("a" * 81, 2), ("a\n\nb", 3)])
def test_lines_are_eighty_characters_long(text: str, lines: int) -> None:
    assert lines_of(text) == lines
