r"""Rounds: who was frozen, who got what, and whether anybody computes the same (levels V5, V6, V7).

9 · Rounds
==========
A folder that holds `freeze.jsonl` is a round, verified by itself; `DIR/rounds/NAME/` are rounds beside a journal. Types
and canonical JSON are those of §2 and §4; a line here may have 64 MiB. APP is the ID of an application, PROGRAMME of a
programme. A part marked ? may be left out. V5 looks at forms and at what was frozen, V6 at properties of the result,
V7 computes the round anew and compares everything.

9.1 · Files (V5)
----------------
`freeze.jsonl` what was frozen (§9.2), `result.jsonl` what came out (§9.7): canonical objects, one a line.
`protocol.csv`, `placed.csv`, `not_placed.csv`, `refusals.csv`: lists that follow from both (§9.8).
All of them are there, and no others, but for names that begin with a dot. Whoever knows the SHA-256 of freeze.jsonl from
elsewhere compares it: what changes neither the result nor a list is only found by a published digest.

9.2 · What was frozen (V5)
--------------------------
First the header, then programmes sorted by id, then applicants, then bundles; every id has one line.

    header     kind "round" · v 1 · round NAME · service NAME or "" · on DAY · rules DIGEST · list DIGEST · mechanism NAME
               · passes: at least one NAME, no two alike
    programme  kind · programme ID · organisation? TEXT · pass: one of passes · norm? COUNT · declared COUNT · withheld? COUNT
               · ground? TEXT · seats COUNT · order: list of APP · reserves? list of RESERVE · holders? list of APP
               · flows_to? PROGRAMME · interim? temporary or short_stay · until? DAY · ties? overfill or underfill
               · tiers? list of lists of APP · others? list of APP
    RESERVE    reserve ID · entitled: list of APP · seats COUNT · filled: before_general or after_general
               · unused: general or keep
    applicant  kind · application ID · wishes: list of PROGRAMME · others? list of PROGRAMME
    bundle     kind · members: list of APP, two or more; the first is the leader

- `list` is the root of the Merkle tree of RFC 9162, 2.1.1, whose leaves are the ids of all applicants as canonical texts,
  sorted by their bytes. Every name in a list has a line, and is in it once.
- declared = withheld + seats, withheld being 0 where it is left out; where it is more, ground is not blank. norm ≥ declared.
- The order of a programme holds everybody who wishes for it, the best first; `others` of a programme everybody who has it
  in `others`. Nobody has a programme in both wishes and others; interim programmes are in nobody's others.
- The reserves of a programme have ids of their own, none of them general, held or others.
- The holders of a programme are at most its seats, and stand at the head of its order. A holder holds one programme, which
  is a wish, is not interim, and is of the same pass as every wish that precedes it.
- ties and tiers come together; then the tiers, one after another, are the order (within a tier in any order), and there
  are no reserves.
- flows_to is of the same pass or a later one, and leads nowhere in a circle.
- Members of a bundle have equally many wishes, and are in no other bundle. Those of them who are in an order, holders
  aside, stand there side by side.

9.3 · Whom a programme takes
----------------------------
Of those who ask, with s seats and h holders: seats are filled in this order: min(h, s) *held* seats, for holders, unused →
general; the reserves filled before_general, as listed; the *general* seats; the reserves filled after_general, as
listed. A reserve has its seats, or what the held seats and the reserves listed before it (of either kind) leave; the
general seats are what all leave. Each group takes the best of those left who are entitled to it. What it leaves free
goes, if unused is general, to the next general seats, if they were filled already, at the end to the best of all
left; with keep it stays empty: these seats are *kept*. s counts what has flowed so far: a reserve that is listed late may
lose seats, kept ones too, when others are given on.
With ties there are no such groups. overfill: whole tiers of those who ask, from the best, until s is reached or passed.
underfill: whole tiers as long as they fit, and nobody behind a tier that does not fit.

9.4 · A market
--------------
Everybody asks the best wish first, and the next one when refused. A programme takes, by §9.3, out of all who have ever
asked it; who was refused once stays refused. It ends when nobody asks anew. (Only with underfill does it matter that those
refused are still counted.) If members of a bundle then have wishes of different numbers, none being one too, the smallest
number any of them has is struck for all of them, of all such bundles at once, and the market is run anew without what was
struck; until no bundle is parted.

9.5 · Passes and flows
----------------------
Passes run in their order; each is a market of its programmes, and of the wishes for them. Not taking part: who has a place
that is not interim; who holds a programme of a later pass. Nobody asks an interim programme who holds a seat, or has a
place from an earlier pass. Somebody with an interim place who gets another in a later pass leaves the first, and nobody gets it.
After the market, every programme of the pass with flows_to gives its empty seats (seats − placed − kept, at least 0) to
that programme, all at once: counted before any of them moves. If any went to a programme of the same pass, the market is run
anew, and nothing is struck yet. Seats and seats kept are those of the last market of the pass; what is given to a later
pass after it changes neither.

9.6 · Extra pass
----------------
After all passes, those who have `others` and no place, interim ones included, ask these programmes in their order; a
programme has the seats still empty (after flows, without those kept), and takes the best by its `others`. Bundles are not
looked at. The pass and the seats are called others, the wish is the number of wishes + the place in `others`.

9.7 · What came out (V5, V7)
----------------------------
A header, then a cutoff for every programme by id, then a line for every applicant, in the order of freeze.jsonl:

    header     kind "result" · v 1 · round NAME · freeze DIGEST, of the bytes of freeze.jsonl · runs, an integer from 1
    cutoff     kind · programme · seats COUNT, after flows · placed COUNT, the extra pass included · last? APP
               · position? integer from 1
    placed     kind · application · programme · wish, from 1 · pass NAME · seat: general, held, others or the id of a reserve
               · interim? true, where the programme is
    not_placed kind · application

last is who stands last in the order among those placed by ordinary passes, position the place there, from 1. The seat is
that of the group by which §9.3 takes the applicant; holders have held seats in a programme with ties too. `runs` is not
compared. Mechanisms other than deferred-acceptance cannot be computed anew, which is a finding; P7 and P8 are not theirs.

9.8 · Lists (V5)
----------------
CSV of RFC 4180 in UTF-8, ended by LF, with a line of columns, derived from freeze.jsonl and result.jsonl as they are.

    protocol.csv    programme,organisation,norm,declared,withheld,ground,seats,received,given_on,wishing,placed,free,kept,
                    last,position
    placed.csv      application,programme,wish,pass,seat
    not_placed.csv  application,wishes,reason
    refusals.csv    application,wish,programme,position,seats,last,last_position,decided_by

protocol: every programme by id; seats as frozen, received and given_on by flows over all runs; wishing, how many have it
among the wishes; free = seats + received − given_on − placed, at least 0, those kept included; kept as in §9.5. placed,
not_placed: applicants in the order of freeze.jsonl; wishes is their number. refusals: for every applicant every wish
before the one got, or every wish; seats after flows, last and last_position as in the cutoff. What is not there is an
empty cell, but withheld is 0. reason and decided_by are told in words of the writer and not compared; reason is not blank.

9.9 · Properties (V6)
---------------------
P1 everybody has one outcome. P2 a place is a wish, with its number, or one of `others`. P3 the order there has the
applicant. P4 nobody is placed beyond the seats: overfill passes them by the last tier alone, underfill never. P5 a group has at
most its seats, and only those entitled. P6 seats are filled in the declared order: of those placed each has the seat §9.3
gives in the last market, in which a programme that gave to a later pass had at most so many seats more. P7 no seat is empty that somebody asked for in vain and may take. P8 nobody asked in vain where §9.3, out of those
placed and all who asked in vain, takes them and leaves out somebody placed. Asked in vain were the wishes of passes before
that of the place, and those of its pass before the wish got; with an interim place, the others of later passes too; of
those without a place, all: as far as they took part (§9.5). It is not looked at for members of bundles, for whom
wishes may be struck. P9 a holder has the seat held, or a better wish: a seat left by a holder that flows on, and a bundle that
then comes out otherwise, can break it, which is a finding although §9.5 was kept. P10 the seats after flows are as many as
before. P11 members of a bundle have wishes of one number, or none. P12 seats move only along flows_to, and where it
is declared none is left empty that is not kept.

9.10 · Rounds beside a journal (V5)
-----------------------------------
NAME of `DIR/rounds/NAME/` is that of a `round_frozen`, whose freeze is the SHA-256 of its freeze.jsonl. Where it was
published, result is that of result.jsonl; every `offered` and `interim_placed` whose protocol is NAME is a place of the
result, interim or not; and whoever has a place there, other than the one held, and was registered when the round was
published, is offered it so. A round may be missing here.
"""  # noqa: E501 - tables of the specification read best in one line

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from .events import is_digest
from .files import names
from .findings import Finding, Report, short
from .round_files import read_freeze, read_result
from .round_ledger import check_digests, check_frozen, check_heads
from .round_lists import COLUMNS, check_lists
from .round_matching import compute
from .round_model import FREEZE, MECHANISM, RESULT, Folder, Frozen, Place, Result
from .round_properties import Properties

