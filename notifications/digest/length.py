"""What of a digest fits into two minutes of reading: forty lines in the mail, all else on the page."""

from dataclasses import dataclass, replace

from notifications.digest.sheet import YOUR_TURN, Row, Section, Sheet

MOST_LINES = 40
WIDTH = 80


def fitted(sheet: Sheet) -> Sheet:
    """``sheet`` with so many rows that it takes at most forty lines of eighty characters.

    First the first row of each section, in their order; then in turn a further one of each, and two of what
    waits for the reader, as long as they fit. What is left out is counted beside the heading.
    """
    room = _Room(MOST_LINES - _frame(sheet))
    begun = [(section, _beginning(section, room)) for section in sheet.sections]
    kept = [_Kept(section, count) for section, count in begun if count is not None]
    in_turn = [one for one in kept for _ in range(2 if one.section.slug == YOUR_TURN else 1)]
    while sum(one.goes_on(room) for one in in_turn):
        pass
    return replace(sheet, sections=[_cut(one.section, one.count) for one in kept])


@dataclass
class _Kept:
    """A section of which the first ``count`` rows stay."""

    section: Section
    count: int

    def goes_on(self, room: "_Room") -> bool:
        """Whether a further row fits; a section of a lead's word alone has none."""
        rows = self.section.rows
        fits = 0 < self.count < len(rows) and room.takes(_lines(rows[self.count]))
        self.count += fits
        return fits


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


def lines_of(text: str) -> int:
    """How many lines ``text`` takes."""
    return sum(-(-max(len(line), 1) // WIDTH) for line in text.splitlines())


def _frame(sheet: Sheet) -> int:
    """Heading, period, figures, what moved elsewhere, and why the mail comes."""
    return lines_of(sheet.heading) + lines_of(sheet.others) + 3


def _lines(row: Row) -> int:
    said = f"{row.side_name} · {row.line}" if row.side_name else row.line
    return (
        lines_of(f"* {row.key} {row.title}")
        + lines_of(f"  {said}")
        + lines_of(f"  {row.quote}" if row.quote else "")
        + bool(row.reach)
    )


def _cut(section: Section, count: int) -> Section:
    return replace(section, rows=section.rows[:count], more=section.total - count)
