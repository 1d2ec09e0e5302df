"""The municipality of the enrolment tests, for the tests of who may do what there."""

from __future__ import annotations

from tests.service.enrolment.conftest import opened

__all__ = ["opened"]