_FILES = (FREEZE, RESULT, *COLUMNS)


class Read(NamedTuple):
    """How much of a round was read."""

    programmes: int
    applicants: int


def verify_round(folder: str | os.PathLike[str], *, freeze: str | None = None, most: int = 1000) -> list[Finding]:
    """Return what is wrong with the folder of a round; nothing, if it is as it has to be.

    Args:
        folder: the folder of the round.
        freeze: the SHA-256 of freeze.jsonl as it was published elsewhere, 64 hexadecimal digits; None = not known.
        most: how many findings are returned at most; where there are more, the last one says how many.

    Raises:
        NotADirectoryError: `folder` is no folder.
        ValueError: `most` is less than 1, or `freeze` is no digest.

    Complexity: one market for every run of the round.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     str(verify_round(folder)[0])
    'freeze.jsonl: V5 §9.1: is missing'

    """
    root = Path(folder)
    if not root.is_dir():
        raise NotADirectoryError(f"{short(str(root))} is no folder; name the folder of {FREEZE}")
    if freeze is not None and not is_digest(freeze):
        raise ValueError(f"freeze is {short(freeze)}; it has to be 64 digits 0-9 a-f")
    report = Report(most)
    examine_round(Folder(root, "", report), freeze)
    return report.findings()


def examine_round(folder: Folder, freeze: str | None = None) -> Read:
    """Verify the folder of a round, and count what was read."""
    frozen, _ = examined(folder, freeze)
    return Read(0, 0) if frozen is None else Read(len(frozen.programmes), len(frozen.applicants))


