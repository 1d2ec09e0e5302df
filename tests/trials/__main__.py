"""Run every trial in full and print one table: `python -m tests.trials`; the figures go to `benchmarks/results/`."""

from __future__ import annotations

import json
import multiprocessing
import platform
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path

import click
import numpy as np
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table
from tests.trials import fast_path, misreports
from tests.trials.broken_engine import Found, found
from tests.trials.cuts import cuts_of
from tests.trials.determinism import configurations, hash_of
from tests.trials.histories import checked
from tests.trials.mutants import MUTANTS
from tests.trials.public_files import ROOT, Clean
from tests.trials.results import Advance, Result, each_done
from tests.trials.round_attacks import edited
from tests.trials.service import SERVICE_TRIALS
from tests.trials.tamper import FULL, all_attacks, attacked_at

from queue_engine.verification import verify

RESULTS = ROOT / "benchmarks" / "results" / "trials.jsonl"
ATTACKS_EACH, HISTORIES, CONFIGURATIONS, CUT_HISTORIES = 50, 5_000, 96, 60
MARKETS, MISREPORTED, ROUNDS, EDITS_EACH = 10_000, 20_000, 40, 100
_SHOWN = 10


@contextmanager
def processes(workers: int) -> Iterator[ProcessPoolExecutor]:
    """Give processes that begin anew, and so share nothing with this one."""
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool


def tampering(workers: int, advance: Advance) -> Result:
    """Attack the public files of a year of 10,000 events in every way, each attack alone."""
    with tempfile.TemporaryDirectory() as folder, processes(workers) as pool:
        clean = Clean.written(Path(folder, "clean"), **FULL)
        findings = len(verify(clean.folder))
        jobs = [partial(attacked_at, clean.folder, *attack) for attack in all_attacks(ATTACKS_EACH)]
        outcomes = list(each_done(pool, jobs, advance))
    missed = tuple(f"{each.attack} {each.seed}: {each.findings} findings" for each in outcomes if not each.named)
    if findings:
        missed = (f"{findings} findings in files nobody changed", *missed)
    figures = {
        "entries": len(clean.lines),
        "classes": len({each.attack for each in outcomes}),
        "detected": sum(each.findings > 0 for each in outcomes),
        "clean_findings": findings,
    }
    return Result("tamper", len(outcomes), sum(each.named for each in outcomes), figures, missed)


