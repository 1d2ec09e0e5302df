"""Enrolment queues by declared rules: the order of places, and the grounds of every place.

Rule files say who stands ahead of whom; tables say who applied; a day says when.
`order` gives every queue, `standing` says why a place is what it is.

>>> from datetime import date
>>> from pathlib import Path
>>> rules = load_rules(Path("rules/region-74/kindergarten.yaml"))
>>> tables = build_tables(
...     rules.vocabulary,
...     entries={"application": [1, 2, 3], "programme": ["Garden 5, age 3", "Garden 5, age 3", "Garden 5, age 3"]},
...     applications={
...         "application": [1, 2, 3],
...         "child.birth_date": ["2023-05-01", "2023-02-11", "2023-06-30"],
...         "child.desired_date": ["2026-04-01", "2026-04-01", "2026-04-01"],
...         "application.submitted_at": ["2024-01-10 09:00:00", "2025-03-01 12:30:00", "2024-02-02 10:00:00"],
...         "application.active": ["yes", "yes", "yes"],
...     },
...     documents={
...         "application": [2], "category": ["large_family"], "from": ["2025-09-01"], "confirmed": ["yes"],
...     },
... )
>>> queues = order(tables, rules, date(2026, 4, 15), {"study_start": date(2026, 9, 1)})
>>> queues["Garden 5, age 3"].applications()
['2', '1', '3']
>>> standing(queues["Garden 5, age 3"], "1").ahead_by_step()
{'held': 0, 'right': 1, 'territory': 0, 'sibling': 0, 'submitted': 0, 'number': 0}

"""

from queue_engine.canonical import JournalError
from queue_engine.cases.report import CaseReport, check_cases
from queue_engine.change_wording import change_for_officer, change_for_parent
from queue_engine.changes import MassEffect, PositionChange, Posting, pairwise_difference
from queue_engine.difference import Difference, difference, level_difference
from queue_engine.due import due_events
from queue_engine.entries import Entries, derive_entries
from queue_engine.errors import (
    NotInQueueError,
    OrderError,
    Place,
    Problem,
    QueueEngineError,
    RuleError,
    TableError,
    errors_of,
)
from queue_engine.example import write_example
from queue_engine.explanation import Ahead, Own, PublicPart, Standing, public_parts, standing
from queue_engine.facts import Category, Fact, FactType, NamedDate, Per, Title, Unknown, Vocabulary
from queue_engine.journal import Journal, read_journal
from queue_engine.keys import KeyLayout
from queue_engine.ledger import position_change
from queue_engine.live_queue import LiveQueue
from queue_engine.live_town import LiveTown
from queue_engine.ordering import order
from queue_engine.portal_counters import portal_changes, portal_standing
from queue_engine.public_changes import PublicChange, public_changes
from queue_engine.publication import write_public_files
from queue_engine.queue import NotInQueue, Queue, Queues
from queue_engine.replay import replay
from queue_engine.reports import queue_rows, write_csv
from queue_engine.rule_documents import rule_document, rules_digest
from queue_engine.rules.amendments import effective
from queue_engine.rules.check import check_library, check_rules, load_rules
from queue_engine.rules.days import rules_on
from queue_engine.rules.loading import RuleLibrary, read_library
from queue_engine.rules.model import Ground, Group, LegalBasis, Reserve, RuleSet, Step
from queue_engine.rules.vocabulary import load_vocabulary
from queue_engine.shifts import Shift
from queue_engine.state import State
from queue_engine.tables import build_tables
from queue_engine.tables.columns import Column
from queue_engine.tables.reading import read_csv, read_tables
from queue_engine.tables.records import Applications, Documents, Programmes, Tables, Wishes
from queue_engine.wording import refusal_lines, standing_for_officer, standing_for_parent

__version__ = "0.1.0"

__all__ = [
    "Ahead",
    "Applications",
    "CaseReport",
    "Category",
    "Column",
    "Difference",
    "Documents",
    "Entries",
    "Fact",
    "FactType",
    "Ground",
    "Group",
    "Journal",
    "JournalError",
    "KeyLayout",
    "LegalBasis",
    "LiveQueue",
    "LiveTown",
    "MassEffect",
    "NamedDate",
    "NotInQueue",
    "NotInQueueError",
    "OrderError",
    "Own",
    "Per",
    "Place",
    "PositionChange",
    "Posting",
    "Problem",
    "Programmes",
    "PublicChange",
    "PublicPart",
    "Queue",
    "QueueEngineError",
    "Queues",
    "Reserve",
    "RuleError",
    "RuleLibrary",
    "RuleSet",
    "Shift",
    "Standing",
    "State",
    "Step",
    "TableError",
    "Tables",
    "Title",
    "Unknown",
    "Vocabulary",
    "Wishes",
    "build_tables",
    "change_for_officer",
    "change_for_parent",
    "check_cases",
    "check_library",
    "check_rules",
    "derive_entries",
    "difference",
    "due_events",
    "effective",
    "errors_of",
    "level_difference",
    "load_rules",
    "load_vocabulary",
    "order",
    "pairwise_difference",
    "portal_changes",
    "portal_standing",
    "position_change",
    "public_changes",
    "public_parts",
    "queue_rows",
    "read_csv",
    "read_journal",
    "read_library",
    "read_tables",
    "refusal_lines",
    "replay",
    "rule_document",
    "rules_digest",
    "rules_on",
    "standing",
    "standing_for_officer",
    "standing_for_parent",
    "write_csv",
    "write_example",
    "write_public_files",
]
