"""Run every comparison and print one table: `python -m benchmarks [--json] [--repeats N]`."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from benchmarks import allocation, changes, conditions, journals, live_queue, live_town, memory, ordering, region, rules
from benchmarks.timing import REPEATS, Row

PEERS = ("numpy", "PyYAML", "polars", "duckdb", "msgspec", "redis", "matching", "algmatch")


def all_rows(repeats: int, told: Callable[[str], None]) -> Iterator[Row]:
    """Yield every row, telling what comes next."""
    told("loading and checking rule files")
    yield from rules.rows(repeats)
    told("conditions")
    yield from conditions.contest().rows(repeats)
    told("the whole order")
    yield from ordering.contest().rows(repeats)
    told("the whole order, other towns")
    for contest in ordering.other_inputs():
        yield from contest.rows(repeats)
    told("why places differ between two days")
    for contest in changes.contests():
        yield from contest.rows(repeats)
    told("one queue under single events")
    yield from live_queue.rows(repeats)
    told("every queue of a town under single events")
    yield from live_town.rows(repeats)
    told("journals")
    yield from journals.rows(repeats)
    told("matching")
    yield from allocation.rows(repeats)
    told("rounds of a region")
    yield from region.rows()
    told("memory")
    yield from memory.rows()


def machine() -> str:
    """Return the processor, the number of threads, and the versions that the figures depend on."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    processor = names[0] if names else platform.processor() or platform.machine()
    versions = ", ".join(f"{name} {_version(name)}" for name in PEERS)
    return f"{processor}, {os.cpu_count()} threads; Python {platform.python_version()}, {versions}"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"


def printed(rows: list[Row]) -> Table:
    """Return the table people read."""
    table = Table(caption=machine(), caption_justify="left")
    for name in ("what", "took", "beside", "took", "ratio", "goal", "met"):
        table.add_column(name, justify="left" if name in ("what", "beside") else "right")
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.3f}" if row.ratio < 0.1 else f"{row.ratio:.2f}"
        goal = "" if row.goal is None else f"≤ {row.goal:g}" + ("" if row.against else f" {row.unit}")
        met = {True: "yes", False: "NO", None: ""}[row.met]
        beside = row.against if not row.note else f"{row.against} ({row.note})"
        table.add_row(row.what, _amount(row.value, row.unit), beside, _amount(row.peer, row.unit), ratio, goal, met)
    return table


def _amount(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    return f"{value:.0f} MB" if unit == "MB" else f"{value * 1000:.1f} ms"


def as_json(rows: list[Row]) -> str:
    """Return the rows for a program."""
    found = [
        {
            "what": row.what,
            "value": row.value,
            "unit": row.unit,
            "against": row.against,
            "peer": row.peer,
            "ratio": row.ratio,
            "goal": row.goal,
            "met": row.met,
            "note": row.note,
        }
        for row in rows
    ]
    return json.dumps({"machine": machine(), "rows": found}, ensure_ascii=False, indent=1)


@click.command()
@click.option("--json", "json_wanted", is_flag=True, help="Print JSON instead of a table.")
@click.option("--repeats", type=click.IntRange(1), default=REPEATS, show_default=True, help="Turns of each contest.")
def main(*, json_wanted: bool, repeats: int) -> None:
    """Time the engine beside its peers, all in this run, and print the ratios; exit with 1 when a goal is missed."""
    console = Console(stderr=True)
    with console.status("") as status:
        rows = list(all_rows(repeats, status.update))
    if json_wanted:
        print(as_json(rows))
    else:
        wide = None if sys.stdout.isatty() else 170
        Console(width=wide).print(printed(rows))
    sys.exit(int(any(row.met is False for row in rows)))


if __name__ == "__main__":
    main()
