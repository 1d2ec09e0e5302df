from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_engine.errors import TableError
from queue_engine.facts import Category, Fact, FactType, Per, Title, Vocabulary
from queue_engine.tables import CODES, Tables, build_tables
from queue_engine.tables.reading import TextTable, read_csv, read_csv_bytes, read_tables

NO_TITLE = Title("", "")
FACTS = (
    Fact("application.number", FactType.NUMBER, NO_TITLE, unique=True, least=0, most=999),
    Fact("child.group", FactType.CHOICE, NO_TITLE),
    Fact("grade.average", FactType.DECIMAL, NO_TITLE, digits=2),
    Fact("application.submitted_at", FactType.INSTANT, NO_TITLE),
    Fact("sibling.attends", FactType.YES_NO, NO_TITLE, per=Per.ENTRY),
)
VOCABULARY = Vocabulary({fact.name: fact for fact in FACTS}, {"large_family": Category("large_family", NO_TITLE)}, {})

ENTRIES = """application,programme,child.group,sibling.attends,grade.average
7,Радуга,старшая,да,"4,5"
8,Радуга,,нет,14/3
"""


def problems_of(data: bytes) -> list[str]:
    """Return what is wrong with a file."""
    with pytest.raises(TableError) as caught:
        read_csv_bytes(data, "e.csv")
    return [str(problem) for problem in caught.value.problems]


def cells_of(table: TextTable) -> tuple[Mapping[str, list[str]], list[int]]:
    """Return everything a table holds but its name."""
    return table.cells, list(table.rows)


class TestForms:
    """The forms in which people save a table."""

    @pytest.mark.parametrize("delimiter", [",", ";"])
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
    @pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=["unix", "windows", "old-mac"])
    def test_every_form_is_the_same_table(self, delimiter: str, encoding: str, line_end: str) -> None:
        """Encoding, delimiter and line ends make no difference to what is read."""
        cells = [["application", "programme", "title"], ["7", "Радуга", "да, нет; может"], ["8", "", "x"]]
        text = line_end.join(delimiter.join(f'"{cell}"' for cell in row) for row in cells)
        table = read_csv_bytes(text.encode(encoding), "e.csv")
        assert cells_of(table) == (
            {"application": ["7", "8"], "programme": ["Радуга", ""], "title": ["да, нет; может", "x"]},
            [2, 3],
        )

    def test_a_delimiter_inside_quotes_does_not_part_the_header(self) -> None:
        """The delimiter is what parts the header into more columns once quotes are respected."""
        table = read_csv_bytes(b'"a,b,c";d\n1;2\n', "e.csv")
        assert table.header == ("a,b,c", "d")

    def test_names_of_columns_are_trimmed(self) -> None:
        """Blanks around a name do not make another name."""
        assert read_csv_bytes(b" application ;\tprogramme\n1;2\n", "e.csv").keys() == ("application", "programme")

    def test_rows_are_the_lines_their_records_begin_in(self) -> None:
        """Blank lines and line ends inside quotes do not shift the rows that messages name."""
        table = read_csv_bytes(b'\na,b\n\n1,"x\ny"\n , \n2,z\n', "e.csv")
        assert cells_of(table) == ({"a": ["1", "2"], "b": ["x\ny", "z"]}, [4, 7])
        assert len(table) == 2

    def test_doubled_quotes_are_quotes(self) -> None:
        """A quote inside a quoted cell is written twice, one inside an unquoted cell once."""
        assert read_csv_bytes(b'a,b\n"say ""yes""",5" pipe\n', "e.csv").cells == {"a": ['say "yes"'], "b": ['5" pipe']}

    def test_an_empty_column_without_a_name_is_left_out(self) -> None:
        """A delimiter at the end of every row, as some programs write it, is no column."""
        assert read_csv_bytes(b"a,b,\n1,2,\n", "e.csv").header == ("a", "b")

    def test_a_header_alone_is_a_table_without_rows(self) -> None:
        """A file may hold nothing but its header."""
        assert cells_of(read_csv_bytes(b"a,b", "e.csv")) == ({"a": [], "b": []}, [])

    def test_more_rows_than_are_moved_at_once_are_all_read(self) -> None:
        """Rows are turned into columns by portions; none is lost between them."""
        for count in (255, 256, 257, 1000):
            data = "a,b\n" + "".join(f"{row},{row % 7}\n" for row in range(count))
            table = read_csv_bytes(data.encode(), "e.csv")
            assert table["a"] == [str(row) for row in range(count)]
            assert table["b"] == [str(row % 7) for row in range(count)]


