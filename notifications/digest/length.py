"""What of a digest fits into two minutes of reading: forty lines in the mail, all else on the page."""

from dataclasses import dataclass, replace

from notifications.digest.sheet import Row, Section, Sheet

MOST_LINES = 40
WIDTH = 80


def fitted(sheet: Sheet) -> Sheet:
    """``sheet`` with so many rows that it takes at most forty lines of eighty characters.

    First the first row of each section, in their order, then the further rows in the same order, so that what
    is nearest to the reader is cut last. What is left out is counted beside the heading.
    """
    room = _Room(MOST_LINES - _frame(sheet))
    begun = [_beginning(section, room) for section in sheet.sections]
    sections = []
    for section, count in zip(sheet.sections, begun, strict=True):
        if count is not None:
            sections.append(_cut(section, count + _following(section, count, room)))
    return replace(sheet, sections=sections)


@dataclass
class _Room:
    """How many lines are left."""

    lines: int

    def takes(self, lines: int) -> bool:
        """Whether so many fit; then they are taken."""
        fits = lines <= self.lines
        self.lines -= lines if fits else 0
        return fits


def _beginning(section: Section, room: _Room) -> int | None:
    """How many rows the section begins with: one, or none where only a lead's word fits; None for neither."""
    head = 1 + lines_of(section.word) + lines_of(section.note)
    if section.rows and room.takes(head + _lines(section.rows[0])):
        return 1
    return 0 if section.word and room.takes(head) else None


def _following(section: Section, begun: int, room: _Room) -> int:
    """How many further rows fit."""
    rows = section.rows[begun:] if begun else ()
    return next((n for n, row in enumerate(rows) if not room.takes(_lines(row))), len(rows))


def lines_of(text: str) -> int:
    """How many lines ``text`` takes."""
    return sum(-(-max(len(line), 1) // WIDTH) for line in text.splitlines())


def _frame(sheet: Sheet) -> int:
    """Heading, period, figures, what moved elsewhere, and why the mail comes."""
    return lines_of(sheet.heading) + lines_of(sheet.others) + 3


def _lines(row: Row) -> int:
    said = f"{row.side_name} · {row.line}" if row.side_name else row.line
    return (
        lines_of(f"* {row.key} {row.title}") + lines_of(f"  {said}") + lines_of(row.quote) + bool(row.reach)
    )


def _cut(section: Section, count: int) -> Section:
    return replace(section, rows=section.rows[:count], more=section.total - count)
