"""A file may be larger than memory: what is held does not grow with it."""

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from requests_app.importing import spool
from requests_app.importing.reading import open_table
from requests_app.importing.run import Report, import_file
from requests_app.importing.spool import Line, in_order
from teams.models import Team
from tests.requests_app.importing.conftest import DATA


def lines(count: int) -> Iterator[Line]:
    for n in range(count):
        yield f"INC{n * 7919 % count:07}", n, ["some cell " * 5, 'with "quotes"\nand lines', "ä"]


def test_rows_are_sorted_by_key_and_number() -> None:
    found = list(in_order([("b", 1, ["1"]), ("a", 3, ["2"]), ("a", 2, ["3"]), ("b", 0, ["4"])], run=2))
    assert found == [("a", 2, ["3"]), ("a", 3, ["2"]), ("b", 0, ["4"]), ("b", 1, ["1"])]


def test_sorting_in_runs_gives_what_sorting_at_once_gives() -> None:
    assert list(in_order(lines(5_000), run=300)) == sorted(lines(5_000))


def test_nothing_is_left_of_the_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    some = in_order(lines(1_000), run=100)
    next(some)
    some.close()  # type: ignore[attr-defined]
    assert not list(tmp_path.iterdir())


def peak(work: Iterator[object]) -> int:
    """The most bytes held while ``work`` is walked through."""
    tracemalloc.start()
    for _one in work:
        pass
    held = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return held


def test_sorting_ten_times_as_much_holds_about_as_much() -> None:
    small, large = peak(in_order(lines(4_000), run=1_000)), peak(in_order(lines(40_000), run=1_000))
    # One row and one read buffer of each run more, and nothing else.
    assert large < 3 * small


def test_reading_ten_times_as_much_holds_about_as_much(tmp_path: Path) -> None:
    def table(rows: int) -> Iterator[object]:
        path = tmp_path / f"{rows}.csv"
        path.write_text("title,text\n" + "Vouchers,They wait too long\n" * rows)
        return open_table(path).rows()

    small, large = table(2_000), table(20_000)
    assert peak(large) < 2 * peak(small)


@pytest.mark.django_db
def test_an_import_works_in_runs_and_batches(monkeypatch: pytest.MonkeyPatch, desk: Team) -> None:
    monkeypatch.setattr(spool.in_order, "__defaults__", (5,))
    monkeypatch.setattr("requests_app.importing.run.BATCH", 2)
    seen: list[tuple[int, int]] = []
    report = Report(progress=lambda done, total: seen.append((done, total)))
    counts = import_file(DATA / "servicenow_excerpt.csv", "servicenow", team_slug=desk.slug, report=report)
    assert (counts.created, counts.failed) == (11, 0)
    assert len(seen) == 6
    assert seen[-1] == (52, 52)
