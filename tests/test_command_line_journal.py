"""The commands on journals, as a user types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from queue_engine.cli import main
from queue_engine.events import order_digest
from queue_engine.journal import read_journal
from queue_engine.rule_documents import rules_digest
from queue_engine.rules.loading import read_rules

RULES = Path(__file__).parent.parent / "rules" / "region-74" / "kindergarten.yaml"
DIGEST = rules_digest(read_rules(RULES))
GARDEN = "garden 5, age 3"
NINE = "2026-04-15T09:00:00+05:00"


def run(*words: object, text: str | None = None) -> Result:
    """Return what a command did."""
    return CliRunner().invoke(main, [str(word) for word in words], input=text)


def event(kind: str, actor: str = "officer", at: str = NINE, key: str = "", **data: object) -> str:
    """Return one line of events as a program writes it."""
    written: dict[str, object] = {"kind": kind, "actor": actor, "at": at, "data": data}
    return json.dumps(written | ({"key": key} if key else {}), ensure_ascii=False) + "\n"


def applied(number: int) -> str:
    """Return an application and its registration."""
    facts = {"child.birth_date": 19_400, "child.desired_date": 20_000}
    filed = event(
        "filed",
        "parent",
        key=f"filed/{number}",
        application=str(number),
        number=number,
        submitted_at=1_700_000_000 + number,
        facts=facts,
        wishes=[{"programme": GARDEN}],
    )
    return filed + event("reviewed", application=str(number), outcome="registered")


BEGINNING = (
    event("day_advanced", "system", day=20_558)
    + event("programme_opened", programme=GARDEN, organisation="garden 5", capacity=20)
    + event("rules_published", "ministry", rules=DIGEST, dates={"study_start": 20_697})
    + "".join(map(applied, range(1, 8)))
)
LATER = (
    event("document_added", "parent", application="6", document="card", category="large_family", last=21_000)
    + event("document_confirmed", application="6", document="card")
    + event("offered", "commission", application="1", programme=GARDEN, deadline=20_600)
    + event("day_advanced", "system", at="2026-04-16T00:00:00+05:00", day=20_559)
    + applied(8).replace(NINE, "2026-04-16T09:00:00+05:00")
)


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    """Return a journal written by the command line."""
    file = tmp_path / "journal.txt"
    first = run("journal", "append", file, "-", "--municipality", "75701000", text=BEGINNING)
    assert (first.exit_code, first.output) == (0, f"{file}: entries 1 to 17\n")
    assert run("journal", "append", file, "-", text=LATER).output == f"{file}: entries 18 to 23\n"
    return file


def test_events_are_appended_once_however_often_they_are_sent(journal: Path) -> None:
    """An event sent again with its key is found, not added."""
    again = run("journal", "append", journal, "-", text=applied(3).splitlines()[0])
    assert again.exit_code == 0
    assert again.output == f"{journal}: nothing new\n1 events were there already\n"
    assert len(read_journal(journal)) == 23


def test_nothing_is_appended_when_one_event_is_wrong(journal: Path) -> None:
    """Every problem is told with its line, and the file stays as it was."""
    before = journal.read_bytes()
    wrong = event("moved", application="2", municipality="75752000") + "nonsense\n" + event("offred", application="2")
    wrong += event("withdrawn", "parent", at="2026-04-16", application="3") + '{"kind": "due"}\n'
    answer = run("journal", "append", journal, "-", text=wrong)
    assert answer.exit_code == 1
    for code in ("J001", "J034", "J030", "J033"):
        assert code in answer.stderr
    assert "did you mean 'offered'" in answer.stderr
    assert journal.read_bytes() == before


def test_what_cannot_follow_is_refused_by_name(journal: Path) -> None:
    """An illegal transition names the status there is and the status it needs."""
    answer = run("journal", "append", journal, "-", text=event("accepted", "parent", application="2", programme=GARDEN))
    assert answer.exit_code == 1
    assert "application 2 is registered; it cannot accept a place" in answer.stderr
    assert "this needs the status offered" in answer.stderr


def test_a_torn_last_line_is_told_and_written_over(journal: Path) -> None:
    """What was cut off in the middle is no entry; the next event takes its place."""
    whole = journal.read_bytes()
    journal.write_bytes(whole[:-7])
    answer = run("journal", "append", journal, "-", text=event("suspended", application="2", reason="asked to"))
    assert answer.exit_code == 0
    assert "J023" in answer.stderr
    assert answer.stdout == f"{journal}: entries 23 to 23\n"
    assert [each.kind for each in read_journal(journal)][-2:] == ["filed", "suspended"]


def test_a_new_journal_needs_the_name_of_its_municipality(tmp_path: Path) -> None:
    """The name is part of every hash."""
    answer = run("journal", "append", tmp_path / "new.txt", "-", text=BEGINNING)
    assert answer.exit_code == 1
    assert "J020" in answer.stderr
    assert not (tmp_path / "new.txt").exists()


def test_entries_are_shown_in_civil_time_for_one_application(journal: Path) -> None:
    """Number, time, kind, actor and data, one entry a line."""
    lines = run("journal", "show", journal, "--application", "6").output.splitlines()
    assert [line.split("\t")[:4] for line in lines] == [
        ["14", "2026-04-15 09:00:00", "filed", "parent"],
        ["15", "2026-04-15 09:00:00", "reviewed", "officer"],
        ["18", "2026-04-15 09:00:00", "document_added", "parent"],
        ["19", "2026-04-15 09:00:00", "document_confirmed", "officer"],
    ]
    assert len(run("journal", "show", journal, "--since", "22").output.splitlines()) == 2


def test_the_state_is_told_at_any_entry_or_instant(journal: Path) -> None:
    """At the end of 15 April the offer stands and the eighth application is not known."""
    told = run("journal", "replay", journal, "--until", "2026-04-15", "--lang", "en").output
    assert "entry 20 of 23" in told
    assert "applications: registered: 6" in told
    assert "applications: offered a place: 1" in told
    one = run("journal", "replay", journal, "--application", "6", "--lang", "en").output
    assert one.startswith("6: registered, entry 15\n")
    assert "document card: large_family, confirmed, … – 2027-07-01" in one
    assert run("journal", "replay", journal, "--until", "9", "--application", "8").exit_code == 1


def test_a_family_reads_why_its_place_changed(journal: Path) -> None:
    """Along the journal: one left, one came ahead by a right that too few share to be told."""
    told = run("explain", "--journal", journal, "--rules", RULES, "--since", 17, "--application", 5, "--lang", "en")
    assert told.exit_code == 0
    assert "garden 5, age 3:\nYour place has not changed: 5.\n" in told.output
    assert "large" not in told.output
    assert "− 1: 1 application ahead of yours is no longer in this queue." in told.output


def test_an_officer_reads_every_entry_with_its_sum(journal: Path) -> None:
    """One line an entry, the running sum, the closing check."""
    words = ["--journal", journal, "--rules", RULES, "--since", 17, "--application", 5, "--queue", GARDEN]
    told = run("explain", *words, "--for", "officer", "--lang", "en").output.splitlines()
    assert len(told) == 4
    assert "19" in told[1]
    assert "Указ Президента РФ от 23.01.2024 № 63" in told[1]
    assert told[1].endswith("+1 = +1")
    assert told[2].endswith("−1 = 0")
    assert "✓" in told[3]


def test_a_family_reads_what_its_own_paper_would_change(journal: Path) -> None:
    """The paper that counts today: where the application would stand without it."""
    told = run("explain", "--journal", journal, "--rules", RULES, "--application", 6, "--queue", GARDEN).output
    assert "место будет 5-е (сейчас 1-е; на сегодня)" in told


def test_tables_and_journals_are_not_mixed(journal: Path) -> None:
    """Each way to ask says what the other would need."""
    words = ["--journal", journal, "--rules", RULES, "--application", 6]
    assert run("explain", *words, "--on", "2026-04-15").exit_code == 2
    assert run("explain", "--rules", RULES, "--application", 6, "--since", 3).exit_code == 2
    assert run("explain", "--rules", RULES, "--application", 6).exit_code == 2
    assert (
        run("explain", "--rules", RULES.parent, "--entries", RULES, "--on", "2026-04-15", "--application", 6).exit_code
        == 2
    )
    assert run("explain", *words, "--since", "yesterday").exit_code == 2
    assert run("explain", *words, "--since", "2026-04-15T09:00").exit_code == 2
    assert run("explain", "--journal", journal, "--rules", RULES, "--application", 99).exit_code == 1


def test_public_files_are_written_and_verify_until_somebody_changes_one(journal: Path, tmp_path: Path) -> None:
    """Exit status 0 and no findings; after one changed order exit status 1 and the file named."""
    line = ["6", "2", "3", "4", "5", "7", "8"]
    for _ in range(2):
        published = event(
            "order_published",
            "commission",
            at="2026-04-16T10:00:00+05:00",
            queue=GARDEN,
            applications=[],
            digest=order_digest(GARDEN, line),
        )
        run("journal", "append", journal, "-", text=published)
    public = tmp_path / "public"
    written = run("journal", "export", journal, "--rules", RULES.parent, "--out", public)
    assert (written.exit_code, written.stderr) == (0, "")
    answer = run("verify", public)
    assert (answer.exit_code, answer.output) == (0, f"{public}: no findings\n")
    (public / "orders" / "25.txt").write_text("2\n6\n3\n4\n5\n7\n8\n")
    answer = run("verify", public)
    assert answer.exit_code == 1
    assert "25" in answer.output.splitlines()[0]
    assert run("journal", "export", journal, "--rules", RULES, "--out", public).exit_code == 1
    assert "J060" in run("journal", "export", journal, "--out", tmp_path / "other").stderr


def test_an_order_that_is_not_that_of_its_moment_is_told_when_it_is_exported(journal: Path, tmp_path: Path) -> None:
    """The files are written, so that anybody can see it, and the exit status says so."""
    wrong = ["2", "6", "3", "4", "5", "7", "8"]
    digest = order_digest(GARDEN, wrong)
    run(
        "journal",
        "append",
        journal,
        "-",
        text=event("order_published", queue=GARDEN, applications=wrong, digest=digest),
    )
    answer = run("journal", "export", journal, "--rules", RULES, "--out", tmp_path / "public")
    assert answer.exit_code == 1
    assert "J065" in answer.stderr
    found = run("verify", tmp_path / "public")
    assert found.exit_code == 1
    assert "journal.txt:24" in found.output


def test_a_year_of_events_can_be_made_published_and_verified(tmp_path: Path) -> None:
    """What the README tells a new user to try: an example year, its public files, and a check of them."""
    made = run("example", "--out", tmp_path, "--year", RULES, "--applications", "200")
    assert made.exit_code == 0
    journal, public = tmp_path / "journal.txt", tmp_path / "public"
    assert made.output == f"{journal}: {len(read_journal(journal))} entries\n"
    assert run("journal", "export", journal, "--rules", RULES, "--out", public).exit_code == 0
    assert run("verify", public).output == f"{public}: no findings\n"
