"""The tables, one file a module of the service."""

from __future__ import annotations

from service.models.access import Account, Assignment, AuditEntry, SignIn
from service.models.cards import ApplicationCard, Upload
from service.models.enrolment import Application, Document, Programme, Service, Wish
from service.models.journal import ApplicationStatus, JournalEntry, JournalHead
from service.models.record import Record

__all__ = [
    "Account",
    "Application",
    "ApplicationCard",
    "ApplicationStatus",
    "Assignment",
    "AuditEntry",
    "Document",
    "JournalEntry",
    "JournalHead",
    "Programme",
    "Record",
    "Service",
    "SignIn",
    "Upload",
    "Wish",
]
