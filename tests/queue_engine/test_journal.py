from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_engine.canonical import JournalError
from queue_engine.errors import Problem
from queue_engine.events import (
    Accepted,
    DataCorrected,
    DayAdvanced,
    DocumentAdded,
    Enrolled,
    Event,
    Filed,
    Offered,
    ProgrammeOpened,
    Reviewed,
    Wish,
    Withdrawn,
)
from queue_engine.journal import START, Journal, read_journal
from queue_engine.testing.histories import histories
from queue_engine.testing.strategies import vocabularies

MUNICIPALITY = "75701000"
DAY = 20697
AT: dict[str, Any] = {"at": DAY * 86_400_000, "actor": "officer"}
EVENTS: list[Event] = [
    DayAdvanced(DAY, **AT),
    ProgrammeOpened("Сад № 5", "north", **AT),
    Filed("12", 12, 0, {"child.birth_date": 19478, "child.language": 'a "\\" b'}, [Wish("Сад № 5")], **AT, key="k/12"),
    Reviewed("12", "registered", **AT),
    Offered("12", "Сад № 5", DAY + 5, **AT),
    Accepted("12", "Сад № 5", at=AT["at"] + 1, actor="parent:7"),
]


def journal_of(*events: Event) -> Journal:
    """Return a journal of events."""
    journal = Journal(MUNICIPALITY)
    journal.append_many(events)
    return journal


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where a journal is written."""
    return tmp_path / "journal.txt"


def content(journal: Journal) -> bytes:
    """Return the file of a journal."""
    return b"".join(journal.lines())


def same(one: Journal, other: Journal) -> bool:
    """Return whether two journals hold the same entries, byte for byte."""
    return (content(one), one.events, one.head) == (content(other), other.events, other.head)


def problems_of(path: Path, data: bytes, municipality: str = MUNICIPALITY) -> list[str]:
    """Return what is wrong with a file of a journal, each on a line after its place; none may lack a remedy."""
    path.write_bytes(data)
    with pytest.raises(JournalError) as refused:
        read_journal(path, municipality)
    assert all(problem.remedy for problem in refused.value.problems)
    assert {problem.severity for problem in refused.value.problems} <= {"error", "warning"}
    return [f"{problem.place.line} {problem.code}" for problem in refused.value.problems]


def rewritten(lines: list[bytes], municipality: str = MUNICIPALITY) -> bytes:
    """Return lines chained anew, as an insider would who may write the file."""
    before, made = START, b""
    for line in lines:
        body = line[65:]
        before = hashlib.sha256(b"\x02reg74/j1/" + municipality.encode() + b"\x00" + before + body).digest()
        made += before.hex().encode() + b" " + body + b"\n"
    return made


def lines_of(*events: Event) -> list[bytes]:
    """Return the lines of a journal, without their ends."""
    return [line[:-1] for line in journal_of(*events).lines()]


def with_body(line: bytes, **changed: object) -> bytes:
    """Return a line with members of its body changed, its hash as it was."""
    body = json.loads(line[65:]) | changed
    return line[:65] + json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def test_a_line_is_the_hash_of_the_chain_and_the_canonical_body() -> None:
    """The format is the one that is published: anybody can check it with SHA-256 and a text editor."""
    before = bytes(32)
    for number, line in enumerate(journal_of(*EVENTS).lines(), start=1):
        hashed, _, rest = line.partition(b" ")
        body = json.loads(rest)
        assert list(body) == ["actor", "at", "data", "entry", "key", "kind", "mun", "v"]
        assert (body["entry"], body["mun"], body["v"], rest[-1:]) == (number, MUNICIPALITY, 1, b"\n")
        before = hashlib.sha256(b"\x02" + b"reg74/j1/75701000" + b"\x00" + before + rest[:-1]).digest()
        assert hashed.decode() == before.hex()


def test_a_journal_comes_back_from_its_file(path: Path) -> None:
    """What was written is read, whoever's it is said to be."""
    journal = journal_of(*EVENTS)
    journal.write(path)
    for municipality in (MUNICIPALITY, ""):
        read = read_journal(path, municipality)
        assert same(read, journal)
        assert (read.municipality, read.problems) == (MUNICIPALITY, ())


