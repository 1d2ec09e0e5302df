"""An example municipality of any size: kindergartens, schools, camps, colleges, and all that makes queues hard.

All of it is drawn from a seed by integer arithmetic, so that equal arguments give
equal tables on every machine; no names of people are in it.
"""

from __future__ import annotations

from queue_engine.example.assembly import Case, NumberedCase, Service
from queue_engine.example.town import SERVICES, Town, Written, example_tables, shares
from queue_engine.example.writing import explain_command, order_command, write_example

__all__ = [
    "SERVICES",
    "Case",
    "NumberedCase",
    "Service",
    "Town",
    "Written",
    "example_tables",
    "explain_command",
    "order_command",
    "shares",
    "write_example",
]
