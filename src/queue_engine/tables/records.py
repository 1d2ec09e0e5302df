"""The records the engine orders: applications, their wishes and documents, and the programmes they wish for.

One array a column, and the rows in a canonical order, so that the same facts give
byte-identical results whatever order their rows came in. `tables` makes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import attrs
import numpy as np
import numpy.typing as npt

from queue_engine.errors import Place
from queue_engine.facts import Vocabulary
from queue_engine.tables.columns import Bools, Column
from queue_engine.tables.ids import Ints


@attrs.frozen(eq=False)
class Applications:
    """The applications, in the order of their unique fact (the application number), or else of their ids.

    Args:
        ids: as the caller named them.
        columns: the facts known of an application, by name.

    """

    ids: npt.NDArray[np.str_]
    columns: Mapping[str, Column]

    def __len__(self) -> int:
        """Return the number of applications."""
        return len(self.ids)

    @cached_property
    def row_of(self) -> Mapping[str, int]:
        """The row of each application by its id."""
        return dict(zip(self.ids.tolist(), range(len(self.ids)), strict=True))


@attrs.frozen(eq=False)
class Wishes:
    """What the applications wish for, sorted by (application, wish, programme, organisation).

    Of `organisation` and `programme` exactly one is given in each row, the other is -1.

    Args:
        application: the row in `Applications`.
        wish: the order of preference, from 1.
        organisation: the index into `Programmes.organisations`: any of its programmes.
        programme: the index into `Programmes`.
        columns: the facts known of an application at one organisation, by name.

    """

    application: npt.NDArray[np.int32]
    wish: npt.NDArray[np.int32]
    organisation: npt.NDArray[np.int32]
    programme: npt.NDArray[np.int32]
    columns: Mapping[str, Column]

    def __len__(self) -> int:
        """Return the number of wishes."""
        return len(self.wish)


@attrs.frozen(eq=False)
class Documents:
    """The documents of applications, sorted by (category, application, first, last, confirmed).

    Args:
        application: the row in `Applications`.
        category: the code in `Vocabulary.category_codes`.
        first: the first day it holds; -2**31 = since ever.
        last: the last day it holds, included; 2**31-1 = open end.
        confirmed: whether it is confirmed.

    """

    application: npt.NDArray[np.int32]
    category: npt.NDArray[np.int16]
    first: npt.NDArray[np.int32]
    last: npt.NDArray[np.int32]
    confirmed: Bools

    def __len__(self) -> int:
        """Return the number of documents."""
        return len(self.category)


@attrs.frozen(eq=False)
class Programmes:
    """The programmes one may wish for, sorted by id.

    Args:
        ids: as the caller named them.
        organisations: the distinct organisations, sorted; "" = not given.
        organisation: the index into `organisations` of each programme.
        titles: what people read; "" = not given.
        capacity: the number of places; -1 = not given.
        takes: the condition on who is taken, as written; "" = everyone.
        columns: the facts known of a programme, by name.
        places: where each `takes` stands, for messages.

    """

    ids: tuple[str, ...]
    organisations: tuple[str, ...]
    organisation: npt.NDArray[np.int32]
    titles: tuple[str, ...]
    capacity: Ints
    takes: tuple[str, ...]
    columns: Mapping[str, Column]
    places: tuple[Place, ...]

    def __len__(self) -> int:
        """Return the number of programmes."""
        return len(self.ids)


@attrs.frozen(eq=False)
class Tables:
    """Everything known of one municipality on the day: the input of ordering."""

    vocabulary: Vocabulary
    applications: Applications
    wishes: Wishes
    documents: Documents
    programmes: Programmes
