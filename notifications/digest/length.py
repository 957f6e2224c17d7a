"""What of a digest fits into two minutes of reading: forty lines in the mail, all else on the page."""

from dataclasses import replace

from notifications.digest.sheet import Row, Section, Sheet

MOST_LINES = 40
WIDTH = 80


def fitted(sheet: Sheet) -> Sheet:
    """``sheet`` with so many rows that it takes at most forty lines of eighty characters.

    First the first row of each section, in their order, then the further rows in the same order, so that what
    is nearest to the reader is cut last. What is left out is counted below its section.
    """
    left = MOST_LINES - _frame(sheet)
    kept = [0] * len(sheet.sections)
    for most in (1, MOST_LINES):
        for place, section in enumerate(sheet.sections):
            while kept[place] < min(most, len(section.rows)):
                cost = _lines(section.rows[kept[place]]) + (_head(section) if not kept[place] else 0)
                if cost > left:
                    break
                left -= cost
                kept[place] += 1
    sections = [_cut(section, count) for section, count in zip(sheet.sections, kept, strict=True)]
    return replace(sheet, sections=[one for one in sections if one.rows or one.word])


def lines_of(text: str) -> int:
    """How many lines ``text`` takes."""
    return sum(-(-max(len(line), 1) // WIDTH) for line in text.splitlines())


def _frame(sheet: Sheet) -> int:
    """Heading, period, figures, what moved elsewhere, and why the mail comes."""
    lone = sum(1 + lines_of(section.word) for section in sheet.sections if not section.rows)
    return lines_of(sheet.heading) + lines_of(sheet.others) + 3 + lone


def _head(section: Section) -> int:
    """The heading, a lead's word, and what stands below the rows."""
    return 1 + lines_of(section.word) + 1


def _lines(row: Row) -> int:
    said = f"{row.side_name} · {row.line}" if row.side_name else row.line
    return (
        lines_of(f"* {row.key} {row.title}") + lines_of(f"  {said}") + lines_of(row.quote) + bool(row.reach)
    )


def _cut(section: Section, count: int) -> Section:
    return replace(section, rows=section.rows[:count], more=section.total - count)
