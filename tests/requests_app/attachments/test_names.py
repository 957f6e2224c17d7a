"""Names that come with files: nothing of them leads anywhere or hides anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_app.attachments.names import NAMELESS, clean_name
from requests_app.models.attachments import FILE_NAME


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("plan.pdf", "plan.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("..\\..\\windows\\win.txt", "win.txt"),
        ("/absolute/plan.pdf", "plan.pdf"),
        ("C:\\Users\\Mira\\plan.pdf", "plan.pdf"),
        ("plan\r\nSet-Cookie: x.pdf", "plan Set-Cookie: x.pdf"),
        ("two\nlines\t.txt", "two lines .txt"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("a\u2066b\u2069c\u200b.txt", "abc.txt"),
        ("nul\x00l.txt", "null.txt"),
        ("  spaces   between .txt ", "spaces between .txt"),
        ("Größe Straße.csv", "Größe Straße.csv"),
        ("Gro\u0308ße.csv", "Größe.csv"),
        ("...", NAMELESS),
        ("..", NAMELESS),
        ("", NAMELESS),
        ("\u202e\u200b", NAMELESS),
        ("folder/", NAMELESS),
        ("\ud800x.txt", "x.txt"),
    ],
)
def test_what_is_kept_of_a_name(given_name: str, kept: str) -> None:
    assert clean_name(given_name) == kept


def test_a_long_name_keeps_its_ending() -> None:
    kept = clean_name("ü" * 400 + ".pdf")
    assert len(kept) == FILE_NAME
    assert kept.endswith("üü.pdf")


def test_a_long_name_without_ending_is_cut() -> None:
    assert clean_name("x" * 400) == "x" * FILE_NAME
    assert len(clean_name("x." + "y" * 400)) == FILE_NAME


@given(st.text(max_size=300))
def test_whatever_comes_is_one_plain_line(name: str) -> None:
    kept = clean_name(name)
    assert kept
    assert len(kept) <= FILE_NAME
    assert kept.isprintable()
    assert not set(kept) & {"/", "\\", "\n", "\u202e"}
    assert clean_name(kept) == kept
