"""Rule files: uploaded and checked, their impact on today's queues, signed by a second person and published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_engine import Problem, QueueEngineError, Queues, RuleSet, order
from queue_engine.events import Event, RulesPublished
from queue_engine.facts import date_to_day, day_to_date
from queue_engine.queue import Queue
from queue_engine.rule_documents import rules_digest
from queue_engine.rules.check import check_library
from queue_engine.rules.loading import read_library
from queue_engine.rules.readback import page
from queue_engine.state import State
from service.enrolment.applications import Reading
from service.enrolment.desk import Asked, Desk, stamp, write
from service.enrolment.queues import Board, text
from service.enrolment.rule_schemas import (
    Impact,
    LargeMove,
    NewRuleFile,
    QueueImpact,
    RuleFileSummary,
    RuleFileText,
    RuleProblem,
    Signature,
)
from service.enrolment.rule_shelf import placed, rules_of_text
from service.enrolment.writing import Town
from service.models.rounds import RuleFile
from service.problems import ConflictError, NotPossibleError, StaleError
from service.security.audit import now_ms
from service.security.rights import require, require_role
from service.security.roles import Actor, Reach, Subject

_MOST_MOVES = 20
_BY_PATH = "Q009"  # a file is put where its id says


@attrs.frozen
class Checked:
    """A rule file that was read: its problems, and the rule set where it has no errors."""

    problems: tuple[Problem, ...]
    rule_set: RuleSet | None


def check_text(board: Board, text: str) -> Checked:
    """Return every problem of a rule file, and the rule set it gives when none is an error."""
    with placed(board.rules_folder, text) as path:
        library = read_library([path])
        found = [each for each in check_library(library) if each.code != _BY_PATH]
        errors = any(each.severity == "error" for each in found)
        sets = [] if errors else [library.rule_sets[name] for name in library.asked]
    return Checked(tuple(found), sets[0] if sets else None)


def upload(desk: Desk, board: Board, asked: Asked, municipality: str, new: NewRuleFile) -> RuleFileSummary:
    """Check a rule file and keep it as a draft, with all its problems; nothing changes in any queue."""
    require(asked.actor, asked.audit.right, Subject(municipality))
    checked = check_text(board, new.text)
    made = RuleFile(
        municipality=municipality,
        service=new.service,
        name=new.name,
        text=new.text,
        digest=rules_digest(checked.rule_set) if checked.rule_set else "",
        problems=[_as_stored(each) for each in checked.problems],
        state="draft",
        prepared_by=asked.actor.account,
        signed_by=None,
        created_ms=now_ms(),
        entry=None,
        version=1,
    )
    with desk.database.writing() as session:
        session.add(made)
        session.flush()
        asked.audit.write(session, "rule_file", str(made.id), None, {"name": new.name}, municipality=municipality)
        return _summary(made)


def list_files(reading: Reading, municipality: str = "") -> list[RuleFileSummary]:
    """Return the rule files one may see, the newest first."""
    reach = require_role(reading.actor, reading.audit.right)
    wanted = select(RuleFile).order_by(RuleFile.id.desc())
    if reach is not Reach.EVERYWHERE:
        wanted = wanted.where(RuleFile.municipality == reading.actor.municipality)
    if municipality:
        wanted = wanted.where(RuleFile.municipality == municipality)
    with reading.desk.database.reading() as session:
        return [_summary(each) for each in session.scalars(wanted)]


def read_file(reading: Reading, number: int) -> RuleFileText:
    """Return a rule file with its text, and its rules in words.

    Raises:
        MissingError: it is not there, or out of reach.

    """
    with reading.desk.database.reading() as session:
        found = _found(session, reading.actor, reading.audit.right, number)
        shown, written = _summary(found), found.text
    words: list[str] = []
    if shown.digest:
        rule_set = next(iter(rules_of_text(reading.board.rules_folder, written).values()))
        words = page(rule_set, _today(reading.board, shown.municipality, shown.service), "ru")
    return RuleFileText(file=shown, text=written, in_words=words)


def preview(reading: Reading, number: int) -> Impact:
    """Return what a rule file would change in today's queues: how many move, how far, and the largest moves.

    Raises:
        MissingError: it is not there, or out of reach.
        ConflictError: it has errors, or the service has no rules in force.

    Complexity: that of ordering the queues twice.

    """
    with reading.desk.database.reading() as session:
        found = _found(session, reading.actor, reading.audit.right, number)
        municipality, service, written, digest = found.municipality, found.service, found.text, found.digest
    if not digest:
        raise ConflictError("the file has errors", "upload it without them")
    new = next(iter(rules_of_text(reading.board.rules_folder, written).values()))
    with reading.board.follower(municipality, service).following() as (live, _):
        state = live.folding.state()
    before = _ordered(state, state.rule_set(service), service)
    after = _ordered(state, new, service)
    pairs = [(before[name], after[name]) for name in before] + [(before.general, after.general)]
    moves = [move for old, later in pairs for move in _moves(old, later)]
    moves.sort(key=lambda move: (-abs(move.after - move.before), move.queue, move.application))
    assert state.day is not None, "queues begin with a day"
    return Impact(
        entry=state.entry,
        on=day_to_date(state.day),
        queues=[_impact(old, later) for old, later in pairs],
        moved=len({move.application for move in moves}),
        largest=[move for move in moves if move.before and move.after][:_MOST_MOVES],
    )


def publish(desk: Desk, board: Board, asked: Asked, number: int, given: Signature) -> RuleFileSummary:
    """Sign a rule file as a second person, and publish it: from this entry on the queues follow it.

    Raises:
        ConflictError: who prepared it may not sign it, it has errors, or other rules are signed.
        StaleError: something was written meanwhile.

    """
    with desk.database.asking() as session:
        found = _changing(session, asked, number, given)
        municipality, service, written = found.municipality, found.service, found.text
    rule_set = next(iter(rules_of_text(board.rules_folder, written).values()))
    entry = desk.ledger.towns.head(municipality).entries
    with board.follower(municipality, service).following() as (live, _):
        state = live.folding.state()
    dates = {name: date_to_day(day) for name, day in {**state.dates(service), **given.dates}.items()}
    lines = tuple(page(rule_set, state.day or 0, "ru"))
    try:
        _ordered(state, rule_set, service, {name: day_to_date(day) for name, day in dates.items()})
    except QueueEngineError as error:
        raise NotPossibleError(getattr(error, "problems", ())) from error

    def act(town: Town) -> Iterable[Event]:
        """Publish the rules with their words."""
        return [RulesPublished(given.digest, service, lines, dates, **stamp(town, asked.actor))]

    def beside(session: Session, _: tuple[Event, ...], entries: tuple[int, ...]) -> None:
        """Keep who signed them."""
        now = _changing(session, asked, number, given, lock=True)
        now.state, now.signed_by, now.entry, now.version = "published", asked.actor.account, entries[0], now.version + 1

    write(desk, asked, municipality, act, "rule_file", str(number), beside=beside, expected_entry=entry)
    with desk.database.reading() as session:
        return _summary(session.get_one(RuleFile, number))


def _changing(session: Session, asked: Asked, number: int, given: Signature, *, lock: bool = False) -> RuleFile:
    """Return a draft that may be signed now.

    Raises:
        MissingError: it is not there, or out of reach.
        ConflictError: it may not be signed, or not by this person.
        StaleError: it has another version.

    """
    found = session.get(RuleFile, number, with_for_update=lock)
    require(asked.actor, asked.audit.right, None if found is None else Subject(found.municipality))
    assert found is not None, "an absent file was refused"
    if found.version != asked.required_version():
        raise StaleError(f"the file was expected at version {asked.version}; it is at {found.version}", "read it again")
    if found.state != "draft":
        raise ConflictError(f"the file is {found.state}", "upload a new one")
    if not found.digest or found.digest != given.digest:
        raise ConflictError("these are not the rules of the file as it was checked", "read it again", "digest")
    if found.prepared_by == asked.actor.account:
        detail = "who has prepared rules does not sign them"
        raise ConflictError(detail, "let another person read and sign them")
    return found


def _found(session: Session, actor: Actor, right: str, number: int) -> RuleFile:
    found = session.get(RuleFile, number)
    require(actor, right, None if found is None else Subject(found.municipality))
    assert found is not None, "an absent file was refused"
    return found


def _ordered(state: State, rules: RuleSet, service: str, dates: dict[str, date] | None = None) -> Queues:
    assert state.day is not None, "queues begin with a day"
    tables = state.tables(rules.vocabulary, service)
    return order(tables, rules, day_to_date(state.day), state.dates(service) if dates is None else dates)


def _moves(old: Queue, new: Queue) -> Iterator[LargeMove]:
    before = {name: place for place, name in enumerate(old.applications(), start=1)}
    after = {name: place for place, name in enumerate(new.applications(), start=1)}
    for name in sorted(before.keys() | after.keys()):
        here, there = before.get(name, 0), after.get(name, 0)
        if here != there:
            yield LargeMove(queue=old.id, application=name, before=here, after=there)


def _impact(old: Queue, new: Queue) -> QueueImpact:
    moves = list(_moves(old, new))
    stayed = [move for move in moves if move.before and move.after]
    return QueueImpact(
        queue=old.id,
        title=text(old.title),
        before=len(old),
        after=len(new),
        forward=sum(move.after < move.before for move in stayed),
        back=sum(move.after > move.before for move in stayed),
        joined=sum(not move.before for move in moves),
        left=sum(not move.after for move in moves),
        largest=max((abs(move.after - move.before) for move in stayed), default=0),
    )


def _today(board: Board, municipality: str, service: str) -> int:
    with board.follower(municipality, service).following() as (live, _):
        return live.folding.life.day or 0


def _as_stored(problem: Problem) -> dict[str, object]:
    return {
        "line": problem.place.line,
        "column": problem.place.column,
        "width": problem.width,
        "code": problem.code,
        "severity": problem.severity,
        "message": problem.message,
        "expected": problem.expected,
        "remedy": problem.remedy,
    }


def _summary(found: RuleFile) -> RuleFileSummary:
    return RuleFileSummary(
        id=found.id,
        municipality=found.municipality,
        service=found.service,
        name=found.name,
        state=found.state,  # type: ignore[arg-type]
        digest=found.digest,
        problems=[RuleProblem(**each) for each in found.problems],
        prepared_by=found.prepared_by,
        signed_by=found.signed_by,
        created_ms=found.created_ms,
        entry=found.entry,
        version=found.version,
    )
