"""The most memory that ordering needs: in a process of its own, counted by the operating system.

The tables are made elsewhere and handed over in a file, so that what building them needed is not
counted, and what it left behind is not used again unseen. Only Linux forgets an earlier peak.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import town
from benchmarks.timing import Row

STATUS = Path("/proc/self/status")
FORGET_PEAK = Path("/proc/self/clear_refs")
MOST_MB = 400
_KB_A_MB = 1024


def rows() -> list[Row]:
    """Return the peak of ordering: as a whole, above the tables, and with the tables built in the same process."""
    what = "peak memory of ordering"
    if not FORGET_PEAK.exists():
        return [Row(what, 0.0, "MB", note="measured on Linux only")]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "tables.pickle"
        file.write_bytes(pickle.dumps(town.tables(), protocol=5))
        before, peak = _in_own_process(file)
    _, with_building = _in_own_process(None)
    return [
        Row(f"{what}, whole process with the tables", peak, "MB", goal=MOST_MB),
        Row(f"{what}, above the tables", peak - before, "MB"),
        Row(f"{what}, tables built in the process too", with_building, "MB"),
    ]


def _in_own_process(file: Path | None) -> tuple[float, float]:
    """Return the megabytes before ordering, and at the peak."""
    command = [sys.executable, "-m", "benchmarks.memory", *([] if file is None else [str(file)])]
    answer = subprocess.run(command, capture_output=True, check=True, text=True, cwd=Path(__file__).parent.parent)
    before, peak = map(float, answer.stdout.split())
    return before, peak


def _status(field: str) -> float:
    """Return a size of this process in megabytes."""
    lines = STATUS.read_text(encoding="ascii", errors="replace").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{field}:")) / _KB_A_MB


def main() -> None:
    """Order the tables of the file given, or of a town made here, and print the memory before and at the peak."""
    from benchmarks.ordering import positions

    town.rules()
    if len(sys.argv) > 1:
        with Path(sys.argv[1]).open("rb") as stream:
            tables = pickle.load(stream)  # noqa: S301 - written by this program a moment ago
        FORGET_PEAK.write_text("5", encoding="ascii")
    else:
        tables = town.tables()
    before = _status("VmRSS")
    queues = positions(tables)
    assert len(queues)
    print(before, _status("VmHWM"))


if __name__ == "__main__":
    main()
