r"""Checks the public files of a municipality by themselves: what was recorded, who was ahead, and why places moved.

This package needs nothing but the standard library, and shares no line with the programs that write the files.
It works from what is written here alone: the specification of the public files, and of what they must satisfy.
`python src/queue_engine/verification DIR` runs it on any machine; `queue-engine verify DIR` does the same.

1 · Files
---------
`DIR/journal.txt`            every event, one a line.
`DIR/rules/DIGEST.json`      rule documents; DIGEST is the SHA-256 of the file's bytes in 64 hexadecimal digits.
`DIR/orders/ENTRY.txt`       the applications of a published order, one id a line, the first place first, each line
                             ended by LF. It stands here for an `order_published` whose `applications` are left empty;
                             for an order of nobody it may be missing.
`DIR/changes/ENTRY.jsonl`    why every place of a published order differs from the order published before it (§7).
`DIR/rounds/NAME/`           optional, the folder of a round (§9). A DIR that holds `freeze.jsonl` is one itself.
`DIR/heads.txt`              optional, kept by others: lines `ENTRIES HASH`, the hash of that entry when it was the last.

Any other file is a finding, except those whose names begin with a dot. A line of text is UTF-8 and ends in LF.

2 · Canonical JSON (level V0)
-----------------------------
RFC 8785 restricted: object keys match `[a-z0-9_.]{1,64}` and are sorted by their characters; values are objects, arrays,
texts, true, false and integers of at most 53 bits (|x| < 2**53); no null, no floating-point numbers, no key twice; texts
are composed (NFC) and free of U+0000–001F, U+061C, U+200B–200F, U+202A–202E, U+2060–2064, U+2066–2069, U+FEFF and
surrogates; at most 8 objects and arrays inside each other; at most 1 MiB; no spaces; in texts only `\"` and `\\` are
escaped, everything else is UTF-8. A value has exactly one such form, so bytes that are not the form of what they say
are refused. Everything named *canonical* below is written so.

3 · Journal (levels V0 and V1)
------------------------------
A line is the hash in 64 lower-case hexadecimal digits, one space, and the canonical body: an object with exactly

    actor  text    `role` or `role:whoever`; roles: parent epgu mfc officer commission organisation ministry operator
                   court system; matches NAME
    at     integer milliseconds since 1970-01-01 00:00 UTC, from 0
    data   object  what happened (§4)
    entry  integer 1 in the first line, one more in each following line
    key    text    "" or NAME; no two entries share a key other than ""
    kind   text    of §4
    mun    text    the municipality, NAME; the same in every line
    v      integer 1

`at` never falls from one line to the next. The chain: h_0 = 32 zero bytes,
h_N = SHA-256(0x02 ‖ "reg74/j1/" ‖ mun ‖ 0x00 ‖ h_{N-1} ‖ body_N), ‖ joining bytes, texts in UTF-8. A last line without LF
is torn: it is reported, and not read. `heads.txt` names entries that must still have the hash it gives; where one
differs, the journal was written anew after the last one that does not; where one is missing, entries were cut off.

4 · Events (level V0)
---------------------
Types: ID = 1–100 printable characters (as `str.isprintable` says), no space at either end. NAME = 1–128 of A–Z a–z 0–9 and
`_.:/@-`. TEXT = any text. REASON = a text that is not blank. DAY = whole days since 1970-01-01, |x| < 2**31. SECOND = any
integer; civil time of the municipality, seconds since 1970-01-01 00:00. COUNT = integer from 0. ENTRY = integer from 1.
DIGEST = 64 lower-case hexadecimal digits. FACT = a key of §2. FACTS = object of integers and texts by FACT. WISHES = array
of objects with exactly one of `programme`, `organisation` (ID each) and, unless empty, `facts` (FACTS); no two for the same.
SOURCES = array of at least one object with exactly `name` and `value` (TEXT each).
VALUES = array of objects with `application` (ID), exactly one of `programme`, `organisation` (ID), and `value` (integer).
A part marked ? is left out when it has its default, which is "" for texts, {} for facts, [] for lists, and otherwise "not
said"; it must not be written out with it. Every event may have `legal_day`? DAY, which decides nothing. No other parts.

    day_advanced           day DAY
    rules_published        rules DIGEST · service? NAME · dates? object of DAY by name (key of §2) · text? list of TEXT
    programme_opened       programme ID · organisation? TEXT · title? TEXT · capacity? COUNT · takes? TEXT · facts? FACTS
                           · service? NAME
    programme_closed       programme ID · reason REASON · basis? TEXT
    capacity_set           programme ID · capacity COUNT · reason REASON · basis? TEXT
    territory_act_changed  basis REASON · fact FACT · entries VALUES
    order_published        queue ID · applications list of ID · digest DIGEST · service? NAME
    round_frozen           round NAME · on DAY · freeze DIGEST · programmes COUNT · applications COUNT · service? NAME
    round_published        round NAME · freeze DIGEST · result DIGEST · service? NAME
    round_annulled         round NAME · reason REASON · basis REASON
    lottery_drawn          campaign NAME · list DIGEST · rules DIGEST · sources SOURCES · reason? TEXT
    filed                  application ID · number COUNT · submitted_at SECOND · facts FACTS · wishes WISHES · service? NAME
    reviewed               application ID · outcome one of taken confirm_data registered refused · reason? TEXT
                           · basis? TEXT · deadline? DAY
    document_added         application ID · document ID · category ID · first? DAY · last? DAY · evidence? TEXT
    document_confirmed     application ID · document ID · first? DAY · last? DAY · evidence? TEXT
    document_refuted       application ID · document ID · reason REASON
    wishes_changed         application ID · wishes WISHES
    data_corrected         application ID · facts FACTS · reason REASON · document REASON · forgotten? list of FACT
    entry_facts_changed    application ID · facts FACTS · programme? TEXT · organisation? TEXT · forgotten? list of FACT
                           · reason? TEXT
    due                    application ID · reasons: at least one of document_ended document_began age_reached
                           date_reached rules_date, each once, in this order
    restored               application ID · reason? TEXT
    offered                application ID · programme ID · deadline DAY · protocol? TEXT
    exception_granted      application ID · programme ID · document REASON · basis REASON · seat REASON · deadline? DAY
    accepted               application ID · programme ID · deadline? DAY
    contract_prepared      application ID · programme ID · deadline? DAY
    declined               application ID · programme ID · reason? TEXT
    lapsed                 application ID · outcome one of suspended returned · reason? TEXT
    enrolled               application ID · programme ID · basis? TEXT
    offer_withdrawn        application ID · programme ID · reason REASON · basis REASON
    interim_placed         application ID · programme ID · seat one of temporary short_stay · until? DAY · protocol? TEXT
    interim_ended          application ID · programme ID · reason? TEXT
    suspended              application ID · reason REASON · basis? TEXT
    withdrawn              application ID · reason? TEXT · basis? TEXT
    moved                  application ID · municipality ID · basis? TEXT
    closed                 application ID · reason REASON · basis? TEXT
    archived               application ID · reason REASON
    revoked                application ID · decision ENTRY · reason REASON · document REASON

Parts without ? are always there, `applications`, `entries`, `wishes` and `facts` even when empty.

5 · What may follow what (level V3)
-----------------------------------
An application has a status, the programme last offered, a deadline, *withdrawn* (yes or no), and *changed*, the entry that
brought it there. `filed` begins it: status received, no programme, no deadline, not withdrawn. An event below needs one of
the statuses before the arrow; another one after the arrow is the new status; "stays" keeps it. A new status takes
`programme` from the event if the event has the part (else keeps the old), its deadline from the event (none if not said),
and *changed* = the event's entry; *withdrawn* is yes after `offer_withdrawn`, no after `offered` and `exception_granted`,
and otherwise as before: the place last offered was withdrawn by those who gave it.
P = offered, consent, contract. B = received, review, confirm_data. A = the statuses that are not final; final are
enrolled, withdrawn, refused, moved, closed, archived.

    reviewed taken         received → review                    offered            registered → offered
    reviewed confirm_data  received, review → confirm_data      accepted           offered → consent
    reviewed registered    B → registered                       contract_prepared  consent → contract
    reviewed refused       B, registered → refused              declined           P → declined
    document_*             A, stays                             lapsed suspended   P → unconfirmed, confirm_data → inactive
    wishes_changed         A but not P, stays                   lapsed returned    P → registered
    data_corrected         any, stays                           enrolled           P → enrolled
    entry_facts_changed    A, stays                             offer_withdrawn    P → registered
    due                    A, stays                             suspended          registered → suspended
    restored               declined, unconfirmed, suspended → registered; inactive → confirm_data
    exception_granted      registered, declined, unconfirmed, suspended → offered
    interim_placed         registered, stays                  interim_ended      A, stays
    withdrawn, moved, closed, archived                          A → the status of that name

Besides:
- An event of an application needs that it was filed. `filed` needs a new id and, within its service, a new number, and
  no fact `application.number`; so `data_corrected` neither changes nor forgets that fact.
- What is wished for in `filed` and `wishes_changed`, and the programme of `offered`, `exception_granted` and
  `interim_placed`, is open: the programme is open and of the application's service, or the organisation has an open
  programme of it. `offered` and `interim_placed` name a programme that is wished for: it, or its organisation, is a wish
  of the application. If their protocol is the name of a round that was ever frozen, that round is published.
- `interim_placed` gives an interim place, which an application has until `interim_ended`, one at a time; with a final status
  it has none, and again the one before if that status is revoked. A temporary seat gives `until`; `until` is not before
  the day, if a day is known. `interim_ended` names the programme of the interim place.
- A round is frozen, published or annulled. `round_frozen` needs a name no round had before; `round_published` a frozen round,
  with the same `freeze` and service; `round_annulled` a frozen or published one.
- `lottery_drawn` of a campaign of which lots were drawn before gives a reason.
- The programme of accepted, contract_prepared, declined, enrolled and offer_withdrawn is the one last offered.
- A deadline in reviewed, offered, exception_granted, accepted, contract_prepared is not before the day, if a day is known.
- `lapsed`, where the application has a deadline, comes when the day is known and later than it.
- `reviewed refused` gives a reason. `withdrawn` by other roles than parent, epgu and mfc gives reason and basis.
- `revoked` names as decision the *changed* of the application, which is not its filing. Status, programme, deadline and
  *withdrawn* are again those before that entry, *changed* is the entry of `revoked`; so a revocation can itself be revoked.
- A document is added once per application and id; confirming and refuting need it. Confirming takes the days it gives and
  keeps the others; a document already in that state with those days is not judged so again; `last` is not before `first`.
- `programme_opened` needs a programme that is not open; one that was there keeps its service. `programme_closed` and
  `capacity_set` need an open one.
- `entry_facts_changed` and each value of `territory_act_changed` name a wish of the application, as it is written.
- `day_advanced`: the day is later than the last, and has begun somewhere: day · 86 400 000 − 50 400 000 ≤ at.
- `order_published`: applications that were filed, and queue `general` or a programme there is or was. The digest is
  SHA-256 of "reg74/order/1" ‖ 0x00 ‖ [queue] ‖ [a_1] ‖ … ‖ [a_n], each bracket a canonical array of one text; the
  applications are those of the event or, where it has none, those of `orders/ENTRY.txt`.

6 · The order of a queue (level V4)
-----------------------------------
The queues of a service are `general` and one for each open programme of it. At an entry, rules are those of the last
`rules_published` of the service before it, the day is that of the last `day_advanced`.

*Rule document* (canonical JSON): `id`; `level`; `title`; `utc_offset` in minutes; `facts`: by name an object with `per`
(application, entry, programme), `type` (yes_no, date, instant, number, decimal, choice), `unknown` (no, last, refuse) and
`digits` (of a decimal: its integers are scaled by 10**digits); `categories`: a list of names; `dates`: by name an object,
`default` naming another date; `given`: object of DAY by name; `versions`: the rules in force from `first` (left out: since
ever) to `last` (left out: for good), both days included, no two for one day; a version has

    conventions  age_reached: on_birthday | day_after · born_29_feb: mar_1 | feb_28
    eligible     list of {id, when, …}
    order        list of steps {id, kind, …}; kind groups: groups, a list of {id, …, everyone_else?: true}, and grounds,
                 a list of {group, id, when, …}; kind yes_first: when; kinds highest, lowest, earliest: fact
    reserves     list of {id, kind, amount, when, …}; kind one_in (amount from 2) and share (0 to 100) move places, seats
                 (from 0) does not
    ties         left out, or overfill | underfill; says how rounds treat equals (§9), and moves nobody

Titles, legal bases and `sensitive` are there for people. *Days of named dates*: `today` is the day; others are those of
`rules_published.dates`, else those of `given`, else the day of their `default`, which may be today.

*Conditions* (`when`, and a programme's `takes`, where "" always holds):

    condition  = all {"or" all} ;  all = not {"and" not} ;  not = "not" not | comparison
    comparison = term [("=="|"!="|"<"|"<="|"|">="|">") term | "in" "(" constant {"," constant} ")"]
    term       = "(" condition ")" | fact | date | constant | "known" "(" fact ")"
               | "confirmed" "(" "category." name ["on" day] ")" | "age" "(" "on" day ")"
    day        = a named date | 2026-09-01

`and` binds tighter than `or`. Constants: 12, 4.87, 2026-09-01, durations like 6y6m, 2m, 10d or 78m0d, texts in ' '. A yes_no
fact alone holds when it is 1. A comparison of a fact that is not known never holds, `!=` included; neither does `in`. A
choice compares by text, a decimal scaled, an instant with '2026-09-01 00:00:00', civil time. Named dates compare with days.
`confirmed(category.c on d)`: a document of the category is confirmed, and first ≤ d ≤ last, a missing bound leaving that
side open; on today if no day is given. `age(on d) >= 6y6m`: whether the age was reached on d or before; `>` before d;
`<` and `<=` their opposites (`<` of `>=`, `<=` of `>`); never if the birth date (`child.birth_date`) is not known. An age
of y years, m months and k days is reached on the birth date moved by 12y+m months, then k days, and one day more with
age_reached day_after. Months move to the same day of the month, or to the last day of the month where it has no such day;
born on 29 February and come to a common February: 1 March with born_29_feb mar_1.

*What is known*: `facts` of the application, as filed and corrected (forgotten ones are not known; where a name is both
given and forgotten, it is forgotten), and `application.number`, `application.submitted_at`, `application.submitted_on`
(the day of application.submitted_at, wherever that comes from), unless facts give the last two; whatever facts give, `application.active` is 1, and
`offer.withdrawn` is 1 if the application is *withdrawn* (§5), else 0. At a wish also its facts; at a
programme also those of the programme. Names the document does not list are not known. `wishes_changed` keeps what was
known at a wish that is still there, except where the new wish says otherwise.

*Who is in a queue*: applications of the service with status registered. A wish for a programme leads to that programme if
it is open; a wish for an organisation to every open programme of it, of the service, whose `takes` holds. `takes` knows
the application and the wish, not the programme. Of several wishes that lead to one programme the first counts, alone. The
application is in the queue if `takes` holds, every fact with unknown = refuse that decides (named in eligible, in the
order, in reserves that move places; `age` names child.birth_date) is known, and every eligible `when` holds. The general
queue has every such application, wishes or not: it knows the application only, skips eligible items that name a fact per
entry or programme, and needs only facts per application.

*Key*: for each step a pair, the smaller ahead: groups → (0, index of the first group that is everyone_else or one of
whose grounds holds; the number of groups if none); yes_first → (0, 0 if it holds, else 1); highest → (0, −value), lowest
and earliest → (0, value), and (1, 0) where the value is not known. Keys compare step after step. Equal keys are a finding.

*Reserves* that move places work on the order by keys. one_in N (at most one such, alone): place k (from 1) with
(k − 1) mod N = 0 goes to the first entitled who is left, every other place to the first who is not entitled, while there
are both kinds. share S (per cent, any number): place k goes to the first of those left; for each reserve in order, if
100 · called < S · k, those left narrow to the entitled among them, if there are any; called counts entitled so far.

A published order is right when it lists exactly those in the queue, in this order.

7 · Changes of places (level V4)
--------------------------------
For every `order_published` of a queue that was published before, `changes/ENTRY.jsonl` holds canonical objects, one a
line: first {"entry", "queue", "service", "since"}, since being the entry of the order before; then one for every
application of either order, those of the new order from its first place, then those who left, from their first place:
{"after", "application", "before", "parts"}, places from 1, 0 = not in it; parts is a list of [kind, step, group, count],
count ≠ 0, no two for the same kind, step and group, sorted by kind in the order left, joined, up, down, own, rules, and
then by step and group as texts. before + the sum of counts = after.

*Alike*: the rules of two orders are alike if their steps agree, one by one, in id, kind, fact and the ids of their groups,
and their moving reserves in id, kind and amount.

*Label* of another application f, seen from e, in an order: (step, group of f there) at the first step where their keys
differ; the group is the group's id, yes or no at yes_first, "" elsewhere, and "" past the last group. Where a reserve put
the worse key ahead: (id of the first moving reserve to which the one ahead is entitled and the one behind is not, else of
the first moving reserve, ""). *Levels* of e in an order: for every f ahead one unit at its label, and one at ("", "").

For e in both orders, rules alike. The *middle* order is the old one with e's key (and entitlements) as they are in the
new order, everybody else as in the old; with keys equal to another's, e stands first.
- left: −1 for every f of the old order only, ahead of e in it; label in the old order.
- own: for every f in both orders, +1 at its label in the middle order if ahead there, −1 at its label in the old order if
  ahead there. Equal units cancel.
- up: +1 for every f in both, behind e in the middle order and ahead in the new; down: −1 for the opposite; label in the new.
- joined: +1 for every f of the new order only, ahead of e in it; label in the new order.
For e in one of the two orders, rules alike: own: its levels in the new order, less its levels in the old.
Rules not alike: rules: its levels in the new order less its levels in the old, nothing else.

8 · Findings
------------
A finding names level, file, entry (or line), what rule of this text is broken, what was found and what it has to be.
Levels are checked in order; an entry whose body cannot be read is not checked further; after a break of the chain the
rest of the journal is still read. Without findings the exit status is 0, otherwise 1; it is 2 if DIR is no such folder.

9 · Rounds (levels V5, V6 and V7)
---------------------------------
The folder of a round, how it is computed, and what it has to satisfy are specified in `rounds.py`.
"""  # noqa: E501 - tables of the specification read best in one line

from __future__ import annotations

from .findings import Finding
from .rounds import verify_round
from .verifying import verify

__all__ = ["Finding", "verify", "verify_round"]
