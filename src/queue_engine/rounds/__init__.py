"""Allocation rounds: what is frozen, how places are given, what is checked, and what becomes of it."""

from __future__ import annotations

from queue_engine.rounds.checking import check_round, refuse_unsound
from queue_engine.rounds.folder import freeze_digest, read_frozen, result_digest, write_round
from queue_engine.rounds.freezing import Calling, freeze
from queue_engine.rounds.model import (
    CODES,
    Applicant,
    CutOff,
    Frozen,
    Outcome,
    Placed,
    Programme,
    RoundError,
    SeatReserve,
)
from queue_engine.rounds.places import PlacesRow, places_of, read_places
from queue_engine.rounds.running import run

__all__ = [
    "CODES",
    "Applicant",
    "Calling",
    "CutOff",
    "Frozen",
    "Outcome",
    "Placed",
    "PlacesRow",
    "Programme",
    "RoundError",
    "SeatReserve",
    "check_round",
    "freeze",
    "freeze_digest",
    "places_of",
    "read_frozen",
    "read_places",
    "refuse_unsound",
    "result_digest",
    "run",
    "write_round",
]
