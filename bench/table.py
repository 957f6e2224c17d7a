"""The table of a measurement, for people."""

from collections.abc import Iterable, Sequence
from typing import Any

HEADER = [
    "",
    "requests",
    "median ms",
    "95 % ms",
    "1/s, 8 clients",
    "queries",
    "bytes",
    "× bare",
    "× bare 1/s",
    "growth",
]


def table(results: Sequence[dict[str, Any]]) -> str:
    """All scenarios at all sizes; ratios to the bare view called right before, growth to the first size."""
    rows = [HEADER]
    for name in results[0]["scenarios"]:
        rows += [_row(name, result, results[0]) for result in results]
    lines = [_line(row) for row in rows]
    lines.insert(1, "|".join(["---"] + ["---:"] * (len(HEADER) - 1)).join("||"))
    return "\n".join([*lines, "", *_workers(results), *_live(results), *_browser(results)])


def _row(name: str, result: dict[str, Any], first: dict[str, Any]) -> list[str]:
    own = result["scenarios"][name]
    median = own["alone"]["median_ms"]
    growth = median / first["scenarios"][name]["alone"]["median_ms"]
    return [
        name,
        f"{result['requests']:,}",
        f"{median:.2f}",
        f"{own['alone']['p95_ms']:.2f}",
        f"{own['crowd']['per_second']:.0f}",
        str(own["queries"]),
        f"{own['bytes']:,}",
        f"{median / own['alone']['bare_median_ms']:.1f}",
        f"{own['crowd']['bare_per_second'] / own['crowd']['per_second']:.1f}",
        "" if result is first else f"{growth:.2f}",
    ]


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _workers(results: Sequence[dict[str, Any]]) -> list[str]:
    return [
        f"{result['requests']:,} requests: {result['workers']['fan_outs_per_second']:.0f} fan-outs/s, "
        f"{result['workers']['digests_per_second']:.0f} digests/s ({result['workers']['digests']} sent, "
        f"{result['workers']['digest_cpu_ms']:.1f} ms of the worker's CPU each), "
        f"seeded in {result['seed_seconds']:.0f} s"
        for result in results
    ]


def _live(results: Sequence[dict[str, Any]]) -> list[str]:
    return [
        f"{result['requests']:,} requests, live: {live['moves']} moves with {live['streams']} open streams; "
        f"another browser shows a move after {live['median_ms']:.0f} ms (95 %: {live['p95_ms']:.0f} ms); "
        f"{live['heard']:,} messages heard, {live['lost']} lost; "
        f"an idle stream takes {live['idle_bytes'] / 1024:.0f} KB"
        for result in results
        for live in [result["live"]]
    ]


def _browser(results: Sequence[dict[str, Any]]) -> list[str]:
    return [
        f"{result['requests']:,} requests, Chromium, {name}: first byte {look['first_byte']:.0f} ms, "
        f"first paint {look['paint']:.0f} ms, scripts {look['script']:.0f} ms"
        + (f", 95 % of the frames of a drag within {look['frame']:.0f} ms" if look["frame"] else "")
        for result in results
        for name, look in result["browser"].items()
    ]
