"""The tables, one file a module of the service."""

from __future__ import annotations

from service.models.enrolment import Application, Document, Programme, Service, Wish
from service.models.record import Record

__all__ = ["Application", "Document", "Programme", "Record", "Service", "Wish"]
