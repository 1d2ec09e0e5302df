from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.queue_engine.verification.small_files import BY_SIBLINGS, DAY, Files, document, example, when

from queue_engine.verification import verify


def said(files: Files, folder: Path) -> list[str]:
    """Return what is wrong with a town, as it is printed."""
    return [str(finding) for finding in verify(files.write(folder))]


def test_a_wrong_digest_is_named(tmp_path: Path) -> None:
    """The digest is that of the queue and the applications, in their order."""
    files = example()
    files.entries[9]["data"]["digest"] = "ab" * 32
    (finding,) = said(files, tmp_path)
    assert finding.startswith(
        f"journal.txt:10: V3 §5: the digest is {'ab' * 32}; of these 3 applications it has to be "
    )


def test_an_order_may_stand_apart(tmp_path: Path) -> None:
    """A changed list in its file has neither the digest nor the order."""
    files = example()
    files.orders[11] = b"B\nA\n"
    digest, order = said(files, tmp_path)
    assert "the digest is" in digest
    assert order == "journal.txt:11: V4 §6: place 1 has 'B'; it has to have 'A' (2 places differ)"


def test_a_missing_list_is_named(tmp_path: Path) -> None:
    """Only the list of nobody may be missing."""
    files = example()
    del files.orders[11]
    assert "orders/11.txt: V0 §1: is missing" in said(files, tmp_path)


def test_a_list_of_nobody_may_be_missing_or_empty(tmp_path: Path) -> None:
    """An order of nobody needs no file, and may have one."""
    files = Files()
    files.publish(BY_SIBLINGS)
    files.add("day_advanced", day=DAY)
    entry = files.order("general")
    assert said(files, tmp_path) == []
    files.orders[entry] = b""
    assert said(files, tmp_path) == []


def test_a_list_beside_a_list_is_no_file_of_the_journal(tmp_path: Path) -> None:
    """An order that is written in its event has no file."""
    files = example()
    files.orders[10] = b"C\nA\nB\n"
    assert said(files, tmp_path) == ["orders/10.txt: V0 §1: the journal has no order for it; it may not be here"]


@pytest.mark.parametrize("line", [b"A ", b"", b"\xff", b"A\r", b"x" * 101])
def test_a_line_that_is_no_id_is_named(tmp_path: Path, line: bytes) -> None:
    """One id a line, and nothing else."""
    files = example()
    files.orders[11] = b"A\n" + line + b"\nB\n"
    (finding,) = said(files, tmp_path)
    assert finding.startswith("orders/11.txt:2: V0 §1: ")


def test_an_order_of_strangers_is_named(tmp_path: Path) -> None:
    """Each application of an order was filed, and its queue is there."""
    files = example()
    files.order("P-9", "X")
    found = said(files, tmp_path)
    assert "journal.txt:17: V3 §5: the queue is 'P-9'; it has to be general or a programme" in found
    assert "journal.txt:17: V3 §5: application 'X' was not filed; in an order it has to be" in found


@pytest.mark.parametrize(
    ("rules", "day", "message"),
    [
        (None, DAY, "no rules of the service before the order; it has to be there"),
        (BY_SIBLINGS, None, "no day before the order; it has to be there"),
        (document(last=DAY - 1), DAY, "is in force on"),
        (document(dates={"start": {}}, eligible=[when("today < start")]), DAY, "nothing gives a day to start"),
    ],
)
def test_an_order_needs_rules_and_a_day(
    tmp_path: Path, rules: dict[str, Any] | None, day: int | None, message: str
) -> None:
    """Without them no order can be right."""
    files = Files()
    if rules is not None:
        files.publish(rules)
    if day is not None:
        files.add("day_advanced", day=day)
    entry = files.order("general")
    (finding,) = said(files, tmp_path)
    assert finding.startswith(f"journal.txt:{entry}: V4 §6: ")
    assert message in finding


@pytest.mark.parametrize(
    ("line", "part", "value", "message"),
    [
        (0, "since", 9, "the first line is"),
        (0, "queue", "P-1", "the first line is"),
        (1, "after", 2, "after of 'B' is 2; it has to be 1"),
        (1, "before", 0, "before of 'B' is 0; it has to be 3"),
        (1, "application", "C", "application of 'B' is 'C'; it has to be \"B\""),
        (1, "parts", [["left", "s1", "", -2]], "parts of 'B' is [['left', 's1', '', -2]]; it has to be [["),
        (1, "note", 1, "has to have after, application, before and parts"),
        (1, "parts", None, "cannot be read: null"),
    ],
)
def test_a_wrong_line_of_changes_is_named(tmp_path: Path, line: int, part: str, value: object, message: str) -> None:
    """Every part of every line is compared."""
    files = example()
    files.changes[16][line][part] = value
    (finding,) = said(files, tmp_path)
    assert finding.startswith(f"changes/16.jsonl:{line + 1}: ")
    assert message in finding


def test_missing_changes_are_named(tmp_path: Path) -> None:
    """A file, a line of it, and a line too many."""
    files = example()
    rows = files.changes.pop(16)
    assert said(files, tmp_path) == ["changes/16.jsonl: V4 §7: is missing"]
    files.changes[16] = rows[:-1]
    assert said(files, tmp_path) == ["changes/16.jsonl:5: V4 §7: the line of 'A' is missing"]
    files.changes[16] = [*rows, rows[-1]]
    assert said(files, tmp_path) == ["changes/16.jsonl:6: V4 §7: no more line has to follow"]
    files.changes[16] = []
    assert said(files, tmp_path)[0].startswith("changes/16.jsonl:1: ")


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ([["own", "s1", "", -1]], "make 2; they have to make after"),
        ([["own", "s1", "", -1], ["left", "s1", "", -1]], "they have to be sorted parts"),
        ([["own", "s1", "", -1], ["own", "s1", "", -1]], "they have to be sorted parts"),
        ([["own", "s1", "", 0], ["own", "s2", "", -2]], "they have to be sorted parts"),
        ([["own", "s1", -2]], "they have to be sorted parts"),
        ([["luck", "s1", "", -2]], "they have to be sorted parts"),
        ([[["own"], "s1", "", -2]], "they have to be sorted parts"),
        ([["own", "s1", "", True]], "they have to be sorted parts"),
        ("none", "they have to be sorted parts"),
        ([["rules", "x", "", -2]], None),
    ],
)
def test_changes_of_an_order_that_is_not_right_have_to_add_up(
    tmp_path: Path, parts: object, message: str | None
) -> None:
    """Where the order cannot be checked, its changes are still counted together."""
    files = example()
    for entry in files.entries[:2]:
        entry.update(kind="day_advanced", data={"day": DAY - 5 + entry["entry"]})
    files.rules.clear()
    files.changes[16][1]["parts"] = parts
    found = [finding for finding in said(files, tmp_path) if finding.startswith("changes/")]
    assert found == [] if message is None else message in found[0]


def test_every_queue_has_a_history_of_its_own(tmp_path: Path) -> None:
    """The second order of a programme is explained from its first, whatever was published of the general queue."""
    files = example()
    moves: list[tuple[Any, ...]] = [
        ("B", 2, 1, ["left", "s1", "", -1]),
        ("D", 0, 2, ["own", "", "", 1], ["own", "s1", "", 1]),
        ("A", 1, 0, ["own", "", "", -1]),
    ]
    files.explain(files.order("P-1", "B", "D"), 11, moves, queue="P-1")
    assert said(files, tmp_path) == []
