"""Queues: immutable orders of applications, and who stands where in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import pairwise
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from queue_engine.errors import NotInQueueError
from queue_engine.facts import Title
from queue_engine.reserves import first_reserve
from queue_engine.rules.compile import Component, Mask, Masks, Refusal
from queue_engine.rules.conditions import Holds
from queue_engine.rules.model import Reserve, RuleSet
from queue_engine.tables.records import Tables

Rows = npt.NDArray[np.int64]

GENERAL = "general"
"""The id of the municipality's general queue, in which nothing tied to an organisation counts."""
GENERAL_TITLE = Title("общая очередь муниципалитета", "the municipality's general queue")


@attrs.frozen(eq=False)
class Ranking:
    """Rows ordered within queues: the arrays that `Queue` objects look into.

    Args:
        tables: what was ordered.
        rules: by which rules, dates filled in.
        masks: evaluates further conditions on the same rows.
        application: the application of each row.
        queue: the queue of each row.
        components: what each row has at each step.
        refusals: why rows are not in a queue, in the order reasons are told.
        order: the rows that are in a queue, queue after queue, each in its order.
        starts: where each queue starts in `order`, and the end.
        reserves: the reserves that changed positions.
        entitled: for each of them, which rows are entitled.

    """

    tables: Tables
    rules: RuleSet
    masks: Masks
    application: npt.NDArray[Any]
    queue: npt.NDArray[Any]
    components: tuple[Component, ...]
    refusals: tuple[Refusal, ...]
    order: Rows
    starts: Rows
    reserves: tuple[Reserve, ...] = ()
    entitled: tuple[Mask, ...] = ()

    @cached_property
    def positions(self) -> npt.NDArray[np.int32]:
        """The 1-based position of every row in its queue; 0 = not in it.  Complexity: O(rows)."""
        sizes = np.diff(self.starts)
        found = np.zeros(len(self.application), np.int32)
        numbers = np.arange(1, len(self.order) + 1, dtype=np.int32)
        numbers -= np.repeat(self.starts[:-1].astype(np.int32), sizes)
        found[self.order] = numbers
        return found

    @cached_property
    def deciding(self) -> npt.NDArray[np.int16]:
        """For every place of `order`, what puts it behind the place before.

        The index of a step; the number of steps plus the index of a reserve; -1
        at the head of a queue. Complexity: O(rows × steps).
        """
        steps = len(self.components)
        ahead, behind = self.order[:-1], self.order[1:]
        found = np.full(len(self.order), steps - 1, np.int16)
        worse_ahead = np.zeros(len(behind), np.bool_)
        for index in reversed(range(steps)):
            codes = self.components[index].codes[self.order]
            differs = codes[1:] != codes[:-1]
            found[1:][differs] = index
            worse_ahead[differs] = (codes[1:] < codes[:-1])[differs]
        if self.reserves:
            by_reserve = first_reserve(list(self.entitled), ahead[worse_ahead], behind[worse_ahead])
            found[1:][worse_ahead] = (steps + by_reserve).astype(np.int16)
        heads = self.starts[:-1][np.diff(self.starts) > 0]
        found[heads] = -1
        return found

    def deciding_id(self, code: int) -> str:
        """Return the id of a step or reserve as `deciding` numbers them; "" at the head of a queue."""
        if code < 0:
            return ""
        steps = self.rules.order
        return steps[code].id if code < len(steps) else self.reserves[code - len(steps)].id

    def rows_with(self, fact: str) -> Rows:
        """Return the rows of which a fact is known to hold; none where the vocabulary or the tables do not have it."""
        known = fact in self.tables.vocabulary.facts
        return np.flatnonzero(self.masks.mask(Holds(fact))) if known else np.zeros(0, np.int64)

    def rows_of(self, application: int) -> tuple[int, int]:
        """Return the first row of an application and the row after its last."""
        start, stop = np.searchsorted(self.application, [application, application + 1])
        return int(start), int(stop)


