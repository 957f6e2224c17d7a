"""One import, from the file to the last count."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from types import ModuleType

from django.db import DataError, IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from activity import clock, log
from activity.locks import Lock
from activity.models import Origin
from requests_app.importing import csv_rows, servicenow
from requests_app.importing.history import Entered, History, enter_history, foresee
from requests_app.importing.mapping import column_index
from requests_app.importing.problems import FileRefused
from requests_app.importing.reading import open_table
from requests_app.importing.sources import Found, Source
from requests_app.importing.team_names import TeamNames
from teams.company import portal_zone
from teams.models import Side, Team

FORMATS: Mapping[str, ModuleType] = {"csv": csv_rows, "servicenow": servicenow}
# Requests a transaction: others wait no longer for a status than one batch takes.
BATCH = 200


@dataclass
class Report:
    """Who listens while an import runs: a failed row, and how many of all rows are done."""

    failed: Callable[[int, str], None] = lambda row, reason: None
    progress: Callable[[int, int], None] = lambda done, total: None


@dataclass
class Counts(Entered):
    """Requests, not rows."""

    failed: int = 0
    # Keys seen in a dry run, as 8-byte hashes, because there is no row that would remember them.
    foreseen: set[int] = field(default_factory=set, repr=False)

    def __str__(self) -> str:
        return f"created {self.created}, updated {self.updated}, skipped {self.skipped}, failed {self.failed}"


def import_file(
    path: Path,
    format_name: str,
    *,
    team_slug: str,
    team_column: str = "",
    mapping: Mapping[str, str] | None = None,
    dry_run: bool = False,
    report: Report | None = None,
) -> Counts:
    """Import all requests of a file, in batches; rows that cannot be imported are reported and counted.

    :raises FileRefused: where the file as a whole, the team or the mapping is wrong; nothing is made then.
    """
    reader, listener, names, counts = FORMATS[format_name], report or Report(), TeamNames(), Counts()
    source = _source(path, reader, team_slug, team_column, mapping or {}, names)
    with _alone(dry_run):
        done = 0
        for batch in _batches(reader.read(source)):
            _enter(batch, names, counts, listener, dry_run)
            done += sum(found.rows for found in batch)
            listener.progress(done, source.table.row_count)
    return counts


def _source(
    path: Path,
    reader: ModuleType,
    team_slug: str,
    team_column: str,
    mapping: Mapping[str, str],
    names: TeamNames,
) -> Source:
    team = Team.objects.filter(slug=team_slug, side=Side.IT).first()
    if team is None:
        known = ", ".join(Team.objects.filter(side=Side.IT).values_list("slug", flat=True)[:40])
        words = _("There is no IT team “%(slug)s”. There are: %(known)s.")
        raise FileRefused(words % {"slug": team_slug, "known": known or "–"})
    table = open_table(path)
    columns = reader.place(table, mapping)
    return Source(
        table=table,
        columns=columns,
        team=team,
        team_column=column_index(table.header, team_column) if team_column else None,
        team_named=names.named,
        zone=portal_zone(),
        now=clock.now(),
    )


@contextmanager
def _alone(dry_run: bool) -> Iterator[None]:
    """Two imports of one file at once would both find that nothing is there."""
    if dry_run:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [Lock.IMPORT])
        if not cursor.fetchone()[0]:
            raise FileRefused(_("Another import is running. Wait until it has ended."))
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [Lock.IMPORT])


def _batches(found: Iterator[Found]) -> Iterator[list[Found]]:
    while batch := list(islice(found, BATCH)):
        yield batch


def _enter(batch: list[Found], names: TeamNames, counts: Counts, report: Report, dry_run: bool) -> None:
    for found in batch:
        if found.history is None:
            _fail(found, found.problem, counts, report)
    readable = [found for found in batch if found.history is not None]
    if dry_run:
        counts.add(_foreseen(_histories(readable), counts.foreseen))
        return
    try:
        counts.add(_entered(_histories(readable), names))
    except (IntegrityError, DataError):
        _one_by_one(readable, names, counts, report)


def _histories(batch: Iterable[Found]) -> list[History]:
    return [found.history for found in batch if found.history is not None]


def _foreseen(histories: list[History], seen: set[int]) -> Entered:
    fresh = [history for history in histories if hash(history.key) not in seen]
    seen.update(hash(history.key) for history in fresh)
    entered = foresee(fresh)
    entered.skipped += len(histories) - len(fresh)
    return entered


def _entered(histories: list[History], names: TeamNames) -> Entered:
    try:
        with transaction.atomic(), log.origin(Origin.IMPORT):
            return enter_history([_with_team(history, names) for history in histories])
    except (IntegrityError, DataError):
        names.forget_made()
        raise


def _with_team(history: History, names: TeamNames) -> History:
    team = names.saved(history.fields["serving_team"])
    return replace(history, fields={**history.fields, "serving_team": team})


def _one_by_one(batch: list[Found], names: TeamNames, counts: Counts, report: Report) -> None:
    """Find the rows that the database refuses; the others go in."""
    for found in batch:
        try:
            counts.add(_entered(_histories([found]), names))
        except (IntegrityError, DataError) as error:
            reason = str(error).strip().splitlines()[0]
            words = _("The database refuses it: %(reason)s")
            _fail(found, words % {"reason": reason}, counts, report)


def _fail(found: Found, reason: str, counts: Counts, report: Report) -> None:
    counts.failed += 1
    report.failed(found.row, reason)
