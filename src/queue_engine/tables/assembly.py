"""From sheets to records: who is named where, do the rows fit each other, and in what order do they stand.

Each function reports what is wrong to its sheet and goes on; what it returns is
of use only when nothing was reported.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs
import numpy as np

from queue_engine.facts import Fact, FactType, Per, Title, Vocabulary
from queue_engine.tables.cells import BadCell, shown
from queue_engine.tables.columns import Column, disagreeing, read_column
from queue_engine.tables.ids import Ids, Ints, first_rows, repeats, sorted_order, whole_numbers
from queue_engine.tables.records import Applications, Documents, Programmes, Wishes
from queue_engine.tables.sheets import Sheet

SINCE_EVER = -(2**31)
OPEN_END = 2**31 - 1

_NO_TITLE = Title("", "")
_WISH = Fact("wish", FactType.NUMBER, _NO_TITLE, least=1, most=OPEN_END)
_CAPACITY = Fact("capacity", FactType.NUMBER, _NO_TITLE, least=0, most=10**9)
_DAY = Fact("day", FactType.DATE, _NO_TITLE)
_CONFIRMED = Fact("confirmed", FactType.YES_NO, _NO_TITLE)


@attrs.frozen(eq=False)
class Given:
    """The sheets there are, and whom the rows of the entries name.

    Args:
        vocabulary: what may be known.
        entries: the wishes.
        applications: None = the applications are those the entries name.
        documents: None = there are none.
        programmes: None = the programmes are those the entries name.
        application: the application of each row of the entries.

    """

    vocabulary: Vocabulary
    entries: Sheet
    applications: Sheet | None
    documents: Sheet | None
    programmes: Sheet | None
    application: Ids

    def facts(self, per: Per) -> list[Fact]:
        """Return the facts known of applications, entries or programmes."""
        return [fact for fact in self.vocabulary.facts.values() if fact.per is per]


def read_programmes(given: Given, wished: Ids) -> Programmes:
    """Return the programmes of their table, or else those the entries name, sorted by id."""
    sheet = given.programmes
    if sheet is None:
        ids = wished
        sheet = attrs.evolve(given.entries, columns={})
    else:
        ids = sheet.ids("programme")
        sheet.filled("programme", ids.codes < 0)
        for index, first in ids.repeated():
            message = f'programme "{ids.texts[ids.codes[index]]}" stands in row {sheet.rows[first]} already'
            sheet.report(index, "programme", BadCell(0, "T042", message, "keep one of the rows", ""))
    texts = tuple(sorted(ids.texts))
    number = {text: index for index, text in enumerate(texts)}
    rows = first_rows(ids.within(number), len(texts))
    at = sheet.ids("organisation")
    organisation = [at.texts[code] if code >= 0 else "" for code in at.codes[rows].tolist()]
    organisations = tuple(sorted(set(organisation)))
    capacity = sheet.column("capacity", _CAPACITY)
    titles, takes = sheet.texts("title"), sheet.texts("takes")
    index_of = {text: index for index, text in enumerate(organisations)}
    return Programmes(
        ids=texts,
        organisations=organisations,
        organisation=np.array([index_of[text] for text in organisation], np.int32),
        titles=tuple(titles[row] for row in rows.tolist()),
        capacity=(_values_or(capacity, -1) if capacity else np.full(len(sheet), -1))[rows].astype(np.int64),
        takes=tuple(takes[row] for row in rows.tolist()),
        columns=_facts(given, Per.PROGRAMME, given.programmes, rows, wished.within(number))[0],
        places=tuple(sheet.place(row, "takes") for row in rows.tolist()),
    )


def read_applications(given: Given) -> tuple[Applications, Ints]:
    """Return the applications in canonical order, and the application of each row of the entries (-1 = nobody)."""
    sheet, wished = given.applications, given.application
    if sheet is None:
        ids, owner = wished, wished.codes
    else:
        ids = sheet.ids("application")
        sheet.filled("application", ids.codes < 0)
        for index, first in ids.repeated():
            message = f'application "{ids.texts[ids.codes[index]]}" stands in row {sheet.rows[first]} already'
            sheet.report(index, "application", BadCell(0, "T040", message, "keep one of the rows", ""))
        owner = wished.within({text: code for code, text in enumerate(ids.texts)})
        if sheet.whole:
            given.entries.unknown("application", wished, owner, "T030", "application")
    given.entries.filled("application", wished.codes < 0)
    columns, rows_of = _facts(given, Per.APPLICATION, sheet, ids.first, owner)
    _refuse_shared_values(given, columns, rows_of)
    columns = _with_number(given.vocabulary, ids, columns)
    order = _application_order(ids, columns)
    rank = np.empty(len(order) + 1, np.int64)
    rank[order] = np.arange(len(order))
    rank[-1] = -1  # the row of nobody
    taken = {name: column.take(order) for name, column in columns.items()}
    return Applications(ids.array()[order], taken), rank[owner]


def read_wishes(given: Given, owner: Ints, wished: Ids, offered: Programmes) -> Wishes:
    """Return the wishes in canonical order, after checking that each names something there is, and once."""
    sheet, columns = given.entries, given.entries.columns
    programme = wished.within({text: index for index, text in enumerate(offered.ids)})
    at = sheet.ids("organisation")
    organisation = at.within({text: index for index, text in enumerate(offered.organisations)})
    if given.programmes is None and "organisation" in columns:
        remedy = "give the programmes table, which says what an organisation offers"
        sheet.report(None, "organisation", BadCell(0, "T035", "organisations need the programmes table", remedy, ""))
    elif given.programmes is not None and given.programmes.whole:
        sheet.unknown("programme", wished, programme, "T031", "programme", offered.ids)
        sheet.unknown("organisation", at, organisation, "T032", "organisation", offered.organisations)
    field = "programme" if "programme" in columns else "organisation"
    if field in columns:
        sheet.filled(field, (wished.codes < 0) & (at.codes < 0), "the id of a programme or an organisation")
    both = np.flatnonzero((programme >= 0) & (organisation >= 0))
    for index in both[offered.organisation[programme[both]] != organisation[both]].tolist():
        belongs = offered.organisations[offered.organisation[programme[index]]]
        message = (
            f'programme "{offered.ids[programme[index]]}" is at organisation "{belongs}", not at the one of this row'
        )
        sheet.report(
            index, "organisation", BadCell(0, "T034", message, "correct one of the two, or leave one empty", "")
        )
    organisation[programme >= 0] = -1
    _refuse_wished_twice(sheet, owner, programme, organisation, offered)
    wish = sheet.column("wish", _WISH)
    if wish is not None and wish.known is not None:
        sheet.filled("wish", ~wish.known, "the order of preference, from 1")
    number = np.ones(len(sheet), np.int32) if wish is None else wish.values
    order = np.lexsort((organisation, programme, number, owner))
    facts = {fact.name: sheet.column(fact.name) for fact in given.facts(Per.ENTRY)}
    return Wishes(
        application=owner[order].astype(np.int32),
        wish=number[order],
        organisation=organisation[order].astype(np.int32),
        programme=programme[order].astype(np.int32),
        columns={name: column.take(order) for name, column in facts.items() if column is not None},
    )


def read_documents(given: Given, people: Applications) -> Documents:
    """Return the documents in canonical order, after checking whose they are and what they confirm."""
    sheet = given.documents
    if sheet is None:
        nothing = np.zeros(0, np.int32)
        return Documents(nothing, nothing.astype(np.int16), nothing, nothing, nothing.astype(np.bool_))
    whose, what = sheet.ids("application"), sheet.ids("category")
    sheet.filled("application", whose.codes < 0)
    sheet.filled("category", what.codes < 0, "the category it confirms")
    owner = whose.within({text: row for row, text in enumerate(people.ids.tolist())})
    if given.entries.whole if given.applications is None else given.applications.whole:
        sheet.unknown("application", whose, owner, "T030", "application")
    codes = given.vocabulary.category_codes
    category = what.within(codes)
    sheet.unknown("category", what, category, "T033", "category", codes)
    begins, ends, proved = sheet.column("from", _DAY), sheet.column("to", _DAY), sheet.column("confirmed", _CONFIRMED)
    first = _values_or(begins, SINCE_EVER) if begins else np.full(len(sheet), SINCE_EVER)
    last = _values_or(ends, OPEN_END) if ends else np.full(len(sheet), OPEN_END)
    for index in np.flatnonzero(first > last).tolist():
        message = f"the document ends {_DAY.show(int(last[index]))}, before it begins {_DAY.show(int(first[index]))}"
        sheet.report(
            index, "to", BadCell(0, "T051", message, "correct one of the two days", _DAY.show(int(last[index])))
        )
    confirmed = proved.values if proved else np.zeros(len(sheet), np.bool_)
    order = np.lexsort((confirmed, last, first, owner, category))
    return Documents(
        application=owner[order].astype(np.int32),
        category=category[order].astype(np.int16),
        first=first[order].astype(np.int32),
        last=last[order].astype(np.int32),
        confirmed=confirmed[order],
    )


def _facts(
    given: Given, per: Per, home: Sheet | None, rows: Ints, owner: Ints
) -> tuple[dict[str, Column], dict[str, tuple[Sheet, Ints]]]:
    """Return the facts of applications or programmes, from their own table or repeated in the entries.

    Args:
        given: the sheets.
        per: of what.
        home: their own table; None = they have none.
        rows: the row of each in its own table.
        owner: which of them each row of the entries speaks of.

    Returns:
        The columns by name, and for each the sheet it stands in and the row of each value.

    """
    entries, columns, rows_of = given.entries, {}, {}
    first = first_rows(owner, len(rows))
    for fact in given.facts(per):
        own = None if home is None else home.column(fact.name)
        repeated = entries.column(fact.name)
        if own is not None and home is not None:
            columns[fact.name], rows_of[fact.name] = own.take(rows), (home, rows)
            if repeated is not None:
                remedy = f"keep it in one of them; it stands in {home.name} too"
                entries.report(None, fact.name, BadCell(0, "T014", "this fact stands in two tables", remedy, fact.name))
        elif repeated is not None:
            columns[fact.name], rows_of[fact.name] = repeated.take(first), (entries, first)
            for index in disagreeing(repeated, owner, first).tolist():
                message = f"this {per.value} has another value in row {entries.rows[first[owner[index]]]}"
                entries.report(index, fact.name, BadCell(0, "T050", message, "write one value in all its rows", ""))
    return columns, rows_of


def _refuse_shared_values(
    given: Given, columns: Mapping[str, Column], rows_of: Mapping[str, tuple[Sheet, Ints]]
) -> None:
    """Report every value of a unique fact that an application of an earlier row has already."""
    for fact in given.facts(Per.APPLICATION):
        if not fact.unique or fact.name not in columns:
            continue
        column, (sheet, rows) = columns[fact.name], rows_of[fact.name]
        known = np.flatnonzero(rows >= 0 if column.known is None else column.known & (rows >= 0))
        in_file = known[np.argsort(rows[known], kind="stable")]
        for later, earlier in repeats(column.values[in_file]):
            index, first = (int(rows[in_file[position]]) for position in (later, earlier))
            value = column.values[in_file[later]]
            text = column.labels[value] if column.labels else fact.show(int(value))
            message = f'"{shown(text)}" stands in row {sheet.rows[first]} already, for another application'
            sheet.report(index, fact.name, BadCell(0, "T043", message, "give each application its own", text))


def _refuse_wished_twice(sheet: Sheet, owner: Ints, programme: Ints, organisation: Ints, offered: Programmes) -> None:
    """Report every wish of an application for what an earlier row of it wishes already."""
    target = np.where(programme >= 0, programme, len(offered) + organisation)
    rows = np.flatnonzero((owner >= 0) & ((programme >= 0) | (organisation >= 0)))
    pair = owner[rows] * (len(offered) + len(offered.organisations)) + target[rows]
    for later, earlier in repeats(pair):
        index, field = int(rows[later]), "programme" if programme[rows[later]] >= 0 else "organisation"
        message = f"this application wishes the same {field} in row {sheet.rows[int(rows[earlier])]} already"
        sheet.report(index, field, BadCell(0, "T041", message, "keep one of the rows", ""))


def _with_number(vocabulary: Vocabulary, ids: Ids, columns: dict[str, Column]) -> dict[str, Column]:
    """Return the columns, with the unique number made from the ids when no unique fact is given and they serve."""
    unique = [fact for fact in vocabulary.facts.values() if fact.unique and fact.per is Per.APPLICATION]
    numeric = [fact for fact in unique if fact.type is FactType.NUMBER]
    if not numeric or any(fact.name in columns for fact in unique):
        return columns
    numbers = whole_numbers(ids.texts)
    if numbers is None or repeats(numbers):
        return columns
    made, bad = read_column(vocabulary, numeric[0], numbers)
    return columns if bad else {**columns, made.fact.name: made}


def _application_order(ids: Ids, columns: Mapping[str, Column]) -> Ints:
    """Return the applications in the order of the first unique fact known of all of them, or else of their ids."""
    for column in columns.values():
        if column.fact.unique and column.known is None:
            return np.argsort(column.values, kind="stable")
    return sorted_order(ids.texts)


def _values_or(column: Column, absent: int) -> Ints:
    """Return the values of a column, `absent` where they are not known."""
    values = column.values.astype(np.int64)
    return values if column.known is None else np.where(column.known, values, absent)
