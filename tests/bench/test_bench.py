"""`make bench` works: tiny sizes, real servers, every scenario; its figures mean nothing here."""

import http.server
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from itertools import repeat
from pathlib import Path
from typing import Any

import pytest

from bench.client import Call, Failed, load
from bench.table import table
from tests.processes import PATIENCE

ROOT = Path(__file__).resolve().parent.parent.parent
SCENARIOS = {
    "bare view",
    "list",
    "search",
    "similar while typing",
    "board of 300 cards",
    "request page, 20 comments",
    "home",
    "triage",
    "inbox",
    "matrix",
    "intake POST",
    "transition",
    "move",
    "API list of 50",
    "API create",
}


@pytest.fixture(scope="session")
def _migrated(django_db_setup: None) -> None:
    """The servers of this invocation hold an empty migrated database, which measurements copy."""


def bench(output: Path, *options: str) -> str:
    """A tiny measurement on the servers that are there."""
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--quick", "--beside", "--output", str(output), *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.usefixtures("_migrated")
def test_a_small_measurement_goes_all_the_way(tmp_path: Path) -> None:
    output = tmp_path / "bench.json"
    said = bench(output, "--part", "requests")
    (result,) = json.loads(output.read_text())["requests"]
    assert set(result["scenarios"]) == SCENARIOS
    assert result["scenarios"]["bare view"]["queries"] == 0
    assert all(0 < one["queries"] <= 40 for name, one in result["scenarios"].items() if name != "bare view")
    assert result["workers"]["fan-outs"]["per_second"] > 0
    assert result["workers"]["digests"]["done"] > 0
    assert result["workers"]["mails"]["done"] > 0
    assert all(0 < share <= 1 for share in result["words"].values())
    assert "| board of 300 cards | 300 |" in said
    assert result["live"]["moves"] > 0
    assert result["live"]["lost"] == 0


@pytest.mark.usefixtures("_migrated")
def test_a_long_past_and_a_company_are_measured(tmp_path: Path) -> None:
    output = tmp_path / "bench.json"
    said = bench(output, "--part", "log", "--part", "company")
    made = json.loads(output.read_text())
    assert [one["events"] for one in made["log"]] == [1_000, 2_000]
    (short,), (long,) = (one["rounds"] for one in made["log"])
    assert set(short) == {"fan-outs", "inbox entries", "mails", "digests"}
    # The same company tells the same in front of any past.
    assert {kind: pace["done"] for kind, pace in short.items()} == {
        kind: pace["done"] for kind, pace in long.items()
    }
    assert "| mails | 2,000 |" in said
    (company,) = made["company"]
    assert company["pages"]["goal tree"]["queries"] > 0
    assert "| touchpoint map | 40 |" in said


def result(size: int, factor: float) -> dict[str, Any]:
    pace = {"done": 500, "per_second": 900.0, "cpu_ms": 6.04}
    workers = {"fan-outs": pace, "digests": {**pace, "per_second": 120.0}}
    live = {
        "streams": 200,
        "moves": 300,
        "heard": 60_000,
        "lost": 0,
        "median_ms": 310.4,
        "p95_ms": 620.0,
        "idle_bytes": 20_480.0,
    }
    look = {"first_byte": 30.0, "paint": 120.0, "script": 25.0, "frame": 17.0}
    return {
        "requests": size,
        "comments": 10 * size,
        "seed_seconds": 12.0,
        "words": {"voucher": 0.00012, "parcel": 0.0098},
        "scenarios": {"bare view": calls(1.0), "list": calls(20.0 * factor)},
        "workers": workers,
        "live": live,
        "browser": {"empty page": {**look, "frame": 0.0}, "board of 300 cards": look},
    }


def calls(median: float) -> dict[str, Any]:
    sample = {"median_ms": median, "p95_ms": 2 * median, "per_second": 1000 / median}
    sample |= {"bare_median_ms": 1.0, "bare_per_second": 1000.0}
    return {"queries": 3, "bytes": 1200, "alone": sample, "crowd": sample}


def made(**parts: Any) -> dict[str, Any]:
    return {"requests": [], "log": [], "company": [], **parts}


def test_the_table_shows_ratio_and_growth() -> None:
    told = table(made(requests=[result(10_000, 1.0), result(100_000, 1.2)]))
    lines = told.splitlines()
    assert lines[4] == "| list | 10,000 | 20.00 | 40.00 | 50 | 3 | 1,200 | 20.0 | 20.0 |  |"
    assert lines[5] == "| list | 100,000 | 24.00 | 48.00 | 42 | 3 | 1,200 | 24.0 | 24.0 | 1.20 |"
    assert "100,000 requests, one worker: 900 fan-outs/s, 120 digests/s (500 digests sent)" in told
    assert (
        "100,000 requests, 1,000,000 comments: searched for 2 words in 0.012 to 0.98 % of the texts" in told
    )
    assert "another browser shows a move after 310 ms (95 %: 620 ms)" in told
    assert "an idle stream takes 20 KB" in told
    assert (
        "board of 300 cards: first byte 30 ms, first paint 120 ms, scripts 25 ms, 95 % of the frames" in told
    )
    assert "empty page: first byte 30 ms, first paint 120 ms, scripts 25 ms\n" in told


def test_a_log_grows_by_the_median_of_its_rounds() -> None:
    def rounds(*paces: float) -> list[dict[str, Any]]:
        return [{"mails": {"done": 9, "per_second": pace, "cpu_ms": 100 / pace}} for pace in paces]

    short: dict[str, Any] = {"events": 10, "rounds": rounds(50, 10, 40)}
    long: dict[str, Any] = {"events": 99, "rounds": rounds(20, 30, 25)}
    assert table(made(log=[short, long])).splitlines()[2:] == [
        "| mails | 10 | 40 | 2.50 |  |  |",
        "| mails | 99 | 25 | 4.00 | 1.60 | 1.60 |",
    ]
    for one in (*short["rounds"], *long["rounds"]):
        one["mails"]["cpu_ms"] = None
    assert table(made(log=[short, long])).splitlines()[-1] == "| mails | 99 | 25 | 0.00 | 1.60 |  |"


def test_pages_grow_with_the_company() -> None:
    small, large = (
        {"company": f"{n},7,17,20,60", "pages": {"goal tree": calls(ms)}}
        for n, ms in ((50, 20.0), (5000, 30.0))
    )
    assert table(made(company=[small, large])).splitlines()[2:] == [
        "| goal tree | 50 | 20.00 | 40.00 | 50 | 3 | 1,200 | 20.0 | 20.0 |  |",
        "| goal tree | 5,000 | 30.00 | 60.00 | 33 | 3 | 1,200 | 30.0 | 30.0 | 1.50 |",
    ]


class Answering(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(500 if self.path == "/broken" else 200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *args: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def port() -> Iterator[int]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def test_the_number_of_calls_is_bounded(port: int) -> None:
    sample = load(port, repeat(Call("/")), 8, 40, 60)
    assert len(sample.seconds) == 40
    assert sample.median_ms <= sample.p95_ms


def test_the_time_is_bounded(port: int) -> None:
    with pytest.raises(Failed, match="nothing"):
        load(port, repeat(Call("/")), 2, 40, -1)


def test_calls_that_are_used_up_end_the_round(port: int) -> None:
    assert len(load(port, iter([Call("/")] * 5), 8, 40, 60).seconds) == 5


def test_a_failed_call_is_no_measurement(port: int) -> None:
    with pytest.raises(Failed, match="500"):
        load(port, iter([Call("/"), Call("/broken")]), 1, 2, 60)
