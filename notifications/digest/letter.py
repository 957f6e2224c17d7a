"""The digest as a mail: put together from pieces that many readers share, each drawn and styled once."""

import re
import secrets
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from notifications.digest.sheet import Figure, Row, Section, Sheet
from notifications.mail import absolute, styled, styled_piece

# Unguessable, so that nothing that people write can look like a gap.
_WORD = secrets.token_hex(8)
_GAP = re.compile(rf"{_WORD}-([a-z_0-9]+)-")
PIECES_KEPT = 4_096

# What was drawn with gaps: text, the name of a gap, text, and so on.
Mould = list[str]


class Bodies(NamedTuple):
    """The two bodies of a mail, or of a piece of one."""

    text: str
    html: str


class Form(NamedTuple):
    """Two bodies with gaps."""

    text: Mould
    html: Mould


def write(sheet: Sheet, name: str, unsubscribe_url: str) -> Bodies:
    """The mail of ``sheet`` to the reader called ``name``, in the active language."""
    form = _letter(get_language(), settings.BASE_URL, len(sheet.figures))
    sections = [_section(section) for section in sheet.sections]
    words = {
        "subject": sheet.subject,
        "heading": sheet.heading,
        "period": sheet.period,
        "others": sheet.others,
        "name": name,
        "read_url": absolute(sheet.path),
        "unsubscribe_url": unsubscribe_url,
        **_of_figures(sheet.figures),
    }
    escaped = {gap: escape(word) for gap, word in words.items()}
    return Bodies(
        _filled(
            form.text,
            {
                **words,
                "sections": "".join(section.text for section in sections),
                "others": f"\n{sheet.others}\n" if sheet.others else "",
            },
        ),
        _filled(form.html, {**escaped, "sections": "".join(section.html for section in sections)}),
    )


def sections_html(sheet: Sheet) -> str:
    """The sections of ``sheet`` alone, and what moved elsewhere, as they stand in the mail."""
    parts = [_section(section).html for section in sheet.sections]
    return "".join([*parts, f"<p>{escape(sheet.others)}</p>" if sheet.others else ""])


def _filled(mould: Mould, gaps: Mapping[str, str]) -> str:
    return "".join(gaps[part] if n % 2 else part for n, part in enumerate(mould))


def _gap(name: str) -> SafeString:
    return mark_safe(f"{_WORD}-{name}-")  # noqa: S308 - letters, digits and dashes


def _of_figures(figures: Sequence[Figure]) -> dict[str, str]:
    numbers = {f"number_{n}": str(figure.number) for n, figure in enumerate(figures)}
    return numbers | {f"label_{n}": figure.label for n, figure in enumerate(figures)}


@lru_cache(maxsize=16)
def _letter(_language: str, base_url: str, figures: int) -> Form:
    """What all mails of a language with so many figures have in common; the language is the active one."""
    gaps = ("subject", "heading", "period", "name", "sections", "others", "read_url", "unsubscribe_url")
    context: dict[str, Any] = {
        **{name: _gap(name) for name in gaps},
        "figures": [{"number": _gap(f"number_{n}"), "label": _gap(f"label_{n}")} for n in range(figures)],
        "base_url": base_url,
        "preferences_url": absolute(reverse("notifications:digests")),
        "why": _("You get this mail as often as you have chosen."),
    }
    text = render_to_string("mail/digest.txt", context)
    return Form(_GAP.split(text), _GAP.split(styled(render_to_string("mail/digest.html", context))))


def _section(section: Section) -> Bodies:
    form = _around(section.counted, section.word, section.note)
    rows = [_row(row, settings.BASE_URL) for row in section.rows]
    return Bodies(
        _filled(form.text, {"rows": "".join(row.text for row in rows)}),
        _filled(form.html, {"rows": "".join(row.html for row in rows)}),
    )


@lru_cache(maxsize=PIECES_KEPT)
def _around(heading: str, word: str, note: str) -> Form:
    drawn = _drawn("_digest_section", {"heading": heading, "word": word, "note": note, "rows": _gap("rows")})
    return Form(_GAP.split(drawn.text), _GAP.split(drawn.html))


@lru_cache(maxsize=PIECES_KEPT)
def _row(row: Row, base_url: str) -> Bodies:
    return _drawn("_digest_row", {"row": row, "base_url": base_url})


def _drawn(template: str, context: dict[str, Any]) -> Bodies:
    text = render_to_string(f"mail/{template}.txt", context)
    return Bodies(text, styled_piece(render_to_string(f"mail/{template}.html", context)))
