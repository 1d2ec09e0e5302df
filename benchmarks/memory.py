"""The most memory that ordering needs, and how long its first call takes: in a process of its own.

The tables are made elsewhere and handed over in a file, so that what building them needed is not
counted, and what it left behind is not used again unseen. The operating system counts; only Linux
forgets an earlier peak.
"""

from __future__ import annotations

import pickle
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import attrs
import numpy as np

from benchmarks import town
from benchmarks.ordering import ARGSORT, positions
from benchmarks.timing import Row, seconds_of

STATUS = Path("/proc/self/status")
FORGET_PEAK = Path("/proc/self/clear_refs")
MOST_MB = 400
PROCESSES = 5
_KB_A_MB = 1024


@attrs.frozen
class Answer:
    """What a process of its own tells.

    Args:
        before_mb: what the process held before it ordered.
        peak_mb: the most it held up to the end.
        argsort_seconds: the first `numpy.argsort` of the process.
        order_seconds: the first order of the process.

    """

    before_mb: float
    peak_mb: float
    argsort_seconds: float
    order_seconds: float


def rows() -> list[Row]:
    """Return the first call's time, and the peak: as a whole, above the tables, and with the tables built in it."""
    what = "peak memory of ordering"
    if not FORGET_PEAK.exists():
        return [Row(what, 0.0, "MB", note="measured on Linux only")]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "tables.pickle"
        file.write_bytes(pickle.dumps(town.tables(), protocol=5))
        given = [_in_own_process(file) for _ in range(PROCESSES)]
    building = _in_own_process(None)
    peak = statistics.median(each.peak_mb for each in given)
    above = statistics.median(each.peak_mb - each.before_mb for each in given)
    ours = statistics.median(each.order_seconds for each in given)
    peer = statistics.median(each.argsort_seconds for each in given)
    return [
        Row("order, first call of a fresh process", ours, "s", ARGSORT + ", first call", peer),
        Row(f"{what}, whole process with the tables", peak, "MB", goal=MOST_MB),
        Row(f"{what}, above the tables", above, "MB"),
        Row(f"{what}, tables built in the process too", building.peak_mb, "MB"),
    ]


def _in_own_process(file: Path | None) -> Answer:
    """Order once in a fresh process, with the tables of a file or with a town made there."""
    command = [sys.executable, "-m", "benchmarks.memory", *([] if file is None else [str(file)])]
    answer = subprocess.run(command, capture_output=True, check=True, text=True, cwd=Path(__file__).parent.parent)
    return Answer(*map(float, answer.stdout.split()))


def _status(field: str) -> float:
    """Return a size of this process in megabytes."""
    lines = STATUS.read_text(encoding="ascii", errors="replace").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{field}:")) / _KB_A_MB


def main() -> None:
    """Order the tables of the file given, or of a town made here, and print the parts of an `Answer`."""
    town.rules()
    argsort = 0.0
    if len(sys.argv) > 1:
        with Path(sys.argv[1]).open("rb") as stream:
            tables = pickle.load(stream)  # noqa: S301 - written by this program a moment ago
        words = town.words("argsort", town.ENTRIES)
        argsort = seconds_of(lambda: np.argsort(words))
        del words
        FORGET_PEAK.write_text("5", encoding="ascii")
    else:
        tables = town.tables()
    before = _status("VmRSS")
    took = seconds_of(lambda: positions(tables))
    print(before, _status("VmHWM"), argsort, took)


if __name__ == "__main__":
    main()
