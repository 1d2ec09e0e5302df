"""The example municipality: whole, equal for equal seeds, and never over something that is there."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from tests.service.conftest import APPLICATIONS, RULES, SEED, Town

from queue_engine import LiveTown, RuleError
from queue_engine.followed import known_rules
from service.enrolment.seeding import make_example


def _content(path: Path) -> list[str]:
    """Return what is stored, but for accounts (their passwords are salted) and what those who signed in have left."""
    changing = tuple(f'INSERT INTO "{table}"' for table in ("account", "audit_entry", "sign_in"))
    with sqlite3.connect(path) as connection:
        lines = [line for line in connection.iterdump() if not line.startswith(changing)]
    connection.close()
    return lines


def test_equal_seeds_give_equal_databases(town: Town, tmp_path: Path) -> None:
    """The same size and seed store the same rows; another seed does not."""
    make_example(tmp_path / "a.sqlite", RULES, applications=APPLICATIONS, seed=SEED)
    make_example(tmp_path / "b.sqlite", RULES, applications=APPLICATIONS, seed=SEED + 1)
    assert _content(tmp_path / "a.sqlite") == _content(town.settings.database)
    assert _content(tmp_path / "b.sqlite") != _content(town.settings.database)


def test_what_is_there_is_never_overwritten(tmp_path: Path) -> None:
    """A file of that name is left as it is."""
    (tmp_path / "a.sqlite").write_text("precious", encoding="utf-8")
    with pytest.raises(FileExistsError, match="remove it first"):
        make_example(tmp_path / "a.sqlite", RULES, applications=100, seed=1)
    assert (tmp_path / "a.sqlite").read_text(encoding="utf-8") == "precious"


def test_an_interrupted_start_leaves_no_database(tmp_path: Path) -> None:
    """Whatever stops it half-way, the next start begins anew and succeeds."""

    def stop(text: str) -> None:
        if text.startswith("storing"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_example(tmp_path / "a.sqlite", RULES, applications=100, seed=1, progress=stop)
    assert not (tmp_path / "a.sqlite").exists()
    make_example(tmp_path / "a.sqlite", RULES, applications=100, seed=1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.sqlite"]


def test_missing_rules_are_told(tmp_path: Path) -> None:
    """Without the rules folder nothing is made, and the problem names the file."""
    with pytest.raises(RuleError, match="kindergarten"):
        make_example(tmp_path / "a.sqlite", tmp_path / "none", applications=100, seed=1)
    assert not (tmp_path / "a.sqlite").exists()


def test_the_example_stands_as_the_engine_orders_it_from_its_journal(town: Town) -> None:
    """Followed event by event, every queue of every service is that of the definition."""
    rules = known_rules([RULES])
    for service, queues in town.ordered.items():
        live = LiveTown.of(town.journal, rules, service)
        for name in (*queues, "general"):
            assert list(live.line(name)) == queues[name].applications()