@given(st.data())
def test_any_history_comes_back_from_its_file(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """Whatever happened in a town, its journal is read as it was written, and can be continued."""
    journal = data.draw(histories(data.draw(vocabularies())))
    path = tmp_path_factory.mktemp("histories") / "journal.txt"
    journal.write(path)
    read = read_journal(path)
    assert same(read, journal)
    day = DayAdvanced(30_000, at=30_000 * 86_400_000, actor="system")
    assert read.append(day) == journal.append(day) == len(journal)
    assert same(read, journal)


def test_the_same_events_give_the_same_bytes_one_by_one_or_together() -> None:
    """How events were handed over leaves no trace."""
    together, one_by_one = journal_of(*EVENTS), Journal(MUNICIPALITY)
    assert [one_by_one.append(event) for event in EVENTS] == list(range(1, len(EVENTS) + 1))
    assert same(together, one_by_one)
    other = Journal("75752000")
    other.append_many(EVENTS)
    assert other.hash_of(1) != together.hash_of(1)
    assert together.hash_of(0) == START


def test_lines_can_be_added_to_a_file(path: Path) -> None:
    """What came after an entry, added to the file, makes the file of the whole."""
    journal = journal_of(*EVENTS[:3])
    journal.write(path)
    journal.append_many(EVENTS[3:])
    with path.open("ab") as file:
        file.writelines(journal.lines(after=3))
    assert same(read_journal(path), journal)


def test_time_never_runs_back() -> None:
    """An event from a clock that is slow is recorded at the time of the last one."""
    journal = journal_of(*EVENTS)
    entry = journal.append(Enrolled("12", "Сад № 5", at=5, actor="organisation"))
    assert journal.event(entry).at == AT["at"] + 1


def test_an_event_sent_again_is_recorded_once() -> None:
    """Who got no answer sends again, later perhaps, and learns the number his event has."""
    journal = journal_of(*EVENTS)
    before = content(journal)
    again = attrs.evolve(EVENTS[2], at=AT["at"] + 777)
    assert journal.append(again) == 3
    assert journal.append_many([again, again]) == [3, 3]
    assert content(journal) == before


def test_an_event_twice_in_one_batch_is_recorded_once() -> None:
    """A key counts as soon as its event stands before."""
    journal = Journal(MUNICIPALITY)
    assert journal.append_many([attrs.evolve(EVENTS[0], key="day")] * 3) == [1, 1, 1]
    assert len(journal) == 1


def test_a_key_used_for_something_else_is_refused() -> None:
    """A key that comes with another event hides a lost event; it is not answered with the number of the first."""
    journal = journal_of(*EVENTS)
    with pytest.raises(JournalError, match='J021: the key "k/12" is that of entry 3, which says something else'):
        journal.append(attrs.evolve(EVENTS[2], number=13))
    assert len(journal) == len(EVENTS)


def test_events_without_a_key_are_all_recorded() -> None:
    """Only a key makes an event the same."""
    journal = journal_of(*EVENTS)
    correction = DataCorrected("12", {}, "misprint", "passport", **AT)
    assert journal.append_many([correction, correction]) == [7, 8]


def test_of_a_batch_all_is_recorded_or_nothing() -> None:
    """One event that cannot follow keeps out all that came with it, and every such event is named."""
    journal = journal_of(*EVENTS)
    before = content(journal)
    batch = [
        DocumentAdded("12", "d", "orphan", **AT, key="new"),
        Withdrawn("13", at=AT["at"], actor="parent"),
        DataCorrected("12", {}, "mis\u200bprint", "passport", **AT),
        Offered("12", "Сад № 5", DAY, **AT),
    ]
    with pytest.raises(JournalError) as refused:
        journal.append_many(batch)
    assert sorted(problem.code for problem in refused.value.problems) == ["J011", "J040", "J041"]
    assert content(journal) == before
    assert journal.append_many(batch[:1]) == [7]


def test_a_batch_that_breaks_off_leaves_nothing() -> None:
    """When the source of events fails in the middle, nothing of it was recorded."""

    def broken() -> Iterator[Event]:
        yield DocumentAdded("12", "d", "orphan", **AT)
        raise OSError("the source failed")

    journal = journal_of(*EVENTS)
    before = content(journal)
    with pytest.raises(OSError, match="the source failed"):
        journal.append_many(broken())
    assert content(journal) == before
    assert journal.append(DocumentAdded("12", "d", "orphan", **AT)) == 7


@pytest.mark.parametrize("text", ["\u202e", "\x00", "е\u0308", "\ud800"])
def test_a_text_without_canonical_form_is_not_recorded(text: str) -> None:
    """Such a text is named before anything is written."""
    journal = journal_of(*EVENTS)
    with pytest.raises(JournalError, match=r"journal 75701000:7: error J01[01]: .*reason: "):
        journal.append(DataCorrected("12", {}, f"because {text}", "passport", **AT))
    assert len(journal) == len(EVENTS)


def test_an_event_too_long_for_an_entry_is_not_recorded() -> None:
    """A megabyte is the most an event may take."""
    journal = journal_of(*EVENTS)
    with pytest.raises(JournalError, match="J002"):
        journal.append(DataCorrected("12", {}, "x" * 2**20, "passport", **AT))
    assert journal.append(DataCorrected("12", {}, "x" * (2**20 - 300), "passport", **AT)) == 7


def test_a_municipality_has_a_name_that_needs_no_quotes() -> None:
    """The name is part of every hash."""
    for name in ("", "a b", 'a"', "ё"):
        with pytest.raises(JournalError, match="J020"):
            Journal(name)


def test_an_entry_that_is_not_there_is_not_given() -> None:
    """Entries are counted from 1."""
    journal = journal_of(*EVENTS)
    assert [journal.event(entry) for entry in range(1, 7)] == list(journal) == list(journal.events)
    for entry in (0, 7, -1):
        with pytest.raises(IndexError, match=f"no entry {entry}"):
            journal.event(entry)


def test_a_file_cut_anywhere_in_its_last_three_entries_is_the_shorter_journal(path: Path) -> None:
    """A torn line is left out and told; what stands before it is the journal of the entries it holds."""
    data = content(journal_of(*EVENTS))
    starts = [0]
    for line in data.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for end in range(starts[-4], len(data) + 1):
        path.write_bytes(data[:end])
        read = read_journal(path, MUNICIPALITY)
        whole = max(number for number, start in enumerate(starts) if start <= end)
        assert same(read, journal_of(*EVENTS[:whole]))
        torn = [] if end in starts else [(whole + 1, "J023", "warning")]
        assert [(each.place.line, each.code, each.severity) for each in read.problems] == torn


def test_a_file_cut_in_its_only_entry_is_told(path: Path) -> None:
    """Nothing whole is left: with the municipality named it is an empty journal, without it a clear message."""
    data = content(journal_of(EVENTS[0]))
    for end in range(len(data)):
        path.write_bytes(data[:end])
        read = read_journal(path, MUNICIPALITY)
        assert (len(read), [each.code for each in read.problems]) == (0, ["J023"] if end else [])
        assert problems_of(path, data[:end], "") == ["0 J022", "1 J023"][: 2 if end else 1]


def test_a_change_of_any_byte_is_found(path: Path) -> None:
    """No byte of a journal can be another one: the entry is named, or the torn line it makes of the last one."""
    data = content(journal_of(*EVENTS))
    for at in range(len(data)):
        for changed in {data[at] ^ 1, data[at] ^ 0x20, 0x0A} - {data[at]}:
            path.write_bytes(data[:at] + bytes([changed]) + data[at + 1 :])
            line = data[:at].count(b"\n") + 1
            try:
                found: tuple[Problem, ...] = read_journal(path, MUNICIPALITY).problems
                assert at == len(data) - 1
            except JournalError as error:
                found = error.problems
            assert line <= found[0].place.line <= line + 1, (at, changed)


def test_a_byte_put_in_or_taken_out_is_found(path: Path) -> None:
    """Nor can there be one byte more or one less."""
    data = content(journal_of(*EVENTS))
    for at in range(len(data)):
        assert problems_of(path, data[:at] + data[at + 1 :]) if at < len(data) - 1 else True
        for byte in (b"\n", b"0"):
            if data[at : at + 1] != byte:
                assert problems_of(path, data[:at] + byte + data[at:])


def test_lines_that_are_lost_doubled_or_moved_are_found(path: Path) -> None:
    """Whatever is done with whole lines, the first number that does not fit is named."""
    lines = [line + b"\n" for line in lines_of(*EVENTS)]
    assert problems_of(path, b"".join(lines[1:]))[0] == "1 J026"
    assert problems_of(path, b"".join(lines[:2] + lines[3:])) == ["3 J026"]
    assert problems_of(path, b"".join(lines[:3] + lines[2:])) == ["4 J026"]
    assert problems_of(path, b"".join([*lines[:2], lines[3], lines[2], *lines[4:]])) == ["3 J026", "4 J026", "5 J026"]
    assert problems_of(path, b"".join([*lines, *lines]))[0] == "7 J026"
    assert problems_of(path, b"".join([*lines[:2], b"\n", *lines[2:]])) == ["3 J024"]


def test_each_damaged_entry_is_named_and_no_other(path: Path) -> None:
    """An entry changed in its body or in its hash does not make those below it wrong."""
    lines = lines_of(*EVENTS)
    lines[2] = with_body(lines[2], at=AT["at"] + 1)
    lines[4] = b"0" * 64 + lines[4][64:]
    assert problems_of(path, b"\n".join(lines) + b"\n") == ["3 J025", "5 J025"]


def test_what_an_insider_chains_anew_still_has_to_make_sense(path: Path) -> None:
    """Who can compute hashes still cannot enrol past the queue, skip a number or turn back time."""
    lines = lines_of(*EVENTS)
    assert problems_of(path, rewritten([*lines[:3], *lines[4:]])) == ["4 J026"]
    renumbered = [with_body(line, entry=number) for number, line in enumerate([*lines[:3], *lines[4:]], start=1)]
    assert problems_of(path, rewritten(renumbered)) == ["4 J040", "5 J040"]
    assert problems_of(path, rewritten([lines[0], with_body(lines[1], at=5), *lines[2:]])) == ["2 J028"]
    assert problems_of(path, rewritten([*lines[:5], with_body(lines[5], key="k/12")])) == ["6 J021"]
    assert problems_of(path, rewritten([*lines[:5], with_body(lines[5], mun="75752000")])) == ["6 J027"]
    assert problems_of(path, rewritten([*lines[:5], with_body(lines[5], v=2)])) == ["6 J027"]
    assert problems_of(path, rewritten([*lines[:5], with_body(lines[5], v=True)])) == ["6 J027"]
    assert problems_of(path, rewritten([*lines[:5], with_body(lines[5], entry="6")])) == ["6 J026"]
    assert problems_of(path, rewritten([*lines[:5], with_body(lines[5], entry=True)])) == ["6 J026"]
    assert problems_of(path, rewritten([*lines[:5], with_body(lines[5], kind="acepted")])) == ["6 J034"]
    assert problems_of(path, rewritten([*lines[:5], with_body(lines[5], more=1)])) == ["6 J033"]
    assert problems_of(path, rewritten([*lines[:5], lines[5].replace(b'"at":', b'"at": ')])) == ["6 J012"]


def test_every_problem_of_a_file_is_told_at_once(path: Path) -> None:
    """One reading names all that is wrong, a torn end included."""
    lines = lines_of(*EVENTS)
    damaged = [lines[0], b"garbage", with_body(lines[2], kind="flied"), *lines[3:5], lines[5][:70]]
    assert problems_of(path, b"\n".join(damaged)) == ["2 J024", "3 J034", "6 J023"]
    damaged = [
        lines[0],
        lines[1].replace(b"north", b"south"),
        *lines[2:4],
        lines[4].replace(b'"v":1', b'"v":x'),
        lines[5],
    ]
    assert problems_of(path, b"\n".join(damaged) + b"\n") == ["2 J025", "5 J001", "5 J025"]


def test_whose_journal_it_is_stands_in_every_entry(path: Path) -> None:
    """A damaged first line does not hide whose journal it is; its hash is then the next one's ground."""
    lines = lines_of(*EVENTS)
    for first in (b"garbage", lines[0][:65] + b"{}", lines[0][:65] + b"{broken}"):
        found = problems_of(path, b"\n".join([first, *lines[1:]]) + b"\n", "")
        assert {line.partition(" ")[0] for line in found} == {"1"}


def test_a_file_of_another_municipality_is_refused(path: Path) -> None:
    """Nobody replays the neighbours' events by mistake."""
    found = problems_of(path, content(journal_of(*EVENTS)), "75752000")
    assert {line.partition(" ")[2] for line in found} == {"J025", "J027"}


def test_a_file_that_a_program_for_texts_has_touched_is_told_as_such(path: Path) -> None:
    """Ends of lines and byte order marks are what programs change unasked."""
    data = content(journal_of(*EVENTS))
    assert problems_of(path, data.replace(b"\n", b"\r\n")) == ["0 J029"]
    assert problems_of(path, b"\xef\xbb\xbf" + data) == ["1 J024"]
    assert problems_of(path, data.decode().encode("utf-16"), "")[0] == "0 J022"


def test_a_file_that_is_not_there_is_told(path: Path) -> None:
    """The message names the file and the reason."""
    with pytest.raises(JournalError, match=r"journal\.txt: error J022: the file cannot be read: No such file"):
        read_journal(path)
