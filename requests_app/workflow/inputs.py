"""What a person hands in with an action."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

from django.utils.translation import gettext as _

from knowhow.models import Solution
from knowhow.solutions.models import REQUIRED_SECTIONS, SECTIONS
from requests_app.choices import WaitingFor
from requests_app.models import REASON_TEXT
from teams.models import PLAIN_LINE, PLAIN_TEXT, Person, Team
from teams.rules import InvalidFields, Missing
from teams.texts import clean_line, clean_text


class Unset(Enum):
    """Tells "not handed in" apart from "make it empty"."""

    UNSET = "unset"


UNSET = Unset.UNSET


@dataclass(frozen=True)
class Explainer:
    """What a solution that *hand over* creates is explained by.

    ``text`` is the first section, what it does and for whom. The others are None where it is one text that
    says it all; whoever hands in one of them explains in sections, and then needs those of
    ``REQUIRED_SECTIONS``.
    """

    title: str
    text: str
    limits: str | None = None
    what_to_do: str | None = None
    terms: str | None = None

    def sections(self) -> dict[str, str]:
        """What was written, by the names of the catalogue's fields."""
        others = {name: getattr(self, name) for name in SECTIONS[1:]}
        return {"purpose": self.text} | {name: text for name, text in others.items() if text is not None}

    def missing(self) -> list[str]:
        """The parts that it still needs, by the names that they have here."""
        written = self.sections()
        needed = ("purpose",) if len(written) == 1 else REQUIRED_SECTIONS
        empty = ["text" if name == "purpose" else name for name in needed if not written.get(name)]
        return empty if self.title else ["title", *empty]


@dataclass(frozen=True)
class Inputs:
    """All that actions may take; an action reads only what its ``asks`` name.

    ``override`` says that a lead wants to go on although a condition does not hold; then a reason is needed.
    ``into`` is the number of the request that stays when duplicates are merged.
    """

    reason: str = ""
    override: bool = False
    revisit_on: date | None = None
    measured_on: date | None = None
    solution: Solution | None = None
    explainer: Explainer | None = None
    into: int | None = None
    waiting_for: str = ""
    serving_team: Team | Unset | None = UNSET
    it_owner: Person | Unset | None = UNSET
    marketing_owner: Person | Unset | None = UNSET

    def cleaned(self) -> "Inputs":
        """The same with clean texts.

        :raises InvalidFields: naming every text that cannot be kept as it is.
        """
        wrong: list[Missing] = []
        reason = _gather(wrong, clean_text, self.reason, "reason", REASON_TEXT)
        explainer = self.explainer
        if explainer is not None:
            title = _gather(wrong, clean_line, explainer.title, "explainer.title", PLAIN_LINE)
            explainer = Explainer(title, **_sections(wrong, explainer))
        if self.waiting_for and self.waiting_for not in WaitingFor.values:
            wrong.append(Missing("invalid", _("Choose Marketing, IT or somebody outside."), "waiting_for"))
        if wrong:
            raise InvalidFields(wrong)
        return replace(self, reason=reason, explainer=explainer)


def _gather(
    wrong: list[Missing], clean: Callable[[str, str, int], str], value: str, field: str, limit: int
) -> str:
    try:
        return clean(value, field, limit)
    except InvalidFields as error:
        wrong.extend(error.missing)
        return ""


def _sections(wrong: list[Missing], explainer: Explainer) -> dict[str, str]:
    given = {name: getattr(explainer, name) for name in ("text", *SECTIONS[1:])}
    return {
        name: _gather(wrong, clean_text, value, f"explainer.{name}", PLAIN_TEXT)
        for name, value in given.items()
        if value is not None
    }


NOTHING = Inputs()
