from __future__ import annotations

import pytest

from queue_engine.verification.findings import Finding, Report, short


def test_a_finding_without_line_names_the_file() -> None:
    """A finding about a whole file has no number."""
    assert str(Finding("V0", "heads.txt", 0, "§1", "is missing")) == "heads.txt: V0 §1: is missing"


def test_a_finding_stays_on_one_printable_line() -> None:
    """What was found cannot move the cursor or break a line."""
    assert str(Finding("V0", "a\nb", 1, "§1", "\x1b[2J\u202e")) == r"a\nb:1: V0 §1: \x1b[2J\u202e"


def test_values_too_large_are_not_repeated() -> None:
    """A value that Python refuses to print is only described."""
    assert short(10**5000) == "a int too large to repeat"
    assert len(short("x" * 1000)) < 100


def test_as_many_as_asked_for_are_kept_whole() -> None:
    """Exactly the most leaves nothing unlisted."""
    report = Report(2)
    for entry in (1, 2):
        report.add("V1", "journal.txt", entry, "§3", "x")
    assert [finding.entry for finding in report.findings()] == [1, 2]


def test_at_least_one_finding_is_kept() -> None:
    """A report that keeps nothing would say that all is well."""
    with pytest.raises(ValueError, match="at least 1"):
        Report(0)
