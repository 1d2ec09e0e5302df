"""Tables -> events: a register that was kept elsewhere is taken over into a journal, as it stands on a day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import attrs
import numpy as np

from queue_engine import Tables
from queue_engine.events import Event
from queue_engine.events import applications as on
from queue_engine.events import municipality as of_town
from queue_engine.events.model import Value, Wish
from queue_engine.facts import FactType
from queue_engine.tables.columns import Column

GIVEN = frozenset({"application.active", "application.number", "application.submitted_at", "application.submitted_on"})
"""Facts that a journal has in other places: status, number and time."""
_SINCE_EVER, _OPEN_END = -(2**31), 2**31 - 1
_INACTIVE = "не действует по переданным данным"
_DAY_SECONDS = 86_400


@attrs.frozen(eq=False)
class Register:
    """A register to be taken over.

    Args:
        tables: programmes, applications, wishes, documents.
        service: of which service; ids in the journal begin with it.
        by: what each event is stamped with: `at`, `actor`.
        day: the day it is taken over on, for applications whose time is not known.

    """

    tables: Tables
    service: str
    by: Mapping[str, Any]
    day: int

    def events(self, known: frozenset[str] = frozenset(), first_number: int = 1) -> Iterator[Event]:
        """Yield what happened, by the time of the applications: programmes, then each application with its documents.

        Args:
            known: programmes that are open already.
            first_number: the number of the first application that has none of its own.

        Complexity: linear in the rows.

        """
        yield from self._programmes(known)
        numbers, times = self._numbers(first_number), self._times()
        wishes, documents = self._wishes(), self._documents()
        applications = self.tables.applications
        facts = _facts_of(applications.columns)
        active = applications.columns.get("application.active")
        for row in np.lexsort((numbers, times)).tolist():
            name = self.name_of(numbers[row])
            yield on.Filed(name, numbers[row], times[row], facts(row), wishes.get(row, []), self.service, **self.by)
            for outcome in ("taken", "registered"):
                yield on.Reviewed(name, outcome, **self.by)
            yield from (each(name) for each in documents.get(row, []))
            if active is not None and _is_known(active, row) and not active.values[row]:
                yield on.Suspended(name, _INACTIVE, **self.by)

    def name_of(self, number: int) -> str:
        """Return the id an application gets in the journal."""
        return f"{self.service}-{number}"

    def _programmes(self, known: frozenset[str]) -> Iterator[Event]:
        programmes = self.tables.programmes
        facts = _facts_of(programmes.columns)
        for row, name in enumerate(programmes.ids):
            if name not in known:
                organisation = programmes.organisations[programmes.organisation[row]]
                capacity = int(programmes.capacity[row])
                yield of_town.ProgrammeOpened(
                    name,
                    organisation,
                    programmes.titles[row],
                    capacity if capacity >= 0 else None,
                    programmes.takes[row],
                    facts(row),
                    self.service,
                    **self.by,
                )

    def _numbers(self, first: int) -> list[int]:
        column = self.tables.applications.columns.get("application.number")
        count = len(self.tables.applications)
        return [int(each) for each in column.values] if column is not None else list(range(first, first + count))

    def _times(self) -> list[int]:
        """Return when each application was made, in civil seconds; those whose day alone is known at its beginning."""
        columns = self.tables.applications.columns
        count = len(self.tables.applications)
        if "application.submitted_at" in columns:
            return [int(each) for each in columns["application.submitted_at"].values]
        if "application.submitted_on" in columns:
            return [int(each) * _DAY_SECONDS for each in columns["application.submitted_on"].values]
        return [self.day * _DAY_SECONDS] * count

    def _wishes(self) -> dict[int, list[Wish]]:
        wishes, programmes = self.tables.wishes, self.tables.programmes
        facts = _facts_of(wishes.columns)
        found: dict[int, list[Wish]] = {}
        for row, application in enumerate(wishes.application.tolist()):
            programme, organisation = int(wishes.programme[row]), int(wishes.organisation[row])
            wish = Wish(
                programmes.ids[programme] if programme >= 0 else "",
                programmes.organisations[organisation] if organisation >= 0 else "",
                facts(row),
            )
            found.setdefault(application, []).append(wish)
        return found

    def _documents(self) -> dict[int, list[Callable[[str], Event]]]:
        """Return what makes the events of each application's documents, once its id is known."""
        documents = self.tables.documents
        names = list(self.tables.vocabulary.category_codes)
        found: dict[int, list[Callable[[str], Event]]] = {}
        for row, application in enumerate(documents.application.tolist()):
            category = names[documents.category[row]]
            first, last = int(documents.first[row]), int(documents.last[row])
            made = found.setdefault(application, [])
            document = f"{category}-{len(made) + 1}"
            days = None if first == _SINCE_EVER else first, None if last == _OPEN_END else last

            def added(name: str, document: str = document, category: str = category, days: Any = days) -> Event:  # noqa: ANN401
                return on.DocumentAdded(name, document, category, *days, **self.by)

            def confirmed(name: str, document: str = document) -> Event:
                return on.DocumentConfirmed(name, document, **self.by)

            made.append(added)
            if documents.confirmed[row]:
                made.append(confirmed)
        return found


def _facts_of(columns: Mapping[str, Column]) -> Callable[[int], dict[str, Value]]:
    """Return what gives the facts known of a row, as journals keep them."""
    kept = [(name, column) for name, column in sorted(columns.items()) if name not in GIVEN]

    def facts(row: int) -> dict[str, Value]:
        return {name: _value(column, row) for name, column in kept if _is_known(column, row)}

    return facts


def _value(column: Column, row: int) -> Value:
    value = column.values[row]
    return column.labels[value] if column.fact.type is FactType.CHOICE else int(value)


def _is_known(column: Column, row: int) -> bool:
    return column.known is None or bool(column.known[row])