def examined(folder: Folder, freeze: str | None = None) -> tuple[Frozen | None, Result | None]:
    """Verify the folder of a round, and return what was read of it."""
    for name in names(folder.root, folder.prefix, folder.report):
        if name not in _FILES:
            folder.say("V5", name, 0, "§9.1", "no such file has to be here")
    frozen = read_freeze(folder)
    if frozen is None:
        return None, None
    check_digests(folder, frozen, freeze)
    usable = check_frozen(folder, frozen)
    result = read_result(folder, frozen)
    if result is not None:
        check_heads(folder, frozen, result)
    if usable and result is not None:
        Properties(folder, frozen, result).check()
        _computed_anew(folder, frozen, result)
        if result.cutoffs.keys() == frozen.programmes.keys() and result.places.keys() == frozen.applicants.keys():
            check_lists(folder, frozen, result)
    return frozen, result


def _computed_anew(folder: Folder, frozen: Frozen, result: Result) -> None:
    """Compare the result with that of the same round, computed in another way (V7)."""
    mechanism = frozen.header["mechanism"]
    if mechanism != MECHANISM:
        told = f"mechanism is {mechanism}; only rounds of {MECHANISM} can be computed anew"
        folder.say("V7", FREEZE, 1, "§9.7", told)
        return
    computed = compute(frozen)
    for name, cutoff in result.cutoffs.items():
        expected = computed.cutoffs[name]
        for part in ("seats", "placed", "last", "position"):
            found, wanted = getattr(cutoff, part), getattr(expected, part)
            if found != wanted:
                told = f"programme {short(name)}: {part} is {short(found)}; computed anew it is {short(wanted)}"
                folder.say("V7", RESULT, cutoff.line, "§9.7", told)
    for name, place in result.places.items():
        if place != computed.places[name]:
            told = f"application {short(name)}: {_told(place)}; computed anew it is {_told(computed.places[name])}"
            folder.say("V7", RESULT, place.line, "§9.7", told)


def _told(place: Place) -> str:
    if not place.programme:
        return "no place"
    interim = ", interim" if place.interim else ""
    return f"wish {place.wish}, {short(place.programme)}, pass {short(place.turn)}, seat {short(place.seat)}{interim}"