def mutating(workers: int, advance: Advance) -> Result:
    """Give the engine one mistake at a time; the engine as it is comes first, and must be without fault."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(workers) as pool:
        jobs = [partial(found, each, Path(folder, str(number))) for number, each in enumerate((None, *MUTANTS))]
        outcomes: list[Found] = list(each_done(pool, jobs, advance))
    broken = [each for each in outcomes if each.mutant]
    missed = [each.mutant for each in broken if not each.by]
    missed += [f"found in the engine as it is: {each.what}" for each in outcomes if not each.mutant and each.by]
    figures = {"by": dict(sorted(Counter(who for each in broken for who in each.by).items()))}
    return Result("mutants", len(broken), sum(bool(each.by) for each in broken), figures, tuple(missed))


def determined(workers: int, advance: Advance) -> Result:
    """Ask machines of every kind for the hash of a municipality."""
    with ThreadPoolExecutor(workers) as pool:
        hashes = Counter(each_done(pool, [partial(hash_of, each) for each in configurations(CONFIGURATIONS)], advance))
    (most, good), *others = hashes.most_common()
    missed = tuple(f"{count} × {told}" for told, count in others)
    return Result("determinism", CONFIGURATIONS, good, {"hashes": len(hashes), "hash": most}, missed)


def living(workers: int, advance: Advance) -> Result:
    """Check histories of all services."""
    with processes(workers) as pool:
        outcomes = list(each_done(pool, [partial(checked, number) for number in range(HISTORIES)], advance))
    missed = tuple(f"{each.name}: {each.wrong[0]}" for each in outcomes if each.wrong)
    figures = {"entries": sum(each.entries for each in outcomes)}
    return Result("histories", len(outcomes), sum(not each.wrong for each in outcomes), figures, missed)


def cutting(workers: int, advance: Advance) -> Result:
    """Cut journals at every byte of their last three entries."""
    with processes(workers) as pool:
        jobs = [partial(cuts_of, seed) for seed in range(CUT_HISTORIES)]
        outcomes = [cut for cuts in each_done(pool, jobs, advance) for cut in cuts]
    missed = tuple(f"{each.end} bytes: {each.wrong}" for each in outcomes if each.wrong)
    good = sum(not each.wrong for each in outcomes)
    return Result("cuts", len(outcomes), good, {"journals": CUT_HISTORIES}, missed)


def matching(workers: int, advance: Advance) -> Result:
    """Match markets with reserves, ceilings and transfers in every quick way, and by one proposal after the other."""
    with processes(workers) as pool:
        outcomes = list(each_done(pool, [partial(fast_path.checked, number) for number in range(MARKETS)], advance))
    missed = tuple(f"{each.name}: {each.wrong[0]}" for each in outcomes if each.wrong)
    figures = {"applicants": sum(each.applicants for each in outcomes)}
    return Result("markets", len(outcomes), sum(not each.wrong for each in outcomes), figures, missed)


def misreporting(workers: int, advance: Advance) -> Result:
    """Let every applicant of small markets hand in every list, and see whether a lie pays."""
    with processes(workers) as pool:
        jobs = [partial(misreports.checked, number) for number in range(MISREPORTED)]
        outcomes = list(each_done(pool, jobs, advance))
    missed = tuple(f"{each.name}: {each.wrong[0]}" for each in outcomes if each.wrong)
    figures = {"lists": sum(each.lists for each in outcomes)}
    return Result("misreports", len(outcomes), sum(not each.wrong for each in outcomes), figures, missed)


def editing(workers: int, advance: Advance) -> Result:
    """Edit published rounds by hand, in every way, each edit alone."""
    with processes(workers) as pool:
        jobs = [partial(edited, seed, EDITS_EACH) for seed in range(ROUNDS)]
        outcomes = [each for some in each_done(pool, jobs, advance) for each in some]
    missed = tuple(f"{each.attack} {each.mended}: {each.findings} findings" for each in outcomes if not each.named)
    figures = {
        "rounds": ROUNDS,
        "classes": len({(each.attack, each.mended) for each in outcomes}),
        "by_published_digest_alone": sum(each.silent for each in outcomes),
    }
    return Result("round edits", len(outcomes), sum(each.named for each in outcomes), figures, missed)


TRIALS: dict[str, Callable[[int, Advance], Result]] = {
    "tamper": tampering,
    "mutants": mutating,
    "determinism": determined,
    "histories": living,
    "cuts": cutting,
    "markets": matching,
    "misreports": misreporting,
    "rounds": editing,
    **SERVICE_TRIALS,
}


@click.command()
@click.option("--only", type=click.Choice(list(TRIALS)), multiple=True, help="Run these trials alone; nothing is kept.")
@click.option("--workers", type=click.IntRange(1), default=2, show_default=True, help="How many run at once.")
def main(only: tuple[str, ...], workers: int) -> None:
    """Run the trials, print what came out, and keep the figures."""
    console = Console()
    results: dict[str, tuple[Result, float]] = {}
    columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress:
        for name in only or TRIALS:
            task = progress.add_task(name, total=None)
            started = time.perf_counter()
            result = TRIALS[name](workers, lambda total, task=task: progress.update(task, total=total, advance=1))
            results[name] = (result, time.perf_counter() - started)
    console.print(_table(results))
    for result, _ in results.values():
        for text in result.missed[:_SHOWN]:
            console.print(f"{result.name}: {text}", markup=False, highlight=False)
    if not only:
        _keep(results)
    sys.exit(any(result.missed for result, _ in results.values()))


def _table(results: dict[str, tuple[Result, float]]) -> Table:
    table = Table(title="Trials")
    for column in ("trial", "of", "as it has to be", "seconds", "figures"):
        table.add_column(column, justify="left" if column in ("trial", "figures") else "right")
    for name, (result, seconds) in results.items():
        told = ", ".join(f"{key} {value}" for key, value in result.figures.items())
        style = "red" if result.missed else ""
        table.add_row(name, str(result.count), str(result.good), f"{seconds:.0f}", told, style=style)
    return table


def _keep(results: dict[str, tuple[Result, float]]) -> None:
    """Add a line with the figures to the file of results."""
    command = ["git", "describe", "--always", "--dirty"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    trials = {
        name: {"of": result.count, "good": result.good, "seconds": round(seconds), **result.figures}
        for name, (result, seconds) in results.items()
    }
    line = {
        "date": date.today().isoformat(),  # noqa: DTZ011 - the day of whoever runs it
        "commit": run.stdout.strip() or "unknown",
        "python": platform.python_version(),
        "numpy": np.__version__,
        "trials": trials,
    }
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    with RESULTS.open("a", encoding="utf-8", newline="\n") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
