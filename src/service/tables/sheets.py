"""A table that was read: its header, its rows as texts, and what is wrong with the file, by row and column."""

from __future__ import annotations

import attrs

MESSAGES = {
    "empty": ("в файле нет заголовка", "the file has no header"),
    "encoding": ("это не текст UTF-8 и не Windows-1251", "this is no text in UTF-8 or Windows-1251"),
    "quote": ("кавычка не закрыта или не удвоена", "a quote is not closed, or not doubled"),
    "width": ("в строке больше ячеек, чем в заголовке", "the row has more cells than the header"),
    "no-name": ("у столбца с данными нет названия", "a column with values has no name"),
    "twice": ("столбец с таким названием уже есть", "a column of this name stands twice"),
    "error-cell": ("в ячейке ошибка вычисления", "the cell holds an error of a formula"),
    "long": ("текст ячейки слишком длинный", "the text of the cell is too long"),
    "not-xlsx": ("это не книга XLSX", "this is no XLSX workbook"),
    "unpacked": ("книга слишком велика в распакованном виде", "the workbook is too large when unpacked"),
    "cells": ("лист слишком велик", "the sheet is too large"),
    "no-sheet": ("листа с таким названием нет", "there is no sheet of this name"),
}


@attrs.frozen(order=True)
class TableProblem:
    """What is wrong with a file, a row or a cell of it.

    Args:
        row: the row of the file; the header is usually row 1; 0 = the whole file.
        column: the name of the column; "" = the whole row.
        code: one of `MESSAGES`.
        found: what was found there.

    """

    row: int
    column: str
    code: str
    found: str = ""

    def message(self, lang: str) -> str:
        """Return what is wrong, in Russian ("ru") or English.

        >>> TableProblem(3, "", "width", "7").message("en")
        'the row has more cells than the header: 7'

        """
        text = MESSAGES[self.code][lang != "ru"]
        return f"{text}: {self.found}" if self.found else text


@attrs.frozen
class Sheet:
    """A table as texts.

    Args:
        name: the file as the user named it.
        header: the names of the columns, each once.
        rows: the texts of each row, as many as the header has names.
        lines: for each row, where it stands in the file.
        problems: what is wrong with the file, in order.
        usable: False = nothing could be read.

    """

    name: str
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    lines: tuple[int, ...] = ()
    problems: tuple[TableProblem, ...] = ()
    usable: bool = True

    def column(self, name: str) -> list[str]:
        """Return the texts of a column.

        >>> Sheet("a.csv", ("n",), (("1",), ("2",)), (2, 3)).column("n")
        ['1', '2']

        """
        index = self.header.index(name)
        return [row[index] for row in self.rows]