@attrs.frozen(eq=False)
class Queue:
    """One programme's queue, or the general one: who stands at which place, and by which step.

    Args:
        id: the programme's id, or `GENERAL`.
        title: what people read.
        ranking: the arrays.
        index: which queue of the ranking it is.

    """

    id: str
    title: Title
    ranking: Ranking
    index: int

    @property
    def _span(self) -> tuple[int, int]:
        starts = self.ranking.starts
        return int(starts[self.index]), int(starts[self.index + 1])

    @property
    def rows(self) -> Rows:
        """The rows of the ranking in this queue, from the first place to the last."""
        start, stop = self._span
        return self.ranking.order[start:stop]

    def __len__(self) -> int:
        """Return how many applications stand in the queue."""
        start, stop = self._span
        return stop - start

    def __iter__(self) -> Iterator[str]:
        """Yield the applications from the first place to the last."""
        yield from self.applications()

    def applications(self, first: int = 1, last: int | None = None) -> list[str]:
        """Return the applications from position `first` to position `last`, both included."""
        rows = self.rows[max(first, 1) - 1 : last]
        found: list[str] = self.ranking.tables.applications.ids[self.ranking.application[rows]].tolist()
        return found

    def at(self, position: int) -> str:
        """Return the application at a 1-based position.

        Raises:
            NotInQueueError: there is no such position.

        """
        if not 1 <= position <= len(self):
            message = f"queue '{self.id}' has {len(self)} places; there is no place {position}"
            raise NotInQueueError(message)
        return self.applications(position, position)[0]

    def row_of(self, application: str) -> int:
        """Return the row of an application in this queue.

        Raises:
            NotInQueueError: it has no entry here, or is not eligible.

        """
        known = self.ranking.tables.applications.row_of
        if application not in known:
            message = f"there is no application '{application}'"
            raise NotInQueueError(message)
        start, stop = self.ranking.rows_of(known[application])
        for row in range(start, stop):
            if self.ranking.queue[row] == self.index and self.ranking.positions[row]:
                return row
        message = f"application '{application}' is not in queue '{self.id}'"
        raise NotInQueueError(message)

    def position_of(self, application: str) -> int:
        """Return the 1-based position of an application.

        Raises:
            NotInQueueError: it is not in this queue.

        """
        return int(self.ranking.positions[self.row_of(application)])

    def tiers(self, steps: int) -> list[list[str]]:
        """Return the applications along the queue, neighbours together that the first steps of the rules do not part.

        Complexity: O(length × steps).
        """
        rows = self.rows
        differs = np.zeros(max(len(rows) - 1, 0), np.bool_)
        for component in self.ranking.components[:steps]:
            codes = component.codes[rows]
            differs |= codes[1:] != codes[:-1]
        people = self.applications()
        cuts = [0, *(np.flatnonzero(differs) + 1).tolist(), len(rows)]
        return [people[start:stop] for start, stop in pairwise(cuts) if start < stop]

    def decided_by(self) -> list[str]:
        """Return, place by place, the step (or reserve) that puts it behind the place before; "" for the first."""
        start, stop = self._span
        return [self.ranking.deciding_id(code) for code in self.ranking.deciding[start:stop].tolist()]


@attrs.frozen
class NotInQueue:
    """Why an application is not in a queue.

    Args:
        application: its id.
        queue: the programme, the organisation wished for when none of its programmes takes the applicant, or `GENERAL`.
        reasons: ids of eligibility items, names of facts that are not known, or `TAKES`.

    """

    application: str
    queue: str
    reasons: tuple[str, ...]


TAKES = "takes"
"""The reason that a programme does not take the applicant: its own condition fails."""


