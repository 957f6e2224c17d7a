"""Hints that make a request better and stop nobody: each says what a good answer looks like.

Pure functions over what was typed, in German or English. They look for words, so they can be wrong; that is
why they ask and never refuse.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from requests_app.intake.fields import RequestFields


@dataclass(frozen=True)
class Hint:
    """A thought about one field: a stable code, what was noticed, and what a good answer looks like."""

    field: str
    code: str
    noticed: str
    good: str


def words(*stems: str) -> re.Pattern[str]:
    """Finds a word that begins with one of ``stems``; one that ends with ``$`` must be the whole word."""
    parts = (rf"{stem[:-1]}\b" if stem.endswith("$") else stem for stem in stems)
    return re.compile(rf"\b(?:{'|'.join(parts)})", re.IGNORECASE)


# A tool is named: by what it is, or by wishing for a thing with a name of its own.
TOOL = re.compile(
    r"(?:\b|[a-zäöüß])(?:tool|software|plattform|platform|system|dashboard|plug-?in|chat-?bot|schnittstelle|"
    r"lizenz|licen[cs]e|datenbank|database)(?:s|e|en|n)?\b|\b(?:app|api|crm|cms|cdp|modul|module)(?:s|e|n|en)?\b",
    re.IGNORECASE,
)
WISHED = re.compile(
    r"\b(?i:wir|ich|we|i)\b[^.!?]{0,30}?\b(?:brauch\w*|möcht\w*|woll\w*|benötig\w*|hätte\w*|wünsch\w*|need\w*|want\w*|"
    r"would like|wish\w*)\b[^.!?]{0,20}?\b(?:[A-Z][a-z]+[A-Z]\w+|[A-Z]{3,}\w*|[A-Z]\w+ ?\d+)",
)
# Somebody who needs something: then it is a need, whatever tool is named beside.
CUSTOMERS = re.compile(
    r"(?:\b|[a-zäöüß])(?:kund(?:e|en|in|innen|schaft)|leser\w*|nutzer\w*|besucher\w*|mitglied\w*|gäste\w*|gast|"
    r"käufer\w*|famili\w+|mensch\w*|leute\w*|person(?:en)?|abonnent\w*|empfänger\w*|anrufer\w*|eltern|kinder\w*|"
    r"vereine?n?|bewerber\w*|interessent\w*|wer|viele|jede[rs]?|niemand|customers?|readers?|users?|visitors?|"
    r"members?|guests?|shoppers?|buyers?|families|family|people|persons?|subscribers?|callers?|parents?|children|"
    r"clients?|audience|who(?:ever)?|many|everybody|nobody)\b",
    re.IGNORECASE,
)
NUMBER = re.compile(r"\d")
NUMBER_WORDS = words(
    *(
        "ein(?:e[rmns]?)? einzig",
        "zwei",
        "drei",
        "vier",
        "fünf",
        "sechs",
        "sieben",
        "acht$",
        "neun$",
        "zehn",
        "zwölf",
    ),
    *(
        "hundert",
        "tausend",
        "dutzend",
        "halb",
        "hälfte",
        "doppelt",
        "verdoppel",
        "halbier",
        "drittel",
        "viertel",
    ),
    *(
        "kein",
        "niemand",
        "jede",
        "alle$",
        "allen$",
        "two$",
        "three$",
        "four$",
        "five$",
        "six$",
        "seven$",
        "eight$",
    ),
    *(
        "nine$",
        "ten$",
        "dozen",
        "hundred",
        "thousand",
        "half$",
        "halve",
        "twice",
        "double",
        "third$",
        "quarter",
    ),
    *(
        "no one",
        "nobody",
        "none$",
        "every$",
        "everybody",
        "everyone",
        "all$",
        "each$",
        "once$",
        "einmal",
        "single",
        "percent",
        "prozent",
    ),
)
# What happens otherwise, or what begins, ends, is booked or is ordered at that time.
CONSEQUENCE = re.compile(
    r"(?:\b|[a-zäöüß])(?:sonst|andernfalls|ansonsten|wenn|falls|danach|ohne|verlier\w*|verloren|verlust\w*|entgeh\w*|"
    r"verpass\w*|versäum\w*|kost\w*|bußgeld\w*|straf\w*|vertrag\w*|gebucht\w*|bestellt\w*|gedruckt\w*|beginn\w*|"
    r"startet|starten|start|öffn\w*|ende[nt]?|endet|endend|läuft|ablauf\w*|laufen|abgeschaltet\w*|gesetz\w*|"
    r"pflicht\w*|vorschrift\w*|verordnung\w*|frist\w*|stichtag\w*|saison\w*|messe|weihnacht\w*|ostern|umsatz\w*|"
    r"kündig\w*|umzug\w*|eröffn\w*|erst|hilft|urlaub\w*|ferien|otherwise|or else|without|unless|if|lose[sn]?|"
    r"losing|lost|loss|miss(?:es|ed|ing)?|costs?|fines?|penalt\w*|contracts?|booked|ordered|printed|begins?|"
    r"starts?|opens?|ends?|"
    r"expires?|runs? out|switched off|laws?|legal\w*|regulations?|obliged|must|seasons?|fair|christmas|"
    r"easter|revenue|sales|holidays?|launch\w*|after that|too late|zu spät)\b",
    re.IGNORECASE,
)


def hints(fields: RequestFields) -> list[Hint]:
    """What could be said better in ``fields``, in the order of the form; nothing about what is empty."""
    return [hint for look in LOOKS for hint in look(fields)]


def only_a_tool(fields: RequestFields) -> Iterator[Hint]:
    """A need that names a tool and nobody who needs it."""
    need = fields.get("customer_need", "")
    if (TOOL.search(need) or WISHED.search(need)) and not CUSTOMERS.search(need):
        yield Hint(
            "customer_need",
            "only_a_tool",
            _("This names a tool, but not who needs what."),
            _(
                "Say who is in which situation and what is missing for them: “Of 100 readers who leave, "
                "41 say: too much that does not fit.” The tool has its place at the end."
            ),
        )


def no_number(fields: RequestFields) -> Iterator[Hint]:
    """An outcome from which nobody could tell whether it has come true."""
    outcome = fields.get("outcome", "")
    if outcome and not NUMBER.search(outcome) and not NUMBER_WORDS.search(outcome):
        yield Hint(
            "outcome",
            "no_number",
            _("There is no number in this yet."),
            _(
                "Say how much, how many or how fast: “Topics can be switched with two clicks "
                "instead of a call.”"
            ),
        )


def no_consequence(fields: RequestFields) -> Iterator[Hint]:
    """A deadline whose reason does not say what happens if it is missed."""
    reason = fields.get("deadline_reason", "")
    if fields.get("deadline") and reason and not CONSEQUENCE.search(reason):
        yield Hint(
            "deadline_reason",
            "no_consequence",
            _("It does not say yet what happens if it comes later."),
            _(
                "Name the consequence: “The spring campaign is booked; a later start costs us "
                "40,000 contacts.”"
            ),
        )


def nothing_changes(fields: RequestFields) -> Iterator[Hint]:
    """A metric whose target is where it stands today."""
    baseline, target = fields.get("baseline"), fields.get("target")
    if baseline is not None and baseline == target:
        yield Hint(
            "target",
            "nothing_changes",
            _("The target is the value of today."),
            _("Say how far the number shall move, up or down: “from 1.8 to 3.0 %”."),
        )


LOOKS: tuple[Callable[[RequestFields], Iterator[Hint]], ...] = (
    only_a_tool,
    no_number,
    nothing_changes,
    no_consequence,
)
