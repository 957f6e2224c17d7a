"""The tables of a measurement, for people."""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

FIGURES = ("median ms", "95 % ms", "1/s, 8 clients", "queries", "bytes", "× bare", "× bare 1/s", "growth")


def table(made: Mapping[str, Any]) -> str:
    """What was made; ratios to the bare view called right before, growth to the first size."""
    blocks = [*_requests(made["requests"]), *_log(made["log"]), *_company(made["company"])]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _requests(results: Sequence[dict[str, Any]]) -> list[list[str]]:
    if not results:
        return []
    pages = [
        _row(name, f"{result['requests']:,}", result["scenarios"][name], results[0]["scenarios"][name])
        for name in results[0]["scenarios"]
        for result in results
    ]
    lines = [*_searched(results), *_workers(results), *_live(results), *_browser(results)]
    return [_table(("requests", *FIGURES), pages), lines]


def _company(results: Sequence[dict[str, Any]]) -> list[list[str]]:
    if not results:
        return []
    pages = [
        _row(
            name,
            f"{int(result['company'].partition(',')[0]):,}",
            result["pages"][name],
            results[0]["pages"][name],
        )
        for name in results[0]["pages"]
        for result in results
    ]
    return [_table(("people", *FIGURES), pages)]


def _log(results: Sequence[dict[str, Any]]) -> list[list[str]]:
    """The median of each pace, and how much less is done with a longer log."""
    if not results:
        return []
    rows = []
    for kind in results[0]["rounds"][0]:
        first = {name: _median(results[0], kind, name) for name in ("per_second", "cpu_ms")}
        for result in results:
            pace, cpu = _median(result, kind, "per_second"), _median(result, kind, "cpu_ms")
            is_first = result is results[0]
            rows.append(
                [
                    kind,
                    f"{result['events']:,}",
                    f"{pace:.0f}",
                    f"{cpu:.2f}",
                    "" if is_first else f"{first['per_second'] / pace:.2f}",
                    "" if is_first or not first["cpu_ms"] else f"{cpu / first['cpu_ms']:.2f}",
                ]
            )
    return [_table(("events in the log", "1/s", "CPU ms each", "growth", "growth of CPU"), rows)]


def _median(result: Mapping[str, Any], kind: str, name: str) -> float:
    """Of all rounds; 0 where it could not be measured."""
    return statistics.median(one[kind][name] or 0 for one in result["rounds"])


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    rule = "|".join(["", "---", *["---:"] * len(heads), ""])
    return [_line(["", *heads]), rule, *map(_line, rows)]


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _row(name: str, size: str, own: Mapping[str, Any], first: Mapping[str, Any]) -> list[str]:
    median = own["alone"]["median_ms"]
    growth = median / first["alone"]["median_ms"]
    return [
        name,
        size,
        f"{median:.2f}",
        f"{own['alone']['p95_ms']:.2f}",
        f"{own['crowd']['per_second']:.0f}",
        str(own["queries"]),
        f"{own['bytes']:,}",
        f"{median / own['alone']['bare_median_ms']:.1f}",
        f"{own['crowd']['bare_per_second'] / own['crowd']['per_second']:.1f}",
        "" if own is first else f"{growth:.2f}",
    ]


def _searched(results: Sequence[dict[str, Any]]) -> list[str]:
    return [
        f"{result['requests']:,} requests, {result['comments']:,} comments: searched for {len(shares)} words "
        f"in {100 * min(shares):.3f} to {100 * max(shares):.2f} % of the texts"
        for result in results
        if (shares := [*result["words"].values()])
    ]


def _workers(results: Sequence[dict[str, Any]]) -> list[str]:
    return [
        f"{result['requests']:,} requests, one worker: "
        + ", ".join(f"{pace['per_second']:.0f} {kind}/s" for kind, pace in result["workers"].items())
        + f" ({result['workers']['digests']['done']} digests sent), seeded in {result['seed_seconds']:.0f} s"
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
