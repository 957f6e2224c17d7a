"""`make bench` works: tiny sizes, real servers, every scenario; its figures mean nothing here."""

import http.server
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from itertools import repeat
from pathlib import Path

import pytest

from bench.client import Call, Failed, load
from bench.table import table

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


def test_a_small_measurement_goes_all_the_way(tmp_path: Path) -> None:
    output = tmp_path / "bench.json"
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--quick", "--output", str(output)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0, done.stderr
    (result,) = json.loads(output.read_text())
    assert set(result["scenarios"]) == SCENARIOS
    assert result["scenarios"]["bare view"]["queries"] == 0
    assert all(0 < one["queries"] <= 40 for name, one in result["scenarios"].items() if name != "bare view")
    assert result["workers"]["fan_outs_per_second"] > 0
    assert result["workers"]["digests"] > 0
    assert "| board of 300 cards | 300 |" in done.stdout
    assert result["live"]["moves"] > 0
    assert result["live"]["lost"] == 0


def result(size: int, factor: float) -> dict[str, object]:
    def one(median: float) -> dict[str, object]:
        sample = {"median_ms": median, "p95_ms": 2 * median, "per_second": 1000 / median}
        sample |= {"bare_median_ms": 1.0, "bare_per_second": 1000.0}
        return {"queries": 3, "bytes": 1200, "alone": sample, "crowd": sample}

    workers = {
        "fan_outs_per_second": 900.0,
        "digests_per_second": 120.0,
        "digests": 500,
        "digest_cpu_ms": 6.04,
    }
    scenarios = {"bare view": one(1.0), "list": one(20.0 * factor)}
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
    browser = {"empty page": {**look, "frame": 0.0}, "board of 300 cards": look}
    measured = {"scenarios": scenarios, "workers": workers, "live": live, "browser": browser}
    return {"requests": size, "seed_seconds": 12.0, **measured}


def test_the_table_shows_ratio_and_growth() -> None:
    lines = table([result(10_000, 1.0), result(100_000, 1.2)]).splitlines()
    assert lines[4] == "| list | 10,000 | 20.00 | 40.00 | 50 | 3 | 1,200 | 20.0 | 20.0 |  |"
    assert lines[5] == "| list | 100,000 | 24.00 | 48.00 | 42 | 3 | 1,200 | 24.0 | 24.0 | 1.20 |"
    told = "\n".join(lines)
    assert "100,000 requests: 900 fan-outs/s, 120 digests/s (500 sent, 6.0 ms" in told
    assert "another browser shows a move after 310 ms (95 %: 620 ms)" in told
    assert "an idle stream takes 20 KB" in told
    assert (
        "board of 300 cards: first byte 30 ms, first paint 120 ms, scripts 25 ms, 95 % of the frames" in told
    )
    assert "empty page: first byte 30 ms, first paint 120 ms, scripts 25 ms\n" in told


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
