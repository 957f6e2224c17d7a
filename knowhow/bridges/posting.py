"""A posting for somebody at home on both sides, drafted from what is missing; pure but for the language."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

# A posting that asks for everything finds nobody.
MOST_POINTS = 6


@dataclass(frozen=True)
class Lack:
    """A skill that is missing: its names, whose home it is, how many open requests are about it.

    ``masters`` is how many people do it on their own today.
    """

    name_de: str
    name_en: str
    side: str
    requests: int
    masters: int


@dataclass(frozen=True)
class Draft:
    title_de: str
    title_en: str
    text_de: str
    text_en: str


def draft(company: str, lacks: Sequence[Lack]) -> Draft:
    """The posting in both languages; what most open requests need and fewest people master comes first."""
    chosen = sorted(lacks, key=lambda lack: (-lack.requests, lack.masters, lack.name_en))[:MOST_POINTS]
    with override("de"):
        title_de, text_de = _title(), _text(company, [(lack.name_de, lack) for lack in chosen])
    with override("en"):
        title_en, text_en = _title(), _text(company, [(lack.name_en, lack) for lack in chosen])
    return Draft(title_de, title_en, text_de, text_en)


def _title() -> str:
    return _("Bridge between Marketing and IT (f/m/d)")


def _text(company: str, lacks: Sequence[tuple[str, Lack]]) -> str:
    parts = [
        _(
            "At %(company)s, Marketing and IT decide and build together. We look for somebody who is at home "
            "on both sides: who understands what customers need, and how it is built."
        )
        % {"company": company},
        _heading(_("What you will do")),
        _points(
            [
                _("You stand between both sides of a request and see to it that they mean the same."),
                _("You turn a customer's need into something that can be built, measured and explained."),
                _("You pass on what you know: in exchanges, and to people who want to learn it."),
            ]
        ),
    ]
    if lacks:
        parts += [_heading(_("What we need you for now")), _points([_need(*lack) for lack in lacks])]
    parts += [
        _heading(_("What you bring")),
        _points(_brings(lacks)),
        _heading(_("How to reach us")),
        _("Write to us what you have brought together that did not want to fit."),
    ]
    return "\n\n".join(parts) + "\n"


def _need(name: str, lack: Lack) -> str:
    requests = ngettext(
        "**%(skill)s**: %(number)d open request needs it", "**%(skill)s**: %(number)d open requests need it",
        lack.requests,
    ) % {"skill": name, "number": lack.requests}  # fmt: skip
    if not lack.masters:
        return _("%(what)s, and nobody here does it on their own yet.") % {"what": requests}
    people = ngettext("%(number)d person does", "%(number)d people do", lack.masters)
    masters = people % {"number": lack.masters}
    return _("%(what)s, and %(people)s it on their own.") % {"what": requests, "people": masters}


def _brings(lacks: Sequence[tuple[str, Lack]]) -> list[str]:
    by_side = {side: [name for name, lack in lacks if lack.side == side][:3] for side in ("marketing", "it")}
    lines = []
    if by_side["marketing"]:
        lines.append(_("From Marketing: %(skills)s") % {"skills": ", ".join(by_side["marketing"])})
    if by_side["it"]:
        lines.append(_("From IT: %(skills)s") % {"skills": ", ".join(by_side["it"])})
    return [*lines, _("You explain things so that both sides can act on them, in German and English.")]


def _heading(words: str) -> str:
    return f"## {words}"


def _points(lines: Sequence[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
