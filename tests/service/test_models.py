"""The tables refuse rows that would mean nothing."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from service.db import Database
from service.models import Application, Document, Programme, Record, Wish


@pytest.mark.parametrize(
    "row",
    [
        Wish(service="college", application="1", wish=9, facts={}),
        Wish(service="college", application="1", wish=9, organisation="o", programme="ё", facts={}),
        Wish(service="college", application="1", wish=0, programme="ё", facts={}),
        Wish(service="college", application="9", wish=1, programme="ё", facts={}),
        Wish(service="college", application="1", wish=9, programme="none such", facts={}),
        Document(service="college", application="9", category="hero", confirmed=True),
        Document(
            service="college",
            application="1",
            category="hero",
            first_day=date(2026, 2, 1),
            last_day=date(2026, 1, 1),
            confirmed=True,
        ),
        Application(service="none such", number="1", facts={}),
        Application(service="college", number="1", facts={}),
        Programme(service="college", id="p", organisation="", title="", capacity=-1, takes="", facts={}),
    ],
    ids=[
        "a wish for nothing",
        "a wish for two things",
        "wish zero",
        "a wish of nobody",
        "a wish for no programme there is",
        "a document of nobody",
        "a document that ends before it begins",
        "an application to no service",
        "a number twice",
        "a capacity below zero",
    ],
)
def test_a_row_is_refused(college: Database, row: Record) -> None:
    """The database itself keeps rows consistent, whoever writes them."""
    with pytest.raises(IntegrityError), college.writing() as session:
        session.add(row)


def test_facts_come_back_as_they_were_written(college: Database) -> None:
    """An exact fraction stays an exact fraction."""
    with college.writing() as session:
        session.get_one(Application, ("college", "1")).facts = {"grade.average": "14/3"}
    with college.reading() as session:
        assert session.get_one(Application, ("college", "1")).facts == {"grade.average": "14/3"}