@attrs.frozen(eq=False)
class Queues(Mapping[str, Queue]):
    """Every queue of a municipality on one day, by programme id; the general one stands beside them.

    Args:
        entries: the ranking of all programmes.
        by_application: the ranking of the general queue.
        untaken: wishes in vain, by row: no programme of the organisation takes the applicant.

    """

    entries: Ranking
    by_application: Ranking
    untaken: npt.NDArray[np.int32] = attrs.field(factory=lambda: np.zeros(0, np.int32))

    @cached_property
    def _index(self) -> dict[str, int]:
        return {name: index for index, name in enumerate(self.entries.tables.programmes.ids)}

    def __getitem__(self, name: str) -> Queue:
        """Return a programme's queue, or the general one by the name `GENERAL`."""
        if name == GENERAL:
            return self.general
        if name not in self._index:
            message = f"there is no queue '{name}'"
            raise NotInQueueError(message)
        index = self._index[name]
        title = self.entries.tables.programmes.titles[index] or name
        return Queue(name, Title(title, title), self.entries, index)

    def __iter__(self) -> Iterator[str]:
        """Yield the programmes, without the general queue."""
        return iter(self.entries.tables.programmes.ids)

    def __len__(self) -> int:
        """Return the number of programmes."""
        return len(self.entries.tables.programmes.ids)

    @property
    def general(self) -> Queue:
        """The municipality's general queue."""
        return Queue(GENERAL, GENERAL_TITLE, self.by_application, 0)

    @property
    def rules(self) -> RuleSet:
        """The rules the queues were ordered by, dates filled in."""
        return self.entries.rules

    def of_application(self, application: str) -> list[Queue]:
        """Return the queues an application stands in, by wish, the general one last.

        Raises:
            NotInQueueError: there is no such application.

        """
        known = self.entries.tables.applications.row_of
        if application not in known:
            message = f"there is no application '{application}'"
            raise NotInQueueError(message)
        start, stop = self.entries.rows_of(known[application])
        names = self.entries.tables.programmes.ids
        found = [self[names[self.entries.queue[row]]] for row in range(start, stop) if self.entries.positions[row]]
        if self.by_application.positions[known[application]]:
            found.append(self.general)
        return found

    def why_not(self, application: str, name: str) -> NotInQueue | None:
        """Return why an application is not in a queue it wished for, by itself or through its organisation.

        Args:
            application: its id.
            name: a programme, an organisation, or `GENERAL`.

        Returns:
            None when it stands there, or never wished to.

        """
        for refusal in self.not_in_queue(application):
            if refusal.queue == name:
                return refusal
        tables = self.entries.tables
        row = tables.applications.row_of.get(application)
        if (
            row is None
            or name not in self._index
            or any(queue.id == name for queue in self.of_application(application))
        ):
            return None
        wished = tables.wishes.organisation[tables.wishes.application == row]
        here = tables.programmes.organisation[self._index[name]]
        return NotInQueue(application, name, (TAKES,)) if bool((wished == here).any()) else None

    def not_in_queue(self, application: str | None = None) -> list[NotInQueue]:
        """Return every application that is not in a queue it wished for, with the reasons; or those of one application.

        Complexity: O(rows × reasons); for one application O(its rows) and one look at the wishes in vain.
        """
        tables = self.entries.tables
        own = None if application is None else tables.applications.row_of.get(application, -1)
        found = []
        for ranking, names in ((self.entries, tables.programmes.ids), (self.by_application, (GENERAL,))):
            start, stop = (0, len(ranking.application)) if own is None else ranking.rows_of(own)
            for row in (start + np.flatnonzero(ranking.positions[start:stop] == 0)).tolist():
                reasons = tuple(refusal.reason for refusal in ranking.refusals if refusal.refuses(row))
                name = str(tables.applications.ids[ranking.application[row]])
                found.append(NotInQueue(name, names[ranking.queue[row]], reasons))
        wishes, organisations = tables.wishes, tables.programmes.organisations
        untaken = self.untaken if own is None else self.untaken[wishes.application[self.untaken] == own]
        for row in untaken.tolist():
            name = str(tables.applications.ids[wishes.application[row]])
            found.append(NotInQueue(name, organisations[wishes.organisation[row]], (TAKES,)))
        return found
