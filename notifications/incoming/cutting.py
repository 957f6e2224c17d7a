"""What of an answer is new: without what it quotes and without the signature. By lines, in one pass each.

A library for this (mail-parser-reply 1.36) was tried and took 114 s for 100 KB of blank lines; strangers
decide what stands in a mail.
"""

import re
from collections.abc import Sequence

# Stands at the top of every mail that can be answered, in whatever language its reader has.
MARKER = re.compile(r"##-.{0,120}-##")
LONGEST_TEXT = 200_000
# What of a line is looked at to know whether it begins a quote.
LOOKED_AT = 2_000
# How many lines the sentence "On … wrote:" may be broken into.
ATTRIBUTION_LINES = 4

_ATTRIBUTION_START = re.compile(r"(?:On|Am|Le|El|Il|Op|W dniu)\s.{3,}", re.IGNORECASE)
_ATTRIBUTION_END = re.compile(
    r".*(?:wrote|schrieb|geschrieben|a écrit|escribió|ha scritto|schreef|napisał)\b[^:]{0,120}:\s*$",
    re.IGNORECASE,
)
_HEADER = re.compile(r"[*_>\s]{0,4}(?:From|Von|De|Da|Van|Od)[*_]{0,2}\s?:[*_]{0,2}\s*\S", re.IGNORECASE)
_NEXT_HEADER = re.compile(
    r"[*_>\s]{0,4}(?:Sent|Gesendet|Date|Datum|To|An|Subject|Betreff|Envoyé|Enviado)[*_]{0,2}\s?:",
    re.IGNORECASE,
)
_ORIGINAL = re.compile(
    r"\s{0,3}[-_]{2,}\s{0,3}(?:Original Message|Original-?Nachricht|Ursprüngliche Nachricht|Forwarded message"
    r"|Weitergeleitete Nachricht)",
    re.IGNORECASE,
)
_RULE = re.compile(r"\s{0,3}_{10,}\s*$")
_SENT_FROM = re.compile(
    r"(?:Sent from (?:my|Outlook|Mail)|Von meinem .{1,40} gesendet|Gesendet (?:von|mit|aus)|Get Outlook for"
    r"|Diese Nachricht wurde von meinem)",
    re.IGNORECASE,
)


def new_words(text: str) -> str:
    """What the author of the mail has written in answer, as far as that can be told."""
    lines = [line.rstrip() for line in text[:LONGEST_TEXT].splitlines()]
    found = _before_signature(_before_quote(lines))
    while found and (not found[-1] or found[-1].startswith(">")):
        found.pop()
    return "\n".join(found).strip() or _below_quote(lines)


def _below_quote(lines: Sequence[str]) -> str:
    """What stands below what is quoted, where nothing stands above it."""
    last = max((place for place, line in enumerate(lines) if line.startswith(">")), default=len(lines))
    return "\n".join(_before_signature(lines[last + 1 :])).strip()


def _before_quote(lines: Sequence[str]) -> list[str]:
    for place, line in enumerate(lines):
        if MARKER.search(line[:LOOKED_AT]):
            return _without_attribution(lines[:place])
        if _begins_quote(lines, place):
            return list(lines[:place])
    return list(lines)


def _begins_quote(lines: Sequence[str], place: int) -> bool:
    line = lines[place][:LOOKED_AT]
    if _ORIGINAL.match(line) or (_RULE.match(line) and _header_follows(lines, place + 1)):
        return True
    if _HEADER.match(line):
        return any(_NEXT_HEADER.match(later[:LOOKED_AT]) for later in lines[place + 1 : place + 4])
    if not _ATTRIBUTION_START.match(line):
        return False
    sentence = [part[:LOOKED_AT] for part in lines[place : place + ATTRIBUTION_LINES]]
    return any(_ATTRIBUTION_END.match(" ".join(sentence[: n + 1])) for n in range(len(sentence)))


def _header_follows(lines: Sequence[str], place: int) -> bool:
    return any(_HEADER.match(line[:LOOKED_AT]) for line in lines[place : place + 3])


def _without_attribution(lines: Sequence[str]) -> list[str]:
    """``lines`` without the program's sentence above the quote, in a language that is not known here."""
    kept = list(lines)
    while kept and (not kept[-1].strip(" >") or kept[-1].startswith(">")):
        kept.pop()
    if kept and kept[-1].endswith(":") and ("@" in kept[-1] or "Tandem" in kept[-1]):
        kept.pop()
    return kept


def _before_signature(lines: Sequence[str]) -> list[str]:
    for place, line in enumerate(lines):
        # "-- " is the mark of RFC 3676; programs take its blank away.
        if line == "--" or _SENT_FROM.match(line[:LOOKED_AT]):
            return list(lines[:place])
    return list(lines)
