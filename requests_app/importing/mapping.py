"""Which column is what: by a mapping file, else by the names that people give their columns."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from requests_app.choices import RequestType, Status
from requests_app.importing.problems import FileRefused

# In each line the words for one field, in German and English, without case and punctuation.
CSV_NAMES: Mapping[str, Sequence[str]] = {
    "id": ("id", "key", "number", "nummer", "nr", "no", "ticket", "ticketid", "ticketnumber", "vorgang"),
    "title": ("title", "titel", "summary", "zusammenfassung", "subject", "betreff", "name", "kurztext"),
    "customer_need": (
        "customerneed",
        "need",
        "kundenbedarf",
        "bedarf",
        "text",
        "description",
        "beschreibung",
        "langtext",
        "body",
    ),
    "outcome": ("outcome", "ergebnis", "wirkung", "nutzen", "benefit", "ziel"),
    "type": ("type", "typ", "art", "anfragetyp"),
    "status": ("status", "state", "zustand", "stand"),
    "labels": ("labels", "label", "topic", "thema", "tags", "tag", "schlagworte", "kategorie", "category"),
    "deadline": ("deadline", "termin", "frist", "due", "duedate", "faellig", "faelligam", "bis"),
    "deadline_reason": ("deadlinereason", "termingrund", "fristgrund", "warumdann"),
    "wished_tool": ("wishedtool", "wunschtool", "tool", "werkzeug", "wunschwerkzeug"),
    "requester": ("requester", "anforderer", "melder", "reporter", "author", "autor", "erstelltvon", "von"),
    "it_owner": ("itowner", "assignee", "assignedto", "bearbeiter", "zugewiesen", "zustaendig"),
    "created_at": (
        "createdat",
        "created",
        "opened",
        "openedat",
        "erstellt",
        "erstelltam",
        "angelegt",
        "datum",
    ),
    "done_at": ("doneat", "done", "resolved", "resolvedat", "closed", "closedat", "erledigt", "erledigtam"),
    "reason": ("reason", "grund", "begruendung"),
    "revisit_on": ("reviston", "revisiton", "wiedervorlage"),
    "metric": ("metric", "messgroesse", "kennzahl", "kpi"),
    "unit": ("unit", "einheit"),
    "baseline": ("baseline", "ausgangswert", "istwert"),
    "target": ("target", "zielwert", "sollwert"),
    "measured_on": ("measuredon", "messdatum", "gemessenam"),
}
STATUS_NAMES: Mapping[Status, Sequence[str]] = {
    Status.SUBMITTED: ("submitted", "eingereicht", "new", "neu", "open", "offen", "todo", "backlog", "zutun"),
    Status.SHAPING: ("shaping", "inausarbeitung", "ausarbeitung", "analysis", "analyse", "inklaerung"),
    Status.READY: (
        "ready",
        "bereit",
        "accepted",
        "angenommen",
        "approved",
        "freigegeben",
        "geplant",
        "planned",
    ),
    Status.IN_PROGRESS: ("inprogress", "inarbeit", "inbearbeitung", "active", "aktiv", "doing", "started"),
    Status.IN_REVIEW: (
        "inreview",
        "review",
        "inabnahme",
        "abnahme",
        "pruefung",
        "inpruefung",
        "test",
        "testing",
    ),
    Status.DONE: ("done", "erledigt", "fertig", "resolved", "geloest", "closed", "geschlossen", "delivered"),
    Status.PARKED: (
        "parked",
        "geparkt",
        "onhold",
        "zurueckgestellt",
        "paused",
        "pausiert",
        "later",
        "spaeter",
    ),
    Status.DECLINED: ("declined", "abgelehnt", "rejected", "wontdo", "wontfix"),
    Status.WITHDRAWN: ("withdrawn", "zurueckgezogen", "cancelled", "canceled", "storniert"),
}
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def folded(words: str) -> str:
    """``words`` in lower case, with ä as ae, without spaces and punctuation: how names are compared."""
    return "".join(letter for letter in words.strip().lower().translate(UMLAUTS) if letter.isalnum())


def read_mapping(path: Path | None) -> dict[str, str]:
    """The mapping file: JSON ``{field: header}``.

    :raises FileRefused: where it cannot be read or is something else.
    """
    if path is None:
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        words = _("The mapping cannot be read: %(reason)s.")
        raise FileRefused(words % {"reason": error.strerror}) from None
    except (ValueError, RecursionError):
        raise FileRefused(_("The mapping is no JSON.")) from None
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise FileRefused(
            _('The mapping must be JSON such as {"title": "Betreff"}: a column for each field.')
        )
    return found


def place_columns(
    header: Sequence[str], names: Mapping[str, Sequence[str]], mapping: Mapping[str, str]
) -> dict[str, int]:
    """The index of the column of each field that the file has.

    :raises FileRefused: where the mapping names a field or column that does not exist.
    """
    unknown = sorted(set(mapping) - set(names))
    if unknown:
        words = _("The mapping names fields that do not exist: %(unknown)s. There are: %(known)s.")
        raise FileRefused(words % {"unknown": ", ".join(unknown), "known": ", ".join(names)})
    placed = {field: column_index(header, column) for field, column in mapping.items()}
    taken = set(placed.values())
    for field in names:
        guess = None if field in placed else _guess(header, names[field], taken)
        if guess is not None:
            placed[field] = guess
            taken.add(guess)
    return placed


def column_index(header: Sequence[str], column: str) -> int:
    """Where the column named ``column`` stands.

    :raises FileRefused: where it does not exist, or exists twice.
    """
    found = [i for i, name in enumerate(header) if name.strip() == column.strip()]
    found = found or [i for i, name in enumerate(header) if folded(name) == folded(column)]
    if not found:
        words = _("There is no column “%(column)s”. The file has: %(header)s.")
        raise FileRefused(words % {"column": column, "header": shown(header)})
    if len(found) > 1:
        raise FileRefused(_("The column “%(column)s” is there twice.") % {"column": column})
    return found[0]


def _guess(header: Sequence[str], names: Sequence[str], taken: set[int]) -> int | None:
    """The first free column that bears the most telling of the names."""
    columns = [folded(name) for name in header]
    for name in names:
        for index, column in enumerate(columns):
            if column == name and index not in taken:
                return index
    return None


def shown(header: Sequence[str]) -> str:
    """The header's names for a person, cut where they are many."""
    names = ", ".join(name.strip()[:40] for name in header[:40])
    return names if len(header) <= 40 else f"{names} …"


def status_of(cell: str) -> Status | None:
    """The status that a word in a file means; nothing says *submitted*."""
    word = folded(cell)
    if not cell.strip():
        return Status.SUBMITTED
    return next((status for status, names in STATUS_NAMES.items() if word in names), None)


def type_of(cell: str) -> str:
    """The type that a word in a file means; what we have no type for is *other*."""
    word = folded(cell)
    known = {folded(value): value for value in RequestType.values}
    known |= {folded(str(label)): value for value, label in RequestType.choices}
    return known.get(word, RequestType.OTHER)
