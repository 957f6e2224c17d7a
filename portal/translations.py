"""The German catalogue, kept with Babel because Debian's base has no gettext programs."""

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOMS = ("portal", "notifications", "requests_app", "knowhow", "teams", "activity")
CATALOGUE = Path("locale/de/LC_MESSAGES/django.po")
SINGULAR, PLURAL, CONTEXT, CONTEXT_PLURAL = None, (1, 2), ((1, "c"), 2), ((1, "c"), 2, 3)
KEYWORDS = {
    "_": SINGULAR,
    "gettext": SINGULAR,
    "gettext_lazy": SINGULAR,
    "gettext_noop": SINGULAR,
    "ngettext": PLURAL,
    "ngettext_lazy": PLURAL,
    "pgettext": CONTEXT,
    "pgettext_lazy": CONTEXT,
    "npgettext": CONTEXT_PLURAL,
}


def sources() -> Iterator[tuple[Path, str]]:
    """Every file with texts, relative to the project, and its content as Python that Babel can read."""
    base = settings.BASE_DIR
    for room in ROOMS:
        for path in sorted((base / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(base), path.read_text()
    for path in sorted((base / "templates").rglob("*")):
        if path.suffix in {".html", ".txt"}:
            yield path.relative_to(base), _as_python(path.read_text())


def _as_python(template: str) -> str:
    # Django's own reduction of a template to its gettext calls; indentation means nothing there.
    return "\n".join(line.strip() for line in templatize(template).splitlines())


def extracted() -> Catalog:
    """All texts that the code uses."""
    catalogue = Catalog(project="Tandem", charset="utf-8")
    for path, code in sources():
        found = extract("python", io.BytesIO(code.encode()), keywords=KEYWORDS)
        for _line, text, _comments, context in found:
            if text and text != ("", ""):
                catalogue.add(text, locations=[(str(path), 1)], context=context, flags=_flags(text))
    return catalogue


def _flags(text: str | tuple[str, ...]) -> list[str]:
    whole = text if isinstance(text, str) else " ".join(text)
    return ["python-format"] if "%(" in whole else []


def read_catalogue() -> Catalog:
    """The German catalogue as committed."""
    with (settings.BASE_DIR / CATALOGUE).open("rb") as file:
        return read_po(file, locale="de", charset="utf-8")


def update() -> int:
    """Bring the catalogue in line with the code; returns how many texts lack their German."""
    catalogue = read_catalogue()
    catalogue.update(extracted(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    with (settings.BASE_DIR / CATALOGUE).open("wb") as file:
        write_po(file, catalogue, width=110, omit_header=False, sort_output=True, no_location=True)
    return len(untranslated(catalogue))


def untranslated(catalogue: Catalog) -> list[Message]:
    """Messages without complete German."""
    return [m for m in catalogue if m.id and (m.fuzzy or not all(_strings(m)))]


def _strings(message: Message) -> tuple[str, ...]:
    whole = message.string if isinstance(message.string, tuple | list) else [message.string]
    return tuple(str(one or "") for one in whole)


def defects() -> list[str]:
    """One line for each text without German, each unused entry and each placeholder that differs."""
    catalogue, used = read_catalogue(), extracted()
    lines = []
    for message in used:
        if not message.id:
            continue
        kept = catalogue.get(message.id, message.context)
        if kept is None or kept in untranslated(catalogue):
            lines.append(f"no German: {message.id!r} ({message.locations[0][0]})")
    for message in catalogue:
        if message.id and used.get(message.id, message.context) is None:
            lines.append(f"unused: {message.id!r}")
        lines += [f"{message.id!r}: {error}" for error in message.check(catalogue)]
    return lines


def compile_catalogue() -> Path:
    """Write the binary catalogue that Django reads; nothing is written where it is fresh."""
    source = settings.BASE_DIR / CATALOGUE
    binary = source.with_suffix(".mo")
    if not binary.exists() or binary.stat().st_mtime <= source.stat().st_mtime:
        with binary.open("wb") as file:
            write_mo(file, read_catalogue())
    return binary
