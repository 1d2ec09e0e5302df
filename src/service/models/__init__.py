"""The tables, one file a module of the service."""

from __future__ import annotations

from service.models.access import Account, Assignment, AuditEntry, SignIn
from service.models.cards import ApplicationCard, Upload
from service.models.journal import ApplicationStatus, JournalEntry, JournalHead
from service.models.record import Record
from service.models.rounds import Round, RoundFile, RuleFile

__all__ = [
    "Account",
    "ApplicationCard",
    "ApplicationStatus",
    "Assignment",
    "AuditEntry",
    "JournalEntry",
    "JournalHead",
    "Record",
    "Round",
    "RoundFile",
    "RuleFile",
    "SignIn",
    "Upload",
]
