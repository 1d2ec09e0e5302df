"""The tables, one file a module of the service."""

from __future__ import annotations

from service.models.enrolment import Application, Document, Programme, Service, Wish
from service.models.journal import ApplicationStatus, JournalEntry, JournalHead
from service.models.record import Record

__all__ = [
    "Application",
    "ApplicationStatus",
    "Document",
    "JournalEntry",
    "JournalHead",
    "Programme",
    "Record",
    "Service",
    "Wish",
]
