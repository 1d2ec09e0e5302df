"""Tables as people give them → the records the engine orders: CSV files or columns, every bad cell at once."""

from __future__ import annotations

from queue_engine.tables.assembly import OPEN_END, SINCE_EVER
from queue_engine.tables.building import build_tables
from queue_engine.tables.columns import Column
from queue_engine.tables.reading import read_csv, read_csv_bytes, read_tables
from queue_engine.tables.records import Applications, Documents, Programmes, Tables, Wishes
from queue_engine.tables.sheets import CODES, TextTable

__all__ = [
    "CODES",
    "OPEN_END",
    "SINCE_EVER",
    "Applications",
    "Column",
    "Documents",
    "Programmes",
    "Tables",
    "TextTable",
    "Wishes",
    "build_tables",
    "read_csv",
    "read_csv_bytes",
    "read_tables",
]