BROKEN = {
    "nothing": (b"", ["e.csv: error T003: the file is empty; write the names of the columns in its first row"]),
    "blank": (b"\n ,\n", ["e.csv: error T003: the file is empty; write the names of the columns in its first row"]),
    "utf-16": (
        "a,b".encode("utf-16"),
        ["e.csv: error T002: the text is UTF-16, not UTF-8 or Windows-1251; save it as CSV UTF-8"],
    ),
    "NUL": (b"a,b\n1,\x00\n", ["e.csv:2: error T002: this is no text: it holds a NUL byte; save it as CSV UTF-8"]),
    "neither": (
        b"a,b\n1,\xe9\n2,\x98\n",
        ["e.csv:3: error T002: byte 0x98 is neither UTF-8 nor Windows-1251; save it as CSV UTF-8"],
    ),
    "nearly UTF-8": (
        "a,b\n1,Радуга\n2,Ра".encode() + b"\xd0\n3,\xff\n",
        [
            f"e.csv:{row}: error T002: a character of this row is not UTF-8, as the rest of the file is; "
            "save it as CSV UTF-8"
            for row in (3, 4)
        ],
    ),
    "marked as UTF-8": (
        b"\xef\xbb\xbfa,b\n1,\xe9\n",
        ["e.csv:2: error T002: a character of this row is not UTF-8, as the rest of the file is; save it as CSV UTF-8"],
    ),
    "open quote": (
        b'a,b\n1,2\n3,"4\n5,6\n',
        [
            ("e.csv:3: error T004: a quote opened in this row is not closed before the file ends; "
            'close it, or write "" for a quote')
        ],
    ),
    "open quote in the header": (
        b'a,"b\n1,2\n',
        [
            ("e.csv:1: error T004: a quote opened in this row is not closed before the file ends; "
            'close it, or write "" for a quote')
        ],
    ),
    "quote in quotes": (
        b'a,b\n"x "y" z",2\n3,4,5\n',
        [
            'e.csv:2: error T004: a quote stands inside a quoted cell; write "" for a quote inside a quoted cell',
            "e.csv:3: error T005: the row has 3 cells, the header has 2; quote cells that hold a delimiter",
        ],
    ),
    "long cell": (
        b"a,b\n1," + b"x" * 200_000 + b"\n",
        ["e.csv:2: error T004: a cell is longer than 131072 characters; is a quote not closed?"],
    ),
    "short row": (
        b"a,b\n1\n",
        ["e.csv:2: error T005: the row has 1 cells, the header has 2; is a delimiter missing or not quoted?"],
    ),
    "no name": (
        b"a,\n1,2\n",
        [
            ("e.csv row 1, column number 2: error T006: this column has no name; "
            "name it in the header, or leave it out")
        ],
    ),
    "twice": (b"a,a\n1,2\n", ["e.csv row 1, column a: error T007: this column stands twice; keep one of them"]),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_says_where_and_what_to_do(name: str) -> None:
    """Everything wrong with a file as a table comes at once, with its row."""
    data, expected = BROKEN[name]
    assert problems_of(data) == expected


def test_every_code_of_files_is_tried() -> None:
    """No kind of problem with files is without a case."""
    tried = {text.split("error ")[1][:4] for _, expected in BROKEN.values() for text in expected}
    assert tried | {"T001"} == {code for code in CODES if code < "T010"}


def test_a_file_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    """A wrong name and a folder are told like any other mistake."""
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(TableError) as caught:
            read_csv(path)
        assert [(problem.place.file, problem.code) for problem in caught.value.problems] == [(str(path), "T001")]


class TestTables:
    """From files to tables."""

    def test_files_give_the_tables_their_cells_say(self, tmp_path: Path) -> None:
        """What is read from files is what the same columns give."""
        files = {
            "entries": ENTRIES,
            "applications": "application;application.submitted_at\n7;2026-04-01 09:00:00\n8;2026-04-01\n",
            "documents": "application,category,from,to,confirmed\n8,large_family,,2026-05-05,да\n",
            "programmes": "programme,title\nРадуга,Детский сад\n",
        }
        for name, text in files.items():
            (tmp_path / name).write_text(text, "cp1251")
        progress: list[tuple[str, int]] = []
        tables = read_tables(
            VOCABULARY,
            **{name: tmp_path / name for name in files},
            progress=lambda name, rows: progress.append((Path(name).name, rows)),
        )
        columns = tables.applications.columns
        assert tables.applications.ids.tolist() == ["7", "8"]
        assert columns["application.submitted_at"].values.tolist() == [1_775_034_000, 1_775_001_600]
        assert columns["grade.average"].values.tolist() == [450, 466]
        assert tables.wishes.columns["sibling.attends"].values.tolist() == [True, False]
        assert tables.documents.confirmed.tolist() == [True]
        assert tables.programmes.titles == ("Детский сад",)
        assert progress == [("entries", 2), ("applications", 2), ("documents", 1), ("programmes", 1)]

    def test_problems_of_all_files_come_at_once(self, tmp_path: Path) -> None:
        """A broken file hides nothing of the others, and makes no strangers in them."""
        (tmp_path / "e").write_text(ENTRIES.replace("14/3", "five"))
        (tmp_path / "a").write_text('application\n7\n"8" x\n')
        (tmp_path / "d").write_text(
            "application,category,confirmed\n9,large_family,maybe\n9,large_family,yes,no\n9,no\n"
        )
        with pytest.raises(TableError) as caught:
            read_tables(
                VOCABULARY,
                entries=tmp_path / "e",
                applications=tmp_path / "a",
                documents=tmp_path / "d",
                programmes=tmp_path / "none",
            )
        found = [(Path(each.place.file).name, each.place.line, each.code) for each in caught.value.problems]
        assert found == [
            ("a", 3, "T004"),
            ("d", 2, "T020"),
            ("d", 3, "T005"),
            ("d", 4, "T005"),
            ("e", 3, "T020"),
            ("none", 0, "T001"),
        ]

    def test_messages_cite_the_row_of_the_file(self) -> None:
        """Rows are counted in the file, not in the table."""
        table = read_csv_bytes(b'application,programme,grade.average\n\n"1","a\nb",x\n', "e.csv")
        with pytest.raises(TableError) as caught:
            build_tables(VOCABULARY, table)
        assert {problem.place.line for problem in caught.value.problems} == {3}

    def test_a_whole_table_agrees_with_a_permuted_file(self) -> None:
        """The rows of a file may stand in any order."""
        header, *rows = ENTRIES.splitlines()
        first, second = (
            build_tables(VOCABULARY, read_csv_bytes("\n".join([header, *order]).encode(), "e.csv"))
            for order in (rows, rows[::-1])
        )
        assert np.array_equal(first.applications.ids, second.applications.ids)
        for name, column in first.applications.columns.items():
            assert np.array_equal(column.values, second.applications.columns[name].values)


def attempt(files: list[bytes | None]) -> Tables | TableError:
    """Return the tables in the bytes of files, or the refusal."""
    try:
        tables = [None if data is None else read_csv_bytes(data, "f.csv") for data in files]
        return build_tables(VOCABULARY, *tables)
    except TableError as refusal:
        return refusal


@given(st.lists(st.binary(max_size=60), min_size=1, max_size=4))
def test_any_bytes_are_tables_or_refused(files: list[bytes]) -> None:
    """Nothing a file may hold gives a traceback."""
    refusal = attempt([*files])
    assert isinstance(refusal, TableError)
    assert refusal.problems


SPLICES = st.one_of(
    st.sampled_from(
        ['"', ",", ";", "\n", "\r", "\0", "\x1a", "yes", "-1", "9" * 25, "9" * 5000, "1/0", "nan", "2026-02-30"]
    ),
    st.text(max_size=3),
).map(lambda text: text.encode("utf-8", "surrogatepass")) | st.binary(max_size=2)


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 200), st.integers(0, 6), SPLICES), max_size=4),
    st.sampled_from(["utf-8", "cp1251"]),
)
def test_any_change_of_files_is_tables_or_refused(changes: list[tuple[int, int, int, bytes]], encoding: str) -> None:
    """Good files with any bytes put in or left out give tables, or a refusal that says where."""
    texts = [
        ENTRIES,
        "application,application.number,application.submitted_at\n7,5,2026-04-01 09:00:00\n8,6,2026-04-01\n",
        "application,category,from,to,confirmed\n8,large_family,2026-01-01,2026-05-05,да\n",
        "programme,organisation,capacity,takes\nРадуга,o,25,child.group == 'x'\n",
    ]
    files = [text.encode(encoding) for text in texts]
    for number, start, length, splice in changes:
        files[number] = files[number][:start] + splice + files[number][start + length :]
    outcome = attempt([*files])
    if isinstance(outcome, TableError):
        assert all(problem.place.file == "f.csv" and problem.code in CODES for problem in outcome.problems)
        assert str(outcome).isprintable() or "\n" in str(outcome)
    else:
        assert len(outcome.wishes) <= 2 + len(changes)
